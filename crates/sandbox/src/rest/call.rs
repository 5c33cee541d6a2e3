//! Which call a request is.

use axum::http::Method;
use percent_encoding::percent_decode_str;
use toss_model::{ErrorCode, Refusal};

use crate::faults::Endpoint;

/// A call of the REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// `POST /v1/payments/confirm`
    Confirm,
    /// `GET /v1/payments/{paymentKey}`
    LookupKey(String),
    /// `GET /v1/payments/orders/{orderId}`
    LookupOrder(String),
    /// `POST /v1/payments/{paymentKey}/cancel`
    Cancel(String),
    /// `POST /v1/virtual-accounts`
    OpenAccount,
    /// `POST /v1/billing/authorizations/issue`
    Issue,
    /// `POST /v1/billing/authorizations/card`
    RegisterCard,
    /// `POST /v1/billing/{billingKey}`
    Charge(String),
    /// `DELETE /v1/billing/{billingKey}`
    DeleteBilling(String),
    /// `GET /v1/transactions`
    Transactions,
    /// `POST /v1/cash-receipts`
    IssueReceipt,
    /// `POST /v1/cash-receipts/{receiptKey}/cancel`
    CancelReceipt(String),
    /// `GET /v1/cash-receipts`
    Receipts,
    /// `POST /v1/payments/key-in`
    KeyIn,
    /// `GET /v1/settlements`
    Settlements,
}

impl Call {
    /// Reads method and path.
    ///
    /// # Errors
    /// `NOT_FOUND_HTTP_METHOD` for a known path with another method, `NOT_FOUND` for the rest; it says so when
    /// Toss has the call and the sandbox does not.
    pub(super) fn read(method: &Method, path: &str) -> Result<Self, Refusal> {
        let mut segments = Vec::new();
        for segment in path.trim_matches('/').split('/') {
            let text = percent_decode_str(segment)
                .decode_utf8()
                .map_err(|_| ErrorCode::NotFound)?;
            segments.push(text.into_owned());
        }
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (get, post, delete) = (
            *method == Method::GET,
            *method == Method::POST,
            *method == Method::DELETE,
        );
        let (applies, call) = match segments.as_slice() {
            ["v1", "payments", "confirm"] => (post, Self::Confirm),
            ["v1", "payments", "orders", order] => (get, Self::LookupOrder((*order).to_owned())),
            ["v1", "payments", "key-in"] => (post, Self::KeyIn),
            ["v1", "payments", key, "cancel"] if !key.is_empty() => {
                (post, Self::Cancel((*key).to_owned()))
            }
            ["v1", "payments", key] if !key.is_empty() => (get, Self::LookupKey((*key).to_owned())),
            ["v1", "virtual-accounts"] => (post, Self::OpenAccount),
            ["v1", "billing", "authorizations", "issue"] => (post, Self::Issue),
            ["v1", "billing", "authorizations", "card"] => (post, Self::RegisterCard),
            ["v1", "billing", key] if !key.is_empty() && *key != "authorizations" => {
                if delete {
                    (true, Self::DeleteBilling((*key).to_owned()))
                } else {
                    (post, Self::Charge((*key).to_owned()))
                }
            }
            ["v1", "transactions"] => (get, Self::Transactions),
            ["v1", "cash-receipts"] if get => (true, Self::Receipts),
            ["v1", "cash-receipts"] => (post, Self::IssueReceipt),
            ["v1", "cash-receipts", key, "cancel"] if !key.is_empty() => {
                (post, Self::CancelReceipt((*key).to_owned()))
            }
            ["v1", "settlements"] if get => (true, Self::Settlements),
            other => return Err(absent(other)),
        };
        if applies {
            Ok(call)
        } else {
            Err(ErrorCode::NotFoundHttpMethod.into())
        }
    }

    /// What faults and the request limit call it.
    pub(super) fn endpoint(&self) -> Endpoint {
        match self {
            Self::Confirm => Endpoint::Confirm,
            Self::LookupKey(_) | Self::LookupOrder(_) => Endpoint::Lookup,
            Self::Cancel(_) => Endpoint::Cancel,
            Self::OpenAccount => Endpoint::Account,
            Self::Issue => Endpoint::Issue,
            Self::RegisterCard => Endpoint::Card,
            Self::Charge(_) => Endpoint::Charge,
            Self::DeleteBilling(_) => Endpoint::Delete,
            Self::Transactions => Endpoint::Transactions,
            Self::IssueReceipt | Self::CancelReceipt(_) | Self::Receipts => Endpoint::Receipts,
            Self::KeyIn => Endpoint::KeyIn,
            Self::Settlements => Endpoint::Settlements,
        }
    }

    /// Whether `Idempotency-Key` means anything to it: documented for POST only.
    pub(super) fn is_post(&self) -> bool {
        !matches!(
            self,
            Self::LookupKey(_)
                | Self::LookupOrder(_)
                | Self::DeleteBilling(_)
                | Self::Transactions
                | Self::Receipts
                | Self::Settlements
        )
    }
}

