//! How long an index takes to be built and to find rows: `cargo run --release -p dictamen-plan --example index_speed`.
//!
//! Each figure is the best of several rounds over values drawn from a fixed sequence, in processor time where the system tells
//! it; it includes the coordinates of the values and the test of the boxes that are left. Tables are partitions: every point lies in exactly one row, which is checked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::panic,
    reason = "a measurement, not a product: it fails loudly and divides times"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use dictamen_plan::index::Probe;
use dictamen_plan::{About, Cell, Comparison, HitPolicy, Op, Plan, Position, Row, SEMANTICS, Table, TableIndex, Test};
use dictamen_value::{Number, Value};

const ROUNDS: usize = 9;
const PASSES: u32 = 40;
const POINTS: usize = 4_096;

/// A cell: any value, a text, or numbers from one (included) to another (not included).
#[derive(Clone)]
enum Wanted {
    Any,
    Text(String),
    Between(i64, i64),
}

/// Numbers have two decimals.
const SCALE: u8 = 2;
const END: i64 = 100_000_000;

/// From and to, in both directions.
type Square = ((i64, i64), (i64, i64));

struct Random(u64);

impl Random {
    fn below(&mut self, count: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % count.max(1)
    }
}

/// A table in the making, with its plan.
struct Maker {
    plan: Plan,
    constants: BTreeMap<String, u32>,
    table: Table,
}

impl Maker {
    fn of(rows: &[Vec<Wanted>]) -> (Plan, Table) {
        let mut maker = Maker { plan: empty_plan(), constants: BTreeMap::new(), table: empty_table(rows[0].len()) };
        for wanted in rows {
            let inputs = wanted.iter().map(|cell| maker.cell(cell)).collect();
            let (about, position) = (About::default(), Position::default());
            maker.table.rows.push(Row { inputs, outputs: Vec::new(), about, annotations: Vec::new(), position });
        }
        (maker.plan, maker.table)
    }

    fn cell(&mut self, wanted: &Wanted) -> Cell {
        let tests = match wanted {
            Wanted::Any => Vec::new(),
            Wanted::Text(text) => vec![Test::Compare(Comparison::Equal, self.constant(Value::text(text)))],
            Wanted::Between(low, high) => {
                let [low, high] = [low, high].map(|end| self.constant(Value::from(Number::from_units(*end, SCALE))));
                vec![Test::Within(low, true, high, false)]
            }
        };
        Cell { tests, negated: false, text: 0 }
    }

    fn constant(&mut self, value: Value) -> u32 {
        let plan = &mut self.plan;
        *self.constants.entry(value.to_feel()).or_insert_with(|| {
            plan.constants.push(value);
            plan.operations.push(Op::Constant(plan.constants.len() as u32 - 1));
            plan.operations.len() as u32 - 1
        })
    }
}

fn empty_plan() -> Plan {
    let json = format!(
        r#"{{"format":1,"semantics":{SEMANTICS},"dmn_mode":false,"rulesets":[],"inputs":[],"parameters":[],"decisions":[],
        "functions":[],"lambdas":[],"tables":[],"constraints":[],"types":[],"operations":[],"positions":[],"constants":[],
        "shapes":[],"texts":[],"sources":[]}}"#
    );
    Plan::from_bytes(json.as_bytes()).expect("an empty plan")
}

fn empty_table(columns: usize) -> Table {
    Table {
        policy: HitPolicy::Unique,
        inputs: (0..columns as u32).map(|column| (0, column, 0)).collect(),
        outputs: 0,
        single: true,
        output_types: Vec::new(),
        annotations: Vec::new(),
        rows: Vec::new(),
        default: None,
        may_be_absent: false,
        position: Position::default(),
    }
}

/// Parts of the square from 0 to `END` in both directions, cut at random.
fn parts(random: &mut Random, count: usize, (x, y): Square, out: &mut Vec<Square>) {
    if count <= 1 {
        out.push((x, y));
        return;
    }
    let cut =
        |random: &mut Random, (low, high): (i64, i64)| low + (high - low) / 4 + random.below((high - low) / 2).max(1);
    if x.1 - x.0 >= y.1 - y.0 {
        let at = cut(random, x);
        parts(random, count / 2, ((x.0, at), y), out);
        parts(random, count - count / 2, ((at, x.1), y), out);
    } else {
        let at = cut(random, y);
        parts(random, count / 2, (x, (y.0, at)), out);
        parts(random, count - count / 2, (x, (at, y.1)), out);
    }
}

/// A text out of some keys, and two ranges.
fn keyed(random: &mut Random, rows: usize, keys: usize) -> Vec<Vec<Wanted>> {
    let mut table = Vec::new();
    for key in 0..keys {
        let mut ranges = Vec::new();
        parts(random, rows / keys, ((0, END), (0, END)), &mut ranges);
        let row = |(x, y): Square| {
            vec![Wanted::Text(format!("MUNICIPIO-{key:05}")), Wanted::Between(x.0, x.1), Wanted::Between(y.0, y.1)]
        };
        table.extend(ranges.into_iter().map(row));
    }
    // Rows of one key do not stand together.
    for last in (1..table.len()).rev() {
        table.swap(last, random.below(last as i64 + 1) as usize);
    }
    table
}

