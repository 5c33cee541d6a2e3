//! What happens before the request of a row. Each step is a line:
//!
//! ```text
//! window METHOD AMOUNT [{request}]      the SDK opens a payment window; {window}, {orderId}
//! authenticated METHOD AMOUNT [{…}]     and the buyer finishes it; {paymentKey}
//! confirmed METHOD AMOUNT [{…}]         and the merchant confirms, however that ends; {last.…}
//! paid METHOD AMOUNT [{…}]              and for a virtual account the deposit is made
//! issued AMOUNT [{…}]                   POST /v1/virtual-accounts
//! registered CARD|TRANSFER [{…}]        the buyer registers; {authKey}
//! billing CARD|TRANSFER [{…}]           and the merchant issues; {billingKey}
//! send METHOD PATH [{body}]             any request; {last.…}
//! keyed KEY METHOD PATH {body}          the same with an Idempotency-Key
//! coded CODE METHOD PATH {body}         the same with a TossPayments-Test-Code
//! lost METHOD PATH {body}               a request that gets no answer
//! press deposit|reverse|expire|cancel   a button for {paymentKey}
//! clock advance|freeze …                the clock
//! fault {…}                             orders a fault
//! version 2024-06-01                    the shop's key pair gets another version
//! leave N                               the buyer of billing key N leaves
//! hear N                                the merchant has heard N webhooks
//! ```
//! `"form": {…}` in a request changes what the buyer fills in.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{harness::*, window::filled};

/// A sandbox and what is known of it by name.
pub(super) struct Stage {
    pub(super) toss: Running,
    pub(super) known: HashMap<String, String>,
    pub(super) last: Value,
}

type Step<T = ()> = Result<T, String>;

fn merged(mut base: Value, more: &Map<String, Value>) -> Value {
    for (name, value) in more {
        base[name] = value.clone();
    }
    base
}

impl Stage {
    pub(super) fn new(toss: Running) -> Self {
        let known = [
            ("orderId", "order-0001"),
            ("customerKey", CUSTOMER),
            ("clientKey", CLIENT_KEY),
        ];
        Self {
            toss,
            known: known
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            last: Value::Null,
        }
    }

