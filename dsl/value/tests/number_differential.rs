//! Every operation on numbers against the Intel decimal library called directly: same values, texts and order, in
//! whichever form a number is held. `DICTAMEN_SOAK=1` makes millions of cases of the thousands.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod number_differential {
    pub(crate) mod operands;
    pub(crate) mod oracle;
}

use std::cmp::Ordering;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{BID128, ExcFlags, RND_DOWNWARD, RND_NEAREST_AWAY, RND_NEAREST_EVEN, RND_TOWARD_ZERO, RND_UPWARD};
use dictamen_value::{Number, NumberError, Rounding, Value};
use number_differential::operands::{Operand, Operands};
use number_differential::oracle::{Decimal, computed, decimal};

const CASES: usize = 30_000;
const SOAK_CASES: usize = 1_000_000;

fn each_pair(seed: u64, mut check: impl FnMut(&Operand, &Operand)) {
    let count = if std::env::var_os("DICTAMEN_SOAK").is_some() { SOAK_CASES } else { CASES };
    let mut operands = Operands::new(seed);
    for _ in 0..count {
        let left = operands.next();
        let right = if operands.chance(8) { operands.near(&left) } else { operands.next() };
        check(&left, &right);
    }
}

/// Holds a result and its text to what the library says.
#[track_caller]
fn hold(what: &str, (left, right): (&Operand, &Operand), came: Result<Number, NumberError>, expected: Option<Decimal>) {
    let context = || format!("{left} {what} {right}");
    match (came, expected) {
        (Ok(came), Some(expected)) => {
            assert_eq!(came.to_string(), expected.text(), "{}", context());
            assert_eq!(Number::parse(&expected.text()), Ok(came), "{}", context());
        }
        (Err(NumberError::OutOfRange), None) => {}
        (came, expected) => panic!("{}: came {came:?}, expected {expected:?}", context()),
    }
}

#[test]
fn arithmetic_agrees() {
    type Function = fn(BID128, BID128, u32, &mut ExcFlags) -> BID128;
    type Operation = fn(Number, Number) -> Result<Number, NumberError>;
    let operations: [(&str, Operation, Function); 4] = [
        ("+", Number::checked_add, intel::bid128_add),
        ("-", Number::checked_sub, intel::bid128_sub),
        ("*", Number::checked_mul, intel::bid128_mul),
        ("/", Number::checked_div, intel::bid128_div),
    ];
    each_pair(1, |left, right| {
        for (sign, ours, theirs) in operations {
            let came = ours(left.number, right.number);
            if sign == "/" && right.number.is_zero() {
                assert_eq!(came, Err(NumberError::DivisionByZero));
                continue;
            }
            let expected = computed(|flags| theirs(left.bid, right.bid, RND_NEAREST_EVEN, flags));
            hold(sign, (left, right), came, expected);
        }
    });
}

#[test]
fn what_is_computed_from_results_agrees() {
    each_pair(2, |left, right| {
        let add = |left, right| computed(|flags| intel::bid128_add(left, right, RND_NEAREST_EVEN, flags));
        let Ok(product) = left.number.checked_mul(right.number) else { return };
        let theirs = intel::bid128_mul(left.bid, right.bid, RND_NEAREST_EVEN, &mut 0);
        hold("* and +", (left, right), product.checked_add(left.number), add(theirs, left.bid));
        if right.number.is_zero() {
            return;
        }
        let Ok(quotient) = left.number.checked_div(right.number) else { return };
        let theirs = intel::bid128_div(left.bid, right.bid, RND_NEAREST_EVEN, &mut 0);
        hold("/ and +", (left, right), quotient.checked_add(right.number), add(theirs, right.bid));
        let back = computed(|flags| intel::bid128_mul(theirs, right.bid, RND_NEAREST_EVEN, flags));
        hold("/ and *", (left, right), quotient.checked_mul(right.number), back);
    });
}

