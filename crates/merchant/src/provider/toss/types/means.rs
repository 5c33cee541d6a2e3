//! What a payment was made with, as much of it as may be shown.

use serde::Deserialize;
use toss_checkout_contract::{BankAccount, Card, VirtualAccount};

use super::moment;
use crate::domain::time::Millis;

/// `Payment.virtualAccount`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VirtualAccountObject {
    /// Two digits.
    bank_code: Option<String>,
    /// In full.
    account_number: Option<String>,
    /// Its holder.
    customer_name: Option<String>,
    /// Who paid, after a deposit.
    depositor_name: Option<String>,
    /// With or without an offset.
    pub(super) due_date: Option<String>,
    /// True after the due date, while the status stays `WAITING_FOR_DEPOSIT`.
    pub(super) expired: Option<bool>,
}

impl VirtualAccountObject {
    pub(super) fn shown(&self) -> Option<VirtualAccount> {
        Some(VirtualAccount {
            bank_code: self.bank_code.clone()?,
            account_number: self.account_number.clone()?,
            customer_name: self.customer_name.clone(),
            due_date: moment(self.due_date.as_ref()).map(Millis::kst),
            depositor_name: self.depositor_name.clone(),
        })
    }
}

/// `card` of a `Payment` or a `Billing`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardObject {
    /// Two characters.
    issuer_code: Option<String>,
    /// Masked.
    number: Option<String>,
    /// 신용, 체크, 기프트, 미확인
    card_type: Option<String>,
    /// 0: at once.
    installment_plan_months: Option<u8>,
}

impl CardObject {
    pub(super) fn shown(self, other_number: Option<String>) -> Option<Card> {
        Some(Card {
            issuer_code: self.issuer_code.unwrap_or_default(),
            number: masked(&self.number.or(other_number)?),
            card_type: self.card_type,
            installment_plan_months: self.installment_plan_months.filter(|months| *months > 0),
        })
    }
}

/// `transfer` of a `Payment`. Toss names the bank by its code only, and no number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferObject {
    bank_name: Option<String>,
    bank_account_number: Option<String>,
}

impl TransferObject {
    pub(super) fn shown(self) -> Option<BankAccount> {
        Some(BankAccount {
            bank_name: self.bank_name?,
            account_number: masked(&self.bank_account_number?),
        })
    }
}

/// `easyPay`
#[derive(Deserialize)]
pub(super) struct EasyPayObject {
    pub(super) provider: Option<String>,
}

/// Toss masks numbers. Should it ever not, the middle is not passed on.
fn masked(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if number.contains('*') || digits < 8 {
        return number.to_owned();
    }
    let length = number.chars().count();
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if at >= 4 && at + 4 < length { '*' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_toss_forgot_to_mask_is_masked() {
        assert_eq!(masked("43301234****123*"), "43301234****123*");
        assert_eq!(masked("4330123412341234"), "4330********1234");
        assert_eq!(masked("1234"), "1234");
    }
}
