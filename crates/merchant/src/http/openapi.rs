//! The description of every call, made from the code that answers it, at `/openapi.json`.

use axum::{
    Extension, Router,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use toss_checkout_contract::ApiError as ErrorBody;
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{
        Content, OpenApi as Document, Ref, RefOr, Required, Response as DocumentedResponse,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{
    api::{auth::scope_of, needs_idempotency_key},
    described::Described,
};

const BEARER: &str = "bearer";
const LINK: &str = "customerLink";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "toss-checkout merchant backend",
        description = "Checkout, payments, refunds, registered cards and subscriptions on Toss Payments. docs/backend-contract.md tells the same in sentences."
    ),
    tags(
        (name = "checkout", description = "For the page; the session id is the capability"),
        (name = "sessions", description = "Checkouts"),
        (name = "payments", description = "Orders' money, and giving it back"),
        (name = "payment-methods", description = "Registered cards and accounts"),
        (name = "subscription-page", description = "For the page of a customer's subscriptions; the token of `POST /api/customer-links` opens it"),
        (name = "subscriptions", description = "What is charged again and again, and what customers agreed to"),
        (name = "events", description = "What happened, and where it is sent"),
        (name = "toss", description = "For Toss"),
        (name = "operation", description = "For operators' tools"),
    ),
    components(schemas(ErrorBody))
)]
struct Frame;

/// Begins the description.
pub(super) fn begin<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::with_openapi(Frame::openapi())
}

/// Wraps documented routes into what only axum's own router has.
pub(super) fn wrapped<S: Clone + Send + Sync + 'static>(
    routes: OpenApiRouter<S>,
    wrap: impl FnOnce(Router<S>) -> Router<S>,
) -> OpenApiRouter<S> {
    let (calls, document) = routes.split_for_parts();
    OpenApiRouter::with_openapi(document).merge(wrap(calls).into())
}

/// What the layers do to every call: keys and scopes, idempotency, the shape of errors.
pub(super) fn complete(mut document: Document) -> Document {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            describe_answers(operation);
            let error = "what is wrong and what to do; `code` is Toss's own when Toss refused";
            answers(operation, "default", error);
            if !matches!(path.as_str(), "/metrics" | "/openapi.json") {
                let away = "the database cannot be used at the moment: send the same request again after `Retry-After` seconds";
                answers(operation, "503", away);
            }
            if path.starts_with("/api/checkout/") {
                continue;
            }
            if path.starts_with("/api/subscription-page") {
                let requirement = SecurityRequirement::new(LINK, [""; 0]);
                operation.security = Some(vec![requirement]);
                answers(operation, "401", "the link is unknown or has ended");
                continue;
            }
            if path.starts_with("/api/") || path == "/metrics" {
                let scope = scope_of(&method, path);
                let requirement = SecurityRequirement::new(BEARER, [scope.as_str()]);
                operation.security = Some(vec![requirement]);
                answers(operation, "401", "no known key");
                answers(operation, "403", "the key lacks the scope");
            }
            if path.starts_with("/api/") && method == Method::POST {
                let needed = needs_idempotency_key(path);
                let parameters = operation.parameters.get_or_insert_default();
                parameters.push(RefOr::T(idempotency_key(needed)));
                answers(operation, "409", "under way, or not in a state for this");
                answers(operation, "422", "the key was used for another request");
            }
        }
    }
    let scheme = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "MERCHANT_API_KEY, or a key of `toss-merchant keys create` with the scope that the call names",
        ))
        .build();
    let link = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `token` of POST /api/customer-links"))
        .build();
    let components = document.components.get_or_insert_default();
    components
        .security_schemes
        .insert(BEARER.to_owned(), SecurityScheme::Http(scheme).into());
    components
        .security_schemes
        .insert(LINK.to_owned(), SecurityScheme::Http(link).into());
    document
}

fn operations(item: &mut PathItem) -> Vec<(Method, &mut Operation)> {
    let PathItem {
        get,
        post,
        delete,
        patch,
        ..
    } = item;
    [
        (Method::GET, get),
        (Method::POST, post),
        (Method::DELETE, delete),
        (Method::PATCH, patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
    .collect()
}

/// OpenAPI wants a sentence about every answer; where there is no more to say, the status says it.
fn describe_answers(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            let reason = status
                .parse()
                .ok()
                .and_then(|code: u16| StatusCode::from_u16(code).ok()?.canonical_reason());
            reason
                .unwrap_or_default()
                .clone_into(&mut response.description);
        }
    }
}

/// An error that the operation can answer, unless it says more about it itself.
fn answers(operation: &mut Operation, status: &str, description: &str) {
    let content = Content::new(Some(Ref::from_schema_name(ErrorBody::name())));
    let response = DocumentedResponse::builder()
        .description(description)
        .content("application/json", content)
        .build();
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert(RefOr::T(response));
}

fn idempotency_key(needed: bool) -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(if needed { Required::True } else { Required::False })
        .description(Some(
            "1 to 300 visible ASCII characters, a new one for every new request: the same request under the same key gets the same answer for ever",
        ))
        .schema(Some(String::schema()))
        .build()
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation", operation_id = "describe",
    responses((status = 200, body = serde_json::Value)),
)]
pub(super) async fn describe(Extension(described): Extension<Described>) -> Response {
    let kind = (header::CONTENT_TYPE, "application/json");
    ([kind], described.text().to_owned()).into_response()
}
