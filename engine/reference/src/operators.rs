//! Operators over values: equality, order, arithmetic and properties (DMN 1.5, clauses 10.3.2.3 to 10.3.2.15).

use std::cmp::Ordering;

use dictamen_model::graph::ArithmeticOp;
use dictamen_syntax::tree::Comparison;
use dictamen_value::{Context, Date, DateTime, DaysDuration, MonthsDuration, Number, Range, Time, Value, Zone};

use crate::evaluation::Outcome;
use crate::expression::unexpected;
use crate::failure::Failure;

/// Whether a comparison holds. Equality may meet null; order may not.
pub(crate) fn compare(op: Comparison, left: &Value, right: &Value) -> Result<bool, Failure> {
    let ordering = || order(left, right).ok_or_else(|| neither(left, right));
    match op {
        Comparison::Equal => equal(left, right).ok_or_else(|| neither(left, right)),
        Comparison::NotEqual => equal(left, right).map(|same| !same).ok_or_else(|| neither(left, right)),
        Comparison::Less => Ok(ordering()?.is_lt()),
        Comparison::LessOrEqual => Ok(ordering()?.is_le()),
        Comparison::Greater => Ok(ordering()?.is_gt()),
        Comparison::GreaterOrEqual => Ok(ordering()?.is_ge()),
    }
}

/// Whether two values are equal; `None` where they are not of one kind (null is equal to null alone).
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, _) | (_, Value::Null) => Some(false),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::Range(left), Value::Range(right)) => equal_ranges(left, right),
        (Value::List(left), Value::List(right)) => equal_lists(left, right),
        (Value::Context(left), Value::Context(right)) => equal_contexts(left, right),
        (Value::Function(left), Value::Function(right)) => Some(left == right),
        (Value::Time(left), Value::Time(right)) => Some(left.compare(*right) == Some(Ordering::Equal)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.compare(*right) == Some(Ordering::Equal)),
        _ => order(left, right).map(Ordering::is_eq),
    }
}

fn equal_ranges(left: &Range, right: &Range) -> Option<bool> {
    let closed = left.low_closed == right.low_closed && left.high_closed == right.high_closed;
    all(&[Some(closed), equal(&left.low, &right.low), equal(&left.high, &right.high)])
}

fn equal_lists(left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    let items: Vec<Option<bool>> = left.iter().zip(right).map(|(left, right)| equal(left, right)).collect();
    all(&items)
}

fn equal_contexts(left: &Context, right: &Context) -> Option<bool> {
    if left.len() != right.len() || left.names().iter().any(|name| right.get(name).is_none()) {
        return Some(false);
    }
    let entries: Vec<Option<bool>> =
        left.entries().map(|(name, value)| right.get(name).and_then(|other| equal(value, other))).collect();
    all(&entries)
}

/// Parts that must all be equal: one that is not decides, whatever is not known of the others.
fn all(parts: &[Option<bool>]) -> Option<bool> {
    if parts.contains(&Some(false)) {
        return Some(false);
    }
    if parts.contains(&None) { None } else { Some(true) }
}

/// Which of two values comes first; `None` where they have no order.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.chars().cmp(right.chars())),
        (Value::Date(left), Value::Date(right)) => Some(left.day_number().cmp(&right.day_number())),
        (Value::Time(left), Value::Time(right)) => left.compare(*right),
        (Value::DateTime(left), Value::DateTime(right)) => left.compare(*right),
        (Value::DaysDuration(left), Value::DaysDuration(right)) => Some(left.total_nanos().cmp(&right.total_nanos())),
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Some(left.months().cmp(&right.months())),
        _ => None,
    }
}

/// The failure of an operation between two values.
fn neither(left: &Value, right: &Value) -> Failure {
    unexpected(if matches!(left, Value::Null) { left } else { right })
}

