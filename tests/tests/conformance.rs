//! Conformance with DMN: what once passed of the kit must pass, as it is, by way of `.regla`, and by way of export.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use dictamen_tests::binary::call;
use dictamen_tests::project::root;
use serde_json::Value;

/// Cases that pass, `file: case case …` a line; it may only grow. `DICTAMEN_BLESS=1` adds those that pass now.
const PASSING: &str = "tests/conformance/passing.txt";

#[test]
fn what_passed_of_the_kit_passes() {
    hold(&kit(), "dmn");
}

#[test]
fn what_passed_of_the_kit_passes_by_way_of_text() {
    hold(&kit(), "regla");
}

#[test]
fn what_passed_of_the_kit_passes_by_way_of_export() {
    hold(&kit(), "export");
}

/// Models of our own, ten a version of DMN, each about something that changed between versions.
#[test]
fn models_of_every_version_of_dmn_decide_alike() {
    let folder = root().join("tests/conformance/versions");
    for way in ["dmn", "regla", "export"] {
        let run = tck(&folder, way);
        assert_eq!(run["failed"], 0, "{way}: {}", run["failing"]);
    }
    for version in ["1.1", "1.2", "1.3", "1.4", "1.6"] {
        let models = std::fs::read_dir(folder.join(version)).expect("a folder a version").count();
        assert!(models >= 10, "{models} models of DMN {version}");
    }
}

/// Models of our own, each about what the standard says and the kit does not ask.
#[test]
fn models_of_our_own_decide_as_the_standard_says() {
    let folder = root().join("tests/conformance/own");
    for way in ["dmn", "regla", "export"] {
        let run = tck(&folder, way);
        assert_eq!(run["failed"], 0, "{way}: {}", run["failing"]);
        assert!(run["passed"].as_u64().is_some_and(|passed| passed >= 41), "{way}: {run}");
    }
}

/// The kit: the copy in this repository, or the one that `DICTAMEN_DMN_TCK` points to.
fn kit() -> PathBuf {
    std::env::var_os("DICTAMEN_DMN_TCK").map_or_else(|| root().join("tests/conformance/dmn-tck"), PathBuf::from)
}

fn tck(folder: &std::path::Path, way: &str) -> Value {
    let said = call(&root(), ["tck", "--json", "--by", way, folder.to_str().unwrap()]);
    said.json()
}

/// All cases of the list pass on a way, and the list has all that pass on every way.
fn hold(folder: &std::path::Path, way: &str) {
    let run = tck(folder, way);
    let passing: BTreeSet<&str> =
        run["passing"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let listed = listed();
    let lost: Vec<&String> = listed.iter().filter(|name| !passing.contains(name.as_str())).collect();
    assert!(lost.is_empty(), "{way}: {} cases pass no more: {lost:#?}", lost.len());
    let new: BTreeSet<String> =
        passing.iter().filter(|name| !listed.contains(**name)).map(|name| (*name).to_owned()).collect();
    if way == "dmn" && !new.is_empty() {
        assert!(std::env::var_os("DICTAMEN_BLESS").is_some(), "DICTAMEN_BLESS=1 adds what passes now: {new:#?}");
        let all: BTreeSet<String> = listed.union(&new).cloned().collect();
        std::fs::write(root().join(PASSING), written(&all)).unwrap();
    }
}

fn listed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(PASSING)).expect("the list of cases that pass");
    let name = |line: &str| {
        let (file, cases) = line.split_once(": ").expect("file: cases");
        cases.split('\t').map(|case| format!("{file}#{case}")).collect::<Vec<_>>()
    };
    text.lines().flat_map(name).collect()
}

fn written(names: &BTreeSet<String>) -> String {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        let (file, case) = name.rsplit_once('#').expect("file#case");
        files.entry(file).or_default().push(case);
    }
    files.iter().fold(String::new(), |mut text, (file, cases)| {
        writeln!(text, "{file}: {}", cases.join("\t")).unwrap();
        text
    })
}
