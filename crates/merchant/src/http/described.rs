//! The description of the API, for those who check against it what comes.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{MatchedPath, Request},
    http::{Extensions, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use utoipa::openapi::OpenApi as Document;

use super::error::ApiError;

/// The description of every call.
#[derive(Clone)]
pub(super) struct Described(Arc<Description>);

struct Description {
    text: String,
    document: Value,
}

impl Described {
    pub(super) fn new(document: &Document) -> Self {
        Self(Arc::new(Description {
            text: document.to_pretty_json().unwrap_or_default(),
            document: serde_json::to_value(document).unwrap_or_default(),
        }))
    }

    /// The one that the router gives to every call.
    pub(super) fn of(extensions: &Extensions) -> Result<Self, ApiError> {
        extensions.get().cloned().ok_or_else(|| {
            tracing::error!("a call without the description of calls");
            ApiError::internal()
        })
    }

    /// As it is served.
    pub(super) fn text(&self) -> &str {
        &self.0.text
    }

    /// Every schema, by its name.
    pub(super) fn schemas(&self) -> &Value {
        &self.0.document["components"]["schemas"]
    }

    /// Whether a call has a parameter of this name in its query.
    fn has_parameter(&self, method: &Method, path: &str, name: &str) -> bool {
        let method = method.as_str().to_lowercase();
        let parameters = &self.0.document["paths"][path][method]["parameters"];
        let mut parameters = parameters.as_array().into_iter().flatten();
        parameters.any(|it| it["in"] == "query" && it["name"] == name)
    }
}

/// Middleware: a parameter of the query that the call does not have is most likely misspelt.
pub(super) async fn known_parameters(
    Extension(described): Extension<Described>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let mut names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    match names.find(|name| !described.has_parameter(request.method(), path.as_str(), name)) {
        None => next.run(request).await,
        Some(name) => {
            let name: String = name.chars().take(60).collect();
            ApiError::invalid(format!("{name} is not a parameter of this call")).into_response()
        }
    }
}