#[test]
fn quotients_that_are_rounded_at_once_are_those_that_are_rounded_afterwards() {
    let modes = [Rounding::HalfEven, Rounding::HalfUp, Rounding::HalfDown, Rounding::Up, Rounding::Down];
    let modes = modes.into_iter().chain([Rounding::Ceiling, Rounding::Floor]);
    each_pair(9, |left, right| {
        for (mode, scale) in modes.clone().flat_map(|mode| [-3, 0, 2, 4, 12, 18, 25].map(|scale| (mode, scale))) {
            let came = left.number.rounded_quotient(right.number, scale, mode);
            let expected = left.number.checked_div(right.number).and_then(|quotient| quotient.round(scale, mode));
            assert_eq!(came, expected, "{left} / {right}, {mode:?} at {scale}");
        }
    });
}

/// Quotients that come as near to a half, or to nothing, as divisors of 18 digits let them.
#[test]
fn quotients_beside_a_half_are_rounded_as_34_digits_say() {
    let divisors = [999_999_999_999_999_999_i64, 999_999_999_999_999_998, 314_159_265_358_979_323, 3, 7];
    let others = [1_i64, 2, 9, 4_999_999_999, 9_007_199_254_740_993];
    for (divisor, whole) in divisors.into_iter().flat_map(|divisor| others.map(|whole| (divisor, whole))) {
        for beside in [divisor / 2, divisor / 2 + 1, divisor - 1, 1, 0] {
            let Some(dividend) = whole.checked_mul(divisor).and_then(|all| all.checked_add(beside)) else { continue };
            for (scale, left_scale) in [(0, 0), (2, 2), (0, 5)] {
                let (left, right) = (Number::from_units(dividend, left_scale), Number::from_units(divisor, 0));
                for mode in [Rounding::HalfEven, Rounding::HalfUp, Rounding::HalfDown, Rounding::Up, Rounding::Down] {
                    let came = left.rounded_quotient(right, scale, mode);
                    let expected = left.checked_div(right).and_then(|quotient| quotient.round(scale, mode));
                    assert_eq!(came, expected, "{left} / {right}, {mode:?} at {scale}");
                }
            }
        }
    }
}

#[test]
fn modulo_agrees() {
    each_pair(3, |left, right| {
        let came = left.number.modulo(right.number);
        if right.number.is_zero() {
            assert_eq!(came, Err(NumberError::DivisionByZero));
            return;
        }
        let rest = intel::bid128_fmod(left.bid, right.bid, &mut 0);
        let opposite = !intel::bid128_is_zero(rest) && decimal(rest).unwrap().negative != right.number.is_negative();
        let expected = match opposite {
            true => computed(|flags| intel::bid128_add(rest, right.bid, RND_NEAREST_EVEN, flags)),
            false => decimal(rest),
        };
        hold("modulo", (left, right), came, expected);
    });
}

#[test]
fn order_equality_and_hash_agree() {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    each_pair(4, |left, right| {
        let equal = intel::bid128_quiet_equal(left.bid, right.bid, &mut 0);
        let less = intel::bid128_quiet_less(left.bid, right.bid, &mut 0);
        let order = match (equal, less) {
            (true, _) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Greater,
        };
        assert_eq!(left.number.cmp(&right.number), order, "{left} {right}");
        assert_eq!(right.number.cmp(&left.number), order.reverse(), "{left} {right}");
        assert_eq!(left.number == right.number, equal, "{left} {right}");
        if equal {
            assert_eq!(hasher.hash_one(left.number), hasher.hash_one(right.number), "{left} {right}");
        }
    });
}

