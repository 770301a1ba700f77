//! The real server killed under load: whatever it acknowledged is found afterwards, and the chains are whole.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::path::Path;
use std::thread;
use std::time::Duration;

use dictamen_tests::binary::call;
use dictamen_tests::http::Request;
use dictamen_tests::load::Load;
use dictamen_tests::project::root;
use dictamen_tests::server::Server;

fn server(data: &Path) -> Server {
    Server::start(data, &root().join("tests/golden/rulesets"), &["--log", "warn"])
}

/// Kills servers on one data directory, each after a while of its own; every acknowledged trace must be there at the end.
fn kill_again_and_again(kills: u32) {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut server = server(&data);
        let load = Load::start(server.address, 4);
        thread::sleep(Duration::from_millis(100 + u64::from(round * 37 % 300)));
        server.kill();
        let of_round = load.stop();
        assert!(!of_round.is_empty(), "round {round}: the server answered nothing");
        acknowledged.extend(of_round);
    }
    let last = server(&data);
    for trace in &acknowledged {
        let found = last.send(&Request::get(&format!("/v1/traces/{trace}")));
        assert_eq!(found.status, 200, "acknowledged trace {trace} is gone: {}", found.text());
    }
    assert_eq!(last.stop("TERM").code, 0);
    let report = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
    assert!(report["traces"].as_u64().unwrap() >= acknowledged.len() as u64);
    let chains = report["chains"]["chains"].as_array().unwrap().len();
    assert_eq!(chains, 1, "a kill is no damage: the chain goes on");
}

#[test]
fn ten_kills_under_load_lose_nothing_acknowledged() {
    kill_again_and_again(10);
}

#[test]
#[ignore = "long: make soak"]
fn a_hundred_kills_under_load_lose_nothing_acknowledged() {
    kill_again_and_again(100);
}
