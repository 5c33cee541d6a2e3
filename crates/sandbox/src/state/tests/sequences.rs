//! Random sequences of everything that can happen: no payment ever leaves the diagram.

use std::collections::HashSet;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::state::{ChargeRequest, Payment, payment::Status};

/// The arrows of Toss's diagrams, and staying where one is.
fn may_follow(before: Status, after: Status) -> bool {
    use Status::{Aborted, Canceled, Done, Expired, InProgress, Ready, WaitingForDeposit};
    before == after
        || matches!(
            (before, after),
            (Ready, InProgress | Expired)
                | (InProgress, WaitingForDeposit | Done | Aborted | Expired)
                | (WaitingForDeposit, Done | Canceled)
                | (Done, WaitingForDeposit | Canceled)
        )
}

fn check(payment: &Payment) {
    let given_back: u64 = payment.cancels.iter().map(|cancel| cancel.amount).sum();
    assert_eq!(payment.balance + given_back, payment.total, "{payment:?}");
    assert_eq!(
        payment.status == Status::Canceled,
        payment.balance == 0,
        "{payment:?}"
    );
    let settled = payment.status.is_settled();
    assert_eq!(payment.last_transaction.is_some(), settled, "{payment:?}");
    if payment.account().is_some() {
        assert!(settled && payment.secret.is_some(), "{payment:?}");
    }
    if matches!(payment.status, Status::WaitingForDeposit) {
        assert_eq!(payment.approved_at, None, "{payment:?}");
    }
    if payment.status == Status::Done {
        assert!(payment.approved_at.is_some(), "{payment:?}");
    }
    assert!(
        !(payment.takes_deposit() && payment.can_reverse()),
        "{payment:?}"
    );
}

#[test]
fn no_sequence_of_operations_leaves_the_diagram() {
    let mut reached = HashSet::new();
    for seed in 0..150 {
        reached.extend(play(seed));
    }
    assert_eq!(reached.len(), 6, "every status was reached: {reached:?}");
}

/// Plays one sequence; returns the statuses that it passed through.
fn play(seed: u64) -> HashSet<Status> {
    let mut reached = HashSet::new();
    let mut chance = StdRng::seed_from_u64(seed);
    let (mut state, shop) = toss();
    let billing = billing_key(&mut state, shop, working_card());
    let mut now = NOW;
    let mut windows: Vec<String> = Vec::new();
    let mut before: Vec<Status> = Vec::new();
    for step in 0..120 {
        now += Duration::seconds(chance.random_range(0..400));
        if chance.random_ratio(1, 40) {
            now += Duration::hours(chance.random_range(1..80));
        }
        let order = format!("order-{}", chance.random_range(0..8));
        let key = match state.payments() {
            [] => "none".to_owned(),
            all => all[chance.random_range(0..all.len())]
                .key
                .expose()
                .to_owned(),
        };
        let window = match windows.as_slice() {
            [] => String::new(),
            all => all[chance.random_range(0..all.len())].clone(),
        };
        match chance.random_range(0..10) {
            0 | 1 => {
                let form = form(&order, 15_000);
                let opened = state.open_payment(shop, Target::Page, redirect(), form, now);
                windows.extend(opened);
            }
            2 | 3 => {
                let _ = state.choose_account(&window, choice(), now);
            }
            4 => {
                let order = state
                    .payments()
                    .iter()
                    .find(|payment| payment.key.expose() == key)
                    .map_or(order, |payment| payment.order_id.as_str().to_owned());
                let amount = if chance.random_ratio(1, 10) {
                    1
                } else {
                    15_000
                };
                let _ = state.confirm(shop, &key, &order, won(amount), now);
            }
            5 => drop(state.deposit(&key, now).map(|_| ())),
            6 => drop(state.reverse(&key, now).map(|_| ())),
            7 => {
                if chance.random_ratio(1, 3) {
                    let _ = state.expire(&key, now);
                }
            }
            8 => {
                if chance.random_ratio(1, 3) {
                    let _ = state.cancel(&key, "", now);
                } else {
                    let _ = state.give_up(&window, now);
                }
            }
            _ => {
                let request = ChargeRequest {
                    customer_key: CUSTOMER.into(),
                    amount: 4_900,
                    order_id: order,
                    order_name: "구독".into(),
                    tax_free: 0,
                    tax_exemption: 0,
                };
                let _ = state.charge(shop, &billing, &request, now);
            }
        }
        for (at, payment) in state.payments().iter().enumerate() {
            check(payment);
            if let Some(before) = before.get(at) {
                assert!(
                    may_follow(*before, payment.status),
                    "seed {seed}, step {step}: {before:?} to {payment:?}"
                );
            }
        }
        before = state.payments().iter().map(|p| p.status).collect();
        reached.extend(before.iter().copied());
        one_settled_payment_per_order(&state);
        for callback in callbacks(&mut state) {
            assert!(["WAITING_FOR_DEPOSIT", "DONE", "CANCELED"].contains(&callback.status));
        }
    }
    reached
}

fn one_settled_payment_per_order(state: &State) {
    let mut orders: Vec<_> = state
        .payments()
        .iter()
        .filter(|payment| payment.status.is_settled())
        .map(|payment| payment.order_id.as_str())
        .collect();
    let all = orders.len();
    orders.sort_unstable();
    orders.dedup();
    assert_eq!(orders.len(), all);
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
