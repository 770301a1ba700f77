//! Constants of a plan, each kept once.

use std::collections::HashMap;
use std::sync::Arc;

use dictamen_plan::ConstantId;
use dictamen_value::{Number, Value};

/// The numbers of the constants so far. Large tables have mostly texts and numbers: these are found without writing them out.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    texts: HashMap<Arc<str>, ConstantId>,
    numbers: HashMap<Number, ConstantId>,
    /// By kind and FEEL text, which tell any two constants apart.
    others: HashMap<String, ConstantId>,
}

impl Constants {
    /// The number of a constant, which is `next` where it is a new one.
    pub(crate) fn number(&mut self, value: &Value, next: ConstantId) -> ConstantId {
        match value {
            Value::Text(text) => known(&mut self.texts, text, Arc::clone, next),
            Value::Number(number) => known(&mut self.numbers, number, |number| *number, next),
            other => *self.others.entry(format!("{}{}", other.type_name().en, other.to_feel())).or_insert(next),
        }
    }
}

fn known<K: std::hash::Hash + Eq>(
    numbers: &mut HashMap<K, ConstantId>,
    key: &K,
    kept: impl FnOnce(&K) -> K,
    next: ConstantId,
) -> ConstantId {
    match numbers.get(key) {
        Some(number) => *number,
        None => *numbers.entry(kept(key)).or_insert(next),
    }
}
