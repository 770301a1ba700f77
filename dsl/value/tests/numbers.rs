//! Numbers against vectors that another implementation computed, and the laws they keep.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use dictamen_value::{Number, NumberError, Rounding};
use proptest::prelude::*;

const VECTORS: &str = include_str!("numbers/vectors.tsv");

fn number(text: &str) -> Number {
    Number::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn compute(operation: &str, left: &str, right: &str) -> Result<Number, NumberError> {
    let rounding = |rounding| number(left).round(right.parse().unwrap(), rounding);
    match operation {
        "add" => number(left).checked_add(number(right)),
        "sub" => number(left).checked_sub(number(right)),
        "mul" => number(left).checked_mul(number(right)),
        "div" => number(left).checked_div(number(right)),
        "modulo" => number(left).modulo(number(right)),
        "power" => number(left).power(number(right)),
        "sqrt" => number(left).sqrt(),
        "exp" => number(left).exp(),
        "ln" => number(left).ln(),
        "round_half_even" => rounding(Rounding::HalfEven),
        "round_half_up" => rounding(Rounding::HalfUp),
        "round_half_down" => rounding(Rounding::HalfDown),
        "round_up" => rounding(Rounding::Up),
        "round_down" => rounding(Rounding::Down),
        "round_ceiling" => rounding(Rounding::Ceiling),
        "round_floor" => rounding(Rounding::Floor),
        other => panic!("no operation {other}"),
    }
}

fn expected(text: &str) -> Result<Number, NumberError> {
    match text {
        "division by zero" => Err(NumberError::DivisionByZero),
        "out of range" => Err(NumberError::OutOfRange),
        number => Number::parse(number),
    }
}

#[test]
fn results_are_those_of_another_implementation() {
    let mut wrong = Vec::new();
    for line in VECTORS.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [operation, left, right, result] = columns[..] else { panic!("{line}") };
        let computed = compute(operation, left, right);
        if computed != expected(result) {
            wrong.push(format!("{operation} {left} {right}: expected {result}, got {computed:?}"));
        }
    }
    assert!(VECTORS.lines().count() > 1000);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn text_is_read_and_written_in_one_way() {
    for (text, expected) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0E+5000", "0"),
        ("0E-99999", "0"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E2", "100"),
        ("+1e+2", "100"),
        ("007", "7"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("1E-6", "0.000001"),
        ("123456.789", "123456.789"),
        ("9999999999999999999999999999999999", "9999999999999999999999999999999999"),
        ("10000000000000000000000000000000000000", "10000000000000000000000000000000000000"),
        ("1E39", "1000000000000000000000000000000000000000"),
        ("1E40", "1E+40"),
        ("-1E38", "-100000000000000000000000000000000000000"),
        ("-1E39", "-1E+39"),
        ("1E-38", "0.00000000000000000000000000000000000001"),
        ("1E-39", "1E-39"),
        ("-1E-38", "-1E-38"),
        ("123E-40", "1.23E-38"),
        ("12.5E+60", "1.25E+61"),
        ("1E6144", "1E+6144"),
        ("9.999999999999999999999999999999999E6144", "9.999999999999999999999999999999999E+6144"),
        ("1E-6176", "1E-6176"),
        ("10E-6177", "1E-6176"),
        ("0.00000000000000000000000000000000000000000000000012345", "1.2345E-49"),
        ("1.0000000000000000000000000000000000000000000000000000", "1"),
    ] {
        let read = number(text);
        assert_eq!(read.to_string(), expected, "{text}");
        assert_eq!(number(&read.to_string()), read, "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    use NumberError::{NotANumber, OutOfRange, TooManyDigits};
    for (text, expected) in [
        ("", NotANumber),
        ("-", NotANumber),
        (".", NotANumber),
        ("1.", NotANumber),
        ("e5", NotANumber),
        ("1e", NotANumber),
        ("1e+", NotANumber),
        ("1e1.5", NotANumber),
        ("--1", NotANumber),
        (" 1", NotANumber),
        ("1 ", NotANumber),
        ("1,5", NotANumber),
        ("1_000", NotANumber),
        ("0x10", NotANumber),
        ("NaN", NotANumber),
        ("Infinity", NotANumber),
        ("١٢", NotANumber),
        ("12345678901234567890123456789012345", TooManyDigits),
        ("1.0000000000000000000000000000000001", TooManyDigits),
        ("1E6145", OutOfRange),
        ("10E6144", OutOfRange),
        ("1E-6177", OutOfRange),
        ("1.5E-6176", OutOfRange),
        ("1E999999999999999999999", OutOfRange),
        ("1E-999999999999999999999", OutOfRange),
    ] {
        assert_eq!(Number::parse(text), Err(expected), "{text}");
    }
}

#[test]
fn operations_without_a_result_say_why() {
    use NumberError::{DivisionByZero, OutOfRange, Undefined};
    let max = number("9.999999999999999999999999999999999E6144");
    for (computed, expected) in [
        (Number::ONE.checked_div(Number::ZERO), DivisionByZero),
        (Number::ZERO.checked_div(Number::ZERO), DivisionByZero),
        (Number::ONE.modulo(Number::ZERO), DivisionByZero),
        (Number::ZERO.power(number("-1")), DivisionByZero),
        (max.checked_add(max), OutOfRange),
        (max.checked_mul(max), OutOfRange),
        (max.power(number("2")), OutOfRange),
        (number("20000").exp(), OutOfRange),
        (number("-1").sqrt(), Undefined),
        (Number::ZERO.ln(), Undefined),
        (number("-1").ln(), Undefined),
        (number("-2").power(number("0.5")), Undefined),
        (max.round(-6145, Rounding::Up), OutOfRange),
    ] {
        assert_eq!(computed, Err(expected));
    }
}

#[test]
fn whole_numbers_convert() {
    for (text, expected) in [
        ("0", Some(0)),
        ("-1", Some(-1)),
        ("1E3", Some(1000)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("1.5", None),
        ("1E30", None),
        ("1E6000", None),
    ] {
        assert_eq!(number(text).to_i64(), expected, "{text}");
    }
    assert_eq!(number("-1").to_usize(), None);
    assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
    assert!(number("1E300").is_integer() && !number("0.1").is_integer());
}

#[test]
fn order_is_that_of_the_line_of_numbers() {
    let ascending = [
        "-1E6144",
        "-100",
        "-2",
        "-1.5",
        "-1",
        "-1E-6176",
        "0",
        "1E-6176",
        "1E-30",
        "0.1",
        "0.11",
        "0.9",
        "1",
        "1.000000000000000000000000000000001",
        "2",
        "9",
        "10",
        "11",
        "99999999999999999999",
        "1E20",
        "1.1E20",
        "1E6144",
    ];
    for (position, left) in ascending.iter().enumerate() {
        for (other, right) in ascending.iter().enumerate() {
            assert_eq!(number(left).cmp(&number(right)), position.cmp(&other), "{left} {right}");
        }
    }
}

fn any_number() -> impl Strategy<Value = Number> {
    let digits = prop_oneof![0_u128..1000, 0..1_000_000_000_000_u128, 0..10_u128.pow(34)];
    let exponent = prop_oneof![-4_i32..3, -40_i32..40, -6200_i32..6200];
    (any::<bool>(), digits, exponent).prop_filter_map("out of range", |(negative, digits, exponent)| {
        let sign = if negative { "-" } else { "" };
        Number::parse(&format!("{sign}{digits}E{exponent}")).ok()
    })
}

fn hash(number: Number) -> u64 {
    let mut hasher = DefaultHasher::new();
    number.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #[test]
    fn text_round_trips(number in any_number()) {
        let text = number.to_string();
        prop_assert_eq!(Number::parse(&text), Ok(number));
        prop_assert!(text.len() <= 42);
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), number);
        let raw = serde_json::from_str::<&serde_json::value::RawValue>(&text);
        prop_assert!(raw.is_ok(), "valid JSON: {}", text);
    }

    #[test]
    fn sums_and_products_commute(left in any_number(), right in any_number()) {
        prop_assert_eq!(left.checked_add(right), right.checked_add(left));
        prop_assert_eq!(left.checked_mul(right), right.checked_mul(left));
        prop_assert_eq!(left.checked_sub(right), left.checked_add(right.negate()));
        prop_assert_eq!(left.negate().negate(), left);
        prop_assert_eq!(left.checked_sub(left), Ok(Number::ZERO));
    }

    #[test]
    fn neutral_elements_change_nothing(number in any_number()) {
        prop_assert_eq!(number.checked_add(Number::ZERO), Ok(number));
        prop_assert_eq!(number.checked_mul(Number::ONE), Ok(number));
        prop_assert_eq!(number.checked_div(Number::ONE), Ok(number));
        prop_assert_eq!(number.power(Number::ONE), Ok(number));
        prop_assert_eq!(number.checked_mul(Number::ZERO), Ok(Number::ZERO));
    }

    #[test]
    fn equality_order_and_hash_agree(left in any_number(), right in any_number()) {
        prop_assert_eq!(left == right, left.cmp(&right).is_eq());
        prop_assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
        if let Ok(difference) = left.checked_sub(right) {
            prop_assert_eq!(difference.is_negative(), left < right);
            prop_assert_eq!(difference.is_zero(), left == right);
        }
        let again = number(&left.to_string());
        prop_assert_eq!(hash(left), hash(again));
    }

    #[test]
    fn rounding_stays_within_a_unit(number in any_number(), scale in -10_i32..40) {
        let (floor, ceiling) = (number.floor(scale), number.ceiling(scale));
        if let (Ok(floor), Ok(ceiling)) = (floor, ceiling) {
            prop_assert!(floor <= number && number <= ceiling);
            for rounding in [Rounding::HalfEven, Rounding::HalfUp, Rounding::HalfDown, Rounding::Up, Rounding::Down] {
                let rounded = number.round(scale, rounding).unwrap();
                prop_assert!(rounded == floor || rounded == ceiling);
            }
        }
    }

    #[test]
    fn a_remainder_lies_between_zero_and_the_divisor(left in -1_000_000_i64..1_000_000, right in -1000_i64..1000) {
        let result = Number::from(left).modulo(Number::from(right));
        match right {
            0 => prop_assert_eq!(result, Err(NumberError::DivisionByZero)),
            _ => {
                let euclid = left.rem_euclid(right.abs());
                let expected = if euclid != 0 && right < 0 { euclid + right } else { euclid };
                prop_assert_eq!(result, Ok(Number::from(expected)));
            }
        }
    }

    #[test]
    fn whole_numbers_agree_with_the_machine(left in any::<i64>(), right in any::<i32>()) {
        let right = i64::from(right);
        if let Some(sum) = left.checked_add(right) {
            prop_assert_eq!(Number::from(left).checked_add(Number::from(right)), Ok(Number::from(sum)));
        }
        let product = i128::from(left) * i128::from(right);
        prop_assert_eq!(Number::from(left).checked_mul(Number::from(right)), Number::from_scaled(product, 0));
        prop_assert_eq!(Number::from(left).to_i64(), Some(left));
    }
}
