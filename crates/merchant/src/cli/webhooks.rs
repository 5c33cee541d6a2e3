//! `toss-merchant webhooks`: what Toss told, what became of it, and working on it again.

use std::io::Write;

use anyhow::{Result, ensure};
use clap::{Args, Subcommand};
use serde_json::json;
use toss_checkout_contract::OrderId;

use super::{
    Context,
    args::{PeriodArgs, actor},
    told::json_line,
};
use crate::{
    application::operator::{OperatorRecords, WebhookFilter},
    domain::{
        audit::{AuditAction, NewAudit},
        webhook::{Webhook, WebhookState},
    },
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum WebhooksCommand {
    /// Webhooks of Toss as they came in, newest first, and what became of each
    List(List),
    /// Work on webhooks again as if they had just come in; the running server does it. Harmless: a webhook
    /// is only a reason to ask Toss
    Replay(Replay),
}

/// Which webhooks are meant.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Which {
    /// About this order number
    #[arg(long)]
    order: Option<OrderId>,
    /// In this state: pending, processed or ignored
    #[arg(long)]
    state: Option<WebhookState>,
    /// Set aside for a human
    #[arg(long)]
    needs_attention: bool,
    #[command(flatten)]
    period: PeriodArgs,
}

impl Which {
    fn filter(&self, id: Option<String>) -> WebhookFilter {
        WebhookFilter {
            id,
            order_id: self.order.clone(),
            state: self.state,
            needs_attention: self.needs_attention,
            received: self.period.into(),
        }
    }
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct List {
    #[command(flatten)]
    which: Which,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
    /// One JSON object per line, with the body; secrets and billing keys in it were blanked when it came
    #[arg(long)]
    json: bool,
}

/// What to work on again.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Replay {
    /// This one, as list shows its name
    webhook: Option<String>,
    #[command(flatten)]
    which: Which,
    /// Why, for the list of decisions
    #[arg(long, default_value = "")]
    reason: String,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or nothing is meant.
pub async fn run(command: WebhooksCommand, context: &Context, out: &mut impl Write) -> Result<()> {
    let store = &context.store;
    match command {
        WebhooksCommand::List(list) => {
            for webhook in store.webhooks(&list.which.filter(None), list.limit).await? {
                print(&webhook, list.json, out)?;
            }
        }
        WebhooksCommand::Replay(replay) => {
            let filter = replay.which.filter(replay.webhook.clone());
            ensure!(
                filter != WebhookFilter::default(),
                "name a webhook, or say which with --order, --state, --needs-attention, --from or --to"
            );
            let audit = NewAudit {
                actor: actor(),
                action: AuditAction::ReplayWebhooks,
                subject: replay.webhook.clone().unwrap_or_default(),
                reason: replay.reason,
            };
            let rows = store
                .replay_webhooks(&filter, audit, context.clock.now())
                .await?;
            ensure!(
                rows > 0 || replay.webhook.is_none(),
                "there is no webhook {}; list shows their names, and old ones are deleted after {} days (WEBHOOK_RETENTION_DAYS)",
                replay.webhook.unwrap_or_default(),
                context.config.timing.retention.as_secs() / (24 * 3600)
            );
            writeln!(out, "{rows} webhooks are due")?;
        }
    }
    Ok(())
}

fn print(webhook: &Webhook, as_json: bool, out: &mut impl Write) -> std::io::Result<()> {
    let content = &webhook.content;
    let order = content.order_id.as_ref().map(OrderId::as_str);
    if as_json {
        let line = json!({
            "id": webhook.id,
            "transmissionId": content.transmission_id,
            "receivedAt": webhook.received_at.kst(),
            "eventType": content.event_type,
            "orderId": order,
            "claimedStatus": content.claimed_status,
            "state": webhook.state,
            "note": webhook.note,
            "needsAttention": webhook.needs_attention,
            "deliveries": webhook.deliveries,
            "body": content.body,
        });
        return json_line(&line, out);
    }
    let told = webhook
        .needs_attention
        .as_ref()
        .or(webhook.note.as_ref())
        .map_or("", String::as_str);
    writeln!(
        out,
        "{}  {}  {}  {}  {} ×{}  {told}",
        webhook.received_at.kst().as_str(),
        webhook.id,
        content.event_type,
        order.unwrap_or("-"),
        webhook.state,
        webhook.deliveries,
    )
}
