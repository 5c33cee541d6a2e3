//! `toss-merchant export`: what bookkeeping and other programs want, row by row, without keys or secrets.

mod rows;

use std::io::{self, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use self::rows::{EventRow, MethodRow, PaymentRow, RefundRow};
use super::{Context, args::PeriodArgs};
use crate::{
    application::{
        operator::{OperatorRecords, Period},
        ports::Listed,
    },
    domain::refund::Refund,
    store::Store,
};

/// What to write out, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ExportArgs {
    /// Which records
    what: What,
    #[command(flatten)]
    period: PeriodArgs,
    /// How they are written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
}

/// Which records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// One row per order number
    Payments,
    /// One row per cancel in whole or part, here or in Toss's dashboard
    Refunds,
    /// Registered cards and accounts, numbers masked by Toss
    Methods,
    /// What the merchant's server was told
    Events,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a header, UTF-8
    Csv,
}

/// Rows that are read at once.
const BATCH: u64 = 500;

/// Writes them oldest first, a batch at a time, so that no number of rows fills the memory.
///
/// # Errors
/// The database cannot be used, or a row cannot be read or written.
pub async fn run(
    export: ExportArgs,
    context: &Context,
    out: &mut (impl Write + Send),
) -> Result<()> {
    let store = &context.store;
    let period = Period::from(export.period);
    let mut rows = Rows::new(export.format, out);
    match export.what {
        What::Payments => payments(store, period, &mut rows).await?,
        What::Refunds => refunds(store, period, &mut rows).await?,
        What::Methods => methods(store, period, &mut rows).await?,
        What::Events => events(store, period, &mut rows).await?,
    }
    rows.finish()?;
    Ok(())
}

async fn payments(store: &Store, period: Period, rows: &mut Rows<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let page = store.payments_in(period, after, BATCH).await?;
        let Some(last) = last(&page) else {
            return Ok(());
        };
        after = last;
        for row in page {
            rows.write(&PaymentRow::of(&row.row?, rows.format))?;
        }
    }
}

async fn methods(store: &Store, period: Period, rows: &mut Rows<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let page = store.payment_methods_in(period, after, BATCH).await?;
        let Some(last) = last(&page) else {
            return Ok(());
        };
        after = last;
        for row in page {
            rows.write(&MethodRow::of(&row.row?, rows.format))?;
        }
    }
}

async fn refunds(store: &Store, period: Period, rows: &mut Rows<'_>) -> Result<()> {
    let mut after: Option<Refund> = None;
    loop {
        let page = store.refunds_in(period, after.as_ref(), BATCH).await?;
        for refund in &page {
            rows.write(&RefundRow::of(refund, rows.format))?;
        }
        match page.into_iter().next_back() {
            None => return Ok(()),
            last => after = last,
        }
    }
}

async fn events(store: &Store, period: Period, rows: &mut Rows<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let page = store.events_in(period, after, BATCH).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.seq;
        for event in &page {
            rows.write(&EventRow::of(event, rows.format))?;
        }
    }
}

fn last<T>(page: &[Listed<T>]) -> Option<i64> {
    page.last().map(|row| row.cursor)
}

/// Where rows go.
struct Rows<'a> {
    format: Format,
    to: To<'a>,
}

enum To<'a> {
    Jsonl(&'a mut (dyn Write + Send)),
    Csv(Box<csv::Writer<&'a mut (dyn Write + Send)>>),
}

impl<'a> Rows<'a> {
    fn new(format: Format, out: &'a mut (dyn Write + Send)) -> Self {
        let to = match format {
            Format::Jsonl => To::Jsonl(out),
            Format::Csv => To::Csv(Box::new(csv::Writer::from_writer(out))),
        };
        Self { format, to }
    }

    fn write(&mut self, row: &impl Serialize) -> Result<()> {
        match &mut self.to {
            To::Jsonl(out) => {
                serde_json::to_writer(&mut **out, row).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            To::Csv(out) => out.serialize(row).map_err(io::Error::from)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self.to {
            To::Jsonl(out) => out.flush()?,
            To::Csv(mut out) => out.flush()?,
        }
        Ok(())
    }
}
