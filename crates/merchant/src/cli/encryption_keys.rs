//! `toss-merchant encryption-keys`: with which keys of `BILLING_KEY_ENCRYPTION_KEYS` the database is sealed.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Subcommand;
use serde_json::json;

use super::{Context, told::json_line};
use crate::{
    application::{ports::ShopRecords, reencrypt::reencrypt},
    config::ConfigError,
    crypto::key_id,
    domain::{names::context::shop_secret, sealed::SealedColumn},
    store::{Count, Sealing, listed},
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum EncryptionKeysCommand {
    /// What each key opens, newest first, and what is sealed with keys that are missing
    List {
        /// One JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Seal everything that older keys open anew with the newest, so that they can be removed. The server may
    /// run; what was done stays done when this is ended, and is not done again
    Reencrypt,
}

/// Does it on the configured database, beside the running server.
///
/// # Errors
/// The database cannot be used, the server does not seal with the newest key, or something could not be
/// sealed anew.
pub async fn run(
    command: EncryptionKeysCommand,
    context: &Context,
    out: &mut impl Write,
) -> Result<()> {
    match command {
        EncryptionKeysCommand::List { json } => {
            let sealing = sealing(context).await?;
            for (key, state, counts) in keys(&sealing) {
                if json {
                    json_line(&object(key, state, counts), out)?;
                } else {
                    print(key, state, counts, out)?;
                }
            }
            Ok(())
        }
        EncryptionKeysCommand::Reencrypt => all_anew(context, out).await,
    }
}

async fn all_anew(context: &Context, out: &mut impl Write) -> Result<()> {
    let newest = newest(context).await?;
    let mut refused = 0;
    for column in SealedColumn::ALL {
        let done = reencrypt(context.store.as_ref(), &context.config.keys, column).await?;
        writeln!(
            out,
            "sealed anew with {newest}: {} {}",
            done.sealed,
            column.as_str()
        )?;
        refused += done.refused;
    }
    let sealing = sealing(context).await?;
    for (key, state, counts) in keys(&sealing) {
        print(key, state, counts, out)?;
    }
    if refused > 0 {
        bail!(
            "{refused} values do not open with the key whose name they bear, and stay as they are; the lines above name them"
        );
    }
    if sealing
        .with
        .iter()
        .skip(1)
        .any(|(_, counts)| !counts.is_empty())
    {
        bail!(
            "something changed meanwhile, or a copy of the server still seals with an older key: restart it with {newest} first, and do this again"
        );
    }
    Ok(())
}

/// The key with which the server seals. Should the command have been given another one of its name, nobody
/// could open what it sealed.
async fn newest(context: &Context) -> Result<String> {
    let keys = &context.config.keys;
    let newest = keys.ids().first().copied().unwrap_or_default().to_owned();
    for configured in &context.config.shops {
        let shop = context.store.shop(&configured.id).await?;
        let is_so = shop.is_some_and(|shop| {
            key_id(&shop.sealed_secret) == Some(newest.as_str())
                && keys
                    .open(&shop.sealed_secret, &shop_secret(&shop.id))
                    .is_ok()
        });
        if !is_so {
            let problem = format!(
                "the server has not begun to seal with {newest} yet, or with another key of this name: put it first, restart every copy with it, then seal the rest anew"
            );
            return Err(ConfigError {
                name: "BILLING_KEY_ENCRYPTION_KEYS",
                problem,
            }
            .into());
        }
    }
    Ok(newest)
}

async fn sealing(context: &Context) -> Result<Sealing> {
    Ok(context.store.sealing(&context.config.keys.ids()).await?)
}

/// Every key with what it is and what it opens.
fn keys(sealing: &Sealing) -> impl Iterator<Item = (&str, &'static str, &[Count])> {
    let held = sealing
        .with
        .iter()
        .enumerate()
        .map(|(place, (key, counts))| {
            let state = if place == 0 { "newest" } else { "older" };
            (key.as_str(), state, counts.as_slice())
        });
    let missing = sealing.missing.iter();
    held.chain(missing.map(|(key, counts)| (key.as_str(), "missing", counts.as_slice())))
}

fn print(key: &str, state: &str, counts: &[Count], out: &mut impl Write) -> std::io::Result<()> {
    let opens = match (state, counts) {
        ("older", []) => "opens nothing any more: remove it, and restart".to_owned(),
        (_, []) => "opens nothing yet".to_owned(),
        ("missing", counts) => format!("{} cannot be opened", listed(counts)),
        (_, counts) => format!("opens {}", listed(counts)),
    };
    writeln!(out, "{key}  {state}  {opens}")
}

fn object(key: &str, state: &str, counts: &[Count]) -> serde_json::Value {
    let rows: Vec<_> = counts
        .iter()
        .map(|(column, rows)| json!({"of": column.as_str(), "rows": rows}))
        .collect();
    json!({"key": key, "state": state, "opens": rows})
}
