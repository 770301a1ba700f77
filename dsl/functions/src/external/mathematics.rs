//! `java.lang.Math`: transcendental functions by a port of musl's library in
//! Rust, so that every machine gives the same bits. `random` is not in the list: a decision has no chance in it.
#![expect(clippy::float_arithmetic, reason = "these methods are defined over binary floating point")]

use dictamen_value::Message;

use super::java::{Java, Kind, argument};
use super::{Body, Method};

const CLASS: &str = "java.lang.Math";
const D: &[Kind] = &[Kind::Double];
const DD: &[Kind] = &[Kind::Double, Kind::Double];
const DDD: &[Kind] = &[Kind::Double, Kind::Double, Kind::Double];
const DI: &[Kind] = &[Kind::Double, Kind::Int];
const F: &[Kind] = &[Kind::Float];
const FF: &[Kind] = &[Kind::Float, Kind::Float];
const I: &[Kind] = &[Kind::Int];
const II: &[Kind] = &[Kind::Int, Kind::Int];
const L: &[Kind] = &[Kind::Long];
const LL: &[Kind] = &[Kind::Long, Kind::Long];
const LI: &[Kind] = &[Kind::Long, Kind::Int];

const fn one(name: &'static str, body: fn(f64) -> f64) -> Method {
    Method::new(CLASS, name, D, Body::Double1(body))
}

const fn two(name: &'static str, body: fn(f64, f64) -> f64) -> Method {
    Method::new(CLASS, name, DD, Body::Double2(body))
}

const fn whole(name: &'static str, parameters: &'static [Kind], body: fn(i64, i64) -> Option<i64>) -> Method {
    Method::new(CLASS, name, parameters, Body::Long2(body))
}

const fn whole_of_one(name: &'static str, parameters: &'static [Kind], body: fn(i64) -> Option<i64>) -> Method {
    Method::new(CLASS, name, parameters, Body::Long1(body))
}

const fn any(name: &'static str, parameters: &'static [Kind], body: fn(&[Java]) -> Result<Java, Message>) -> Method {
    Method::new(CLASS, name, parameters, Body::Any(body))
}

pub(super) const METHODS: &[Method] = &[
    one("sin", libm::sin),
    one("cos", libm::cos),
    one("tan", libm::tan),
    one("asin", libm::asin),
    one("acos", libm::acos),
    one("atan", libm::atan),
    one("sinh", libm::sinh),
    one("cosh", libm::cosh),
    one("tanh", libm::tanh),
    one("exp", libm::exp),
    one("expm1", libm::expm1),
    one("log", libm::log),
    one("log10", libm::log10),
    one("log1p", libm::log1p),
    one("sqrt", libm::sqrt),
    one("cbrt", libm::cbrt),
    one("ceil", libm::ceil),
    one("floor", libm::floor),
    one("rint", libm::rint),
    one("abs", libm::fabs),
    one("toRadians", |degrees| degrees * (std::f64::consts::PI / 180.0)),
    one("toDegrees", |radians| radians * (180.0 / std::f64::consts::PI)),
    one("signum", signum),
    one("ulp", |number| libm::nextafter(libm::fabs(number), f64::INFINITY) - libm::fabs(number)),
    one("nextUp", |number| libm::nextafter(number, f64::INFINITY)),
    one("nextDown", |number| libm::nextafter(number, f64::NEG_INFINITY)),
    two("atan2", libm::atan2),
    two("pow", power),
    two("hypot", libm::hypot),
    two("max", f64::max),
    two("min", f64::min),
    two("copySign", libm::copysign),
    two("nextAfter", libm::nextafter),
    two("IEEEremainder", libm::remainder),
    any("fma", DDD, fused),
    any("scalb", DI, scaled),
    any("round", D, |arguments| Ok(Java::Long(rounded(argument(arguments, 0)?.double()?)))),
    any("round", F, |arguments| {
        let rounded = rounded(argument(arguments, 0)?.double()?);
        Ok(Java::Long(rounded.clamp(i32::MIN.into(), i32::MAX.into())))
    }),
    any("abs", F, |arguments| Ok(Java::Float(argument(arguments, 0)?.float()?.abs()))),
    any("max", FF, |arguments| Ok(Java::Float(argument(arguments, 0)?.float()?.max(argument(arguments, 1)?.float()?)))),
    any("min", FF, |arguments| Ok(Java::Float(argument(arguments, 0)?.float()?.min(argument(arguments, 1)?.float()?)))),
    any("signum", F, |arguments| Ok(Java::Double(signum(argument(arguments, 0)?.double()?)))),
    any("getExponent", D, |arguments| Ok(Java::Long(libm::ilogb(argument(arguments, 0)?.double()?).into()))),
    whole("max", II, |a, b| Some(a.max(b))),
    whole("max", LL, |a, b| Some(a.max(b))),
    whole("min", II, |a, b| Some(a.min(b))),
    whole("min", LL, |a, b| Some(a.min(b))),
    whole("addExact", II, i64::checked_add),
    whole("addExact", LL, i64::checked_add),
    whole("subtractExact", II, i64::checked_sub),
    whole("subtractExact", LL, i64::checked_sub),
    whole("multiplyExact", II, i64::checked_mul),
    whole("multiplyExact", LL, i64::checked_mul),
    whole("multiplyExact", LI, i64::checked_mul),
    whole("multiplyFull", II, i64::checked_mul),
    whole("floorDiv", II, floor_div),
    whole("floorDiv", LL, floor_div),
    whole("floorDiv", LI, floor_div),
    whole("floorMod", II, floor_mod),
    whole("floorMod", LL, floor_mod),
    whole("floorMod", LI, floor_mod),
    whole("ceilDiv", II, ceil_div),
    whole("ceilDiv", LL, ceil_div),
    whole("ceilDiv", LI, ceil_div),
    whole("ceilMod", II, ceil_mod),
    whole("ceilMod", LL, ceil_mod),
    whole("ceilMod", LI, ceil_mod),
    any("clamp", DDD, clamped),
    whole_of_one("abs", I, i64::checked_abs),
    whole_of_one("abs", L, i64::checked_abs),
    whole_of_one("absExact", I, i64::checked_abs),
    whole_of_one("absExact", L, i64::checked_abs),
    whole_of_one("negateExact", I, i64::checked_neg),
    whole_of_one("negateExact", L, i64::checked_neg),
    whole_of_one("incrementExact", I, |number| number.checked_add(1)),
    whole_of_one("incrementExact", L, |number| number.checked_add(1)),
    whole_of_one("decrementExact", I, |number| number.checked_sub(1)),
    whole_of_one("decrementExact", L, |number| number.checked_sub(1)),
    whole_of_one("toIntExact", L, |number| i32::try_from(number).ok().map(i64::from)),
];

