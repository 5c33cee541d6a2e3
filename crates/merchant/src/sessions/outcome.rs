//! Writes down what Toss says about a payment: from the answer to a confirm, a webhook, the
//! reconciler or the expiry check. All of them end here, so that they cannot disagree.

use toss_checkout_contract::{Amount, Session, SessionId, SessionResult, SessionStatus, Timestamp};

use super::{
    key_digest,
    payment::{due_at, result_of},
    state::{Money, after, money},
};
use crate::{
    clock::Millis,
    core::Core,
    crypto::digest,
    store::{
        StoreError,
        records::{
            Attempt, AttemptFailure, AttemptKind, Change, NextCheck, SessionPatch, SessionRecord,
            Settlement,
        },
    },
    toss::PaymentObject,
};

/// Whether what Toss says could be written down.
#[derive(Debug)]
pub(crate) enum Applied {
    /// It is, or it was already.
    Done,
    /// Toss says nothing that changes anything.
    NothingNew,
    /// It is another order's payment, or has another amount. Nothing was believed.
    Foreign,
    /// Toss could not be asked again.
    Unavailable,
}

/// How often a step is tried against changes that come in between.
const ROUNDS: usize = 8;

/// The digest under which a webhook secret is stored.
pub(crate) fn secret_digest(secret: &str) -> String {
    digest(&["webhook-secret", secret])
}

/// Applies a `Payment` that was fetched after `record` had been read. Should the session change in
/// between, the `Payment` may be older than that change; so Toss is asked again, and an old answer
/// never overwrites a newer one.
pub(crate) async fn apply(
    core: &Core,
    mut record: SessionRecord,
    mut payment: PaymentObject,
    may_decline: bool,
) -> Result<Applied, StoreError> {
    // Toss shows the secret once, in the answer to the confirm.
    let secret = payment.secret.as_ref().map(|s| secret_digest(&s.0));
    for _ in 0..ROUNDS {
        if let Some(field) = differs(&record, &payment) {
            tracing::error!(field, "Toss's payment does not fit the session");
            return Ok(Applied::Foreign);
        }
        let attempts = core.store.attempts(&record.session.id).await?;
        let open = attempts
            .iter()
            .find(|a| a.kind == AttemptKind::Confirm && a.is_open());
        let now = core.now();
        let Some(change) = change(
            &record,
            &payment,
            open,
            secret.as_ref(),
            may_decline,
            now,
            core,
        ) else {
            return Ok(Applied::NothingNew);
        };
        if core.commit(change).await? {
            return Ok(Applied::Done);
        }
        match reload(core, &record.session.id).await? {
            Some(fresh) => record = fresh,
            None => return Ok(Applied::NothingNew),
        }
        payment = match core.toss.payment_of_order(&payment.order_id).await {
            Ok(Some(payment)) => payment,
            Ok(None) => return Ok(Applied::NothingNew),
            Err(error) => {
                tracing::warn!(%error, "an order could not be looked up");
                return Ok(Applied::Unavailable);
            }
        };
    }
    Ok(Applied::NothingNew)
}

async fn reload(core: &Core, id: &SessionId) -> Result<Option<SessionRecord>, StoreError> {
    core.store.session(id).await
}

/// The first of what must never differ that does.
fn differs(record: &SessionRecord, payment: &PaymentObject) -> Option<&'static str> {
    let session = &record.session;
    if session.order_id.as_ref() != Some(&payment.order_id) {
        return Some("orderId");
    }
    if session.amount.map(Amount::value) != Some(payment.total_amount) {
        return Some("totalAmount");
    }
    match &record.payment_key {
        Some(known) if *known != payment.payment_key => Some("paymentKey"),
        _ => None,
    }
}

