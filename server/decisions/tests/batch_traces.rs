//! Batches with one trace: its root is that of the rows, and whoever has the facts replays any of them by the manifest.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use dictamen_batch::{BatchEvaluator, Hears, Question, Rows};
use dictamen_decisions::batches::{Manifest, Tree, leaf};
use dictamen_decisions::http::{BatchSettings, HttpSettings};
use dictamen_decisions::replay::{Replayer, Verdict};
use dictamen_decisions::{Catalogue, LoadLimits};
use dictamen_platform::store::Trust;
use serde_json::Value;
use support::{Answered, Bench};

const PATH: &str = "/v1/decisions/taller.descuento/rebaja:batch?trace=batch&as_of=2025-12-31";

fn facts(count: u32) -> String {
    let row = |puntos: u32| match puntos % 10 {
        7 => "{\"puntos\": \"siete\"}\n".to_owned(),
        _ => format!("{{\"puntos\":{puntos}}}\n"),
    };
    (0..count).map(row).collect()
}

async fn send(bench: &Bench, path: &str, body: String) -> Answered {
    bench.post(path, &[("content-type", "application/x-ndjson")], body).await
}

fn documents(answered: &Answered) -> Vec<Value> {
    answered.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The root over what the manifest's plan decides for rows.
fn root_of(manifest: &Manifest, facts: &str) -> dictamen_decisions::batches::Hash {
    let ready = manifest.restore().unwrap();
    let decision = ready.find_decision(&manifest.head.decision).unwrap();
    let question = Question {
        plan: &ready.plan,
        parameters: &ready.parameters,
        decision,
        as_of: manifest.head.as_of,
        known_at: manifest.head.known_at,
        limits: manifest.head.limits,
    };
    let lines: Vec<(u64, &[u8])> = (1..).zip(facts.lines().map(str::as_bytes)).collect();
    let (mut tree, mut room) = (Tree::default(), Vec::new());
    let evaluator = BatchEvaluator::new(question, None, Hears::All);
    evaluator.evaluate(Rows::Lines(&lines), |row| tree.push(leaf(row, &mut room))).unwrap();
    Manifest::of(&ready, &manifest.head.decision, manifest.day(), manifest.head.limits, tree).unwrap().head.root
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_is_left_for_all_rows_and_any_can_be_replayed() {
    let bench = Bench::new();
    let facts = facts(10_000);
    let answered = send(&bench, PATH, facts.clone()).await;
    assert_eq!(answered.status, StatusCode::OK);
    let documents = documents(&answered);
    assert_eq!(documents.len(), 10_001);
    assert!(documents[..10_000].iter().all(|line| line.get("trace_id").is_none()));
    assert_eq!(documents[7]["problem"]["line"], 8);
    let last = &documents[10_000]["batch"];
    assert_eq!((&last["rows"], &last["decided"], &last["refused"]), (&10_000.into(), &9_000.into(), &1_000.into()));
    assert_eq!(bench.store.traces().last().unwrap().seq, 1, "one trace");

    let id = last["trace_id"].as_str().unwrap();
    let alone = send(
        &bench,
        "/v1/decisions/taller.descuento/rebaja:batch",
        "{\"input\":{\"puntos\":4},\"as_of\":\"2025-12-31\"}".into(),
    )
    .await;
    assert_eq!(documents[4]["outcome"], self::documents(&alone)[0]["outcome"], "as each line by itself");
    let auditor = bench.again_with_roles(&["decisiones", "auditoria"]);
    let manifest = support::get_from(&auditor, &format!("/v1/traces/{id}/manifest")).await;
    let manifest = Manifest::read(&manifest.body).unwrap();
    assert_eq!(manifest.head.root.to_string(), last["root"].as_str().unwrap());
    assert_eq!(root_of(&manifest, &facts), manifest.head.root);
    assert_ne!(root_of(&manifest, &facts.replacen("{\"puntos\":4}", "{\"puntos\":5}", 1)), manifest.head.root);
    let refused = bench.get(&format!("/v1/traces/{id}/manifest")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "it has what is reserved, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_of_a_batch_is_told_and_checked_as_what_it_is() {
    let bench = Bench::new();
    let answered = send(&bench, PATH, facts(3)).await;
    let id = documents(&answered)[3]["batch"]["trace_id"].as_str().unwrap().to_owned();
    let told = bench.get(&format!("/v1/traces/{id}")).await.json();
    assert_eq!(
        (&told["payload"]["head"]["kind"], &told["payload"]["head"]["rows"]["decided"]),
        (&"batch".into(), &3.into())
    );
    let replayed = send(&bench, &format!("/v1/traces/{id}/replay"), String::new()).await.json();
    assert_eq!((&replayed["batch"], &replayed["rows"]), (&true.into(), &3.into()));
    let explained = bench.get(&format!("/v1/traces/{id}/explanation")).await;
    assert_eq!(explained.status, StatusCode::CONFLICT);
    assert!(explained.text().contains("replay --batch"), "{}", explained.text());

    let (traces, objects) = (bench.store.traces(), bench.store.objects());
    let report = Replayer::new(&*traces, &*objects).replay_all(&Trust::default(), &mut |_| {}).unwrap();
    assert!(report.is_clean() && report.batches == 1 && report.traces == 1, "{report:?}");
    let payload = serde_json::to_vec(&told["payload"]).unwrap();
    let forged = String::from_utf8(payload).unwrap().replace("\"decided\":3", "\"decided\":9000");
    let forged = traces.append(forged.into_bytes()).await.unwrap();
    let verdict = Replayer::new(&*traces, &*objects).replay(&forged).unwrap().unwrap().verdict;
    assert!(matches!(verdict, Verdict::Problem(_)), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_batch_leaves_no_trace() {
    let batch = BatchSettings { line_bytes_max: 64, lines_max: 50, ..BatchSettings::default() };
    let catalogue = Catalogue::load(&[support::rulesets()], &LoadLimits::default());
    let bench = Bench::with(catalogue, HttpSettings { batch, ..HttpSettings::default() });
    let none = format!("{{\"puntos\":1}}\n{{\"puntos\":{}}}\n", "1".repeat(80));
    for (body, named) in [(none, "64 bytes"), (facts(60), "50 líneas")] {
        let answered = send(&bench, PATH, body).await;
        let documents = documents(&answered);
        let last = &documents[documents.len() - 1]["problem"];
        assert!(last["status"] == 413 && last["detail"].as_str().unwrap().contains(named), "{last}");
    }
    let base = "/v1/decisions/taller.descuento/rebaja:batch";
    for (query, status, names) in [
        ("?trace=none", 400, "trace"),
        ("?trace=batch&as_of=ayer", 400, "as_of"),
        ("?trace=batch&dia=2025-12-31", 400, "dia"),
        ("?trace=batch&version=no", 404, "no"),
    ] {
        let answered = send(&bench, &format!("{base}{query}"), facts(1)).await;
        assert_eq!(answered.status.as_u16(), status, "{query}: {}", answered.text());
        assert!(answered.text().contains(names), "{query}: {}", answered.text());
    }
    let keyed = [("content-type", "application/x-ndjson"), ("idempotency-key", "k1")];
    assert_eq!(bench.post(PATH, &keyed, facts(1)).await.status.as_u16(), 400);
    assert!(bench.store.traces().last().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_leaves_no_trace() {
    let catalogue = Catalogue::load(&[support::rulesets()], &LoadLimits::default());
    let bench =
        Bench::with(catalogue, HttpSettings { body_idle: Duration::from_millis(50), ..HttpSettings::default() });
    let body = support::pausing_body(&["{\"puntos\":1}\n{\"puntos\":2}\n", "{\"pun"]);
    let answered = bench.post(PATH, &[("content-type", "application/x-ndjson")], body).await;
    let documents = documents(&answered);
    assert_eq!((documents.len(), &documents[2]["problem"]["status"]), (3, &408.into()), "{documents:?}");
    assert!(bench.store.traces().last().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_batch_has_a_trace_of_no_rows() {
    let bench = Bench::new();
    let documents = documents(&send(&bench, PATH, "\n\n".to_owned()).await);
    assert_eq!((documents.len(), &documents[0]["batch"]["rows"]), (1, &0.into()));
}
