//! `authKey` to billing key.

use std::sync::Arc;

use toss_checkout_contract::{
    Amount, AuthKey, ChargeResult, ChargeStatus, IssueRequest, OrderId, SessionId, SessionKind,
    SessionResult, SessionStatus, codes,
};

use super::{charge, key_context};
use crate::{
    core::Core,
    crypto::digest,
    problem::Problem,
    sessions::{
        attempt_context,
        confirm::{DriveError, again_at, may_repeat, record_of},
        outcome::{decline, unknown},
        submit::{Reply, Submission, mismatch, submit, wrong_kind},
    },
    store::records::{
        Attempt, AttemptKind, AttemptStatus, Change, GivenConsent, NewBillingKey, SessionPatch,
        SessionRecord, Settlement,
    },
    toss::{
        Billing, Refusal,
        verdict::{Verdict, judge, pause},
    },
};

/// What `POST …/billing` does.
pub(crate) async fn billing(
    core: &Arc<Core>,
    id: &SessionId,
    request: &IssueRequest,
) -> Result<Reply, Problem> {
    let record = core
        .store
        .session(id)
        .await?
        .ok_or_else(Problem::no_session)?;
    if record.session.kind != SessionKind::Billing {
        return Err(wrong_kind());
    }
    if record.session.customer_key != request.customer_key {
        return Err(mismatch(codes::CUSTOMER_MISMATCH, "customerKey"));
    }
    let submission = Submission {
        kind: AttemptKind::Issue,
        key: request.auth_key.expose(),
        order_id: None,
        amount: None,
        consent: request.consent.as_ref(),
    };
    submit(core, id, &submission).await
}

enum End {
    Issued(Box<Billing>),
    Refused(Refusal),
    Unknown,
}

/// Sends a committed issue, writes down what came of it, and charges if that was ordered.
pub(crate) async fn drive(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    let record = record_of(core, attempt).await?;
    let end = send(core, attempt, &record, core.config.timing.repeats).await?;
    Box::pin(settle(core, record, attempt, end)).await
}

/// Takes up an issue whose process is gone. There is nothing to look up, but the same request with the
/// same idempotency key gets the first answer again.
pub(crate) async fn resume(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    let record = record_of(core, attempt).await?;
    let end = if may_repeat(core, attempt) {
        send(core, attempt, &record, 0).await?
    } else {
        End::Unknown
    };
    Box::pin(settle(core, record, attempt, end)).await
}

async fn send(
    core: &Core,
    attempt: &Attempt,
    record: &SessionRecord,
    repeats: u32,
) -> Result<End, DriveError> {
    let timing = &core.config.timing;
    let sealed = attempt
        .sealed_key
        .as_ref()
        .ok_or(DriveError::Incomplete("key"))?;
    let key = core
        .config
        .keys
        .open(sealed, &attempt_context(&attempt.id))?;
    let auth_key = AuthKey::new(key.as_str()).map_err(|_| DriveError::Incomplete("auth key"))?;
    let customer_key = &record.session.customer_key;
    for again in 0..=repeats {
        let answer = core
            .toss
            .issue(&auth_key, customer_key, &attempt.idempotency_key)
            .await;
        let error = match answer {
            Ok(billing) if billing.customer_key == *customer_key => {
                return Ok(End::Issued(Box::new(billing)));
            }
            Ok(_) => {
                tracing::error!("Toss issued a billing key for another customer; it is not kept");
                return Ok(End::Refused(Refusal {
                    status: 400,
                    code: codes::CUSTOMER_MISMATCH.into(),
                    message: "Toss answered for another customer".to_owned(),
                }));
            }
            Err(error) => error,
        };
        tracing::warn!(%error, "an issue did not succeed");
        match judge(error) {
            Verdict::Refused(refusal) | Verdict::Fault(refusal) | Verdict::Before(refusal) => {
                return Ok(End::Refused(refusal));
            }
            Verdict::NotSent | Verdict::Unknown => {
                let wait = pause(again, timing.lookup_pause, timing.lookup);
                if again == repeats || !core.pause(wait).await {
                    break;
                }
                let lease = core.lease(timing.confirm);
                core.store.release_attempt(&attempt.id, lease).await?;
            }
        }
    }
    Ok(End::Unknown)
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
        End::Issued(billing) => match register(core, record, attempt, &billing).await? {
            Some(first) => charge::drive(core, &first).await,
            None => Ok(()),
        },
    }
}

/// Stores the billing key, and with it the intent of the first charge if that was ordered. Toss never
/// shows a billing key again, so this is committed before anybody hears of it.
async fn register(
    core: &Core,
    mut record: SessionRecord,
    attempt: &Attempt,
    billing: &Billing,
) -> Result<Option<Attempt>, DriveError> {
    let customer_key = record.session.customer_key.clone();
    let context = key_context(&record.session.id, customer_key.expose());
    let sealed_key = core
        .config
        .keys
        .seal(billing.billing_key.expose(), &context)?;
    let key = NewBillingKey {
        customer_key,
        sealed_key,
        key_digest: digest(&["billing-key", billing.billing_key.expose()]),
        method: billing.method(),
        consent: attempt.consent.clone().map(|consent| GivenConsent {
            consent,
            at: attempt.created_at,
        }),
    };
    let first = first_charge(core, &record)?;
    loop {
        let mut change = Change::of(&record);
        change.patch = SessionPatch {
            status: Some(SessionStatus::Registered),
            result: Some(SessionResult {
                method: billing.method(),
                card: billing.card(),
                account: billing.account(),
                charge: first.as_ref().and_then(pending),
                ..SessionResult::default()
            }),
            ..SessionPatch::default()
        };
        change.settle = Some((&attempt.id, Settlement::Succeeded));
        change.billing_key = Some(key.clone());
        change.begin.clone_from(&first);
        if core.commit(change).await? {
            return Ok(first);
        }
        let attempts = core.store.attempts(&attempt.session_id).await?;
        if !attempts.iter().any(|a| a.id == attempt.id && a.is_open()) {
            // Another process has stored the same key: Toss gave both the same answer.
            return Ok(None);
        }
        record = record_of(core, attempt).await?;
    }
}

fn first_charge(core: &Core, record: &SessionRecord) -> Result<Option<Attempt>, DriveError> {
    let session = &record.session;
    let Some(plan) = session.plan.filter(|_| session.charge_now) else {
        return Ok(None);
    };
    // One per session, so its name, key and order number can be told from the session alone: even a
    // backend whose database was restored from a backup would not charge twice.
    let digest = digest(&["first-charge", session.id.expose()]);
    let id = format!("charge-{}", &digest[..40]);
    let order_id = OrderId::new(format!("chg_{}", &digest[..32]))
        .map_err(|_| DriveError::Incomplete("order"))?;
    Ok(Some(Attempt {
        idempotency_key: id.clone(),
        id,
        session_id: session.id.clone(),
        kind: AttemptKind::Charge,
        key_digest: None,
        sealed_key: None,
        order_id: Some(order_id),
        // From the stored plan, never from the browser.
        amount: Some(plan.amount),
        status: AttemptStatus::Pending,
        failure: None,
        tries: 0,
        lease_until: core.lease(core.config.timing.charge),
        created_at: core.now(),
        consent: None,
    }))
}

fn pending(attempt: &Attempt) -> Option<ChargeResult> {
    let (order_id, amount): (&OrderId, Amount) = (attempt.order_id.as_ref()?, attempt.amount?);
    Some(ChargeResult {
        status: ChargeStatus::Pending,
        order_id: order_id.clone(),
        amount,
        failure: None,
        approved_at: None,
        receipt_url: None,
    })
}
