//! How long a very large table takes from text to a plan and from a plan's bytes to memory, and how much memory that takes.
//!
//! `make bench` runs it. Without arguments it measures every shape, each in a process of its own so that the peak of one is
//! not that of another; with a shape and a number of rows, that one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "a measurement, not a product: it fails loudly and divides times"
)]

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use dictamen_model::{Unit, check};
use dictamen_plan::{Digest, Plan};
use dictamen_syntax::{Source, SourceId, parse};
use dictamen_tests::large_tables::Shape;

const ROUNDS: usize = 5;
const MEASURED: [(Shape, usize); 6] = [
    (Shape::Mixed, 10_000),
    (Shape::Mixed, 100_000),
    (Shape::UniqueKeys, 50_000),
    (Shape::UniqueKeys, 100_000),
    (Shape::Wide, 1_000),
    (Shape::Wide, 10_000),
];

/// One time a step, in its order.
type Times = Vec<(&'static str, Duration)>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [shape, rows] => {
            let shape = *Shape::ALL.iter().find(|known| known.name() == shape).expect("the name of a shape");
            measure(shape, rows.parse().expect("a number of rows"));
        }
        _ => MEASURED.iter().for_each(|(shape, rows)| measure_apart(*shape, *rows)),
    }
}

fn measure_apart(shape: Shape, rows: usize) {
    let program = std::env::current_exe().expect("the path of this program");
    let status = Command::new(program).args([shape.name(), &rows.to_string()]).status().expect("it runs again");
    assert!(status.success(), "the measurement of {} failed", shape.name());
}

fn measure(shape: Shape, rows: usize) {
    let text = shape.ruleset(rows);
    let bytes = text.len();
    let mut rounds = vec![once(&text)];
    let peak = peak_megabytes();
    rounds.extend((1..ROUNDS).map(|_| once(&text)));
    println!("{} · {rows} rows · {bytes} bytes of text · peak of the first round {peak} MB", shape.name());
    for (step, (name, _)) in rounds[0].iter().enumerate() {
        let mut times: Vec<Duration> = rounds.iter().map(|times| times[step].1).collect();
        times.sort();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "  {name:<16} {:>9.1} ms   ({:.1} … {:.1})",
            milliseconds(times[ROUNDS / 2]),
            milliseconds(times[0]),
            milliseconds(times[ROUNDS - 1])
        );
    }
}

fn once(text: &str) -> Times {
    let mut times = Times::new();
    let sources = step(&mut times, "source", || [Source::new("grande.regla", text)]);
    let parsed = step(&mut times, "parse", || parse(&sources[0], SourceId(0), &dictamen_model::names()));
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics[0]);
    let unit = Unit { sources: &sources, files: vec![&parsed.file], root: 0 };
    let checked = step(&mut times, "check", || check(&unit));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics[0]);
    let compiled = step(&mut times, "compile", || dictamen_compile::compile(&checked.model, &sources).unwrap());
    let bytes = step(&mut times, "plan to bytes", || compiled.plan.to_bytes().unwrap());
    step(&mut times, "digest", || black_box(Digest::of(&bytes)));
    let loaded = step(&mut times, "plan from bytes", || Plan::from_bytes(&bytes).unwrap());
    assert_eq!(loaded.tables.len(), compiled.plan.tables.len());
    step(&mut times, "drop all", || drop((parsed, checked, compiled, bytes, loaded)));
    times
}

fn step<T>(times: &mut Times, name: &'static str, run: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = run();
    times.push((name, started.elapsed()));
    result
}

/// The most memory that this process has held, where the system says so.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() / 1024
}
