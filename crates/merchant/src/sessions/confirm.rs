//! Confirming a payment.

use std::sync::Arc;

use thiserror::Error;
use toss_checkout_contract::{Amount, ConfirmRequest, PaymentKey, SessionId, SessionKind, codes};

use super::{
    attempt_context,
    outcome::{Applied, apply, decline, unknown},
    submit::{Reply, Submission, mismatch, submit, wrong_kind},
};
use crate::{
    core::Core,
    crypto::CryptoError,
    dispatch::{Call, End, Found, What, find},
    problem::Problem,
    store::{
        StoreError,
        records::{Attempt, AttemptFailure, AttemptKind, SessionRecord},
    },
    toss::{Refusal, verdict::pause},
};

/// Why an attempt could not be carried on.
#[derive(Debug, Error)]
pub(crate) enum DriveError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    #[error("the attempt lacks its {0}")]
    Incomplete(&'static str),
}

/// What `POST …/confirm` does.
pub(crate) async fn confirm(
    core: &Arc<Core>,
    id: &SessionId,
    request: &ConfirmRequest,
) -> Result<Reply, Problem> {
    let record = core
        .store
        .session(id)
        .await?
        .ok_or_else(Problem::no_session)?;
    let session = &record.session;
    if session.kind != SessionKind::Payment {
        return Err(wrong_kind());
    }
    if session.order_id.as_ref() != Some(&request.order_id) {
        return Err(mismatch(codes::ORDER_MISMATCH, "orderId"));
    }
    if session.amount.map(Amount::value) != Some(request.amount) {
        return Err(mismatch(codes::AMOUNT_MISMATCH, "amount"));
    }
    let submission = Submission {
        kind: AttemptKind::Confirm,
        key: request.payment_key.expose(),
        order_id: session.order_id.clone(),
        // From the database, never from the browser.
        amount: session.amount,
        consent: None,
    };
    submit(core, id, &submission).await
}

impl From<Refusal> for AttemptFailure {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code,
            message: refusal.message,
            status: refusal.status,
        }
    }
}

/// Sends a committed confirm and writes down what came of it.
pub(crate) async fn drive(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    // Read before sending: whatever changes the session from here on is newer than Toss's answer.
    let record = record_of(core, attempt).await?;
    let call = call(core, attempt)?;
    let end = call.send(core).await?;
    settle(core, record, attempt, end).await
}

/// Takes up an attempt whose process is gone: looks first, and sends the same request again only if
/// Toss has not done it. The idempotency key makes that harmless for as long as Toss keeps it.
pub(crate) async fn resume(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    let record = record_of(core, attempt).await?;
    let order_id = attempt
        .order_id
        .as_ref()
        .ok_or(DriveError::Incomplete("order"))?;
    // A key that cannot be opened any more does not keep us from looking.
    let call = call(core, attempt);
    let key = call.as_ref().ok().and_then(Call::key);
    let end = match find(core, order_id, key, 1).await {
        Found::Payment(payment) => End::Payment(payment),
        Found::NotDone if may_repeat(core, attempt) => call?.send(core).await?,
        Found::NotDone | Found::Silence => End::Unknown,
    };
    settle(core, record, attempt, end).await
}

async fn settle(
    core: &Core,
    record: SessionRecord,
    attempt: &Attempt,
    end: End,
) -> Result<(), DriveError> {
    match end {
        End::Refused(refusal) => Ok(decline(core, record, attempt, refusal.into()).await?),
        End::Unknown => Ok(unknown(core, record, attempt, again_at(core, attempt)).await?),
        End::Payment(payment) => {
            match apply(core, record, *payment, true).await? {
                Applied::Done => Ok(()),
                // Not believed, or not understood: somebody must look, and so does the reconciler.
                Applied::NothingNew | Applied::Foreign | Applied::Unavailable => {
                    let record = record_of(core, attempt).await?;
                    Ok(unknown(core, record, attempt, again_at(core, attempt)).await?)
                }
            }
        }
    }
}

fn call(core: &Core, attempt: &Attempt) -> Result<Call, DriveError> {
    let sealed = attempt
        .sealed_key
        .as_ref()
        .ok_or(DriveError::Incomplete("key"))?;
    let key = core
        .config
        .keys
        .open(sealed, &attempt_context(&attempt.id))?;
    Ok(Call {
        attempt_id: attempt.id.clone(),
        idempotency_key: attempt.idempotency_key.clone(),
        order_id: attempt
            .order_id
            .clone()
            .ok_or(DriveError::Incomplete("order"))?,
        amount: attempt.amount.ok_or(DriveError::Incomplete("amount"))?,
        what: What::Confirm(
            PaymentKey::new(key.as_str()).map_err(|_| DriveError::Incomplete("payment key"))?,
        ),
    })
}

pub(crate) async fn record_of(core: &Core, attempt: &Attempt) -> Result<SessionRecord, DriveError> {
    core.store
        .session(&attempt.session_id)
        .await?
        .ok_or(DriveError::Incomplete("session"))
}

/// When the reconciler looks again.
pub(crate) fn again_at(core: &Core, attempt: &Attempt) -> crate::clock::Millis {
    const LONGEST: std::time::Duration = std::time::Duration::from_hours(1);
    let timing = &core.config.timing;
    core.now()
        .plus(pause(attempt.tries, timing.retry_pause, LONGEST))
}

/// Toss keeps idempotency keys for 15 days; a day before that, a repetition would be a new request.
/// Source: <https://docs.tosspayments.com/reference/using-api/authorization> (멱등키).
pub(crate) fn may_repeat(core: &Core, attempt: &Attempt) -> bool {
    const KEPT: std::time::Duration = std::time::Duration::from_hours(14 * 24);
    core.now().since(attempt.created_at) < KEPT
}
