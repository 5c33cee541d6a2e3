//! The requests that are written.

mod random;

use std::error::Error;

use serde_json::Value;
use toss_payments_sdk::{
    AbsoluteUrl, Address, AddressLines, Amount, BillingAuthRequest, BillingEasyPay, BillingWindow,
    Card, CardBilling, CardType, Carrier, CashReceiptType, Deadline, EscrowProduct, FlowMode,
    ForeignAmount, ForeignEasyPay, ForeignOptions, ForeignProduct, ForeignProvider,
    FreeInstallmentPlan, GiftCertificate, Installments, KeyinCardType, MobilePhone, OrderId,
    PaymentMethod, PaymentRequest, ReturnUrls, Shipping, Transfer, TransferBilling, VirtualAccount,
    WindowLanguage, WindowTarget,
};

use self::random::random;
use crate::chance::Chance;

/// Which function of the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Payment,
    BillingAuth,
}

impl Call {
    /// What the typings do not let one leave out.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Payment => &["method", "amount", "orderId", "orderName"],
            Self::BillingAuth => &["method", "successUrl", "failUrl"],
        }
    }
}

/// A request.
pub(crate) struct Case {
    pub(crate) call: Call,
    pub(crate) argument: Value,
    /// Every option is set.
    pub(crate) is_complete: bool,
    pub(crate) is_random: bool,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many random requests of each type.
const RANDOM: usize = 40;

const RECEIPTS: [CashReceiptType; 3] = CashReceiptType::ALL;
const TARGETS: [WindowTarget; 2] = [WindowTarget::Iframe, WindowTarget::SelfWindow];
const LANGUAGES: [WindowLanguage; 4] = [
    WindowLanguage::Korean,
    WindowLanguage::English,
    WindowLanguage::Japanese,
    WindowLanguage::Chinese,
];
const KEYIN: [KeyinCardType; 3] = [
    KeyinCardType::Personal,
    KeyinCardType::Corporate,
    KeyinCardType::Foreign,
];
const CARD_TYPES: [CardType; 2] = [CardType::Personal, CardType::Corporate];
const FLOWS: [FlowMode; 2] = [FlowMode::Default, FlowMode::Direct];
const GIFTS: [GiftCertificate; 3] = [
    GiftCertificate::Culture,
    GiftCertificate::Book,
    GiftCertificate::Game,
];
const MAX: u64 = toss_payments_sdk::MAX_AMOUNT;

/// Collects cases, each of which must keep the limits.
struct Cases {
    urls: &'static ReturnUrls,
    cases: Vec<Case>,
    is_complete: bool,
    is_random: bool,
}

impl Cases {
    fn payment<M: PaymentMethod<'static>>(
        &mut self,
        request: PaymentRequest<'static, M>,
    ) -> Outcome<()> {
        request.check()?;
        self.add(Call::Payment, &request.object(Some(self.urls)))
    }

    /// Without addresses, for an answer by promise.
    fn promise<M: PaymentMethod<'static>>(
        &mut self,
        request: PaymentRequest<'static, M>,
    ) -> Outcome<()> {
        request.check()?;
        self.add(Call::Payment, &request.object(None))
    }

    fn billing(&mut self, request: BillingAuthRequest<'static>) -> Outcome<()> {
        request.check()?;
        self.add(Call::BillingAuth, &request.object())
    }

    fn add(&mut self, call: Call, argument: &toss_payments_sdk::Object<'_>) -> Outcome<()> {
        self.cases.push(Case {
            call,
            argument: serde_json::to_value(argument)?,
            is_complete: self.is_complete,
            is_random: self.is_random,
        });
        Ok(())
    }
}

/// All requests.
pub(crate) fn all() -> Outcome<Vec<Case>> {
    let urls = Box::leak(Box::new(ReturnUrls {
        success: AbsoluteUrl::new("successUrl", "https://shop.example/success?a=1")?,
        fail: AbsoluteUrl::new("failUrl", "http://localhost:8080/fail")?,
    }));
    let mut cases = Cases {
        urls,
        cases: Vec::new(),
        is_complete: false,
        is_random: false,
    };
    each_alone(&mut cases)?;
    cases.is_complete = true;
    complete(&mut cases)?;
    cases.is_complete = false;
    cases.is_random = true;
    let mut chance = Chance::new();
    for _ in 0..RANDOM {
        random(&mut cases, &mut chance)?;
    }
    Ok(cases.cases)
}

