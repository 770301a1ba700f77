//! The language a client asked for, from `Accept-Language`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use dictamen_value::Language;

/// An axum extractor: the first of our languages that `Accept-Language` asks for; Spanish where it asks for neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted(pub Language);

impl Accepted {
    /// The language that a request's headers ask for.
    pub fn from_headers(headers: &HeaderMap) -> Accepted {
        let tag = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Accepted(Language::from_tag(tag))
    }
}

impl<S: Sync> FromRequestParts<S> for Accepted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Accepted, Infallible> {
        Ok(Accepted::from_headers(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[tokio::test]
    async fn headers_choose_the_language() {
        for (tag, expected) in
            [(None, Language::Es), (Some("en-US"), Language::En), (Some("fr, es;q=0.5"), Language::Es)]
        {
            let mut request = Request::builder();
            if let Some(tag) = tag {
                request = request.header("accept-language", tag);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(Accepted::from_request_parts(&mut parts, &()).await, Ok(Accepted(expected)));
        }
    }
}
