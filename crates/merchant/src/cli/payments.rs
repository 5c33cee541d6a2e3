//! `toss-merchant payments`: how payments stand, and deciding what only a human can.

use std::{io::Write, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use tokio::time::{Instant, sleep};
use toss_checkout_contract::{CustomerKey, OrderId};

use super::args::{PeriodArgs, actor};
use super::told::{attention, print_decisions};
use crate::{
    app::{self, open},
    application::{
        operator::{OperatorRecords, Period},
        ports::{Page, PaymentFilter, PaymentRecords},
        resolve_payment::{entry, handled, not_carried_out},
    },
    clock::Clock,
    config::Config,
    domain::{
        attempt::Attempt,
        audit::AuditAction,
        ids::PaymentId,
        payment::{Payment, PaymentStatus},
        time::Millis,
        work::Work,
    },
    notifier::Notifier,
    store::Store,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum PaymentsCommand {
    /// Payments, newest first
    List(List),
    /// A payment with everything that was tried for it, given back, and decided about it
    Show {
        /// Its name (pay_…) or its order number
        payment: String,
    },
    /// Settle a payment that is unknown or needs attention: by asking Toss, or by a decision that is
    /// written down with its reason. That money moved is Toss's word alone, and cannot be decided here
    Resolve(Resolve),
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct List {
    /// In this status: ready, confirming, waiting_for_deposit, paid, partially_canceled, canceled, failed,
    /// unknown or expired
    #[arg(long)]
    status: Option<PaymentStatus>,
    /// Set before a human
    #[arg(long)]
    needs_attention: bool,
    /// Of this customer
    #[arg(long, value_name = "CUSTOMER_KEY")]
    customer: Option<CustomerKey>,
    #[command(flatten)]
    period: PeriodArgs,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
}

/// How to settle a payment.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub struct Resolve {
    /// Its name (pay_…) or its order number
    payment: String,
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

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or what was named does not exist or is in no state for it.
pub async fn run(
    command: PaymentsCommand,
    config: &Config,
    clock: Clock,
    out: &mut impl Write,
) -> Result<()> {
    let store = open(config, &clock).await?;
    match command {
        PaymentsCommand::List(list) => print_list(&store, list, out).await?,
        PaymentsCommand::Show { payment } => {
            let payment = find(&store, &payment).await?;
            print(&store, &payment, out).await?;
        }
        PaymentsCommand::Resolve(resolve) => {
            Box::pin(settle(&store, config, clock, resolve, out)).await?;
        }
    }
    store.close().await?;
    Ok(())
}

async fn settle(
    store: &Arc<Store>,
    config: &Config,
    clock: Clock,
    resolve: Resolve,
    out: &mut impl Write,
) -> Result<()> {
    let payment = find(store, &resolve.payment).await?;
    let (actor, reason) = (actor(), resolve.reason.unwrap_or_default());
    if resolve.ask {
        let audit = entry(&payment, AuditAction::AskAgain, &actor, &reason);
        let rows = store.ask_again(&payment.id, audit, clock.now()).await?;
        ensure!(
            rows > 0,
            "Toss knows nothing of payment {}: no request of it is open, and none was carried out",
            payment.id
        );
        let patience = Duration::from_secs(resolve.wait);
        wait(store, &payment.id, clock.now(), patience).await?;
        settled(store, &payment, SETTLING).await?;
    } else {
        ensure!(!reason.trim().is_empty(), "--reason is empty; say why");
        let services = app::services(config, clock, store, Notifier::default())?;
        if resolve.not_carried_out {
            Box::pin(not_carried_out(&services, &payment, &actor, &reason)).await?;
        } else {
            handled(&services, &payment, &actor, &reason).await?;
        }
    }
    let payment = find(store, payment.id.as_str()).await?;
    print(store, &payment, out).await
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

async fn find(store: &Store, name: &str) -> Result<Payment> {
    if let Some(payment) = store.payment(&PaymentId::new(name)).await? {
        return Ok(payment);
    }
    if let Ok(order) = OrderId::new(name)
        && let Some(payment) = store.payment_of_order(&order).await?
    {
        return Ok(payment);
    }
    bail!("no payment has the name or the order number {name}")
}

async fn print_list(store: &Store, list: List, out: &mut impl Write) -> Result<()> {
    let period = Period::from(list.period);
    let filter = PaymentFilter {
        customer_key: list.customer,
        status: list.status,
        from: period.from,
        to: period.to,
        needs_attention: list.needs_attention,
        ..PaymentFilter::default()
    };
    let page = Page {
        limit: list.limit,
        before: None,
    };
    for listed in store.payments(page, &filter).await? {
        match listed.row {
            Ok(payment) => line(&payment, out)?,
            // One row that cannot be read does not hide the others.
            Err(error) => writeln!(out, "{error}")?,
        }
    }
    Ok(())
}

fn line(payment: &Payment, out: &mut impl Write) -> std::io::Result<()> {
    let attention = attention(payment.needs_attention.as_deref());
    writeln!(
        out,
        "{}  {}  {}  {}  {} KRW, {} left{attention}",
        payment.created_at.kst().as_str(),
        payment.id,
        payment.order_id.as_str(),
        payment.status,
        payment.amount.value(),
        payment.balance,
    )
}

async fn print(store: &Store, payment: &Payment, out: &mut impl Write) -> Result<()> {
    line(payment, out)?;
    for attempt in store.attempts_of_payment(&payment.id).await? {
        print_attempt(&attempt, out).context("cannot write")?;
    }
    for refund in store.refunds(&payment.id).await? {
        writeln!(
            out,
            "  refund   {}  {}  {}  {} KRW  {}  {}",
            refund.created_at.kst().as_str(),
            refund.id,
            refund.status,
            refund.amount.value(),
            refund.origin,
            refund.details.reason,
        )?;
    }
    print_decisions(store, payment.id.as_str(), out).await?;
    Ok(())
}

fn print_attempt(attempt: &Attempt, out: &mut impl Write) -> std::io::Result<()> {
    let mut told = String::new();
    if let Some(failure) = &attempt.failure {
        told = format!("  {} {}", failure.code, failure.message);
    }
    if let Some(reason) = &attempt.needs_attention {
        told = format!("{told}  needs attention: {reason}");
    } else if let Some(at) = attempt.work.next_action_at {
        told = format!("{told}  looked up next {}", at.kst().as_str());
    }
    writeln!(
        out,
        "  request  {}  {}  {} {}{told}",
        attempt.created_at.kst().as_str(),
        attempt.id,
        attempt.kind,
        attempt.status,
    )
}
