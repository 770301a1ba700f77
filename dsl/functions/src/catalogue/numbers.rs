//! Functions on numbers (DMN 1.5, clause 10.3.4.5).

use dictamen_value::{Number, NumberError, Rounding, Value};

use super::arguments::{Outcome, argument, number, scale, unsuitable};
use crate::{Entry, Example, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "numeros";
const NUMBER_AND_SCALE: &[Parameter] =
    &[Parameter::required("n", Shape::Unit(0)), Parameter::required("scale", Shape::Number)];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "decimal",
        chapter: CHAPTER,
        doc_es: "Redondea a tantos decimales; en la mitad exacta, al par más cercano.",
        doc_en: "Rounds to so many digits after the point; exactly halfway, to the even neighbour.",
        signatures: &[Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), decimal)],
        examples: &[
            Example::new("decimal(1/3, 2)", "0.33"),
            Example::new("decimal(1.5, 0)", "2"),
            Example::new("decimal(2.5, 0)", "2"),
            Example::new("decimal(1234, -2)", "1200"),
        ],
    },
    Entry {
        name: "floor",
        chapter: CHAPTER,
        doc_es: "El mayor número con tantos decimales (ninguno, si no se dicen) que no supera al dado.",
        doc_en: "The greatest number with so many digits after the point (none, if not given) that is not greater.",
        signatures: &[
            Signature::new(&[Parameter::required("n", Shape::Number)], Shape::Integer, floor),
            Signature::new(&[Parameter::required("n", Shape::Unit(0))], Shape::Unit(0), floor),
            Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), floor),
        ],
        examples: &[
            Example::new("floor(1.5)", "1"),
            Example::new("floor(-1.5)", "-2"),
            Example::new("floor(-1.56, 1)", "-1.6"),
        ],
    },
    Entry {
        name: "ceiling",
        chapter: CHAPTER,
        doc_es: "El menor número con tantos decimales (ninguno, si no se dicen) que no es menor que el dado.",
        doc_en: "The least number with so many digits after the point (none, if not given) that is not less.",
        signatures: &[
            Signature::new(&[Parameter::required("n", Shape::Number)], Shape::Integer, ceiling),
            Signature::new(&[Parameter::required("n", Shape::Unit(0))], Shape::Unit(0), ceiling),
            Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), ceiling),
        ],
        examples: &[
            Example::new("ceiling(1.5)", "2"),
            Example::new("ceiling(-1.5)", "-1"),
            Example::new("ceiling(-1.56, 1)", "-1.5"),
        ],
    },
    Entry {
        name: "round up",
        chapter: CHAPTER,
        doc_es: "Redondea a tantos decimales, alejándose de cero.",
        doc_en: "Rounds to so many digits after the point, away from zero.",
        signatures: &[Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), round_up)],
        examples: &[Example::new("round up(5.5, 0)", "6"), Example::new("round up(-1.126, 2)", "-1.13")],
    },
    Entry {
        name: "round down",
        chapter: CHAPTER,
        doc_es: "Redondea a tantos decimales, hacia cero.",
        doc_en: "Rounds to so many digits after the point, towards zero.",
        signatures: &[Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), round_down)],
        examples: &[Example::new("round down(5.5, 0)", "5"), Example::new("round down(-1.126, 2)", "-1.12")],
    },
    Entry {
        name: "round half up",
        chapter: CHAPTER,
        doc_es: "Redondea a tantos decimales, al más cercano; en la mitad exacta, alejándose de cero.",
        doc_en: "Rounds to so many digits after the point, to the nearest; exactly halfway, away from zero.",
        signatures: &[Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), round_half_up)],
        examples: &[
            Example::new("round half up(5.5, 0)", "6"),
            Example::new("round half up(-5.5, 0)", "-6"),
            Example::new("round half up(1.121, 2)", "1.12"),
        ],
    },
    Entry {
        name: "round half down",
        chapter: CHAPTER,
        doc_es: "Redondea a tantos decimales, al más cercano; en la mitad exacta, hacia cero.",
        doc_en: "Rounds to so many digits after the point, to the nearest; exactly halfway, towards zero.",
        signatures: &[Signature::new(NUMBER_AND_SCALE, Shape::Unit(0), round_half_down)],
        examples: &[Example::new("round half down(5.5, 0)", "5"), Example::new("round half down(-1.126, 2)", "-1.13")],
    },
    Entry {
        name: "abs",
        chapter: CHAPTER,
        doc_es: "El valor sin su signo: de un número o de una duración.",
        doc_en: "The value without its sign: of a number or a duration.",
        signatures: &[
            Signature::new(&[Parameter::required("n", Shape::Integer)], Shape::Integer, abs),
            Signature::new(&[Parameter::required("n", Shape::Unit(0))], Shape::Unit(0), abs),
            Signature::new(&[Parameter::required("n", Shape::DaysDuration)], Shape::DaysDuration, abs),
            Signature::new(&[Parameter::required("n", Shape::MonthsDuration)], Shape::MonthsDuration, abs),
        ],
        examples: &[Example::new("abs(-10)", "10"), Example::new("abs(@\"-PT5H\")", "duration(\"PT5H\")")],
    },
    Entry {
        name: "modulo",
        chapter: CHAPTER,
        doc_es: "Lo que queda al dividir; tiene el signo del divisor.",
        doc_en: "What is left after dividing; it has the sign of the divisor.",
        signatures: &[
            Signature::new(
                &[Parameter::required("dividend", Shape::Integer), Parameter::required("divisor", Shape::Integer)],
                Shape::Integer,
                modulo,
            ),
            Signature::new(
                &[Parameter::required("dividend", Shape::Unit(0)), Parameter::required("divisor", Shape::Unit(0))],
                Shape::Unit(0),
                modulo,
            ),
        ],
        examples: &[
            Example::new("modulo(12, 5)", "2"),
            Example::new("modulo(-12, 5)", "3"),
            Example::new("modulo(12, -5)", "-3"),
            Example::new("modulo(10.1, 4.5)", "1.1"),
        ],
    },
    Entry {
        name: "sqrt",
        chapter: CHAPTER,
        doc_es: "La raíz cuadrada.",
        doc_en: "The square root.",
        signatures: &[Signature::new(&[Parameter::required("number", Shape::Number)], Shape::Number, sqrt)],
        examples: &[Example::new("sqrt(16)", "4")],
    },
    Entry {
        name: "log",
        chapter: CHAPTER,
        doc_es: "El logaritmo natural.",
        doc_en: "The natural logarithm.",
        signatures: &[Signature::new(&[Parameter::required("number", Shape::Number)], Shape::Number, log)],
        examples: &[Example::new("decimal(log(10), 8)", "2.30258509")],
    },
    Entry {
        name: "exp",
        chapter: CHAPTER,
        doc_es: "El número e elevado al número dado.",
        doc_en: "The number e raised to the given one.",
        signatures: &[Signature::new(&[Parameter::required("number", Shape::Number)], Shape::Number, exp)],
        examples: &[Example::new("decimal(exp(5), 8)", "148.41315910")],
    },
    Entry {
        name: "odd",
        chapter: CHAPTER,
        doc_es: "Si un número entero es impar.",
        doc_en: "Whether a whole number is odd.",
        signatures: &[Signature::new(&[Parameter::required("number", Shape::Integer)], Shape::Boolean, odd)],
        examples: &[Example::new("odd(5)", "true"), Example::new("odd(-2)", "false")],
    },
    Entry {
        name: "even",
        chapter: CHAPTER,
        doc_es: "Si un número entero es par.",
        doc_en: "Whether a whole number is even.",
        signatures: &[Signature::new(&[Parameter::required("number", Shape::Integer)], Shape::Boolean, even)],
        examples: &[Example::new("even(5)", "false"), Example::new("even(-2)", "true")],
    },
];

