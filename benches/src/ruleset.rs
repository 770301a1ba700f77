//! A real ruleset: the obligations in the RUT of a population drawn by chance. Ours alone.

use std::hint::black_box;
use std::path::Path;

use dictamen_tests::taxpayers::taxpayer;

use crate::engines::ours::Engine;
use crate::report::Section;
use crate::rounds::{Contestant, Effort, measure};
use crate::tables::{OURS, OURS_JSON, OURS_RECORDED};

/// Taxpayers.
const CASES: u64 = 1_000;
/// The day on which they are asked about.
const DAY: &str = "2026-03-02";

/// Loads the rulesets of a folder and measures `rut.obligaciones`.
pub fn contest(folder: &Path, effort: Effort) -> Section {
    let engine = Engine::load(folder, "rut", "obligaciones", DAY);
    let json: Vec<Vec<u8>> = (0..CASES).map(|row| taxpayer(1, row).to_string().into_bytes()).collect();
    let facts: Vec<_> = json.iter().map(|json| engine.read(json)).collect();
    let mut buffer = Vec::new();
    for (json, facts) in json.iter().zip(&facts) {
        let outcome = engine.evaluate(facts);
        assert_eq!(outcome, engine.evaluate_recorded(facts).0);
        engine.json_to_json(json, &mut buffer);
        assert_eq!(buffer, outcome.to_json().as_bytes());
    }
    let count = json.len();
    let mut contestants = [
        Contestant::new(OURS, count, |case| drop(black_box(engine.evaluate(&facts[case])))),
        Contestant::new(OURS_RECORDED, count, |case| drop(black_box(engine.evaluate_recorded(&facts[case])))),
        Contestant::new(OURS_JSON, count, |case| {
            engine.json_to_json(&json[case], &mut buffer);
            black_box(&buffer);
        }),
    ];
    let figures = measure(effort, &mut contestants);
    let title = "RUT obligations of generated taxpayers".to_owned();
    Section { title, rows: None, cases: count, checked: 2 * count, figures }
}
