//! The running server.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::Router;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app_state::AppState,
    application::{
        api_keys::ApiKeys, api_requests::ApiRequests, configure_shops,
        customer_links::CustomerLinks, deliver_event::DeliverEvent, endpoints::Endpoints,
        events::Events, ports::Records, services::Services, wake::Wake,
    },
    clock::Clock,
    config::Config,
    http,
    jobs::{self, deliver_events::DeliverEvents, runner::Runner},
    notifier::{Changed, Notifier},
    provider::toss::{TossClient, TossSettings},
    publisher::WebhookClient,
    server::{Server, descriptors},
    store::{Engine, OpenError, Store},
    telemetry,
};

/// Bound to its address, not serving yet.
#[derive(Debug)]
pub struct App {
    state: Arc<AppState>,
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    /// For other copies of the program, where they share the database.
    changes: Option<mpsc::Receiver<Changed>>,
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
        telemetry::exposition();
        let wanted = config.limits.connections;
        config.limits = config.limits.within(descriptors());
        if config.limits.connections < wanted {
            tracing::info!(
                connections = config.limits.connections,
                "fewer connections than MAX_CONNECTIONS fit into the open files that the process may have; raise its limit (ulimit -n, LimitNOFILE)"
            );
        }
        let store = open(&config, &clock).await?;
        configure_shops(store.as_ref(), &config.keys, &config.shops, clock.now()).await?;
        let (notifier, changes) = match store.engine() {
            Engine::Postgres => {
                let (notifier, changes) = Notifier::shared();
                (notifier, Some(changes))
            }
            Engine::Sqlite => (Notifier::default(), None),
        };
        let services = Arc::new(services(&config, clock, &store, notifier)?);
        let publisher = WebhookClient::new(config.events.reach, config.timing.event)
            .context("cannot set up HTTPS for events; install the package ca-certificates")?;
        let publisher = Arc::new(publisher);
        let (keys, clock) = (&services.keys, &services.clock);
        let events = Events::new(store.clone(), store.clone(), clock.clone());
        let endpoints = Endpoints::new(
            store.clone(),
            publisher.clone(),
            keys.clone(),
            clock.clone(),
            config.events.reach,
        );
        endpoints
            .configure(&config.events.endpoints)
            .await
            .context("cannot set up the endpoints of EVENT_URL")?;
        let deliver_event =
            DeliverEvent::new(store.clone(), publisher, keys.clone(), clock.clone());
        let api_keys = ApiKeys::new(store.clone(), clock.clone());
        let customer_links = CustomerLinks::new(store.clone(), store.clone(), clock.clone());
        let api_requests = ApiRequests::new(store.clone(), keys.clone(), clock.clone());
        let public_origin = config
            .public_origin
            .clone()
            .unwrap_or_else(|| local_origin(address));
        let state = Arc::new(AppState {
            config,
            public_origin,
            local_origin: local_origin(address),
            store,
            services,
            events: Arc::new(events),
            endpoints: Arc::new(endpoints),
            api_keys,
            customer_links,
            api_requests,
            deliver_event: Arc::new(deliver_event),
            readiness: Arc::default(),
        });
        let router = http::router(&state);
        Ok(Self {
            state,
            listener,
            address,
            router,
            changes,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it works with. For tests.
    pub fn state(&self) -> Arc<AppState> {
        Arc::clone(&self.state)
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
            state,
            listener,
            router,
            changes,
            ..
        } = self;
        start_jobs(&state);
        if let Some(changes) = changes {
            share(&state, changes);
        }
        state.tasks.spawn(http::events::poll(Arc::clone(&state)));
        let stop = state.stop.clone();
        tokio::spawn(async move {
            signal.await;
            stop.cancel();
        });
        let serving = Server {
            listener,
            router,
            limits: state.config.limits.clone(),
            behind_proxy: state.config.trust_proxy,
            stop: state.stop.clone(),
        }
        .serve();
        let shutdown = state.timing.shutdown;
        let stopping = state.stop.clone();
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
        state.stop.cancel();
        state.tasks.close();
        if overdue {
            tracing::warn!("work may still be open; the next start takes it up");
        } else {
            tokio::select! {
                () = state.tasks.wait() => {}
                () = &mut late => tracing::warn!("work was still open; the next start takes it up"),
            }
        }
        tracing::debug!("closing the database");
        state.store.close().await?;
        tracing::debug!("stopped");
        Ok(())
    }
}

/// Opens the configured database and upgrades it.
///
/// # Errors
/// Which database it is, and why it cannot be used.
pub async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Arc<Store>> {
    opened(config, Store::open(&config.database_url, clock.now()).await)
}

/// Opens the configured database, which exists and has the tables of this version.
///
/// # Errors
/// Which database it is, and why it cannot be used.
pub async fn open_current(config: &Config) -> anyhow::Result<Arc<Store>> {
    opened(config, Store::open_current(&config.database_url).await)
}

fn opened(config: &Config, store: Result<Store, OpenError>) -> anyhow::Result<Arc<Store>> {
    let about = || format!("cannot use DATABASE_URL {}", config.shown_database());
    store.map(Arc::new).with_context(about)
}

/// The configured clock.
///
/// # Errors
/// The sandbox whose clock is followed does not answer.
pub async fn clock(config: &Config) -> anyhow::Result<Clock> {
    match &config.sandbox_clock {
        None => Ok(Clock::system()),
        Some(base) => Clock::sandbox(base).await,
    }
}

/// What use cases work with, on this database.
///
/// # Errors
/// When HTTPS cannot be set up.
pub fn services(
    config: &Config,
    clock: Clock,
    store: &Arc<Store>,
    notifier: Notifier,
) -> anyhow::Result<Services> {
    Ok(Services {
        records: Arc::clone(store) as Arc<dyn Records>,
        subscriptions: Arc::clone(store) as _,
        rules: config.subscriptions.clone(),
        provider: Arc::new(TossClient::new(toss_settings(config))?),
        clock,
        keys: config.keys.clone(),
        notifier,
        shops: config.shops.iter().map(|shop| shop.id.clone()).collect(),
        timing: config.timing.clone(),
        wake: Wake::default(),
        tasks: TaskTracker::new(),
        stop: CancellationToken::new(),
    })
}

fn toss_settings(config: &Config) -> TossSettings {
    let timing = &config.timing;
    TossSettings {
        base: config.toss_api.clone(),
        connect: timing.connect,
        confirm: timing.confirm,
        charge: timing.charge,
        lookup: timing.lookup,
    }
}

fn start_jobs(state: &Arc<AppState>) {
    let runner = Runner {
        records: Arc::clone(&state.records),
        clock: state.clock.clone(),
        look: state.timing.tick,
        wake: state.wake.clone(),
        stop: state.stop.clone(),
        tasks: state.tasks.clone(),
    };
    jobs::start(&runner, &state.services);
    runner.tasks.spawn(jobs::backlog::watch(
        Arc::clone(&state.records),
        state.clock.clone(),
        Arc::clone(&state.readiness),
        state.stop.clone(),
    ));
    runner.start(Arc::new(DeliverEvents {
        deliver: Arc::clone(&state.deliver_event),
        timeout: state.timing.event,
    }));
}

/// Tells other copies on the same database what changes here, and hears what changes there.
fn share(state: &Arc<AppState>, changes: mpsc::Receiver<Changed>) {
    let telling = Arc::clone(state);
    state
        .tasks
        .spawn(async move { telling.store.notify_copies(changes, &telling.stop).await });
    let hearing = Arc::clone(state);
    state.tasks.spawn(async move {
        let services = &hearing.services;
        hearing
            .store
            .listen_to_copies(&services.notifier, &services.stop)
            .await;
    });
}

/// How this machine reaches its own server.
fn local_origin(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
