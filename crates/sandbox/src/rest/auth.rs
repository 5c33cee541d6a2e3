//! Basic authentication with its failures.
//! Source: <https://docs.tosspayments.com/reference/using-api/authorization>.

use axum::http::{HeaderMap, header};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use toss_model::ErrorCode;

/// Takes the secret key out of `Authorization: Basic base64("{secretKey}:")`.
///
/// Unpadded base64 is taken too: a published Rust client sends it.
///
/// # Errors
/// `UNAUTHORIZED_KEY` when there is none or it cannot be read, `INCORRECT_BASIC_AUTH_FORMAT` when the
/// colon is missing.
pub(super) fn secret_key(headers: &HeaderMap) -> Result<String, ErrorCode> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or(ErrorCode::UnauthorizedKey)?;
    let (scheme, encoded) = value
        .trim()
        .split_once(' ')
        .ok_or(ErrorCode::UnauthorizedKey)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(ErrorCode::UnauthorizedKey);
    }
    let encoded = encoded.trim();
    let bytes = STANDARD
        .decode(encoded)
        .or_else(|_| STANDARD_NO_PAD.decode(encoded))
        .map_err(|_| ErrorCode::UnauthorizedKey)?;
    let text = String::from_utf8(bytes).map_err(|_| ErrorCode::UnauthorizedKey)?;
    match text.split_once(':') {
        Some((key, "")) => Ok(key.to_owned()),
        Some(_) => Err(ErrorCode::UnauthorizedKey),
        None => Err(ErrorCode::IncorrectBasicAuthFormat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<String, ErrorCode> {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value.parse().unwrap());
        secret_key(&headers)
    }

    #[test]
    fn the_documented_header_is_read() {
        let documented = "Basic dGVzdF9za196WExrS0V5cE5BcldtbzUwblgzbG1lYXhZRzVSOg==";
        let key = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
        assert_eq!(read(documented), Ok(key.to_owned()));
        assert_eq!(read(documented.trim_end_matches('=')), Ok(key.to_owned()));
        assert_eq!(
            read(&documented.replace("Basic", "basic ")),
            Ok(key.to_owned())
        );
    }

    #[test]
    fn each_mistake_has_its_code() {
        assert_eq!(
            secret_key(&HeaderMap::new()),
            Err(ErrorCode::UnauthorizedKey)
        );
        // Forgot the colon.
        assert_eq!(
            read(&format!("Basic {}", STANDARD.encode("test_sk_abc"))),
            Err(ErrorCode::IncorrectBasicAuthFormat)
        );
        for bad in [
            "Bearer abc".to_owned(),
            "Basic".to_owned(),
            "Basic !!!".to_owned(),
            format!("Basic {}", STANDARD.encode("test_sk_abc:password")),
            format!("Basic {}", STANDARD.encode([0xff, 0xfe, b':'])),
        ] {
            assert_eq!(read(&bad), Err(ErrorCode::UnauthorizedKey), "{bad}");
        }
    }
}
