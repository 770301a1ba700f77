//! A real ruleset: the obligations in the RUT of a population drawn by chance. Ours alone.

use std::path::Path;

use dictamen_tests::taxpayers::taxpayer;

use crate::engines::ours::Engine;
use crate::report::Section;
use crate::rounds::{Effort, measure};

/// Taxpayers.
const CASES: u64 = 1_000;
/// The day on which they are asked about.
const DAY: &str = "2026-03-02";

/// Loads the rulesets of a folder and measures `rut.obligaciones`.
pub fn contest(folder: &Path, effort: Effort) -> Section {
    let engine = Engine::load(folder, "rut", "obligaciones", DAY);
    let json: Vec<Vec<u8>> = (0..CASES).map(|row| taxpayer(1, row).to_string().into_bytes()).collect();
    let given: Vec<_> = json.iter().map(|json| engine.read(json)).collect();
    let (mut seat, mut buffer) = (engine.seat(), Vec::new());
    for (json, given) in json.iter().zip(&given) {
        let outcome = seat.outcome(given, false);
        assert_eq!(outcome, seat.outcome(given, true));
        seat.json_to_json(json, &mut buffer);
        assert_eq!(buffer, outcome);
    }
    let count = json.len();
    let figures = measure(effort, &mut engine.contestants(&given, &json));
    let title = "RUT obligations of generated taxpayers".to_owned();
    Section { title, rows: None, cases: count, checked: 2 * count, figures }
}
