//! Writes down what Toss says about a payment: from the answer to a request of ours, a webhook, or an
//! unasked look. All of them end here, so that they cannot disagree. Toss's word wins in every state.

mod attention;
mod maker;
mod next_look;
mod plan;
mod session_update;

use toss_checkout_contract::SessionId;

use self::plan::{PaymentContext, Plan};
pub(super) use self::{
    attention::{FOREIGN, STILL_UNKNOWN, foreign, tell, tell_of},
    next_look::next_look,
    session_update::session_update,
};
use super::{
    attempts::{Around, ROUNDS},
    change::{AttemptUpdate, Change, Committed, PaymentPatch, Settlement, Update},
    error::UseCaseError,
    services::Services,
};
use crate::domain::{
    attempt::{Attempt, AttemptKind, AttemptStatus},
    edit::Edit,
    event::EventType,
    event_data::about_payment,
    ids::{AttemptId, InvoiceId},
    names::one_time_key,
    payment::Payment,
    payment_method::PaymentMethod,
    provider_payment::ProviderPayment,
    session::SessionRecord,
    subscription::invoice::Invoice,
    transitions::{Money, difference, money},
};

/// Whether what Toss says could be written down.
#[derive(Debug)]
pub(super) enum Applied {
    /// It is.
    Done {
        /// Whether the attempt whose worker brought it is decided with it.
        decided: bool,
        /// The session as it was written down with it, when the attempt succeeded.
        session: Option<Box<SessionRecord>>,
    },
    /// Toss says nothing that changes anything.
    NothingNew,
    /// It is about something else. Nothing was believed, and it was told.
    Foreign(&'static str),
    /// Toss could not be asked again.
    Unavailable,
}

/// An attempt whose worker brings Toss's word: only that worker may call it declined.
#[derive(Debug, Clone)]
pub(super) struct ReportingAttempt {
    pub(super) id: AttemptId,
    pub(super) lease_no: i64,
}

/// What Toss said, and the payment as it was read before Toss was asked: what has changed since then may
/// be newer than Toss's word.
#[derive(Debug)]
pub(super) struct ProviderReport {
    pub(super) payment: Payment,
    /// What stood around it then; `None`: to be read.
    pub(super) around: Option<Around>,
    pub(super) said: ProviderPayment,
}

impl ProviderReport {
    pub(super) fn about(payment: Payment, said: ProviderPayment) -> Self {
        Self {
            payment,
            around: None,
            said,
        }
    }
}

/// Writes Toss's word down. Should the payment have changed since it was read, what Toss said may be older
/// than that change; so Toss is asked again, and an old answer never overwrites a newer one.
pub(super) async fn apply(
    services: &Services,
    report: ProviderReport,
    reported_by: Option<&ReportingAttempt>,
) -> Result<Applied, UseCaseError> {
    // A change of everything is large; it waits on the heap.
    Box::pin(write_down(services, report, reported_by)).await
}

async fn write_down(
    services: &Services,
    report: ProviderReport,
    reported_by: Option<&ReportingAttempt>,
) -> Result<Applied, UseCaseError> {
    let ProviderReport {
        mut payment,
        mut around,
        mut said,
    } = report;
    // Toss shows the secret once, in the answer to the confirm.
    let secret = said.secret.take();
    for _ in 0..ROUNDS {
        let Around { attempts, session } = match around.take() {
            Some(around) => around,
            None => Around {
                attempts: services.records.attempts_of_payment(&payment.id).await?,
                session: session_of(services, &payment).await?,
            },
        };
        if let Some(field) = difference(&payment, payment.payment_key.as_ref(), &said) {
            if field == "paymentKey" {
                return another_payment(services, &payment, &attempts, &said).await;
            }
            tell(services, &payment, &foreign(field)).await?;
            return Ok(Applied::Foreign(field));
        }
        let refunds = if said.cancels.is_empty() {
            Vec::new()
        } else {
            services.records.refunds(&payment.id).await?
        };
        let read = PaymentContext {
            waits_for: waits_for(services, &attempts).await?,
            refunds,
            session,
            method: method_of(services, &payment).await?,
            attempts,
            payment,
        };
        let plan = Plan::of(&read, &said, secret.as_ref(), reported_by, services.now());
        let Some(change) = plan.change(&read, &services.timing, services.now()) else {
            return Ok(Applied::NothingNew);
        };
        let settlement = reported_by.and_then(|reported_by| decision(&change, &reported_by.id));
        let decided = settlement.is_some();
        let shown = change
            .session
            .as_ref()
            .filter(|_| settlement == Some(&Settlement::Succeeded))
            .map(|update| update.patch.clone());
        if services.commit(change).await? == Committed::Done {
            let session = read.session.zip(shown);
            let session = session.map(|(record, patch)| Box::new(record.with(patch)));
            return Ok(Applied::Done { decided, session });
        }
        let Some(fresh) = services.records.payment(&read.payment.id).await? else {
            return Ok(Applied::NothingNew);
        };
        payment = fresh;
        let shop = services.credentials(&payment.shop_id).await?;
        said = match services
            .provider
            .payment_by_key(&shop, &said.payment_key)
            .await
        {
            Ok(Some(said)) => said,
            Ok(None) => return Ok(Applied::NothingNew),
            Err(error) => {
                tracing::warn!(%error, "Toss could not be asked");
                return Ok(Applied::Unavailable);
            }
        };
    }
    tracing::error!(payment = %payment.id, "what Toss says could not be written down in {ROUNDS} tries");
    Ok(Applied::Unavailable)
}

/// How a change decides an attempt.
fn decision<'a>(change: &'a Change, attempt: &AttemptId) -> Option<&'a Settlement> {
    let update = change.attempt.as_ref()?;
    let decides = update.id == *attempt && !update.settlement.is_open();
    decides.then_some(&update.settlement)
}

