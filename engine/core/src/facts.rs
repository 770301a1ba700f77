//! Facts: what a request says, typed by the plan's inputs, and their one way of being written.

mod errors;
mod keys;
mod nearest;
mod ranges;
mod reader;
mod scalars;
mod syntax;

pub(crate) use reader::BYTES_MAX;

use dictamen_plan::{DecisionId, InputId, Plan};
use dictamen_value::{Context, Message, RecordType, Type, Value};
use serde::Serialize;

/// Values of the plan's inputs; those that were not given are not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    values: Vec<Option<Value>>,
}

/// What is wrong with one of the facts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactError {
    /// Where: a JSON pointer (RFC 6901) such as `/contribuyente/nit`; empty for the whole.
    pub pointer: String,
    /// Its kind, stable, such as `hechos.campo-desconocido`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Message,
    /// What was expected there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Message>,
    /// What came, as JSON, cut where it is long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
}

/// Reads facts from a JSON object with one entry an input. Those that the decision needs must be there, others may be;
/// all are checked against their types and constraints. Gives all errors at once, up to a limit.
pub fn read_facts(plan: &Plan, decision: DecisionId, json: &[u8]) -> Result<Facts, Vec<FactError>> {
    reader::read(plan, decision, json)
}

impl Facts {
    /// No facts yet, with a place for every input of the plan.
    pub fn new(plan: &Plan) -> Facts {
        Facts { values: vec![None; plan.inputs.len()] }
    }

    /// Gives an input its value; numbers of no input of the plan are passed over.
    pub fn set(&mut self, input: InputId, value: Value) {
        if let Some(slot) = self.values.get_mut(input as usize) {
            *slot = Some(value);
        }
    }

    /// The value of an input, where it was given.
    #[inline]
    pub fn get(&self, input: InputId) -> Option<&Value> {
        self.values.get(input as usize)?.as_ref()
    }

    /// The canonical JSON: one object, inputs that were given in the plan's order, records in the order of their types.
    /// Reading it back gives equal facts, and equal facts give equal bytes.
    pub fn to_json(&self, plan: &Plan) -> Vec<u8> {
        let given = plan.inputs.iter().zip(&self.values);
        let entries = given
            .filter_map(|(input, value)| value.as_ref().map(|value| (input.name.clone(), arranged(value, &input.ty))));
        let mut out = Vec::new();
        Value::from(Context::from_pairs(entries)).write_json(&mut out);
        out
    }
}

/// The value with records in the order of their types, fields that are missing being null.
fn arranged(value: &Value, ty: &Type) -> Value {
    match (ty.bare(), value) {
        (Type::Record(record), Value::Context(context)) => Value::from(arranged_record(context, record)),
        (Type::List(of), Value::List(elements)) => {
            Value::list(elements.iter().map(|element| arranged(element, of)).collect())
        }
        _ => value.clone(),
    }
}

fn arranged_record(context: &Context, record: &RecordType) -> Context {
    let declared = record.fields.iter().map(|field| {
        let value = context.get(&field.name).map(|value| arranged(value, &field.ty));
        (field.name.clone(), value.unwrap_or_default())
    });
    let known = |name: &str| record.fields.iter().any(|field| &*field.name == name);
    let others = context.entries().filter(|(name, _)| !known(name)).map(|(name, value)| (name.clone(), value.clone()));
    Context::from_pairs(declared.chain(others))
}
