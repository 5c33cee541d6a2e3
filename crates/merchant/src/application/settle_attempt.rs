//! Writes down what came of an attempt, with everything that follows from it.

mod issued;
mod refused;

pub(super) use self::refused::decline;

use std::time::Duration;

use toss_checkout_contract::SessionStatus;

use super::{
    apply_provider_payment::{
        Applied, ProviderReport, ReportingAttempt, STILL_UNKNOWN, apply, foreign, session_update,
        tell, tell_of,
    },
    attempts::{Begun, Held, ROUNDS},
    change::{AttemptUpdate, Change, Committed, Settlement, Update},
    error::UseCaseError,
    execute_attempt::{Outcome, execute, resume},
    ports::{Claimed, Queue, Release},
    services::Services,
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        event::{EventType, NewEvent},
        payment::PaymentStatus,
        session::{SessionPatch, SessionRecord},
        time::Millis,
    },
    telemetry,
};

/// When nobody has known an outcome for so long, a human is told. Toss is asked all the same, and a request
/// of which nothing is known is never called failed.
const TOO_LONG: Duration = Duration::from_hours(24);

/// How an attempt stands after its outcome was written down.
pub(super) enum Settled {
    /// Decided. With the session as it then stands, if the attempt succeeded and it is known.
    Closed(Option<Box<SessionRecord>>),
    /// Decided, and it began another.
    Follows(Box<Attempt>),
    /// Open; to be looked at then.
    Open(Millis),
    /// Only a human can decide.
    NeedsAttention(String),
}

/// Sends an attempt that was just committed, and whatever follows from its outcome. What is left open is
/// taken up later. Answers the session as [`Settled::Closed`] does.
pub(super) async fn drive(
    services: &Services,
    attempt: Attempt,
    mut begun: Option<Begun>,
) -> Result<Option<Box<SessionRecord>>, UseCaseError> {
    let mut held = Held::by_writer(attempt);
    loop {
        let outcome = execute(services, &held, begun.take()).await?;
        match settle(services, &held, outcome).await? {
            Settled::Follows(next) => held = Held::by_writer(*next),
            Settled::Closed(session) => return Ok(session),
            Settled::Open(_) | Settled::NeedsAttention(_) => return Ok(None),
        }
    }
}

/// Takes up an attempt whose outcome is open.
///
/// # Errors
/// The records or a sealed value cannot be read.
pub async fn resume_attempt(
    services: &Services,
    claimed: &Claimed,
) -> Result<Release, UseCaseError> {
    let id = crate::domain::ids::AttemptId::new(claimed.id.as_str());
    let attempt = services.records.attempt(&id).await?;
    let Some(attempt) = attempt.filter(Attempt::is_open) else {
        return Ok(Release::Done);
    };
    tracing::info!(
        attempt = claimed.id,
        tries = claimed.tries,
        "looking up an open attempt"
    );
    let held = Held {
        attempt,
        lease_no: claimed.lease_no,
        tries: claimed.tries,
    };
    let outcome = resume(services, &held).await?;
    let settled = settle(services, &held, outcome).await?;
    if held.attempt.charge.is_some() {
        // Whoever sent the charge of a subscription acts on its outcome; of this one nobody would at once.
        services.wake.up(Queue::Subscriptions);
    }
    Ok(match settled {
        Settled::Closed(_) => Release::Done,
        Settled::Follows(next) => {
            Box::pin(drive(services, *next, None)).await?;
            Release::Done
        }
        Settled::Open(at) => Release::Again(at),
        Settled::NeedsAttention(reason) => Release::NeedsAttention(reason),
    })
}

async fn settle(
    services: &Services,
    held: &Held,
    outcome: Outcome,
) -> Result<Settled, UseCaseError> {
    telemetry::attempt(held.attempt.kind.as_str(), outcome.name());
    match outcome {
        Outcome::Payment(report) => Box::pin(by_payment(services, held, *report)).await,
        Outcome::Issued(issued) => Box::pin(issued::register(services, held, &issued)).await,
        Outcome::Refused(failure) => Box::pin(decline(services, held, failure, None)).await,
        Outcome::Unknown(at) => {
            leave_open(services, held, Settlement::Unknown(at)).await?;
            let sent_at = held.attempt.sent_at.unwrap_or(held.attempt.created_at);
            if services.now().since(sent_at) >= TOO_LONG
                && let Some(payment) = &held.attempt.payment_id
            {
                // It is rare, and would make every future larger that settles something.
                Box::pin(tell_of(services, payment, STILL_UNKNOWN)).await?;
            }
            Ok(Settled::Open(at))
        }
        Outcome::Fault { failure, again_at } => {
            leave_open(services, held, Settlement::Fault(again_at, failure)).await?;
            Ok(Settled::Open(again_at))
        }
        Outcome::Foreign { field, again_at } => {
            leave_open(services, held, Settlement::Unknown(again_at)).await?;
            if let Some(payment) = &held.attempt.payment_id {
                tell_of(services, payment, &foreign(field)).await?;
            }
            Ok(Settled::Open(again_at))
        }
        Outcome::NeedsAttention(reason) => {
            leave_open(services, held, Settlement::Unknown(services.now())).await?;
            needs_attention(services, &held.attempt, reason).await?;
            Ok(Settled::NeedsAttention(reason.to_owned()))
        }
    }
}

