//! Databases of version 0.1 are upgraded with everything that is in them.

use sea_orm::ConnectionTrait;
use toss_checkout_contract::PaymentKey;

use super::*;
use crate::{
    application::ports::Queue,
    domain::{ids::PaymentMethodId, payment_method::PaymentMethodStatus, webhook::WebhookState},
    store::{connection, migrations},
};

fn id(letter: char) -> SessionId {
    SessionId::new(format!("cs_{}", String::from(letter).repeat(22))).unwrap()
}

/// What 0.1 wrote: sessions of every status, attempts, a billing key, webhooks, a report.
const RELEASED: &str = include_str!("released_0_1.sql");

async fn released(place: &Place) {
    let (engine, _, write) = connection::open(place.url()).await.unwrap();
    migrations::released_0_1(&write, engine).await.unwrap();
    write.execute_unprepared(RELEASED).await.unwrap();
    write.close().await.unwrap();
}

#[tokio::test]
async fn a_database_of_0_1_is_upgraded_with_what_is_in_it() {
    for place in places().await {
        released(&place).await;
        let store = place.open().await;
        let statuses = [
            ('o', SessionStatus::Open, PaymentStatus::Ready),
            ('c', SessionStatus::Confirming, PaymentStatus::Confirming),
            (
                'w',
                SessionStatus::WaitingForDeposit,
                PaymentStatus::WaitingForDeposit,
            ),
            ('p', SessionStatus::Paid, PaymentStatus::Paid),
            (
                'q',
                SessionStatus::PartiallyCanceled,
                PaymentStatus::PartiallyCanceled,
            ),
            ('x', SessionStatus::Canceled, PaymentStatus::Canceled),
            ('f', SessionStatus::Failed, PaymentStatus::Failed),
            ('u', SessionStatus::Unknown, PaymentStatus::Unknown),
            ('e', SessionStatus::Expired, PaymentStatus::Expired),
        ];
        for (letter, status, of_payment) in statuses {
            let session = store.session(&id(letter)).await.unwrap().unwrap();
            assert_eq!(session.session.status, status, "{letter}");
            let payment = store
                .payment(&session.payment_id.unwrap())
                .await
                .unwrap()
                .unwrap();
            assert_eq!(payment.status, of_payment, "{letter}");
            assert!(is_listed(&store, &payment, of_payment).await, "{letter}");
            assert_eq!(Some(&payment.order_id), session.session.order_id.as_ref());
            assert_eq!(payment.session_id.as_ref(), Some(&id(letter)));
            assert!(!payment.id.as_str().contains(&id(letter).expose()[3..]));
        }
        let waiting = store.session(&id('w')).await.unwrap().unwrap();
        let waiting = store
            .payment(&waiting.payment_id.unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            waiting.payment_key,
            Some(PaymentKey::new("tgen_w").unwrap())
        );
        assert_eq!(waiting.due_at, Some(Millis(50)));
        assert_eq!(waiting.work.next_action_at, Some(Millis(40)));
        assert_eq!(waiting.secret_digest.as_deref(), Some("secret-w"));
        assert_eq!(waiting.details.virtual_account.unwrap().bank_code, "20");

        let billing = store.session(&id('b')).await.unwrap().unwrap();
        let method: PaymentMethodId = billing.payment_method_id.unwrap();
        let method = store.payment_method(&method).await.unwrap().unwrap();
        assert_eq!(method.status, PaymentMethodStatus::Active);
        assert_eq!(method.sealed_key, "sealed-b");
        assert_eq!(method.display.card.unwrap().number, "43301234****123*");
        let consent = method.consent.unwrap();
        assert_eq!(
            (consent.consent.version.to_string(), consent.at),
            ("1".to_owned(), Millis(7))
        );
        let first = store
            .payment(&billing.payment_id.unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (first.purpose, first.status),
            (Purpose::FirstCharge, PaymentStatus::Paid)
        );
        assert_eq!((first.amount.value(), first.balance), (9_900, 9_900));

        let attempts = store.attempts_of_session(&id('u')).await.unwrap();
        let states: Vec<_> = attempts.iter().map(|attempt| attempt.status).collect();
        assert_eq!(states, [AttemptStatus::Declined, AttemptStatus::Unknown]);
        assert_eq!(attempts[1].work.next_action_at, Some(Millis(30)));
        assert_eq!(attempts[1].key_fingerprint, "");
        let due = store.backlog(Queue::Attempts, NOW).await.unwrap();
        assert_eq!(due.due, 2, "one in flight, one unknown");
        assert_eq!(store.backlog(Queue::Webhooks, NOW).await.unwrap().due, 1);
        let claimed = store
            .claim(
                Queue::Webhooks,
                NOW,
                std::time::Duration::from_secs(1),
                1,
                None,
            )
            .await
            .unwrap();
        let webhook = store.webhook(&claimed[0].id).await.unwrap().unwrap();
        assert_eq!(
            (webhook.state, webhook.deliveries),
            (WebhookState::Pending, 2)
        );
        store.close().await.unwrap();

        // Once more: nothing is done twice.
        let again = place.open().await;
        assert_eq!(again.backlog(Queue::Attempts, NOW).await.unwrap().due, 2);
    }
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    for place in places().await {
        let store = place.open().await;
        store
            .read
            .execute_unprepared(
                "INSERT INTO schema_migrations (version, name, applied_at) VALUES (99, 'later', 1)",
            )
            .await
            .unwrap();
        store.close().await.unwrap();
        let error = Store::open(place.url(), NOW).await.unwrap_err();
        assert!(
            matches!(error, OpenError::Newer { found: 99, .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_address_of_no_database_is_refused() {
    let error = Store::open("mysql://localhost/shop", NOW)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("sqlite://"), "{error}");
}
