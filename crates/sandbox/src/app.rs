//! Everything that requests share, and the router.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State as Shared},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::{Redirect, Response},
    routing::get,
};
use rand::{Rng, distr::Alphanumeric};
use tokio::sync::Notify;

use crate::{
    clock::Clock,
    config::Config,
    console, control,
    faults::{Endpoint, Fault, Faults},
    file::Saved,
    request_log::RequestLog,
    rest::{self, LateWork, Limiter, Store, shape::Sight},
    sdk,
    state::State,
    sync::lock,
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
    /// Requests per minute, key and API.
    pub(crate) rate_limit: Option<u32>,
    /// Told whenever something may have changed that the state file holds.
    pub(crate) changed: Notify,
    state: Mutex<State>,
    answers: Mutex<Store>,
    faults: Mutex<Faults>,
    limiter: Mutex<Limiter>,
    log: Mutex<RequestLog>,
    late: Mutex<LateWork>,
    /// How often this state was started before: names must not come again.
    starts: u64,
}

impl App {
    /// Needs a tokio runtime: deliveries that were under way go on.
    pub(crate) fn new(config: &Config, saved: Option<Saved>) -> Self {
        let saved = saved.unwrap_or_default();
        let clock = Clock::new(saved.clock);
        let seed = config
            .seed
            .map_or_else(|| rand::rng().random(), |seed| seed ^ saved.starts);
        let mut state = State::new(config.shops.clone(), config.rules.clone(), seed);
        if let Some(saved) = saved.state {
            state.restore(saved);
        }
        let mut answers = Store::default();
        answers.restore(saved.answers);
        let webhooks = Webhooks::new(
            config.webhook_urls.clone(),
            config.webhook_retry_scale,
            clock.clone(),
        );
        webhooks.restore(saved.deliveries);
        Self {
            clock,
            webhooks,
            rate_limit: config.rate_limit,
            changed: Notify::new(),
            state: Mutex::new(state),
            answers: Mutex::new(answers),
            faults: Mutex::default(),
            limiter: Mutex::default(),
            log: Mutex::default(),
            late: Mutex::default(),
            starts: saved.starts,
        }
    }

    /// What a restart must not forget.
    pub(crate) fn save(&self) -> Saved {
        Saved {
            starts: self.starts + 1,
            clock: self.clock.hands(),
            state: Some(self.state().save()),
            answers: self.answers().save(),
            deliveries: self.webhooks.save(),
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

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        lock(&self.limiter)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.log)
    }

    /// Work whose answer went out before it. Held while the work is done, so that whoever moves the clock
    /// waits for it.
    pub(crate) fn late(&self) -> MutexGuard<'_, LateWork> {
        lock(&self.late)
    }

    pub(crate) fn take_fault(&self, endpoint: Endpoint) -> Option<Fault> {
        self.faults().take(endpoint)
    }

    /// Lets time pass for everything, and tells what came of it.
    pub(crate) fn tick(&self) {
        rest::do_late_work(self);
        self.state().pass_time(self.clock.now());
        self.send_events();
    }

    /// Sends out what the last operations have to tell.
    pub(crate) fn send_events(&self) {
        let mut state = self.state();
        let events = state.take_events();
        for event in &events {
            let sight = Sight {
                m_id: state.merchant_id(event.shop()),
                version: state.version_of(event.shop()),
                now: event.at(),
            };
            self.webhooks
                .send(event, sight, state.rules(), &self.faults);
        }
        drop(state);
        if !events.is_empty() {
            self.changed.notify_one();
        }
    }

    /// Forgets everything that happened, and sets the clock right.
    pub(crate) fn reset(&self) {
        self.late().clear();
        self.state().reset();
        self.answers().clear();
        self.faults().clear();
        self.limiter().clear();
        self.log().clear();
        self.webhooks.clear();
        self.clock.reset();
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

/// Everything but reading may have changed something.
async fn notice_changes(Shared(app): Shared<Arc<App>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    if !reads {
        app.changed.notify_one();
    }
    response
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
        .layer(from_fn_with_state(Arc::clone(&app), notice_changes))
        .with_state(app)
}
