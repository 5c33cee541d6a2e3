//! The state machine by itself: every moment is an argument.

mod billing;
mod methods;
mod payments;
mod sequences;
mod windows;

use time::{Duration, OffsetDateTime, macros::datetime};
use toss_checkout_contract::{CustomerKey, Method};

use crate::errors::Refusal;
use crate::{
    Callback, Event, KeyPair, Rules, Shop, State,
    card::{Card, WORKING_CARD},
    institution::ISSUING_BANKS,
    instrument::Instrument,
    method::{AccountChoice, Choice, PayMethod},
    money::{Currency, Sum},
    payment::CashReceiptChoice,
    window::{BillingForm, Delivery, Offer, PaymentForm, Target, WindowOutcome},
};

const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 +9);
/// What DEPOSIT_CALLBACK would tell.
fn callbacks(state: &mut State) -> Vec<Callback> {
    let events = state.take_events();
    events.iter().filter_map(Event::deposit_callback).collect()
}

/// Whole won.
fn won(amount: u64) -> Sum {
    Sum::whole(amount).unwrap()
}

const CUSTOMER: &str = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";

fn toss() -> (State, Shop) {
    with(Rules::default())
}

fn with(rules: Rules) -> (State, Shop) {
    let mut shops = KeyPair::documented().unwrap();
    shops.push(KeyPair::read("test_ck_other:test_sk_other", "other").unwrap());
    let state = State::new(shops, rules, 7);
    let shop = state
        .authenticate("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R")
        .unwrap();
    (state, shop)
}

fn other_shop(state: &State) -> Shop {
    state.authenticate("test_sk_other").unwrap()
}

fn redirect() -> Delivery {
    Delivery::Redirect {
        success: "http://shop.test/s".parse().unwrap(),
        fail: "http://shop.test/f".parse().unwrap(),
    }
}

fn form(order: &str, amount: u64) -> PaymentForm {
    PaymentForm {
        method: PayMethod::VirtualAccount,
        currency: Currency::Krw,
        order_id: order.parse().unwrap(),
        order_name: "티셔츠 1장".into(),
        customer_key: None,
        amount,
        tax_free: 0,
        tax_exemption: 0,
        valid_hours: Some(72),
        due_date: None,
        use_escrow: false,
        culture_expense: false,
        metadata: None,
        offer: Offer::default(),
    }
}

fn choice() -> AccountChoice {
    AccountChoice {
        bank: ISSUING_BANKS[10],
        customer_name: "김토스".into(),
        cash_receipt: CashReceiptChoice::IncomeDeduction,
    }
}

impl State {
    /// 발급하기: the buyer wants this account.
    fn choose_account(
        &mut self,
        id: &str,
        choice: AccountChoice,
        now: OffsetDateTime,
    ) -> Result<WindowOutcome, Refusal> {
        self.choose(id, Choice::VirtualAccount(choice), None, now)
    }
}

fn card(number: &str) -> Instrument {
    Instrument::Card(Card::read(number, "12/30", "900101", "12", NOW).unwrap())
}

fn open_payment(state: &mut State, shop: Shop, order: &str, now: OffsetDateTime) -> String {
    state
        .open_payment(shop, Target::Page, redirect(), form(order, 15_000), now)
        .unwrap()
}

fn open_billing(state: &mut State, shop: Shop, now: OffsetDateTime) -> String {
    let form = BillingForm {
        method: Method::Card,
        customer: CustomerKey::new(CUSTOMER).unwrap(),
        customer_name: None,
        corporate: false,
        easy_pay: None,
    };
    state.open_billing(shop, Target::Page, redirect(), form, now)
}

/// A payment that the buyer has finished, by its key.
fn authenticated(state: &mut State, shop: Shop, order: &str, now: OffsetDateTime) -> String {
    let window = open_payment(state, shop, order, now);
    match state.choose_account(&window, choice(), now).unwrap() {
        WindowOutcome::Authenticated { payment_key, .. } => payment_key,
        other => panic!("{other:?}"),
    }
}

/// A payment that waits for its deposit, by its key.
fn waiting(state: &mut State, shop: Shop, order: &str, now: OffsetDateTime) -> String {
    let key = authenticated(state, shop, order, now);
    state.confirm(shop, &key, order, won(15_000), now).unwrap();
    key
}

fn auth_key(state: &mut State, shop: Shop, instrument: Instrument, now: OffsetDateTime) -> String {
    let window = open_billing(state, shop, now);
    match state.register(&window, instrument, now).unwrap() {
        WindowOutcome::Registered { auth_key, .. } => auth_key,
        other => panic!("{other:?}"),
    }
}

/// A billing key of this instrument.
fn billing_key(state: &mut State, shop: Shop, instrument: Instrument) -> String {
    let auth = auth_key(state, shop, instrument, NOW);
    let record = state.issue(shop, &auth, CUSTOMER, NOW).unwrap();
    record.key.expose().to_owned()
}

fn working_card() -> Instrument {
    card(WORKING_CARD)
}

const MINUTE: Duration = Duration::MINUTE;
