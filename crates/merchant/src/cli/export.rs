//! `toss-merchant export`: what bookkeeping and other programs want, row by row, without keys or secrets.

use std::io::{self, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::Value;
use toss_checkout_contract::{DecimalAmount, Method, Timestamp};

use super::{Context, args::PeriodArgs};
use crate::{
    application::{
        operator::{OperatorRecords, Period},
        ports::Listed,
    },
    domain::{
        event::Event,
        event_data,
        payment::Payment,
        payment_method::{PaymentMethod, PaymentMethodDisplay},
        refund::Refund,
        time::Millis,
    },
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

/// Text that others wrote. A spreadsheet would run what begins like a formula, so in CSV it gets an
/// apostrophe before it.
fn free(text: &str, format: Format) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if format == Format::Csv && is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentRow {
    created_at: Timestamp,
    payment_id: String,
    order_id: String,
    order_name: String,
    purpose: &'static str,
    status: &'static str,
    amount: DecimalAmount,
    /// As the amount, or 0.
    balance: Value,
    currency: &'static str,
    customer_key: String,
    payment_method_id: Option<String>,
    method: Option<&'static str>,
    card_number: Option<String>,
    easy_pay: Option<String>,
    approved_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    receipt_url: Option<String>,
    cash_receipt_number: Option<String>,
    failure_code: Option<String>,
    needs_attention: Option<String>,
    shop: String,
}

impl PaymentRow {
    fn of(payment: &Payment, format: Format) -> Self {
        let details = &payment.details;
        let receipt = details.cash_receipt.as_ref();
        let failure = details.failure.as_ref();
        Self {
            created_at: payment.created_at.kst(),
            payment_id: payment.id.to_string(),
            order_id: free(payment.order_id.as_str(), format),
            order_name: free(&payment.order_name, format),
            purpose: payment.purpose.as_str(),
            status: payment.status.as_str(),
            amount: payment.amount.decimal(),
            balance: event_data::balance(payment),
            currency: payment.amount.currency().as_str(),
            customer_key: free(payment.customer_key.expose(), format),
            payment_method_id: payment.payment_method_id.as_ref().map(ToString::to_string),
            method: details.method.map(Method::as_str),
            card_number: details.card.as_ref().map(|card| card.number.clone()),
            easy_pay: details.easy_pay.as_deref().map(|name| free(name, format)),
            approved_at: payment.approved_at.map(Millis::kst),
            due_at: payment.due_at.map(Millis::kst),
            receipt_url: details.receipt_url.clone(),
            cash_receipt_number: receipt.and_then(|receipt| receipt.issue_number.clone()),
            failure_code: failure.map(|failure| failure.code.to_string()),
            needs_attention: payment.needs_attention.clone(),
            shop: payment.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundRow {
    created_at: Timestamp,
    refund_id: String,
    payment_id: String,
    status: &'static str,
    origin: &'static str,
    amount: DecimalAmount,
    currency: &'static str,
    reason: String,
    canceled_at: Option<Timestamp>,
    failure_code: Option<String>,
    shop: String,
}

impl RefundRow {
    fn of(refund: &Refund, format: Format) -> Self {
        let failure = refund.details.failure.as_ref();
        Self {
            created_at: refund.created_at.kst(),
            refund_id: refund.id.to_string(),
            payment_id: refund.payment_id.to_string(),
            status: refund.status.as_str(),
            origin: refund.origin.as_str(),
            amount: refund.amount.decimal(),
            currency: refund.amount.currency().as_str(),
            reason: free(&refund.details.reason, format),
            canceled_at: refund.details.canceled_at.clone(),
            failure_code: failure.map(|failure| failure.code.to_string()),
            shop: refund.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MethodRow {
    created_at: Timestamp,
    payment_method_id: String,
    customer_key: String,
    method: Option<&'static str>,
    status: &'static str,
    card_number: Option<String>,
    account_number: Option<String>,
    ended_by: Option<String>,
    consent_version: Option<String>,
    consent_at: Option<Timestamp>,
    shop: String,
}

impl MethodRow {
    fn of(method: &PaymentMethod, format: Format) -> Self {
        let PaymentMethodDisplay { card, account } = &method.display;
        let consent = method.consent.as_ref();
        Self {
            created_at: method.created_at.kst(),
            payment_method_id: method.id.to_string(),
            customer_key: free(method.customer_key.expose(), format),
            method: method.method.map(Method::as_str),
            status: method.status.as_str(),
            card_number: card.as_ref().map(|card| card.number.clone()),
            account_number: account
                .as_ref()
                .map(|account| account.account_number.clone()),
            ended_by: method.dead_code.as_ref().map(ToString::to_string),
            consent_version: consent.map(|given| free(given.consent.version.as_str(), format)),
            consent_at: consent.map(|given| given.at.kst()),
            shop: method.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventRow {
    at: Timestamp,
    event_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    subject: String,
    revision: u64,
    data: Value,
}

impl EventRow {
    fn of(event: &Event, format: Format) -> Self {
        Self {
            at: event.at.kst(),
            event_id: event.id.to_string(),
            kind: event.kind.as_str(),
            subject: event.subject.clone(),
            revision: event.subject_revision,
            data: match format {
                Format::Jsonl => event.data.clone(),
                Format::Csv => Value::String(event.data.to_string()),
            },
        }
    }
}
