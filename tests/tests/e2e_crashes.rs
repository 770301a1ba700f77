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

use dictamen_tests::binary::call;
use dictamen_tests::http::Request;
use dictamen_tests::load::Load;
use dictamen_tests::powercut;
use dictamen_tests::project::{is_soak, root};
use dictamen_tests::server::Server;

fn server(data: &Path) -> Server {
    server_with(data, &[])
}

fn server_with(data: &Path, variables: &[(&str, String)]) -> Server {
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Server::start_with(data, &root().join("tests/golden/rulesets"), &["--log", "warn"], &variables)
}

/// How many of these traces the data directory still has, asked of a fresh server.
fn found(data: &Path, traces: &[String]) -> usize {
    let server = server(data);
    let is_there = |trace: &&String| server.send(&Request::get(&format!("/v1/traces/{trace}"))).status == 200;
    let count = traces.iter().filter(is_there).count();
    assert_eq!(server.stop("TERM").code, 0);
    count
}

/// Kills servers on one data directory, each after a while of its own; every acknowledged trace must be there at the end.
fn kill_again_and_again(kills: usize) {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut server = server(&data);
        let load = Load::start(server.address, 4);
        load.wait_for(1 + round * 37 % 150);
        server.kill();
        acknowledged.extend(load.stop());
    }
    assert_eq!(found(&data, &acknowledged), acknowledged.len(), "acknowledged traces are gone");
    let report = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
    assert!(report["traces"].as_u64().unwrap() >= acknowledged.len() as u64);
    let chains = report["chains"]["chains"].as_array().unwrap().len();
    assert_eq!(chains, 1, "a kill is no damage: the chain goes on");
}

#[test]
fn kills_under_load_lose_nothing_acknowledged() {
    kill_again_and_again(if is_soak() { 100 } else { 10 });
}

/// Cuts the power of servers on one data directory; what was acknowledged must be there, whatever chance left of the rest.
fn cut_again_and_again(cuts: u64) {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=cuts {
        acknowledged.extend(cut_once(&data, round, 10 * (round % 11), false));
        let there = found(&data, &acknowledged);
        assert_eq!(there, acknowledged.len(), "round {round}: acknowledged traces are gone");
    }
    call(place.path(), ["replay", "--all", "--data", "data"]).expect(0);
}

/// One server under load until its power is cut; the traces that it acknowledged.
fn cut_once(data: &Path, seed: u64, survivors_percent: u64, ignore_sync: bool) -> Vec<String> {
    let answers = usize::try_from(seed * 53 % 150).unwrap();
    let journal = data.with_extension("journal");
    drop(std::fs::remove_file(&journal));
    let mut server = server_with(data, &powercut::variables(data, &journal, ignore_sync));
    let load = Load::start(server.address, 4);
    load.wait_for(1 + answers);
    server.kill();
    let acknowledged = load.stop();
    powercut::cut(data, &journal, seed, survivors_percent);
    acknowledged
}

#[test]
fn power_cuts_under_load_lose_nothing_acknowledged() {
    cut_again_and_again(if is_soak() { 30 } else { 3 });
}

/// The twin that must fail: were syncs to do nothing, this is what the tests above would see.
#[test]
fn a_disk_that_only_pretends_to_sync_loses_traces() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let acknowledged = cut_once(&data, 1, 0, true);
    assert!(found(&data, &acknowledged) < acknowledged.len(), "nothing was lost, so the model of cuts proves nothing");
}
