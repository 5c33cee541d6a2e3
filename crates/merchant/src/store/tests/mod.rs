//! The same behaviour on both engines. PostgreSQL takes part where `TEST_POSTGRES_URL` names a server;
//! `cargo xtask test` starts one.

mod claims;
mod commits;
mod constraints;
mod hints;
mod outbox;
mod plans;
mod snapshot;
mod subscriptions;
mod upgrade;

use std::sync::Arc;

use test_database::TestDatabase;
use toss_checkout_contract::{
    Amount, ClientKey, Customer, CustomerKey, KeyMode, Method, OrderId, Session, SessionId,
    SessionKind, SessionStatus,
};

use super::*;
use crate::{
    application::{
        change::{Change, Committed},
        ports::{
            DueWork, Page, PaymentFilter, PaymentMethodRecords, PaymentRecords, Records,
            SessionRecords, ShopRecords, WebhookRecords,
        },
    },
    crypto::random_name,
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        ids::{AttemptId, PaymentId},
        payment::{Payment, PaymentDetails, PaymentStatus, Purpose},
        session::SessionRecord,
        shop::ShopPurpose,
        work::Work,
    },
};

const NOW: Millis = Millis(1_795_219_200_000);

/// A database of a test.
struct Place(TestDatabase);

/// One new database per engine.
async fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for engine in test_database::Engine::available() {
        places.push(Place(TestDatabase::create(engine).await));
    }
    places
}

impl Place {
    fn url(&self) -> &str {
        self.0.url()
    }

    async fn open(&self) -> Arc<Store> {
        let store = Store::open(self.url(), NOW).await.unwrap();
        store.save_shop(&shop()).await.unwrap();
        Arc::new(store)
    }
}

fn shop() -> Shop {
    Shop {
        id: ShopId::new("shop_default"),
        purpose: ShopPurpose::Both,
        mode: KeyMode::Test,
        client_key: ClientKey::new("test_ck_abc").unwrap(),
        sealed_secret: "sealed".to_owned(),
        key_fingerprint: "f1".to_owned(),
        merchant_id: None,
        created_at: NOW,
    }
}

/// A session with its payment, as `create` writes them.
fn order() -> (SessionRecord, Payment) {
    let customer_key = CustomerKey::new(uuid::Uuid::new_v4().to_string()).unwrap();
    let session_id = SessionId::new(random_name(SessionId::PREFIX)).unwrap();
    let order_id = OrderId::new(random_name("ord_")).unwrap();
    let payment_id = PaymentId::new(random_name(PaymentId::PREFIX));
    let amount = Amount::won(15_000).unwrap();
    let payment = Payment {
        id: payment_id.clone(),
        shop_id: shop().id,
        order_id: order_id.clone(),
        purpose: Purpose::Checkout,
        session_id: Some(session_id.clone()),
        payment_method_id: None,
        customer_key: customer_key.clone(),
        order_name: "티셔츠 1장".to_owned(),
        customer: Customer::default(),
        amount,
        balance: 0,
        status: PaymentStatus::Ready,
        revision: 1,
        payment_key: None,
        secret_digest: None,
        details: PaymentDetails::default(),
        approved_at: None,
        due_at: None,
        created_at: NOW,
        work: Work::default(),
        needs_attention: None,
    };
    let expires_at = NOW.plus(std::time::Duration::from_hours(1));
    let session = SessionRecord {
        session: Session {
            id: session_id,
            kind: SessionKind::Payment,
            status: SessionStatus::Open,
            revision: 1,
            order_id: Some(order_id),
            order_name: payment.order_name.clone(),
            amount: Some(amount),
            customer_key,
            client_key: shop().client_key,
            methods: vec![Method::VirtualAccount],
            customer: Customer::default(),
            virtual_account: None,
            card: None,
            foreign_easy_pay: None,
            plan: None,
            charge_now: false,
            consent: None,
            locale: None,
            return_url: None,
            expires_at: expires_at.kst(),
            now: None,
            result: None,
        },
        shop_id: shop().id,
        payment_id: Some(payment_id),
        payment_method_id: None,
        subscribe: false,
        replaces_method_of: None,
        consent_given: None,
        expires_at,
        idempotency_key: None,
        request_digest: Some("digest".to_owned()),
        created_at: NOW,
        work: Work::at(expires_at),
        needs_attention: None,
    };
    (session, payment)
}

fn confirm(payment: &Payment) -> Attempt {
    let id = AttemptId::new(random_name(AttemptId::PREFIX));
    Attempt {
        idempotency_key: id.to_string(),
        id,
        kind: AttemptKind::Confirm,
        shop_id: payment.shop_id.clone(),
        session_id: payment.session_id.clone(),
        payment_id: Some(payment.id.clone()),
        payment_method_id: None,
        refund_id: None,
        charge: None,
        key_digest: Some(random_name("")),
        sealed_key: Some("sealed".to_owned()),
        key_fingerprint: "f1".to_owned(),
        order_id: Some(payment.order_id.clone()),
        amount: Some(payment.amount),
        status: AttemptStatus::Intended,
        failure: None,
        consent: None,
        sent_at: None,
        fault_at: None,
        settled_at: None,
        created_at: NOW,
        work: Work::at(NOW),
        needs_attention: None,
    }
}

/// Writes an order, and answers what was written.
async fn written(store: &Store) -> (SessionRecord, Payment) {
    let (session, payment) = order();
    let change = Change {
        new_session: Some(session.clone()),
        new_payment: Some(payment.clone()),
        ..Change::default()
    };
    assert_eq!(store.commit(change, NOW).await.unwrap(), Committed::Done);
    (session, payment)
}

/// Whether a payment is listed under a status.
async fn is_listed(store: &Store, payment: &Payment, status: PaymentStatus) -> bool {
    let filter = PaymentFilter {
        order_id: Some(payment.order_id.clone()),
        status: Some(status),
        ..PaymentFilter::default()
    };
    let page = Page {
        limit: 10,
        before: None,
    };
    !store.payments(page, &filter).await.unwrap().is_empty()
}
