//! `TossPayments(clientKey).payment({ customerKey })`.

use toss_checkout_contract::{ClientKey, CustomerKey, Problem};

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
    /// `USER_CANCEL` when the buyer closed the window on a desktop; otherwise why it did not open.
    pub async fn request_billing_auth(
        &self,
        request: &BillingAuthRequest<'_>,
    ) -> Result<(), SdkError> {
        request.check()?;
        self.0
            .request_billing_auth(&request.params().to_js())
            .await
            .map(drop)
            .map_err(|thrown| SdkError::from_js(&thrown))
    }

    /// Opens the virtual account window. On success the browser leaves for `successUrl`.
    ///
    /// # Errors
    /// `USER_CANCEL` when the buyer closed the window on a desktop; otherwise why it did not open.
    pub async fn request_virtual_account(
        &self,
        request: &VirtualAccountRequest<'_>,
    ) -> Result<(), SdkError> {
        request.check()?;
        self.0
            .request_payment(&request.params().to_js())
            .await
            .map(drop)
            .map_err(|thrown| SdkError::from_js(&thrown))
    }
}
