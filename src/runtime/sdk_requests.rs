//! The session's order as Toss's SDK takes it.

use toss_checkout_contract::{
    Amount, CardFlow, CardOptions, Method, OrderId, Problem, Session, SessionKind, ValueError,
    VirtualAccountOptions,
};
use toss_payments_sdk::{
    BillingAuthRequest, BillingEasyPay, BillingMethod, BillingWindow, Card, CardBilling, Deadline,
    FlowMode, ForeignAmount, ForeignEasyPay, ForeignOptions, ForeignProvider, GiftCertificate,
    Installments, MobilePhone, Opening, Payment, PaymentMethod, PaymentRequest, ReturnUrls,
    SdkError, TossPayments, Transfer, TransferBilling, VirtualAccount, WindowTarget,
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
    let window = Window {
        payment,
        session,
        urls,
        target,
    };
    match (session.kind, method) {
        (SessionKind::Billing, Method::Transfer) => window.register(TransferBilling),
        (SessionKind::Billing, _) => window.register(registered_card(session.card.as_ref())),
        (SessionKind::Payment, Method::Card) => window.pay(card(session.card.as_ref())),
        (SessionKind::Payment, Method::Transfer) => window.pay(Transfer::new()),
        (SessionKind::Payment, Method::VirtualAccount) => {
            window.pay(virtual_account(session.virtual_account.as_ref()))
        }
        (SessionKind::Payment, Method::MobilePhone) => window.pay(MobilePhone::new()),
        (SessionKind::Payment, Method::CultureGiftCertificate) => {
            window.pay(GiftCertificate::Culture)
        }
        (SessionKind::Payment, Method::BookGiftCertificate) => window.pay(GiftCertificate::Book),
        (SessionKind::Payment, Method::GameGiftCertificate) => window.pay(GiftCertificate::Game),
        (SessionKind::Payment, Method::ForeignEasyPay) => {
            let options = session.foreign_easy_pay.as_ref();
            let options = options.ok_or(Problem::Empty.of("foreignEasyPay"))?;
            let (provider, none) = (ForeignProvider::PayPal, ForeignOptions::new());
            let method = ForeignEasyPay::new(provider, &options.country, none);
            window.pay_in(ForeignAmount::usd_cents(window.amount()?.value())?, method)
        }
    }
}

/// What every request has.
struct Window<'a> {
    payment: &'a Payment,
    session: &'a Session,
    urls: &'a ReturnUrls,
    target: WindowTarget,
}

impl<'a> Window<'a> {
    fn register(&self, method: impl BillingMethod<'a>) -> Result<Opening, SdkError> {
        let customer = &self.session.customer;
        let request = BillingAuthRequest::new(method, self.urls)
            .window_target(self.target)
            .customer_name(customer.name.as_deref())
            .customer_email(customer.email.as_deref());
        self.payment.request_billing_auth(request)
    }

    fn amount(&self) -> Result<Amount, ValueError> {
        self.session.amount.ok_or(Problem::Empty.of("amount"))
    }

    fn pay(&self, method: impl PaymentMethod<'a, Amount = Amount>) -> Result<Opening, SdkError> {
        self.pay_in(self.amount()?, method)
    }

    fn pay_in<M: PaymentMethod<'a>>(
        &self,
        amount: M::Amount,
        method: M,
    ) -> Result<Opening, SdkError> {
        let session = self.session;
        let order_id = session.order_id.as_ref();
        let order_id = order_id.ok_or(Problem::Empty.of(OrderId::FIELD))?;
        let customer = &session.customer;
        let request = PaymentRequest::new(amount, order_id, &session.order_name, method)
            .window_target(self.target)
            .customer_name(customer.name.as_deref())
            .customer_email(customer.email.as_deref())
            .customer_mobile_phone(customer.mobile_phone.as_deref());
        self.payment.request_payment(request, self.urls)
    }
}

fn card(options: Option<&CardOptions>) -> Card<'_> {
    let Some(options) = options else {
        return Card::new();
    };
    let flow = options.flow_mode.map(|flow| match flow {
        CardFlow::Default => FlowMode::Default,
        CardFlow::Direct => FlowMode::Direct,
    });
    let exactly = options.card_installment_plan.map(Installments::Exactly);
    let up_to = options.max_card_installment_plan.map(Installments::UpTo);
    Card::new()
        .flow_mode(flow)
        .card_company(options.card_company.as_deref())
        .easy_pay(options.easy_pay.as_deref())
        .installments(exactly.or(up_to))
        .use_app_card_only(options.use_app_card_only)
        .use_international_card_only(options.use_international_card_only)
}

fn registered_card(options: Option<&CardOptions>) -> CardBilling<'_> {
    let Some(options) = options.filter(|options| options.is_direct()) else {
        return CardBilling::new();
    };
    let easy_pay = match options.easy_pay.as_deref() {
        Some("TOSSPAY" | "토스페이") => BillingEasyPay::TossPay,
        Some("NAVERPAY" | "네이버페이") => BillingEasyPay::NaverPay,
        // One that a newer backend knows: Toss's window offers it, too.
        _ => return CardBilling::new(),
    };
    CardBilling::new().window(BillingWindow::Direct {
        easy_pay,
        card_company: options.card_company.as_deref(),
    })
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
