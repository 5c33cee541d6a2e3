//! The buyer, without a browser.

use serde_json::{Map, Value};
use toss_model::Refusal;
use url::Url;

use crate::{
    toss::Toss,
    window::{self, Press},
};

/// An open window, and what the buyer can do in it. Each answer is where Toss sends the buyer: `successUrl` or
/// `failUrl` with Toss's parameters.
#[derive(Debug)]
pub struct BuyerWindow {
    pub(super) id: String,
    pub(super) toss: Toss,
}

impl BuyerWindow {
    /// Its name, as in `/sandbox/window/{id}`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Presses the main button: the working test card, the working account, a virtual account of 우리은행.
    ///
    /// # Errors
    /// The window is gone or was left in another way.
    pub fn finish(&self) -> Result<Url, Refusal> {
        self.finish_with(&[])
    }

    /// The same with other values in the window's fields: `("number", "9410 0000 0000 0001")` for a card,
    /// `("account", "kookmin")` for a bank account. docs/sandbox.md lists the values with outcomes of their own.
    ///
    /// # Errors
    /// What the buyer would have to correct; the window is gone or was left in another way.
    pub fn finish_with(&self, fields: &[(&str, &str)]) -> Result<Url, Refusal> {
        let fields: Map<String, Value> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        window::press(&self.toss, &self.id, &Press::Finish(fields))
    }

    /// 취소: the buyer gives up.
    ///
    /// # Errors
    /// The window is gone or was left in another way.
    pub fn cancel(&self) -> Result<Url, Refusal> {
        window::press(&self.toss, &self.id, &Press::Cancel)
    }

    /// 실패시키기: the window ends with this code.
    ///
    /// # Errors
    /// The window is gone or was left.
    pub fn fail(&self, code: &str) -> Result<Url, Refusal> {
        window::press(&self.toss, &self.id, &Press::Fail(code.to_owned()))
    }
}
