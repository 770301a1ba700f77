//! The engine against the naive evaluator, on generated rulesets and on every case that once told them apart.
//!
//! `DICTAMEN_MODELS` says how many rulesets, `DICTAMEN_SEED` from which seed on; `DICTAMEN_SOAK=1` runs many.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use dictamen_tests::differential::choices::Choices;
use dictamen_tests::differential::comparison::Agreed;
use dictamen_tests::differential::coverage::Coverage;
use dictamen_tests::differential::generation::{Origin, Verdict, Wrong, smallest, try_out};
use dictamen_tests::differential::program::Size;
use dictamen_tests::differential::regression::read_folder;
use dictamen_tests::differential::rulesets::root;

const MODELS: u64 = 600;
const MODELS_SOAK: u64 = 50_000;
/// The naive evaluator recurses without a thought for the stack.
const STACK_BYTES: usize = 512 * 1024 * 1024;
/// At least so many of a hundred generated rulesets have no errors, or the generator has fallen behind the checker.
const ACCEPTED_PERCENT: u64 = 95;
/// At least so many of a hundred texts with changed tokens are still taken, or they would test the checker only.
const MUTATED_ACCEPTED_PERCENT: u64 = 25;
/// At least so many of a hundred evaluations give an outcome and not a failure.
const OUTCOMES_PERCENT: usize = 70;

/// In at least so many of a hundred generated rulesets some decision is made by columns too.
const BY_COLUMNS_PERCENT: usize = 10;

/// Sizes in turn: small rulesets find what is wrong with the least to read.
const SIZES: [Size; 3] =
    [Size { decisions: 3, fuel: 3 }, Size { decisions: 5, fuel: 4 }, Size { decisions: 4, fuel: 6 }];

#[derive(Default)]
struct Tally {
    models: u64,
    refused: Vec<String>,
    coverage: Coverage,
    results: BTreeMap<String, usize>,
    wrong: Vec<(u64, Wrong)>,
}

#[test]
fn cases_that_once_failed_agree() {
    let cases = read_folder(&folder());
    assert!(!cases.is_empty(), "no cases under {}", folder().display());
    in_a_deep_stack(move || {
        for (name, case) in cases {
            if let Err(what) = case.replay() {
                panic!("{name}: {what}\n{}", case.text);
            }
        }
    });
}

#[test]
fn generated_rulesets_agree() {
    let (first, models) = seeds();
    let tally = in_a_deep_stack(move || run(first..first + models, Origin::Generated));
    println!(
        "{} models, {} refused\n{:#?}\n{:#?}",
        tally.models,
        tally.refused.len(),
        tally.results,
        tally.coverage.counts
    );
    nothing_wrong(&tally);
    let accepted = 100 * (tally.models - tally.refused.len() as u64) / tally.models.max(1);
    assert!(accepted >= ACCEPTED_PERCENT, "only {accepted} % have no errors: {:#?}", tally.refused);
    let evaluations: usize = tally.results.values().sum();
    let outcomes = tally.results.get("outcome").copied().unwrap_or_default();
    assert!(100 * outcomes >= OUTCOMES_PERCENT * evaluations, "few outcomes: {:#?}", tally.results);
    let by_columns = tally.results.get("by columns").copied().unwrap_or_default();
    assert!(
        100 * by_columns >= BY_COLUMNS_PERCENT * usize::try_from(models).unwrap(),
        "few by columns: {:#?}",
        tally.results
    );
    if models >= MODELS {
        assert_eq!(tally.coverage.missing(), Vec::<&str>::new(), "forms that were never generated");
    }
}

/// Changed tokens: what the checker still takes must run without panics, give outcomes of its types, and mean one thing.
#[test]
fn changed_rulesets_agree() {
    let (first, models) = seeds();
    let tally = in_a_deep_stack(move || run(first..first + 2 * models, Origin::Mutated));
    println!("{} texts, {} refused\n{:#?}", tally.models, tally.refused.len(), tally.results);
    nothing_wrong(&tally);
    let accepted = 100 * (tally.models - tally.refused.len() as u64) / tally.models.max(1);
    assert!(accepted >= MUTATED_ACCEPTED_PERCENT, "only {accepted} % of the changed texts have no errors");
}

/// The first seed, and how many.
fn seeds() -> (u64, u64) {
    let soak = std::env::var("DICTAMEN_SOAK").is_ok_and(|value| value == "1");
    let models = number("DICTAMEN_MODELS").unwrap_or(if soak { MODELS_SOAK } else { MODELS });
    (number("DICTAMEN_SEED").unwrap_or(0), models)
}

fn nothing_wrong(tally: &Tally) {
    if !tally.wrong.is_empty() {
        panic!("{}", tally.wrong.iter().map(report).collect::<Vec<_>>().join("\n\n"));
    }
}

fn run(seeds: std::ops::Range<u64>, origin: Origin) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let size = SIZES[seed as usize % SIZES.len()];
        let mut choices = Choices::seeded(seed);
        tally.models += 1;
        match try_out(&mut choices, size, origin) {
            Verdict::Agreed(ready, agreed) => {
                tally.coverage.add(&ready.model);
                for result in agreed {
                    *tally.results.entry(label(result)).or_default() += 1;
                }
            }
            Verdict::Refused(errors) => tally.refused.push(format!("seed {seed}: {}", errors.join("; "))),
            Verdict::Wrong(wrong) => {
                tally.wrong.push((seed, smallest(choices.recorded(), size, origin, *wrong)));
                if tally.wrong.len() >= 3 {
                    break;
                }
            }
        }
    }
    tally
}

fn label(result: Agreed) -> String {
    match result {
        Agreed::Outcome => "outcome".into(),
        Agreed::Limit => "limit".into(),
        Agreed::ByColumns => "by columns".into(),
        Agreed::Failure(code) => code,
    }
}

/// Keeps a case among those that are run first from now on, and says what is wrong.
fn report((seed, wrong): &(u64, Wrong)) -> String {
    let path = wrong.recorded.write(&folder(), &format!("semilla_{seed}")).expect("the case can be kept");
    format!("seed {seed}: {}\nkept as {}\n{}", wrong.what, path.display(), wrong.recorded.text)
}

fn folder() -> PathBuf {
    root().join("tests/corpus/differential")
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn in_a_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
