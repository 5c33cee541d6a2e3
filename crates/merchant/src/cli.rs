//! The commands of the program.

pub mod args;
pub mod encryption_keys;
pub mod events;
pub mod export;
pub mod keys;
pub mod payments;
pub mod registrations;
pub mod subscriptions;
mod told;
pub mod webhooks;

mod context;

use std::{ffi::OsString, io::Write};

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ContextKind};

pub use self::context::{Context, Failure};
use self::{
    encryption_keys::EncryptionKeysCommand, events::EventsCommand, export::ExportArgs,
    keys::KeysCommand, payments::PaymentsCommand, registrations::RegistrationsCommand,
    subscriptions::SubscriptionsCommand, webhooks::WebhooksCommand,
};
use crate::config::Args;

/// Backend of toss-checkout: sessions, confirm, automatic payment, webhooks and the built page.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "toss-merchant",
    version,
    after_help = "Every setting is also an environment variable (in brackets). Secrets belong in the environment, \
not on the command line."
)]
pub struct Cli {
    /// Settings; every command takes them, before or behind its name.
    #[command(flatten)]
    pub settings: Args,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve buyers, your own server and Toss's webhooks (what happens without a command, too)
    #[default]
    Serve,
    /// Upgrade the database's tables and end; serve does the same when it starts
    Migrate,
    /// Check the settings, Toss, the clock and the public address, and print what is left to do before
    /// going live; exit code 1 when something cannot work
    Doctor {
        /// An order paid with these keys: its answer tells the keys' API version
        #[arg(long)]
        order: Option<String>,
    },
    /// Something with what is written down
    #[command(flatten)]
    Records(RecordsCommand),
}

/// Commands about what is written down. The server may be running meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum RecordsCommand {
    /// What happened, sending it again, and where it goes
    #[command(subcommand)]
    Events(EventsCommand),
    /// Who may call the merchant API beside MERCHANT_API_KEY
    #[command(subcommand)]
    Keys(KeysCommand),
    /// With which keys of BILLING_KEY_ENCRYPTION_KEYS the database is sealed, and sealing it anew with the newest
    #[command(subcommand)]
    EncryptionKeys(EncryptionKeysCommand),
    /// What Toss told, what became of it, and working on it again
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    /// How payments stand, and deciding what only a human can
    #[command(subcommand)]
    Payments(PaymentsCommand),
    /// Registrations of cards and accounts whose outcome nobody knows, and deciding about them
    #[command(subcommand)]
    Registrations(RegistrationsCommand),
    /// How subscriptions stand, and having those go on that were set before a human
    #[command(subcommand)]
    Subscriptions(SubscriptionsCommand),
    /// Write records out for bookkeeping or other programs: no keys, no secrets
    Export(ExportArgs),
}

impl Cli {
    /// Reads the command line; a wrong one, `--help` and `--version` end the process.
    pub fn read() -> Self {
        Self::try_read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads these words, the program's name first.
    ///
    /// # Errors
    /// What is wrong with them, or the help that was asked for.
    pub fn try_read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut read = Self::definition()
            .try_get_matches_from(words)
            .and_then(|matches| Self::from_arg_matches(&matches));
        if let Err(error) = &mut read {
            // It would repeat every setting that the environment has.
            error.remove(ContextKind::Usage);
        }
        read
    }

    /// Every command takes every setting; `-h` leaves them out, `--help` has them behind the command's own
    /// options.
    fn definition() -> clap::Command {
        Self::command().mut_args(|setting| {
            setting
                .global(true)
                .help_heading("Settings")
                .hide_short_help(true)
        })
    }

    /// What is to be done.
    pub fn command_to_run(&self) -> Command {
        self.command.clone().unwrap_or_default()
    }
}

impl RecordsCommand {
    /// Does it.
    ///
    /// # Errors
    /// What was named does not exist, or is in no state for it; or the database fails.
    pub async fn run(self, context: &Context, out: &mut (impl Write + Send)) -> Result<()> {
        match self {
            Self::Events(command) => events::run(command, context, out).await,
            Self::Keys(command) => keys::run(command, context, out).await,
            Self::EncryptionKeys(command) => encryption_keys::run(command, context, out).await,
            Self::Webhooks(command) => webhooks::run(command, context, out).await,
            Self::Payments(command) => payments::run(command, context, out).await,
            Self::Registrations(command) => registrations::run(command, context, out).await,
            Self::Subscriptions(command) => subscriptions::run(command, context, out).await,
            Self::Export(export) => export::run(export, context, out).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Cli {
        let words = ["toss-merchant"].iter().chain(words).map(Into::into);
        Cli::try_read(words).unwrap()
    }

    #[test]
    fn settings_stand_before_or_behind_the_command_and_serve_needs_no_name() {
        for words in [
            &["--listen=127.0.0.1:9"][..],
            &["serve", "--listen=127.0.0.1:9"],
            &["--listen=127.0.0.1:9", "serve"],
        ] {
            let cli = read(words);
            assert_eq!(cli.settings.listen, "127.0.0.1:9");
            assert_eq!(cli.command_to_run(), Command::Serve);
        }
        let doctor = read(&["doctor", "--order", "order-1", "--page-dir=dist"]);
        let order = Some("order-1".to_owned());
        assert_eq!(doctor.command_to_run(), Command::Doctor { order });
        assert_eq!(read(&["migrate"]).command_to_run(), Command::Migrate);
    }

    #[test]
    fn the_commands_are_consistent() {
        Cli::definition().debug_assert();
    }

    /// What stood in the environment was taken for given on the command line, and repeated.
    #[test]
    fn a_wrong_command_is_answered_without_the_settings() {
        let words = ["toss-merchant", "payments", "show", "--listen=127.0.0.1:9"];
        let error = Cli::try_read(words.map(Into::into))
            .unwrap_err()
            .to_string();
        assert!(error.contains("<PAYMENT>"), "{error}");
        assert!(!error.contains("--listen"), "{error}");
    }

    #[test]
    fn help_shows_a_commands_own_options_before_the_settings() {
        let help = |word: &str| {
            let words = ["toss-merchant", "payments", "list", word];
            Cli::try_read(words.map(Into::into))
                .unwrap_err()
                .to_string()
        };
        let short = help("-h");
        assert!(short.contains("--status"), "{short}");
        assert!(!short.contains("--listen"), "{short}");
        let long = help("--help");
        let at = |text: &str| long.find(text).unwrap();
        assert!(
            at("--from") < at("Settings:") && at("Settings:") < at("--listen"),
            "{long}"
        );
    }
}
