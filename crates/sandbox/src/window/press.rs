//! What the buttons of a window do, without the page around them.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use toss_checkout_contract::Method;
use toss_model::{
    ErrorCode, Refusal,
    instrument::Instrument,
    window::{Purpose, Target, Window, WindowOutcome},
};
use url::Url;

use super::{
    exit::{self, Exit},
    form::{AccountForm, CardForm},
    outcome::{self, Ordered},
    pay::PayForm,
};
use crate::toss::Toss;

/// What the buyer does.
#[derive(Debug)]
pub(crate) enum Press {
    /// The main button, with these fields filled in otherwise than the window had them.
    Finish(Map<String, Value>),
    /// 취소
    Cancel,
    /// 실패시키기 with a code; `PAY_PROCESS_ABORTED` when it is empty.
    Fail(String),
}

/// Does it, and says where the buyer is sent.
///
/// # Errors
/// The window is gone, was left in another way, or is a frame, whose page would have to be told; what the
/// buyer has to correct.
pub(crate) fn press(toss: &Toss, id: &str, press: &Press) -> Result<Url, Refusal> {
    let now = toss.now();
    let window = toss.state().window(id, now).cloned();
    let window = window.ok_or(ErrorCode::NotFoundPaymentSession)?;
    if window.target != Target::Page {
        return Err(Refusal::from(ErrorCode::ForbiddenRequest)
            .because("the window is a frame; open it with target \"self\""));
    }
    let ending = match press {
        Press::Finish(fields) => finish(toss, id, &window, fields, now)?,
        Press::Cancel => toss.state().give_up(id, now)?,
        Press::Fail(code) => fail(toss, id, code, now)?,
    };
    match exit::of(&window, &ending) {
        Exit::Navigate(url) => Ok(url),
        Exit::Tell { .. } => Err(ErrorCode::ForbiddenRequest.into()),
    }
}

fn finish(
    toss: &Toss,
    id: &str,
    window: &Window,
    fields: &Map<String, Value>,
    now: OffsetDateTime,
) -> Result<WindowOutcome, Refusal> {
    if let Purpose::Billing(form) = &window.purpose {
        let instrument = match form.method {
            Method::Card => {
                let form = filled(CardForm::prefilled(form.corporate), fields)?;
                let card = form.read(now)?;
                if let Some(ending) = as_ordered(toss, id, &form.number, now) {
                    return ending;
                }
                Instrument::Card(card)
            }
            _ => filled(AccountForm::prefilled(), fields)?.read()?,
        };
        return toss.state().register(id, instrument, now);
    }
    let method = toss.state().method_of(window, now);
    let method = method.ok_or(ErrorCode::InvalidRequest)?;
    let form = filled(PayForm::prefilled(method, &window.offer), fields)?;
    let choice = form.read(method, &window.offer, now)?;
    if let Some(ending) = as_ordered(toss, id, &form.number, now) {
        return ending;
    }
    let refusal = outcome::decline(&form.number);
    toss.state().choose(id, choice, refusal, now)
}

/// A form with some of its fields changed.
fn filled<T: Serialize + DeserializeOwned>(
    form: T,
    fields: &Map<String, Value>,
) -> Result<T, ErrorCode> {
    let mut value = serde_json::to_value(form).map_err(|_| ErrorCode::InvalidRequest)?;
    for (name, field) in fields {
        value[name] = field.clone();
    }
    serde_json::from_value(value).map_err(|_| ErrorCode::InvalidRequest)
}

/// Ends the window if the value orders that.
pub(super) fn as_ordered(
    toss: &Toss,
    id: &str,
    value: &str,
    now: OffsetDateTime,
) -> Option<Result<WindowOutcome, Refusal>> {
    match outcome::of(value)? {
        Ordered::Fail(code) => Some(toss.state().fail(id, code, now)),
        Ordered::Cancel => Some(toss.state().give_up(id, now)),
        Ordered::Decline(_) => None,
    }
}

pub(super) fn fail(
    toss: &Toss,
    id: &str,
    typed: &str,
    now: OffsetDateTime,
) -> Result<WindowOutcome, Refusal> {
    let typed: String = typed.trim().chars().take(100).collect();
    let code = if typed.is_empty() {
        "PAY_PROCESS_ABORTED"
    } else {
        &typed
    };
    toss.state().fail(id, code, now)
}
