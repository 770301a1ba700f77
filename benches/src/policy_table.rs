//! A small table as analysts write them, and the decision above it: `rules/tarifa.regla`, beside the same by hand.

use std::hint::black_box;

use crate::engines::ours::Engine;
use crate::report::Section;
use crate::rounds::{Contestant, Effort, measure};

const RULES: &str = include_str!("../rules/tarifa.regla");

/// What is decided about.
struct Case {
    natural: bool,
    base: u64,
    offices: u64,
    exempt: bool,
}

/// The decision by hand, over the machine's own integers.
fn by_hand(case: &Case) -> u64 {
    let rate = match case {
        Case { exempt: true, .. } => 0,
        Case { natural: true, base: ..1_000, .. } => 0,
        Case { natural: true, base: ..5_000, offices: ..=1, .. } => 5,
        Case { natural: true, base: ..5_000, .. } => 7,
        Case { natural: true, base: ..20_000, offices: ..=1, .. } => 10,
        Case { natural: true, base: ..20_000, .. } => 12,
        Case { natural: true, .. } => 19,
        Case { base: ..1_000, .. } => 8,
        Case { base: ..5_000, .. } => 16,
        Case { base: ..20_000, offices: ..=3, .. } => 24,
        Case { base: ..20_000, .. } => 27,
        Case { .. } => 35,
    };
    case.base * rate / 100
}

/// A thousand cases that meet every row.
fn cases() -> Vec<Case> {
    let case = |number: u64| Case {
        natural: !number.is_multiple_of(3),
        base: number * 7_919 % 30_000 / 100 * 100,
        offices: number % 6,
        exempt: number.is_multiple_of(10),
    };
    (0..1_000).map(case).collect()
}

fn json(case: &Case) -> Vec<u8> {
    let Case { natural, base, offices, exempt } = case;
    let kind = if *natural { "natural" } else { "juridica" };
    format!(r#"{{"caso":{{"tipo_persona":"{kind}","base":{base},"sedes":{offices},"exento":{exempt}}}}}"#).into_bytes()
}

/// Builds, checks and measures.
pub fn contest(effort: Effort) -> Section {
    let (engine, cases) = (Engine::compile(RULES, "medicion.tarifa", "impuesto"), cases());
    let json: Vec<Vec<u8>> = cases.iter().map(json).collect();
    let given: Vec<_> = json.iter().map(|json| engine.read(json)).collect();
    let (count, mut seat) = (cases.len(), engine.seat());
    for (case, given) in cases.iter().zip(&given) {
        assert_eq!(seat.outcome(given, false), by_hand(case).to_string().into_bytes());
    }
    let mut contestants = vec![Contestant::new("hand: a match over integers", count, |case| {
        _ = black_box(by_hand(black_box(&cases[case])))
    })];
    contestants.extend(engine.contestants(&given, &json));
    let figures = measure(effort, &mut contestants);
    let title = "a small table of 12 rows and 4 columns over a record, and a decision above it".to_owned();
    Section { title, rows: None, cases: count, checked: count, figures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_decide_as_by_hand() {
        assert_eq!(contest(Effort::ONCE).checked, 1_000);
    }
}
