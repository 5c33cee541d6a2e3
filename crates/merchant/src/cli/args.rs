//! What several commands take.

use clap::Args;

use crate::{application::operator::Period, domain::time::Millis};

/// A moment in Korean time, or with an offset of its own.
pub(super) fn moment(text: &str) -> Result<Millis, String> {
    Millis::from_toss(text)
        .or_else(|| Millis::from_toss(&format!("{text}T00:00:00")))
        .ok_or_else(|| {
            "write it as 2026-11-28, which is midnight in Korea, or as 2026-11-28T09:30:00+09:00"
                .to_owned()
        })
}

/// A time: from a moment on, and before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct PeriodArgs {
    /// From then on: 2026-11-28, which is midnight in Korea, or 2026-11-28T09:30:00+09:00
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    from: Option<Millis>,
    /// Before then
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    to: Option<Millis>,
}

impl From<PeriodArgs> for Period {
    fn from(args: PeriodArgs) -> Self {
        Self {
            from: args.from,
            to: args.to,
        }
    }
}

/// Who gives a command, for the list of decisions.
pub(super) fn actor() -> String {
    ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
