//! Requests that come by different ways get the same: paths as they are and with escapes, bodies with facts alone and with more.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use serde_json::Value;
use support::{Answered, Bench};

/// A path that is answered at once, and one that has to be decoded first.
const PATHS: [&str; 2] = ["/v1/decisions/taller.descuento/rebaja", "/v1/decisions/taller.descuento/re%62aja"];

/// What is told, but for the name of the trace, with headers.
fn told(answered: &Answered) -> (u16, Value, Vec<(String, String)>) {
    let mut body = answered.json();
    if let Some(members) = body.as_object_mut() {
        members.remove("trace_id");
    }
    // The length is added by whoever writes the response to a connection, and by routes already before.
    let own = |name: &str| !["x-request-id", "content-length"].contains(&name);
    let headers = answered.headers.iter().filter(|(name, _)| own(name.as_str()));
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    (answered.status.as_u16(), body, headers)
}

#[tokio::test]
async fn a_path_with_an_escape_is_answered_as_the_plain_one() {
    let bench = Bench::new();
    for body in [
        r#"{"input":{"puntos":12},"as_of":"2025-12-31"}"#,
        r#"{"input":{"puntos":"doce"}}"#,
        r#"{"input":{"puntos":12},"explain":true,"as_of":"2025-12-31"}"#,
        "{",
    ] {
        let plain = bench.post(PATHS[0], &[("accept-language", "en")], body).await;
        let escaped = bench.post(PATHS[1], &[("accept-language", "en")], body).await;
        assert_eq!(told(&plain), told(&escaped), "{body}");
        assert!(plain.headers.contains_key("x-request-id") && escaped.headers.contains_key("x-request-id"));
    }
    let traces = bench.store.traces().last().unwrap().seq;
    assert_eq!(traces, 4, "what was decided left a trace, by both ways");
}

#[tokio::test]
async fn facts_alone_are_refused_as_facts_with_more() {
    let bench = Bench::new();
    for facts in [
        r#"{"puntos":}"#,
        r#"{"puntos":12,}"#,
        r#"{"puntos":012}"#,
        r#"{"puntos":12 "x":1}"#,
        r#"{"puntos":nada}"#,
        r#"{puntos:12}"#,
        r#"{"puntos":"a\q"}"#,
        "{\"puntos\":\"a\u{1}\"}",
        r#"{"puntos":12,"otro":1}"#,
        r#"{"puntos":12,"puntos":12}"#,
        r#"{}"#,
        r#"{"puntos":[[[{}]]]}"#,
    ] {
        let alone = bench.post(PATHS[0], &[], format!("{{\"input\":{facts}}}")).await;
        // Another member behind it, so that places within the facts stay the same.
        let more = bench.post(PATHS[0], &[], format!("{{\"input\":{facts},\"explain\":false}}")).await;
        assert!(alone.status.is_client_error(), "{facts}");
        assert_eq!(told(&alone), told(&more), "{facts}");
    }
    for path in ["/v1/decisions/no.hay/rebaja", "/v1/decisions/taller.descuento/nada"] {
        let malformed = bench.post(path, &[], r#"{"input":{"puntos":}}"#).await;
        assert_eq!(malformed.status.as_u16(), 400, "what is wrong with the body comes first");
    }
    assert!(bench.store.traces().last().is_none(), "what is refused leaves no trace");
}
