//! What a registration is for.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// What a registration is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Charged each time.
    pub amount: Amount,
    /// How often.
    pub interval: Interval,
}

/// How often a plan charges.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Every day.
    Day,
    /// Every seven days.
    Week,
    /// On the same day of each month, or its last day.
    Month,
    /// On the same date of each year.
    Year,
}

impl Interval {
    /// Every interval.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];
}
