//! Reads JSON bodies and says precisely what is wrong with one.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Of a number that is repeated in an error. Card numbers have 13 digits and more, accounts 9.
const LONGEST_NUMBER: usize = 8;

/// A JSON body; fields that nobody knows are ignored.
pub(super) struct Lenient<T>(pub(super) T);

/// A JSON body; fields that nobody knows are an error, since they are most likely misspelt.
pub(super) struct Strict<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Lenient<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes(request, state).await?;
        read(&bytes).map(|(value, _)| Self(value))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Strict<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = bytes(request, state).await?;
        let (value, unknown) = read(&bytes)?;
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

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Vec<String>), ApiError> {
    // Also an array that would be taken for the fields in their order.
    if let Some(is) = no_object(bytes) {
        let problem =
            format!("the body is {is}; a JSON object such as {{\"key\": \"value\"}} is needed");
        return Err(ApiError::invalid(problem));
    }
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
        let problem = shown(&in_json_words(&error));
        if error.is_eof() || error.is_syntax() {
            return ApiError::invalid(format!("the body is no JSON: {problem}"));
        }
        // Our own types begin their sentence with the name of the field.
        let named = problem.starts_with(path.rsplit('.').next().unwrap_or_default());
        ApiError::invalid(if path == "." || named {
            problem
        } else {
            format!("{}: {problem}", shown(&path))
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
    let Some((problem, wanted)) = problem.rsplit_once(", expected ") else {
        return problem.to_owned();
    };
    let wanted = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "a sequence" => "an array",
        wanted if wanted.starts_with("struct ") => "an object",
        wanted => wanted,
    };
    format!("{problem}, expected {wanted}")
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
mod tests {
    use super::*;
    use toss_checkout_contract::ConfirmRequest;

    fn problem(body: &str) -> String {
        let problem = read::<ConfirmRequest>(body.as_bytes()).unwrap_err();
        format!("{problem:?}")
    }

    #[test]
    fn no_long_number_is_repeated() {
        assert_eq!(
            shown("integer `9410001234567890`, 12345678"),
            "integer `…`, 12345678"
        );
        assert_eq!(shown("a\nb 123456789"), "ab …");
        assert_eq!(shown(&"x".repeat(300)).len(), 200);
    }

    #[test]
    fn what_is_wanted_is_said_in_the_words_of_json() {
        #[derive(Debug, serde::Deserialize)]
        struct Inner {
            #[expect(dead_code, reason = "it is only read")]
            count: u32,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[expect(dead_code, reason = "it is only read")]
            inner: Vec<Inner>,
        }
        for (body, says) in [
            (
                r#"{"inner":{}}"#,
                "inner: invalid type: map, expected an array",
            ),
            (
                r#"{"inner":["month"]}"#,
                "inner[0]: invalid type: string \\\"month\\\", expected an object",
            ),
            (
                r#"{"inner":[{"count":-1}]}"#,
                "inner[0].count: invalid value: integer `-1`, expected a whole number, not negative",
            ),
        ] {
            let problem = format!("{:?}", read::<Outer>(body.as_bytes()).unwrap_err());
            assert!(problem.contains(says), "{body} -> {problem}");
        }
    }

    #[test]
    fn the_field_and_the_problem_are_named() {
        for (body, says) in [
            ("{", "the body is no JSON: EOF while parsing"),
            (r#"{"paymentKey":}"#, "the body is no JSON: expected value"),
            ("", "the body is empty; a JSON object such as"),
            ("null", "the body is null"),
            ("<x>", "the body is no JSON; a JSON object such as"),
            (" [1]", "the body is a JSON array; a JSON object such as"),
            ("\"x\"", "the body is a JSON string"),
            ("-1", "the body is a number"),
            ("true", "the body is true or false"),
            ("{}", "missing field `paymentKey`"),
            (r#"{"paymentKey":1}"#, "paymentKey: invalid type"),
            (r#"{"paymentKey":""}"#, "paymentKey is empty"),
            (
                r#"{"paymentKey":"a","orderId":"a"}"#,
                "orderId has 1 characters",
            ),
            (
                r#"{"paymentKey":"a","orderId":"order-1","amount":"1"}"#,
                "amount: invalid type",
            ),
            (
                r#"{"paymentKey":"a","orderId":"order-1","amount":1} x"#,
                "text after the JSON body",
            ),
        ] {
            let problem = problem(body);
            assert!(problem.contains(says), "{body} -> {problem}");
            assert!(!problem.contains(" at line "), "{problem}");
        }
    }
}