async fn by_payment(
    services: &Services,
    held: &Held,
    report: ProviderReport,
) -> Result<Settled, UseCaseError> {
    let id = report.payment.id.clone();
    let reported_by = ReportingAttempt {
        id: held.attempt.id.clone(),
        lease_no: held.lease_no,
    };
    let applied = apply(services, report, Some(&reported_by)).await?;
    if let Applied::Done {
        decided: true,
        session,
    } = applied
    {
        return Ok(Settled::Closed(session));
    }
    let open = services
        .records
        .attempt(&held.attempt.id)
        .await?
        .is_some_and(|attempt| attempt.is_open());
    if !open {
        return Ok(Settled::Closed(None));
    }
    tracing::warn!(?applied, attempt = %held.attempt.id, "what Toss says does not decide the attempt");
    let again_at = held.again_at(services, None);
    leave_open(services, held, Settlement::Unknown(again_at)).await?;
    if let Applied::Foreign(field) = applied {
        tell_of(services, &id, &foreign(field)).await?;
    }
    Ok(Settled::Open(again_at))
}

/// Leaves an attempt to whoever looks at open ones, and shows once that nobody knows. Later look-ups that
/// find nothing new write nothing here: they only say when they look next.
async fn leave_open(services: &Services, held: &Held, how: Settlement) -> Result<(), UseCaseError> {
    // A change is large; it waits on the heap.
    Box::pin(put_off(services, held, how)).await
}

async fn put_off(services: &Services, held: &Held, how: Settlement) -> Result<(), UseCaseError> {
    let is_new =
        matches!(how, Settlement::Fault(..)) || held.attempt.status != AttemptStatus::Unknown;
    for _ in 0..ROUNDS {
        let shown = match held.attempt.kind {
            AttemptKind::Cancel => None,
            AttemptKind::Issue => session_is_unknown(services, &held.attempt).await?,
            AttemptKind::Confirm | AttemptKind::Charge => {
                payment_is_unknown(services, &held.attempt).await?
            }
        };
        if shown.is_none() && !is_new {
            return Ok(());
        }
        let mut change = shown.unwrap_or_default();
        change.attempt = Some(AttemptUpdate::of(
            &held.attempt,
            Some(held.lease_no),
            how.clone(),
        ));
        if services.commit(change).await? == Committed::Done {
            return Ok(());
        }
        let fresh = services.records.attempt(&held.attempt.id).await?;
        let mine = fresh.is_some_and(|it| it.is_open() && it.work.lease_no == held.lease_no);
        if !mine {
            // Somebody else has decided it, or has it.
            return Ok(());
        }
    }
    Ok(())
}

async fn session_is_unknown(
    services: &Services,
    attempt: &Attempt,
) -> Result<Option<Change>, UseCaseError> {
    let Some(id) = &attempt.session_id else {
        return Ok(None);
    };
    let record = services.records.session(id).await?;
    Ok(record
        .filter(|record| record.session.status == SessionStatus::Issuing)
        .map(|record| Change {
            session: Some(Update {
                id: record.session.id,
                revision: record.session.revision,
                patch: SessionPatch {
                    status: Some(SessionStatus::Unknown),
                    ..SessionPatch::default()
                },
            }),
            ..Change::default()
        }))
}

async fn payment_is_unknown(
    services: &Services,
    attempt: &Attempt,
) -> Result<Option<Change>, UseCaseError> {
    let Some(id) = &attempt.payment_id else {
        return Ok(None);
    };
    let payment = services.records.payment(id).await?;
    let Some(payment) = payment.filter(|it| it.status == PaymentStatus::Confirming) else {
        return Ok(None);
    };
    let mut new = payment.clone();
    new.status = PaymentStatus::Unknown;
    new.revision += 1;
    let mut change = super::apply_provider_payment::payment_change(&payment, &new);
    change.session = session_change(services, &new).await?;
    Ok(Some(change))
}

/// What the session of a payment shows once the payment is as it now is.
pub(super) async fn session_change(
    services: &Services,
    payment: &crate::domain::payment::Payment,
) -> Result<Option<Update<toss_checkout_contract::SessionId, SessionPatch>>, UseCaseError> {
    let Some(id) = &payment.session_id else {
        return Ok(None);
    };
    let method = match &payment.payment_method_id {
        Some(id) => services.records.payment_method(id).await?,
        None => None,
    };
    let record = services.records.session(id).await?;
    Ok(record.and_then(|record| session_update(&record, payment, method.as_ref())))
}

async fn needs_attention(
    services: &Services,
    attempt: &Attempt,
    reason: &str,
) -> Result<(), UseCaseError> {
    if let Some(id) = &attempt.payment_id {
        if let Some(payment) = services.records.payment(id).await? {
            tell(services, &payment, reason).await?;
        }
        return Ok(());
    }
    if attempt.status == AttemptStatus::Declined {
        return Ok(());
    }
    let event = NewEvent {
        kind: EventType::AttentionNeeded,
        subject: attempt.id.to_string(),
        subject_revision: 1,
        data: serde_json::json!({
            "attemptId": attempt.id,
            "attempt": attempt.kind,
            "reason": reason,
        }),
    };
    services
        .commit(Change {
            events: vec![event],
            ..Change::default()
        })
        .await?;
    Ok(())
}
