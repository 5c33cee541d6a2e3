//! The checkout session: what the page may see of an order.

use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    card_options::{self, CardOptions},
    consent::Consent,
    failure::FailureCode,
    ids::{CustomerKey, OrderId, SessionId},
    keys::ClientKey,
    method::Method,
    open,
    timestamp::Timestamp,
};

/// One checkout. The merchant's server makes it; price, customer and state are decided there.
///
/// It never holds a billing key, a webhook secret, or a full card number.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Names the session; the page's capability.
    pub id: SessionId,
    /// One payment, or a registration for automatic payment.
    pub kind: SessionKind,
    /// Where it stands.
    pub status: SessionStatus,
    /// Grows by one with every change, so that a late message is never taken for news.
    pub revision: u64,
    /// The merchant's order number. Present for `payment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// What is being bought, at most 100 characters.
    pub order_name: String,
    /// What one payment costs. Present for `payment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Who the buyer is for Toss.
    pub customer_key: CustomerKey,
    /// The public key with which the page opens Toss's window.
    pub client_key: ClientKey,
    /// What the buyer may choose from, in this order; never empty, but for methods that the reader does
    /// not know yet.
    #[serde(deserialize_with = "open::words")]
    pub methods: Vec<Method>,
    /// What is known of the buyer.
    #[serde(default)]
    pub customer: Customer,
    /// Rules for the virtual account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account: Option<VirtualAccountOptions>,
    /// Rules for the window that takes cards.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "card_options::lenient"
    )]
    pub card: Option<CardOptions>,
    /// What a registration is for. Present for `billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Whether the first charge follows a registration at once.
    #[serde(default)]
    pub charge_now: bool,
    /// What the buyer must agree to; the page then shows this in the place of its own sentence. Only
    /// with `billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// The language that the merchant wants; otherwise the browser's.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub locale: Option<Locale>,
    /// Where "back to the shop" leads: an absolute http(s) address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// When an unfinished session ends.
    pub expires_at: Timestamp,
    /// The backend's time when it answered: what is left until other times is counted from it, since a
    /// buyer's device may be days off. A backend that does not say it has the device's counted.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub now: Option<Timestamp>,
    /// What came of it so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<SessionResult>,
}

/// What a session is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// One payment.
    Payment,
    /// Registration of a card or account for automatic payment.
    Billing,
}

impl SessionKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Payment, Self::Billing];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Billing => "billing",
        }
    }

    /// Whether a session of this kind can be finished with a method: one payment with any of them, a
    /// registration with a card or an account.
    pub fn takes(self, method: Method) -> bool {
        match self {
            Self::Payment => true,
            Self::Billing => method.is_billing(),
        }
    }
}

/// Where a session stands.
///
/// Payment: `open -> authenticated -> confirming -> waiting_for_deposit <-> paid ->
/// partially_canceled | canceled`, `confirming -> failed | unknown`, `open | waiting_for_deposit -> expired`.
/// Billing: `open -> issuing -> registered -> active`, `issuing -> failed | unknown`.
/// `failed` takes a new attempt with a new one-time key; `unknown` is looked up until it is known.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Nothing happened yet.
    Open,
    /// Payment: the buyer came back from the window, the keys are stored.
    Authenticated,
    /// Payment: Toss is being asked to confirm.
    Confirming,
    /// Payment: the virtual account exists, nothing is paid.
    WaitingForDeposit,
    /// Payment: the money arrived.
    Paid,
    /// Payment: part of the money went back.
    PartiallyCanceled,
    /// Payment: all of the money went back, or the account was given up before a deposit.
    Canceled,
    /// Billing: Toss is being asked for the billing key.
    Issuing,
    /// Billing: the billing key is stored. With `charge_now`, `result.charge` tells how that went.
    Registered,
    /// Billing: registered and charged for the first time.
    Active,
    /// Toss said no; nothing was charged or registered by this attempt.
    Failed,
    /// Too late to start, or to deposit.
    Expired,
    /// Toss's answer was lost. It is being looked up. Also how a reader takes a status that it does not
    /// know yet: it waits for one that it does.
    #[serde(other)]
    Unknown,
}

impl SessionStatus {
    /// Whether a payment was made or a means of payment registered. What happens to the money later
    /// does not open the session again.
    pub fn is_finished(self) -> bool {
        match self {
            Self::WaitingForDeposit
            | Self::Paid
            | Self::PartiallyCanceled
            | Self::Canceled
            | Self::Registered
            | Self::Active => true,
            Self::Open
            | Self::Authenticated
            | Self::Confirming
            | Self::Issuing
            | Self::Failed
            | Self::Unknown
            | Self::Expired => false,
        }
    }
}

