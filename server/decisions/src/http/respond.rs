//! Bodies of responses: JSON, text and pages.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dictamen_value::Language;
use serde::Serialize;

/// A response of a media type.
pub(super) fn body(content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// JSON with a status.
pub(super) fn json_with(status: StatusCode, value: &impl Serialize) -> Response {
    let mut response = body("application/json", serde_json::to_vec(value).unwrap_or_default());
    *response.status_mut() = status;
    response
}

/// JSON.
pub(super) fn json(value: &impl Serialize) -> Response {
    json_with(StatusCode::OK, value)
}

/// Text for people, in a language.
pub(super) fn text(language: Language, text: String) -> Response {
    in_language(language, body("text/plain; charset=utf-8", text))
}

/// A page, in a language; it may load and run nothing.
pub(super) fn page(language: Language, html: impl Into<Body>) -> Response {
    let mut response = in_language(language, body("text/html; charset=utf-8", html));
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The same response, said to be in a language.
pub(super) fn in_language(language: Language, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    response
}
