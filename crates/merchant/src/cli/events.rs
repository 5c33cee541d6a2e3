//! `toss-merchant events`: what happened, sending it again, and where it goes.

use std::{io::Write, sync::Arc};

use anyhow::{Result, bail};
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

use super::{Context, args::moment, told::json_line};
use crate::{
    application::{
        endpoints::{Endpoints, is_configured},
        events::{EventQuery, Events, ListedEvent},
        outbox::Resend,
    },
    domain::{
        endpoint::Endpoint,
        ids::{EndpointId, EventId},
        signing_secret::SigningSecret,
        time::Millis,
    },
    publisher::WebhookClient,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum EventsCommand {
    /// What happened, newest first, and how its deliveries stand
    List(List),
    /// Send events again, with every try before them; the running server does it
    Resend(ResendArgs),
    /// Where events go
    #[command(subcommand)]
    Endpoints(EndpointsCommand),
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct List {
    /// Go on behind this event
    #[arg(long, value_name = "EVENT")]
    after: Option<EventId>,
    /// Only what happened to this payment or payment method
    #[arg(long)]
    subject: Option<String>,
    /// Only what could not be delivered
    #[arg(long)]
    failed: bool,
    /// Oldest first
    #[arg(long)]
    oldest_first: bool,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
    /// One JSON object per line
    #[arg(long)]
    json: bool,
}

/// What to send again.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["event", "from"]))]
pub struct ResendArgs {
    /// This event
    event: Option<EventId>,
    /// Everything since then that is not delivered, such as 2026-11-28T00:00:00+09:00
    #[arg(long, value_parser = moment)]
    from: Option<Millis>,
    /// Until then
    #[arg(long, requires = "from", value_parser = moment)]
    to: Option<Millis>,
    /// To this endpoint alone
    #[arg(long)]
    endpoint: Option<EndpointId>,
    /// Also what is delivered already
    #[arg(long, requires = "from")]
    delivered: bool,
}

/// What to do with endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum EndpointsCommand {
    /// Every endpoint
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Set one up; prints its secret, once
    Add {
        /// Such as `https://shop.example.com/toss-events`
        url: String,
    },
    /// Send a message that tells of nothing, and say how it was answered
    Test {
        /// Its name
        endpoint: EndpointId,
    },
    /// Send events to it again, after 410 Gone or `disable`
    Enable {
        /// Its name
        endpoint: EndpointId,
    },
    /// Send it nothing more, and cancel what is on its way
    Disable {
        /// Its name
        endpoint: EndpointId,
    },
    /// Make a new secret and print it, once; both sign until `end-rotation`
    Rotate {
        /// Its name
        endpoint: EndpointId,
    },
    /// Sign with the newest secret alone
    EndRotation {
        /// Its name
        endpoint: EndpointId,
    },
    /// Delete it, and what was on its way to it
    Remove {
        /// Its name
        endpoint: EndpointId,
    },
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or what was named does not exist.
pub async fn run(command: EventsCommand, context: &Context, out: &mut impl Write) -> Result<()> {
    let store = &context.store;
    let clock = context.clock.clone();
    let events = Events::new(store.clone(), store.clone(), clock.clone());
    match command {
        EventsCommand::List(list) => print_list(&events, list, out).await?,
        EventsCommand::Resend(which) => {
            let resend = Resend {
                undelivered: which.event.is_none() && !which.delivered,
                event: which.event,
                from: which.from,
                to: which.to,
                endpoint: which.endpoint,
            };
            let deliveries = events.resend(&resend).await?;
            writeln!(out, "{deliveries} deliveries are due")?;
        }
        EventsCommand::Endpoints(command) => {
            let reach = context.config.events.reach;
            let publisher = WebhookClient::new(reach, context.config.timing.event)?;
            let keys = context.config.keys.clone();
            let endpoints = Endpoints::new(store.clone(), Arc::new(publisher), keys, clock, reach);
            change(&endpoints, command, out).await?;
        }
    }
    Ok(())
}

async fn print_list(events: &Events, list: List, out: &mut impl Write) -> Result<()> {
    let page = events
        .list(EventQuery {
            after: list.after,
            subject: list.subject,
            failed: list.failed,
            newest_first: !list.oldest_first,
            limit: list.limit,
        })
        .await?;
    for listed in &page.events {
        let states = states(listed);
        let event = &listed.event;
        if list.json {
            let mut line = event.shown();
            line["deliveries"] = json!(states);
            json_line(&line, out)?;
        } else {
            let deliveries: Vec<String> = states
                .iter()
                .map(|(endpoint, state)| format!("{endpoint} {state}"))
                .collect();
            writeln!(
                out,
                "{}  {}  {}  {} r{}  {}",
                event.at.kst().as_str(),
                event.id,
                event.kind,
                event.subject,
                event.subject_revision,
                deliveries.join(", ")
            )?;
        }
    }
    Ok(())
}

fn states(listed: &ListedEvent) -> Vec<(String, String)> {
    let state = |delivery: &crate::domain::delivery::Delivery| match &delivery.last_error {
        Some(error) => format!("{} ({error})", delivery.state),
        None => delivery.state.to_string(),
    };
    listed
        .deliveries
        .iter()
        .map(|delivery| (delivery.endpoint_id.to_string(), state(delivery)))
        .collect()
}

async fn change(
    endpoints: &Endpoints,
    command: EndpointsCommand,
    out: &mut impl Write,
) -> Result<()> {
    match command {
        EndpointsCommand::List { json } => {
            for endpoint in endpoints.list().await? {
                if json {
                    let line = json!({
                        "id": endpoint.id,
                        "url": endpoint.url.as_str(),
                        "state": endpoint.state,
                        "configured": is_configured(&endpoint.id),
                        "secrets": endpoint.sealed_secrets.len(),
                    });
                    json_line(&line, out)?;
                } else {
                    print(&endpoint, out)?;
                }
            }
        }
        EndpointsCommand::Add { url } => {
            let (endpoint, secret) = endpoints.create(&url).await?;
            print(&endpoint, out)?;
            print_secret(&secret, out)?;
        }
        EndpointsCommand::Test { endpoint } => {
            let outcome = endpoints.test(&endpoint).await?;
            if let Some(problem) = outcome.problem() {
                bail!("{endpoint} did not take it: {problem}");
            }
            writeln!(out, "{endpoint} took it")?;
        }
        EndpointsCommand::Enable { endpoint } => {
            print(&endpoints.enable(&endpoint, true).await?, out)?;
        }
        EndpointsCommand::Disable { endpoint } => {
            print(&endpoints.enable(&endpoint, false).await?, out)?;
        }
        EndpointsCommand::Rotate { endpoint } => {
            let (endpoint, secret) = endpoints.rotate(&endpoint).await?;
            print(&endpoint, out)?;
            print_secret(&secret, out)?;
        }
        EndpointsCommand::EndRotation { endpoint } => {
            print(&endpoints.drop_previous_secret(&endpoint).await?, out)?;
        }
        EndpointsCommand::Remove { endpoint } => {
            endpoints.delete(&endpoint).await?;
            writeln!(out, "{endpoint} is deleted")?;
        }
    }
    Ok(())
}

fn print(endpoint: &Endpoint, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{}  {}  {}  {} secret(s)",
        endpoint.id,
        endpoint.state,
        endpoint.url.as_str(),
        endpoint.sealed_secrets.len()
    )
}

fn print_secret(secret: &SigningSecret, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}", secret.expose())
}