fn order(text: &str) -> Outcome<&'static OrderId> {
    Ok(Box::leak(Box::new(OrderId::new(text)?)))
}

fn won<M: PaymentMethod<'static, Amount = Amount>>(
    method: M,
) -> Outcome<PaymentRequest<'static, M>> {
    let amount = Amount::won(1)?;
    Ok(PaymentRequest::new(
        amount,
        order("order-1")?,
        "티셔츠",
        method,
    ))
}

/// Nothing but what is needed, and every value that is one of a few.
fn each_alone(cases: &mut Cases) -> Outcome<()> {
    cases.payment(won(Card::new())?)?;
    cases.promise(won(Card::new())?)?;
    for flow in FLOWS {
        cases.payment(won(Card::new().flow_mode(flow))?)?;
    }
    for language in LANGUAGES {
        cases.payment(won(Card::new().language(language))?)?;
    }
    for months in [0, 2, 12] {
        cases.payment(won(Card::new().installments(Installments::Exactly(months)))?)?;
        cases.payment(won(Card::new().installments(Installments::UpTo(months)))?)?;
    }
    for deadline in [Deadline::ValidHours(1), Deadline::ValidHours(2160)] {
        cases.payment(won(Card::new().deadline(deadline))?)?;
        cases.payment(won(Transfer::new().deadline(deadline))?)?;
        cases.payment(won(VirtualAccount::new().deadline(deadline))?)?;
    }
    for receipt in RECEIPTS {
        cases.payment(won(Transfer::new().cash_receipt(receipt))?)?;
        cases.payment(won(VirtualAccount::new().cash_receipt(receipt))?)?;
    }
    cases.promise(won(Transfer::new())?)?;
    cases.promise(won(VirtualAccount::new())?)?;
    cases.promise(won(MobilePhone::new())?)?;
    for gift in GIFTS {
        cases.payment(won(gift)?)?;
        cases.promise(won(gift)?)?;
    }
    for provider in ForeignProvider::ALL {
        let method = ForeignEasyPay::new(provider, "KR", ForeignOptions::new());
        let yen = ForeignAmount::yen(1)?;
        cases.payment(PaymentRequest::new(
            yen,
            order("order-1")?,
            "티셔츠",
            method,
        ))?;
    }
    for target in TARGETS {
        cases.payment(won(Card::new())?.window_target(target))?;
        cases.payment(won(Transfer::new())?.window_target(target))?;
        cases.payment(won(VirtualAccount::new())?.window_target(target))?;
        cases.payment(won(MobilePhone::new())?.window_target(target))?;
        for gift in GIFTS {
            cases.payment(won(gift)?.window_target(target))?;
        }
        let method = ForeignEasyPay::new(ForeignProvider::PayPal, "KR", ForeignOptions::new());
        let cents = ForeignAmount::usd_cents(1)?;
        let request = PaymentRequest::new(cents, order("order-1")?, "티셔츠", method);
        cases.payment(request.window_target(target))?;
        let card = BillingAuthRequest::new(CardBilling::new(), cases.urls);
        cases.billing(card.window_target(target))?;
        let account = BillingAuthRequest::new(TransferBilling, cases.urls);
        cases.billing(account.window_target(target))?;
    }
    cases.billing(BillingAuthRequest::new(CardBilling::new(), cases.urls))?;
    for window in [
        BillingWindow::Default,
        direct(BillingEasyPay::TossPay, None),
        direct(BillingEasyPay::NaverPay, None),
    ] {
        let card = CardBilling::new().window(window);
        cases.billing(BillingAuthRequest::new(card, cases.urls))?;
    }
    Ok(())
}

fn direct(easy_pay: BillingEasyPay, card_company: Option<&'static str>) -> BillingWindow<'static> {
    BillingWindow::Direct {
        easy_pay,
        card_company,
    }
}

fn product() -> EscrowProduct<'static> {
    EscrowProduct::new()
        .id("product-1")
        .name("티셔츠")
        .code("T-1")
        .unit_price(MAX)
        .quantity(u32::MAX)
}

fn products() -> &'static [EscrowProduct<'static>] {
    vec![product(), EscrowProduct::new()].leak()
}

