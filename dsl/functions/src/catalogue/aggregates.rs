//! Functions that make one value of many (DMN 1.5, clauses 10.3.4.4 and 10.3.4.5).

use std::cmp::Ordering;

use dictamen_value::{Number, Value};

use super::arguments::{Outcome, list, unsuitable};
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "agregados";
const ONE_LIST_OF_ANY: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Any))];
const ONE_LIST: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Same(0)))];
const MANY: &[Parameter] = &[Parameter::variadic("c", Shape::Same(0))];
const INTEGERS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Integer))];
const NUMBERS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Number))];
const UNITS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Unit(0)))];
const DAYS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::DaysDuration))];
const MONTHS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::MonthsDuration))];
const BOOLEANS: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Boolean))];
const BOOLEANS_OR_NULL: &[Parameter] = &[Parameter::required("list", Shape::List(&Shape::Optional(&Shape::Boolean)))];
const MANY_INTEGERS: &[Parameter] = &[Parameter::variadic("n", Shape::Integer)];
const MANY_NUMBERS: &[Parameter] = &[Parameter::variadic("n", Shape::Number)];
const MANY_UNITS: &[Parameter] = &[Parameter::variadic("n", Shape::Unit(0))];
const MANY_DAYS: &[Parameter] = &[Parameter::variadic("n", Shape::DaysDuration)];
const MANY_MONTHS: &[Parameter] = &[Parameter::variadic("n", Shape::MonthsDuration)];
const MANY_BOOLEANS: &[Parameter] = &[Parameter::variadic("b", Shape::Boolean)];
const MANY_BOOLEANS_OR_NULL: &[Parameter] = &[Parameter::variadic("b", Shape::Optional(&Shape::Boolean))];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "count",
        chapter: CHAPTER,
        doc_es: "Cuántos elementos hay.",
        doc_en: "How many elements there are.",
        signatures: &[Signature::new(ONE_LIST_OF_ANY, Shape::Integer, count)],
        examples: &[
            Example::new("count([1, 2, 3])", "3"),
            Example::new("count([])", "0"),
            Example::new("count([1, [2, 3]])", "2"),
        ],
    },
    Entry {
        name: "min",
        chapter: CHAPTER,
        doc_es: "El menor: de números, textos, fechas, horas o duraciones.",
        doc_en: "The least: of numbers, texts, dates, times or durations.",
        signatures: &[Signature::new(ONE_LIST, Shape::Same(0), min), Signature::new(MANY, Shape::Same(0), min_each)],
        examples: &[
            Example::new("min([1, 2, 3])", "1"),
            Example::new("min(1, 2, 3)", "1"),
            Example::new("min([@\"2026-02-01\", @\"2026-01-31\"])", "@\"2026-01-31\""),
        ],
    },
    Entry {
        name: "max",
        chapter: CHAPTER,
        doc_es: "El mayor: de números, textos, fechas, horas o duraciones.",
        doc_en: "The greatest: of numbers, texts, dates, times or durations.",
        signatures: &[Signature::new(ONE_LIST, Shape::Same(0), max), Signature::new(MANY, Shape::Same(0), max_each)],
        examples: &[Example::new("max([1, 2, 3])", "3"), Example::new("max(\"a\", \"b\")", "\"b\"")],
    },
    Entry {
        name: "sum",
        chapter: CHAPTER,
        doc_es: "La suma de números o de duraciones; de ninguno no hay suma.",
        doc_en: "The sum of numbers or durations; of none there is no sum.",
        signatures: &[
            Signature::new(INTEGERS, Shape::Integer, sum),
            Signature::new(UNITS, Shape::Unit(0), sum),
            Signature::new(DAYS, Shape::DaysDuration, sum),
            Signature::new(MONTHS, Shape::MonthsDuration, sum),
            Signature::new(MANY_INTEGERS, Shape::Integer, sum_each),
            Signature::new(MANY_UNITS, Shape::Unit(0), sum_each),
            Signature::new(MANY_DAYS, Shape::DaysDuration, sum_each),
            Signature::new(MANY_MONTHS, Shape::MonthsDuration, sum_each),
        ],
        examples: &[
            Example::new("sum([1, 2, 3])", "6"),
            Example::new("sum(0.1, 0.2)", "0.3"),
            Example::new("sum([@\"P1D\", @\"PT12H\"])", "@\"P1DT12H\""),
        ],
    },
    Entry {
        name: "mean",
        chapter: CHAPTER,
        doc_es: "La media aritmética de números o de duraciones.",
        doc_en: "The arithmetic mean of numbers or durations.",
        signatures: &[
            Signature::new(UNITS, Shape::Unit(0), mean),
            Signature::new(DAYS, Shape::DaysDuration, mean),
            Signature::new(MONTHS, Shape::MonthsDuration, mean),
            Signature::new(MANY_UNITS, Shape::Unit(0), mean_each),
            Signature::new(MANY_DAYS, Shape::DaysDuration, mean_each),
            Signature::new(MANY_MONTHS, Shape::MonthsDuration, mean_each),
        ],
        examples: &[Example::new("mean([1, 2, 3])", "2"), Example::new("mean(1, 2)", "1.5")],
    },
    Entry {
        name: "all",
        chapter: CHAPTER,
        doc_es: "Falso si alguno es falso; si no, verdadero, o null si falta alguno.",
        doc_en: "False if any is false; else true, or null if one is missing.",
        signatures: &[
            Signature::new(BOOLEANS, Shape::Boolean, all),
            Signature::new(BOOLEANS_OR_NULL, Shape::Optional(&Shape::Boolean), all),
            Signature::new(MANY_BOOLEANS, Shape::Boolean, all_each),
            Signature::new(MANY_BOOLEANS_OR_NULL, Shape::Optional(&Shape::Boolean), all_each),
        ],
        examples: &[
            Example::new("all([true, false])", "false"),
            Example::new("all([])", "true"),
            Example::new("all(true, null)", "null"),
            Example::new("all(false, null)", "false"),
        ],
    },
    Entry {
        name: "any",
        chapter: CHAPTER,
        doc_es: "Verdadero si alguno es verdadero; si no, falso, o null si falta alguno.",
        doc_en: "True if any is true; else false, or null if one is missing.",
        signatures: &[
            Signature::new(BOOLEANS, Shape::Boolean, any),
            Signature::new(BOOLEANS_OR_NULL, Shape::Optional(&Shape::Boolean), any),
            Signature::new(MANY_BOOLEANS, Shape::Boolean, any_each),
            Signature::new(MANY_BOOLEANS_OR_NULL, Shape::Optional(&Shape::Boolean), any_each),
        ],
        examples: &[
            Example::new("any([true, false])", "true"),
            Example::new("any([])", "false"),
            Example::new("any(false, null)", "null"),
            Example::new("any(true, null)", "true"),
        ],
    },
    Entry {
        name: "product",
        chapter: CHAPTER,
        doc_es: "El producto de números; de ninguno no hay producto.",
        doc_en: "The product of numbers; of none there is no product.",
        signatures: &[
            Signature::new(INTEGERS, Shape::Integer, product),
            Signature::new(NUMBERS, Shape::Number, product),
            Signature::new(MANY_INTEGERS, Shape::Integer, product_each),
            Signature::new(MANY_NUMBERS, Shape::Number, product_each),
        ],
        examples: &[Example::new("product([2, 3, 4])", "24"), Example::new("product(2, 0.5)", "1")],
    },
    Entry {
        name: "median",
        chapter: CHAPTER,
        doc_es: "El número del medio, o la media de los dos del medio.",
        doc_en: "The number in the middle, or the mean of the two in the middle.",
        signatures: &[
            Signature::new(UNITS, Shape::Unit(0), median),
            Signature::new(MANY_UNITS, Shape::Unit(0), median_each),
        ],
        examples: &[Example::new("median(8, 2, 5, 3, 4)", "4"), Example::new("median([6, 1, 2, 3])", "2.5")],
    },
    Entry {
        name: "stddev",
        chapter: CHAPTER,
        doc_es: "La desviación estándar de una muestra de al menos dos números.",
        doc_en: "The standard deviation of a sample of at least two numbers.",
        signatures: &[
            Signature::new(UNITS, Shape::Unit(0), stddev),
            Signature::new(MANY_UNITS, Shape::Unit(0), stddev_each),
        ],
        examples: &[
            Example::new("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
            Example::new("stddev([47, 47])", "0"),
        ],
    },
    Entry {
        name: "mode",
        chapter: CHAPTER,
        doc_es: "Los números más frecuentes, de menor a mayor.",
        doc_en: "The most frequent numbers, in ascending order.",
        signatures: &[
            Signature::new(UNITS, Shape::List(&Shape::Unit(0)), mode),
            Signature::new(MANY_UNITS, Shape::List(&Shape::Unit(0)), mode_each),
        ],
        examples: &[
            Example::new("mode(6, 3, 9, 6, 6)", "[6]"),
            Example::new("mode([6, 1, 9, 6, 1])", "[1, 6]"),
            Example::new("mode([])", "[]"),
        ],
    },
];

