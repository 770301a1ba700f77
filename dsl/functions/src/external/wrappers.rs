//! `java.lang.Boolean`, `Byte`, `Short`, `Integer`, `Long`, `Float`, `Double` and `Character`.

use dictamen_value::Message;

use super::java::{Java, Kind, argument};
use super::text::{double_text, float_text};
use super::{Body, Method};

type Outcome = Result<Java, Message>;

const BOOLEAN: &str = "java.lang.Boolean";
const BYTE: &str = "java.lang.Byte";
const SHORT: &str = "java.lang.Short";
const INTEGER: &str = "java.lang.Integer";
const LONG: &str = "java.lang.Long";
const FLOAT: &str = "java.lang.Float";
const DOUBLE: &str = "java.lang.Double";
const CHARACTER: &str = "java.lang.Character";

const TEXT: &[Kind] = &[Kind::Text];
const TEXT_AND_RADIX: &[Kind] = &[Kind::Text, Kind::Int];
const B: &[Kind] = &[Kind::Boolean];
const BB: &[Kind] = &[Kind::Boolean, Kind::Boolean];
const C: &[Kind] = &[Kind::Char];
const D: &[Kind] = &[Kind::Double];
const DD: &[Kind] = &[Kind::Double, Kind::Double];
const F: &[Kind] = &[Kind::Float];
const FF: &[Kind] = &[Kind::Float, Kind::Float];
const I: &[Kind] = &[Kind::Int];
const II: &[Kind] = &[Kind::Int, Kind::Int];
const L: &[Kind] = &[Kind::Long];
const LL: &[Kind] = &[Kind::Long, Kind::Long];
const S: &[Kind] = &[Kind::Short];
const Y: &[Kind] = &[Kind::Byte];

const fn any(
    class: &'static str,
    name: &'static str,
    parameters: &'static [Kind],
    body: fn(&[Java]) -> Outcome,
) -> Method {
    Method::new(class, name, parameters, Body::Any(body))
}

const fn two(
    class: &'static str,
    name: &'static str,
    kinds: &'static [Kind],
    body: fn(i64, i64) -> Option<i64>,
) -> Method {
    Method::new(class, name, kinds, Body::Long2(body))
}

