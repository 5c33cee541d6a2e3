//! The checkout session: what the page may see of an order.

use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    card_options::{self, CardOptions},
    consent::Consent,
    ids::{CustomerKey, OrderId, SessionId},
    keys::ClientKey,
    method::Method,
    open,
    payment_options::{ForeignEasyPayOptions, VirtualAccountOptions},
    plan::Plan,
    session_result::SessionResult,
    session_status::{SessionKind, SessionStatus},
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
    /// What an easy pay service abroad has to know. Present where one is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_easy_pay: Option<ForeignEasyPayOptions>,
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

    /// The language of a tag such as `ko` or `en-US`; none where the page does not speak it. Source: BCP 47.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let spoken = |locale: &Self| tag.get(..2) == Some(locale.as_str());
        Self::ALL.into_iter().find(spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CashReceiptType, ChargeStatus};

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
            foreign_easy_pay: None,
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
    fn a_language_is_read_from_its_tag() {
        assert_eq!(Locale::of_tag("ko"), Some(Locale::Ko));
        assert_eq!(Locale::of_tag("en-US"), Some(Locale::En));
        for other in ["", "e", "fr", "ja-JP", "한국어"] {
            assert_eq!(Locale::of_tag(other), None, "{other}");
        }
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
