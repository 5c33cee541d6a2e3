//! `TossPayments(clientKey).payment({ customerKey })`.

use std::{
    borrow::Cow,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use js_sys::{Promise, Reflect};
use toss_checkout_contract::{
    Amount, ClientKey, Currency, CustomerKey, DecimalAmount, FailureCode, OrderId, PaymentKey,
    Problem,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{
    error::{SdkError, SdkErrorCode},
    loader::NAMESPACE,
    object::Object,
    requests::{BillingAuthRequest, PaymentMethod, PaymentRequest, PromiseMethod, ReturnUrls},
    sys,
};

/// The SDK, bound to a client key.
#[derive(Debug, Clone)]
pub struct TossPayments(sys::TossPaymentsSys);

/// The product that automatic payments and method-specific windows use.
/// Source: <https://docs.tosspayments.com/sdk/v2/js#tosspaymentspayment>.
#[derive(Debug, Clone)]
pub struct Payment(sys::PaymentSys);

/// Who pays: a [`CustomerKey`], or [`Anonymous`].
pub trait Customer: sealed::Sealed {
    /// The key as the SDK takes it.
    ///
    /// # Errors
    /// The SDK does not take it.
    #[doc(hidden)]
    fn key(&self) -> Result<Cow<'_, str>, SdkError>;
}

/// A guest. Not for registrations, where the customer key is half of the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anonymous;

mod sealed {
    /// Toss knows two kinds of customer.
    pub trait Sealed {}
    impl Sealed for toss_checkout_contract::CustomerKey {}
    impl Sealed for super::Anonymous {}
}

impl Customer for CustomerKey {
    fn key(&self) -> Result<Cow<'_, str>, SdkError> {
        let length = self.expose().len();
        if length > Self::SDK_MAX {
            let max = Self::SDK_MAX;
            return Err(Problem::TooLong { length, max }.of(Self::FIELD).into());
        }
        Ok(Cow::Borrowed(self.expose()))
    }
}

impl Customer for Anonymous {
    /// What the script names it; the literal is that of the typings.
    fn key(&self) -> Result<Cow<'_, str>, SdkError> {
        let named = Reflect::get(&js_sys::global(), &JsValue::from_str(NAMESPACE))
            .and_then(|namespace| Reflect::get(&namespace, &JsValue::from_str("ANONYMOUS")));
        let named = named.ok().and_then(|named| named.as_string());
        Ok(named.map_or(Cow::Borrowed("@@ANONYMOUS"), Cow::Owned))
    }
}

impl TossPayments {
    /// Calls `TossPayments(clientKey)`. The script must have been loaded, see [`crate::load`].
    ///
    /// # Errors
    /// What the SDK throws: `INVALID_CLIENT_KEY`; [`SdkErrorCode::Broken`] without the script.
    pub fn new(client_key: &ClientKey) -> Result<Self, SdkError> {
        sys::toss_payments(client_key.as_str())
            .map(Self)
            .map_err(|thrown| SdkError::from_js(&thrown))
    }

    /// Calls `payment({ customerKey })`.
    ///
    /// # Errors
    /// A customer key of more than 50 characters, which the SDK does not take; and what the SDK
    /// throws: `INVALID_CUSTOMER_KEY`, `INSECURE_KEY_USAGE`, `NOT_SUPPORTED_WIDGET_KEY`.
    pub fn payment(&self, customer: &impl Customer) -> Result<Payment, SdkError> {
        let key = customer.key()?;
        let mut params = Object::new();
        params.text(CustomerKey::FIELD, Some(&key));
        self.0
            .payment(&params.to_js())
            .map(Payment)
            .map_err(|thrown| SdkError::from_js(&thrown))
    }
}

impl Payment {
    /// Opens the window that registers a card or an account. On success the browser leaves for
    /// `successUrl`, so nothing that matters may follow the `.await`.
    ///
    /// # Errors
    /// A value that breaks one of Toss's limits, and what the SDK throws at once. [`Opening`] tells
    /// the rest.
    pub fn request_billing_auth(
        &self,
        request: BillingAuthRequest<'_>,
    ) -> Result<Opening, SdkError> {
        request.check()?;
        let asked = self.0.request_billing_auth(&request.object().to_js());
        window(asked).map(Opening)
    }

    /// Opens a payment window. On success the browser leaves for `successUrl`, so nothing that
    /// matters may follow the `.await`.
    ///
    /// # Errors
    /// As [`Payment::request_billing_auth`].
    pub fn request_payment<'a, M: PaymentMethod<'a>>(
        &self,
        request: PaymentRequest<'a, M>,
        urls: &'a ReturnUrls,
    ) -> Result<Opening, SdkError> {
        request.check()?;
        let asked = self.ask(&request.object(Some(urls)));
        window(asked).map(Opening)
    }

