//! JSON that keeps numbers as they were written: decimals of 34 digits must not pass through binary floats.

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// One without numbers that floats can't hold.
    Value(Value),
    /// Bytes as they stand.
    Raw(Box<RawValue>),
    /// Members in order.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// An object without members.
    pub(crate) fn object() -> Node {
        Node::Object(Vec::new())
    }

    /// JSON that is written already; null where it is none.
    pub(crate) fn raw(json: &str) -> Node {
        RawValue::from_string(json.to_owned()).map_or(Node::Value(Value::Null), Node::Raw)
    }

    /// Sets a member of an object; of anything else, nothing.
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<Node>) {
        let (Node::Object(members), name) = (self, name.into()) else { return };
        let value = value.into();
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => members.push((name, value)),
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Node {
        match value {
            Value::Object(members) => {
                Node::Object(members.into_iter().map(|(name, value)| (name, Node::from(value))).collect())
            }
            other => Node::Value(other),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Value(value) => value.serialize(serializer),
            Node::Raw(raw) => raw.serialize(serializer),
            Node::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}
