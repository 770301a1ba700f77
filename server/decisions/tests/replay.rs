//! Replay: the same bytes from the log of a running server, and what tampering and purging look like.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::path::Path;

use dictamen_decisions::replay::{ReplayReport, Replayer, Verdict};
use dictamen_platform::store::embedded::ReadOnly;
use dictamen_platform::store::{ObjectReader, TraceId, Trust};
use support::Bench;

const ANA: &str = r#"{"input":{"cliente":{"nombre":"Ana","clase":"socio","compras":220000,"antiguedad":3}}}"#;
const LUIS: &str = r#"{"input":{"cliente":{"nombre":"Luis","clase":"visitante","compras":1150,"antiguedad":0}}}"#;

async fn three_decisions(bench: &Bench) -> Vec<TraceId> {
    let mut ids = Vec::new();
    for body in [ANA, LUIS, ANA] {
        let answered = bench.post("/v1/decisions/taller.descuento/rebaja", &[], body).await;
        ids.push(answered.json()["trace_id"].as_str().unwrap().parse().unwrap());
    }
    ids
}

fn replay_all(directory: &Path) -> ReplayReport {
    let store = ReadOnly::open(directory).unwrap();
    let mut told = 0;
    let report = Replayer::new(&store, &store).replay_all(&Trust::default(), &mut |_| told += 1).unwrap();
    assert!(told > 0, "progress is told");
    report
}

fn summary(report: &ReplayReport) -> (u64, u64, u64, Vec<&'static str>) {
    (report.traces, report.same, report.purged, report.problems.iter().map(|(_, problem)| problem.code).collect())
}

#[tokio::test]
async fn a_log_replays_to_the_same_bytes_while_the_server_writes() {
    let bench = Bench::new();
    three_decisions(&bench).await;
    let batch = format!("{ANA}\n{LUIS}\n{ANA}\n");
    bench.post("/v1/decisions/taller.descuento/rebaja:batch", &[("content-type", "application/x-ndjson")], batch).await;
    let report = replay_all(bench.directory.path());
    assert_eq!(summary(&report), (6, 6, 0, vec![]));
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test]
async fn a_purged_payload_is_told_of_and_the_chain_still_holds() {
    let bench = Bench::new();
    let ids = three_decisions(&bench).await;
    bench.store.traces().purge(&ids[1], "auditora", "a test").unwrap();
    let report = replay_all(bench.directory.path());
    assert_eq!(summary(&report), (3, 2, 1, vec![]));
    assert!(report.is_clean());
    let answered = bench.post(&format!("/v1/traces/{}/replay", ids[1]), &[], "").await;
    assert_eq!((answered.status.as_u16(), &answered.json()["purged"]), (200, &true.into()));
    assert_eq!(bench.get(&format!("/v1/traces/{}/explanation", ids[1])).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_missing_or_changed_object_is_named() {
    let bench = Bench::new();
    three_decisions(&bench).await;
    let plan =
        objects(bench.directory.path()).into_iter().max_by_key(|path| std::fs::metadata(path).unwrap().len()).unwrap();
    let bytes = std::fs::read(&plan).unwrap();
    make_writable(&plan);
    std::fs::write(&plan, String::from_utf8(bytes).unwrap().replace("socio", "sucio")).unwrap();
    assert_eq!(summary(&replay_all(bench.directory.path())), (3, 0, 0, vec!["object-damaged"; 3]));
    std::fs::remove_file(&plan).unwrap();
    assert_eq!(summary(&replay_all(bench.directory.path())), (3, 0, 0, vec!["object-missing"; 3]));
}

#[tokio::test]
async fn a_trace_that_tells_of_another_outcome_is_named() {
    let bench = Bench::new();
    let ids = three_decisions(&bench).await;
    let traces = bench.store.traces();
    let payload = match traces.get(&ids[0]).unwrap().unwrap().payload {
        dictamen_platform::store::Payload::Present(payload) => String::from_utf8(payload).unwrap(),
        other => panic!("{other:?}"),
    };
    let forged = payload.replace("220000", "22000");
    let forged = traces.append(forged.into_bytes()).await.unwrap();
    let strange = traces.append(b"{}".to_vec()).await.unwrap();
    let objects = bench.store.objects();
    let replayer = Replayer::new(&*traces, &*objects);
    for (id, code) in [(ids[0], "same"), (forged, "outcome-differs"), (strange, "unreadable")] {
        let found = match replayer.replay(&id).unwrap().unwrap().verdict {
            Verdict::Same => "same",
            Verdict::Problem(problem) => problem.code,
            Verdict::Purged { .. } => "purged",
            Verdict::Batch { .. } => "batch",
        };
        assert_eq!(found, code);
    }
    assert!(replayer.replay(&ids[0].following(1_000)).unwrap().is_none());
}

#[tokio::test]
async fn bytes_changed_on_the_disk_break_the_chain_and_are_named() {
    let bench = Bench::new();
    let ids = three_decisions(&bench).await;
    let segment = files(&bench.directory.path().join("traces")).into_iter().next().unwrap();
    let bytes = std::fs::read(&segment).unwrap();
    let at = bytes.windows(3).position(|window| window == b"Ana").unwrap();
    let mut changed = bytes;
    changed[at] = b'E';
    make_writable(&segment);
    std::fs::write(&segment, changed).unwrap();
    let report = replay_all(bench.directory.path());
    assert!(!report.is_clean() && !report.chains.is_clean());
    assert!(
        report.problems.iter().any(|(id, problem)| *id == Some(ids[0]) && problem.code == "trace-damaged"),
        "{report:?}"
    );
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn objects(directory: &Path) -> Vec<std::path::PathBuf> {
    let store = ReadOnly::open(directory).unwrap();
    assert!(!ObjectReader::list(&store).unwrap().is_empty());
    files(&directory.join("objects"))
}

fn make_writable(path: &Path) {
    let mut permissions = std::fs::metadata(path).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "a file of this test")]
    permissions.set_readonly(false);
    std::fs::set_permissions(path, permissions).unwrap();
}