impl SessionStatus {
    /// Every status, for tests and tables.
    pub const ALL: [Self; 13] = [
        Self::Open,
        Self::Authenticated,
        Self::Confirming,
        Self::WaitingForDeposit,
        Self::Paid,
        Self::PartiallyCanceled,
        Self::Canceled,
        Self::Issuing,
        Self::Registered,
        Self::Active,
        Self::Failed,
        Self::Unknown,
        Self::Expired,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Authenticated => "authenticated",
            Self::Confirming => "confirming",
            Self::WaitingForDeposit => "waiting_for_deposit",
            Self::Paid => "paid",
            Self::PartiallyCanceled => "partially_canceled",
            Self::Canceled => "canceled",
            Self::Issuing => "issuing",
            Self::Registered => "registered",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
        }
    }
}

/// What the merchant knows of the buyer; handed to Toss's window so that it need not be typed again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// At most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// 8 to 15 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
}

/// Rules for a virtual account.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccountOptions {
    /// Hours until the account closes, 1 to 2160. Not together with `due_date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_hours: Option<u16>,
    /// The moment at which the account closes, `yyyy-MM-dd'T'HH:mm:ss` in Korean time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// What the window preselects.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::cash_receipt"
    )]
    pub cash_receipt: Option<CashReceipt>,
    /// Whether the money is held in escrow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_escrow: Option<bool>,
    /// Whether the window asks for the buyer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_customer_mobile_phone: Option<bool>,
}

/// 현금영수증.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashReceipt {
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: CashReceiptType,
}

/// What a cash receipt is for. Toss uses the Korean words on the wire.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CashReceiptType {
    /// 소득공제: the buyer's income deduction.
    #[serde(rename = "소득공제")]
    IncomeDeduction,
    /// 지출증빙: proof of business expense.
    #[serde(rename = "지출증빙")]
    ProofOfExpense,
    /// 미발행: none.
    #[serde(rename = "미발행")]
    None,
}

impl CashReceiptType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::IncomeDeduction, Self::ProofOfExpense, Self::None];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "소득공제",
            Self::ProofOfExpense => "지출증빙",
            Self::None => "미발행",
        }
    }
}

/// What a registration is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Charged each time.
    pub amount: Amount,
    /// How often.
    pub interval: Interval,
}

/// How often a plan charges.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Every day.
    Day,
    /// Every seven days.
    Week,
    /// On the same day of each month, or its last day.
    Month,
    /// On the same date of each year.
    Year,
}

impl Interval {
    /// Every interval.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];
}

/// A language that the page speaks.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// Korean, the default.
    Ko,
    /// English.
    En,
}

impl Locale {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

/// What came of a session so far. What does not apply is absent.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionResult {
    /// How the buyer paid or registered.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub method: Option<Method>,
    /// The card that was registered or paid with, number masked by Toss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The easy pay service that was used in the window for cards, as Toss names it, such as 토스페이.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easy_pay: Option<String>,
    /// The registered account, number masked by Toss. Toss may know it only at the first charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// The first charge of a billing session with `charge_now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeResult>,
    /// The subscription that the registration began: `sub_` and 22 letters and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// Where to send the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account: Option<VirtualAccount>,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When the money was paid or arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// While the money is owed again: when it was learnt that the bank had taken a deposit back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<Timestamp>,
    /// Toss's receipt, an absolute https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// A card.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Two characters, see <https://docs.tosspayments.com/codes/org-codes>.
    pub issuer_code: String,
    /// Masked by Toss, such as `43301234****123*`.
    pub number: String,
    /// 신용, 체크, 기프트 or 미확인.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_type: Option<String>,
    /// In how many months the buyer pays it off; absent where it is paid at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installment_plan_months: Option<u8>,
}

/// A registered account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// As Toss names it, such as 우리은행.
    pub bank_name: String,
    /// Masked by Toss, such as `1002****0000`.
    pub account_number: String,
}

/// How a charge went.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeResult {
    /// The outcome.
    pub status: ChargeStatus,
    /// The order number of this charge.
    pub order_id: OrderId,
    /// What was, or was to be, charged.
    pub amount: Amount,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When Toss approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// Toss's receipt, an absolute https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// The outcome of a charge.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeStatus {
    /// Stored, about to be sent, or sent without an answer yet.
    Pending,
    /// Money was taken.
    Succeeded,
    /// Toss said no; no money was taken.
    Declined,
    /// Toss's answer was lost; it is being looked up. Also how a reader takes a status that it does not
    /// know yet.
    #[serde(other)]
    Unknown,
}

impl ChargeStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Succeeded,
        Self::Declined,
        Self::Unknown,
    ];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Declined => "declined",
            Self::Unknown => "unknown",
        }
    }
}

