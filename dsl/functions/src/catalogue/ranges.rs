//! How points and ranges lie to each other (DMN 1.5, clause 10.3.4.9).

use std::cmp::Ordering;

use dictamen_value::{Range, Value};

use super::arguments::{Outcome, argument};
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "rangos";
const POINT: Shape = Shape::Same(0);
const RANGE: Shape = Shape::Range(&Shape::Same(0));

const POINT_POINT: &[Parameter] = &[Parameter::required("point1", POINT), Parameter::required("point2", POINT)];
const POINT_RANGE: &[Parameter] = &[Parameter::required("point", POINT), Parameter::required("range", RANGE)];
const RANGE_POINT: &[Parameter] = &[Parameter::required("range", RANGE), Parameter::required("point", POINT)];
const RANGE_RANGE: &[Parameter] = &[Parameter::required("range1", RANGE), Parameter::required("range2", RANGE)];

type Body = fn(&[Value], &mut dyn Host) -> Outcome;

/// Ranges come before points, because at run time a point may be anything.
const fn signature(parameters: &'static [Parameter], body: Body) -> Signature {
    Signature::new(parameters, Shape::Boolean, body)
}

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "before",
        chapter: CHAPTER,
        doc_es: "Si el primero (punto o rango) termina antes de que el segundo empiece.",
        doc_en: "Whether the first (point or range) ends before the second starts.",
        signatures: &[
            signature(RANGE_RANGE, before),
            signature(RANGE_POINT, before),
            signature(POINT_RANGE, before),
            signature(POINT_POINT, before),
        ],
        examples: &[
            Example::new("before(1, 10)", "true"),
            Example::new("before(1, (1..10])", "true"),
            Example::new("before([1..10], 10)", "false"),
            Example::new("before([1..10), [10..20])", "true"),
        ],
    },
    Entry {
        name: "after",
        chapter: CHAPTER,
        doc_es: "Si el primero (punto o rango) empieza después de que el segundo termina.",
        doc_en: "Whether the first (point or range) starts after the second ends.",
        signatures: &[
            signature(RANGE_RANGE, after),
            signature(RANGE_POINT, after),
            signature(POINT_RANGE, after),
            signature(POINT_POINT, after),
        ],
        examples: &[Example::new("after(12, [1..10])", "true"), Example::new("after([11..20], [1..11))", "true")],
    },
    Entry {
        name: "meets",
        chapter: CHAPTER,
        doc_es: "Si el primer rango termina en el mismo punto en que empieza el segundo, y el punto es de ambos.",
        doc_en: "Whether the first range ends at the very point at which the second starts, and both have it.",
        signatures: &[signature(RANGE_RANGE, meets)],
        examples: &[Example::new("meets([1..5], [5..10])", "true"), Example::new("meets([1..5), [5..10])", "false")],
    },
    Entry {
        name: "met by",
        chapter: CHAPTER,
        doc_es: "Si el segundo rango termina en el mismo punto en que empieza el primero, y el punto es de ambos.",
        doc_en: "Whether the second range ends at the very point at which the first starts, and both have it.",
        signatures: &[signature(RANGE_RANGE, met_by)],
        examples: &[Example::new("met by([5..10], [1..5])", "true"), Example::new("met by((5..10], [1..5])", "false")],
    },
    Entry {
        name: "overlaps",
        chapter: CHAPTER,
        doc_es: "Si los rangos tienen algún punto en común.",
        doc_en: "Whether the ranges have a point in common.",
        signatures: &[signature(RANGE_RANGE, overlaps)],
        examples: &[
            Example::new("overlaps([1..5], [3..8])", "true"),
            Example::new("overlaps([1..5), [5..8])", "false"),
        ],
    },
    Entry {
        name: "overlaps before",
        chapter: CHAPTER,
        doc_es: "Si el primer rango empieza antes que el segundo y termina dentro de él.",
        doc_en: "Whether the first range starts before the second and ends within it.",
        signatures: &[signature(RANGE_RANGE, overlaps_before)],
        examples: &[
            Example::new("overlaps before([1..5], [3..8])", "true"),
            Example::new("overlaps before([1..5], (5..8])", "false"),
        ],
    },
    Entry {
        name: "overlaps after",
        chapter: CHAPTER,
        doc_es: "Si el primer rango empieza dentro del segundo y termina después que él.",
        doc_en: "Whether the first range starts within the second and ends after it.",
        signatures: &[signature(RANGE_RANGE, overlaps_after)],
        examples: &[
            Example::new("overlaps after([3..8], [1..5])", "true"),
            Example::new("overlaps after((5..8], [1..5])", "false"),
        ],
    },
    Entry {
        name: "finishes",
        chapter: CHAPTER,
        doc_es: "Si el primero (punto o rango) termina el rango: acaba con él y no empieza antes.",
        doc_en: "Whether the first (point or range) finishes the range: ends with it and does not start before it.",
        signatures: &[signature(RANGE_RANGE, finishes), signature(POINT_RANGE, finishes)],
        examples: &[Example::new("finishes(10, [1..10])", "true"), Example::new("finishes([5..10), [1..10])", "false")],
    },
    Entry {
        name: "finished by",
        chapter: CHAPTER,
        doc_es: "Si el rango acaba con el segundo (punto o rango), que no empieza antes.",
        doc_en: "Whether the range ends with the second (point or range), which does not start before it.",
        signatures: &[signature(RANGE_RANGE, finished_by), signature(RANGE_POINT, finished_by)],
        examples: &[
            Example::new("finished by([1..10], 10)", "true"),
            Example::new("finished by([1..10), [5..10])", "false"),
        ],
    },
    Entry {
        name: "includes",
        chapter: CHAPTER,
        doc_es: "Si el segundo (punto o rango) queda dentro del rango.",
        doc_en: "Whether the second (point or range) lies within the range.",
        signatures: &[signature(RANGE_RANGE, includes), signature(RANGE_POINT, includes)],
        examples: &[Example::new("includes([1..10], 5)", "true"), Example::new("includes((1..10], [1..5])", "false")],
    },
    Entry {
        name: "during",
        chapter: CHAPTER,
        doc_es: "Si el primero (punto o rango) queda dentro del rango.",
        doc_en: "Whether the first (point or range) lies within the range.",
        signatures: &[signature(RANGE_RANGE, during), signature(POINT_RANGE, during)],
        examples: &[Example::new("during(5, [1..10])", "true"), Example::new("during([1..5], (1..10])", "false")],
    },
    Entry {
        name: "starts",
        chapter: CHAPTER,
        doc_es: "Si el primero (punto o rango) inicia el rango: empieza con él y no acaba después.",
        doc_en: "Whether the first (point or range) starts the range: begins with it and does not end after it.",
        signatures: &[signature(RANGE_RANGE, starts), signature(POINT_RANGE, starts)],
        examples: &[Example::new("starts(1, [1..10])", "true"), Example::new("starts((1..5], [1..10])", "false")],
    },
    Entry {
        name: "started by",
        chapter: CHAPTER,
        doc_es: "Si el rango empieza con el segundo (punto o rango), que no acaba después.",
        doc_en: "Whether the range begins with the second (point or range), which does not end after it.",
        signatures: &[signature(RANGE_RANGE, started_by), signature(RANGE_POINT, started_by)],
        examples: &[
            Example::new("started by([1..10], 1)", "true"),
            Example::new("started by([1..10], (1..5])", "false"),
        ],
    },
    Entry {
        name: "coincides",
        chapter: CHAPTER,
        doc_es: "Si los dos puntos o los dos rangos son iguales.",
        doc_en: "Whether the two points or the two ranges are equal.",
        signatures: &[signature(RANGE_RANGE, coincides), signature(POINT_POINT, coincides)],
        examples: &[
            Example::new("coincides(5, 5)", "true"),
            Example::new("coincides([1..5], [1..5])", "true"),
            Example::new("coincides((1..5), [1..5])", "false"),
        ],
    },
];

