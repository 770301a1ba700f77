//! What it costs to record what a trace needs: the same engine with and without, by the same path.

use crate::engines::ours::Engine;
use crate::graph;
use crate::report::Section;
use crate::rounds::{Effort, measure};
use crate::tables::spelling::DECISION;
use crate::tables::{shapes, spelling, table::Table};

/// Cases of each.
const CASES: usize = 4_096;

/// A small table, a large one, one with many matches, and the graph.
pub fn contests(effort: Effort) -> Vec<Section> {
    let tables = [shapes::research(10), shapes::research(10_000), shapes::collect(1_000)];
    let mut sections: Vec<Section> = tables.iter().map(|table| of_table(table, effort)).collect();
    let engine = Engine::compile(&graph::spelling::regla(), graph::spelling::RULESET, DECISION);
    let facts = graph::model::cases(CASES, 1).iter().map(|case| case.facts().to_string().into_bytes()).collect();
    sections.push(contest("recording: the graph".to_owned(), &engine, facts, effort));
    sections
}

fn of_table(table: &Table, effort: Effort) -> Section {
    let engine = Engine::compile(&spelling::regla(table), spelling::RULESET, DECISION);
    let cases = table.cases(CASES, 1);
    let facts = cases.iter().map(|case| spelling::facts(table, case).to_string().into_bytes()).collect();
    contest(format!("recording: {} rows, {}", table.rows.len(), table.name), &engine, facts, effort)
}

/// Measures one decision on facts in JSON, recorded and not; their outcomes are compared first.
fn contest(title: String, engine: &Engine, json: Vec<Vec<u8>>, effort: Effort) -> Section {
    let given: Vec<_> = json.iter().map(|json| engine.read(json)).collect();
    let (count, mut seat) = (given.len(), engine.seat());
    for given in &given {
        assert_eq!(seat.outcome(given, false), seat.outcome(given, true));
    }
    let figures = measure(effort, &mut engine.in_memory(&given));
    Section { title, rows: None, cases: count, checked: count, figures }
}
