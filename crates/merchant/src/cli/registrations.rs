//! `toss-merchant registrations`: registrations of cards and accounts whose outcome nobody knows.

use std::io::Write;

use anyhow::{Result, bail, ensure};
use clap::{Args, Subcommand};
use serde_json::json;
use toss_checkout_contract::{CustomerKey, SessionId};

use super::{
    Context,
    args::actor,
    told::{attention, json_line, print_decisions},
};
use crate::{
    application::{
        operator::OperatorRecords,
        ports::{PaymentRecords, SessionRecords},
        resolve_payment::registration_not_carried_out,
    },
    domain::{attempt::Attempt, ids::AttemptId},
    store::Store,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum RegistrationsCommand {
    /// Registrations that wait for your decision, oldest first
    List {
        /// At most this many
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
        limit: u64,
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Close one, so that the customer can register again. Toss has nothing to look a registration up by:
    /// should it have been carried out, its billing key is lost, and nothing is ever charged with it
    Resolve(Resolve),
}

/// How to settle a registration.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Resolve {
    /// Its request (issue-…), as `registrations list` shows it
    request: String,
    /// It counts as refused
    #[arg(long, required = true, requires = "reason")]
    not_carried_out: bool,
    /// Why; kept for ever beside who decided it
    #[arg(long)]
    reason: Option<String>,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or what was named does not exist or waits for nobody's decision.
pub async fn run(
    command: RegistrationsCommand,
    context: &Context,
    out: &mut impl Write,
) -> Result<()> {
    let store = &context.store;
    match command {
        RegistrationsCommand::List { limit, json } => {
            for attempt in store.registrations_aside(limit).await? {
                if json {
                    let line = json!({
                        "request": attempt.id,
                        "status": attempt.status,
                        "customerKey": customer(store, &attempt).await?,
                        "createdAt": attempt.created_at.kst(),
                        "needsAttention": attempt.needs_attention,
                    });
                    json_line(&line, out)?;
                } else {
                    print(store, &attempt, out).await?;
                }
            }
        }
        RegistrationsCommand::Resolve(resolve) => {
            let reason = resolve.reason.unwrap_or_default();
            ensure!(!reason.trim().is_empty(), "--reason is empty; say why");
            let id = AttemptId::new(resolve.request.as_str());
            let session = session_of(store, &id).await?;
            let services = context.services()?;
            let actor = actor();
            let closing = registration_not_carried_out(&services, &session, &actor, &reason);
            Box::pin(closing).await?;
            if let Some(attempt) = store.attempt(&id).await? {
                print(store, &attempt, out).await?;
            }
        }
    }
    Ok(())
}

async fn session_of(store: &Store, id: &AttemptId) -> Result<SessionId> {
    match store.attempt(id).await?.and_then(|it| it.session_id) {
        Some(session) => Ok(session),
        None => bail!("no registration has the request {id}; see `registrations list`"),
    }
}

async fn customer(store: &Store, attempt: &Attempt) -> Result<Option<CustomerKey>> {
    let session = match &attempt.session_id {
        Some(id) => store.session(id).await?,
        None => None,
    };
    Ok(session.map(|record| record.session.customer_key))
}

async fn print(store: &Store, attempt: &Attempt, out: &mut impl Write) -> Result<()> {
    let customer = customer(store, attempt).await?;
    let reason = attention(attempt.needs_attention.as_deref());
    writeln!(
        out,
        "{}  {}  customer {}  {}{reason}",
        attempt.created_at.kst().as_str(),
        attempt.id,
        customer.as_ref().map_or("?", CustomerKey::expose),
        attempt.status,
    )?;
    print_decisions(store, attempt.id.as_str(), out).await?;
    Ok(())
}