pub(super) const METHODS: &[Method] = &[
    any(BOOLEAN, "parseBoolean", TEXT, truth),
    any(BOOLEAN, "valueOf", TEXT, truth),
    any(BOOLEAN, "valueOf", B, same),
    any(BOOLEAN, "toString", B, |arguments| text(argument(arguments, 0)?.boolean()?)),
    any(BOOLEAN, "logicalAnd", BB, |arguments| logical(arguments, |a, b| a && b)),
    any(BOOLEAN, "logicalOr", BB, |arguments| logical(arguments, |a, b| a || b)),
    any(BOOLEAN, "logicalXor", BB, |arguments| logical(arguments, |a, b| a != b)),
    any(BYTE, "parseByte", TEXT, byte),
    any(BYTE, "valueOf", TEXT, byte),
    any(BYTE, "valueOf", Y, same),
    any(BYTE, "toString", Y, long_text),
    any(SHORT, "parseShort", TEXT, short),
    any(SHORT, "valueOf", TEXT, short),
    any(SHORT, "valueOf", S, same),
    any(SHORT, "toString", S, long_text),
    any(INTEGER, "parseInt", TEXT, int),
    any(INTEGER, "parseInt", TEXT_AND_RADIX, int),
    any(INTEGER, "valueOf", TEXT, int),
    any(INTEGER, "valueOf", TEXT_AND_RADIX, int),
    any(INTEGER, "valueOf", I, same),
    any(INTEGER, "toString", I, long_text),
    any(INTEGER, "toHexString", I, |arguments| text(format_args!("{:x}", bits(arguments)?))),
    any(INTEGER, "toOctalString", I, |arguments| text(format_args!("{:o}", bits(arguments)?))),
    any(INTEGER, "toBinaryString", I, |arguments| text(format_args!("{:b}", bits(arguments)?))),
    any(INTEGER, "bitCount", I, |arguments| Ok(Java::Long(bits(arguments)?.count_ones().into()))),
    two(INTEGER, "max", II, |a, b| Some(a.max(b))),
    two(INTEGER, "min", II, |a, b| Some(a.min(b))),
    two(INTEGER, "sum", II, i64::checked_add),
    two(INTEGER, "compare", II, compared),
    Method::new(INTEGER, "signum", I, Body::Long1(|number| Some(number.signum()))),
    any(LONG, "parseLong", TEXT, long),
    any(LONG, "parseLong", TEXT_AND_RADIX, long),
    any(LONG, "valueOf", TEXT, long),
    any(LONG, "valueOf", TEXT_AND_RADIX, long),
    any(LONG, "valueOf", L, same),
    any(LONG, "toString", L, long_text),
    any(LONG, "toHexString", L, |arguments| text(format_args!("{:x}", argument(arguments, 0)?.long()?))),
    any(LONG, "toOctalString", L, |arguments| text(format_args!("{:o}", argument(arguments, 0)?.long()?))),
    any(LONG, "toBinaryString", L, |arguments| text(format_args!("{:b}", argument(arguments, 0)?.long()?))),
    any(LONG, "bitCount", L, |arguments| Ok(Java::Long(argument(arguments, 0)?.long()?.count_ones().into()))),
    two(LONG, "max", LL, |a, b| Some(a.max(b))),
    two(LONG, "min", LL, |a, b| Some(a.min(b))),
    two(LONG, "sum", LL, i64::checked_add),
    two(LONG, "compare", LL, compared),
    Method::new(LONG, "signum", L, Body::Long1(|number| Some(number.signum()))),
    any(FLOAT, "parseFloat", TEXT, float),
    any(FLOAT, "valueOf", TEXT, float),
    any(FLOAT, "valueOf", F, same),
    any(FLOAT, "toString", F, |arguments| text(float_text(argument(arguments, 0)?.float()?))),
    any(FLOAT, "max", FF, |arguments| float_of_two(arguments, f32::max)),
    any(FLOAT, "min", FF, |arguments| float_of_two(arguments, f32::min)),
    any(FLOAT, "sum", FF, |arguments| float_of_two(arguments, std::ops::Add::add)),
    any(DOUBLE, "parseDouble", TEXT, double),
    any(DOUBLE, "valueOf", TEXT, double),
    any(DOUBLE, "valueOf", D, same),
    any(DOUBLE, "toString", D, |arguments| text(double_text(argument(arguments, 0)?.double()?))),
    any(DOUBLE, "isNaN", D, |_| Ok(Java::Boolean(false))),
    any(DOUBLE, "isInfinite", D, |arguments| Ok(Java::Boolean(argument(arguments, 0)?.double()?.is_infinite()))),
    any(DOUBLE, "isFinite", D, |arguments| Ok(Java::Boolean(argument(arguments, 0)?.double()?.is_finite()))),
    Method::new(DOUBLE, "max", DD, Body::Double2(f64::max)),
    Method::new(DOUBLE, "min", DD, Body::Double2(f64::min)),
    Method::new(DOUBLE, "sum", DD, Body::Double2(std::ops::Add::add)),
    any(DOUBLE, "compare", DD, |arguments| {
        let order = argument(arguments, 0)?.double()?.total_cmp(&argument(arguments, 1)?.double()?);
        Ok(Java::Long(order as i64))
    }),
    any(CHARACTER, "valueOf", C, same),
    any(CHARACTER, "toString", C, |arguments| text(argument(arguments, 0)?.character()?)),
    any(CHARACTER, "toUpperCase", C, |arguments| cased(arguments, |c| c.to_uppercase().collect())),
    any(CHARACTER, "toLowerCase", C, |arguments| cased(arguments, |c| c.to_lowercase().collect())),
    any(CHARACTER, "isDigit", C, |arguments| is(arguments, |c| c.is_ascii_digit())),
    any(CHARACTER, "isLetter", C, |arguments| is(arguments, char::is_alphabetic)),
    any(CHARACTER, "isLetterOrDigit", C, |arguments| is(arguments, char::is_alphanumeric)),
    any(CHARACTER, "isAlphabetic", I, |arguments| {
        let code = u32::try_from(argument(arguments, 0)?.long()?).ok().and_then(char::from_u32);
        Ok(Java::Boolean(code.is_some_and(char::is_alphabetic)))
    }),
    any(CHARACTER, "isUpperCase", C, |arguments| is(arguments, char::is_uppercase)),
    any(CHARACTER, "isLowerCase", C, |arguments| is(arguments, char::is_lowercase)),
    any(CHARACTER, "isWhitespace", C, |arguments| is(arguments, char::is_whitespace)),
    any(CHARACTER, "getNumericValue", C, |arguments| {
        let digit = argument(arguments, 0)?.character()?.to_digit(36);
        Ok(Java::Long(digit.map_or(-1, i64::from)))
    }),
];

