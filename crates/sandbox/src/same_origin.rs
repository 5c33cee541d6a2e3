//! Nobody but the person at this machine presses the buttons.

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

/// Refuses requests that a browser makes for a page of another site: a page that happens to be open
/// must not reset the sandbox. Requests without `Origin`, such as those of tests, pass.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_same_origin(&request) {
        next.run(request).await
    } else {
        let text = "the sandbox's controls take no requests from pages of other sites";
        (StatusCode::FORBIDDEN, text).into_response()
    }
}

fn is_same_origin(request: &Request) -> bool {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let Some(origin) = header(header::ORIGIN) else {
        return true;
    };
    let Some(host) = header(header::HOST) else {
        return false;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    let authority = match (origin.host_str(), origin.port()) {
        (Some(name), Some(port)) => format!("{name}:{port}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => return false,
    };
    authority.eq_ignore_ascii_case(host)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(host: &str, origin: Option<&str>) -> Request {
        let mut builder = Request::builder().method("POST").header("host", host);
        if let Some(origin) = origin {
            builder = builder.header("origin", origin);
        }
        builder.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_its_own_pages_and_programs_may_press_buttons() {
        let host = "127.0.0.1:8090";
        assert!(is_same_origin(&request(host, None)));
        assert!(is_same_origin(&request(
            host,
            Some("http://127.0.0.1:8090")
        )));
        for other in [
            "null",
            "http://127.0.0.1:8080",
            "http://evil.example",
            "http://127.0.0.1",
            "",
        ] {
            assert!(!is_same_origin(&request(host, Some(other))), "{other}");
        }
    }
}
