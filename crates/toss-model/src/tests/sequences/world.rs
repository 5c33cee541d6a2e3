//! A Toss in which it happens.

use std::collections::{HashMap, HashSet};

use super::{
    super::*,
    acts::{Act, choice_of},
    sound::{may_follow, sound},
};
use crate::{
    Payment,
    cancel::RefundAccount,
    operations::{AccountRequest, CancelRequest, ChargeRequest},
    payment::{Origin, Status},
};

/// A Toss with its history: what every payment was before.
pub(super) struct World {
    pub(super) state: State,
    shop: Shop,
    billing: String,
    windows: Vec<(String, String)>,
    now: OffsetDateTime,
    before: HashMap<String, Payment>,
    told: Vec<(String, Status)>,
}

impl World {
    pub(super) fn new() -> Self {
        let (mut state, shop) = toss();
        let billing = billing_key(&mut state, shop, working_card());
        Self {
            state,
            shop,
            billing,
            windows: Vec::new(),
            now: NOW,
            before: HashMap::new(),
            told: Vec::new(),
        }
    }

    fn payment(&self, at: usize) -> Option<Payment> {
        let all = self.state.payments();
        all.get(at % all.len().max(1)).cloned()
    }

    /// Does it, however it ends.
    #[expect(clippy::too_many_lines, reason = "one arm for each act")]
    pub(super) fn perform(&mut self, act: &Act) {
        let (shop, now) = (self.shop, self.now);
        let key = |world: &Self, at| {
            world
                .payment(at)
                .map(|payment| payment.key.expose().to_owned())
        };
        match *act {
            Act::Open {
                method,
                order,
                amount,
            } => {
                let form = PaymentForm {
                    method: PayMethod::ALL[method],
                    tax_free: amount / 3,
                    ..form(&format!("order-{order}"), amount)
                };
                let opened = self
                    .state
                    .open_payment(shop, Target::Page, redirect(), form, now);
                if let Ok(window) = opened {
                    let newest = self.state.payments().last();
                    let key = newest.map(|payment| payment.key.expose().to_owned());
                    self.windows.push((window, key.unwrap_or_default()));
                }
            }
            Act::Choose { window, declined } => {
                let Some((id, key)) = self.windows.get(window % self.windows.len().max(1)) else {
                    return;
                };
                let payment = self
                    .state
                    .payments()
                    .iter()
                    .find(|payment| payment.key.expose() == key);
                if let Some(choice) = payment.and_then(|payment| choice_of(payment, declined)) {
                    let _ = self.state.choose(&id.clone(), choice, None, now);
                }
            }
            Act::GiveUp { window } => {
                if let Some((id, _)) = self.windows.get(window % self.windows.len().max(1)) {
                    let _ = self.state.give_up(&id.clone(), now);
                }
            }
            Act::Confirm { payment, right } => {
                let Some(payment) = self.payment(payment) else {
                    return;
                };
                let amount = if right {
                    payment.total
                } else {
                    payment.total + 1
                };
                let (key, order) = (payment.key.expose(), payment.order_id.as_str());
                let _ = self.state.confirm(shop, key, order, won(amount), now);
            }
            Act::Charge { order, amount } => {
                let request = ChargeRequest {
                    customer_key: CUSTOMER.into(),
                    amount,
                    order_id: format!("order-{order}"),
                    order_name: "구독".into(),
                    tax_free: amount / 3,
                    tax_exemption: amount / 5,
                };
                let billing = self.billing.clone();
                let _ = self.state.charge(shop, &billing, &request, now);
            }
            Act::Account { order, amount } => {
                let request = AccountRequest {
                    amount,
                    order_id: format!("order-{order}"),
                    order_name: "티셔츠".into(),
                    customer_name: "김토스".into(),
                    bank: "우리".into(),
                    valid_hours: Some(24),
                    due_date: None,
                    tax_free: 0,
                    use_escrow: amount == 60_000,
                    cash_receipt: CashReceiptChoice::IncomeDeduction,
                    fixed: None,
                };
                let _ = self.state.open_account(shop, &request, now);
            }
            Act::Refund {
                payment,
                amount,
                tax_free,
                account,
            } => {
                let Some(key) = key(self, payment) else {
                    return;
                };
                let request = CancelRequest {
                    reason: "변심".into(),
                    amount: amount.map(won),
                    tax_free: tax_free.map(won),
                    account: account.then(|| RefundAccount {
                        bank: "20".into(),
                        number: "1002123456789".into(),
                        holder: "김토스".into(),
                    }),
                    ..CancelRequest::default()
                };
                let before = self.payment(payment);
                let refused = self.state.refund(shop, &key, &request, now).is_err();
                if refused {
                    let after = self.payment(payment);
                    let money = |payment: &Option<Payment>| {
                        payment.as_ref().map(|p| (p.balance, p.cancels.len()))
                    };
                    assert_eq!(money(&before), money(&after), "a refusal does nothing");
                }
            }
            Act::Deposit { payment } => {
                if let Some(key) = key(self, payment) {
                    let _ = self.state.deposit(&key, now);
                }
            }
            Act::Reverse { payment } => {
                if let Some(key) = key(self, payment) {
                    let _ = self.state.reverse(&key, now);
                }
            }
            Act::Expire { payment } => {
                if let Some(key) = key(self, payment) {
                    let _ = self.state.expire(&key, now);
                }
            }
            Act::Cancel { payment } => {
                if let Some(key) = key(self, payment) {
                    let _ = self.state.cancel(&key, "", now);
                }
            }
            Act::Wait { seconds } => {
                self.now += Duration::seconds(seconds);
                self.state.pass_time(self.now);
            }
        }
    }

    /// What must hold after every act.
    pub(super) fn check(&mut self) {
        for event in self.state.take_events() {
            if let Event::Payment { payment, .. } = event {
                self.told
                    .push((payment.key.expose().to_owned(), payment.status));
            }
        }
        let mut settled = HashSet::new();
        for payment in self.state.payments() {
            let key = payment.key.expose();
            sound(payment);
            if payment.status.is_settled() {
                assert!(
                    settled.insert(payment.order_id.clone()),
                    "an order settled twice: {payment:?}"
                );
            }
            let before = self.before.get(key);
            if let Some(before) = before {
                assert!(may_follow(before, payment), "{before:?} to {payment:?}");
                assert_eq!(before.total, payment.total);
                let names = |payment: &Payment| -> Vec<String> {
                    payment
                        .cancels
                        .iter()
                        .map(|cancel| cancel.transaction_key.clone())
                        .collect()
                };
                assert!(
                    names(payment).starts_with(&names(before)),
                    "cancels are only appended"
                );
            }
            let changed = before.map(|before| before.status) != Some(payment.status);
            let charge = matches!(payment.origin, Origin::Charge(_));
            let silent = matches!(payment.status, Status::Ready | Status::InProgress)
                || charge && before.is_none();
            if changed && !silent {
                let last = self.told.iter().rev().find(|(told, _)| told == key);
                assert_eq!(
                    last.map(|(_, status)| *status),
                    Some(payment.status),
                    "untold: {payment:?}"
                );
            }
            self.before.insert(key.to_owned(), payment.clone());
        }
        let books: Vec<_> = self
            .state
            .journal
            .transactions
            .iter()
            .map(|one| one.key.as_str())
            .collect();
        let names: HashSet<_> = books.iter().collect();
        assert_eq!(
            names.len(),
            books.len(),
            "every transaction has a name of its own"
        );
    }
}
