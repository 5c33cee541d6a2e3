//! Why a value was refused.

use thiserror::Error;

/// A value that a constructor refused: which one, and what is wrong with it.
///
/// The text never repeats the whole value, since it may be a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field} {problem}")]
pub struct ValueError {
    /// The wire name of the value, such as `orderId`.
    pub field: &'static str,
    /// What is wrong. Boxed, since results are handed on far more often than they are errors.
    pub problem: Box<Problem>,
}

/// What is wrong with a refused value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// Fewer characters than the limit.
    #[error("has {length} characters; at least {min} are needed")]
    TooShort {
        /// What was given.
        length: usize,
        /// The limit.
        min: usize,
    },
    /// More characters than the limit.
    #[error("has {length} characters; at most {max} are allowed")]
    TooLong {
        /// What was given.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// More entries than the limit.
    #[error("has {count} entries; at most {max} are allowed")]
    TooMany {
        /// What was given.
        count: usize,
        /// The limit.
        max: usize,
    },
    /// A character outside the allowed set.
    #[error("holds the character '{character}' at position {position}; allowed are {allowed}")]
    Character {
        /// The first bad one.
        character: char,
        /// Its place, counted in characters from 1.
        position: usize,
        /// The allowed set, in words.
        allowed: &'static str,
    },
    /// Does not begin as its kind must.
    #[error("must begin with {expected}")]
    Prefix {
        /// The allowed beginnings, in words.
        expected: &'static str,
    },
    /// Not a number in the form that is needed.
    #[error("is not a number of digits with at most two decimals")]
    NotANumber,
    /// A number with decimals that its currency does not have.
    #[error("has decimals, which {currency} does not have")]
    Decimals {
        /// The currency's code.
        currency: &'static str,
    },
    /// Zero.
    #[error("is 0; it must be more")]
    Zero,
    /// Less than zero.
    #[error("is negative; it must be more than 0")]
    Negative,
    /// A larger number than every JSON reader holds exactly.
    #[error("is larger than 9,007,199,254,740,991")]
    TooLarge,
    /// A number outside the allowed range.
    #[error("is {value}; allowed are {min} to {max}")]
    Range {
        /// What was given.
        value: u64,
        /// Lowest allowed.
        min: u64,
        /// Highest allowed.
        max: u64,
    },
    /// Not written as it must be.
    #[error("is not written as {expected}")]
    Format {
        /// The form, by example.
        expected: &'static str,
    },
}

impl Problem {
    /// Attaches the name of the value.
    #[must_use]
    pub fn of(self, field: &'static str) -> ValueError {
        ValueError {
            field,
            problem: Box::new(self),
        }
    }
}

/// Length in characters and charset, the two checks that nearly every key has.
pub(crate) fn check(
    field: &'static str,
    value: &str,
    min: usize,
    max: usize,
    allowed: &'static str,
    accepts: fn(char) -> bool,
) -> Result<(), ValueError> {
    if value.is_empty() {
        return Err(Problem::Empty.of(field));
    }
    if let Some((position, character)) = value.chars().enumerate().find(|(_, c)| !accepts(*c)) {
        return Err(Problem::Character {
            character,
            position: position + 1,
            allowed,
        }
        .of(field));
    }
    let length = value.chars().count();
    if length < min {
        return Err(Problem::TooShort { length, min }.of(field));
    }
    if length > max {
        return Err(Problem::TooLong { length, max }.of(field));
    }
    Ok(())
}
