//! How long one operation on numbers takes, in nanoseconds: `cargo run --release -p dictamen-value --example number_speed`.
//!
//! Each figure is the median of several rounds over a thousand generated operands; the fastest and slowest stand beside it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "a measurement, not a product: it fails loudly and divides times"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use dictamen_value::{Number, Rounding, Value};

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(60);
const COUNT: usize = 1_000;

/// The operands of one figure: two numbers and the first as text, drawn from a fixed sequence.
struct Operands {
    pairs: Vec<(Number, Number)>,
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Operands {
    fn new(left: impl Fn(u64) -> String, right: impl Fn(u64) -> String) -> Operands {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 20
        };
        let texts: Vec<String> = (0..COUNT).map(|_| left(next())).collect();
        let pairs: Vec<_> =
            texts.iter().map(|text| (Number::parse(text).unwrap(), Number::parse(&right(next())).unwrap())).collect();
        let values = pairs.iter().map(|(left, _)| Value::from(*left)).collect();
        Operands { pairs, texts, values }
    }

    fn each<T>(&self, label: &str, operation: impl Fn(Number, Number) -> T) {
        measure(label, || {
            for (left, right) in &self.pairs {
                black_box(operation(black_box(*left), black_box(*right)));
            }
        });
    }
}

/// Runs something over all operands again and again; prints how long one of them took.
fn measure(label: &str, mut all: impl FnMut()) {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let mut done = 0_u32;
            while started.elapsed() < ROUND {
                all();
                done += 1;
            }
            started.elapsed().as_secs_f64() * 1e9 / f64::from(done) / COUNT as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{label:<44} {:>8.1} ns   ({:.1} … {:.1})", times[ROUNDS / 2], times[0], times[ROUNDS - 1]);
}

fn whole(random: u64) -> String {
    (random % 100_000_000).to_string()
}

fn money(random: u64) -> String {
    format!("{}.{:02}", random % 100_000_000, random % 97)
}

fn rate(random: u64) -> String {
    format!("0.{:03}", random % 1_000)
}

/// More digits than 64 bits hold.
fn long(random: u64) -> String {
    format!("{}.{:019}", random % 100_000_000, random)
}

fn arithmetic(shape: &str, operands: &Operands) {
    operands.each(&format!("{shape}: nothing but the loop"), |left, _| left);
    operands.each(&format!("{shape}: add"), Number::checked_add);
    operands.each(&format!("{shape}: subtract"), Number::checked_sub);
    operands.each(&format!("{shape}: multiply"), Number::checked_mul);
    operands.each(&format!("{shape}: compare"), |left, right| left < right);
    operands.each(&format!("{shape}: equal"), |left, right| left == right);
    operands.each(&format!("{shape}: divide"), Number::checked_div);
    operands.each(&format!("{shape}: modulo"), Number::modulo);
}

fn alone(shape: &str, operands: &Operands) {
    operands.each(&format!("{shape}: round to 2 digits"), |left, _| left.round(2, Rounding::HalfEven));
    operands.each(&format!("{shape}: round to whole, half up"), |left, _| left.round(0, Rounding::HalfUp));
    operands.each(&format!("{shape}: whole, as a machine integer"), |left, _| left.to_i64());
    measure(&format!("{shape}: parse"), || {
        operands.texts.iter().for_each(|text| _ = black_box(Number::parse(black_box(text))));
    });
    let mut out = Vec::with_capacity(64 * COUNT);
    measure(&format!("{shape}: write JSON"), || {
        out.clear();
        operands.values.iter().for_each(|value| value.write_json(black_box(&mut out)));
    });
}

fn main() {
    arithmetic("whole and whole", &Operands::new(whole, whole));
    arithmetic("money and money", &Operands::new(money, money));
    arithmetic("money and rate", &Operands::new(money, |random| rate(random | 1)));
    arithmetic("long and money", &Operands::new(long, money));
    let by_hundred = Operands::new(money, |_| "100".to_owned());
    by_hundred.each("money: divide by 100", Number::checked_div);
    let by_twelve = Operands::new(money, |_| "12".to_owned());
    by_twelve.each("money: divide by 12", Number::checked_div);
    alone("whole", &Operands::new(whole, whole));
    alone("money", &Operands::new(money, money));
    alone("long", &Operands::new(long, whole));
    let texts: Vec<Value> = (0..COUNT).map(|count| Value::text(format!("responsabilidad número {count}"))).collect();
    let mut out = Vec::with_capacity(64 * COUNT);
    measure("text of 25 characters: write JSON", || {
        out.clear();
        texts.iter().for_each(|text| text.write_json(black_box(&mut out)));
    });
}
