//! A FEEL context: named values in the order they were written, with names that many contexts share.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Value;

/// Named values in order. Two contexts are equal where they have the same names with equal values, in any order
/// (DMN 1.5, table 42).
#[derive(Clone, Debug, Default)]
pub struct Context {
    names: Arc<[Arc<str>]>,
    values: Vec<Value>,
}

impl Context {
    /// A context over names that are shared with others of the same shape; `None` where the counts differ.
    pub fn with_shape(names: Arc<[Arc<str>]>, values: Vec<Value>) -> Option<Context> {
        (names.len() == values.len()).then_some(Context { names, values })
    }

    /// A context from pairs in order; the caller has made sure that names are unique.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (Arc<str>, Value)>) -> Context {
        let (names, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Context { names: names.into(), values }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let position = self.names.iter().position(|candidate| &**candidate == name)?;
        self.values.get(position)
    }

    /// The value at a position, where the name there is the expected one (a check instead of a search).
    pub fn get_at(&self, position: usize, name: &str) -> Option<&Value> {
        match self.names.get(position) {
            Some(found) if &**found == name => self.values.get(position),
            _ => self.get(name),
        }
    }

    /// Names in order.
    pub fn names(&self) -> &Arc<[Arc<str>]> {
        &self.names
    }

    /// Values in the order of the names.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Entries in order.
    pub fn entries(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.names.iter().zip(&self.values)
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Context) -> bool {
        self.len() == other.len() && self.entries().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Context, D::Error> {
        Vec::<(Arc<str>, Value)>::deserialize(deserializer).map(Context::from_pairs)
    }
}
