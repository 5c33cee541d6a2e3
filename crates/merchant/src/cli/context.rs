//! What commands about records work with.

use std::{io, sync::Arc};

use crate::{
    app,
    application::services::Services,
    clock::Clock,
    config::{Args, Config, ConfigError},
    notifier::Notifier,
    store::{OpenError, Store},
};

/// The database of a server that may be running, and the settings that both have.
#[derive(Debug)]
pub struct Context {
    /// The settings.
    pub config: Config,
    /// The server's clock.
    pub clock: Clock,
    /// Its database.
    pub store: Arc<Store>,
}

impl Context {
    /// Opens the database. It is neither made nor upgraded: a mistyped address would become an empty
    /// database, and a newer program would take the tables away from the server that runs.
    ///
    /// # Errors
    /// A setting or the database cannot be used.
    pub async fn open(settings: Args) -> anyhow::Result<Self> {
        let config = Config::try_from(settings)?;
        let clock = app::clock(&config).await?;
        let store = app::open_current(&config).await?;
        Ok(Self {
            config,
            clock,
            store,
        })
    }

    /// What use cases work with. Nobody here waits for what they change.
    ///
    /// # Errors
    /// When HTTPS cannot be set up.
    pub(super) fn services(&self) -> anyhow::Result<Services> {
        let clock = self.clock.clone();
        app::services(&self.config, clock, &self.store, Notifier::default())
    }
}

/// How a process ends that could not do what it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Whoever read the output has read enough.
    Unread,
    /// It was tried.
    Failed,
    /// A setting or the database cannot be used.
    Misconfigured,
}

impl Failure {
    /// What an error means for the process.
    pub fn of(error: &anyhow::Error) -> Self {
        let is_unread = |cause: &(dyn std::error::Error + 'static)| {
            cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        };
        if error.chain().any(is_unread) {
            return Self::Unread;
        }
        if error.is::<ConfigError>() || error.is::<OpenError>() {
            Self::Misconfigured
        } else {
            Self::Failed
        }
    }
}
