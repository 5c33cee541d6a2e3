//! `toss-merchant keys`: who may call the merchant API beside `MERCHANT_API_KEY`.

use std::{io::Write, time::Duration};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, told::json_line};
use crate::{
    application::api_keys::ApiKeys,
    domain::{
        api_key::{ApiKey, ApiKeyText, Scope},
        ids::ApiKeyId,
        time::Millis,
    },
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it, once
    Create(Create),
    /// Every key, oldest first: name, how it begins, state, scopes, when it was last used and ends, label
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Take a key back at once
    Revoke {
        /// Its name, as list shows it
        key: ApiKeyId,
    },
    /// Make a key with the label and the scopes of another and print it, once; both open the same until
    /// the old one ends
    Rotate(Rotate),
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Create {
    /// What it is for, such as "back office"
    #[arg(long)]
    label: String,
    /// What it may do; more than one by comma or by repeating: read (see everything), write (sessions,
    /// charges, registrations, deletions, where events go), refund (give money back)
    #[arg(long, required = true, value_delimiter = ',')]
    scope: Vec<Scope>,
    /// End it after so many days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    expires_in_days: Option<u32>,
}

/// A key to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Rotate {
    /// Its name, as list shows it
    key: ApiKeyId,
    /// How many hours the old one still opens
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=8760))]
    grace_hours: u32,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, or what was named does not exist.
pub async fn run(command: KeysCommand, context: &Context, out: &mut impl Write) -> Result<()> {
    let keys = ApiKeys::new(context.store.clone(), context.clock.clone());
    match command {
        KeysCommand::Create(create) => {
            let days = create.expires_in_days.map(u64::from);
            let lasts = days.map(|days| Duration::from_hours(24 * days));
            let (key, text) = keys.create(&create.label, &create.scope, lasts).await?;
            print_made(&key, &text, out)?;
        }
        KeysCommand::List { json: true } => {
            for (key, state) in keys.list().await? {
                let line = json!({
                    "id": key.id,
                    "prefix": key.prefix,
                    "state": state,
                    "scopes": key.scopes,
                    "lastUsedAt": key.last_used_at.map(Millis::kst),
                    "endsAt": key.revoked_at.or(key.expires_at).map(Millis::kst),
                    "label": key.label,
                });
                json_line(&line, out)?;
            }
        }
        KeysCommand::List { json: false } => {
            for (key, state) in keys.list().await? {
                writeln!(
                    out,
                    "{}  {}…  {state}  {}  used {}  ends {}  {}",
                    key.id,
                    key.prefix,
                    scopes(&key),
                    moment(key.last_used_at),
                    moment(key.revoked_at.or(key.expires_at)),
                    key.label
                )?;
            }
        }
        KeysCommand::Revoke { key } => {
            keys.revoke(&key).await?;
            writeln!(out, "{key} is revoked")?;
        }
        KeysCommand::Rotate(rotate) => {
            let grace = Duration::from_hours(rotate.grace_hours.into());
            let (key, text) = keys.rotate(&rotate.key, grace).await?;
            print_made(&key, &text, out)?;
        }
    }
    Ok(())
}

fn scopes(key: &ApiKey) -> String {
    let words: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    words.join(",")
}

fn moment(at: Option<Millis>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| at.kst().as_str().to_owned())
}

fn print_made(key: &ApiKey, text: &ApiKeyText, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}  {}  {}", key.id, scopes(key), key.label)?;
    writeln!(out, "{}", text.expose())
}
