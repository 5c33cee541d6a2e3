//! The first charge of a registration.

use toss_checkout_contract::{Amount, BillingKey, ChargeResult, ChargeStatus, SessionStatus};

use super::key_context;
use crate::{
    clock::Millis,
    core::Core,
    dispatch::{Call, End, Found, What, find},
    sessions::{
        confirm::{DriveError, again_at, may_repeat, record_of},
        outcome::settle_open,
        payment::result_of,
        state::{Money, money},
    },
    store::records::{Attempt, AttemptFailure, SessionPatch, SessionRecord, Settlement},
    toss::PaymentObject,
};

/// Sends a committed charge and writes down what came of it.
pub(crate) async fn drive(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    let record = record_of(core, attempt).await?;
    let end = call(core, attempt, &record).await?.send(core).await?;
    settle(core, record, attempt, end).await
}

/// Takes up a charge whose process is gone: looks first, and sends the same request again only if
/// Toss has not done it.
pub(crate) async fn resume(core: &Core, attempt: &Attempt) -> Result<(), DriveError> {
    let record = record_of(core, attempt).await?;
    let order_id = attempt
        .order_id
        .as_ref()
        .ok_or(DriveError::Incomplete("order"))?;
    let end = match find(core, order_id, None, 1).await {
        Found::Payment(payment) => End::Payment(payment),
        Found::NotDone if may_repeat(core, attempt) => {
            call(core, attempt, &record).await?.send(core).await?
        }
        Found::NotDone | Found::Silence => End::Unknown,
    };
    settle(core, record, attempt, end).await
}

async fn call(core: &Core, attempt: &Attempt, record: &SessionRecord) -> Result<Call, DriveError> {
    let session = &record.session;
    let sealed = core
        .store
        .sealed_billing_key(&session.id)
        .await?
        .ok_or(DriveError::Incomplete("billing key"))?;
    let context = key_context(&session.id, session.customer_key.expose());
    let key = core.config.keys.open(&sealed, &context)?;
    Ok(Call {
        attempt_id: attempt.id.clone(),
        idempotency_key: attempt.idempotency_key.clone(),
        order_id: attempt
            .order_id
            .clone()
            .ok_or(DriveError::Incomplete("order"))?,
        amount: attempt.amount.ok_or(DriveError::Incomplete("amount"))?,
        what: What::Charge {
            billing_key: BillingKey::new(key.as_str())
                .map_err(|_| DriveError::Incomplete("billing key"))?,
            customer_key: session.customer_key.clone(),
            order_name: session.order_name.clone(),
            customer: session.customer.clone(),
        },
    })
}

async fn settle(
    core: &Core,
    record: SessionRecord,
    attempt: &Attempt,
    end: End,
) -> Result<(), DriveError> {
    let outcome = match end {
        End::Refused(refusal) => Outcome::Declined(refusal.into()),
        End::Unknown => Outcome::Unknown(again_at(core, attempt)),
        End::Payment(payment) => judge(core, attempt, &payment),
    };
    settle_open(core, record, attempt, |record| outcome.step(record)).await?;
    Ok(())
}

/// What a charge came to.
enum Outcome {
    Succeeded {
        approved_at: Option<toss_checkout_contract::Timestamp>,
        receipt_url: Option<String>,
    },
    Declined(AttemptFailure),
    Unknown(Millis),
}

fn judge(core: &Core, attempt: &Attempt, payment: &PaymentObject) -> Outcome {
    let ours = attempt.order_id.as_ref() == Some(&payment.order_id)
        && attempt.amount.map(Amount::value) == Some(payment.total_amount);
    if !ours {
        tracing::error!(
            attempt = attempt.id,
            "Toss's payment does not fit the charge"
        );
        return Outcome::Unknown(again_at(core, attempt));
    }
    match money(payment) {
        // Given back later is another story: this charge was made.
        Money::Here | Money::PartlyBack | Money::Back => {
            let shown = result_of(payment);
            Outcome::Succeeded {
                approved_at: shown.approved_at,
                receipt_url: shown.receipt_url,
            }
        }
        Money::GivenUp => {
            let failure = payment.failure.clone();
            Outcome::Declined(AttemptFailure {
                code: failure
                    .as_ref()
                    .map_or_else(|| "PAY_PROCESS_ABORTED".into(), |f| f.code.clone()),
                message: failure.and_then(|f| f.message).unwrap_or_default(),
                status: 400,
            })
        }
        Money::NotConfirmed | Money::Awaited | Money::NeverCame | Money::Unreadable => {
            Outcome::Unknown(again_at(core, attempt))
        }
    }
}

impl Outcome {
    fn step(&self, record: &SessionRecord) -> (SessionPatch, Settlement) {
        let mut result = record.session.result.clone().unwrap_or_default();
        let mut patch = SessionPatch::default();
        let (status, settlement) = match self {
            Self::Succeeded { .. } => {
                patch.status = Some(SessionStatus::Active);
                (ChargeStatus::Succeeded, Settlement::Succeeded)
            }
            Self::Declined(failure) => (
                ChargeStatus::Declined,
                Settlement::Declined(failure.clone()),
            ),
            Self::Unknown(again_at) => (ChargeStatus::Unknown, Settlement::Unknown(*again_at)),
        };
        if let Some(charge) = &mut result.charge {
            self.show(charge, status);
        }
        patch.result = Some(result);
        (patch, settlement)
    }

    fn show(&self, charge: &mut ChargeResult, status: ChargeStatus) {
        charge.status = status;
        match self {
            Self::Succeeded {
                approved_at,
                receipt_url,
            } => {
                charge.approved_at.clone_from(approved_at);
                charge.receipt_url.clone_from(receipt_url);
            }
            Self::Declined(failure) => charge.failure = Some(failure.shown()),
            Self::Unknown(_) => {}
        }
    }
}
