//! One-time keys from the page: each reaches Toss once, whatever the buyer does.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, timeout_at};
use toss_checkout_contract::{
    ChargeStatus, Consent, Session, SessionId, SessionResult, SessionStatus,
};

use super::{
    apply_provider_payment::payment_change,
    attempts::{Around, Begun, intent},
    change::{Change, Committed, Update},
    error::UseCaseError,
    ports::Checkout,
    run::{Ended, hand_over},
    services::Services,
};
use crate::{
    domain::{
        admission::{Admission, KeyArrival, admit},
        attempt::{Attempt, AttemptFailure, AttemptKind, AttemptStatus},
        edit::Edit,
        names::{self, context},
        payment::{Payment, PaymentDetails, PaymentStatus},
        session::{SessionPatch, SessionRecord},
    },
    notifier::Subscription,
};

/// What the page is told.
#[derive(Debug)]
pub enum Reply {
    /// Toss did it.
    Done(Session),
    /// Not known yet: the session tells more later.
    Underway(Session),
    /// Toss said no.
    Refused(AttemptFailure),
}

/// A one-time key to be used.
pub(super) struct Submission<'a> {
    pub(super) kind: AttemptKind,
    pub(super) key: &'a str,
    pub(super) consent: Option<&'a Consent>,
    /// Whether what came with the key is what the session is about.
    pub(super) fits: &'a (dyn Fn(&Session) -> Result<(), UseCaseError> + Sync),
}

/// No buyer comes back from the window more often; a script that makes keys up does.
const MAX_ATTEMPTS: usize = 20;

/// Other processes do not wake us, so the records are read again at least this often.
const LOOK: Duration = Duration::from_millis(500);

/// Begins an attempt with the key, or joins the one that has begun, and says what came of it.
pub(super) async fn submit(
    services: &Arc<Services>,
    id: &SessionId,
    submission: &Submission<'_>,
) -> Result<Reply, UseCaseError> {
    let digest = names::one_time_key(submission.kind, submission.key);
    let mut changes = services.notifier.subscribe(id);
    let mut deadline = Instant::now() + services.timing.wait_for_other;
    let mut own: Option<Ended> = None;
    loop {
        let Checkout {
            record,
            payment,
            attempts,
        } = services
            .records
            .checkout(id)
            .await?
            .ok_or(UseCaseError::NoSession)?;
        (submission.fits)(&record.session)?;
        // What is waited for is a later state of the session than this one.
        let mut seen = record.session.revision;
        let admission = admission_of(
            services,
            &record,
            payment.as_ref(),
            &attempts,
            submission,
            &digest,
        );
        let over = Instant::now() >= deadline || services.stop.is_cancelled();
        match admission {
            Admission::Answer(index) => {
                if let Some(reply) = answer(&attempts[index], &record.session, over) {
                    return Ok(reply);
                }
            }
            Admission::Known => return Ok(Reply::Done(record.session)),
            Admission::Unknown => return Ok(Reply::Underway(record.session)),
            Admission::Wait if over => return Ok(Reply::Underway(record.session)),
            Admission::Wait => {}
            Admission::Finished => return Err(UseCaseError::AlreadyFinished),
            Admission::Expired => return Err(UseCaseError::SessionExpired),
            Admission::Start => {
                check_start(&record, &attempts, submission)?;
                let now = Checkout {
                    record,
                    payment,
                    attempts,
                };
                let (committed, ended) = begin(services, now, submission, &digest).await?;
                if committed != Committed::Done {
                    // Somebody else was quicker.
                    continue;
                }
                own = Some(ended);
                seen += 1;
                deadline = Instant::now() + services.timing.wait_for_own;
            }
        }
        let look = deadline.min(Instant::now() + LOOK);
        tokio::select! {
            outcome = timeout_at(look, outcome_or_change(&mut own, &mut changes, seen)) => {
                // The records need not be asked for what was just written there.
                if let Ok(Some(record)) = outcome {
                    return Ok(Reply::Done(record.session));
                }
            }
            () = services.stop.cancelled() => {}
        }
    }
}

fn admission_of(
    services: &Services,
    record: &SessionRecord,
    payment: Option<&Payment>,
    attempts: &[Attempt],
    submission: &Submission<'_>,
    digest: &str,
) -> Admission {
    let now = services.now();
    let known = payment
        .and_then(|payment| payment.payment_key.as_ref())
        .map(|key| names::one_time_key(AttemptKind::Confirm, key.expose()));
    admit(&KeyArrival {
        status: record.session.status,
        attempts,
        kind: submission.kind,
        key_digest: digest,
        known_digest: known.as_deref(),
        past_end: (now >= record.expires_at).then(|| now.since(record.expires_at)),
        late_key: services.timing.late_key,
    })
}

