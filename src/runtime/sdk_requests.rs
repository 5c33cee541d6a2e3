//! The session's order as Toss's SDK takes it.

use toss_checkout_contract::{Method, OrderId, Problem, Session, VirtualAccountOptions};
use toss_payments_sdk::{
    BillingAuthRequest, CardBilling, Deadline, Opening, Payment, PaymentRequest, ReturnUrls,
    SdkError, TossPayments, TransferBilling, VirtualAccount, WindowTarget,
};

/// Toss's SDK for the session's shop and buyer.
pub(crate) fn payment_of(session: &Session) -> Result<Payment, SdkError> {
    TossPayments::new(&session.client_key)?.payment(&session.customer_key)
}

/// Opens Toss's window.
///
/// # Errors
/// The order breaks one of Toss's limits, or the SDK throws at once.
pub(crate) fn open_window(
    payment: &Payment,
    session: &Session,
    method: Method,
    urls: &ReturnUrls,
    target: WindowTarget,
) -> Result<Opening, SdkError> {
    let (name, email) = (
        session.customer.name.as_deref(),
        session.customer.email.as_deref(),
    );
    match method {
        Method::Card => {
            let request = BillingAuthRequest::new(CardBilling::new(), urls)
                .window_target(target)
                .customer_name(name)
                .customer_email(email);
            payment.request_billing_auth(request)
        }
        Method::Transfer => {
            let request = BillingAuthRequest::new(TransferBilling, urls)
                .window_target(target)
                .customer_name(name)
                .customer_email(email);
            payment.request_billing_auth(request)
        }
        Method::VirtualAccount => {
            let amount = session.amount.ok_or(Problem::Empty.of("amount"))?;
            let order_id = session.order_id.as_ref();
            let order_id = order_id.ok_or(Problem::Empty.of(OrderId::FIELD))?;
            let account = virtual_account(session.virtual_account.as_ref());
            let request = PaymentRequest::new(amount, order_id, &session.order_name, account)
                .window_target(target)
                .customer_name(name)
                .customer_email(email)
                .customer_mobile_phone(session.customer.mobile_phone.as_deref());
            payment.request_payment(request, urls)
        }
    }
}

fn virtual_account(options: Option<&VirtualAccountOptions>) -> VirtualAccount<'_> {
    let Some(options) = options else {
        return VirtualAccount::new();
    };
    let hours = options.valid_hours.map(Deadline::ValidHours);
    let date = options.due_date.as_deref().map(Deadline::DueDate);
    VirtualAccount::new()
        .deadline(hours.or(date))
        .cash_receipt(options.cash_receipt.map(|receipt| receipt.kind))
        .use_escrow(options.use_escrow)
        .show_customer_mobile_phone(options.show_customer_mobile_phone)
}
