//! Changes are written whole or not at all, and constraints hold against the code above.

use std::{collections::BTreeSet, slice, time::Duration};

use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use serde_json::json;
use toss_checkout_contract::{FailureCode, PaymentKey};

use super::*;
use crate::{
    application::{
        change::{AttemptUpdate, PaymentPatch, Settlement, Update},
        ports::{Page, PaymentFilter, Queue},
    },
    domain::{
        attempt::AttemptFailure,
        event::{EventType, NewEvent},
        refund::{Refund, RefundDetails, RefundOrigin, RefundStatus},
        session::SessionPatch,
    },
};

fn begin(attempt: Attempt) -> Change {
    Change {
        new_attempt: Some(attempt),
        ..Change::default()
    }
}

fn settle(attempt: &Attempt, settlement: Settlement) -> Change {
    Change {
        attempt: Some(AttemptUpdate {
            invoice_id: None,
            id: attempt.id.clone(),
            lease_no: None,
            settlement,
        }),
        ..Change::default()
    }
}

fn declined() -> Settlement {
    Settlement::Declined(AttemptFailure {
        code: FailureCode::from("REJECT_CARD_COMPANY"),
        message: "거절".to_owned(),
        status: 403,
    })
}

#[tokio::test]
async fn what_is_written_is_read() {
    for place in places().await {
        let store = place.open().await;
        let (session, payment) = written(&store).await;
        assert_eq!(
            store.session(&session.session.id).await.unwrap(),
            Some(session)
        );
        assert_eq!(
            store.payment(&payment.id).await.unwrap(),
            Some(payment.clone())
        );
        let found = store.payment_of_order(&payment.order_id).await.unwrap();
        assert_eq!(found, Some(payment.clone()));
        let attempt = confirm(&payment);
        store.commit(begin(attempt.clone()), NOW).await.unwrap();
        assert_eq!(
            store.attempts_of_payment(&payment.id).await.unwrap(),
            [attempt]
        );
        let filter = PaymentFilter {
            customer_key: Some(payment.customer_key.clone()),
            status: Some(PaymentStatus::Ready),
            ..PaymentFilter::default()
        };
        let page = Page {
            limit: 10,
            before: None,
        };
        let listed = store.payments(page, &filter).await.unwrap();
        assert_eq!(listed.len(), 1);
    }
}

#[tokio::test]
async fn a_payment_is_listed_under_each_status_that_it_comes_to() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let statuses = [
            PaymentStatus::Confirming,
            PaymentStatus::Unknown,
            PaymentStatus::Paid,
            PaymentStatus::Ready,
        ];
        for (revision, status) in (1..).zip(statuses) {
            let change = Change {
                payment: Some(Update {
                    id: payment.id.clone(),
                    revision,
                    patch: PaymentPatch {
                        status: Some(status),
                        ..PaymentPatch::default()
                    },
                }),
                ..Change::default()
            };
            assert_eq!(store.commit(change, NOW).await.unwrap(), Committed::Done);
            for &wanted in PaymentStatus::ALL {
                let listed = is_listed(&store, &payment, wanted).await;
                assert_eq!(listed, wanted == status, "{wanted:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_change_of_something_that_changed_in_between_writes_nothing() {
    for place in places().await {
        let store = place.open().await;
        let (session, payment) = written(&store).await;
        let attempt = confirm(&payment);
        store.commit(begin(attempt.clone()), NOW).await.unwrap();
        let change = |revision, of_payment, lease_no| Change {
            session: Some(Update {
                id: session.session.id.clone(),
                revision,
                patch: SessionPatch {
                    status: Some(SessionStatus::Confirming),
                    ..SessionPatch::default()
                },
            }),
            payment: Some(Update {
                id: payment.id.clone(),
                revision: of_payment,
                patch: PaymentPatch {
                    status: Some(PaymentStatus::Confirming),
                    payment_key: Some(PaymentKey::new(random_name("key")).unwrap()),
                    ..PaymentPatch::default()
                },
            }),
            attempt: Some(AttemptUpdate {
                lease_no: Some(lease_no),
                ..settle(&attempt, Settlement::Succeeded).attempt.unwrap()
            }),
            events: vec![NewEvent {
                kind: EventType::PaymentPaid,
                subject: payment.id.to_string(),
                subject_revision: 2,
                data: json!({"status": "paid"}),
            }],
            ..Change::default()
        };
        // Whichever it is.
        for stale in [change(7, 1, 0), change(1, 7, 0), change(1, 1, 7)] {
            let committed = store.commit(stale, NOW).await.unwrap();
            assert_eq!(committed, Committed::Stale);
            assert_eq!(
                store.session(&session.session.id).await.unwrap(),
                Some(session.clone())
            );
            assert_eq!(
                store.payment(&payment.id).await.unwrap(),
                Some(payment.clone())
            );
            assert_eq!(
                store.attempts_of_payment(&payment.id).await.unwrap(),
                slice::from_ref(&attempt)
            );
            assert!(store.events(0, 10).await.unwrap().is_empty());
        }
        for expected in [Committed::Done, Committed::Stale] {
            let committed = store.commit(change(1, 1, 0), NOW).await.unwrap();
            assert_eq!(committed, expected);
        }
        let events = store.events(0, 10).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].data, json!({"status": "paid"}));
        let payment = store.payment(&payment.id).await.unwrap().unwrap();
        assert_eq!(
            (payment.revision, payment.status),
            (2, PaymentStatus::Confirming)
        );
    }
}