/// Every option at once, at its limit where it has one.
fn complete(cases: &mut Cases) -> Outcome<()> {
    let card = Card::new()
        .use_escrow(true)
        .tax_exemption_amount(0)
        .flow_mode(FlowMode::Direct)
        .card_company("61")
        .easy_pay("TOSSPAY")
        .free_installment_plans(&[FreeInstallmentPlan {
            company: "61",
            months: &[2, 12],
        }])
        .use_card_point(false)
        .use_app_card_only(true)
        .discount_code("PROMOTION")
        .escrow_products(products())
        .use_international_card_only(false)
        .language(WindowLanguage::Korean)
        .show_estimated_amount(true)
        .app_scheme("testapp://")
        .keyin(&KEYIN)
        .show_mobile_app_header(true);
    let dates = Deadline::DueDate("2027-01-01T00:00:00");
    let at_once = card.clone().installments(Installments::Exactly(0));
    cases.payment(common(won(at_once.deadline(dates))?))?;
    let later = card.installments(Installments::UpTo(12));
    cases.payment(common(won(later.deadline(Deadline::ValidHours(2160)))?))?;
    for deadline in [Deadline::ValidHours(2160), dates] {
        let transfer = Transfer::new()
            .tax_exemption_amount(MAX)
            .cash_receipt(CashReceiptType::ProofOfExpense)
            .use_escrow(true)
            .escrow_products(products())
            .deadline(deadline)
            .cultural_expenses(true);
        cases.payment(common(won(transfer)?))?;
        let account = VirtualAccount::new()
            .tax_exemption_amount(MAX)
            .cash_receipt(CashReceiptType::None)
            .use_escrow(true)
            .escrow_products(products())
            .deadline(deadline)
            .cultural_expenses(true)
            .show_customer_mobile_phone(true);
        cases.payment(common(won(account)?))?;
    }
    let phone = MobilePhone::new().mobile_carriers(&Carrier::ALL);
    cases.payment(common(won(phone)?))?;
    for gift in GIFTS {
        cases.payment(common(won(gift)?))?;
    }
    cases.payment(common(PaymentRequest::new(
        ForeignAmount::usd_cents(1)?,
        order("order-1")?,
        "티셔츠",
        foreign(ForeignProvider::PayPal)?,
    )))?;
    let easy_pay = CardBilling::new()
        .selectable_card_types(&CARD_TYPES)
        .window(direct(BillingEasyPay::TossPay, Some("61")));
    cases.billing(registration(BillingAuthRequest::new(easy_pay, cases.urls)))?;
    cases.billing(registration(BillingAuthRequest::new(
        TransferBilling,
        cases.urls,
    )))
}

fn common<M: PaymentMethod<'static>>(
    request: PaymentRequest<'static, M>,
) -> PaymentRequest<'static, M> {
    const PAIRS: [(&str, &str); 5] = [("a", "1"), ("b", ""), ("c", "가"), ("d", "\""), ("e", "}")];
    request
        .customer_name("김토스")
        .customer_email("customer@example.com")
        .customer_mobile_phone("01012345678")
        .tax_free_amount(MAX)
        .window_target(WindowTarget::Iframe)
        .metadata(&PAIRS)
}

fn registration(request: BillingAuthRequest<'static>) -> BillingAuthRequest<'static> {
    request
        .customer_name("김토스")
        .customer_email("customer@example.com")
        .window_target(WindowTarget::SelfWindow)
}

fn foreign(provider: ForeignProvider) -> Outcome<ForeignEasyPay<'static>> {
    let products = vec![ForeignProduct {
        name: "T-shirt",
        quantity: 1,
        unit_amount: ForeignAmount::usd_cents(1999)?,
        description: "cotton",
    }];
    let lines = AddressLines::new()
        .line1("Teheran-ro 131")
        .line2("15F")
        .area1("Gangnam-gu")
        .postal_code("06133");
    let shipping = Shipping::new()
        .full_name("Toss Kim")
        .address(Address::new("KR", "Seoul", lines));
    let options = ForeignOptions::new()
        .products(products.leak())
        .shipping(shipping)
        .paypal_context(&[("sender_account_id", "1")]);
    Ok(ForeignEasyPay::new(provider, "US", options))
}