/// A body for one list and a body for arguments one by one, from what to do with the values.
macro_rules! over_values {
    ($($of_list:ident, $of_each:ident: $aggregate:path;)*) => {
        $(
            fn $of_list(arguments: &[Value], host: &mut dyn Host) -> Outcome {
                let values = list(arguments, 0)?;
                host.charge(values.len())?;
                $aggregate(values)
            }

            fn $of_each(arguments: &[Value], host: &mut dyn Host) -> Outcome {
                host.charge(arguments.len())?;
                at_least_one(arguments)?;
                $aggregate(arguments)
            }
        )*
    };
}

over_values! {
    min, min_each: least;
    max, max_each: greatest;
    sum, sum_each: sum_values;
    mean, mean_each: mean_values;
    all, all_each: all_hold;
    any, any_each: any_holds;
    product, product_each: product_values;
    median, median_each: median_values;
    stddev, stddev_each: deviation;
    mode, mode_each: most_frequent;
}

fn count(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let values = list(arguments, 0)?;
    host.charge(values.len())?;
    Ok(Value::from(values.len()))
}

fn least(values: &[Value]) -> Outcome {
    extreme(values, Ordering::Less)
}

fn greatest(values: &[Value]) -> Outcome {
    extreme(values, Ordering::Greater)
}

