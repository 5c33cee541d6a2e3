//! `toss-merchant payments`: how payments stand, and deciding what only a human can.

mod resolve;

use std::io::Write;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use toss_checkout_contract::{CustomerKey, OrderId};

pub use self::resolve::Resolve;
use super::{
    Context,
    args::{PeriodArgs, actor, moment},
    told::{attention, json_line, print_decisions},
};
use crate::{
    application::{
        operator::{ASKED_A_MINUTE, OperatorRecords, Period},
        ports::{Page, PaymentFilter, PaymentRecords},
    },
    domain::{
        attempt::Attempt,
        audit::{AuditAction, NewAudit},
        ids::PaymentId,
        payment::{Payment, PaymentStatus},
        time::Millis,
    },
    http::api::views::{PaymentDetail, PaymentView},
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
        /// One JSON object, as `GET /api/payments/{id}` has it, and `decisions`
        #[arg(long)]
        json: bool,
    },
    /// Have Toss asked about every payment of a time, the newest first and a few a second: after a backup was
    /// restored. The running server does it
    Ask(Ask),
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
    /// One JSON object per line, as `GET /api/payments` has them
    #[arg(long)]
    json: bool,
}

/// About which payments.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Ask {
    /// Written down then or later: 2026-11-28, which is midnight in Korea, or 2026-11-28T09:30:00+09:00
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    from: Millis,
    /// Written down before
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    to: Option<Millis>,
    /// Why, for the list of decisions
    #[arg(long, default_value = "")]
    reason: String,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database fails, or what was named does not exist or is in no state for it.
pub async fn run(command: PaymentsCommand, context: &Context, out: &mut impl Write) -> Result<()> {
    let store = &context.store;
    match command {
        PaymentsCommand::List(list) => print_list(store, list, out).await,
        PaymentsCommand::Show { payment, json } => {
            let payment = find(store, &payment).await?;
            if json {
                print_json(store, &payment, out).await
            } else {
                print(store, &payment, out).await
            }
        }
        PaymentsCommand::Ask(ask) => {
            let audit = NewAudit {
                actor: actor(),
                action: AuditAction::AskAgain,
                subject: String::new(),
                reason: ask.reason,
            };
            let period = Period {
                from: Some(ask.from),
                to: ask.to,
            };
            let rows = store.ask_about(period, audit, context.clock.now()).await?;
            let minutes = rows.div_ceil(ASKED_A_MINUTE.into());
            writeln!(
                out,
                "Toss is asked about {rows} payments within {minutes} min"
            )?;
            Ok(())
        }
        PaymentsCommand::Resolve(resolve) => {
            let payment = find(store, &resolve.payment).await?;
            let id = payment.id.clone();
            Box::pin(resolve::settle(context, payment, resolve)).await?;
            let payment = find(store, id.as_str()).await?;
            print(store, &payment, out).await
        }
    }
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
            Ok(payment) if list.json => json_line(&PaymentView::from(&payment), out)?,
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
        "{}  {}  {}  {}  {}, {} left{attention}",
        payment.created_at.kst().as_str(),
        payment.id,
        payment.order_id.as_str(),
        payment.status,
        payment.amount,
        payment
            .left()
            .map_or_else(|| "0".to_owned(), |left| left.decimal().to_string()),
    )
}

async fn print_json(store: &Store, payment: &Payment, out: &mut impl Write) -> Result<()> {
    let attempts = store.attempts_of_payment(&payment.id).await?;
    let refunds = store.refunds(&payment.id).await?;
    let mut shown = serde_json::to_value(PaymentDetail::new(payment, &attempts, &refunds))?;
    shown["decisions"] = store
        .audit_of(payment.id.as_str())
        .await?
        .into_iter()
        .map(|audit| {
            json!({
                "at": audit.at.kst(),
                "action": audit.entry.action,
                "actor": audit.entry.actor,
                "reason": audit.entry.reason,
            })
        })
        .collect();
    json_line(&shown, out)?;
    Ok(())
}

async fn print(store: &Store, payment: &Payment, out: &mut impl Write) -> Result<()> {
    line(payment, out)?;
    for attempt in store.attempts_of_payment(&payment.id).await? {
        print_attempt(&attempt, out).context("cannot write")?;
    }
    for refund in store.refunds(&payment.id).await? {
        writeln!(
            out,
            "  refund   {}  {}  {}  {}  {}  {}",
            refund.created_at.kst().as_str(),
            refund.id,
            refund.status,
            refund.amount,
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
