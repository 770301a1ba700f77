//! Functions on contexts (DMN 1.5, clause 10.3.4.8).

use std::sync::Arc;

use dictamen_value::{Context, Value};

use super::arguments::{Outcome, argument, context, list, text, unsuitable};
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "registros";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "get value",
        chapter: CHAPTER,
        doc_es: "El valor de un nombre en un registro, o por un camino de nombres; null si no está.",
        doc_en: "The value of a name in a context, or along a path of names; null if it is not there.",
        signatures: &[
            Signature::new(
                &[Parameter::required("m", Shape::Context), Parameter::required("key", Shape::Text)],
                Shape::Optional(&Shape::Any),
                get_value,
            ),
            Signature::new(
                &[Parameter::required("m", Shape::Context), Parameter::required("keys", Shape::List(&Shape::Text))],
                Shape::Optional(&Shape::Any),
                get_value_along,
            ),
        ],
        examples: &[
            Example::new("get value({key1: \"value1\"}, \"key1\")", "\"value1\""),
            Example::new("get value({a: 1}, \"b\")", "null"),
            Example::new("get value({a: {b: 1}}, [\"a\", \"b\"])", "1"),
        ],
    },
    Entry {
        name: "get entries",
        chapter: CHAPTER,
        doc_es: "Las entradas de un registro, en orden, cada una como {key, value}.",
        doc_en: "The entries of a context, in order, each as {key, value}.",
        signatures: &[Signature::new(
            &[Parameter::required("m", Shape::Context)],
            Shape::List(&Shape::Context),
            get_entries,
        )],
        examples: &[Example::new("get entries({a: 1, b: 2})", "[{key: \"a\", value: 1}, {key: \"b\", value: 2}]")],
    },
    Entry {
        name: "context",
        chapter: CHAPTER,
        doc_es: "Un registro a partir de entradas {key, value} con nombres distintos.",
        doc_en: "A context from entries {key, value} with different names.",
        signatures: &[Signature::new(
            &[Parameter::required("entries", Shape::List(&Shape::Context))],
            Shape::Context,
            context_from,
        )],
        examples: &[Example::new("context([{key: \"a\", value: 1}, {key: \"b\", value: 2}])", "{a: 1, b: 2}")],
    },
    Entry {
        name: "context put",
        chapter: CHAPTER,
        doc_es: "El registro con un valor más, o con otro valor en ese nombre o al final de ese camino de nombres.",
        doc_en: "The context with one more value, or another value for that name or at the end of that path of names.",
        signatures: &[
            Signature::new(
                &[
                    Parameter::required("context", Shape::Context),
                    Parameter::required("key", Shape::Text),
                    Parameter::required("value", Shape::Any),
                ],
                Shape::Context,
                put,
            ),
            Signature::new(
                &[
                    Parameter::required("context", Shape::Context),
                    Parameter::required("keys", Shape::List(&Shape::Text)),
                    Parameter::required("value", Shape::Any),
                ],
                Shape::Context,
                put_along,
            ),
        ],
        examples: &[
            Example::new("context put({x: 1}, \"y\", 2)", "{x: 1, y: 2}"),
            Example::new("context put({x: 1, y: {a: 0}}, [\"y\", \"a\"], 2)", "{x: 1, y: {a: 2}}"),
        ],
    },
    Entry {
        name: "context merge",
        chapter: CHAPTER,
        doc_es: "Un registro con las entradas de todos; de las repetidas vale la última.",
        doc_en: "A context with the entries of all; of those that are repeated, the last counts.",
        signatures: &[Signature::new(
            &[Parameter::required("contexts", Shape::List(&Shape::Context))],
            Shape::Context,
            merge,
        )],
        examples: &[Example::new("context merge([{x: 1}, {y: 2}, {x: 3}])", "{x: 3, y: 2}")],
    },
];

fn get_value(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(context(arguments, 0)?.get(text(arguments, 1)?).cloned().unwrap_or_default())
}

fn get_value_along(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let mut found = Some(argument(arguments, 0)?);
    for key in keys(arguments)? {
        found = found.and_then(Value::as_context).and_then(|context| context.get(key));
    }
    Ok(found.cloned().unwrap_or_default())
}

