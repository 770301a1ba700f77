//! Functions that look into lists and make new ones (DMN 1.5, clause 10.3.4.4), and `sort` (10.3.4.6).

use std::collections::HashSet;
use std::sync::Arc;

use dictamen_value::{Date, FunctionValue, Number, Value};

use super::aggregates::at_least_one;
use super::arguments::{Outcome, argument, function, index, length, list, whole};
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "listas";
const LIST: Shape = Shape::List(&Shape::Same(0));
const ELEMENT: Shape = Shape::Same(0);
const ORDERING: Shape = Shape::Function(&[Shape::Same(0), Shape::Same(0)], &Shape::Boolean);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "list contains",
        chapter: CHAPTER,
        doc_es: "Si una lista tiene un elemento; también null cuenta.",
        doc_en: "Whether a list has an element; null counts too.",
        signatures: &[Signature::new(
            &[Parameter::required("list", LIST), Parameter::required("element", Shape::Optional(&ELEMENT))],
            Shape::Boolean,
            list_contains,
        )],
        examples: &[
            Example::new("list contains([1, 2, 3], 2)", "true"),
            Example::new("list contains([1, null], null)", "true"),
            Example::new("list contains([], 1)", "false"),
        ],
    },
    Entry {
        name: "sublist",
        chapter: CHAPTER,
        doc_es: "Los elementos desde una posición (desde 1, o desde -1 hacia atrás), tantos como se digan o hasta el final.",
        doc_en: "The elements from a position (from 1, or from -1 backwards), as many as said or to the end.",
        signatures: &[Signature::new(
            &[
                Parameter::required("list", LIST),
                Parameter::required("start position", Shape::Number),
                Parameter::optional("length", Shape::Optional(&Shape::Number)),
            ],
            LIST,
            sublist,
        )],
        examples: &[
            Example::new("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
            Example::new("sublist([4, 5, 6], -2)", "[5, 6]"),
        ],
    },
    Entry {
        name: "append",
        chapter: CHAPTER,
        doc_es: "La lista con elementos más al final.",
        doc_en: "The list with more elements at the end.",
        signatures: &[Signature::new(
            &[Parameter::required("list", LIST), Parameter::variadic("item", ELEMENT)],
            LIST,
            append,
        )],
        examples: &[Example::new("append([1], 2, 3)", "[1, 2, 3]"), Example::new("append([], 1)", "[1]")],
    },
    Entry {
        name: "concatenate",
        chapter: CHAPTER,
        doc_es: "Una lista con los elementos de todas, en orden.",
        doc_en: "One list with the elements of all, in order.",
        signatures: &[Signature::new(&[Parameter::variadic("list", LIST)], LIST, concatenate)],
        examples: &[Example::new("concatenate([1, 2], [3], [2])", "[1, 2, 3, 2]")],
    },
    Entry {
        name: "insert before",
        chapter: CHAPTER,
        doc_es: "La lista con un elemento nuevo antes del que está en una posición.",
        doc_en: "The list with a new element before the one at a position.",
        signatures: &[Signature::new(
            &[
                Parameter::required("list", LIST),
                Parameter::required("position", Shape::Number),
                Parameter::required("newItem", ELEMENT),
            ],
            LIST,
            insert_before,
        )],
        examples: &[
            Example::new("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
            Example::new("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ],
    },
    Entry {
        name: "remove",
        chapter: CHAPTER,
        doc_es: "La lista sin el elemento que está en una posición.",
        doc_en: "The list without the element at a position.",
        signatures: &[Signature::new(
            &[Parameter::required("list", LIST), Parameter::required("position", Shape::Number)],
            LIST,
            remove,
        )],
        examples: &[Example::new("remove([1, 2, 3], 2)", "[1, 3]"), Example::new("remove([1, 2, 3], -1)", "[1, 2]")],
    },
    Entry {
        name: "list replace",
        chapter: CHAPTER,
        doc_es: "La lista con un elemento nuevo en una posición, o en lugar de todos los que cumplan una condición.",
        doc_en: "The list with a new element at a position, or in place of all that meet a condition.",
        signatures: &[
            Signature::new(
                &[
                    Parameter::required("list", LIST),
                    Parameter::required("position", Shape::Number),
                    Parameter::required("newItem", ELEMENT),
                ],
                LIST,
                replace_at,
            ),
            Signature::new(
                &[
                    Parameter::required("list", LIST),
                    Parameter::required("match", ORDERING),
                    Parameter::required("newItem", ELEMENT),
                ],
                LIST,
                replace_matching,
            ),
        ],
        examples: &[
            Example::new("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
            Example::new("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
        ],
    },
    Entry {
        name: "reverse",
        chapter: CHAPTER,
        doc_es: "La lista en el orden contrario.",
        doc_en: "The list in the opposite order.",
        signatures: &[Signature::new(&[Parameter::required("list", LIST)], LIST, reverse)],
        examples: &[Example::new("reverse([1, 2, 3])", "[3, 2, 1]")],
    },
    Entry {
        name: "index of",
        chapter: CHAPTER,
        doc_es: "Las posiciones, desde 1, en que una lista tiene un elemento.",
        doc_en: "The positions, from 1, at which a list has an element.",
        signatures: &[Signature::new(
            &[Parameter::required("list", LIST), Parameter::required("match", Shape::Optional(&ELEMENT))],
            Shape::List(&Shape::Integer),
            index_of,
        )],
        examples: &[Example::new("index of([1, 2, 3, 2], 2)", "[2, 4]"), Example::new("index of([1], 5)", "[]")],
    },
    Entry {
        name: "union",
        chapter: CHAPTER,
        doc_es: "Los elementos de todas las listas, cada uno una vez, en el orden en que aparecen.",
        doc_en: "The elements of all lists, each once, in the order in which they appear.",
        signatures: &[Signature::new(&[Parameter::variadic("list", LIST)], LIST, union)],
        examples: &[Example::new("union([1, 2], [2, 3])", "[1, 2, 3]")],
    },
    Entry {
        name: "distinct values",
        chapter: CHAPTER,
        doc_es: "Los elementos de la lista, cada uno una vez, en el orden en que aparecen.",
        doc_en: "The elements of the list, each once, in the order in which they appear.",
        signatures: &[Signature::new(&[Parameter::required("list", LIST)], LIST, union)],
        examples: &[Example::new("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]")],
    },
    Entry {
        name: "flatten",
        chapter: CHAPTER,
        doc_es: "Los elementos de la lista, y en lugar de las listas que tenga dentro, los de ellas.",
        doc_en: "The elements of the list, and in place of lists inside it, theirs.",
        signatures: &[
            Signature::new(
                &[Parameter::required("list", Shape::List(&Shape::List(&Shape::List(&Shape::Same(0)))))],
                LIST,
                flatten,
            ),
            Signature::new(&[Parameter::required("list", Shape::List(&Shape::List(&Shape::Same(0))))], LIST, flatten),
            Signature::new(&[Parameter::required("list", Shape::List(&Shape::Any))], Shape::List(&Shape::Any), flatten),
        ],
        examples: &[Example::new("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]")],
    },
    Entry {
        name: "sort",
        chapter: CHAPTER,
        doc_es: "La lista en el orden que dé una función: si su primer argumento va antes que el segundo. Los iguales conservan su orden.",
        doc_en: "The list in the order that a function gives: whether its first argument goes before the second. Equals keep their order.",
        signatures: &[Signature::new(
            &[Parameter::required("list", LIST), Parameter::required("precedes", ORDERING)],
            LIST,
            sort,
        )],
        examples: &[Example::new("sort([3, 1, 4, 5, 2], function(x, y) x < y)", "[1, 2, 3, 4, 5]")],
    },
];

fn list_contains(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let (elements, wanted) = (list(arguments, 0)?, argument(arguments, 1)?);
    host.charge(elements.len())?;
    Ok(Value::from(elements.iter().any(|element| element.same(wanted))))
}

fn sublist(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let elements = list(arguments, 0)?;
    let start = index(whole(arguments, 1)?, elements.len())?;
    let left = elements.len().saturating_sub(start);
    let length = length(arguments, 2)?.unwrap_or(left);
    if length > left {
        return Err(FunctionError::domain(
            format!("desde esa posición quedan {left} elementos, no {length}"),
            format!("from that position {left} elements are left, not {length}"),
        ));
    }
    host.charge(length)?;
    Ok(Value::list(elements.iter().skip(start).take(length).cloned().collect()))
}

fn append(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let (elements, items) = (list(arguments, 0)?, arguments.get(1..).unwrap_or_default());
    host.charge(elements.len().saturating_add(items.len()))?;
    Ok(Value::list(elements.iter().chain(items).cloned().collect()))
}

fn concatenate(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    at_least_one(arguments)?;
    let mut joined = Vec::new();
    for position in 0..arguments.len() {
        let elements = list(arguments, position)?;
        host.charge(elements.len())?;
        joined.extend_from_slice(elements);
    }
    Ok(Value::list(joined))
}

fn insert_before(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut elements = charged_copy(arguments, host)?;
    let index = index(whole(arguments, 1)?, elements.len())?;
    elements.insert(index, argument(arguments, 2)?.clone());
    Ok(Value::list(elements))
}

fn remove(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut elements = charged_copy(arguments, host)?;
    let index = index(whole(arguments, 1)?, elements.len())?;
    elements.remove(index);
    Ok(Value::list(elements))
}

fn replace_at(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut elements = charged_copy(arguments, host)?;
    let index = index(whole(arguments, 1)?, elements.len())?;
    if let Some(element) = elements.get_mut(index) {
        *element = argument(arguments, 2)?.clone();
    }
    Ok(Value::list(elements))
}

fn replace_matching(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut elements = charged_copy(arguments, host)?;
    let (matching, item) = (function(arguments, 1)?, argument(arguments, 2)?);
    for element in &mut elements {
        if holds(matching, element, item, host)? {
            *element = item.clone();
        }
    }
    Ok(Value::list(elements))
}

fn reverse(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut elements = charged_copy(arguments, host)?;
    elements.reverse();
    Ok(Value::list(elements))
}

fn index_of(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let (elements, wanted) = (list(arguments, 0)?, argument(arguments, 1)?);
    host.charge(elements.len())?;
    let found = elements.iter().zip(1_u64..).filter(|(element, _)| element.same(wanted));
    Ok(Value::list(found.map(|(_, position)| Value::from(position)).collect()))
}

fn union(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    at_least_one(arguments)?;
    let mut distinct = Distinct::default();
    for position in 0..arguments.len() {
        for element in list(arguments, position)? {
            distinct.add(element, host)?;
        }
    }
    Ok(Value::list(distinct.values))
}

fn flatten(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut flat = Vec::new();
    let mut open = vec![list(arguments, 0)?.iter()];
    while let Some(elements) = open.last_mut() {
        host.charge(1)?;
        match elements.next() {
            Some(Value::List(inner)) => open.push(inner.iter()),
            Some(element) => flat.push(element.clone()),
            None => {
                open.pop();
            }
        }
    }
    Ok(Value::list(flat))
}

fn sort(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let elements = charged_copy(arguments, host)?;
    let precedes = function(arguments, 1)?;
    Ok(Value::list(merge_sort(elements, precedes, host)?))
}

/// Sorts runs of 1, 2, 4… elements; a sort of the standard library could not stop at a failing comparison.
fn merge_sort(
    mut elements: Vec<Value>,
    precedes: &FunctionValue,
    host: &mut dyn Host,
) -> Result<Vec<Value>, FunctionError> {
    let mut run = 1_usize;
    while run < elements.len() {
        host.charge(elements.len())?;
        let mut merged = Vec::with_capacity(elements.len());
        for pair in elements.chunks(run.saturating_mul(2)) {
            let (left, right) = pair.split_at_checked(run).unwrap_or((pair, &[]));
            merge(left, right, &mut merged, precedes, host)?;
        }
        elements = merged;
        run = run.saturating_mul(2);
    }
    Ok(elements)
}

fn merge(
    left: &[Value],
    right: &[Value],
    merged: &mut Vec<Value>,
    precedes: &FunctionValue,
    host: &mut dyn Host,
) -> Result<(), FunctionError> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(&first), Some(&second)) = (left.peek(), right.peek()) {
        let taken = if holds(precedes, second, first, host)? { right.next() } else { left.next() };
        merged.extend(taken.cloned());
    }
    merged.extend(left.chain(right).cloned());
    Ok(())
}

/// Asks a function of two arguments that returns a boolean.
fn holds(question: &FunctionValue, first: &Value, second: &Value, host: &mut dyn Host) -> Result<bool, FunctionError> {
    let answer = host.call(question, &[first.clone(), second.clone()])?;
    answer.as_bool().ok_or_else(|| {
        let kind = answer.type_name();
        FunctionError::domain(
            format!("la función debía devolver verdadero o falso y devolvió {}", kind.es),
            format!("the function should have returned true or false and returned {}", kind.en),
        )
    })
}

fn charged_copy(arguments: &[Value], host: &mut dyn Host) -> Result<Vec<Value>, FunctionError> {
    let elements = list(arguments, 0)?;
    host.charge(elements.len())?;
    Ok(elements.to_vec())
}

/// Values, each once, in the order they came.
#[derive(Default)]
struct Distinct {
    values: Vec<Value>,
    plain: HashSet<Plain>,
    /// Values that have no key and must be compared one by one.
    others: Vec<Value>,
}

/// A value whose FEEL equality is that of its bits.
#[derive(PartialEq, Eq, Hash)]
enum Plain {
    Null,
    Boolean(bool),
    Number(Number),
    Text(Arc<str>),
    Date(Date),
}

impl Distinct {
    fn add(&mut self, value: &Value, host: &mut dyn Host) -> Result<(), FunctionError> {
        host.charge(1)?;
        let new = match plain(value) {
            Some(plain) => self.plain.insert(plain),
            None => self.add_other(value, host)?,
        };
        if new {
            self.values.push(value.clone());
        }
        Ok(())
    }

    fn add_other(&mut self, value: &Value, host: &mut dyn Host) -> Result<bool, FunctionError> {
        host.charge(self.others.len())?;
        let new = !self.others.iter().any(|known| known.same(value));
        if new {
            self.others.push(value.clone());
        }
        Ok(new)
    }
}

fn plain(value: &Value) -> Option<Plain> {
    match value {
        Value::Null => Some(Plain::Null),
        Value::Boolean(boolean) => Some(Plain::Boolean(*boolean)),
        Value::Number(number) => Some(Plain::Number(*number)),
        Value::Text(text) => Some(Plain::Text(text.clone())),
        Value::Date(date) => Some(Plain::Date(*date)),
        _ => None,
    }
}