/// Unary minus.
pub(crate) fn negate(of: &Value) -> Outcome {
    match of {
        Value::Number(number) => Ok(Value::Number(number.negate())),
        Value::DaysDuration(duration) => Ok(Value::DaysDuration(duration.negate()?)),
        Value::MonthsDuration(duration) => Ok(Value::MonthsDuration(duration.negate()?)),
        other => Err(unexpected(other)),
    }
}

/// An arithmetic operation over any kinds of value that have it.
pub(crate) fn arithmetic(op: ArithmeticOp, left: &Value, right: &Value) -> Outcome {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return numbers(op, *left, *right).map(Value::Number);
    }
    match op {
        ArithmeticOp::Add => add(left, right),
        ArithmeticOp::Subtract => subtract(left, right),
        ArithmeticOp::Multiply => multiply(left, right),
        ArithmeticOp::Divide => divide(left, right),
        ArithmeticOp::Power => Err(neither(left, right)),
    }
}

fn numbers(op: ArithmeticOp, left: Number, right: Number) -> Result<Number, Failure> {
    Ok(match op {
        ArithmeticOp::Add => left.checked_add(right),
        ArithmeticOp::Subtract => left.checked_sub(right),
        ArithmeticOp::Multiply => left.checked_mul(right),
        ArithmeticOp::Divide => left.checked_div(right),
        ArithmeticOp::Power => left.power(right),
    }?)
}

/// Sums of texts, and of durations with each other and with dates and times, either way round.
fn add(left: &Value, right: &Value) -> Outcome {
    Ok(match (left, right) {
        (Value::Text(left), Value::Text(right)) => Value::Text(format!("{left}{right}").into()),
        (Value::DaysDuration(left), Value::DaysDuration(right)) => Value::DaysDuration(left.checked_add(*right)?),
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Value::MonthsDuration(left.checked_add(*right)?),
        (point, Value::DaysDuration(by)) | (Value::DaysDuration(by), point) => later(point, *by)?,
        (point, Value::MonthsDuration(by)) | (Value::MonthsDuration(by), point) => months_later(point, *by)?,
        _ => return Err(neither(left, right)),
    })
}

fn subtract(left: &Value, right: &Value) -> Outcome {
    Ok(match (left, right) {
        (Value::Date(left), Value::Date(right)) => Value::DaysDuration(left.since(*right)),
        (Value::Time(left), Value::Time(right)) => Value::DaysDuration(left.since(*right)?),
        (Value::DateTime(left), Value::DateTime(right)) => Value::DaysDuration(left.since(*right)?),
        (Value::Date(left), Value::DateTime(right)) => {
            Value::DaysDuration(DateTime::at_midnight_utc(*left).since(*right)?)
        }
        (Value::DateTime(left), Value::Date(right)) => {
            Value::DaysDuration(left.since(DateTime::at_midnight_utc(*right))?)
        }
        (Value::DaysDuration(left), Value::DaysDuration(right)) => Value::DaysDuration(left.checked_sub(*right)?),
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Value::MonthsDuration(left.checked_sub(*right)?),
        (point, Value::DaysDuration(by)) => later(point, by.negate()?)?,
        (point, Value::MonthsDuration(by)) => months_later(point, by.negate()?)?,
        _ => return Err(neither(left, right)),
    })
}

fn later(point: &Value, by: DaysDuration) -> Outcome {
    Ok(match point {
        Value::Date(date) => Value::Date(date.add_duration(by)?),
        Value::Time(time) => Value::Time(time.add_duration(by)?),
        Value::DateTime(moment) => Value::DateTime(moment.add_duration(by)?),
        other => return Err(unexpected(other)),
    })
}

fn months_later(point: &Value, by: MonthsDuration) -> Outcome {
    Ok(match point {
        Value::Date(date) => Value::Date(date.add_months(by)?),
        Value::DateTime(moment) => Value::DateTime(moment.add_months(by)?),
        other => return Err(unexpected(other)),
    })
}