fn get_entries(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let context = context(arguments, 0)?;
    host.charge(context.len())?;
    let names: Arc<[Arc<str>]> = Arc::new([Arc::from("key"), Arc::from("value")]);
    let entry = |(name, value): (&Arc<str>, &Value)| {
        let values = vec![Value::Text(name.clone()), value.clone()];
        Context::with_shape(names.clone(), values).map(Value::from)
    };
    Ok(Value::list(context.entries().filter_map(entry).collect()))
}

fn context_from(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let entries = list(arguments, 0)?;
    let mut built = Builder::default();
    for entry in entries {
        host.charge(1)?;
        let entry = entry.as_context().ok_or_else(|| unsuitable(0))?;
        let (Some(Value::Text(key)), Some(value)) = (entry.get("key"), entry.get("value")) else {
            return Err(FunctionError::domain(
                "cada entrada debe tener key (un texto) y value",
                "each entry must have key (a text) and value",
            ));
        };
        if !built.put(key.clone(), value.clone()) {
            return Err(FunctionError::domain(
                format!("el nombre «{key}» aparece en más de una entrada"),
                format!("the name “{key}” appears in more than one entry"),
            ));
        }
    }
    Ok(built.build())
}

fn put(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let key: Arc<str> = Arc::from(text(arguments, 1)?);
    host.charge(context(arguments, 0)?.len())?;
    Ok(with(context(arguments, 0)?, key, argument(arguments, 2)?.clone()))
}

fn put_along(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let keys = keys(arguments)?;
    let mut holders = Vec::with_capacity(keys.len());
    let mut current = argument(arguments, 0)?;
    for (position, key) in keys.iter().enumerate() {
        let holder = current.as_context().ok_or_else(|| not_a_context(&keys, position))?;
        host.charge(holder.len())?;
        holders.push(holder);
        current = holder.get(key).unwrap_or(&Value::Null);
    }
    let value = argument(arguments, 2)?.clone();
    let path = holders.into_iter().zip(keys).rev();
    Ok(path.fold(value, |value, (holder, key)| with(holder, key.clone(), value)))
}

fn merge(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let mut built = Builder::default();
    for context in list(arguments, 0)? {
        let context = context.as_context().ok_or_else(|| unsuitable(0))?;
        host.charge(context.len())?;
        for (name, value) in context.entries() {
            built.put(name.clone(), value.clone());
        }
    }
    Ok(built.build())
}

/// The path in the second argument; it has at least one name.
fn keys(arguments: &[Value]) -> Result<Vec<&Arc<str>>, FunctionError> {
    let names = list(arguments, 1)?.iter().map(|key| match key {
        Value::Text(key) => Ok(key),
        _ => Err(unsuitable(1)),
    });
    let names = names.collect::<Result<Vec<_>, _>>()?;
    if names.is_empty() {
        return Err(FunctionError::domain(
            "el camino de nombres está vacío: se esperaba al menos uno",
            "the path of names is empty: expected at least one",
        ));
    }
    Ok(names)
}

fn not_a_context(keys: &[&Arc<str>], position: usize) -> FunctionError {
    let path = keys.iter().take(position).map(|key| &***key).collect::<Vec<_>>().join(".");
    FunctionError::domain(
        format!("«{path}» no es un registro, así que nada se puede poner dentro"),
        format!("“{path}” is not a context, so nothing can be put into it"),
    )
}

fn with(context: &Context, key: Arc<str>, value: Value) -> Value {
    let mut built = Builder::from(context);
    built.put(key, value);
    built.build()
}

/// A context in the making: entries in order, and where each name stands.
#[derive(Default)]
struct Builder {
    entries: Vec<(Arc<str>, Value)>,
    positions: std::collections::HashMap<Arc<str>, usize>,
}

impl Builder {
    /// Sets a value; says whether the name is new.
    fn put(&mut self, name: Arc<str>, value: Value) -> bool {
        let known = self.positions.get(&name).and_then(|position| self.entries.get_mut(*position));
        match known {
            Some((_, old)) => {
                *old = value;
                false
            }
            None => {
                self.positions.insert(name.clone(), self.entries.len());
                self.entries.push((name, value));
                true
            }
        }
    }

    fn build(self) -> Value {
        Value::from(Context::from_pairs(self.entries))
    }
}

impl From<&Context> for Builder {
    fn from(context: &Context) -> Builder {
        let mut built = Builder::default();
        for (name, value) in context.entries() {
            built.put(name.clone(), value.clone());
        }
        built
    }
}
