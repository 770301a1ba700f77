//! One shape against all contestants: models built, outcomes compared, then measured.

use std::hint::black_box;

use serde_json::Value;

use super::hand::{Found, HandCase, Index, Scan};
use super::table::{Case, GROUPS, Output, Table};
use super::{shapes, spelling};
use crate::engines::ours::{Engine, Given};
use crate::engines::peers::{self, Peer};
use crate::report::Section;
use crate::rounds::{Contestant, Effort, measure};

/// Cases of one shape.
const CASES: usize = 4_096;

/// A shape that is measured.
pub struct Entry {
    /// Makes it with so many rows.
    pub shape: fn(usize) -> Table,
    /// Rows.
    pub rows: usize,
    /// Whether a quick run has it.
    pub quick: bool,
}

impl Entry {
    /// Its rows and its name.
    pub fn title(&self) -> String {
        format!("{} rows: {}", self.rows, (self.shape)(self.rows).name)
    }
}

/// Everything that is measured of tables.
pub fn plan() -> Vec<Entry> {
    let entry = |shape, rows, quick| Entry { shape, rows, quick };
    vec![
        entry(shapes::research, 10, true),
        entry(shapes::research, 100, false),
        entry(shapes::research, 1_000, false),
        entry(shapes::research, 10_000, true),
        entry(shapes::research, 100_000, false),
        entry(shapes::ranges_only, 10_000, true),
        entry(shapes::unique_keys, 10_000, true),
        entry(shapes::own_limits, 10_000, false),
        entry(shapes::bands, 1_000, false),
        entry(|rows| shapes::mixed_columns(3, rows), 1_000, false),
        entry(|rows| shapes::mixed_columns(6, rows), 1_000, true),
        entry(|rows| shapes::mixed_columns(12, rows), 1_000, false),
        entry(|rows| shapes::mixed_columns(6, rows), 10_000, false),
        entry(shapes::unique, 1_000, false),
        entry(shapes::agreeing, 1_020, false),
        entry(shapes::collect, 1_000, true),
        entry(shapes::priority, 1_000, false),
        entry(shapes::many_texts, 10_000, false),
        entry(shapes::dates, 1_000, false),
        entry(shapes::negations, 1_000, false),
        entry(shapes::wildcards, 10_000, true),
    ]
}

/// Builds, checks and measures one shape.
pub fn contest(entry: &Entry, effort: Effort) -> Section {
    let table = (entry.shape)(entry.rows);
    let cases = table.cases(CASES, 1);
    let field = Field::new(&table, &cases);
    let checked = field.check(&table, &cases);
    let figures = measure(effort, &mut field.contestants());
    Section { title: table.name.clone(), rows: Some(table.rows.len()), cases: CASES, checked, figures }
}

/// All contestants with their own forms of the cases.
struct Field {
    hand: Vec<HandCase>,
    scan: Scan,
    bits: Option<Index>,
    keyed: Option<Index>,
    json: Vec<Vec<u8>>,
    ours: Engine,
    given: Vec<Given>,
    peers: Vec<Peer>,
}

impl Field {
    fn new(table: &Table, cases: &[Case]) -> Field {
        let values: Vec<Value> = cases.iter().map(|case| spelling::facts(table, case)).collect();
        let json: Vec<Vec<u8>> = values.iter().map(|value| value.to_string().into_bytes()).collect();
        let ours = Engine::compile(&spelling::regla(table), spelling::RULESET, spelling::DECISION);
        Field {
            hand: cases.iter().map(|case| HandCase::new(table, case)).collect(),
            scan: Scan::new(table),
            bits: Index::of_bits(table),
            keyed: Index::by_key(table),
            given: json.iter().map(|json| ours.read(json)).collect(),
            ours,
            json,
            peers: peers::of_table(table, &values),
        }
    }

