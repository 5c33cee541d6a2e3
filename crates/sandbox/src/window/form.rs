//! What the buyer typed into a window.

use serde::Deserialize;
use time::OffsetDateTime;

use crate::{
    errors::{Row, table},
    state::{
        AccountChoice,
        card::Card,
        institution::issuing_bank,
        instrument::{Instrument, account},
        payment::CashReceiptChoice,
    },
};

/// 카드 등록
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    number: String,
    expiry: String,
    identity: String,
    password: String,
}

impl CardForm {
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
