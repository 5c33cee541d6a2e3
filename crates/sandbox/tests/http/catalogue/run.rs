//! Trying one row.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::{compare::contains, given::Stage, rows::Row};
use crate::{harness::*, webhooks::Merchant};

/// Does what the row says, with a sandbox of its own.
///
/// # Errors
/// What came out otherwise.
pub(super) async fn holds(row: &Row) -> Result<(), String> {
    let mut config = config();
    for assumption in &row.assume {
        config.rules.assume(assumption).map_err(|e| e.to_string())?;
    }
    config.rate_limit = row.rate_limit;
    let merchant = Merchant::default();
    if row.hears.is_some() {
        merchant.will_answer(&row.merchant_answers);
        let url = merchant.listen().await;
        let target = match &row.registered {
            Some(events) => format!("{events}={url}"),
            None => url,
        };
        config.webhook_urls = vec![target.parse().map_err(|e| format!("{e}"))?];
    }
    let mut stage = Stage::new(start_with(config).await);
    for line in &row.given {
        match line.strip_prefix("hear ") {
            Some(count) => {
                let count = count.parse().map_err(|_| "hear N")?;
                merchant.heard(count).await;
                recorded(&stage, count).await?;
            }
            None => stage
                .step(line)
                .await
                .map_err(|why| format!("{line}: {why}"))?,
        }
    }
    if let Some(button) = row.request.strip_prefix("SUBMIT ") {
        submit(&stage, row, button).await?;
    } else if !row.request.is_empty() {
        ask(&stage, row).await?;
    }
    match &row.hears {
        Some(expected) => hears(&stage, &merchant, expected).await,
        None => Ok(()),
    }
}

async fn ask(stage: &Stage, row: &Row) -> Result<(), String> {
    let line = stage.fill(&row.request);
    let (method, path) = line.split_once(' ').ok_or("METHOD PATH")?;
    let method = method.parse().map_err(|_| "no such method")?;
    let mut request = stage.toss.client.request(method, stage.toss.url(path));
    request = match row.authorization.as_deref() {
        None => request.basic_auth(SECRET_KEY, Some("")),
        Some("none") => request,
        Some(value) => request.header("authorization", value),
    };
    for (name, value) in &row.headers {
        request = request.header(name, stage.fill(value));
    }
    if let Some(body) = &row.body {
        let body = stage.fill(body);
        request = request
            .header("content-type", "application/json")
            .body(body);
    }
    let answer = read(request.send().await.map_err(|e| e.to_string())?).await;
    let said = || format!("{} {}", answer.status, answer.json);
    if row.status.is_some_and(|status| status != answer.status) {
        return Err(format!("status {}", said()));
    }
    let texts = [("code", &row.code), ("message", &row.message)];
    for (name, expected) in texts {
        if let Some(expected) = expected
            && answer.json[name] != **expected
        {
            return Err(format!("{name}: {}", said()));
        }
    }
    if let Some(expected) = &row.expect {
        let expected = stage.fill(expected);
        let expected: Value =
            serde_json::from_str(&expected).map_err(|e| format!("{expected}: {e}"))?;
        contains(&answer.json, &expected)?;
    }
    let headers: Map<_, _> = answer
        .response_headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.into())))
        .collect();
    let expected: Map<_, _> = row
        .answers
        .iter()
        .map(|(name, value)| (name.clone(), stage.fill(value).into()))
        .collect();
    contains(&headers.into(), &expected.into())?;
    Ok(())
}

async fn submit(stage: &Stage, row: &Row, button: &str) -> Result<(), String> {
    let fields = match button {
        "cancel" => Vec::new(),
        "fail" => vec![("code".to_owned(), row.body.clone().unwrap_or_default())],
        _ => stage.form(&Map::new()).await,
    };
    let fields: Vec<_> = fields
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let path = format!("{}/{button}", stage.known["window"]);
    let url = stage.toss.submit(&path, &fields).await;
    let expected: url::Url = stage
        .fill(row.redirect.as_deref().ok_or("redirect")?)
        .parse()
        .map_err(|e| format!("{e}"))?;
    let pairs = |url: &url::Url| -> Value {
        url.query_pairs()
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect::<Map<_, _>>()
            .into()
    };
    let names = |url: &url::Url| -> Vec<String> {
        url.query_pairs()
            .map(|(name, _)| name.into_owned())
            .collect()
    };
    if url.path() != expected.path() || names(&url) != names(&expected) {
        return Err(format!("went to {url}"));
    }
    contains(&pairs(&url), &pairs(&expected))
}

/// The merchant hears exactly what is expected, in any order, and nothing is left on its way but retries.
async fn hears(stage: &Stage, merchant: &Merchant, expected: &[String]) -> Result<(), String> {
    let mut heard = if expected.is_empty() {
        settled(stage).await?;
        merchant.heard(0).await
    } else {
        merchant.heard(expected.len()).await
    };
    settled(stage).await?;
    let all = merchant.heard(heard.len()).await;
    if all.len() != expected.len() {
        let bodies: Vec<_> = all.iter().map(|(_, body)| body.to_string()).collect();
        return Err(format!("{} were heard: {}", all.len(), bodies.join(" ")));
    }
    heard.truncate(all.len());
    let mut heard: Vec<Value> = all
        .iter()
        .map(|(headers, body)| {
            let headers: Map<_, _> = headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.as_str().to_owned(), value.to_str().ok()?.into()))
                })
                .collect();
            json!({"headers": headers, "body": body})
        })
        .collect();
    for text in expected {
        let text = stage.fill(text);
        let wanted: Value = serde_json::from_str(&text).map_err(|e| format!("{text}: {e}"))?;
        let mut nearest = String::new();
        let at = heard.iter().position(|one| match contains(one, &wanted) {
            Ok(()) => true,
            Err(why) => {
                nearest = why;
                false
            }
        });
        heard.remove(at.ok_or_else(|| format!("nobody said {wanted} ({nearest}) but {heard:?}"))?);
    }
    Ok(())
}

/// So many attempts are written down, and with them when the next is due.
async fn recorded(stage: &Stage, count: usize) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let log = stage.toss.control("webhooks").await;
        let attempts = |one: &Value| one["attempts"].as_array().map_or(0, Vec::len);
        let all = log
            .as_array()
            .map_or(0, |log| log.iter().map(attempts).sum());
        if all >= count {
            return Ok(());
        }
        if started.elapsed() > Duration::from_secs(10) {
            return Err(format!("{all} of {count} attempts: {log}"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Every delivery has been tried at least once.
async fn settled(stage: &Stage) -> Result<(), String> {
    let started = Instant::now();
    loop {
        let log = stage.toss.control("webhooks").await;
        let tried = |one: &Value| {
            one["attempts"]
                .as_array()
                .is_some_and(|tries| !tries.is_empty())
                || one["fault"] == "lost"
        };
        if log.as_array().is_some_and(|all| all.iter().all(tried)) {
            return Ok(());
        }
        if started.elapsed() > Duration::from_secs(10) {
            return Err(format!("still on its way: {log}"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
