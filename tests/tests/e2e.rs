//! The real binary from end to end: a stranger's first minutes, decisions with their traces, stops and what follows them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use dictamen_tests::binary::{call, call_with};
use dictamen_tests::http::Request;
use dictamen_tests::load::{self, Load, trace_id};
use dictamen_tests::project::root;
use dictamen_tests::server::Server;
use serde_json::{Value, json};

/// Rules that cost little.
fn small_rules() -> PathBuf {
    root().join("tests/golden/rulesets")
}

fn small_server(data: &Path) -> Server {
    Server::start(data, &small_rules(), &["--log", "warn"])
}

#[test]
fn the_line_that_the_greeting_offers_works_on_the_shipped_rules() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let server = Server::start(&data, &root().join("rulesets"), &[]);
    let line = server.greeting.lines().find(|line| line.trim_start().starts_with("curl ")).expect("a curl line");
    let output = Command::new("bash").args(["-c", line]).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).expect("curl prints JSON");
    assert!(!answer["outcome"].is_null(), "{answer}");
    let trace = answer["trace_id"].as_str().expect("a trace");
    let replayed = call(place.path(), ["replay", trace, "--data", "data"]).expect(0);
    assert!(replayed.out.contains(trace), "{}", replayed.text());
    assert_eq!(server.stop("TERM").code, 0);
}

#[test]
fn a_decision_is_found_by_its_trace_as_soon_as_it_is_answered() {
    let place = tempfile::tempdir().unwrap();
    let server = small_server(&place.path().join("data"));
    for divisor in 1..=20 {
        let trace = trace_id(&server.send(&load::request(divisor)));
        let found = server.send(&Request::get(&format!("/v1/traces/{trace}")));
        assert_eq!(found.status, 200, "{}", found.text());
        // Another process finds it too, while the server goes on.
        let replayed = call(place.path(), ["replay", &trace, "--data", "data", "--json"]).expect(0).json();
        assert_eq!(replayed["verdict"], "same");
    }
}

#[test]
fn all_traces_replay_while_a_server_is_under_load() {
    let place = tempfile::tempdir().unwrap();
    let server = small_server(&place.path().join("data"));
    let load = Load::start(server.address, 4);
    for round in 1..=5 {
        load.wait_for(10 * round);
        call(place.path(), ["replay", "--all", "--data", "data"]).expect(0);
    }
    let acknowledged = load.stop();
    let report = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
    assert_eq!(report["traces"], acknowledged.len());
    assert_eq!(report["same"], acknowledged.len());
}

#[test]
fn a_server_that_is_asked_to_stop_finishes_signs_and_exits_well() {
    for signal in ["TERM", "INT"] {
        let place = tempfile::tempdir().unwrap();
        let server = small_server(&place.path().join("data"));
        let load = Load::start(server.address, 4);
        load.wait_for(50);
        let stopped = server.stop(signal);
        let acknowledged = load.stop();
        assert_eq!(stopped.code, 0, "{}", stopped.text());
        let report = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
        let recorded = report["traces"].as_u64().unwrap();
        assert!(recorded >= acknowledged.len() as u64, "{recorded} traces, {} acknowledged", acknowledged.len());
        assert_eq!(report["chains"]["chains"][0]["sealed"], recorded, "the head covers the last trace");
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let _server = small_server(&data);
    let rules = small_rules();
    let second = ["serve", "--listen", "127.0.0.1:0", "--data", "data", "--rulesets", rules.to_str().unwrap()];
    let refused = call(place.path(), second).expect(2);
    assert!(refused.err.contains("data"), "{}", refused.text());
}

#[test]
fn a_port_that_is_taken_is_said_and_nothing_is_made() {
    let place = tempfile::tempdir().unwrap();
    let server = small_server(&place.path().join("data"));
    let (address, rules) = (server.address.to_string(), small_rules());
    let second = ["serve", "--listen", &address, "--data", "other", "--rulesets", rules.to_str().unwrap()];
    let refused = call(place.path(), second).expect(2);
    assert!(refused.err.contains(&address), "{}", refused.text());
    assert!(!place.path().join("other").exists());
}

#[test]
fn flags_are_taken_from_the_environment_too() {
    let place = tempfile::tempdir().unwrap();
    let rules = small_rules();
    let server = Server::start_with(
        &place.path().join("data"),
        &rules,
        &[],
        &[("DICTAMEN_MAX_BODY_BYTES", "40"), ("DICTAMEN_LANG", "en"), ("DICTAMEN_LOG_FORMAT", "json")],
    );
    assert!(server.greeting.contains("listens"), "{}", server.greeting);
    assert_eq!(server.send(&load::request(4)).status, 413);
    let stopped = server.stop("TERM");
    let logged = stopped.err.lines().filter(|line| line.starts_with('{')).map(serde_json::from_str::<Value>);
    assert!(logged.flatten().any(|line| line["status"] == 413), "{}", stopped.err);
}

#[test]
fn rows_are_evaluated_in_a_stream_and_each_is_answered() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..500).map(|number| format!("{{ \"divisor\": {} }}\n", number % 5)).collect();
    let rules = small_rules();
    let rules = rules.to_str().unwrap();
    let arguments = ["eval", rules, "cociente", "--data", "-", "--as-of", "2025-03-01"];
    let evaluated = call_with(place.path(), arguments, &[], rows.as_bytes()).expect(1);
    let answers: Vec<Value> = evaluated.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 500);
    assert_eq!(
        answers.iter().filter(|answer| answer["failure"]["code"] == "evaluacion.division-por-cero").count(),
        100
    );
    assert_eq!(answers[1], json!({ "line": 2, "outcome": 100 }));
}