fn signum(number: f64) -> f64 {
    if number == 0.0 || number.is_nan() { number } else { libm::copysign(1.0, number) }
}

/// Java's, whose result is no number where |base| is 1 and the exponent infinite; FEEL has no infinities to give it.
fn power(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

fn fused(arguments: &[Java]) -> Result<Java, Message> {
    let at = |position| argument(arguments, position)?.double();
    Ok(Java::Double(libm::fma(at(0)?, at(1)?, at(2)?)))
}

fn scaled(arguments: &[Java]) -> Result<Java, Message> {
    let by = i32::try_from(argument(arguments, 1)?.long()?).unwrap_or_default();
    Ok(Java::Double(libm::scalbn(argument(arguments, 0)?.double()?, by)))
}

/// To the nearest whole number, halves up, held within `long` as Java does.
#[expect(clippy::cast_possible_truncation, reason = "the conversion saturates, as Java's does")]
fn rounded(number: f64) -> i64 {
    let below = libm::floor(number);
    (if number - below >= 0.5 { below + 1.0 } else { below }) as i64
}

fn floor_div(dividend: i64, divisor: i64) -> Option<i64> {
    let quotient = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    if rest != 0 && (rest < 0) != (divisor < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

fn ceil_div(dividend: i64, divisor: i64) -> Option<i64> {
    let quotient = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    if rest != 0 && (rest < 0) == (divisor < 0) { quotient.checked_add(1) } else { Some(quotient) }
}

fn ceil_mod(dividend: i64, divisor: i64) -> Option<i64> {
    let rest = dividend.checked_rem(divisor)?;
    if rest != 0 && (rest < 0) == (divisor < 0) { rest.checked_sub(divisor) } else { Some(rest) }
}

fn clamped(arguments: &[Java]) -> Result<Java, Message> {
    let at = |position| argument(arguments, position)?.double();
    let (number, least, most) = (at(0)?, at(1)?, at(2)?);
    if least > most {
        return Err(Message::new("el mínimo es mayor que el máximo", "the minimum is greater than the maximum"));
    }
    Ok(Java::Double(number.max(least).min(most)))
}

fn floor_mod(dividend: i64, divisor: i64) -> Option<i64> {
    let rest = dividend.checked_rem(divisor)?;
    if rest != 0 && (rest < 0) != (divisor < 0) { rest.checked_add(divisor) } else { Some(rest) }
}
