//! `payments resolve`: by asking Toss, or by a decision of a human.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::Args;
use tokio::time::{Instant, sleep};

use crate::{
    application::{
        operator::OperatorRecords,
        ports::PaymentRecords,
        resolve_payment::{entry, handled, not_carried_out},
    },
    cli::{Context, args::actor},
    domain::{
        attempt::Attempt, audit::AuditAction, ids::PaymentId, payment::Payment, time::Millis,
        work::Work,
    },
    store::Store,
};

/// How to settle a payment.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub struct Resolve {
    /// Its name (pay_…) or its order number
    pub(super) payment: String,
    /// Have Toss asked again now; the running server does it, and this waits for what comes of it
    #[arg(long, group = "how")]
    ask: bool,
    /// Close the request whose outcome nobody knows: you have seen in Toss's dashboard that it was not
    /// carried out. Should Toss tell otherwise later, it is recorded as surplus
    #[arg(long, group = "how", requires = "reason")]
    not_carried_out: bool,
    /// Take it off the list of those that need attention: you have dealt with the reason
    #[arg(long, group = "how", requires = "reason")]
    handled: bool,
    /// Why; kept for ever beside who decided it
    #[arg(long)]
    reason: Option<String>,
    /// How long to wait for the running server after --ask
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    wait: u64,
}

const LOOK: Duration = Duration::from_millis(250);
/// A look at Toss that tells something new is written down within this time.
const SETTLING: Duration = Duration::from_secs(3);

/// Does it, and waits for what comes of it.
///
/// # Errors
/// The payment is in no state for it, the database fails, or no server runs that would ask Toss.
pub(super) async fn settle(context: &Context, payment: Payment, resolve: Resolve) -> Result<()> {
    let store = &context.store;
    let now = context.clock.now();
    let (actor, reason) = (actor(), resolve.reason.unwrap_or_default());
    if resolve.ask {
        let audit = entry(&payment, AuditAction::AskAgain, &actor, &reason);
        store.ask_again(&payment.id, audit, now).await?;
        wait(store, &payment.id, now, Duration::from_secs(resolve.wait)).await?;
        settled(store, &payment, SETTLING).await?;
        if let Some(fresh) = store.payment(&payment.id).await?
            && fresh.revision == payment.revision
            // Counted when it was taken, and back to 0 once Toss's answer was read.
            && fresh.work.tries > 0
        {
            let again = fresh.work.next_action_at.unwrap_or(now);
            bail!(
                "Toss gave no answer about payment {} that could be used; the server's log says why, and asks again at {}",
                payment.id,
                again.kst().as_str()
            );
        }
    } else {
        ensure!(!reason.trim().is_empty(), "--reason is empty; say why");
        let services = context.services()?;
        if resolve.not_carried_out {
            Box::pin(not_carried_out(&services, &payment, &actor, &reason)).await?;
        } else {
            handled(&services, &payment, &actor, &reason).await?;
        }
    }
    Ok(())
}

/// Until the running server has taken up what is due. A row that is taken is due when its lease ends.
async fn wait(store: &Store, id: &PaymentId, now: Millis, patience: Duration) -> Result<()> {
    let due = |work: &Work| work.next_action_at.is_some_and(|at| at <= now);
    let end = Instant::now() + patience;
    loop {
        let attempts = store.attempts_of_payment(id).await?;
        let payment = store.payment(id).await?;
        let waits = attempts.iter().any(|attempt| due(&attempt.work))
            || payment.is_some_and(|payment| due(&payment.work));
        if !waits {
            return Ok(());
        }
        ensure!(
            Instant::now() < end,
            "nobody has taken it up within {} s; it stays due: is `toss-merchant serve` running on this database?",
            patience.as_secs()
        );
        sleep(LOOK).await;
    }
}

/// Until whoever asks Toss has given the rows back, or for as long as that may take.
async fn settled(store: &Store, before: &Payment, patience: Duration) -> Result<()> {
    let end = Instant::now() + patience;
    while Instant::now() < end {
        let attempts = store.attempts_of_payment(&before.id).await?;
        let open = attempts.iter().any(Attempt::is_open);
        let payment = store.payment(&before.id).await?;
        let changed = payment.is_none_or(|payment| payment.revision != before.revision);
        if changed && !open {
            return Ok(());
        }
        sleep(LOOK).await;
    }
    Ok(())
}