/// An issued virtual account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccount {
    /// Two digits, see <https://docs.tosspayments.com/codes/org-codes>.
    pub bank_code: String,
    /// In full: the buyer must send money to it. Test accounts begin with `X`.
    pub account_number: String,
    /// The account's holder as the buyer's bank shows it. Toss may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// When it closes. Absent where it is no full moment, since the number matters more.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub due_date: Option<Timestamp>,
    /// Who sent the money, after a deposit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depositor_name: Option<String>,
}

/// Why Toss said no.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence, in Korean; for the operator. The page has its own sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session {
            id: SessionId::new("cs_0123456789abcdefABCDEF").unwrap(),
            kind: SessionKind::Payment,
            status: SessionStatus::WaitingForDeposit,
            revision: 3,
            order_id: Some(OrderId::new("order-0001").unwrap()),
            order_name: "티셔츠 1장".into(),
            amount: Some(Amount::won(15_000).unwrap()),
            customer_key: CustomerKey::new("3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11").unwrap(),
            client_key: ClientKey::new("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq").unwrap(),
            methods: vec![Method::VirtualAccount],
            customer: Customer::default(),
            virtual_account: None,
            card: None,
            plan: None,
            charge_now: false,
            consent: None,
            locale: None,
            return_url: None,
            expires_at: Timestamp::new("2026-11-21T09:00:00+09:00").unwrap(),
            now: None,
            result: None,
        }
    }

    #[test]
    fn a_session_survives_the_wire() {
        let json = serde_json::to_string(&session()).unwrap();
        assert!(json.contains(r#""status":"waiting_for_deposit""#), "{json}");
        assert!(json.contains(r#""methods":["VIRTUAL_ACCOUNT"]"#), "{json}");
        assert!(!json.contains("null"), "absent values are left out: {json}");
        assert_eq!(serde_json::from_str::<Session>(&json).unwrap(), session());
    }

    #[test]
    fn fields_that_we_do_not_know_yet_are_ignored() {
        let mut json: serde_json::Value = serde_json::to_value(session()).unwrap();
        json["addedLater"] = serde_json::json!({"a": 1});
        assert!(serde_json::from_value::<Session>(json).is_ok());
    }

    #[test]
    fn words_that_we_do_not_know_yet_do_not_refuse_a_session() {
        let mut json = serde_json::to_value(session()).unwrap();
        let given = serde_json::json!({
            "status": "brand_new", "methods": ["BRAND_NEW", "VIRTUAL_ACCOUNT"], "locale": "fr",
            "virtualAccount": {"cashReceipt": {"type": "brand new"}, "validHours": 72},
            "card": {"flowMode": "BRAND_NEW", "cardCompany": "61"},
            "result": {"method": "BRAND_NEW", "virtualAccount": {
                "bankCode": "20", "accountNumber": "X123", "customerName": null,
                "dueDate": "2026-11-24T23:59:59"
            }},
        });
        json.as_object_mut()
            .unwrap()
            .extend(given.as_object().unwrap().clone());
        let read: Session = serde_json::from_value(json).unwrap();
        assert_eq!(read.status, SessionStatus::Unknown);
        assert_eq!(read.methods, [Method::VirtualAccount]);
        assert_eq!(read.locale, None);
        let options = read.virtual_account.unwrap();
        assert_eq!(
            (options.cash_receipt, options.valid_hours),
            (None, Some(72))
        );
        let card = read.card.unwrap();
        assert_eq!(
            (card.flow_mode, card.card_company.as_deref()),
            (None, Some("61"))
        );
        let result = read.result.unwrap();
        assert_eq!(result.method, None);
        let account = result.virtual_account.unwrap();
        assert_eq!(account.account_number, "X123");
        assert_eq!((account.customer_name, account.due_date), (None, None));
    }

    #[test]
    fn debug_of_a_session_shows_no_key() {
        let shown = format!("{:?}", session());
        assert!(!shown.contains("0123456789abcdefABCDEF"), "{shown}");
        assert!(!shown.contains("3b0ad9a4-8f7e"), "{shown}");
    }

    #[test]
    fn every_word_is_named_as_on_the_wire() {
        for kind in CashReceiptType::ALL {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.as_str()));
        }
        for kind in SessionKind::ALL {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.as_str()));
        }
        for locale in Locale::ALL {
            let json = serde_json::to_string(&locale).unwrap();
            assert_eq!(json, format!("\"{}\"", locale.as_str()));
        }
        for status in ChargeStatus::ALL {
            let json = serde_json::to_string(&status).unwrap();
            assert_eq!(json, format!("\"{}\"", status.as_str()));
        }
        for status in SessionStatus::ALL {
            let json = serde_json::to_string(&status).unwrap();
            assert_eq!(json, format!("\"{}\"", status.as_str()));
        }
    }
}