    /// Opens a payment window and stays on the page: the answer comes by promise. Not on phones,
    /// where Toss answers `NOT_SUPPORTED_PROMISE`, and not for all methods.
    ///
    /// # Errors
    /// As [`Payment::request_billing_auth`].
    pub fn request_payment_with_promise<'a, M: PromiseMethod<'a>>(
        &self,
        request: PaymentRequest<'a, M>,
    ) -> Result<Paying, SdkError> {
        request.check()?;
        let asked = self.ask(&request.object(None));
        window(asked).map(Paying)
    }

    fn ask(&self, params: &Object<'_>) -> Result<Promise, JsValue> {
        self.0.request_payment(&params.to_js())
    }

    /// Closes the open window; what waits for it fails with `PAYMENT_REQUEST_ABORTED`. Does nothing
    /// when none is open. Answers false when the script that Toss serves cannot do it.
    ///
    /// # Errors
    /// What the SDK throws otherwise.
    pub async fn destroy(&self) -> Result<bool, SdkError> {
        let method = Reflect::get(&self.0, &JsValue::from_str("destroy"));
        if !method.is_ok_and(|method| method.is_function()) {
            return Ok(false);
        }
        let closed = match self.0.destroy() {
            Ok(promise) => JsFuture::from(promise).await,
            Err(thrown) => Err(thrown),
        };
        match closed.map_err(|thrown| SdkError::from_js(&thrown)) {
            Ok(_) => Ok(true),
            // The typings contradict themselves on whether this is thrown.
            Err(error) if error.is(&FailureCode::NoActivePaymentRequest) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

fn window(asked: Result<Promise, JsValue>) -> Result<JsFuture, SdkError> {
    asked
        .map(JsFuture::from)
        .map_err(|thrown| SdkError::from_js(&thrown))
}

/// A window that was asked for. Fails with `USER_CANCEL` when the buyer closed it on a desktop, and
/// with why it did not open otherwise.
#[derive(Debug)]
#[must_use = "it says whether the window opened"]
pub struct Opening(JsFuture);

impl Future for Opening {
    type Output = Result<(), SdkError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let settled = Pin::new(&mut self.0).poll(context);
        settled.map(|settled| match settled {
            Ok(_) => Ok(()),
            Err(thrown) => Err(SdkError::from_js(&thrown)),
        })
    }
}

/// A window that was asked for and answers on the page.
#[derive(Debug)]
#[must_use = "it brings the payment that has to be confirmed"]
pub struct Paying(JsFuture);

/// What the buyer did in the window. Nothing is paid before the server confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentResult {
    /// Names the payment to be confirmed.
    pub payment_key: PaymentKey,
    /// To be compared with the server's own; never trusted.
    pub order_id: OrderId,
    /// To be compared with the server's own; never trusted.
    pub amount: Amount,
}

impl PaymentResult {
    fn from_js(result: &JsValue) -> Result<Self, SdkError> {
        let field = |of: &JsValue, name: &str| {
            // Fails for what is no object.
            Reflect::get(of, &JsValue::from_str(name)).unwrap_or_default()
        };
        let text = |name: &'static str| {
            let text = field(result, name).as_string();
            text.ok_or_else(|| Problem::Empty.of(name))
        };
        let amount = field(result, "amount");
        let value = field(&amount, "value").as_f64();
        let currency = field(&amount, "currency").as_string();
        let won = value
            .filter(|_| currency.as_deref() == Some("KRW"))
            .map(|value| value.to_string());
        let read = || {
            Ok(Self {
                payment_key: PaymentKey::new(text(PaymentKey::FIELD)?)?,
                order_id: OrderId::new(text(OrderId::FIELD)?)?,
                // `Display` writes a whole number without a fraction, and others are refused.
                amount: Amount::of(
                    DecimalAmount::parse(won.as_deref().unwrap_or_default())?,
                    Currency::Krw,
                )?,
            })
        };
        read().map_err(|error: crate::ValueError| SdkError {
            code: SdkErrorCode::Broken,
            message: format!("the SDK's answer: {error}"),
        })
    }
}

impl Future for Paying {
    type Output = Result<PaymentResult, SdkError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(result) => PaymentResult::from_js(&result),
            Err(thrown) => Err(SdkError::from_js(&thrown)),
        })
    }
}
