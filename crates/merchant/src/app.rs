//! The running server.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    config::Config,
    core::Core,
    http,
    hub::Hub,
    reconcile,
    server::{Server, descriptors},
    store::Store,
    toss::TossClient,
};

/// Bound to its address, not serving yet.
#[derive(Debug)]
pub struct App {
    core: Arc<Core>,
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl App {
    /// Binds, opens the database and upgrades it.
    ///
    /// # Errors
    /// A taken port, a database that cannot be opened, or certificates that cannot be read.
    pub async fn bind(mut config: Config, clock: Clock) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(config.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; set LISTEN to a free address and port",
                config.listen
            )
        })?;
        let address = listener.local_addr()?;
        let wanted = config.limits.connections;
        config.limits = config.limits.within(descriptors());
        if config.limits.connections < wanted {
            tracing::info!(
                connections = config.limits.connections,
                "fewer connections than MAX_CONNECTIONS fit into the open files that the process may have; raise its limit (ulimit -n, LimitNOFILE)"
            );
        }
        let store = Store::open(&config.database_url, config.client_key.clone(), clock.now())
            .await
            .with_context(|| format!("cannot use DATABASE_URL {}", config.database_url))?;
        let toss = TossClient::new(&config)?;
        let public_origin = config
            .public_origin
            .clone()
            .unwrap_or_else(|| local_origin(address));
        let core = Arc::new(Core {
            config,
            public_origin,
            local_origin: local_origin(address),
            store,
            toss,
            clock,
            hub: Hub::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        });
        let router = http::router(&core);
        Ok(Self {
            core,
            listener,
            address,
            router,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it works with. For tests.
    pub fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core)
    }

    /// Serves until `signal` is done, then stops within about two seconds: event streams end, waiting
    /// requests are answered, running work gets [`crate::config::Timing::shutdown`]. What is still open
    /// then was committed before it was sent, and the next start resolves it.
    ///
    /// # Errors
    /// When the database cannot be closed.
    pub async fn serve(
        self,
        signal: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Self {
            core,
            listener,
            router,
            ..
        } = self;
        let reconciler = tokio::spawn(reconcile::run(Arc::clone(&core)));
        let poll = tokio::spawn(http::events::poll(Arc::clone(&core)));
        let stop = core.stop.clone();
        tokio::spawn(async move {
            signal.await;
            stop.cancel();
        });
        let serving = Server {
            listener,
            router,
            limits: core.config.limits.clone(),
            behind_proxy: core.config.trust_proxy,
            stop: core.stop.clone(),
        }
        .serve();
        let shutdown = core.config.timing.shutdown;
        let stopping = core.stop.clone();
        let late = async move {
            stopping.cancelled().await;
            tokio::time::sleep(shutdown).await;
        };
        tokio::pin!(late);
        let mut overdue = false;
        tokio::select! {
            () = serving => {}
            () = &mut late => {
                overdue = true;
                tracing::warn!("a connection was still open and is closed now");
            }
        }
        core.stop.cancel();
        core.tasks.close();
        if overdue {
            tracing::warn!("work may still be open; the next start takes it up");
        } else {
            tokio::select! {
                () = core.tasks.wait() => {}
                () = &mut late => tracing::warn!("work was still open; the next start takes it up"),
            }
        }
        tracing::debug!("closing the database");
        reconciler.abort();
        poll.abort();
        core.store.close().await?;
        tracing::debug!("stopped");
        Ok(())
    }
}

/// How this machine reaches its own server.
fn local_origin(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
