//! Whatever is done in whatever order, no payment leaves Toss's diagrams.
//! Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::state::{
    AccountRequest, CancelRequest, ChargeRequest, Payment, RefundAccount,
    instrument::ACCOUNTS,
    method::{Carrier, Choice},
    payment::{Means, Status},
};

/// Something that a buyer, a merchant, a bank or a tester does.
#[derive(Debug, Clone)]
enum Act {
    /// A window for this method, order and amount.
    Open {
        method: usize,
        order: u8,
        amount: u64,
    },
    /// The buyer finishes a window, with a working or a declined instrument.
    Choose {
        window: usize,
        declined: bool,
    },
    GiveUp {
        window: usize,
    },
    /// The merchant confirms, with the right or another amount.
    Confirm {
        payment: usize,
        right: bool,
    },
    Charge {
        order: u8,
        amount: u64,
    },
    Account {
        order: u8,
        amount: u64,
    },
    Refund {
        payment: usize,
        amount: Option<u64>,
        tax_free: Option<u64>,
        account: bool,
    },
    Deposit {
        payment: usize,
    },
    Reverse {
        payment: usize,
    },
    Expire {
        payment: usize,
    },
    Cancel {
        payment: usize,
    },
    Wait {
        seconds: i64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let any = any::<prop::sample::Index>;
    let at = move || any().prop_map(|index| index.index(1 << 16));
    let order = || 0..8_u8;
    let amount = || prop_oneof![Just(15_000_u64), 1..400_u64, Just(60_000)];
    let part = || prop::option::of(prop_oneof![0..20_000_u64, Just(5_000)]);
    prop_oneof![
        3 => (0..8_usize, order(), amount()).prop_map(|(method, order, amount)| Act::Open { method, order, amount }),
        4 => (at(), any().prop_map(|i| i.index(5) == 0)).prop_map(|(window, declined)| Act::Choose { window, declined }),
        1 => at().prop_map(|window| Act::GiveUp { window }),
        4 => (at(), any().prop_map(|i| i.index(8) > 0)).prop_map(|(payment, right)| Act::Confirm { payment, right }),
        1 => (order(), amount()).prop_map(|(order, amount)| Act::Charge { order, amount }),
        1 => (order(), amount()).prop_map(|(order, amount)| Act::Account { order, amount }),
        4 => (at(), part(), part(), any().prop_map(|i| i.index(4) > 0))
            .prop_map(|(payment, amount, tax_free, account)| Act::Refund { payment, amount, tax_free, account }),
        3 => at().prop_map(|payment| Act::Deposit { payment }),
        1 => at().prop_map(|payment| Act::Reverse { payment }),
        1 => at().prop_map(|payment| Act::Expire { payment }),
        1 => at().prop_map(|payment| Act::Cancel { payment }),
        2 => prop_oneof![0..400_i64, 0..400_000_i64].prop_map(|seconds| Act::Wait { seconds }),
    ]
}

fn choice_of(payment: &Payment, declined: bool) -> Option<Choice> {
    let crate::state::payment::Origin::Window(method) = payment.origin else {
        return None;
    };
    let number = if declined {
        "9410000000000001"
    } else {
        WORKING_CARD
    };
    Some(match method {
        PayMethod::Card => Choice::Card {
            card: Card::read(number, "12/99", "900101", "12", NOW).ok()?,
            installment: 0,
        },
        PayMethod::Transfer => Choice::Transfer {
            account: &ACCOUNTS[usize::from(declined)],
            cash_receipt: CashReceiptChoice::IncomeDeduction,
        },
        PayMethod::VirtualAccount => Choice::VirtualAccount(choice()),
        PayMethod::MobilePhone => Choice::MobilePhone {
            carrier: Carrier::Kt,
            number: "01000000000".into(),
        },
        PayMethod::CultureGiftCertificate
        | PayMethod::BookGiftCertificate
        | PayMethod::GameGiftCertificate => Choice::GiftCertificate,
        PayMethod::ForeignEasyPay => Choice::ForeignEasyPay {
            provider: "PAYPAL".into(),
            country: "US".into(),
        },
    })
}

/// A Toss with its history: what every payment was before.
struct World {
    state: State,
    shop: Shop,
    billing: String,
    windows: Vec<(String, String)>,
    now: OffsetDateTime,
    before: HashMap<String, Payment>,
    told: Vec<(String, Status)>,
}

impl World {
    fn new() -> Self {
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
    fn perform(&mut self, act: &Act) {
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
    fn check(&mut self) {
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
            let charge = matches!(payment.origin, crate::state::payment::Origin::Charge(_));
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

/// The arrows of Toss's diagrams, and staying where one is.
fn may_follow(before: &Payment, after: &Payment) -> bool {
    use Status::{
        Aborted, Canceled, Done, Expired, InProgress, PartialCanceled, Ready, WaitingForDeposit,
    };
    let account = matches!(after.means, Means::VirtualAccount(_));
    match (before.status, after.status) {
        (old, new) if old == new => true,
        (Ready, InProgress | Expired)
        | (InProgress, Expired | Aborted)
        | (Done, Canceled | PartialCanceled) => true,
        (InProgress, Done) => !account,
        (InProgress | Done, WaitingForDeposit) | (WaitingForDeposit, Done | Canceled) => account,
        _ => false,
    }
}

/// What holds for every payment at every moment.
fn sound(payment: &Payment) {
    let given_back: u64 = payment.cancels.iter().map(|cancel| cancel.amount).sum();
    assert_eq!(payment.balance + given_back, payment.total, "{payment:?}");
    assert!(
        payment.tax_free_left() + payment.tax_exemption_left() <= payment.balance,
        "{payment:?}"
    );
    let mut left = payment.total;
    for cancel in &payment.cancels {
        left -= cancel.amount;
        assert_eq!(cancel.refundable, left, "{payment:?}");
        assert!(
            cancel.amount > 0 && cancel.tax_free + cancel.tax_exemption <= cancel.amount,
            "{payment:?}"
        );
    }
    match payment.status {
        Status::Canceled => assert!(
            payment.balance == 0 && payment.cancels.len() == 1,
            "{payment:?}"
        ),
        Status::PartialCanceled => assert!(!payment.cancels.is_empty(), "{payment:?}"),
        _ => assert!(payment.cancels.is_empty(), "{payment:?}"),
    }
    assert_eq!(
        payment.failure.is_some(),
        payment.status == Status::Aborted,
        "{payment:?}"
    );
    assert_eq!(
        payment.last_transaction.is_some(),
        payment.status.is_settled(),
        "{payment:?}"
    );
    let paid = matches!(payment.status, Status::Done | Status::PartialCanceled);
    assert!(!paid || payment.approved_at.is_some(), "{payment:?}");
    let unpaid = matches!(
        payment.status,
        Status::WaitingForDeposit | Status::InProgress | Status::Ready
    );
    assert!(!unpaid || payment.approved_at.is_none(), "{payment:?}");
    assert!(
        !(payment.takes_deposit() && payment.can_reverse()),
        "{payment:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_acts_leaves_the_diagrams(acts in prop::collection::vec(act(), 1..120)) {
        let mut world = World::new();
        for act in &acts {
            world.perform(act);
            world.check();
        }
    }

    #[test]
    fn what_is_saved_comes_back_the_same(acts in prop::collection::vec(act(), 1..60)) {
        let mut world = World::new();
        for act in &acts {
            world.perform(act);
        }
        let saved = serde_json::to_string(&world.state.save()).unwrap();
        let (mut other, _) = toss();
        other.restore(serde_json::from_str(&saved).unwrap());
        prop_assert_eq!(other.payments(), world.state.payments());
        prop_assert_eq!(other.billing(), world.state.billing());
        prop_assert_eq!(serde_json::to_value(other.save()).unwrap(), serde_json::to_value(world.state.save()).unwrap());
    }
}

/// Random acts alone may miss a corner; these reach every status.
#[test]
fn every_status_can_be_reached() {
    let open = |method| Act::Open {
        method,
        order: 0,
        amount: 15_000,
    };
    let mut seen = HashSet::new();
    let all = |payment| Act::Refund {
        payment,
        amount: None,
        tax_free: None,
        account: true,
    };
    let part = Act::Refund {
        payment: 0,
        amount: Some(5_000),
        tax_free: None,
        account: true,
    };
    let confirm = |payment| Act::Confirm {
        payment,
        right: true,
    };
    for acts in [
        vec![
            open(0),
            Act::Choose {
                window: 0,
                declined: false,
            },
            confirm(0),
            part,
        ],
        vec![
            open(0),
            Act::Choose {
                window: 0,
                declined: true,
            },
            confirm(0),
        ],
        vec![
            open(2),
            Act::Choose {
                window: 0,
                declined: false,
            },
            confirm(0),
            Act::Deposit { payment: 0 },
            all(0),
        ],
        vec![open(0), Act::Wait { seconds: 3_600 }],
    ] {
        let mut world = World::new();
        for act in acts {
            world.perform(&act);
            world.check();
            seen.extend(world.state.payments().iter().map(|payment| payment.status));
        }
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
}

#[test]
fn the_same_seed_gives_the_same_names() {
    let (mut one, shop) = toss();
    let (mut two, _) = toss();
    assert_eq!(
        waiting(&mut one, shop, "order-1", NOW),
        waiting(&mut two, shop, "order-1", NOW)
    );
    assert_eq!(callbacks(&mut one), callbacks(&mut two));
}
