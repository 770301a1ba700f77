//! Whether what came is what the kit expects: equal values, numbers within the tolerance that the kit's runners have.

use dictamen_value::{Context, Number, Value};

/// The kit writes numbers with fewer digits than 34; its runners compare them to about so many decimals.
const DECIMALS: i32 = 8;

/// Whether a value is the expected one.
pub(super) fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(expected), Value::Number(actual)) => numbers_agree(*expected, *actual),
        (Value::List(expected), Value::List(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual.iter()).all(|(one, other)| agrees(one, other))
        }
        (Value::Context(expected), Value::Context(actual)) => contexts_agree(expected, actual),
        _ => expected == actual || expected.equal(actual) == Some(true),
    }
}

/// Equal names with values that agree, in any order.
fn contexts_agree(expected: &Context, actual: &Context) -> bool {
    let has = |(name, value): (&std::sync::Arc<str>, &Value)| actual.get(name).is_some_and(|came| agrees(value, came));
    expected.len() == actual.len() && expected.entries().all(has)
}

/// A difference below the tolerance, absolute for small numbers and relative to the expected one for large.
fn numbers_agree(expected: Number, actual: Number) -> bool {
    let tolerance = Number::from_scaled(1, DECIMALS.saturating_neg());
    let within = || {
        let scale = expected.abs().max(Number::from(1));
        let difference = expected.checked_sub(actual).ok()?.abs();
        Some(difference <= tolerance.ok()?.checked_mul(scale).ok()?)
    };
    expected == actual || within() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::from(Number::parse(text).expect("a number"))
    }

    #[test]
    fn numbers_agree_to_eight_decimals() {
        assert!(agrees(&number("0.33333333"), &number("0.3333333333333333333333333333333333")));
        assert!(agrees(&number("2778.69354943277"), &number("2778.693549432766768088520383236299")));
        assert!(!agrees(&number("0.3333333"), &number("0.3333334")));
        assert!(!agrees(&number("1"), &Value::Null));
        assert!(!agrees(&Value::Null, &number("0")));
    }

    #[test]
    fn contexts_agree_in_any_order_with_the_same_names() {
        let one = Value::context([("a", number("1")), ("b", number("2"))]);
        let turned = Value::context([("b", number("2")), ("a", number("1"))]);
        let more = Value::context([("a", number("1")), ("b", number("2")), ("c", Value::Null)]);
        assert!(agrees(&one, &turned));
        assert!(!agrees(&one, &more));
        assert!(!agrees(&more, &one));
    }
}
