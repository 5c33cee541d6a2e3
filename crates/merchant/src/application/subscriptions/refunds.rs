//! Money that goes back when a subscription ends.

use std::{sync::Arc, time::Duration};

use toss_checkout_contract::Amount;

use crate::{
    application::{
        error::UseCaseError,
        refund_payment::{RefundRequest, refund_payment},
        services::Services,
        subscription_step::Loaded,
    },
    domain::{
        attempt::AttemptStatus,
        ids::InvoiceId,
        names,
        payment::Payment,
        refund::{Refund, RefundStatus},
        subscription::{
            engine::{Step, steps::refunded},
            state::RefundDue,
        },
    },
};

/// How long a refund whose outcome is open stays as it is.
pub(super) const LOOKS_AGAIN: Duration = Duration::from_mins(1);

/// How a refund stands.
enum Standing {
    /// The money is back.
    Done,
    /// Toss is being asked, or another refund of the payment comes first.
    Open,
    /// It will not come back by itself.
    Impossible(String),
}

/// Asks for everything that is due. The step writes one outcome down; `None`: none is known yet, and all of
/// it stays due.
pub(super) async fn give_back(
    services: &Arc<Services>,
    loaded: &Loaded,
) -> Result<Option<Step>, UseCaseError> {
    let world = loaded.world(services);
    for due in &loaded.subscription.state.refunds {
        match refund(services, loaded, due).await? {
            Standing::Open => {}
            Standing::Done => return Ok(Some(refunded(&world, due, None))),
            Standing::Impossible(problem) => {
                tracing::error!(problem, subscription = %loaded.subscription.id, "a refund was not made");
                return Ok(Some(refunded(&world, due, Some(&problem))));
            }
        }
    }
    Ok(None)
}

async fn refund(
    services: &Arc<Services>,
    loaded: &Loaded,
    due: &RefundDue,
) -> Result<Standing, UseCaseError> {
    let Some(payment) = payment(services, &due.invoice_id).await? else {
        let problem = format!(
            "{} won were to go back, and no payment was found",
            due.amount
        );
        return Ok(Standing::Impossible(problem));
    };
    let request_key = format!("cancel-{}", loaded.subscription.id);
    // One that was asked for before the process died: what is left of the payment is less since then.
    let known = names::refund(&payment.id, &request_key);
    if let Some(known) = services.records.refund(&known).await? {
        return Ok(standing(&known));
    }
    let Ok(amount) = Amount::won(due.amount.min(payment.balance)) else {
        // It went back by another way.
        return Ok(Standing::Done);
    };
    let request = RefundRequest {
        payment_id: payment.id.clone(),
        request_key,
        expected_revision: None,
        amount: Some(amount),
        reason: "구독 해지".to_owned(),
        expected_balance: None,
        account: None,
    };
    match Box::pin(refund_payment(services, &request)).await {
        Ok(refund) => Ok(standing(&refund)),
        Err(UseCaseError::Busy(_)) => Ok(Standing::Open),
        Err(UseCaseError::Records(error)) => Err(error.into()),
        Err(error) => Ok(Standing::Impossible(format!(
            "{amount} of payment {} were to go back: {error}",
            payment.id
        ))),
    }
}

fn standing(refund: &Refund) -> Standing {
    match refund.status {
        RefundStatus::Succeeded => Standing::Done,
        RefundStatus::Pending => Standing::Open,
        RefundStatus::Declined => {
            let failure = refund.details.failure.as_ref();
            let code = failure.map_or("no code", |failure| failure.code.as_str());
            Standing::Impossible(format!(
                "{} of payment {} were to go back: Toss refused it ({code})",
                refund.amount, refund.payment_id
            ))
        }
    }
}

/// The payment that paid an invoice.
async fn payment(
    services: &Services,
    invoice: &InvoiceId,
) -> Result<Option<Payment>, UseCaseError> {
    let attempts = services.subscriptions.attempts_of_invoice(invoice).await?;
    let paid = attempts.into_iter().find(|attempt| {
        matches!(
            attempt.status,
            AttemptStatus::Succeeded | AttemptStatus::Surplus
        )
    });
    match paid.and_then(|attempt| attempt.payment_id) {
        Some(id) => Ok(services.records.payment(&id).await?),
        None => Ok(None),
    }
}