#[tokio::test]
async fn of_changes_of_one_row_at_once_one_is_written_and_the_others_leave_no_trace() {
    for place in places().await {
        let stores = [place.open().await, place.open().await];
        let (session, payment) = written(&stores[0]).await;
        let changes = (0..16).map(|n| {
            let change = Change {
                session: Some(Update {
                    id: session.session.id.clone(),
                    revision: 1,
                    patch: SessionPatch {
                        status: Some(SessionStatus::Confirming),
                        ..SessionPatch::default()
                    },
                }),
                payment: Some(Update {
                    id: payment.id.clone(),
                    revision: 1,
                    patch: PaymentPatch {
                        status: Some(PaymentStatus::Confirming),
                        ..PaymentPatch::default()
                    },
                }),
                new_attempt: Some(confirm(&payment)),
                events: vec![NewEvent {
                    kind: EventType::PaymentPaid,
                    subject: payment.id.to_string(),
                    subject_revision: 2,
                    data: json!({}),
                }],
                ..Change::default()
            };
            let store = Arc::clone(&stores[n % 2]);
            tokio::spawn(async move { store.commit(change, NOW).await.unwrap() })
        });
        let mut done = 0;
        for change in changes.collect::<Vec<_>>() {
            if change.await.unwrap() == Committed::Done {
                done += 1;
            }
        }
        let store = &stores[1];
        let attempts = store.attempts_of_payment(&payment.id).await.unwrap();
        let events = store.events(0, 100).await.unwrap();
        assert_eq!((done, attempts.len(), events.len()), (1, 1, 1));
        let payment = store.payment(&payment.id).await.unwrap().unwrap();
        assert_eq!(payment.revision, 2);
    }
}