    /// Compares all outcomes with those that the policy's definition gives; stops where one differs. Says how many were
    /// compared.
    fn check(&self, table: &Table, cases: &[Case]) -> usize {
        let mut compared = 0;
        let (mut seat, mut buffer) = (self.ours.seat(), Vec::new());
        // The slow ones are compared on fewer cases.
        let slow = (2_000_000 / table.rows.len()).clamp(64, cases.len());
        let cases = &cases[..(20_000_000 / table.rows.len()).clamp(64, cases.len())];
        for (number, case) in cases.iter().enumerate() {
            let expected = table.outcome(case);
            let mut compare = |who: &str, found: Vec<Output>| {
                assert_eq!(found, expected, "{who} differs on case {number} of {}: {case:?}", table.name);
                compared += 1;
            };
            let hand = &self.hand[number];
            compare("hand: scan", by_hand(|out| self.scan.find(hand, out)));
            for index in [&self.bits, &self.keyed].into_iter().flatten() {
                compare("hand: index", by_hand(|out| index.find(hand, out)));
            }
            let given = &self.given[number];
            compare("ours", normal(&parsed(&seat.outcome(given, false))));
            compare("ours, recorded", normal(&parsed(&seat.outcome(given, true))));
            seat.json_to_json(&self.json[number], &mut buffer);
            compare("ours, JSON", normal(&parsed(&buffer)));
            if number >= slow {
                continue;
            }
            for peer in &self.peers {
                compare(peer.name, normal(&(peer.outcome)(number)));
            }
        }
        compared
    }

    fn contestants(&self) -> Vec<Contestant<'_>> {
        let (count, hand) = (self.json.len(), &self.hand);
        let mut all =
            vec![by_hand_contestant("hand: scan of the rows", count, |case, out| self.scan.find(&hand[case], out))];
        if let Some(index) = &self.bits {
            all.push(by_hand_contestant("hand: index of bits", count, |case, out| index.find(&hand[case], out)));
        }
        if let Some(index) = &self.keyed {
            all.push(by_hand_contestant("hand: index by key, then bits", count, |case, out| {
                index.find(&hand[case], out)
            }));
        }
        all.extend(self.ours.contestants(&self.given, &self.json));
        all.extend(self.peers.iter().map(|peer| Contestant::new(peer.name, count, &peer.run)));
        all
    }
}

fn by_hand_contestant<'a>(name: &str, count: usize, find: impl Fn(usize, &mut Found) + 'a) -> Contestant<'a> {
    let mut out = Found::default();
    Contestant::new(name, count, move |case| {
        find(case, &mut out);
        black_box(&out.outputs);
    })
}

fn by_hand(find: impl FnOnce(&mut Found)) -> Vec<Output> {
    let mut out = Found::default();
    find(&mut out);
    out.outputs.iter().map(|(rate, group)| (hundredths(*rate), position(group))).collect()
}

fn parsed(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("outcomes are JSON")
}

/// An outcome in JSON: one record, or a list of them.
fn normal(value: &Value) -> Vec<Output> {
    let one = |value: &Value| {
        let rate = value["tasa"].as_f64().unwrap_or_else(|| panic!("no rate in {value}"));
        (hundredths(rate), position(value["grupo"].as_str().unwrap_or_default()))
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => vec![one(value)],
    }
}

fn hundredths(number: f64) -> i64 {
    (number * 100.0).round() as i64
}

fn position(group: &str) -> usize {
    GROUPS.iter().position(|known| *known == group).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_contestants_agree_on_small_tables_of_every_shape() {
        for entry in plan() {
            let table = (entry.shape)(entry.rows.min(240));
            let cases = table.cases(200, 2);
            let field = Field::new(&table, &cases);
            assert!(field.check(&table, &cases) >= 5 * cases.len(), "{}", table.name);
        }
    }

    #[test]
    fn a_different_outcome_is_found() {
        let table = shapes::research(10);
        let cases = table.cases(5, 2);
        let field = Field::new(&table, &cases);
        let mut other = table.clone();
        other.rows.iter_mut().for_each(|row| row.output.0 += 1);
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| field.check(&other, &cases))).is_err());
    }
}
