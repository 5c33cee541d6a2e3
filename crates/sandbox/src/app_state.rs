//! Every service, made once and handed to handlers one by one.

use axum::extract::FromRef;
use rand::Rng;
use toss_model::{KeyPair, Rules, State};

use crate::{
    changes::Changes,
    clock::SharedClock,
    config::Config,
    faults::Faults,
    file::Saved,
    request_log::RequestLog,
    rest::{Api, IdempotencyStore, RateLimiter},
    timekeeper::Timekeeper,
    toss::Toss,
    webhooks::Webhooks,
};

/// What the router hands out.
#[derive(Debug, Clone, FromRef)]
pub(crate) struct AppState {
    pub(crate) toss: Toss,
    pub(crate) api: Api,
    pub(crate) timekeeper: Timekeeper,
    pub(crate) webhooks: Webhooks,
    pub(crate) faults: Faults,
    pub(crate) request_log: RequestLog,
    pub(crate) reset: Reset,
    pub(crate) changes: Changes,
}

/// What a restart must not forget, and how often there was one.
#[derive(Debug, Clone)]
pub(crate) struct Keeper {
    clock: SharedClock,
    toss: Toss,
    webhooks: Webhooks,
    answers: IdempotencyStore,
    /// How often this state was started before: generated keys must not come again.
    starts: u64,
}

impl Keeper {
    pub(crate) fn save(&self) -> Saved {
        Saved {
            starts: self.starts + 1,
            clock: self.clock.read(),
            state: Some(self.toss.state().save()),
            answers: self.answers.save(),
            deliveries: self.webhooks.save(),
        }
    }
}

/// Forgets everything that happened, and sets the clock right. What was registered stays.
#[derive(Debug, Clone)]
pub(crate) struct Reset {
    clock: SharedClock,
    toss: Toss,
    api: Api,
    webhooks: Webhooks,
    faults: Faults,
    request_log: RequestLog,
}

impl Reset {
    pub(crate) fn now(&self) {
        // First, so that nothing that was put off happens to the state after it is empty.
        self.api.clear();
        self.toss.state().reset();
        self.faults.clear();
        self.request_log.clear();
        self.webhooks.clear();
        self.clock.reset();
    }
}

impl AppState {
    /// Needs a tokio runtime: deliveries that were under way go on.
    pub(crate) fn new(config: &Config, saved: Option<Saved>) -> (Self, Keeper) {
        let saved = saved.unwrap_or_default();
        let starts = saved.starts;
        let seed = config
            .seed
            .map_or_else(|| rand::rng().random(), |seed| seed ^ starts);
        let clock = SharedClock::new(saved.clock);
        let changes = Changes::default();
        let faults = Faults::default();
        let request_log = RequestLog::default();
        let webhooks = Webhooks::new(
            config.webhook_urls.clone(),
            config.webhook_retry_scale,
            clock.clone(),
            faults.clone(),
        );
        let state = state(&config.shops, &config.rules, seed, saved.state);
        let toss = Toss::new(state, clock.clone(), webhooks.clone(), changes.clone());
        let answers = IdempotencyStore::default();
        answers.restore(saved.answers);
        webhooks.restore(saved.deliveries);
        let api = Api::new(
            toss.clone(),
            clock.clone(),
            faults.clone(),
            request_log.clone(),
            answers.clone(),
            RateLimiter::new(config.rate_limit),
        );
        let keeper = Keeper {
            clock: clock.clone(),
            toss: toss.clone(),
            webhooks: webhooks.clone(),
            answers,
            starts,
        };
        let reset = Reset {
            clock: clock.clone(),
            toss: toss.clone(),
            api: api.clone(),
            webhooks: webhooks.clone(),
            faults: faults.clone(),
            request_log: request_log.clone(),
        };
        let timekeeper = Timekeeper::new(clock, api.clone(), toss.clone());
        let app = Self {
            toss,
            api,
            timekeeper,
            webhooks,
            faults,
            request_log,
            reset,
            changes,
        };
        (app, keeper)
    }
}

fn state(
    shops: &[KeyPair],
    rules: &Rules,
    seed: u64,
    saved: Option<toss_model::operations::SavedState>,
) -> State {
    let mut state = State::new(shops.to_vec(), rules.clone(), seed);
    if let Some(saved) = saved {
        state.restore(saved);
    }
    state
}
