//! Moves the rows of version 0.1 into the tables of [`super::m0003_records`].

use std::collections::HashMap;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SimpleExpr},
};
use serde_json::{Value, json};

use super::columns::name;
use crate::domain::{names::digest, shop::DEFAULT_SHOP};

pub(super) async fn rows(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let methods = methods(tx).await?;
    let payments = payments(tx, &methods).await?;
    attempts(tx, &methods, &payments).await?;
    webhooks(tx).await
}

/// Rows are read in batches, so that a large table does not have to fit into memory.
const BATCH: u64 = 500;

async fn insert(
    tx: &DatabaseTransaction,
    table: &str,
    row: Vec<(&'static str, SimpleExpr)>,
) -> Result<(), DbErr> {
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let insert = Query::insert()
        .into_table(name(table))
        .columns(columns.into_iter().map(name))
        .values_panic(values)
        .to_owned();
    tx.execute(&insert).await?;
    Ok(())
}

async fn batch(
    tx: &DatabaseTransaction,
    table: &str,
    key: &str,
    after: SimpleExpr,
) -> Result<Vec<QueryResult>, DbErr> {
    let select = Query::select()
        .expr(Expr::cust("*"))
        .from(name(table))
        .and_where(Expr::col(name(key)).gt(after))
        .order_by(name(key), Order::Asc)
        .limit(BATCH)
        .to_owned();
    tx.query_all(&select).await
}

fn text(row: &QueryResult, column: &str) -> Result<Option<String>, DbErr> {
    row.try_get("", column)
}

fn number(row: &QueryResult, column: &str) -> Result<Option<i64>, DbErr> {
    row.try_get("", column)
}

fn needed(row: &QueryResult, column: &str) -> Result<String, DbErr> {
    row.try_get("", column)
}

/// A name that says nothing about the session, whose own name is a secret.
fn derived(prefix: &str, parts: &[&str]) -> String {
    let digest = digest(parts);
    format!("{prefix}{}", digest.chars().take(22).collect::<String>())
}

/// The payment method of each session that registered one.
async fn methods(tx: &DatabaseTransaction) -> Result<HashMap<String, String>, DbErr> {
    let mut made = HashMap::new();
    let mut after = 0_i64;
    loop {
        let rows = batch(tx, "billing_keys", "id", after.into()).await?;
        let Some(last) = rows.last() else {
            return Ok(made);
        };
        after = last.try_get("", "id")?;
        for row in &rows {
            let session = needed(row, "session_id")?;
            let id = derived("pm_", &["payment-method", &session]);
            let display = session_result(tx, &session).await?;
            let display = json!({"card": display.get("card"), "account": display.get("account")});
            let consent = match (
                text(row, "consent_version")?,
                text(row, "consent_text")?,
                number(row, "consent_at")?,
            ) {
                (Some(version), Some(words), Some(at)) => Some(
                    json!({"consent": {"version": version, "text": words}, "at": at}).to_string(),
                ),
                _ => None,
            };
            let created = number(row, "created_at")?.unwrap_or_default();
            insert(
                tx,
                "payment_methods",
                vec![
                    ("id", id.clone().into()),
                    ("shop_id", DEFAULT_SHOP.into()),
                    ("customer_key", needed(row, "customer_key")?.into()),
                    ("session_id", session.clone().into()),
                    ("method", text(row, "method")?.into()),
                    ("sealed_key", needed(row, "sealed_key")?.into()),
                    ("key_digest", needed(row, "key_digest")?.into()),
                    ("display", display.to_string().into()),
                    ("status", "active".into()),
                    ("consent", consent.into()),
                    ("revision", 1_i64.into()),
                    ("created_at", created.into()),
                    ("updated_at", created.into()),
                ],
            )
            .await?;
            made.insert(session, id);
        }
    }
}

async fn session_result(tx: &DatabaseTransaction, session: &str) -> Result<Value, DbErr> {
    let select = Query::select()
        .column(name("result"))
        .from(name("sessions"))
        .and_where(Expr::col(name("id")).eq(session))
        .to_owned();
    let result = match tx.query_one(&select).await? {
        Some(row) => text(&row, "result")?,
        None => None,
    };
    Ok(parsed(result.as_deref()))
}

fn parsed(json: Option<&str>) -> Value {
    json.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or(Value::Null)
}

/// The payments of each session: of the order, and of the first charge.
async fn payments(
    tx: &DatabaseTransaction,
    methods: &HashMap<String, String>,
) -> Result<HashMap<String, String>, DbErr> {
    let mut made = HashMap::new();
    let mut after = 0_i64;
    loop {
        let rows = batch(tx, "sessions", "seq", after.into()).await?;
        let Some(last) = rows.last() else {
            return Ok(made);
        };
        after = last.try_get("", "seq")?;
        for row in &rows {
            let session = needed(row, "id")?;
            let method = methods.get(&session).cloned();
            customer(tx, row).await?;
            let payment = payment(tx, row, method.as_deref()).await?;
            let next = (needed(row, "status")? == "open")
                .then(|| number(row, "expires_at"))
                .transpose()?
                .flatten();
            let has_amount = number(row, "amount")?.is_some();
            let update = Query::update()
                .table(name("sessions"))
                .value(name("payment_id"), payment.clone())
                .value(name("payment_method_id"), method)
                .value(name("currency"), has_amount.then_some("KRW"))
                .value(name("next_action_at"), next)
                .and_where(Expr::col(name("id")).eq(session.as_str()))
                .to_owned();
            tx.execute(&update).await?;
            if let Some(payment) = payment {
                made.insert(session, payment);
            }
        }
    }
}

/// Sessions come in the order in which they were made, so the last one knows best.
async fn customer(tx: &DatabaseTransaction, session: &QueryResult) -> Result<(), DbErr> {
    let key = needed(session, "customer_key")?;
    let contact = needed(session, "customer")?;
    let at = number(session, "created_at")?.unwrap_or_default();
    let update = Query::update()
        .table(name("customers"))
        .value(name("contact"), contact.clone())
        .value(name("updated_at"), at)
        .and_where(Expr::col(name("customer_key")).eq(key.as_str()))
        .to_owned();
    if tx.execute(&update).await?.rows_affected() > 0 {
        return Ok(());
    }
    insert(
        tx,
        "customers",
        vec![
            ("id", derived("cus_", &["customer", &key]).into()),
            ("customer_key", key.into()),
            ("contact", contact.into()),
            ("created_at", at.into()),
            ("updated_at", at.into()),
        ],
    )
    .await
}

/// What 0.1 kept of money in a session.
struct Money {
    order_id: String,
    purpose: &'static str,
    amount: i64,
    status: &'static str,
    balance: i64,
    details: Value,
    next_action_at: Option<i64>,
}

async fn payment(
    tx: &DatabaseTransaction,
    session: &QueryResult,
    method: Option<&str>,
) -> Result<Option<String>, DbErr> {
    let result = parsed(text(session, "result")?.as_deref());
    let money = match (text(session, "order_id")?, number(session, "amount")?) {
        (Some(order), Some(amount)) => Some(of_order(session, order, amount, &result)?),
        _ => of_first_charge(&result),
    };
    let Some(money) = money else { return Ok(None) };
    let id = derived("pay_", &["payment", &money.order_id]);
    let created = number(session, "created_at")?.unwrap_or_default();
    insert(
        tx,
        "payments",
        vec![
            ("id", id.clone().into()),
            ("shop_id", DEFAULT_SHOP.into()),
            ("order_id", money.order_id.into()),
            ("purpose", money.purpose.into()),
            ("session_id", needed(session, "id")?.into()),
            ("payment_method_id", method.map(str::to_owned).into()),
            ("customer_key", needed(session, "customer_key")?.into()),
            ("order_name", needed(session, "order_name")?.into()),
            ("customer", needed(session, "customer")?.into()),
            ("amount", money.amount.into()),
            ("currency", "KRW".into()),
            ("balance", money.balance.into()),
            ("status", money.status.into()),
            ("revision", 1_i64.into()),
            ("payment_key", text(session, "payment_key")?.into()),
            ("secret_digest", text(session, "secret_digest")?.into()),
            ("details", money.details.to_string().into()),
            ("approved_at", approved_at(&result).into()),
            ("due_at", number(session, "due_at")?.into()),
            ("created_at", created.into()),
            (
                "updated_at",
                number(session, "updated_at")?.unwrap_or(created).into(),
            ),
            ("next_action_at", money.next_action_at.into()),
        ],
    )
    .await?;
    Ok(Some(id))
}

fn of_order(
    session: &QueryResult,
    order_id: String,
    amount: i64,
    result: &Value,
) -> Result<Money, DbErr> {
    let status = match needed(session, "status")?.as_str() {
        "open" => "ready",
        "authenticated" | "confirming" => "confirming",
        "waiting_for_deposit" => "waiting_for_deposit",
        "paid" => "paid",
        "partially_canceled" => "partially_canceled",
        "canceled" => "canceled",
        "failed" => "failed",
        "expired" => "expired",
        // `unknown`, and what no version of ours wrote.
        _ => "unknown",
    };
    let next = match status {
        // 0.1 did not keep what was left of it, nor look at an account after it had closed.
        "partially_canceled" => Some(0),
        "expired" if text(session, "payment_key")?.is_some() => Some(0),
        _ => number(session, "next_check_at")?,
    };
    Ok(Money {
        order_id,
        purpose: "checkout",
        amount,
        status,
        balance: if matches!(status, "paid" | "partially_canceled") {
            amount
        } else {
            0
        },
        details: details(result),
        next_action_at: next,
    })
}

fn of_first_charge(result: &Value) -> Option<Money> {
    let charge = result.get("charge")?;
    let amount = charge.get("amount")?.get("value")?.as_i64()?;
    let status = match charge.get("status")?.as_str()? {
        "succeeded" => "paid",
        "declined" => "failed",
        _ => "unknown",
    };
    let mut details = details(charge);
    details["method"] = result.get("method").cloned().unwrap_or(Value::Null);
    Some(Money {
        order_id: charge.get("orderId")?.as_str()?.to_owned(),
        purpose: "first_charge",
        amount,
        status,
        balance: if status == "paid" { amount } else { 0 },
        details,
        next_action_at: None,
    })
}

fn details(result: &Value) -> Value {
    let fields = [
        "method",
        "card",
        "account",
        "virtualAccount",
        "receiptUrl",
        "failure",
        "reversedAt",
    ];
    fields
        .into_iter()
        .filter_map(|field| Some((field.to_owned(), result.get(field)?.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn approved_at(result: &Value) -> Option<i64> {
    let at = result
        .get("approvedAt")
        .or_else(|| result.get("charge")?.get("approvedAt"))?
        .as_str()?;
    crate::domain::time::Millis::from_toss(at).map(|at| at.0)
}

async fn attempts(
    tx: &DatabaseTransaction,
    methods: &HashMap<String, String>,
    payments: &HashMap<String, String>,
) -> Result<(), DbErr> {
    let mut after = String::new();
    loop {
        let rows = batch(tx, "attempts", "id", after.as_str().into()).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.try_get("", "id")?;
        for row in &rows {
            attempt(tx, row, methods, payments).await?;
        }
    }
}

async fn attempt(
    tx: &DatabaseTransaction,
    row: &QueryResult,
    methods: &HashMap<String, String>,
    payments: &HashMap<String, String>,
) -> Result<(), DbErr> {
    let session = needed(row, "session_id")?;
    let kind = needed(row, "kind")?;
    let payment = (kind != "issue")
        .then(|| payments.get(&session).cloned())
        .flatten();
    let method = (kind == "charge")
        .then(|| methods.get(&session).cloned())
        .flatten();
    let created = number(row, "created_at")?.unwrap_or_default();
    let updated = number(row, "updated_at")?.unwrap_or(created);
    let (status, open) = match needed(row, "status")?.as_str() {
        // It may have been sent: 0.1 did not write down whether.
        "pending" => ("sent", true),
        "succeeded" => ("succeeded", false),
        "declined" => ("declined", false),
        _ => ("unknown", true),
    };
    let failure_status: Option<i32> = row.try_get("", "failure_status")?;
    let amount = number(row, "amount")?;
    insert(
        tx,
        "new_attempts",
        vec![
            ("id", needed(row, "id")?.into()),
            ("kind", kind.into()),
            ("shop_id", DEFAULT_SHOP.into()),
            ("session_id", session.into()),
            ("payment_id", payment.into()),
            ("payment_method_id", method.into()),
            ("key_digest", text(row, "key_digest")?.into()),
            ("sealed_key", text(row, "sealed_key")?.into()),
            ("idempotency_key", needed(row, "idempotency_key")?.into()),
            // 0.1 did not keep it, so nothing of it is sent a second time: it is only looked up.
            ("key_fingerprint", "".into()),
            ("order_id", text(row, "order_id")?.into()),
            ("amount", amount.into()),
            ("currency", amount.map(|_| "KRW").into()),
            ("status", status.into()),
            ("failure_code", text(row, "failure_code")?.into()),
            ("failure_message", text(row, "failure_message")?.into()),
            ("failure_status", failure_status.into()),
            ("consent", text(row, "consent")?.into()),
            ("sent_at", created.into()),
            ("settled_at", (!open).then_some(updated).into()),
            ("created_at", created.into()),
            ("updated_at", updated.into()),
            (
                "next_action_at",
                if open {
                    number(row, "lease_until")?
                } else {
                    None
                }
                .into(),
            ),
        ],
    )
    .await
}

async fn webhooks(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut after = 0_i64;
    loop {
        let rows = batch(tx, "webhook_events", "seq", after.into()).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.try_get("", "seq")?;
        for row in &rows {
            let transmission = needed(row, "transmission_id")?;
            let state = needed(row, "state")?;
            let next = if state == "pending" {
                number(row, "next_try_at")?
            } else {
                None
            };
            let deliveries: i32 = row.try_get("", "deliveries")?;
            insert(
                tx,
                "webhooks",
                vec![
                    ("id", derived("wh_", &["webhook", &transmission]).into()),
                    ("transmission_id", transmission.into()),
                    ("event_type", needed(row, "event_type")?.into()),
                    ("order_id", text(row, "order_id")?.into()),
                    ("claimed_status", text(row, "claimed_status")?.into()),
                    ("secret_digest", text(row, "secret_digest")?.into()),
                    // 0.1 did not keep bodies.
                    ("body", "".into()),
                    ("state", state.into()),
                    ("note", text(row, "note")?.into()),
                    ("deliveries", deliveries.into()),
                    (
                        "received_at",
                        number(row, "received_at")?.unwrap_or_default().into(),
                    ),
                    ("next_action_at", next.into()),
                ],
            )
            .await?;
        }
    }
}
