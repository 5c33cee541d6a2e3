//! What the buyer typed into a window.

use serde::Deserialize;
use time::OffsetDateTime;

use crate::{
    errors::{Row, table},
    state::{
        AccountChoice,
        card::{Card, WORKING_CARD},
        institution::issuing_bank,
        instrument::{Instrument, account},
        payment::CashReceiptChoice,
    },
};

/// `9410 0012 3456 7890`
pub(super) fn spaced(number: &str) -> String {
    let mut text = String::new();
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && at.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// 카드 등록
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    pub(super) number: String,
    pub(super) expiry: String,
    pub(super) identity: String,
    pub(super) password: String,
}

impl CardForm {
    /// What the window is filled with, so that one click suffices.
    pub(super) fn prefilled(corporate: bool) -> Self {
        let identity = if corporate { "1234567890" } else { "900101" };
        Self {
            number: spaced(WORKING_CARD),
            expiry: "12/30".to_owned(),
            identity: identity.to_owned(),
            password: "12".to_owned(),
        }
    }

    pub(super) fn read(&self, now: OffsetDateTime) -> Result<Instrument, &'static Row> {
        Card::read(
            &self.number,
            &self.expiry,
            &self.identity,
            &self.password,
            now,
        )
        .map(Instrument::Card)
    }
}

/// 계좌 등록
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountForm {
    account: String,
    hide: Option<String>,
}

impl AccountForm {
    pub(super) fn read(&self) -> Result<Instrument, &'static Row> {
        let account = account(&self.account).ok_or(table::INVALID_ACCOUNT_INFO_RE_REGISTER)?;
        Ok(Instrument::Account {
            account,
            hidden: self.hide.is_some(),
        })
    }
}

/// 가상계좌 발급
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DepositForm {
    bank: String,
    name: String,
    receipt: String,
    agree: Option<String>,
}

impl DepositForm {
    pub(super) fn read(&self) -> Result<AccountChoice, &'static Row> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || self.agree.is_none() {
            return Err(table::INVALID_REQUIRED_PARAM);
        }
        Ok(AccountChoice {
            bank: issuing_bank(&self.bank).ok_or(table::INVALID_BANK)?,
            customer_name: name.to_owned(),
            cash_receipt: CashReceiptChoice::read(&self.receipt)
                .ok_or(table::INVALID_REQUIRED_PARAM)?,
        })
    }
}
