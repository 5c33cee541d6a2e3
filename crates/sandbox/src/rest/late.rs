//! Work that is carried out after its answer went out, as behind a gateway that gave up on Toss.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{Caller, Received, bind, call::Call, idempotency::Identity, perform};
use crate::{app::App, faults::Later};

/// Requests that wait to be carried out, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct LateWork {
    next: u64,
    waiting: Vec<Job>,
}

/// One request, with everything that was found out before its answer.
#[derive(Debug)]
pub(super) struct Job {
    id: u64,
    /// By the sandbox's clock; None when it goes by the machine's.
    due: Option<OffsetDateTime>,
    pub(super) received: Received,
    pub(super) caller: Caller,
    pub(super) call: Call,
    pub(super) identity: Option<Identity>,
}

impl Job {
    pub(super) fn new(
        received: Received,
        caller: Caller,
        call: Call,
        identity: Option<Identity>,
    ) -> Self {
        Self {
            id: 0,
            due: None,
            received,
            caller,
            call,
            identity,
        }
    }
}

impl LateWork {
    /// Nothing that waits is carried out any more.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    fn add(&mut self, mut job: Job) -> u64 {
        self.next += 1;
        job.id = self.next;
        self.waiting.push(job);
        self.next
    }

    fn take(&mut self, id: u64) -> Option<Job> {
        let at = self.waiting.iter().position(|job| job.id == id)?;
        Some(self.waiting.remove(at))
    }

    /// The one that is due first, with its moment.
    fn take_due(&mut self, now: OffsetDateTime) -> Option<(Job, OffsetDateTime)> {
        let due = |job: &Job| job.due.filter(|due| *due <= now);
        let first = self.waiting.iter().filter_map(due).min()?;
        let at = self.waiting.iter().position(|job| job.due == Some(first))?;
        Some((self.waiting.remove(at), first))
    }
}

/// Puts work off. It is carried out even when the caller is gone, unless the sandbox is reset or stopped.
pub(super) fn put_off(app: &Arc<App>, mut job: Job, later: Later) {
    match later {
        Later::Sandbox(wait) => {
            let due = app.clock.now().saturating_add(wait);
            job.due = Some(due);
            app.late().add(job);
            let (app, clock) = (Arc::downgrade(app), app.clock.clone());
            tokio::spawn(async move {
                clock.sleep_until(due).await;
                if let Some(app) = app.upgrade() {
                    app.tick();
                }
            });
        }
        Later::Machine(wait) => {
            let id = app.late().add(job);
            let app = Arc::downgrade(app);
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                if let Some(app) = app.upgrade() {
                    let mut late = app.late();
                    if let Some(job) = late.take(id) {
                        carry_out(&app, &job, app.clock.now());
                    }
                    drop(late);
                    app.send_events();
                }
            });
        }
    }
}

/// Carries out what has fallen due by the sandbox's clock, each at its own moment.
pub(crate) fn do_late_work(app: &App) {
    let mut late = app.late();
    while let Some((job, due)) = late.take_due(app.clock.now()) {
        carry_out(app, &job, due);
    }
}

fn carry_out(app: &App, job: &Job, now: OffsetDateTime) {
    let answer = perform(app, &job.received, job.caller, &job.call, now);
    bind(app, job.identity.as_ref(), &answer, &job.received);
    app.log().update(&job.received.trace_id, |entry| {
        entry.late_status = Some(answer.status.as_u16());
    });
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;
    use crate::state::{KeyPair, Rules, State};

    #[test]
    fn what_is_due_first_is_taken_first_whenever_it_came() {
        let now = datetime!(2026-11-21 09:00 +9);
        let state = State::new(KeyPair::documented().unwrap(), Rules::default(), 1);
        let secret = state.pairs()[0].secret.expose().to_owned();
        let caller = Caller::of(&state, &secret).unwrap();
        let mut late = LateWork::default();
        for seconds in [30, 10, 20, 3_600] {
            let mut job = Job::new(Received::default(), caller, Call::Confirm, None);
            job.due = Some(now + Duration::seconds(seconds));
            late.add(job);
        }
        let mut taken = Vec::new();
        while let Some((_, due)) = late.take_due(now + Duration::MINUTE) {
            taken.push((due - now).whole_seconds());
        }
        assert_eq!(taken, [10, 20, 30]);
        assert_eq!(late.waiting.len(), 1);
    }
}