fn multiply(left: &Value, right: &Value) -> Outcome {
    Ok(match (left, right) {
        (Value::DaysDuration(length), Value::Number(times)) | (Value::Number(times), Value::DaysDuration(length)) => {
            Value::DaysDuration(length.multiply(*times)?)
        }
        (Value::MonthsDuration(length), Value::Number(times))
        | (Value::Number(times), Value::MonthsDuration(length)) => Value::MonthsDuration(length.multiply(*times)?),
        _ => return Err(neither(left, right)),
    })
}

fn divide(left: &Value, right: &Value) -> Outcome {
    Ok(match (left, right) {
        (Value::DaysDuration(length), Value::Number(by)) => Value::DaysDuration(length.divide(*by)?),
        (Value::MonthsDuration(length), Value::Number(by)) => Value::MonthsDuration(length.divide(*by)?),
        (Value::DaysDuration(left), Value::DaysDuration(right)) => Value::Number(left.ratio(*right)?),
        (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Value::Number(left.ratio(*right)?),
        _ => return Err(neither(left, right)),
    })
}

/// A property of a date, time, duration or range (DMN 1.5, table 65).
pub(crate) fn property(of: &Value, name: &str) -> Outcome {
    let found = match of {
        Value::Date(date) => date_property(*date, name),
        Value::Time(time) => time_property(*time, name),
        Value::DateTime(moment) if name == "time offset" => Some(offset(moment.offset_seconds())),
        Value::DateTime(moment) => date_property(moment.date(), name).or_else(|| time_property(moment.time(), name)),
        Value::DaysDuration(duration) => days_property(*duration, name),
        Value::MonthsDuration(duration) => months_property(*duration, name),
        Value::Range(range) => range_property(range, name),
        _ => None,
    };
    found.ok_or_else(|| unexpected(of))
}

fn date_property(date: Date, name: &str) -> Option<Value> {
    let number = match name {
        "year" => i64::from(date.year()),
        "month" => i64::from(date.month()),
        "day" => i64::from(date.day()),
        "weekday" => i64::from(date.weekday()),
        _ => return None,
    };
    Some(Value::Number(number.into()))
}

fn time_property(time: Time, name: &str) -> Option<Value> {
    let number = match name {
        "hour" => i64::from(time.hour()),
        "minute" => i64::from(time.minute()),
        "second" => i64::from(time.second()),
        "time offset" => return Some(offset(time.zone().offset_seconds().ok().flatten())),
        "timezone" => return Some(zone_name(time.zone())),
        _ => return None,
    };
    Some(Value::Number(number.into()))
}

fn offset(seconds: Option<i32>) -> Value {
    seconds.map_or(Value::Null, |seconds| Value::DaysDuration(DaysDuration::from_seconds(seconds.into())))
}

fn zone_name(zone: Zone) -> Value {
    match zone {
        Zone::Named(name) => Value::Text(name.name().into()),
        _ => Value::Null,
    }
}

fn days_property(duration: DaysDuration, name: &str) -> Option<Value> {
    let (days, hours, minutes, seconds) = duration.parts();
    let number = match name {
        "days" => days,
        "hours" => hours,
        "minutes" => minutes,
        "seconds" => seconds,
        _ => return None,
    };
    Some(Value::Number(number.into()))
}

fn months_property(duration: MonthsDuration, name: &str) -> Option<Value> {
    let (years, months) = duration.parts();
    let number = match name {
        "years" => years,
        "months" => months,
        _ => return None,
    };
    Some(Value::Number(number.into()))
}

fn range_property(range: &Range, name: &str) -> Option<Value> {
    match name {
        "start" => Some(range.low.clone()),
        "end" => Some(range.high.clone()),
        "start included" => Some(Value::Boolean(range.low_closed)),
        "end included" => Some(Value::Boolean(range.high_closed)),
        _ => None,
    }
}
