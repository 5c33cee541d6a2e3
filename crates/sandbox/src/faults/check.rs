//! What the types of a fault cannot say.

use thiserror::Error;

use super::{Endpoint, Fault, FaultKind, MAX_DELAY_MS, is_final};

/// The longest that work can be put off by the machine's clock.
const MAX_WORK_AFTER_MS: u64 = 600_000;

/// Why a fault cannot be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultError {
    /// Nothing would happen.
    #[error("count must be at least 1")]
    Count,
    /// Webhooks and requests go wrong in different ways.
    #[error("{kind} does not apply to {endpoint}")]
    Pair {
        /// How.
        kind: &'static str,
        /// Where.
        endpoint: &'static str,
    },
    /// Not a probability.
    #[error("probability is more than 0 and at most 1")]
    Probability,
    /// A seed without chance.
    #[error("seed belongs to a probability")]
    Seed,
    /// A delay without its length.
    #[error("delay needs delayMs")]
    NoDelay,
    /// Longer than any client waits.
    #[error("delayMs is at most {MAX_DELAY_MS}")]
    Delay,
    /// A field of another kind.
    #[error("the kind for {field} is {kind}")]
    Field {
        /// Which field.
        field: &'static str,
        /// Whose it is.
        kind: &'static str,
    },
    /// Requests have no event.
    #[error("event and target belong to the endpoint webhook")]
    Aim,
    /// Not an error's status.
    #[error("status is 400 to 599")]
    Status,
    /// Not a code.
    #[error("code is 1 to 100 characters")]
    Code,
    /// Nothing to be carried out.
    #[error("{0} changes nothing, so there is no work to put off")]
    NothingToDo(&'static str),
    /// Both clocks at once.
    #[error("one of workAfter (the sandbox's clock) and workAfterMs (the machine's) is enough")]
    TwoClocks,
    /// Longer than any test waits.
    #[error("workAfterMs is at most {MAX_WORK_AFTER_MS}")]
    WorkAfter,
    /// Toss says no and means it.
    #[error("{0} is Toss's own refusal; work is put off behind 408, 409, 429 and 5xx only")]
    Refused(u16),
    /// A mutation of nothing.
    #[error("mutate needs set or remove")]
    NoMutation,
    /// Not a JSON Pointer.
    #[error("{0:?} is no JSON Pointer; write /totalAmount or /card/amount")]
    Pointer(String),
    /// Nobody could keep track of them.
    #[error("at most {0} faults wait at a time")]
    TooMany(usize),
}

impl FaultKind {
    /// Webhooks can be late, twice, lost or overtaken; everything else can go wrong in the other ways.
    fn applies_to(self, endpoint: Endpoint) -> bool {
        match self {
            Self::Delay => true,
            Self::Duplicate | Self::Lost | Self::Reorder => endpoint == Endpoint::Webhook,
            Self::Error | Self::Reset | Self::Timeout => endpoint != Endpoint::Webhook,
            Self::Mutate => endpoint != Endpoint::Sdk,
            Self::LostResponse | Self::Malformed => {
                !matches!(endpoint, Endpoint::Webhook | Endpoint::Sdk)
            }
        }
    }
}

impl Endpoint {
    fn changes_something(self) -> bool {
        !matches!(
            self,
            Self::Lookup | Self::Transactions | Self::Settlements | Self::Sdk | Self::Webhook
        )
    }
}

impl Fault {
    /// # Errors
    /// The first field that cannot be so.
    pub(super) fn check(&self) -> Result<(), FaultError> {
        if self.count == Some(0) {
            return Err(FaultError::Count);
        }
        if !self.kind.applies_to(self.endpoint) {
            return Err(FaultError::Pair {
                kind: self.kind.as_str(),
                endpoint: self.endpoint.as_str(),
            });
        }
        let possible = |chance: f64| chance > 0.0 && chance <= 1.0;
        if self.probability.is_some_and(|chance| !possible(chance)) {
            return Err(FaultError::Probability);
        }
        if self.seed.is_some() && self.probability.is_none() {
            return Err(FaultError::Seed);
        }
        self.check_delay()?;
        self.check_error()?;
        self.check_mutation()?;
        self.check_aim()?;
        self.check_later()
    }

    fn check_delay(&self) -> Result<(), FaultError> {
        match (self.kind, self.delay_ms) {
            (FaultKind::Delay, None) => Err(FaultError::NoDelay),
            (FaultKind::Delay, Some(ms)) if ms > MAX_DELAY_MS => Err(FaultError::Delay),
            (FaultKind::Delay, Some(_)) | (_, None) => Ok(()),
            (_, Some(_)) => Err(FaultError::Field {
                field: "delayMs",
                kind: "delay",
            }),
        }
    }

    fn check_error(&self) -> Result<(), FaultError> {
        if self.kind != FaultKind::Error && (self.status.is_some() || self.code.is_some()) {
            return Err(FaultError::Field {
                field: if self.status.is_some() {
                    "status"
                } else {
                    "code"
                },
                kind: "error",
            });
        }
        let wrong = |status: u16| !(400..=599).contains(&status);
        if self.status.is_some_and(wrong) {
            return Err(FaultError::Status);
        }
        let wrong = |code: &String| code.is_empty() || code.len() > 100;
        if self.code.as_ref().is_some_and(wrong) {
            return Err(FaultError::Code);
        }
        Ok(())
    }

    fn check_mutation(&self) -> Result<(), FaultError> {
        let pointers = || self.set.keys().chain(&self.remove);
        match (self.kind, pointers().next()) {
            (FaultKind::Mutate, None) => return Err(FaultError::NoMutation),
            (FaultKind::Mutate, Some(_)) | (_, None) => {}
            (_, Some(_)) => {
                return Err(FaultError::Field {
                    field: "set and remove",
                    kind: "mutate",
                });
            }
        }
        match pointers().find(|pointer| !pointer.starts_with('/')) {
            Some(pointer) => Err(FaultError::Pointer(pointer.clone())),
            None => Ok(()),
        }
    }

    fn check_aim(&self) -> Result<(), FaultError> {
        let aimed = self.event.is_some() || self.target.is_some();
        if aimed && self.endpoint != Endpoint::Webhook {
            return Err(FaultError::Aim);
        }
        Ok(())
    }

    fn check_later(&self) -> Result<(), FaultError> {
        if self.later().is_none() {
            return Ok(());
        }
        if !matches!(
            self.kind,
            FaultKind::Error | FaultKind::Reset | FaultKind::Timeout
        ) {
            return Err(FaultError::Field {
                field: if self.work_after.is_some() {
                    "workAfter"
                } else {
                    "workAfterMs"
                },
                kind: "error, reset or timeout",
            });
        }
        if !self.endpoint.changes_something() {
            return Err(FaultError::NothingToDo(self.endpoint.as_str()));
        }
        if self.work_after.is_some() && self.work_after_ms.is_some() {
            return Err(FaultError::TwoClocks);
        }
        if self.work_after_ms.is_some_and(|ms| ms > MAX_WORK_AFTER_MS) {
            return Err(FaultError::WorkAfter);
        }
        match self.refusal().map(|refusal| refusal.status.as_u16()) {
            Some(status) if is_final(status) => Err(FaultError::Refused(status)),
            _ => Ok(()),
        }
    }
}
