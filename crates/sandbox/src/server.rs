//! Listening. The accept loop is our own because a fault must be able to drop a connection without a
//! single byte of an answer.

use std::{future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tower::ServiceExt;

use crate::{
    app_state::{AppState, Keeper},
    changes::Changes,
    config::{Config, ConfigError},
    file::{self, FileError},
    hangup::Hangup,
    router::router,
};

/// More connections than this wait for their turn.
const MAX_CONNECTIONS: usize = 2_048;
/// Changes that come close together are written together.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a client may take to send its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);

/// Why the sandbox does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] FileError),
    /// The address cannot be had.
    #[error(
        "cannot listen on {address}: {source}. Is another sandbox running? Choose another address with --listen, or port 0 for any free one"
    )]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A sandbox that listens but does not answer yet.
#[derive(Debug)]
pub struct Sandbox {
    listener: TcpListener,
    address: SocketAddr,
    app: AppState,
    keeper: Keeper,
    state_file: Option<PathBuf>,
}

impl Sandbox {
    /// Checks the configuration and takes the address. Needs a tokio runtime.
    ///
    /// # Errors
    /// The configuration is refused, or the address is taken.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        config.check()?;
        let saved = match &config.state_file {
            Some(path) => file::load(path)?,
            None => None,
        };
        let bind_error = |source| StartError::Bind {
            address: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;
        let (app, keeper) = AppState::new(&config, saved);
        if let Some(path) = &config.state_file {
            // At once, so that a file that cannot be written stops the start and not the work.
            file::store(path, &keeper.save())?;
        }
        Ok(Self {
            listener,
            address,
            app,
            keeper,
            state_file: config.state_file,
        })
    }

    /// Where it listens; with port 0 this is the port that was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn app(&self) -> &AppState {
        &self.app
    }

    /// Answers until `stop` completes, then drops what is open and returns.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send) {
        let mut duties = JoinSet::new();
        duties.spawn(self.app.timekeeper.clone().watch());
        if let Some(path) = self.state_file.clone() {
            let changes = self.app.changes.clone();
            duties.spawn(keep(self.keeper.clone(), changes, path));
        }
        let router = router(self.app);
        let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                accepted = accept(&self.listener, &slots) => {
                    if let Some((stream, slot)) = accepted {
                        let router = router.clone();
                        connections.spawn(async move {
                            converse(stream, router).await;
                            drop(slot);
                        });
                    }
                }
            }
        }
        connections.shutdown().await;
        duties.shutdown().await;
        if let Some(path) = &self.state_file
            && let Err(error) = file::store(path, &self.keeper.save())
        {
            tracing::error!(%error, "state");
        }
    }
}

/// Writes the state file whenever something changed. Never returns.
async fn keep(keeper: Keeper, changes: Changes, path: PathBuf) {
    loop {
        changes.next().await;
        tokio::time::sleep(PAUSE).await;
        let saved = keeper.save();
        let path = path.clone();
        let written = tokio::task::spawn_blocking(move || file::store(&path, &saved)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "state"),
            Err(error) => tracing::error!(%error, "state"),
        }
    }
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, slot)),
        // Out of file handles, for example. It passes.
        Err(error) => {
            tracing::warn!(%error, "accept");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    // Small answers must not wait for each other's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let hangup = Hangup::default();
    let given = hangup.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(given.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        result = connection => if let Err(error) = result {
            tracing::debug!(%error, "connection");
        },
        // Leaving this block drops the socket.
        () = hangup.wanted() => {}
    }
}