fn change<'a>(
    record: &'a SessionRecord,
    payment: &PaymentObject,
    open: Option<&'a Attempt>,
    secret: Option<&String>,
    may_decline: bool,
    now: Millis,
    core: &Core,
) -> Option<Change<'a>> {
    let money = money(payment);
    let status = after(record.session.status, money)?;
    let mut change = Change::of(record);
    if status == SessionStatus::Failed {
        // Only of the payment that the attempt was about.
        let digest = key_digest(AttemptKind::Confirm, payment.payment_key.expose());
        let about = open.filter(|a| may_decline && a.key_digest.as_ref() == Some(&digest))?;
        let failure = given_up(payment);
        change.patch = failed(&failure);
        change.settle = Some((&about.id, Settlement::Declined(failure)));
        return Some(change);
    }
    let mut result = result_of(payment);
    result.reversed_at = reversed_at(&record.session, status, now);
    change.settle = open.map(|a| (a.id.as_str(), Settlement::Succeeded));
    let new_secret = secret.filter(|_| record.secret_digest.is_none()).cloned();
    let same = record.session.status == status
        && record.session.result.as_ref() == Some(&result)
        && change.settle.is_none()
        && new_secret.is_none();
    if same {
        return None;
    }
    let due = due_at(payment);
    change.patch = SessionPatch {
        status: Some(status),
        result: Some(result),
        payment_key: Some(payment.payment_key.clone()),
        secret_digest: new_secret,
        due_at: due,
        next_check: Some(match money {
            Money::Awaited => NextCheck::At(next_check(core, due, now)),
            _ => NextCheck::Never,
        }),
    };
    Some(change)
}

/// While a deposit that the bank took back is owed again: when that was learnt.
fn reversed_at(session: &Session, status: SessionStatus, now: Millis) -> Option<Timestamp> {
    match (session.status, status) {
        (SessionStatus::Paid, SessionStatus::WaitingForDeposit) => Some(now.kst()),
        (SessionStatus::WaitingForDeposit, SessionStatus::WaitingForDeposit) => {
            session.result.as_ref()?.reversed_at.clone()
        }
        _ => None,
    }
}

/// The next look at a virtual account: after the usual time, or just after it closes.
fn next_check(core: &Core, due: Option<Millis>, now: Millis) -> Millis {
    let usual = now.plus(core.config.timing.deposit_check);
    due.filter(|due| *due > now)
        .map_or(usual, |due| due.min(usual))
}

/// Toss gave the payment up; it says why, or at least how.
fn given_up(payment: &PaymentObject) -> AttemptFailure {
    match &payment.failure {
        Some(failure) => AttemptFailure {
            code: failure.code.clone(),
            message: failure.message.clone().unwrap_or_default(),
            status: 400,
        },
        None => AttemptFailure {
            code: "PAY_PROCESS_ABORTED".into(),
            message: String::new(),
            status: 400,
        },
    }
}

fn failed(failure: &AttemptFailure) -> SessionPatch {
    SessionPatch {
        status: Some(SessionStatus::Failed),
        result: Some(SessionResult {
            failure: Some(failure.shown()),
            ..SessionResult::default()
        }),
        ..SessionPatch::default()
    }
}

/// Toss said no to an attempt (a confirm or an issue): the session may be tried again with another key.
pub(crate) async fn decline(
    core: &Core,
    record: SessionRecord,
    attempt: &Attempt,
    failure: AttemptFailure,
) -> Result<(), StoreError> {
    settle_open(core, record, attempt, |_| {
        (failed(&failure), Settlement::Declined(failure.clone()))
    })
    .await
}

/// Nobody knows what came of an attempt; the reconciler looks at it from `again_at` on.
pub(crate) async fn unknown(
    core: &Core,
    record: SessionRecord,
    attempt: &Attempt,
    again_at: Millis,
) -> Result<(), StoreError> {
    settle_open(core, record, attempt, |_| {
        let patch = SessionPatch {
            status: Some(SessionStatus::Unknown),
            ..SessionPatch::default()
        };
        (patch, Settlement::Unknown(again_at))
    })
    .await
}

/// Settles an attempt unless somebody else has.
pub(crate) async fn settle_open(
    core: &Core,
    mut record: SessionRecord,
    attempt: &Attempt,
    step: impl Fn(&SessionRecord) -> (SessionPatch, Settlement),
) -> Result<(), StoreError> {
    for _ in 0..ROUNDS {
        let mut change = Change::of(&record);
        let (patch, settlement) = step(&record);
        change.patch = patch;
        change.settle = Some((&attempt.id, settlement));
        if core.commit(change).await? {
            return Ok(());
        }
        let attempts = core.store.attempts(&attempt.session_id).await?;
        let open = attempts.iter().any(|a| a.id == attempt.id && a.is_open());
        match reload(core, &attempt.session_id).await? {
            Some(fresh) if open => record = fresh,
            _ => return Ok(()),
        }
    }
    Ok(())
}
