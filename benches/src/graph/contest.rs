//! The graph against all contestants: models built, outcomes compared, then measured.

use std::hint::black_box;

use serde_json::Value;

use super::hand::{Facts, Hundredths, by_decimals, by_floats, json_by_decimals, json_by_floats};
use super::model::{self, GraphCase, GraphOutcome};
use super::spelling;
use crate::engines::ours::{Engine, Given};
use crate::engines::peers::{self, Peer};
use crate::report::Section;
use crate::rounds::{Contestant, Effort, measure};
use crate::tables::spelling::DECISION;

/// Cases of the graph.
const CASES: usize = 4_096;

/// Builds, checks and measures.
pub fn contest(effort: Effort) -> Section {
    let (cases, left_out) = cases(CASES);
    let mut field = Field::new(&cases);
    let differing = field.leave_out_differing(&cases);
    let checked = field.check(&cases);
    let title = format!(
        "graph: 19 decisions, two tables of 20 rows, 16 inputs ({left_out} of {} cases left out on which floats decide otherwise{differing})",
        CASES + left_out
    );
    Section { title, rows: None, cases: CASES, checked, figures: measure(effort, &mut field.contestants()) }
}

/// So many cases on which floats decide as decimals do, and how many were left out.
pub fn cases(count: usize) -> (Vec<GraphCase>, usize) {
    let drawn = model::cases(count * 2, 1);
    let agrees = |case: &GraphCase| {
        let floats = serde_json::to_value(by_floats(&Facts::new(case, float))).expect("an outcome is JSON");
        normal(&floats) == by_decimals(&Facts::new(case, Hundredths))
    };
    let mut left_out = 0;
    let mut kept = Vec::with_capacity(count);
    for case in drawn {
        if kept.len() == count {
            break;
        }
        if agrees(&case) { kept.push(case) } else { left_out += 1 }
    }
    assert_eq!(kept.len(), count, "floats decide otherwise on half of the cases");
    (kept, left_out)
}

fn float(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

struct Field {
    floats: Vec<Facts<f64>>,
    decimals: Vec<Facts<Hundredths>>,
    json: Vec<Vec<u8>>,
    ours: (Engine, Vec<Given>),
    peers: Vec<Peer>,
}

impl Field {
    fn new(cases: &[GraphCase]) -> Field {
        let values: Vec<Value> = cases.iter().map(GraphCase::facts).collect();
        let json: Vec<Vec<u8>> = values.iter().map(|value| value.to_string().into_bytes()).collect();
        let ours = Engine::compile(&spelling::regla(), spelling::RULESET, DECISION);
        let facts = json.iter().map(|json| ours.read(json)).collect();
        Field {
            floats: cases.iter().map(|case| Facts::new(case, float)).collect(),
            decimals: cases.iter().map(|case| Facts::new(case, Hundredths)).collect(),
            json,
            ours: (ours, facts),
            peers: peers::of_graph(&values),
        }
    }

    /// Leaves out the peers that do not decide every case as decimals by hand do, and says which, with on how many cases they differ.
    fn leave_out_differing(&mut self, cases: &[GraphCase]) -> String {
        let mut said = String::new();
        self.peers.retain(|peer| {
            let differs = |number: &usize| normal(&(peer.outcome)(*number)) != by_decimals(&self.decimals[*number]);
            let differing: Vec<usize> = (0..cases.len()).filter(differs).collect();
            if let Some(first) = differing.first() {
                said += &format!(
                    "; {} left out: it decides {} otherwise, the first of them {first}",
                    peer.name,
                    differing.len()
                );
            }
            differing.is_empty()
        });
        said
    }

    /// Compares all outcomes with those of decimals by hand; stops where one differs. Says how many were compared.
    fn check(&self, cases: &[GraphCase]) -> usize {
        let (ours, given) = &self.ours;
        let (mut compared, mut seat, mut buffer) = (0, ours.seat(), Vec::new());
        for (number, case) in cases.iter().enumerate() {
            let expected = by_decimals(&self.decimals[number]);
            let mut compare = |who: &str, found: GraphOutcome| {
                assert_eq!(found, expected, "{who} differs on case {number}: {case:?}");
                compared += 1;
            };
            compare("ours", normal(&parsed(&seat.outcome(&given[number], false))));
            compare("ours, recorded", normal(&parsed(&seat.outcome(&given[number], true))));
            seat.json_to_json(&self.json[number], &mut buffer);
            compare("ours, JSON", normal(&parsed(&buffer)));
            json_by_decimals(&self.json[number], &mut buffer);
            compare("hand: decimals, JSON", normal(&parsed(&buffer)));
            json_by_floats(&self.json[number], &mut buffer);
            compare("hand: floats, JSON", normal(&parsed(&buffer)));
            for peer in &self.peers {
                compare(peer.name, normal(&(peer.outcome)(number)));
            }
        }
        compared
    }

    fn contestants(&self) -> Vec<Contestant<'_>> {
        let (count, json, (ours, given)) = (self.json.len(), &self.json, &self.ours);
        let mut all = vec![
            Contestant::new("hand: decimals as whole numbers", count, |case| {
                _ = black_box(by_decimals(black_box(&self.decimals[case])));
            }),
            Contestant::new("hand: floats", count, |case| _ = black_box(by_floats(black_box(&self.floats[case])))),
            json_contestant("hand: decimals, JSON in and out", json, json_by_decimals),
            json_contestant("hand: floats, JSON in and out", json, json_by_floats),
        ];
        all.extend(ours.contestants(given, json));
        all.extend(self.peers.iter().map(|peer| Contestant::new(peer.name, count, &peer.run)));
        all
    }
}

fn json_contestant<'a>(name: &str, json: &'a [Vec<u8>], work: impl Fn(&[u8], &mut Vec<u8>) + 'a) -> Contestant<'a> {
    let mut buffer = Vec::new();
    Contestant::new(name, json.len(), move |case| {
        work(&json[case], &mut buffer);
        black_box(&buffer);
    })
}

fn parsed(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("outcomes are JSON")
}

/// The outcome in JSON.
pub fn normal(value: &Value) -> GraphOutcome {
    let number = |name: &str, scale: f64| {
        let number = value[name].as_f64().unwrap_or_else(|| panic!("no {name} in {value}"));
        (number * scale).round() as i64
    };
    let level = ["bajo", "medio", "alto"].into_iter().find(|level| value["nivel"] == **level).unwrap_or("?");
    let declares = value["declara"].as_bool().unwrap_or_else(|| panic!("no declara in {value}"));
    (
        number("a_pagar", 100.0),
        number("a_favor", 100.0),
        declares,
        level,
        number("puntos", 1.0),
        number("tasa", 10_000.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_contestants_agree() {
        let (cases, left_out) = cases(500);
        assert!(left_out < 25, "floats decide otherwise on {left_out} cases");
        assert!(Field::new(&cases).check(&cases) >= 5 * cases.len());
    }

    #[test]
    fn cases_meet_every_level_and_both_signs() {
        let outcomes: Vec<GraphOutcome> =
            cases(500).0.iter().map(|case| by_decimals(&Facts::new(case, Hundredths))).collect();
        let met = |of: fn(&GraphOutcome) -> bool| outcomes.iter().filter(|outcome| of(outcome)).count() > 20;
        assert!(met(|of| of.0 > 0) && met(|of| of.1 > 0) && met(|of| of.2) && met(|of| !of.2));
        assert!(met(|of| of.3 == "alto") && met(|of| of.3 == "medio") && met(|of| of.3 == "bajo"));
    }
}
