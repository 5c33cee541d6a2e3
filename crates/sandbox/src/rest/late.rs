//! Work that is carried out after its answer went out, as behind a gateway that gave up on Toss.

use std::sync::{Arc, Mutex, MutexGuard};

use time::OffsetDateTime;

use super::{Caller, Received, Services, call::Call, idempotency::Identity};
use crate::{faults::Later, sync::lock};

/// Requests that wait to be carried out.
#[derive(Debug, Default)]
pub(super) struct LateWork(Mutex<Queue>);

impl LateWork {
    /// Held while the work is done, so that whoever moves the clock waits for it.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.0)
    }

    /// Nothing that waits is carried out any more.
    pub(super) fn clear(&self) {
        self.queue().waiting.clear();
    }
}

/// In the order in which they came.
#[derive(Debug, Default)]
struct Queue {
    next: u64,
    waiting: Vec<Job>,
}

/// One request, with everything that was found out before its answer.
#[derive(Debug)]
pub(super) struct Job {
    id: u64,
    /// By the sandbox's clock; None when it goes by the machine's.
    due: Option<OffsetDateTime>,
    received: Received,
    caller: Caller,
    call: Call,
    identity: Option<Identity>,
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

impl Queue {
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
pub(super) fn put_off(services: &Arc<Services>, mut job: Job, later: Later) {
    let waiting = Arc::downgrade(services);
    match later {
        Later::Sandbox(wait) => {
            let due = services.clock.now().saturating_add(wait);
            job.due = Some(due);
            services.late.queue().add(job);
            let clock = services.clock.clone();
            tokio::spawn(async move {
                clock.sleep_until(due).await;
                if let Some(services) = waiting.upgrade() {
                    services.do_late_work();
                }
            });
        }
        Later::Machine(wait) => {
            let id = services.late.queue().add(job);
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                if let Some(services) = waiting.upgrade() {
                    services.do_job(id);
                }
            });
        }
    }
}

impl Services {
    /// Carries out what has fallen due by the sandbox's clock, each at its own moment.
    pub(super) fn do_late_work(&self) {
        let mut queue = self.late.queue();
        while let Some((job, due)) = queue.take_due(self.clock.now()) {
            self.carry_out(&job, due);
        }
    }

    fn do_job(&self, id: u64) {
        let mut queue = self.late.queue();
        if let Some(job) = queue.take(id) {
            self.carry_out(&job, self.clock.now());
        }
    }

    fn carry_out(&self, job: &Job, now: OffsetDateTime) {
        let answer = self.perform(&job.received, job.caller, &job.call, now);
        self.bind(job.identity.as_ref(), &answer, &job.received);
        self.log.update(&job.received.trace_id, |entry| {
            entry.late_status = Some(answer.status.as_u16());
        });
        self.toss.send_events();
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;
    use toss_model::{KeyPair, Rules, State, Version};

    #[test]
    fn what_is_due_first_is_taken_first_whenever_it_came() {
        let now = datetime!(2026-11-21 09:00 +9);
        let state = State::new(KeyPair::documented().unwrap(), Rules::default(), 1);
        let secret = state.pairs()[0].secret.expose().to_owned();
        let caller = Caller {
            shop: state.authenticate(&secret).unwrap(),
            version: Version::default(),
        };
        let mut late = Queue::default();
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