#[tokio::test]
async fn a_second_attempt_begins_only_when_the_first_was_refused() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let first = confirm(&payment);
        let second = confirm(&payment);
        assert_eq!(
            store.commit(begin(first.clone()), NOW).await.unwrap(),
            Committed::Done
        );
        assert_eq!(
            store.commit(begin(second.clone()), NOW).await.unwrap(),
            Committed::Conflict
        );
        store
            .commit(settle(&first, Settlement::Unknown(NOW)), NOW)
            .await
            .unwrap();
        assert_eq!(
            store.commit(begin(second.clone()), NOW).await.unwrap(),
            Committed::Conflict
        );
        store.commit(settle(&first, declined()), NOW).await.unwrap();
        assert_eq!(
            store.commit(begin(second.clone()), NOW).await.unwrap(),
            Committed::Done
        );
        store
            .commit(settle(&second, Settlement::Succeeded), NOW)
            .await
            .unwrap();
        // Not even code that is wrong can write down a third.
        assert_eq!(
            store.commit(begin(confirm(&payment)), NOW).await.unwrap(),
            Committed::Conflict
        );
        // The refused one was done all the same: it is recorded, not dropped.
        assert_eq!(
            store
                .commit(settle(&first, Settlement::Surplus), NOW)
                .await
                .unwrap(),
            Committed::Done
        );
        assert_eq!(
            store
                .commit(settle(&first, Settlement::Succeeded), NOW)
                .await
                .unwrap(),
            Committed::Stale
        );
    }
}

#[tokio::test]
async fn an_attempt_is_settled_by_who_holds_it() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let attempt = confirm(&payment);
        store.commit(begin(attempt.clone()), NOW).await.unwrap();
        let lease = NOW.plus(Duration::from_secs(40));
        let due = |at| store.claim(Queue::Attempts, at, Duration::from_secs(40), 10, None);
        let first = due(NOW).await.unwrap();
        assert_eq!((first.len(), first[0].lease_no), (1, 1));
        assert!(due(NOW).await.unwrap().is_empty());
        let second = due(lease).await.unwrap();
        assert_eq!(second.len(), 1);
        let settled_by = |lease_no| Change {
            attempt: Some(AttemptUpdate {
                invoice_id: None,
                id: attempt.id.clone(),
                lease_no: Some(lease_no),
                settlement: declined(),
            }),
            ..Change::default()
        };
        // The one that held it first comes back late and may write nothing.
        let late = settled_by(first[0].lease_no);
        assert_eq!(store.commit(late, NOW).await.unwrap(), Committed::Stale);
        let holder = settled_by(second[0].lease_no);
        assert_eq!(store.commit(holder, NOW).await.unwrap(), Committed::Done);
    }
}

#[tokio::test]
async fn two_refunds_of_a_payment_are_never_under_way_at_once() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let refund = |key: &str| Refund {
            id: crate::domain::ids::RefundId::new(random_name("ref_")),
            payment_id: payment.id.clone(),
            shop_id: payment.shop_id.clone(),
            request_key: Some(key.to_owned()),
            amount: Amount::won(1_000).unwrap(),
            expected_balance: None,
            status: RefundStatus::Pending,
            origin: RefundOrigin::Api,
            transaction_key: None,
            sealed_account: None,
            details: RefundDetails::default(),
            created_at: NOW,
        };
        let change = |refund: Refund| Change {
            new_refunds: vec![refund],
            ..Change::default()
        };
        assert_eq!(
            store.commit(change(refund("a")), NOW).await.unwrap(),
            Committed::Done
        );
        assert_eq!(
            store.commit(change(refund("b")), NOW).await.unwrap(),
            Committed::Conflict
        );
        assert_eq!(store.refunds(&payment.id).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn changes_that_wait_together_do_not_share_their_fate() {
    for place in places().await {
        let store = place.open().await;
        let (_, payment) = written(&store).await;
        let mut running = tokio::task::JoinSet::new();
        for number in 0..100_u64 {
            let (store, payment) = (Arc::clone(&store), payment.clone());
            running.spawn(async move {
                let change = if number % 2 == 0 {
                    let (session, payment) = order();
                    Change {
                        new_session: Some(session),
                        new_payment: Some(payment),
                        ..Change::default()
                    }
                } else {
                    begin(confirm(&payment))
                };
                store.commit(change, NOW).await.unwrap()
            });
        }
        let results = running.join_all().await;
        let done = results.iter().filter(|it| **it == Committed::Done).count();
        assert_eq!(done, 51, "fifty orders, and one attempt of the one payment");
        assert_eq!(
            store.attempts_of_payment(&payment.id).await.unwrap().len(),
            1
        );
        let page = Page {
            limit: 200,
            before: None,
        };
        assert_eq!(store.sessions(page, None).await.unwrap().len(), 51);
    }
}

#[tokio::test]
#[cfg(unix)]
async fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let store = Store::open(&format!("sqlite://{}", path.display()), NOW)
        .await
        .unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
    store.close().await.unwrap();
}

