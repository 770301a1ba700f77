//! Holds docs/ARCHITECTURE.md against the code: its arrows against every manifest, its paths against the folders.
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
use std::fs;

use dictamen_tests::project::{arrows, files_below, members, metadata, read, root};

const PAGE: &str = "docs/ARCHITECTURE.md";

/// The arrows that the page draws: a block that opens with ```` ```arrows ````, one line a crate (`crate -> crate crate`).
fn drawn(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let block =
        page.lines().skip_while(|line| line.trim() != "```arrows").skip(1).take_while(|line| line.trim() != "```");
    let mut drawn = BTreeMap::new();
    for line in block.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (from, to) =
            line.split_once("->").unwrap_or_else(|| panic!("{PAGE}: expected `crate -> crates`, got `{line}`"));
        let to = to.split_whitespace().map(str::to_owned).collect();
        assert!(drawn.insert(from.trim().to_owned(), to).is_none(), "{PAGE} lists {from} twice");
    }
    assert!(!drawn.is_empty(), "{PAGE} has no block that opens with ```arrows");
    drawn
}

/// What differs between the arrows drawn and those of the manifests, one line each.
fn differences(drawn: &BTreeMap<String, BTreeSet<String>>, real: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for name in drawn.keys().filter(|name| !real.contains_key(*name)) {
        found.push(format!("{PAGE} lists {name}, which is no crate of the workspace"));
    }
    for (name, real) in real {
        let Some(drawn) = drawn.get(name) else {
            found.push(format!("{name} is a crate of the workspace that {PAGE} does not list"));
            continue;
        };
        found.extend(
            real.difference(drawn).map(|to| format!("{name} depends on {to}, an arrow that {PAGE} does not draw")),
        );
        found.extend(drawn.difference(real).map(|to| format!("{PAGE} draws {name} -> {to}, which no manifest has")));
    }
    found
}

/// Paths that the page names between back-quotes or in links, as far as they start with a folder of the project.
fn named_paths(page: &str) -> BTreeSet<String> {
    let tops: BTreeSet<String> = [
        "dsl", "engine", "server", "studio", "rulesets", "models", "examples", "tests", "benches", "docs", "scripts",
        ".ci",
    ]
    .map(str::to_owned)
    .into();
    let quoted = page.split('`').skip(1).step_by(2);
    let linked = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let clean = |text: &str| text.split('#').next().unwrap_or_default().trim_end_matches('/').to_owned();
    let is_path = |text: &String| {
        text.split_once('/').is_some_and(|(top, _)| tops.contains(top)) && !text.contains([' ', '*', '<', '{', '…'])
    };
    quoted.chain(linked).map(clean).filter(is_path).collect()
}

#[test]
fn the_page_draws_every_arrow_and_no_other() {
    let found = differences(&drawn(&read(PAGE)), &arrows(&metadata()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn missing_and_extra_arrows_and_unlisted_crates_are_found() {
    let set = |text: &str| drawn(&format!("```arrows\n{text}\n```"));
    for (drawn, real, expected) in [
        ("a ->\nb -> a", "a ->\nb -> a", 0),
        ("a ->\nb ->", "a ->\nb -> a", 1),
        ("a ->\nb -> a", "a ->\nb ->", 1),
        ("a ->", "a ->\nb ->", 1),
        ("a ->\nb ->", "a ->", 1),
    ] {
        assert_eq!(differences(&set(drawn), &set(real)).len(), expected, "{drawn:?} {real:?}");
    }
}

#[test]
fn every_path_that_the_page_names_exists() {
    let missing: Vec<String> =
        named_paths(&read(PAGE)).into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "{PAGE} names what does not exist: {}", missing.join(", "));
}

#[test]
fn every_rust_file_opens_with_what_it_is_for() {
    let files = files_below(&root(), &["rs"]);
    assert!(files.len() > 50, "the project has more Rust files than {}", files.len());
    let silent: Vec<String> = files
        .iter()
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            let said =
                text.strip_prefix("#!").map_or(&*text, |rest| rest.split_once('\n').map_or("", |(_, rest)| rest));
            !said.trim_start().starts_with("//! ") || said.contains(concat!("(under ", "construction)"))
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "these do not open with a `//! ` sentence: {}", silent.join("\n"));
}

#[test]
fn every_crate_takes_the_lints_and_the_licence_of_the_workspace() {
    let metadata = metadata();
    for package in members(&metadata) {
        let manifest = package["manifest_path"].as_str().unwrap();
        let text = fs::read_to_string(manifest).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} does not inherit the workspace's lints");
        assert!(text.contains("license.workspace = true"), "{manifest} does not inherit the workspace's licence");
    }
}
