//! Reads JSON bodies and says precisely what is wrong with one.

mod types;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::{described::Described, error::ApiError};

/// Of a number that is repeated in an error. Card numbers have 13 digits and more, accounts 9.
const LONGEST_NUMBER: usize = 8;

/// A JSON body; fields that nobody knows are ignored.
pub(super) struct Lenient<T>(pub(super) T);

/// A JSON body; fields that nobody knows are an error, since they are most likely misspelt.
pub(super) struct Strict<T>(pub(super) T);

impl<T: DeserializeOwned + ToSchema, S: Send + Sync> FromRequest<S> for Lenient<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let described = Described::of(request.extensions());
        let bytes = bytes(request, state).await?;
        read(&bytes, &described?).map(|(value, _)| Self(value))
    }
}

impl<T: DeserializeOwned + ToSchema, S: Send + Sync> FromRequest<S> for Strict<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let described = Described::of(request.extensions());
        let bytes = bytes(request, state).await?;
        let (value, unknown) = read(&bytes, &described?)?;
        match unknown.first() {
            None => Ok(Self(value)),
            Some(field) => Err(ApiError::invalid(format!(
                "{} is not a field of this call",
                shown(field)
            ))),
        }
    }
}

/// A body of any type, as it came.
pub(super) struct Raw(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        whole(request, state).await.map(Self)
    }
}

/// The request without its body, and the body.
pub(super) async fn split(request: Request) -> Result<(Parts, Bytes), ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = whole(Request::from_parts(parts.clone(), body), &()).await?;
    Ok((parts, bytes))
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    // A page of another site can send other types without asking first; JSON it cannot.
    if !is_json(request.headers()) {
        return Err(ApiError::invalid("Content-Type must be application/json"));
    }
    whole(request, state).await
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| ApiError::of_body(&rejection))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn read<T: DeserializeOwned + ToSchema>(
    bytes: &[u8],
    described: &Described,
) -> Result<(T, Vec<String>), ApiError> {
    if let Some(is) = no_object(bytes) {
        let problem =
            format!("the body is {is}; a JSON object such as {{\"key\": \"value\"}} is needed");
        return Err(ApiError::invalid(problem));
    }
    let (body, _) = parse::<Value>(bytes)?;
    let schemas = described.schemas();
    if let Some(problem) = types::problem(schemas, &schemas[&*T::name()], &body) {
        return Err(ApiError::invalid(problem));
    }
    // Not from the value, in which a field that comes twice is there once.
    parse(bytes)
}

/// The body, and the fields that nobody knows.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Vec<String>), ApiError> {
    let mut unknown = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = {
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        serde_ignored::deserialize(tracked, |path| {
            // An optional value is a step of the path, written as a question mark.
            unknown.push(path.to_string().replace(".?", ""));
        })
    };
    let value = read.map_err(|error: serde_json::Error| {
        let path = track.path().to_string();
        // What is unknown of a path is a question mark; all of the body is a dot.
        let path = path.trim_end_matches(['.', '?']);
        let problem = shown(&in_json_words(&error));
        // Our own types begin their sentence with the name of the field.
        let named = problem.starts_with(path.rsplit('.').next().unwrap_or_default());
        let problem = if path.is_empty() || named {
            problem
        } else {
            format!("{}: {problem}", shown(path))
        };
        ApiError::invalid(if error.is_eof() || error.is_syntax() {
            format!("the body cannot be read as JSON: {problem}")
        } else {
            problem
        })
    })?;
    json.end()
        .map_err(|_| ApiError::invalid("there is text after the JSON body"))?;
    Ok((value, unknown))
}

/// What a body is that is no object.
fn no_object(bytes: &[u8]) -> Option<&'static str> {
    match bytes.trim_ascii_start().first() {
        None => Some("empty"),
        Some(b'{') => None,
        Some(b'[') => Some("a JSON array"),
        Some(b'"') => Some("a JSON string"),
        Some(b'-' | b'0'..=b'9') => Some("a number"),
        Some(b't' | b'f') => Some("true or false"),
        Some(b'n') => Some("null"),
        Some(_) => Some("no JSON"),
    }
}

/// Without the position, which the path tells better, and with the names of JSON for those of Rust.
fn in_json_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let problem = text.split(" at line ").next().unwrap_or_default();
    match problem.rsplit_once(", expected ") {
        Some((problem, "u8" | "u16" | "u32" | "u64" | "usize")) => {
            format!("{problem}, expected a whole number, not negative")
        }
        _ => problem.to_owned(),
    }
}

/// What came from outside is cut before it is repeated, and long numbers, which may be those of a card or an
/// account, are left out.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    let end = std::iter::once('\0');
    for c in text.chars().take(200).chain(end) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        shown.push_str(if digits.len() > LONGEST_NUMBER {
            "…"
        } else {
            &digits
        });
        digits.clear();
        shown.extend(Some(c).filter(|c| !c.is_control()));
    }
    shown
}

#[cfg(test)]
mod tests;
