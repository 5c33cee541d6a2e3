//! What the database forbids by itself, should code above it be wrong, copies race, or a backup be old.

use super::*;
use crate::{
    application::change::{AttemptUpdate, Settlement},
    domain::attempt::AttemptFailure,
};

fn begin(attempt: &Attempt) -> Change {
    Change {
        new_attempt: Some(attempt.clone()),
        ..Change::default()
    }
}

fn settle(attempt: &Attempt, settlement: Settlement) -> Change {
    Change {
        attempt: Some(AttemptUpdate::of(attempt, None, settlement)),
        ..Change::default()
    }
}

/// A registration, of which no payment is part.
fn issue(payment: &Payment) -> Attempt {
    Attempt {
        kind: AttemptKind::Issue,
        payment_id: None,
        order_id: None,
        amount: None,
        ..confirm(payment)
    }
}

fn cancel(payment: &Payment) -> Attempt {
    Attempt {
        kind: AttemptKind::Cancel,
        session_id: None,
        key_digest: None,
        sealed_key: None,
        ..confirm(payment)
    }
}

fn refused() -> Settlement {
    Settlement::Declined(AttemptFailure {
        code: "REJECT_CARD_COMPANY".into(),
        message: String::new(),
        status: 403,
    })
}

/// Of each kind one is open at a time, also while nobody knows what came of it; the next begins when it was
/// refused.
#[tokio::test]
async fn one_registration_of_a_session_and_one_cancel_of_a_payment_are_open_at_a_time() {
    for place in places().await {
        let store = place.open().await;
        for make in [issue, cancel] {
            let (_, payment) = written(&store).await;
            let (first, second) = (make(&payment), make(&payment));
            let commit = async |change| store.commit(change, NOW).await.unwrap();
            assert_eq!(commit(begin(&first)).await, Committed::Done);
            assert_eq!(commit(begin(&second)).await, Committed::Conflict);
            let unknown = settle(&first, Settlement::Unknown(NOW));
            assert_eq!(commit(unknown).await, Committed::Done);
            assert_eq!(commit(begin(&second)).await, Committed::Conflict);
            assert_eq!(commit(settle(&first, refused())).await, Committed::Done);
            assert_eq!(commit(begin(&second)).await, Committed::Done);
        }
    }
}