fn before(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(first.high.order(&second.low)?.is_lt()))
}

fn after(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(second.high.order(&first.low)?.is_lt()))
}

fn meets(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(first.high.order(&second.low)?.is_eq()))
}

fn met_by(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(second.high.order(&first.low)?.is_eq()))
}

fn overlaps(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(first.high.order(&second.low)?.is_ge() && first.low.order(&second.high)?.is_le()))
}

fn overlaps_before(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| first.overlaps_before(second))
}

fn overlaps_after(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| second.overlaps_before(first))
}

fn finishes(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| first.finishes(second))
}

fn finished_by(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| second.finishes(first))
}

fn includes(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| first.includes(second))
}

fn during(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| second.includes(first))
}

fn starts(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| first.starts(second))
}

fn started_by(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| second.starts(first))
}

fn coincides(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    ask(arguments, |first, second| Ok(first.low.order(&second.low)?.is_eq() && first.high.order(&second.high)?.is_eq()))
}

fn ask(arguments: &[Value], question: impl FnOnce(&Span, &Span) -> Result<bool, FunctionError>) -> Outcome {
    let (first, second) = (Span::of(argument(arguments, 0)?), Span::of(argument(arguments, 1)?));
    Ok(Value::from(question(&first, &second)?))
}

/// A point or a range, as what lies between two cuts of the line of values.
struct Span<'a> {
    low: Cut<'a>,
    high: Cut<'a>,
}

