//! The merchant's own server, as it calls the API.

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

use crate::support::{API_KEY, Shop};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    /// Whether it was given before.
    pub(crate) fn replayed(&self) -> bool {
        self.headers.contains_key("idempotent-replayed")
    }
}

/// One call.
pub(crate) struct Call<'a> {
    shop: &'a Shop,
    method: Method,
    path: String,
    key: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Shop {
    pub(crate) fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        Call {
            shop: self,
            method,
            path: path.into(),
            key: API_KEY.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) async fn read(&self, path: impl Into<String>) -> Answer {
        self.call(Method::GET, path).send().await
    }

    pub(crate) async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        let call = self.call(Method::POST, path);
        call.once(key).body(body).send().await
    }
}

impl Call<'_> {
    /// With this idempotency key.
    pub(crate) fn once(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With another key than `MERCHANT_API_KEY`.
    pub(crate) fn with_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.key);
        self
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn request(self) -> reqwest::RequestBuilder {
        let url = self.shop.url(&self.path);
        let mut request = self.shop.http.request(self.method, url);
        request = request.bearer_auth(self.key);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        match self.body {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    pub(crate) async fn send(self) -> Answer {
        let answer = self.request().send().await.unwrap();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.json().await.unwrap_or(Value::Null),
        }
    }
}