/// What a confirm writes before it is sent.
fn start(session: &SessionRecord, payment: &Payment, revision: u64) -> Change {
    Change {
        session: Some(Update {
            id: session.session.id.clone(),
            revision,
            patch: SessionPatch {
                status: Some(SessionStatus::Confirming),
                ..SessionPatch::default()
            },
        }),
        new_attempt: Some(confirm(payment)),
        events: vec![NewEvent {
            kind: EventType::PaymentPaid,
            subject: payment.id.to_string(),
            subject_revision: revision,
            data: json!({}),
        }],
        ..Change::default()
    }
}

#[tokio::test]
async fn changes_that_are_written_together_have_their_own_outcomes() {
    for place in places().await {
        let store = place.open().await;
        let mut changes = Vec::new();
        for n in 0..40 {
            let (session, payment) = written(&store).await;
            let expected = match n % 4 {
                0 => Committed::Stale,
                1 => {
                    store.commit(begin(confirm(&payment)), NOW).await.unwrap();
                    Committed::Conflict
                }
                _ => Committed::Done,
            };
            let revision = if expected == Committed::Stale { 7 } else { 1 };
            changes.push((start(&session, &payment, revision), payment, expected));
        }
        let all = changes.into_iter().map(|(change, payment, expected)| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let committed = store.commit(change, NOW).await.unwrap();
                assert_eq!(committed, expected);
                let attempts = store.attempts_of_payment(&payment.id).await.unwrap();
                assert_eq!(attempts.len(), usize::from(expected != Committed::Stale));
                payment.id.to_string()
            })
        });
        for change in all.collect::<Vec<_>>() {
            change.await.unwrap();
        }
        let events = store.events(0, 100).await.unwrap();
        assert_eq!(events.len(), 20);
        let subjects: BTreeSet<_> = events.iter().map(|event| &event.subject).collect();
        assert_eq!(subjects.len(), 20, "each of its own payment");
    }
}

#[tokio::test]
async fn a_change_that_fails_or_waits_for_a_row_holds_up_no_other() {
    for place in places().await {
        let store = place.open().await;
        if store.engine() == Engine::Sqlite {
            continue;
        }
        let mut orders = Vec::new();
        for _ in 0..12 {
            orders.push(written(&store).await);
        }
        let other = Database::connect(place.url()).await.unwrap();
        let tx = other.begin().await.unwrap();
        let locked = &orders[0].1.id;
        tx.execute_unprepared(&format!(
            "SELECT 1 FROM sessions WHERE payment_id = '{locked}' FOR UPDATE"
        ))
        .await
        .unwrap();
        let mut changes = Vec::new();
        for (n, (session, payment)) in orders.iter().enumerate() {
            let mut change = start(session, payment, 1);
            if n == 1 {
                // No text of PostgreSQL has this character.
                "\0".clone_into(&mut change.events[0].subject);
            }
            let store = Arc::clone(&store);
            changes.push(tokio::spawn(async move { store.commit(change, NOW).await }));
        }
        let waits = changes.remove(0);
        let fails = changes.remove(0);
        assert!(fails.await.unwrap().is_err());
        for change in changes {
            assert_eq!(change.await.unwrap().unwrap(), Committed::Done);
        }
        assert!(!waits.is_finished());
        tx.rollback().await.unwrap();
        assert_eq!(waits.await.unwrap().unwrap(), Committed::Done);
        assert_eq!(store.events(0, 100).await.unwrap().len(), 11);
    }
}