fn decimal(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::HalfEven)
}

fn floor(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::Floor)
}

fn ceiling(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::Ceiling)
}

fn round_up(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::Up)
}

fn round_down(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::Down)
}

fn round_half_up(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::HalfUp)
}

fn round_half_down(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    rounded(arguments, Rounding::HalfDown)
}

fn abs(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    match argument(arguments, 0)? {
        Value::Number(number) => Ok(Value::from(number.abs())),
        Value::DaysDuration(duration) => Ok(Value::from(duration.abs()?)),
        Value::MonthsDuration(duration) => Ok(Value::from(duration.abs()?)),
        _ => Err(unsuitable(0)),
    }
}

fn modulo(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(number(arguments, 0)?.modulo(number(arguments, 1)?)?))
}

fn sqrt(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(number(arguments, 0)?.sqrt()?))
}

fn log(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(number(arguments, 0)?.ln()?))
}

fn exp(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(number(arguments, 0)?.exp()?))
}

fn odd(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(!is_even(number(arguments, 0)?)?))
}

fn even(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(is_even(number(arguments, 0)?)?))
}

fn is_even(number: Number) -> Result<bool, NumberError> {
    Ok(number.modulo(Number::from(2))?.is_zero())
}

/// Rounds the first argument to the scale in the second, or to a whole number.
fn rounded(arguments: &[Value], rounding: Rounding) -> Outcome {
    let scale = if arguments.len() > 1 { scale(arguments, 1)? } else { 0 };
    Ok(Value::from(number(arguments, 0)?.round(scale, rounding)?))
}
