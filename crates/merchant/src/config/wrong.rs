//! Settings that cannot be used, collected so that all of them are told at once.

use super::ConfigError;

pub(super) type Checked<T> = Result<T, ConfigError>;

pub(super) fn refuse<T>(name: &'static str, problem: impl Into<String>) -> Checked<T> {
    Err(ConfigError {
        name,
        problem: problem.into(),
    })
}

/// Every setting that cannot be used: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    /// The first.
    pub first: ConfigError,
    /// The others.
    pub others: Vec<ConfigError>,
}

/// Collects what is wrong, so that all of it is told at once.
#[derive(Default)]
pub(super) struct Wrong(pub(super) Vec<ConfigError>);

impl Wrong {
    pub(super) fn unless<T>(&mut self, checked: Checked<T>) -> Option<T> {
        checked.map_err(|error| self.0.push(error)).ok()
    }
}
