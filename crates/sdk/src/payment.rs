//! `TossPayments(clientKey).payment({ customerKey })`.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use js_sys::Promise;
use toss_checkout_contract::{ClientKey, CustomerKey, Problem};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{
    error::SdkError,
    object::Object,
    requests::{BillingAuthRequest, VirtualAccountRequest},
    sys,
};

/// The SDK, bound to a client key.
#[derive(Debug, Clone)]
pub struct TossPayments(sys::TossPaymentsSys);

/// The product that automatic payments and method-specific windows use.
/// Source: <https://docs.tosspayments.com/sdk/v2/js#tosspaymentspayment>.
#[derive(Debug, Clone)]
pub struct Payment(sys::PaymentSys);

impl TossPayments {
    /// Calls `TossPayments(clientKey)`. The script must have been loaded, see [`crate::load`].
    ///
    /// # Errors
    /// What the SDK throws: `INVALID_CLIENT_KEY`; [`crate::SdkErrorCode::Broken`] without the script.
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
    pub fn payment(&self, customer_key: &CustomerKey) -> Result<Payment, SdkError> {
        let length = customer_key.expose().len();
        if length > CustomerKey::SDK_MAX {
            let max = CustomerKey::SDK_MAX;
            return Err(Problem::TooLong { length, max }
                .of(CustomerKey::FIELD)
                .into());
        }
        let mut params = Object::new();
        params.text("customerKey", Some(customer_key.expose()));
        self.0
            .payment(&params.to_js())
            .map(Payment)
            .map_err(|thrown| SdkError::from_js(&thrown))
    }
}

impl Payment {
    /// Opens the registration window. On success the browser leaves for `successUrl`, so nothing
    /// that matters may follow the `.await`.
    ///
    /// # Errors
    /// A value that breaks one of Toss's limits, and what the SDK throws at once. [`Opening`] tells
    /// the rest.
    pub fn request_billing_auth(
        &self,
        request: &BillingAuthRequest<'_>,
    ) -> Result<Opening, SdkError> {
        request.check()?;
        Opening::of(self.0.request_billing_auth(&request.params().to_js()))
    }

    /// Opens the virtual account window. On success the browser leaves for `successUrl`.
    ///
    /// # Errors
    /// As [`Payment::request_billing_auth`].
    pub fn request_virtual_account(
        &self,
        request: &VirtualAccountRequest<'_>,
    ) -> Result<Opening, SdkError> {
        request.check()?;
        Opening::of(self.0.request_payment(&request.params().to_js()))
    }
}

/// A window that was asked for. Fails with `USER_CANCEL` when the buyer closed it on a desktop, and
/// with why it did not open otherwise.
#[derive(Debug)]
#[must_use = "it says whether the window opened"]
pub struct Opening(JsFuture);

impl Opening {
    fn of(promise: Result<Promise, JsValue>) -> Result<Self, SdkError> {
        match promise {
            Ok(promise) => Ok(Self(JsFuture::from(promise))),
            Err(thrown) => Err(SdkError::from_js(&thrown)),
        }
    }
}

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
