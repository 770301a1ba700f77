//! The cases of the DMN Technology Compatibility Kit that ask only for values and functions (see `generate.py`), run
//! without any evaluator but a small one of this test.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod evaluation;

use dictamen_value::{Number, Value};
use evaluation::evaluate;

const CASES: &str = include_str!("cases.tsv");
/// How many cases the small evaluator can read; fewer means that it has lost something.
const READ_AT_LEAST: usize = 1_836;

#[test]
fn the_kit_agrees() {
    let mut unread = Vec::new();
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let mut columns = line.split('\t');
        let (case, expression, expected) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        match (evaluate(expression), evaluate(expected)) {
            (Some(value), Some(expected)) if agree(&value, &expected) => {}
            (Some(value), Some(expected)) => wrong.push(format!("{case}: {expression} = {value}, not {expected}")),
            _ => unread.push(case),
        }
    }
    assert!(wrong.is_empty(), "{} cases fail:\n{}", wrong.len(), wrong.join("\n"));
    let read = CASES.lines().count() - unread.len();
    assert!(read >= READ_AT_LEAST, "{read} cases were read; not these:\n{}", unread.join("\n"));
}

/// All examples of the catalogue.
#[test]
fn examples_hold() {
    let examples = dictamen_functions::all().flat_map(|entry| entry.examples);
    let mut run = 0;
    for example in examples {
        let value = evaluate(example.call).unwrap_or_else(|| panic!("{} cannot be read", example.call));
        let expected = evaluate(example.result).unwrap_or_else(|| panic!("{} cannot be read", example.result));
        assert!(agree(&value, &expected), "{} = {value}, not {expected}", example.call);
        run += 1;
    }
    assert!(run > 150, "{run}");
}

/// The kit compares numbers to eight digits after the point.
fn agree(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Number(left), Value::Number(right)) => {
            let distance = left.checked_sub(*right).unwrap().abs();
            distance < Number::parse("0.00000001").unwrap()
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| agree(left, right))
        }
        (Value::Context(left), Value::Context(right)) => {
            let same = |(name, value): (&std::sync::Arc<str>, &Value)| {
                right.get(name).is_some_and(|other| agree(value, other))
            };
            left.len() == right.len() && left.entries().all(same)
        }
        _ => value == expected,
    }
}