fn same(arguments: &[Java]) -> Outcome {
    argument(arguments, 0).cloned()
}

fn text(shown: impl std::fmt::Display) -> Outcome {
    Ok(Java::Text(shown.to_string().into()))
}

fn truth(arguments: &[Java]) -> Outcome {
    Ok(Java::Boolean(argument(arguments, 0)?.text()?.eq_ignore_ascii_case("true")))
}

fn logical(arguments: &[Java], join: fn(bool, bool) -> bool) -> Outcome {
    Ok(Java::Boolean(join(argument(arguments, 0)?.boolean()?, argument(arguments, 1)?.boolean()?)))
}

fn compared(a: i64, b: i64) -> Option<i64> {
    Some(a.cmp(&b) as i64)
}

fn byte(arguments: &[Java]) -> Outcome {
    whole(arguments, i8::MIN.into(), i8::MAX.into())
}

fn short(arguments: &[Java]) -> Outcome {
    whole(arguments, i16::MIN.into(), i16::MAX.into())
}

fn int(arguments: &[Java]) -> Outcome {
    whole(arguments, i32::MIN.into(), i32::MAX.into())
}

fn long(arguments: &[Java]) -> Outcome {
    whole(arguments, i64::MIN, i64::MAX)
}

/// Digits in a radix (10 unless there is a second argument), with a sign if any.
fn whole(arguments: &[Java], min: i64, max: i64) -> Outcome {
    let text = argument(arguments, 0)?.text()?;
    let radix = arguments.get(1).map_or(Ok(10), Java::long)?;
    let radix = u32::try_from(radix).ok().filter(|radix| (2..=36).contains(radix)).ok_or_else(|| no_number(text))?;
    let number = i64::from_str_radix(text, radix).ok().filter(|number| (min..=max).contains(number));
    number.map(Java::Long).ok_or_else(|| no_number(text))
}

fn float(arguments: &[Java]) -> Outcome {
    let text = argument(arguments, 0)?.text()?;
    let number = digits(text).parse::<f32>().ok().filter(|number| number.is_finite());
    number.map(Java::Float).ok_or_else(|| no_number(text))
}

fn double(arguments: &[Java]) -> Outcome {
    let text = argument(arguments, 0)?.text()?;
    let number = digits(text).parse::<f64>().ok().filter(|number| number.is_finite());
    number.map(Java::Double).ok_or_else(|| no_number(text))
}

/// A binary number as Java writes it: spaces around it and a suffix `f` or `d` do not count.
fn digits(text: &str) -> &str {
    let text = text.trim();
    let shorter = text.strip_suffix(['f', 'F', 'd', 'D']);
    shorter.filter(|shorter| shorter.ends_with(|last: char| last.is_ascii_digit() || last == '.')).unwrap_or(text)
}

fn no_number(text: &str) -> Message {
    Message::new(format!("\"{text}\" no es un número de ese tipo"), format!("\"{text}\" is not a number of that type"))
}

fn long_text(arguments: &[Java]) -> Outcome {
    text(argument(arguments, 0)?.long()?)
}

fn bits(arguments: &[Java]) -> Result<u32, Message> {
    let number = argument(arguments, 0)?.long()?;
    Ok(i32::try_from(number).unwrap_or_default().cast_unsigned())
}

fn float_of_two(arguments: &[Java], body: fn(f32, f32) -> f32) -> Outcome {
    Ok(Java::Float(body(argument(arguments, 0)?.float()?, argument(arguments, 1)?.float()?)))
}

/// Java leaves a character alone whose other case is more than one.
fn cased(arguments: &[Java], other: fn(char) -> Vec<char>) -> Outcome {
    let character = argument(arguments, 0)?.character()?;
    Ok(Java::Char(match other(character).as_slice() {
        [only] => *only,
        _ => character,
    }))
}

fn is(arguments: &[Java], test: fn(char) -> bool) -> Outcome {
    Ok(Java::Boolean(test(argument(arguments, 0)?.character()?)))
}