/// The value that comes first, or last; of equal ones, the first written.
fn extreme(values: &[Value], wanted: Ordering) -> Outcome {
    let (mut best, rest) = at_least_one(values)?;
    for value in rest {
        if value.order(best).ok_or_else(|| not_comparable(value, best))? == wanted {
            best = value;
        }
    }
    // One alone must be of a kind that has an order, too.
    best.order(best).ok_or_else(|| not_comparable(best, best))?;
    Ok(best.clone())
}

fn sum_values(values: &[Value]) -> Outcome {
    let (first, rest) = at_least_one(values)?;
    rest.iter().try_fold(first.clone(), |total, value| Ok(total.add(value)?))
}

fn mean_values(values: &[Value]) -> Outcome {
    Ok(sum_values(values)?.divide(&Value::from(values.len()))?)
}

fn all_hold(values: &[Value]) -> Outcome {
    decisive(values, false)
}

fn any_holds(values: &[Value]) -> Outcome {
    decisive(values, true)
}

/// The decisive boolean where it is there, else null where a null is, else its opposite.
fn decisive(values: &[Value], decisive: bool) -> Outcome {
    if values.iter().any(|value| value.as_bool() == Some(decisive)) {
        return Ok(Value::from(decisive));
    }
    Ok(if values.iter().any(Value::is_null) { Value::Null } else { Value::from(!decisive) })
}

fn product_values(values: &[Value]) -> Outcome {
    let (first, rest) = at_least_one(values)?;
    rest.iter().try_fold(first.clone(), |total, value| Ok(total.multiply(value)?))
}

fn median_values(values: &[Value]) -> Outcome {
    at_least_one(values)?;
    let sorted = sorted_numbers(values)?;
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle).ok_or_else(|| unsuitable(0))?;
    if sorted.len() % 2 == 1 {
        return Ok(Value::from(upper));
    }
    let lower = *sorted.get(middle.saturating_sub(1)).ok_or_else(|| unsuitable(0))?;
    Ok(Value::from(lower.checked_add(upper)?.checked_div(Number::from(2))?))
}

fn deviation(values: &[Value]) -> Outcome {
    if values.len() < 2 {
        return Err(FunctionError::domain(
            "la desviación estándar de una muestra necesita al menos dos números",
            "the standard deviation of a sample needs at least two numbers",
        ));
    }
    let numbers = sorted_numbers(values)?;
    let mean = mean_values(values)?.as_number().ok_or_else(|| unsuitable(0))?;
    let mut squares = Number::ZERO;
    for number in &numbers {
        let distance = number.checked_sub(mean)?;
        squares = squares.checked_add(distance.checked_mul(distance)?)?;
    }
    let degrees_of_freedom = Number::from(numbers.len().saturating_sub(1));
    Ok(Value::from(squares.checked_div(degrees_of_freedom)?.sqrt()?))
}

fn most_frequent(values: &[Value]) -> Outcome {
    let sorted = sorted_numbers(values)?;
    let runs: Vec<&[Number]> = sorted.chunk_by(|left, right| left == right).collect();
    let most = runs.iter().map(|run| run.len()).max().unwrap_or_default();
    let modes = runs.into_iter().filter(|run| run.len() == most).filter_map(|run| run.first());
    Ok(Value::list(modes.map(|number| Value::from(*number)).collect()))
}

fn sorted_numbers(values: &[Value]) -> Result<Vec<Number>, FunctionError> {
    let numbers = values.iter().map(|value| value.as_number().ok_or_else(|| unsuitable(0)));
    let mut numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    numbers.sort_unstable();
    Ok(numbers)
}

pub(super) fn at_least_one(values: &[Value]) -> Result<(&Value, &[Value]), FunctionError> {
    values.split_first().ok_or_else(|| {
        FunctionError::domain("no hay valores: se esperaba al menos uno", "there are no values: expected at least one")
    })
}

fn not_comparable(left: &Value, right: &Value) -> FunctionError {
    let (left, right) = (left.type_name(), right.type_name());
    FunctionError::domain(
        format!("no se pueden comparar {} y {}", left.es, right.es),
        format!("cannot compare {} and {}", left.en, right.en),
    )
}