/// What Toss has and the sandbox has not, by the beginning of the path.
/// Source: <https://docs.tosspayments.com/reference>.
const ABSENT: [(&[&str], &str); 9] = [
    (&["v1", "brandpay"], "브랜드페이"),
    (&["v1", "connectpay"], "커넥트페이"),
    (&["v1", "promotions"], "프로모션"),
    (&["v1", "payouts"], "지급대행"),
    (&["v1", "settlements"], "수동 정산"),
    (&["v1", "escrow"], "에스크로 배송 등록"),
    (&["v2", "payouts"], "지급대행"),
    (&["v2", "sellers"], "지급대행 셀러"),
    (&["v2"], "v2"),
];

fn absent(segments: &[&str]) -> Refusal {
    let refusal = Refusal::from(ErrorCode::NotFound);
    let known = ABSENT.iter().find(|(path, _)| segments.starts_with(path));
    match known {
        Some((_, product)) => refusal.because(format!(
            "샌드박스에 없는 API입니다: {product}. 흉내 내는 API는 docs/sandbox.md에 있습니다."
        )),
        None => refusal,
    }
}

/// The path as the request log may show it: billing keys masked.
pub(super) fn masked_path(path: &str) -> String {
    match path.strip_prefix("/v1/billing/") {
        Some(rest) if !rest.starts_with("authorizations") => {
            let shown: String = rest.chars().take(4).collect();
            format!("/v1/billing/{shown}…")
        }
        _ => path.chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_methods_are_told_apart() {
        let read =
            |method: Method, path: &str| Call::read(&method, path).map_err(|refusal| refusal.code);
        let key = || "abc=".to_owned();
        for (method, path, call) in [
            (Method::POST, "/v1/payments/confirm", Call::Confirm),
            (Method::GET, "/v1/payments/abc=", Call::LookupKey(key())),
            (
                Method::GET,
                "/v1/payments/orders/abc=",
                Call::LookupOrder(key()),
            ),
            (
                Method::POST,
                "/v1/payments/abc=/cancel",
                Call::Cancel(key()),
            ),
            (Method::POST, "/v1/virtual-accounts", Call::OpenAccount),
            (
                Method::POST,
                "/v1/billing/authorizations/issue",
                Call::Issue,
            ),
            (
                Method::POST,
                "/v1/billing/authorizations/card",
                Call::RegisterCard,
            ),
            // `=` in a billing key works raw and percent-encoded.
            (Method::POST, "/v1/billing/abc=", Call::Charge(key())),
            (Method::POST, "/v1/billing/abc%3D", Call::Charge(key())),
            (
                Method::DELETE,
                "/v1/billing/abc%3D",
                Call::DeleteBilling(key()),
            ),
            (Method::GET, "/v1/transactions", Call::Transactions),
            (Method::POST, "/v1/cash-receipts", Call::IssueReceipt),
            (Method::GET, "/v1/cash-receipts", Call::Receipts),
            (Method::POST, "/v1/payments/key-in", Call::KeyIn),
            (
                Method::POST,
                "/v1/cash-receipts/abc=/cancel",
                Call::CancelReceipt(key()),
            ),
        ] {
            assert_eq!(read(method.clone(), path), Ok(call), "{path}");
            let wrong = read(Method::PATCH, path);
            assert_eq!(wrong, Err(ErrorCode::NotFoundHttpMethod), "{path}");
        }
        for path in [
            "/v1",
            "/v1/",
            "/v1/payments",
            "/v1/payments/a/b",
            "/v1/billing/",
            "/v1/%FF",
            "/v1/billing/authorizations",
        ] {
            assert_eq!(read(Method::POST, path), Err(ErrorCode::NotFound), "{path}");
        }
    }

    #[test]
    fn what_toss_has_and_the_sandbox_has_not_is_named() {
        let note = |method: Method, path: &str| Call::read(&method, path).unwrap_err().note;
        for (path, product) in [
            ("/v1/brandpay/payments/confirm", "브랜드페이"),
            ("/v1/settlements", "수동 정산"),
            ("/v2/payouts/balances", "지급대행"),
            ("/v2/anything", "v2"),
        ] {
            assert!(
                note(Method::POST, path).unwrap().contains(product),
                "{path}"
            );
        }
        assert_eq!(note(Method::GET, "/v1/nothing"), None);
        assert_eq!(
            Call::read(&Method::GET, "/v1/settlements"),
            Ok(Call::Settlements)
        );
    }

    #[test]
    fn a_billing_key_never_reaches_the_log() {
        assert_eq!(
            masked_path("/v1/billing/Z_t5vOvQxrj4499PeiJcjen28"),
            "/v1/billing/Z_t5…"
        );
        assert_eq!(
            masked_path("/v1/billing/authorizations/issue"),
            "/v1/billing/authorizations/issue"
        );
        assert_eq!(masked_path(&"/v".repeat(500)).chars().count(), 300);
    }
}