fn check_start(
    record: &SessionRecord,
    attempts: &[Attempt],
    submission: &Submission<'_>,
) -> Result<(), UseCaseError> {
    if attempts.len() >= MAX_ATTEMPTS {
        return Err(UseCaseError::TriedTooOften);
    }
    // Word for word: what the buyer was shown is what the merchant wants to be agreed to. The one-time
    // key stays good: it was neither stored nor sent, and can come again.
    let Some(wanted) = &record.session.consent else {
        return Ok(());
    };
    let before = record.consent_given.as_ref().map(|given| &given.consent);
    if submission.consent.or(before) == Some(wanted) {
        Ok(())
    } else {
        Err(UseCaseError::ConsentRequired)
    }
}

/// `None` while the first charge that follows a registration is under way and there is time to wait.
fn answer(attempt: &Attempt, session: &Session, over: bool) -> Option<Reply> {
    if let (AttemptStatus::Declined, Some(failure)) = (attempt.status, &attempt.failure) {
        return Some(Reply::Refused(failure.clone()));
    }
    let charging = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref())
        .is_some_and(|charge| charge.status == ChargeStatus::Pending);
    (over || !charging).then(|| Reply::Done(session.clone()))
}

/// Waits for what comes of the attempt that this request began, or for a change by somebody else.
async fn outcome_or_change(
    own: &mut Option<Ended>,
    changes: &mut Subscription,
    seen: u64,
) -> Option<Box<SessionRecord>> {
    let Some(ended) = own else {
        changes.revision_after(seen).await;
        return None;
    };
    let session = ended.await.ok().flatten();
    *own = None;
    session
}

/// Commits the intent and sets the work going.
///
/// Both happen in a task of their own: a request that is cancelled at any moment, because the buyer
/// closed the tab, leaves no intent behind that nobody works on.
async fn begin(
    services: &Arc<Services>,
    checkout: Checkout,
    submission: &Submission<'_>,
    digest: &str,
) -> Result<(Committed, Ended), UseCaseError> {
    let attempt = attempt(services, &checkout, submission, digest).await?;
    let (change, begun) = beginning(checkout, attempt.clone());
    hand_over(services, change, attempt, begun).await
}

async fn attempt(
    services: &Services,
    checkout: &Checkout,
    submission: &Submission<'_>,
    digest: &str,
) -> Result<Attempt, UseCaseError> {
    let record = &checkout.record;
    let session = &record.session;
    let id = names::attempt_of_key(submission.kind, &session.id, digest);
    let shop = services.credentials(&record.shop_id).await?;
    let sealed = services
        .keys
        .seal(submission.key, &context::one_time_key(&id))?;
    let about_payment = checkout
        .payment
        .as_ref()
        .filter(|_| submission.kind == AttemptKind::Confirm);
    Ok(Attempt {
        session_id: Some(session.id.clone()),
        payment_id: about_payment.map(|payment| payment.id.clone()),
        key_digest: Some(digest.to_owned()),
        sealed_key: Some(sealed),
        // From the database, never from the browser.
        order_id: about_payment.map(|payment| payment.order_id.clone()),
        amount: about_payment.map(|payment| payment.amount),
        consent: submission.consent.cloned(),
        ..intent(
            services,
            submission.kind,
            id,
            record.shop_id.clone(),
            shop.fingerprint,
        )
    })
}

/// The intent, and the payment as it is once the intent is written down.
fn beginning(checkout: Checkout, attempt: Attempt) -> (Change, Option<Begun>) {
    let Checkout {
        record,
        payment,
        mut attempts,
    } = checkout;
    let status = match attempt.kind {
        AttemptKind::Issue => SessionStatus::Issuing,
        AttemptKind::Confirm | AttemptKind::Charge | AttemptKind::Cancel => {
            SessionStatus::Confirming
        }
    };
    // What an earlier attempt left behind is over.
    let patch = SessionPatch {
        status: Some(status),
        result: Some(SessionResult::default()),
        next_action_at: Edit::Clear,
        ..SessionPatch::default()
    };
    let session = Update {
        id: record.session.id.clone(),
        revision: record.session.revision,
        patch: patch.clone(),
    };
    let record = record.with(patch);
    attempts.push(attempt.clone());
    let old = payment.filter(|_| attempt.kind == AttemptKind::Confirm);
    let begun = old.clone().map(|old| Begun {
        payment: Payment {
            status: PaymentStatus::Confirming,
            details: PaymentDetails::default(),
            revision: old.revision + 1,
            ..old
        },
        around: Around {
            attempts,
            session: Some(record),
        },
    });
    let mut change = match (&old, &begun) {
        (Some(old), Some(begun)) => payment_change(old, &begun.payment),
        _ => Change::default(),
    };
    change.session = Some(session);
    change.new_attempt = Some(attempt);
    (change, begun)
}
