//! `POST /sandbox/window`: what the SDK sends, checked again because anybody can send it.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use toss_checkout_contract::{Amount, CustomerKey, Method, OrderId};
use url::Url;

use super::fields::Fields;
use crate::{
    app::App,
    errors::{Language, Refusal, Row, table},
    state::{
        BillingForm, Delivery, PaymentForm, Target, method::PayMethod, money::Currency,
        payment::CashReceiptChoice,
    },
};

const OPEN_TO_ALL: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Lets a page of any origin call.
pub(super) async fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, OPEN_TO_ALL, allowed).into_response()
}

pub(super) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match open(&app, &body) {
        Ok(id) => {
            let url = format!("/sandbox/window/{id}");
            let body = Json(json!({"id": id, "url": url}));
            (StatusCode::CREATED, OPEN_TO_ALL, body).into_response()
        }
        Err(refusal) => {
            let body = Json(refusal.body(Language::of(&headers)));
            (refusal.status, OPEN_TO_ALL, body).into_response()
        }
    }
}

fn open(app: &App, body: &[u8]) -> Result<String, Refusal> {
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| Refusal::from(table::INVALID_REQUEST))?;
    let body = Fields(&body);
    let now = app.clock.now();
    let mut state = app.state();
    let shop = state.shop_of_client(body.text("clientKey")?.unwrap_or_default())?;
    let customer = CustomerKey::new(body.text("customerKey")?.unwrap_or_default())
        .ok()
        .filter(|key| key.expose().len() <= CustomerKey::SDK_MAX)
        .ok_or(table::INVALID_CUSTOMER_KEY)?;
    let target = match body.text("target")? {
        Some("iframe") => Target::Iframe {
            opener: origin(body.text("opener")?.unwrap_or_default())?,
        },
        Some("self") => Target::Page,
        _ => return Err(table::INVALID_REQUEST.into()),
    };
    let request = body.object("request")?.ok_or(table::INVALID_REQUEST)?;
    let delivery = delivery(request)?;
    let method = request.text("method")?.unwrap_or_default();
    match (body.text("kind")?, method, delivery) {
        (Some("billing"), "CARD" | "TRANSFER", Some(delivery)) => {
            let form = BillingForm {
                method: if method == "CARD" {
                    Method::Card
                } else {
                    Method::Transfer
                },
                customer,
                customer_name: request.short("customerName", 100)?,
                corporate: request.first_text("selectableCardTypes")? == Some("CORPORATE"),
            };
            Ok(state.open_billing(shop, target, delivery, form, now))
        }
        (Some("payment"), "VIRTUAL_ACCOUNT", delivery) => {
            if delivery.is_none() && target == Target::Page {
                return Err(table::INVALID_REQUEST.into());
            }
            let form = payment_form(request)?;
            let delivery = delivery.unwrap_or(Delivery::Promise);
            state.open_payment(shop, target, delivery, form, now)
        }
        (Some("billing"), "CARD" | "TRANSFER", None) => Err(table::INVALID_SUCCESS_URL.into()),
        (Some("billing" | "payment"), _, _) => Err(table::NOT_SUPPORTED_METHOD.into()),
        _ => Err(table::INVALID_REQUEST.into()),
    }
}

/// The origin of a page that shows a frame.
fn origin(text: &str) -> Result<String, &'static Row> {
    let url = http_url(text).ok_or(table::INVALID_REQUEST)?;
    Ok(url.origin().ascii_serialization())
}

fn http_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Both addresses, or neither.
fn delivery(request: Fields<'_>) -> Result<Option<Delivery>, Refusal> {
    let read = |name: &str| match request.text(name)? {
        Some(text) => http_url(text)
            .map(Some)
            .ok_or_else(|| Refusal::from(table::INVALID_REQUEST).because(name.to_owned())),
        None => Ok(None),
    };
    match (read("successUrl")?, read("failUrl")?) {
        (Some(success), Some(fail)) => Ok(Some(Delivery::Redirect { success, fail })),
        (None, None) => Ok(None),
        _ => Err(table::INVALID_REQUEST.into()),
    }
}

fn payment_form(request: Fields<'_>) -> Result<PaymentForm, Refusal> {
    let amount = request.object("amount")?.ok_or(table::REQUIRED_AMOUNT)?;
    if amount.text("currency")? != Some("KRW") {
        return Err(table::INVALID_CURRENCY.into());
    }
    let amount = amount
        .number("value")?
        .and_then(|value| Amount::won(value).ok())
        .ok_or(table::BELOW_ZERO_AMOUNT)?
        .value();
    let order_id = OrderId::new(request.text("orderId")?.unwrap_or_default())
        .map_err(|_| table::INVALID_ORDER_ID)?;
    let order_name = request
        .short("orderName", 100)?
        .filter(|name| !name.is_empty())
        .ok_or(table::INVALID_ORDER_NAME)?;
    let none = Map::new();
    let account = request.object("virtualAccount")?.unwrap_or(Fields(&none));
    let cash_receipt = match account.object("cashReceipt")? {
        Some(receipt) => receipt.text("type")?.map(CashReceiptChoice::read),
        None => None,
    };
    let tax_free = request.number("taxFreeAmount")?.unwrap_or(0);
    let tax_exemption = account.number("taxExemptionAmount")?.unwrap_or(0);
    if tax_free.saturating_add(tax_exemption) > amount {
        return Err(table::INVALID_REQUEST.into());
    }
    Ok(PaymentForm {
        method: PayMethod::VirtualAccount,
        currency: Currency::Krw,
        order_id,
        order_name,
        amount,
        tax_free,
        tax_exemption,
        customer_name: request.short("customerName", 100)?,
        valid_hours: account
            .number("validHours")?
            .map(|hours| u16::try_from(hours).unwrap_or(u16::MAX)),
        due_date: account.short("dueDate", 40)?,
        cash_receipt: cash_receipt
            .map(|read| read.ok_or(table::INVALID_REQUEST))
            .transpose()?,
        use_escrow: account.flag("useEscrow")?,
        culture_expense: account.flag("isCulturalExpenses")?,
        phone: if account.flag("showCustomerMobilePhone")? {
            let known = request.short("customerMobilePhone", 15)?;
            Some(known.unwrap_or_else(|| "01000000000".to_owned()))
        } else {
            None
        },
        metadata: request.metadata("metadata")?,
    })
}
