//! Where claims begin to look.
//!
//! On PostgreSQL a claim leaves dead entries at the lower end of the index of due rows. As long as some old
//! transaction could still see them (a backup, a forgotten session) they stay, and a claim that began at the
//! lower end would walk over all of them: a backlog would be worked off ever more slowly. So while there is a
//! backlog, a claim begins a little before the last one, and once a minute at the end, for rows that
//! became due in the past.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{application::ports::Queue, domain::time::Millis};

/// How far before the last full batch it is looked: what another claim had locked then and gave back.
const BEFORE: Duration = Duration::from_secs(1);
/// For how long.
const MINUTE: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy)]
struct Mark {
    from: Millis,
    set_at: Millis,
}

/// The marks of all queues, of this process.
#[derive(Debug, Clone, Default)]
pub(super) struct LowWater(Arc<Mutex<HashMap<Queue, Mark>>>);

impl LowWater {
    /// Where to begin now; `None`: at the end.
    pub(super) fn of(&self, queue: Queue, now: Millis) -> Option<Millis> {
        let mark = self.marks().get(&queue).copied()?;
        let fresh = mark.set_at <= now && now.since(mark.set_at) < MINUTE;
        fresh.then_some(mark.from)
    }

    /// A batch was full and began there.
    pub(super) fn set(&self, queue: Queue, first_due: Millis, now: Millis) {
        let known = self.of(queue, now).is_some();
        let mut marks = self.marks();
        let mark = marks.entry(queue).or_insert(Mark {
            from: first_due,
            set_at: now,
        });
        mark.from = first_due.minus(BEFORE);
        if !known {
            mark.set_at = now;
        }
    }

    /// There is no backlog any more.
    pub(super) fn forget(&self, queue: Queue) {
        self.marks().remove(&queue);
    }

    fn marks(&self) -> MutexGuard<'_, HashMap<Queue, Mark>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Millis {
        Millis(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_backlog_is_walked_upwards_and_once_a_minute_from_the_end() {
        let (marks, queue) = (LowWater::default(), Queue::Subscriptions);
        assert_eq!(marks.of(queue, at(1_000)), None);
        marks.set(queue, at(500), at(1_000));
        assert_eq!(marks.of(queue, at(1_001)), Some(at(499)));
        marks.set(queue, at(600), at(1_059));
        assert_eq!(marks.of(queue, at(1_059)), Some(at(599)));
        assert_eq!(marks.of(Queue::Webhooks, at(1_059)), None);
        assert_eq!(marks.of(queue, at(1_060)), None, "a minute after the first");
        marks.set(queue, at(700), at(1_060));
        assert_eq!(marks.of(queue, at(1_061)), Some(at(699)));
        assert_eq!(marks.of(queue, at(900)), None, "the clock went back");
        marks.forget(queue);
        assert_eq!(marks.of(queue, at(1_061)), None);
    }
}
