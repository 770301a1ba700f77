//! How long a very large table takes from text to a plan and from its bytes to an indexed one, and how much memory that takes.
//!
//! `make bench` runs it; times are of the processor, so that what else runs disturbs them less. Without arguments it measures every shape, each in a process of its own so that the peak of one is
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
use std::time::Duration;

use dictamen_core::Prepared;
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

/// A step, the processor's time that it took, and the most memory that the process had held after it.
struct Step {
    name: &'static str,
    time: Duration,
    peak_megabytes: u64,
}

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
    let rounds: Vec<Vec<Step>> = (0..ROUNDS).map(|_| once(&text)).collect();
    println!("{} · {rows} rows · {bytes} bytes of text", shape.name());
    for (position, Step { name, peak_megabytes, .. }) in rounds[0].iter().enumerate() {
        let mut times: Vec<Duration> = rounds.iter().map(|steps| steps[position].time).collect();
        times.sort();
        let [median, least, most] = [ROUNDS / 2, 0, ROUNDS - 1].map(|at| times[at].as_secs_f64() * 1e3);
        println!(
            "  {name:<16} {median:>9.1} ms   ({least:.1} … {most:.1})   peak of the first round {peak_megabytes:>4} MB"
        );
    }
}

fn once(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let sources = step(&mut steps, "source", || [Source::new("grande.regla", text)]);
    let parsed = step(&mut steps, "parse", || parse(&sources[0], SourceId(0), &dictamen_model::names()));
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics[0]);
    let unit = Unit { sources: &sources, files: vec![&parsed.file], root: 0 };
    let checked = step(&mut steps, "check", || check(&unit));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics[0]);
    let compiled = step(&mut steps, "compile", || dictamen_compile::compile(&checked.model, &sources).unwrap());
    let bytes = step(&mut steps, "plan to bytes", || compiled.plan.to_bytes().unwrap());
    step(&mut steps, "digest", || black_box(Digest::of(&bytes)));
    let loaded = step(&mut steps, "plan from bytes", || Plan::from_bytes(&bytes).unwrap());
    assert_eq!(loaded.tables.len(), compiled.plan.tables.len());
    let prepared = step(&mut steps, "indexes", || Prepared::new(loaded));
    assert!(prepared.indexes().iter().all(Option::is_some), "a table has no index");
    step(&mut steps, "drop all", || drop((parsed, checked, compiled, bytes, prepared)));
    steps
}

fn step<T>(steps: &mut Vec<Step>, name: &'static str, run: impl FnOnce() -> T) -> T {
    let before = processor_time();
    let result = run();
    steps.push(Step { name, time: processor_time() - before, peak_megabytes: peak_megabytes() });
    result
}

/// How long this thread has run on a processor.
fn processor_time() -> Duration {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the times of this thread (Linux)");
    let nanoseconds = status.split_whitespace().next().expect("a time");
    Duration::from_nanos(nanoseconds.parse().expect("nanoseconds"))
}

/// The most memory that this process has held.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the memory of this process (Linux)");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().expect("kibibytes") / 1024
}
