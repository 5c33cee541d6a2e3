//! `subscriptions`: how they stand, and having those go on that were set before a human.

use std::{io::Write, sync::Arc};

use anyhow::{Result, bail, ensure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use toss_checkout_contract::CustomerKey;

use super::{
    Context,
    args::actor,
    told::{attention, json_line},
};
use crate::{
    application::{
        ports::Page,
        subscription_records::{SubscriptionFilter, SubscriptionRecords},
        subscriptions::carry_on,
    },
    domain::{
        audit::{AuditAction, NewAudit},
        ids::SubscriptionId,
        subscription::{Subscription, SubscriptionStatus},
    },
    store::Store,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum SubscriptionsCommand {
    /// Subscriptions, newest first
    List(List),
    /// Take a subscription off the list of those that need attention and have it carried on at once, a held
    /// invoice charged: you have dealt with the reason
    Resume {
        /// Its name (sub_…)
        subscription: String,
        /// Why; kept for ever beside who decided it
        #[arg(long)]
        reason: String,
    },
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct List {
    /// In this status: incomplete, trialing, active, past_due, unpaid, awaiting_consent, paused or canceled
    #[arg(long)]
    status: Option<SubscriptionStatus>,
    /// Set before a human
    #[arg(long)]
    needs_attention: bool,
    /// Of this customer
    #[arg(long, value_name = "CUSTOMER_KEY")]
    customer: Option<CustomerKey>,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
    /// One JSON object per line
    #[arg(long)]
    json: bool,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or what was named does not exist or needs no attention.
pub async fn run(
    command: SubscriptionsCommand,
    context: &Context,
    out: &mut impl Write,
) -> Result<()> {
    let store = &context.store;
    match command {
        SubscriptionsCommand::List(list) => print_list(store, list, out).await?,
        SubscriptionsCommand::Resume {
            subscription,
            reason,
        } => {
            ensure!(!reason.trim().is_empty(), "--reason is empty; say why");
            let id = SubscriptionId::new(subscription);
            if store.subscription(&id).await?.is_none() {
                bail!("no subscription has the name {id}");
            }
            let audit = NewAudit {
                actor: actor(),
                action: AuditAction::ResumeSubscription,
                subject: id.to_string(),
                reason,
            };
            let found = carry_on(&**store, &**store, &id, &audit, context.clock.now()).await?;
            ensure!(found, "subscription {id} needs no attention");
            writeln!(out, "{id} is due now; the running server carries it on")?;
        }
    }
    Ok(())
}

async fn print_list(store: &Arc<Store>, list: List, out: &mut impl Write) -> Result<()> {
    let filter = SubscriptionFilter {
        customer_key: list.customer,
        status: list.status,
        needs_attention: list.needs_attention,
    };
    let page = Page {
        limit: list.limit,
        before: None,
    };
    for listed in store.subscriptions(page, &filter).await? {
        match listed.row {
            Ok(subscription) if list.json => json_line(&object(&subscription), out)?,
            Ok(subscription) => line(&subscription, out)?,
            // One row that cannot be read does not hide the others.
            Err(error) => writeln!(out, "{error}")?,
        }
    }
    Ok(())
}

fn object(subscription: &Subscription) -> Value {
    json!({
        "id": subscription.id,
        "status": subscription.status,
        "customerKey": subscription.customer_key,
        "orderName": subscription.order_name,
        "amount": { "value": subscription.state.price, "currency": "KRW" },
        "needsAttention": subscription.needs_attention,
        "createdAt": subscription.created_at.kst(),
    })
}

fn line(subscription: &Subscription, out: &mut impl Write) -> std::io::Result<()> {
    let attention = attention(subscription.needs_attention.as_deref());
    writeln!(
        out,
        "{}  {}  {}  {} KRW  {}{attention}",
        subscription.created_at.kst().as_str(),
        subscription.id,
        subscription.status,
        subscription.state.price,
        subscription.order_name,
    )
}
