//! The committed corpora of the fuzz targets run as ordinary tests, without the fuzzer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use dictamen_tests::differential::fuzzing;
use dictamen_tests::differential::rulesets::root;

const STACK_BYTES: usize = 256 * 1024 * 1024;

#[test]
fn texts_of_the_parser() {
    replay("parse", fuzzing::parse);
}

#[test]
fn facts_of_requests() {
    replay("facts", fuzzing::facts);
}

#[test]
fn rulesets_for_both_evaluators() {
    replay("evaluate", fuzzing::evaluate);
}

#[test]
fn texts_of_feel() {
    replay("feel", fuzzing::feel);
}

#[test]
fn documents_of_dmn() {
    replay("dmn", fuzzing::dmn);
}

/// Runs every file of a corpus; the name of the one that panics is the last that was printed.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = root().join("tests/fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).expect("a committed corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "nothing under {}", folder.display());
    let deep = std::thread::Builder::new().stack_size(STACK_BYTES);
    let work = move || {
        for path in paths {
            println!("{}", path.display());
            run(&std::fs::read(&path).expect("a file of the corpus"));
        }
    };
    if let Err(panic) = deep.spawn(work).expect("a thread").join() {
        std::panic::resume_unwind(panic);
    }
}
