//! What guards the steps of a subscription.

use toss_checkout_contract::FailureCode;

use super::*;
use crate::{
    application::{
        change::{AttemptUpdate, Settlement, SubscriptionChange, SubscriptionUpdate},
        subscription_records::SubscriptionRecords,
    },
    domain::{
        attempt::AttemptFailure,
        charge::{ChargeOf, Trigger},
        ids::{PaymentMethodId, SubscriptionId},
        subscription::{
            Subscription,
            calendar::{Interval, Unit},
            create::{Draft, Start, create},
            engine::{Next, World, next},
            invoice::Invoice,
            rules::SubscriptionRules,
        },
    },
};

/// A subscription, and the invoice of its first period.
fn subscribed() -> (Subscription, Invoice) {
    let draft = Draft {
        id: SubscriptionId::new(random_name("sub_")),
        shop_id: shop().id,
        customer_key: CustomerKey::new(uuid::Uuid::new_v4().to_string()).unwrap(),
        payment_method_id: PaymentMethodId::new("pm_1"),
        minimum: 100,
        order_name: "구독".to_owned(),
        customer: Customer::default(),
        price: 15_000,
        interval: Interval {
            unit: Unit::Month,
            count: 1,
        },
        phases: Vec::new(),
        anchor: None,
        trial_end: None,
        start: Start::Now,
    };
    let rules = SubscriptionRules::default();
    let subscription = create(draft, &rules, NOW).unwrap();
    let world = World {
        subscription: &subscription,
        invoice: None,
        charges: &[],
        chargeable: true,
        minimum: 100,
        consents: &[],
        stopped_until: None,
        resumed_at: None,
        rules: &rules,
    };
    let Next::Do(step) = next(&world, NOW) else {
        panic!("nothing is due");
    };
    (subscription.clone(), step.new_invoice.unwrap())
}

/// Two workers read that a charge was refused. One of them found that Toss had carried it out all the same; the
/// other one was about to make the next charge.
#[tokio::test]
async fn a_charge_that_was_decided_before_the_last_one_was_found_paid_is_not_written() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let (subscription, invoice) = subscribed();
        let charge = |no| Attempt {
            kind: AttemptKind::Charge,
            charge: Some(ChargeOf {
                invoice_id: invoice.id.clone(),
                no,
                trigger: Trigger::Retry,
            }),
            ..confirm(&payment)
        };
        let first = charge(1);
        let begun = Change {
            subscribing: Some(Box::new(SubscriptionChange {
                new_subscription: Some(subscription.clone()),
                new_invoice: Some(invoice.clone()),
                ..SubscriptionChange::default()
            })),
            new_attempt: Some(first.clone()),
            ..Change::default()
        };
        let settle = |settlement| Change {
            attempt: Some(AttemptUpdate::of(&first, None, settlement)),
            ..Change::default()
        };
        let refused = settle(Settlement::Declined(AttemptFailure {
            code: FailureCode::from("PROVIDER_ERROR"),
            message: "오류".to_owned(),
            status: 400,
        }));
        for change in [begun, refused] {
            assert_eq!(store.commit(change, NOW).await.unwrap(), Committed::Done);
        }
        let next_charge = async || {
            let read = store.subscription(&subscription.id).await.unwrap().unwrap();
            let mut new = read.clone();
            new.revision += 1;
            Change {
                subscribing: Some(Box::new(SubscriptionChange {
                    subscription: Some(SubscriptionUpdate {
                        revision: read.revision,
                        new: Box::new(new),
                        next_action_at: None,
                    }),
                    ..SubscriptionChange::default()
                })),
                new_attempt: Some(charge(2)),
                ..Change::default()
            }
        };
        let too_late = next_charge().await;
        let paid = settle(Settlement::Surplus);
        assert_eq!(store.commit(paid, NOW).await.unwrap(), Committed::Done);
        assert_eq!(store.commit(too_late, NOW).await.unwrap(), Committed::Stale);
        let attempts = store.attempts_of_invoice(&invoice.id).await.unwrap();
        assert_eq!(attempts.len(), 1);
        // What is decided from now on is written.
        let fresh = next_charge().await;
        assert_eq!(store.commit(fresh, NOW).await.unwrap(), Committed::Done);
    }
}