#[test]
fn the_command_line_and_the_service_decide_alike() {
    let place = tempfile::tempdir().unwrap();
    let server = small_server(&place.path().join("data"));
    let rules = small_rules();
    for divisor in ["3", "7", "0.1", "1234567890.12345"] {
        let body = format!("{{ \"input\": {{ \"divisor\": {divisor} }}, \"as_of\": \"2025-03-01\" }}");
        let request = Request { body: body.into_bytes(), ..load::request(1) };
        let answered = server.send(&request).text();
        let arguments = ["eval", rules.to_str().unwrap(), "cociente", "--input", "-", "--as-of", "2025-03-01"];
        let input = format!("{{ \"divisor\": {divisor} }}");
        let evaluated = call_with(place.path(), arguments, &[], input.as_bytes()).expect(0);
        // As text: a JSON reader would round the digits away.
        assert!(answered.contains(&format!("\"outcome\":{}", evaluated.out.trim())), "{answered} {}", evaluated.out);
    }
}

#[test]
fn cases_that_fail_are_shown_and_the_last_line_counts_them() {
    let calls = root().join("tests/golden/calls");
    for language in ["es", "en"] {
        let tested = call(&calls, ["--lang", language, "test", "falla.regla"]).expect(1);
        assert_eq!(tested.out.lines().last(), Some("1 passed, 4 failed"), "{}", tested.text());
        for line in ["falla.regla:13:6", "falla.regla:17:6", "falla.regla:21:6", "falla.regla:25:6"] {
            assert!(tested.out.contains(line), "{line} is missing in\n{}", tested.out);
        }
    }
    let passing = call(&small_rules(), ["test", "errores.regla"]).expect(0);
    assert_eq!(passing.out, "1 passed, 0 failed\n");
}

#[test]
fn formatting_twice_changes_nothing_more_and_keywords_translate_there_and_back() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("errores.regla");
    fs::copy(small_rules().join("errores.regla"), &file).unwrap();
    call(place.path(), ["fmt", "errores.regla"]).expect(0);
    let once = fs::read_to_string(&file).unwrap();
    call(place.path(), ["fmt", "--check", "errores.regla"]).expect(0);
    call(place.path(), ["fmt", "--lang", "en", "errores.regla"]).expect(0);
    let english = fs::read_to_string(&file).unwrap();
    assert!(english.contains("\nrules prueba.errores") && !english.contains("reglas prueba.errores"), "{english}");
    call(place.path(), ["check", "errores.regla"]).expect(0);
    call(place.path(), ["fmt", "--lang", "es", "errores.regla"]).expect(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), once);
    let left = fs::read_dir(place.path()).unwrap().count();
    assert_eq!(left, 1, "formatting leaves nothing beside the file");
}

#[test]
fn files_without_canonical_layout_are_named_and_left_alone_when_checking() {
    let place = tempfile::tempdir().unwrap();
    let ugly = "reglas   prueba\ndecision a:numero=1+1\n";
    fs::write(place.path().join("fea.regla"), ugly).unwrap();
    let checked = call(place.path(), ["fmt", "--check", "fea.regla"]).expect(1);
    assert!(checked.out.contains("fea.regla"), "{}", checked.text());
    assert_eq!(fs::read_to_string(place.path().join("fea.regla")).unwrap(), ugly);
}

#[test]
fn every_stage_can_be_looked_at() {
    let rules = small_rules();
    for (stage, expected) in [("syntax", "cociente"), ("model", "cociente"), ("plan", "\"operations\"")] {
        let dumped = call(&rules, ["dump", "errores.regla", "--stage", stage]).expect(0);
        assert!(dumped.out.contains(expected), "{stage}: {}", dumped.out);
    }
}

#[test]
fn an_explanation_names_rows_cells_and_parameters() {
    let place = tempfile::tempdir().unwrap();
    let rules = small_rules();
    let arguments = ["eval", rules.to_str().unwrap(), "por_edad", "--input", "-", "--as-of", "2025-03-01", "--explain"];
    let explained = call_with(place.path(), arguments, &[], b"{ \"edad\": 30 }").expect(0);
    let text = fs::read_to_string(rules.join("errores.regla")).unwrap();
    let line = text.lines().position(|line| line.contains("[18..60]")).unwrap() + 1;
    for text in ["\"adulto\"", "< 18", "[60..70]", "edad = 30", &format!("errores.regla:{line}:")] {
        assert!(explained.out.contains(text), "{text} is missing in\n{}", explained.out);
    }
}

#[test]
fn clients_that_send_nothing_are_dropped_and_lock_nobody_out() {
    let place = tempfile::tempdir().unwrap();
    let flags = ["--max-connections", "2", "--max-request-ms", "500", "--log", "warn"];
    let server = Server::start(&place.path().join("data"), &small_rules(), &flags);
    let mut idle: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    idle[0].write_all(b"POST /v1/decisions/prueba.errores/cociente HTTP/1.1\r\nhost: ").unwrap();
    // Both places are taken: this waits until the idle ones are dropped.
    trace_id(&server.send(&load::request(4)));
    for client in &mut idle {
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut rest = Vec::new();
        assert!(client.read_to_end(&mut rest).is_ok(), "the connection was not closed");
    }
}

#[test]
fn more_requests_than_allowed_are_told_to_come_back() {
    let place = tempfile::tempdir().unwrap();
    let flags = ["--max-requests", "1", "--log", "warn"];
    let server = Server::start(&place.path().join("data"), &small_rules(), &flags);
    // A request whose body does not come keeps the only place.
    let mut slow = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{{",
        load::DECISION
    );
    slow.write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    let refused = server.send(&load::request(4));
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{}", refused.text());
    drop(slow);
    thread::sleep(Duration::from_millis(300));
    trace_id(&server.send(&load::request(4)));
}
