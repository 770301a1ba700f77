//! `java.lang.String`: its static methods, and how Java writes values.

use dictamen_value::{Context, Message, Value};

use super::format;
use super::java::{Java, Kind, argument};
use super::{Body, Method};

const CLASS: &str = "java.lang.String";

type Outcome = Result<Java, Message>;

const fn any(parameters: &'static [Kind], name: &'static str, body: fn(&[Java]) -> Outcome) -> Method {
    Method::new(CLASS, name, parameters, Body::Any(body))
}

pub(super) const METHODS: &[Method] = &[
    any(&[Kind::Boolean], "valueOf", |arguments| text(argument(arguments, 0)?.boolean()?.to_string())),
    any(&[Kind::Char], "valueOf", |arguments| text(argument(arguments, 0)?.character()?.to_string())),
    any(&[Kind::Int], "valueOf", |arguments| text(argument(arguments, 0)?.long()?.to_string())),
    any(&[Kind::Long], "valueOf", |arguments| text(argument(arguments, 0)?.long()?.to_string())),
    any(&[Kind::Float], "valueOf", |arguments| text(float_text(argument(arguments, 0)?.float()?))),
    any(&[Kind::Double], "valueOf", |arguments| text(double_text(argument(arguments, 0)?.double()?))),
    any(&[Kind::Object], "valueOf", |arguments| text(object_text(argument(arguments, 0)?.value()?))),
    any(&[Kind::Text, Kind::Objects], "format", |arguments| {
        text(format::format(argument(arguments, 0)?.text()?, argument(arguments, 1)?.array()?)?)
    }),
    any(&[Kind::Text, Kind::Texts], "join", |arguments| {
        let parts: Vec<String> = argument(arguments, 1)?.array()?.iter().map(object_text).collect();
        text(parts.join(argument(arguments, 0)?.text()?))
    }),
];

fn text(text: String) -> Outcome {
    Ok(Java::Text(text.into()))
}

/// What `toString` gives of the object that a FEEL value is in Java.
pub(super) fn object_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::DateTime(moment) => moment.to_string(),
        Value::DaysDuration(duration) => duration.to_string(),
        Value::MonthsDuration(duration) => duration.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(object_text).collect::<Vec<_>>().join(", ")),
        Value::Context(context) => context_text(context),
        other => other.to_string(),
    }
}

fn context_text(context: &Context) -> String {
    let entries = context.entries().map(|(name, value)| format!("{name}={}", object_text(value)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// `Double.toString`.
pub(super) fn double_text(number: f64) -> String {
    binary_text(&format!("{number:e}"), number.is_finite())
}

/// `Float.toString`.
pub(super) fn float_text(number: f32) -> String {
    binary_text(&format!("{number:e}"), number.is_finite())
}

/// From the shortest digits `d.ddde±x`: plain from a thousandth to ten millions, else `d.dddE±x`, with one decimal at least.
fn binary_text(shortest: &str, finite: bool) -> String {
    let Some((mantissa, exponent)) = shortest.split_once('e').filter(|_| finite) else { return shortest.to_owned() };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if !(-3..7).contains(&exponent) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let rest = if rest.is_empty() { "0" } else { rest };
        return format!("{sign}{first}.{rest}E{exponent}");
    }
    let zeros = usize::try_from(exponent.saturating_neg()).unwrap_or_default();
    let digits = format!("{}{digits}", "0".repeat(zeros));
    let whole = usize::try_from(exponent.max(0)).unwrap_or_default().saturating_add(1);
    let digits = format!("{digits:0<whole$}");
    let (whole, decimals) = digits.split_at_checked(whole).unwrap_or((&digits, ""));
    let decimals = if decimals.is_empty() { "0" } else { decimals };
    format!("{sign}{whole}.{decimals}")
}
