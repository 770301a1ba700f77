//! Letters over HTTP: text, page and JSON of one letter, and what comes where there is none.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use dictamen_decisions::http::HttpSettings;
use dictamen_decisions::{Catalogue, LoadLimits};
use serde_json::json;
use support::{Answered, Bench};

fn bench() -> Bench {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let catalogue = Catalogue::load(&[folder], &LoadLimits::default());
    assert_eq!(catalogue.error_count(), 0, "{:?}", catalogue.diagnostics());
    Bench::with(catalogue, HttpSettings::default())
}

/// The trace of a decision about somebody whose name is markup.
async fn trace(bench: &Bench, decision: &str) -> String {
    let body = json!({ "input": { "persona": { "nit": "<b>9</b>", "edad": 40 } } }).to_string();
    let answered = bench.post(&format!("/v1/decisions/prueba.cartas/{decision}"), &[], body).await;
    answered.json()["trace_id"].as_str().unwrap().to_owned()
}

async fn letter(bench: &Bench, trace: &str, accept: &str, language: &str) -> Answered {
    let request = Request::get(format!("/v1/traces/{trace}/letter"));
    let request = request.header("accept", accept).header("accept-language", language);
    bench.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_letter_comes_as_it_is_asked_for() {
    let bench = bench();
    let trace = trace(&bench, "mayor").await;
    for (accept, media) in [
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("image/png, text/plain;q=0.5", "text/plain; charset=utf-8"),
    ] {
        let answered = letter(&bench, &trace, accept, "es").await;
        assert_eq!(
            (answered.status.as_u16(), answered.headers["content-type"].to_str().unwrap()),
            (200, media),
            "{accept}"
        );
        assert_eq!(answered.headers["content-language"], "es");
        assert!(answered.text().contains("Usted es mayor de edad."), "{}", answered.text());
    }
    let json = letter(&bench, &trace, "application/json", "es").await.json();
    assert_eq!(json["trace_id"], trace.as_str());
    assert_eq!(json["decided"], json!(["Usted es mayor de edad."]));
    assert_eq!(
        json["reasons"],
        json!([{ "text": "Su edad llega a la mayoría de edad.", "legal_basis": "Ley 27/1977 art. 1" }])
    );
    let text = json["text"].as_str().unwrap();
    assert!(text.contains("Mayoría de edad: 18, desde el 1 de enero de 2024 (Ley 27/1977)"), "{text}");
    assert!(text.contains(&format!("NÚMERO DE ESTA DECISIÓN\n{trace}\n")), "{text}");
    assert_eq!(text, letter(&bench, &trace, "text/plain", "es").await.text(), "the text of the JSON is the text");
}

#[tokio::test]
async fn the_page_holds_together_and_runs_nothing() {
    let bench = bench();
    let trace = trace(&bench, "mayor").await;
    for (language, own) in [("es", "<ul>"), ("en", "<ul lang=\"es\">")] {
        let answered = letter(&bench, &trace, "text/html", language).await;
        let (html, policy) = (answered.text(), answered.headers["content-security-policy"].to_str().unwrap());
        assert!(html.starts_with(&format!("<!doctype html><html lang=\"{language}\">")), "{html}");
        assert!(html.contains(own), "what the ruleset wrote says its language: {html}");
        assert_eq!(html.matches("<h1").count(), 1, "one heading above the others");
        assert_eq!(html.matches("<h2 id=\"p").count(), html.matches("<section aria-labelledby=\"p").count());
        for name in html.split("aria-labelledby=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(html.contains(&format!("id=\"{name}\"")), "{name} names nothing");
        }
        assert!(html.contains("&lt;b&gt;9&lt;/b&gt;") && !html.contains("<b>") && !html.contains("<script"), "{html}");
        assert!(policy.contains("default-src 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn what_has_no_letter_says_why() {
    let bench = bench();
    let failed = trace(&bench, "carta_que_falla").await;
    let answered = letter(&bench, &failed, "text/plain", "es").await;
    assert_eq!(
        (answered.status.as_u16(), &answered.json()["code"]),
        (409, &"letter-failed".into()),
        "{}",
        answered.text()
    );
    let undecided = trace(&bench, "que_falla").await;
    let answered = letter(&bench, &undecided, "text/plain", "es").await;
    assert!(answered.text().contains("Todavía no pudimos decidir"), "{}", answered.text());
    let none = letter(&bench, "00000000-000000000001", "text/plain", "es").await;
    assert_eq!(none.status, 404, "{}", none.text());
    let no_id = letter(&bench, "x", "text/plain", "es").await;
    assert_eq!(no_id.status, 400, "{}", no_id.text());
}

#[tokio::test]
async fn letters_are_no_decisions_that_one_may_ask_for() {
    let bench = bench();
    for name in ["(carta%20mayor)", "carta%20mayor"] {
        let answered = bench.post(&format!("/v1/decisions/prueba.cartas/{name}"), &[], r#"{"input":{}}"#).await;
        assert_eq!(answered.status, 404, "{}", answered.text());
        assert!(answered.text().contains("mayor, carta_que_falla, que_falla"), "{}", answered.text());
    }
    assert!(!bench.get("/v1/openapi.json").await.text().contains("(carta"));
}
