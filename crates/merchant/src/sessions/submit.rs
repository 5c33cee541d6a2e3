//! One-time keys from the page: each reaches Toss once, whatever the buyer does.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use tokio::time::{Instant, timeout_at};
use toss_checkout_contract::{
    Amount, ChargeStatus, Consent, OrderId, Session, SessionId, SessionResult, SessionStatus, codes,
};

use super::{
    attempt_context, attempt_id, confirm, key_digest,
    state::{Admission, admit},
};
use crate::{
    billing,
    core::Core,
    problem::Problem,
    store::records::{
        Attempt, AttemptFailure, AttemptKind, AttemptStatus, Change, SessionPatch, SessionRecord,
    },
};

/// What the page is told.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Toss did it (200).
    Done(Session),
    /// Not known yet (202): the session tells more later.
    Underway(Session),
    /// Toss said no.
    Refused(AttemptFailure),
}

/// A one-time key to be used.
pub(crate) struct Submission<'a> {
    pub(crate) kind: AttemptKind,
    pub(crate) key: &'a str,
    pub(crate) order_id: Option<OrderId>,
    pub(crate) amount: Option<Amount>,
    pub(crate) consent: Option<&'a Consent>,
}

/// No buyer comes back from the window more often; a script that makes keys up does.
const MAX_ATTEMPTS: usize = 20;

/// Other processes do not wake us, so the store is read again at least this often.
const LOOK: Duration = Duration::from_millis(500);

/// Begins an attempt with the key, or joins the one that has begun, and says what came of it.
pub(crate) async fn submit(
    core: &Arc<Core>,
    id: &SessionId,
    submission: &Submission<'_>,
) -> Result<Reply, Problem> {
    let digest = key_digest(submission.kind, submission.key);
    let mut news = core.hub.subscribe(id);
    let mut deadline = Instant::now() + core.config.timing.wait_for_other;
    loop {
        // Attempts first: the session is then at least as new as they are.
        let attempts = core.store.attempts(id).await?;
        let record = core
            .store
            .session(id)
            .await?
            .ok_or_else(Problem::no_session)?;
        let now = core.now();
        let past_end = (now >= record.expires_at).then(|| now.since(record.expires_at));
        let admission = admit(
            record.session.status,
            &attempts,
            submission.kind,
            &digest,
            past_end,
            core.config.timing.late_key,
        );
        let over = Instant::now() >= deadline || core.stop.is_cancelled();
        match admission {
            Admission::Answer(index) => {
                if let Some(reply) = answer(&attempts[index], &record.session, over) {
                    return Ok(reply);
                }
            }
            Admission::Unknown => return Ok(Reply::Underway(record.session)),
            Admission::Wait if over => return Ok(Reply::Underway(record.session)),
            Admission::Wait => {}
            Admission::Finished => return Err(finished()),
            Admission::Expired => return Err(expired()),
            Admission::Start if attempts.len() >= MAX_ATTEMPTS => return Err(too_often()),
            // Word for word: what the buyer was shown is what the merchant wants to be agreed to.
            Admission::Start
                if record.session.consent.is_some()
                    && record.session.consent.as_ref() != submission.consent =>
            {
                return Err(no_consent());
            }
            Admission::Start => {
                if begin(core, record, submission, &digest).await? {
                    deadline = Instant::now() + core.config.timing.wait_for_own;
                }
                continue;
            }
        }
        let look = deadline.min(Instant::now() + LOOK);
        tokio::select! {
            _ = timeout_at(look, news.changed()) => {}
            () = core.stop.cancelled() => {}
        }
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

/// Commits the intent and sets the work going. `false`: somebody else was quicker.
async fn begin(
    core: &Arc<Core>,
    record: SessionRecord,
    submission: &Submission<'_>,
    digest: &str,
) -> Result<bool, Problem> {
    let kind = submission.kind;
    let id = attempt_id(kind, &record.session.id, digest);
    let sealed = core
        .config
        .keys
        .seal(submission.key, &attempt_context(&id))
        .map_err(|error| {
            tracing::error!(%error, "a one-time key could not be sealed");
            Problem::internal()
        })?;
    let attempt = Attempt {
        idempotency_key: id.clone(),
        id,
        session_id: record.session.id.clone(),
        kind,
        key_digest: Some(digest.to_owned()),
        sealed_key: Some(sealed),
        order_id: submission.order_id.clone(),
        amount: submission.amount,
        status: AttemptStatus::Pending,
        failure: None,
        tries: 0,
        lease_until: core.lease(core.config.timing.confirm),
        created_at: core.now(),
        consent: submission.consent.cloned(),
    };
    let mut change = Change::of(&record);
    change.patch = SessionPatch {
        status: Some(match kind {
            AttemptKind::Confirm => SessionStatus::Confirming,
            AttemptKind::Issue | AttemptKind::Charge => SessionStatus::Issuing,
        }),
        // What an earlier attempt left behind is over.
        result: Some(SessionResult::default()),
        ..SessionPatch::default()
    };
    change.begin = Some(attempt.clone());
    if !core.commit(change).await? {
        return Ok(false);
    }
    let worker = Arc::clone(core);
    core.detach(async move {
        let done = match kind {
            AttemptKind::Confirm => confirm::drive(&worker, &attempt).await,
            AttemptKind::Issue | AttemptKind::Charge => billing::drive(&worker, &attempt).await,
        };
        if let Err(error) = done {
            tracing::error!(%error, attempt = attempt.id, "left to the reconciler");
        }
    });
    Ok(true)
}

fn too_often() -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        codes::RATE_LIMITED,
        "this session was tried too often; create a new one",
    )
}

fn finished() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        codes::ALREADY_FINISHED,
        "the session was finished with another key; read it to see how",
    )
}

fn expired() -> Problem {
    Problem::new(
        StatusCode::GONE,
        codes::SESSION_EXPIRED,
        "the session ended before it was finished; create a new one",
    )
}

/// The one-time key stays good: it was neither stored nor sent, and can come again.
fn no_consent() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        codes::CONSENT_REQUIRED,
        "send the session's consent, version and text, with the keys; nothing was sent to Toss",
    )
}

/// The session, if it is of the kind that the call is for.
pub(crate) fn wrong_kind() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        codes::WRONG_KIND,
        "confirm belongs to sessions of kind 'payment', billing to kind 'billing'",
    )
}

/// 422: what the redirect says is not what was stored before the payment. Nothing is sent to Toss.
pub(crate) fn mismatch(code: &str, what: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        code,
        format!("the {what} is not the one of this session; nothing was sent to Toss"),
    )
}
