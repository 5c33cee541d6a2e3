//! Everything that requests share, and the router.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{Router, extract::DefaultBodyLimit, response::Redirect, routing::get};
use rand::{Rng, distr::Alphanumeric};

use crate::{
    clock::Clock,
    config::Config,
    console,
    control::{self, Endpoint, Fault, Faults, RequestLog},
    rest::{self, Store},
    sdk,
    state::{Event, State},
    webhooks::Webhooks,
    window,
};

/// The largest body of any request, in bytes.
pub(crate) const MAX_BODY: usize = 64 * 1024;

/// Shared by all requests.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) webhooks: Webhooks,
    state: Mutex<State>,
    answers: Mutex<Store>,
    faults: Mutex<Faults>,
    log: Mutex<RequestLog>,
}

/// A panic elsewhere does not make the data unusable: every change is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    pub(crate) fn new(config: &Config) -> Self {
        let clock = Clock;
        Self {
            webhooks: Webhooks::new(
                config.webhook_urls.clone(),
                config.webhook_retry_scale,
                clock.clone(),
            ),
            clock,
            state: Mutex::new(State::new(
                config.shops.clone(),
                config.rules.clone(),
                config.seed.unwrap_or_else(|| rand::rng().random()),
            )),
            answers: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
        }
    }

    /// Never hold it across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn answers(&self) -> MutexGuard<'_, Store> {
        lock(&self.answers)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.log)
    }

    pub(crate) fn take_fault(&self, endpoint: Endpoint) -> Option<Fault> {
        self.faults().take(endpoint)
    }

    /// Sends out what the last operations have to tell.
    pub(crate) fn send_events(&self) {
        let events = self.state().take_events();
        for callback in events.iter().filter_map(Event::deposit_callback) {
            self.webhooks.send(&callback);
        }
    }

    /// Forgets everything that happened.
    pub(crate) fn reset(&self) {
        self.state().reset();
        self.answers().clear();
        self.faults().clear();
        self.log().clear();
        self.webhooks.clear();
    }

    /// Finds a request in the log.
    pub(crate) fn trace_id() -> String {
        rand::rng()
            .sample_iter(Alphanumeric)
            .take(32)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect()
    }
}

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/sandbox")))
        .merge(sdk::routes())
        .merge(rest::routes())
        .merge(window::routes())
        .merge(control::routes())
        .merge(console::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}