#[test]
fn rounding_agrees() {
    let modes = [
        (Rounding::HalfEven, RND_NEAREST_EVEN),
        (Rounding::HalfUp, RND_NEAREST_AWAY),
        (Rounding::Down, RND_TOWARD_ZERO),
        (Rounding::Ceiling, RND_UPWARD),
        (Rounding::Floor, RND_DOWNWARD),
    ];
    let mut scales = Operands::new(6);
    let half = Operand::parse("0.5").unwrap();
    each_pair(5, |operand, _| {
        let scale = scales.scale(operand);
        let unit = Operand::parse(&format!("1E{}", -scale)).unwrap();
        let expected = |mode| match operand.decimal.exponent >= -scale {
            true => Some(operand.decimal.clone()),
            false => computed(|flags| intel::bid128_quantize(operand.bid, unit.bid, mode, flags)),
        };
        let hold =
            |mode, expected| hold(&format!("{mode:?}"), (operand, &unit), operand.number.round(scale, mode), expected);
        for (ours, theirs) in modes {
            hold(ours, expected(theirs));
        }
        let away = if operand.number.is_negative() { RND_DOWNWARD } else { RND_UPWARD };
        hold(Rounding::Up, expected(away));
        let whole = intel::bid128_quantize(operand.bid, unit.bid, RND_TOWARD_ZERO, &mut 0);
        let dropped = intel::bid128_abs(intel::bid128_sub(operand.bid, whole, RND_NEAREST_EVEN, &mut 0), &mut 0);
        let half = intel::bid128_mul(unit.bid, half.bid, RND_NEAREST_EVEN, &mut 0);
        let up = operand.decimal.exponent < -scale && intel::bid128_quiet_greater(dropped, half, &mut 0);
        hold(Rounding::HalfDown, expected(if up { away } else { RND_TOWARD_ZERO }));
    });
}

#[test]
fn signs_roots_and_conversions_agree() {
    each_pair(7, |operand, _| {
        let (number, decimal) = (operand.number, &operand.decimal);
        hold("negated", (operand, operand), Ok(number.negate()), computed(|_| intel::bid128_negate(operand.bid)));
        hold(
            "without sign",
            (operand, operand),
            Ok(number.abs()),
            computed(|flags| intel::bid128_abs(operand.bid, flags)),
        );
        if !number.is_negative() {
            let root = computed(|flags| intel::bid128_sqrt(operand.bid, RND_NEAREST_EVEN, flags));
            hold("root", (operand, operand), number.sqrt(), root);
        }
        assert_eq!(number.is_negative(), decimal.negative, "{operand}");
        assert_eq!(number.is_zero(), decimal.digits == "0", "{operand}");
        assert_eq!(number.is_integer(), decimal.exponent >= 0, "{operand}");
        assert_eq!(number.to_i64(), decimal.whole(), "{operand}");
        assert_eq!(number.to_usize(), decimal.whole().and_then(|whole| usize::try_from(whole).ok()), "{operand}");
        let mut json = Vec::new();
        Value::from(number).write_json(&mut json);
        assert_eq!(json, decimal.text().into_bytes());
        assert_eq!(serde_json::to_string(&number).unwrap(), format!("\"{}\"", decimal.text()));
    });
}

#[test]
fn units_agree() {
    let mut scales = Operands::new(9);
    each_pair(8, |operand, _| {
        let scale = scales.scale(operand);
        let shifted = Decimal { exponent: operand.decimal.exponent + scale, ..operand.decimal.clone() };
        if let Ok(shifted) = Operand::parse(&shifted.scientific()) {
            let floor = decimal(intel::bid128_round_integral_negative(shifted.bid, &mut 0)).unwrap();
            let expected = floor.whole().map(|units| (units, floor == shifted.decimal));
            assert_eq!(operand.number.units_at(scale), expected, "{operand} at {scale}");
        }
        if let Some((units, exponent)) = operand.number.short_parts() {
            let scale = u8::try_from(-exponent).unwrap();
            assert_eq!(Number::from_units(units, scale), operand.number, "{operand}");
            assert_eq!(Number::from_scaled(i128::from(units), exponent), Ok(operand.number), "{operand}");
        }
    });
}
