//! Operations: those that are constants, which large tables have most of, are the number of the constant alone.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Op;

pub(super) fn serialize<S: Serializer>(operations: &[Op], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(operations.iter().map(Written))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, [Op]>, D::Error> {
    let read: Vec<Read> = Vec::deserialize(deserializer)?;
    Ok(read.into_iter().map(|Read(op)| op).collect())
}

struct Written<'a>(&'a Op);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Op::Constant(constant) => serializer.serialize_u32(*constant),
            op => op.serialize(serializer),
        }
    }
}

struct Read(Op);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(OpVisitor).map(Read)
    }
}

struct OpVisitor;

impl<'de> Visitor<'de> for OpVisitor {
    type Value = Op;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an operation or the number of a constant")
    }

    fn visit_u64<E: serde::de::Error>(self, constant: u64) -> Result<Op, E> {
        u32::try_from(constant).map(Op::Constant).map_err(|_| E::custom("the number of a constant is too large"))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Op, E> {
        Op::deserialize(StrDeserializer::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Op, A::Error> {
        Op::deserialize(MapAccessDeserializer::new(map)).map_err(A::Error::custom)
    }
}
