//! How many decisions the engine makes in a second on one thread, beside the same table written by hand in Rust.
//!
//! `make bench` runs it. Each figure is the median of several rounds; the lowest and highest stand beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "a measurement, not a product: it fails loudly and divides times"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use dictamen_core::{Facts, Limits, Nothing, Record, Recorder, Request, evaluate, read_facts};
use dictamen_decisions::{Catalogue, Day, Ready, Selection};
use dictamen_plan::DecisionId;
use dictamen_value::Date;

const RULES: &str = include_str!("rules/tarifa.regla");
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(200);

/// The same table by hand, over the machine's own integers.
struct Case {
    natural: bool,
    base: u64,
    offices: u64,
    exempt: bool,
}

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

/// Runs something over all cases again and again; prints how often a second it was done.
fn measure(label: &str, count: usize, mut all: impl FnMut()) -> f64 {
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let mut done = 0_u32;
            while started.elapsed() < ROUND {
                all();
                done += 1;
            }
            f64::from(done) * count as f64 / started.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    let median = rates[ROUNDS / 2];
    println!("{label:<52} {median:>13.0} /s   {:>9.1} ns   ({:.0} … {:.0})", 1e9 / median, rates[0], rates[ROUNDS - 1]);
    median
}

struct Engine {
    ready: std::sync::Arc<Ready>,
    decision: DecisionId,
    day: Day,
}

impl Engine {
    fn new() -> Engine {
        let catalogue = Catalogue::from_texts(&[("tarifa.regla", RULES)]);
        assert_eq!(catalogue.error_count(), 0, "{:?}", catalogue.diagnostics());
        let day = Day::with_hindsight(Date::parse("2026-01-01").unwrap());
        let ready = catalogue.resolve("medicion.tarifa", &Selection::on(day)).expect("the rules resolve");
        let decision = ready.find_decision("impuesto").expect("the decision");
        Engine { ready, decision, day }
    }

    fn read(&self, json: &[u8]) -> Facts {
        read_facts(&self.ready.plan, self.decision, json).expect("the facts fit")
    }

    fn evaluate(&self, facts: &Facts, recorder: &mut impl Recorder) -> dictamen_value::Value {
        let request = Request {
            plan: &self.ready.plan,
            parameters: &self.ready.parameters,
            decision: self.decision,
            facts,
            as_of: self.day.as_of,
            known_at: self.day.known_at,
            limits: Limits::default(),
            cancel: None,
        };
        evaluate(&request, recorder).0.expect("an outcome")
    }
}

fn main() {
    let (engine, cases) = (Engine::new(), cases());
    let texts: Vec<Vec<u8>> = cases.iter().map(json).collect();
    let facts: Vec<Facts> = texts.iter().map(|text| engine.read(text)).collect();
    for (case, facts) in cases.iter().zip(&facts) {
        assert_eq!(engine.evaluate(facts, &mut Nothing).to_json(), by_hand(case).to_string());
    }
    println!(
        "12 rows, 4 columns, policy first; {} cases, one thread, median of {ROUNDS} rounds of {ROUND:?}",
        cases.len()
    );
    let hand = measure("by hand in Rust, over machine integers", cases.len(), || {
        cases.iter().for_each(|case| _ = black_box(by_hand(black_box(case))));
    });
    let evaluated = measure("engine: facts in memory to outcome", cases.len(), || {
        facts.iter().for_each(|facts| drop(black_box(engine.evaluate(facts, &mut Nothing))));
    });
    measure("engine: the same, recording matched rows", cases.len(), || {
        facts.iter().for_each(|facts| drop(black_box(engine.evaluate(facts, &mut Record::default()))));
    });
    measure("engine: JSON of facts to JSON of outcome", cases.len(), || {
        texts.iter().for_each(|text| drop(black_box(engine.evaluate(&engine.read(text), &mut Nothing).to_json())));
    });
    println!("the engine takes {:.0} times as long as the table by hand", hand / evaluated);
}
