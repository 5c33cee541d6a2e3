//! What can be registered for automatic payment: a card, or one of the test buyer's accounts.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::OffsetDateTime;

use crate::{card::Card, errors::ErrorCode, on_charge::OnCharge};

/// A bank account that 퀵계좌이체 offers.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// Names it in the window's form.
    pub id: &'static str,
    /// Two digits.
    pub bank_code: &'static str,
    /// As `transfers[].bankName`.
    pub bank_name: &'static str,
    /// As `transfers[].bankAccountNumber`. The mask is that of Toss's example.
    pub number: &'static str,
    /// What happens, as the window says it.
    pub what: &'static str,
    /// The answer of charges.
    pub on_charge: OnCharge,
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for &'static Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        account(&id).ok_or_else(|| D::Error::custom(format!("no test account {id}")))
    }
}

/// The accounts of the test buyer; the first works.
pub const ACCOUNTS: [Account; 4] = [
    Account {
        id: "woori",
        bank_code: "20",
        bank_name: "우리은행",
        number: "1002****0000",
        what: "등록되고 결제됩니다",
        on_charge: OnCharge::Approve,
    },
    Account {
        id: "kookmin",
        bank_code: "06",
        bank_name: "KB국민은행",
        number: "6710****1234",
        what: "등록되지만 결제는 REJECT_ACCOUNT_PAYMENT (잔액부족)",
        on_charge: OnCharge::Refuse(ErrorCode::RejectAccountPayment),
    },
    Account {
        id: "nonghyeop",
        bank_code: "11",
        bank_name: "NH농협은행",
        number: "3020****7788",
        what: "등록되지만 첫 결제는 RESTRICTED_TRANSFER_ACCOUNT",
        on_charge: OnCharge::AllButFirst(ErrorCode::RestrictedTransferAccount),
    },
    Account {
        id: "shinhan",
        bank_code: "88",
        bank_name: "신한은행",
        number: "1103****4567",
        what: "등록되지만 결제는 NOT_AVAILABLE_BANK (은행 점검)",
        on_charge: OnCharge::Refuse(ErrorCode::NotAvailableBank),
    },
];

/// Finds a test account by its id.
pub fn account(id: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.id == id)
}

/// What was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instrument {
    /// 카드
    Card(Card),
    /// 계좌이체
    Account {
        /// Which one.
        account: &'static Account,
        /// Whether the issue answer leaves it out, as one of Toss's pages says it does.
        hidden: bool,
    },
}

impl Instrument {
    pub(crate) fn on_issue(&self, now: OffsetDateTime) -> Result<(), ErrorCode> {
        match self {
            Self::Card(card) if card.is_expired(now) => Err(ErrorCode::InvalidCardExpiration),
            Self::Card(card) => card.on_issue(),
            Self::Account { .. } => Ok(()),
        }
    }

    pub(crate) fn on_charge(&self, earlier: u32, now: OffsetDateTime) -> Result<(), ErrorCode> {
        match self {
            // A billing key lives as long as its card.
            Self::Card(card) if card.is_expired(now) => Err(ErrorCode::InvalidCardExpiration),
            Self::Card(card) => card.on_charge().verdict(earlier),
            Self::Account { account, .. } => account.on_charge.verdict(earlier),
        }
    }

    /// The least that can be charged, in won.
    pub(crate) fn minimum(&self) -> u64 {
        match self {
            Self::Card(_) => 100,
            Self::Account { .. } => 200,
        }
    }
}