/// Where a range begins or ends: at a value, just before it (`side` -1: an open upper end) or just after it (1: an open
/// lower end), or nowhere. With that, DMN's conditions on ends that are included become plain comparisons.
struct Cut<'a> {
    value: &'a Value,
    side: i8,
    /// Which way a missing value lies.
    beyond: i8,
}

impl Span<'_> {
    fn of(value: &Value) -> Span<'_> {
        match value {
            Value::Range(range) => Span::of_range(range),
            point => {
                Span { low: Cut { value: point, side: 0, beyond: 0 }, high: Cut { value: point, side: 0, beyond: 0 } }
            }
        }
    }

    fn of_range(range: &Range) -> Span<'_> {
        Span {
            low: Cut { value: &range.low, side: if range.low_closed { 0 } else { 1 }, beyond: -1 },
            high: Cut { value: &range.high, side: if range.high_closed { 0 } else { -1 }, beyond: 1 },
        }
    }

    fn overlaps_before(&self, other: &Span<'_>) -> Result<bool, FunctionError> {
        Ok(self.low.order(&other.low)?.is_lt()
            && self.high.order(&other.low)?.is_ge()
            && self.high.order(&other.high)?.is_le())
    }

    fn finishes(&self, other: &Span<'_>) -> Result<bool, FunctionError> {
        Ok(self.high.order(&other.high)?.is_eq() && self.low.order(&other.low)?.is_ge())
    }

    fn includes(&self, other: &Span<'_>) -> Result<bool, FunctionError> {
        Ok(self.low.order(&other.low)?.is_le() && self.high.order(&other.high)?.is_ge())
    }

    fn starts(&self, other: &Span<'_>) -> Result<bool, FunctionError> {
        Ok(self.low.order(&other.low)?.is_eq() && self.high.order(&other.high)?.is_le())
    }
}

impl Cut<'_> {
    fn order(&self, other: &Cut<'_>) -> Result<Ordering, FunctionError> {
        match (self.missing(), other.missing()) {
            (0, 0) => match self.value.order(other.value) {
                Some(order) => Ok(order.then(self.side.cmp(&other.side))),
                None => Err(not_comparable(self.value, other.value)),
            },
            (left, right) => Ok(left.cmp(&right)),
        }
    }

    /// -1 or 1 where the range goes on for ever, 0 where it ends.
    fn missing(&self) -> i8 {
        if self.value.is_null() { self.beyond } else { 0 }
    }
}

fn not_comparable(left: &Value, right: &Value) -> FunctionError {
    let (left, right) = (left.type_name(), right.type_name());
    FunctionError::domain(
        format!("no se pueden comparar {} y {}", left.es, right.es),
        format!("cannot compare {} and {}", left.en, right.en),
    )
}
