//! Random values within the limits.

use std::error::Error;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// A source of values; the same ones in every run.
pub(crate) struct Chance(TestRunner);

impl Chance {
    pub(crate) fn new() -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub(crate) fn of<S: Strategy>(&mut self, strategy: S) -> Result<S::Value, Box<dyn Error>> {
        let tree = strategy.new_tree(&mut self.0);
        Ok(tree.map_err(|reason| reason.to_string())?.current())
    }

    /// A value, or nothing.
    pub(crate) fn maybe<S: Strategy>(
        &mut self,
        strategy: S,
    ) -> Result<Option<S::Value>, Box<dyn Error>> {
        self.of(proptest::option::of(strategy))
    }

    /// Text of any characters, which lives as long as the program.
    pub(crate) fn text(&mut self, min: usize, max: usize) -> Result<&'static str, Box<dyn Error>> {
        let characters = self.of(vec(any::<char>(), min..=max))?;
        Ok(String::from_iter(characters).leak())
    }

    /// One of a few.
    pub(crate) fn pick<T: Copy + std::fmt::Debug + 'static>(
        &mut self,
        from: &'static [T],
    ) -> Result<T, Box<dyn Error>> {
        self.of(select(from))
    }

    /// Some of a few, at least one.
    pub(crate) fn some<T: Copy + std::fmt::Debug + 'static>(
        &mut self,
        from: &'static [T],
    ) -> Result<&'static [T], Box<dyn Error>> {
        Ok(self.of(subsequence(from, 1..=from.len()))?.leak())
    }
}