async fn session_of(
    services: &Services,
    payment: &Payment,
) -> Result<Option<SessionRecord>, UseCaseError> {
    let id: &SessionId = match &payment.session_id {
        Some(id) => id,
        None => return Ok(None),
    };
    Ok(services.records.session(id).await?)
}

async fn method_of(
    services: &Services,
    payment: &Payment,
) -> Result<Option<PaymentMethod>, UseCaseError> {
    match &payment.payment_method_id {
        Some(id) => Ok(services.records.payment_method(id).await?),
        None => Ok(None),
    }
}

/// The invoice of a charge that was refused, if it still waits for its money: nobody else has paid it or is
/// about to.
async fn waits_for(
    services: &Services,
    attempts: &[Attempt],
) -> Result<Option<InvoiceId>, UseCaseError> {
    let refused = attempts
        .iter()
        .find(|attempt| attempt.status == AttemptStatus::Declined);
    let Some(charge) = refused.and_then(|attempt| attempt.charge.as_ref()) else {
        return Ok(None);
    };
    let records = &services.subscriptions;
    let invoice = records.invoice(&charge.invoice_id).await?;
    let Some(invoice) = invoice.filter(Invoice::is_open) else {
        return Ok(None);
    };
    let charges = records.attempts_of_invoice(&invoice.id).await?;
    let refused = |attempt: &Attempt| attempt.status == AttemptStatus::Declined;
    Ok(charges.iter().all(refused).then_some(invoice.id))
}

/// The update that makes a payment the other.
pub(super) fn payment_change(old: &Payment, new: &Payment) -> Change {
    Change {
        payment: Some(Update {
            id: old.id.clone(),
            revision: old.revision,
            patch: PaymentPatch::between(old, new),
        }),
        ..Change::default()
    }
}

/// Toss tells of another payment of the same order. If its money is there, it is there twice: recorded
/// with the attempt that made it, shown and alarmed, and never dropped.
async fn another_payment(
    services: &Services,
    payment: &Payment,
    attempts: &[Attempt],
    said: &ProviderPayment,
) -> Result<Applied, UseCaseError> {
    let order_and_amount = difference(payment, None, said);
    if order_and_amount.is_some() || !matches!(money(said), Money::Here | Money::PartlyBack) {
        return Ok(Applied::Foreign("paymentKey"));
    }
    let digest = one_time_key(AttemptKind::Confirm, said.payment_key.expose());
    let made_by = attempts
        .iter()
        .find(|attempt| attempt.key_digest.as_ref() == Some(&digest));
    if made_by.is_some_and(|attempt| attempt.status == AttemptStatus::Surplus) {
        return Ok(Applied::NothingNew);
    }
    let reason = "Toss has a second paid payment for this order; give one of them back";
    if made_by.is_none() && payment.needs_attention.as_deref() == Some(reason) {
        return Ok(Applied::NothingNew);
    }
    tracing::error!(payment = %payment.id, "an order was paid twice");
    let mut new = payment.clone();
    new.needs_attention = Some(reason.to_owned());
    new.revision += 1;
    let mut change = payment_change(payment, &new);
    if let Some(update) = &mut change.payment {
        update.patch.needs_attention = Edit::To(reason.to_owned());
    }
    change.attempt = made_by
        .filter(|attempt| attempt.status == AttemptStatus::Declined)
        .map(|attempt| AttemptUpdate::of(attempt, None, Settlement::Surplus));
    change.events = vec![about_payment(EventType::PaymentSurplus, &new)];
    Ok(match services.commit(change).await? {
        Committed::Done => Applied::Done {
            decided: false,
            session: None,
        },
        // Whoever asks again finds the same.
        Committed::Stale | Committed::Conflict => Applied::Unavailable,
    })
}
