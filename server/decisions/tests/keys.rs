//! Idempotency keys: one request at a time, kept through a restart, forgotten when old.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::time::Duration;

use dictamen_decisions::port::{Claim, Key};
use dictamen_plan::Digest;
use support::Bench;

const PATH: &str = "/v1/decisions/taller.descuento/rebaja";
const BODY: &str = r#"{"input":{"puntos":3},"as_of":"2025-12-31"}"#;

async fn ask(bench: &Bench) -> (u16, String) {
    let answered = bench.post(PATH, &[("idempotency-key", "k")], BODY).await;
    (answered.status.as_u16(), answered.text())
}

#[tokio::test]
async fn a_key_in_use_is_a_conflict() {
    let bench = Bench::new();
    let key = Key::new("desarrollo", PATH, "k", 0);
    let claim = bench.decisions.keys().claim(key, Digest::of(BODY.as_bytes())).unwrap();
    assert!(matches!(claim, Claim::Fresh(_)));
    assert_eq!(ask(&bench).await.0, 409);
    drop(claim);
    assert_eq!(ask(&bench).await.0, 200);
}

#[tokio::test]
async fn a_key_of_another_principal_or_path_is_another_key() {
    let keys = [
        Key::new("a", "/p", "k", 0),
        Key::new("b", "/p", "k", 0),
        Key::new("a", "/q", "k", 0),
        Key::new("a", "/p", "l", 0),
        Key::new("a", "/p", "k", 1),
        Key::new("a/", "p", "k", 0),
    ];
    for (position, key) in keys.iter().enumerate() {
        assert!(!keys[..position].contains(key), "{position}");
    }
}

#[tokio::test]
async fn old_responses_are_forgotten() {
    let bench = Bench::new();
    let first = ask(&bench).await;
    assert_eq!(ask(&bench).await, first);
    let keys = bench.decisions.keys();
    assert_eq!(keys.forget_old().await.unwrap(), 0);
    bench.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    assert_ne!(ask(&bench).await, first, "an old response is not given again");
    bench.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    assert_eq!(keys.forget_old().await.unwrap(), 1);
    assert_eq!(keys.forget_old().await.unwrap(), 0);
}

#[tokio::test]
async fn a_request_that_was_refused_does_not_use_its_key_up() {
    let bench = Bench::new();
    let refused =
        bench.post(PATH, &[("idempotency-key", "k")], r#"{"input":{"puntos":"x"},"as_of":"2025-12-31"}"#).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert_eq!(ask(&bench).await.0, 200);
}

#[tokio::test]
async fn a_client_that_leaves_finds_its_answer_when_it_comes_back() {
    let bench = Bench::new();
    let mut left = Box::pin(ask(&bench));
    // The request is begun, and nobody waits for its answer.
    let begun = std::future::poll_fn(|context| std::task::Poll::Ready(left.as_mut().poll(context).is_pending()));
    assert!(begun.await);
    drop(left);
    let mut answers = Vec::new();
    while answers.len() < 2 {
        let (status, text) = ask(&bench).await;
        match status {
            200 => answers.push(text),
            status => assert_eq!(status, 409),
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(bench.store.traces().last().unwrap().seq, 1, "one key, one trace");
}
