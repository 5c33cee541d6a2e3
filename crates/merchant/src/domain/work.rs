//! Due work: the columns that every table has whose rows need something done later.

use super::time::Millis;

/// When a row is due, and who holds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// When somebody has to look at the row next; `None`: nothing is to be done. A lease is a due time
    /// that was moved forward, so a worker that dies leaves nothing to clean up.
    pub next_action_at: Option<Millis>,
    /// Grows with every claim. What a worker writes counts only while the row still has the number
    /// that it claimed with.
    pub lease_no: i64,
    /// How often the work was tried without a result.
    pub tries: u32,
}

impl Work {
    /// Due then.
    pub fn at(moment: Millis) -> Self {
        Self {
            next_action_at: Some(moment),
            ..Self::default()
        }
    }
}