fn ranges_only(random: &mut Random, rows: usize) -> Vec<Vec<Wanted>> {
    keyed(random, rows, 1).into_iter().map(|mut row| row.split_off(1)).collect()
}

fn grid(rows: usize) -> Vec<Vec<Wanted>> {
    let side = (rows as f64).sqrt() as i64;
    let band = |at: i64| Wanted::Between(at * END / side, (at + 1) * END / side);
    (0..side * side).map(|row| vec![band(row / side), band(row % side)]).collect()
}

fn unique(rows: usize) -> Vec<Vec<Wanted>> {
    (0..rows).map(|row| vec![Wanted::Text(format!("NIT-{row:09}")), Wanted::Any, Wanted::Between(0, END)]).collect()
}

/// Half of the cells are open, so that rows overlap.
fn wild(random: &mut Random, rows: usize, columns: usize) -> Vec<Vec<Wanted>> {
    let cell = |random: &mut Random| {
        let low = random.below(END);
        if random.below(100) < 35 { Wanted::Any } else { Wanted::Between(low, low + END / 10) }
    };
    (0..rows).map(|_| (0..columns).map(|_| cell(random)).collect()).collect()
}

/// Values for each column: those that some row wants, spread within it.
fn points(random: &mut Random, rows: &[Vec<Wanted>]) -> Vec<Vec<Value>> {
    let value = |random: &mut Random, wanted: &Wanted| match wanted {
        Wanted::Any => Value::from(Number::from_units(random.below(END), SCALE)),
        Wanted::Text(text) => Value::text(text),
        Wanted::Between(low, high) => Value::from(Number::from_units(low + random.below(high - low), SCALE)),
    };
    (0..POINTS)
        .map(|_| rows[random.below(rows.len() as i64) as usize].iter().map(|cell| value(random, cell)).collect())
        .collect()
}

fn find(index: &TableIndex, values: &[Value], point: &mut Vec<u32>, found: &mut Vec<u32>) {
    point.clear();
    found.clear();
    for column in index.columns() {
        point.extend(column.coordinate(Probe::of(&values[column.position()])));
    }
    index.find(point, false, found);
}

fn measure(label: &str, rows: &[Vec<Wanted>], exactly_one: bool) {
    let mut random = Random(7);
    let (plan, table) = Maker::of(rows);
    let points = points(&mut random, rows);
    let started = Clock::start();
    let index = TableIndex::build(&plan, &table).expect("an index");
    let built = started.nanos();
    let (mut point, mut found) = (Vec::new(), Vec::new());
    for values in &points {
        find(&index, values, &mut point, &mut found);
        assert!(!exactly_one || found.len() == 1, "{label}: {found:?}");
    }
    let each = best(|| {
        for values in &points {
            find(&index, black_box(values), &mut point, &mut found);
            black_box(&found);
        }
    });
    let coordinates = best(|| {
        for values in &points {
            for column in index.columns() {
                black_box(column.coordinate(Probe::of(black_box(&values[column.position()]))));
            }
        }
    });
    println!(
        "{label:<24} {:>8} rows  {each:>7.1} ns a find, of which coordinates {coordinates:>6.1}  built in {:>7.2} ms  {}",
        rows.len(),
        built / 1e6,
        index.shape(),
    );
}

/// Nanoseconds for each point.
fn best(mut all: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let started = Clock::start();
        (0..PASSES).for_each(|_| all());
        best = best.min(started.nanos() / f64::from(PASSES) / POINTS as f64);
    }
    best
}

/// Time that this thread has had a processor, on Linux; elsewhere, time.
struct Clock(Instant, Option<f64>);

impl Clock {
    fn start() -> Clock {
        Clock(Instant::now(), on_processor())
    }

    fn nanos(&self) -> f64 {
        match (self.1, on_processor()) {
            (Some(before), Some(now)) => now - before,
            _ => self.0.elapsed().as_secs_f64() * 1e9,
        }
    }
}

fn on_processor() -> Option<f64> {
    // Giving up the processor brings the account up to date.
    std::thread::yield_now();
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    account.split_whitespace().next()?.parse().ok()
}

fn main() {
    let mut random = Random(1);
    for rows in [10, 100, 1_000, 10_000, 100_000] {
        measure("text of 50, two ranges", &keyed(&mut random, rows, (rows / 2).min(50)), true);
    }
    for rows in [10, 100, 1_000, 10_000, 100_000] {
        measure("two ranges", &ranges_only(&mut random, rows), true);
    }
    for rows in [100, 10_000, 100_000] {
        measure("two ranges, a grid", &grid(rows), true);
    }
    for rows in [1_000, 10_000, 100_000] {
        measure("one text for each row", &unique(rows), true);
    }
    for (rows, columns) in [(100, 5), (300, 5), (1_500, 5), (1_500, 13), (10_000, 5)] {
        measure("a third of cells open", &wild(&mut random, rows, columns), false);
    }
}