    /// Puts what is known in place of `{name}`, and of the last answer in place of `{last.path}`.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.known {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text = text.replace("{last}", &self.last.to_string());
        while let Some(start) = text.find("{last.") {
            let end = start + text[start..].find('}').unwrap_or_else(|| panic!("{text}"));
            let path = text[start + 6..end].replace('.', "/");
            let value = self.last.pointer(&format!("/{path}"));
            let value = match value {
                Some(Value::String(value)) => value.clone(),
                Some(value) => value.to_string(),
                None => panic!("no {path} in {}", self.last),
            };
            text.replace_range(start..=end, &value);
        }
        text
    }

    fn know(&mut self, name: &str, value: &str) {
        self.known.insert(name.to_owned(), value.to_owned());
    }

    pub(super) async fn step(&mut self, line: &str) -> Step {
        let line = self.fill(line);
        let (words, json) = match line.find(" {") {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line.as_str(), "{}"),
        };
        let more: Map<String, Value> =
            serde_json::from_str(json).map_err(|e| format!("{json}: {e}"))?;
        let words: Vec<&str> = words.split(' ').collect();
        match words.as_slice() {
            ["window", method, amount] => self.window(method, amount, &more).await,
            ["authenticated", method, amount] => self.authenticated(method, amount, &more).await,
            ["confirmed", method, amount] => self.confirmed(method, amount, &more).await,
            ["paid", method, amount] => {
                self.confirmed(method, amount, &more).await?;
                if *method == "VIRTUAL_ACCOUNT" {
                    self.press("deposit").await?;
                }
                Ok(())
            }
            ["issued", amount] => {
                let base = json!({
                    "amount": amount.parse::<u64>().map_err(|e| e.to_string())?,
                    "orderId": self.known["orderId"], "orderName": "티셔츠 1장",
                    "customerName": "김토스", "bank": "20",
                });
                self.send("POST", "/v1/virtual-accounts", &merged(base, &more))
                    .await?;
                self.note_payment();
                Ok(())
            }
            ["registered", method] => self.registered(method, &more).await,
            ["billing", method] => {
                self.registered(method, &more).await?;
                let body = issue_body(&self.known["authKey"]);
                self.send("POST", ISSUE, &body).await?;
                let key = self.last["billingKey"].as_str().map(str::to_owned);
                let key = key.ok_or_else(|| self.last.to_string())?;
                self.know("encodedBillingKey", &key.replace('=', "%3D"));
                self.know("billingKey", &key);
                Ok(())
            }
            ["send", method, path] => {
                self.send(method, path, &Value::Object(more)).await?;
                self.note_payment();
                Ok(())
            }
            ["keyed", key, method, path] => {
                let header = ("idempotency-key", *key);
                self.send_with(method, path, &Value::Object(more), Some(header))
                    .await
            }
            ["coded", code, method, path] => {
                let header = ("tosspayments-test-code", *code);
                self.send_with(method, path, &Value::Object(more), Some(header))
                    .await
            }
            ["lost", method, path] => {
                let sent = self.send(method, path, &Value::Object(more)).await;
                sent.err()
                    .map(|_| ())
                    .ok_or_else(|| "it was answered".to_owned())
            }
            ["press", button] => self.press(button).await,
            ["clock", "freeze"] => self.clock(&json!({"freeze": true})).await,
            ["clock", "advance", rest @ ..] => {
                self.clock(&json!({"advance": rest.join(" ")})).await
            }
            ["fault"] => {
                self.toss.fault(&Value::Object(more)).await;
                Ok(())
            }
            ["version", version] => {
                let path = format!("/sandbox/api/keys/{CLIENT_KEY}");
                self.control(&path, &json!({"version": version})).await
            }
            ["leave", number] => {
                let path = format!("/sandbox/api/billing/{number}/delete");
                self.control(&path, &json!({})).await
            }
            _ => Err(format!("no such step: {line}")),
        }
    }

    fn note_payment(&mut self) {
        if let Some(key) = self.last["paymentKey"].as_str().map(str::to_owned) {
            self.know("paymentKey", &key);
        }
    }

    async fn control(&self, path: &str, body: &Value) -> Step {
        let sent = self
            .toss
            .client
            .post(self.toss.url(path))
            .json(body)
            .send()
            .await;
        let answer = read(sent.map_err(|e| e.to_string())?).await;
        if answer.status < 300 {
            Ok(())
        } else {
            Err(format!("{path}: {answer:?}"))
        }
    }

    async fn clock(&self, order: &Value) -> Step {
        self.control("/sandbox/clock", order).await
    }

    async fn press(&self, button: &str) -> Step {
        let path = format!("payments/{}/{button}", self.known["paymentKey"]);
        let answer = self.toss.press(&path).await;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(format!("{button}: {answer:?}"))
        }
    }

    async fn send(&mut self, method: &str, path: &str, body: &Value) -> Step {
        self.send_with(method, path, body, None).await
    }

    async fn send_with(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
        header: Option<(&str, &str)>,
    ) -> Step {
        let method = method
            .parse()
            .map_err(|_| format!("no such method: {method}"))?;
        let request = self.toss.client.request(method, self.toss.url(path));
        let mut request = request.basic_auth(SECRET_KEY, Some("")).json(body);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        self.last = read(request.send().await.map_err(|e| e.to_string())?)
            .await
            .json;
        Ok(())
    }

    async fn window(&mut self, method: &str, amount: &str, more: &Map<String, Value>) -> Step {
        let currency = if method == "FOREIGN_EASY_PAY" {
            "USD"
        } else {
            "KRW"
        };
        let value: Value = serde_json::from_str(amount).map_err(|e| e.to_string())?;
        let mut base = json!({
            "method": method, "amount": {"value": value, "currency": currency},
            "orderId": self.known["orderId"], "orderName": "티셔츠 1장", "customerName": "김토스",
            "successUrl": format!("{SHOP}/success?session=cs_1"), "failUrl": format!("{SHOP}/fail?session=cs_1"),
        });
        if method == "FOREIGN_EASY_PAY" {
            base["foreignEasyPay"] = json!({"provider": "PAYPAL", "country": "US"});
        }
        let mut request = merged(base, more);
        request.as_object_mut().ok_or("no object")?.remove("form");
        let order = request["orderId"].as_str().unwrap_or_default().to_owned();
        self.know("orderId", &order);
        let window = self.toss.open("payment", request).await;
        self.know("window", &window);
        Ok(())
    }

    /// What a click on the window's main button sends.
    pub(super) async fn form(&self, changes: &Map<String, Value>) -> Vec<(String, String)> {
        let mut fields = filled(&self.toss, &self.known["window"]).await;
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            let value = value.as_str().unwrap_or_default().to_owned();
            fields.push((name.clone(), value));
        }
        fields
    }

    async fn finish(&mut self, button: &str, more: &Map<String, Value>) -> Step<url::Url> {
        let none = Map::new();
        let changes = more.get("form").and_then(Value::as_object).unwrap_or(&none);
        let fields = self.form(changes).await;
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let path = format!("{}/{button}", self.known["window"]);
        Ok(self.toss.submit(&path, &fields).await)
    }

    async fn authenticated(
        &mut self,
        method: &str,
        amount: &str,
        more: &Map<String, Value>,
    ) -> Step {
        self.window(method, amount, more).await?;
        let url = self.finish("pay", more).await?;
        self.know("paymentKey", &parameter(&url, "paymentKey"));
        self.know("amount", &parameter(&url, "amount"));
        Ok(())
    }

    async fn confirmed(&mut self, method: &str, amount: &str, more: &Map<String, Value>) -> Step {
        self.authenticated(method, amount, more).await?;
        let amount: Value = serde_json::from_str(amount).map_err(|e| e.to_string())?;
        let body = json!({
            "paymentKey": self.known["paymentKey"], "orderId": self.known["orderId"], "amount": amount,
        });
        self.send("POST", "/v1/payments/confirm", &body).await
    }

    async fn registered(&mut self, method: &str, more: &Map<String, Value>) -> Step {
        let window = self.toss.open("billing", billing_request(method)).await;
        self.know("window", &window);
        let url = if method == "CARD" {
            self.finish("card", more).await?
        } else {
            let none = Map::new();
            let changes = more.get("form").and_then(Value::as_object).unwrap_or(&none);
            let mut fields = vec![("account".to_owned(), "woori".to_owned())];
            for (name, value) in changes {
                fields.retain(|(known, _)| known != name);
                fields.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
            }
            let fields: Vec<_> = fields
                .iter()
                .map(|(a, b)| (a.as_str(), b.as_str()))
                .collect();
            self.toss
                .submit(&format!("{window}/account"), &fields)
                .await
        };
        self.know("authKey", &parameter(&url, "authKey"));
        Ok(())
    }
}
