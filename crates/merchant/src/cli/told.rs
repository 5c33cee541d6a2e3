//! Lines that several commands print alike.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;

use crate::{application::operator::OperatorRecords, store::Store};

/// Why a row needs somebody to look at it, as the end of its line.
pub(super) fn attention(reason: Option<&str>) -> String {
    reason
        .map(|reason| format!("  needs attention: {reason}"))
        .unwrap_or_default()
}

/// For programs: an object on a line of its own.
pub(super) fn json_line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// What operators have decided about it.
pub(super) async fn print_decisions(
    store: &Store,
    subject: &str,
    out: &mut impl Write,
) -> Result<()> {
    for audit in store.audit_of(subject).await? {
        writeln!(
            out,
            "  decision {}  {}  {}  {}",
            audit.at.kst().as_str(),
            audit.entry.action,
            audit.entry.actor,
            audit.entry.reason,
        )?;
    }
    Ok(())
}
