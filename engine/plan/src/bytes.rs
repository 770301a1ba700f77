//! A plan as bytes: which layouts there are, how one tells them apart, and the hash of what is written.

use std::fmt;
use std::io::{self, BufWriter, Write};

use dictamen_value::Message;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, IgnoredAny, MapAccess, Visitor};
use serde::{Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::layout::Packed;
use crate::{Digest, Plan, PlanError};

/// The number of the layout that plans are written in; what was written in an older one stays as it was.
pub const FORMAT: u32 = 2;

/// The first layout: every part with the names of its fields.
const FORMAT_BY_NAMES: u32 = 1;

/// The number under which the same plan and facts give the same bytes for ever; a change that can alter an outcome raises it.
pub const SEMANTICS: u32 = 2;

/// The same for native rules, which have meant one thing since the first; DMN mode was not complete before 2.
pub const SEMANTICS_OF_NATIVE_RULES: u32 = 1;

impl Plan {
    /// The bytes that its hash is taken of, in the layout of its format: what was read gives the same bytes again.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PlanError> {
        let mut bytes = Vec::new();
        self.write(&mut bytes)?;
        Ok(bytes)
    }

    /// A plan from its bytes, refused where the layout or the semantics are not known here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Plan, PlanError> {
        match serde_json::from_slice(bytes).map_err(PlanError::from)? {
            Read::Plan(plan) => with_known_semantics(*plan),
            Read::OtherFormat(format) => Err(other_format(format)),
        }
    }

    /// The hash of its bytes: the logic hash that traces record.
    pub fn digest(&self) -> Result<Digest, PlanError> {
        let mut hash = BufWriter::with_capacity(HASHED_BYTES, Hash(Sha256::new()));
        self.write(&mut hash)?;
        let hash = hash.into_inner().map_err(|error| serde_json::Error::io(error.into_error()))?;
        Ok(Digest(hash.0.finalize().into()))
    }

    fn write(&self, out: impl Write) -> Result<(), PlanError> {
        let written = match self.format {
            FORMAT_BY_NAMES => serde_json::to_writer(out, self),
            format => serde_json::to_writer(out, &Envelope { format, plan: Packed::of(self) }),
        };
        written.map_err(PlanError::from)
    }
}

/// Bytes that are hashed at once.
const HASHED_BYTES: usize = 64 * 1024;

/// A hash that is written to, so that it needs no copy of the bytes.
struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The second layout: its number, then the plan with what it has much of packed.
#[derive(Serialize)]
struct Envelope<'a> {
    format: u32,
    plan: Packed<'a>,
}

/// What bytes are.
enum Read {
    Plan(Box<Plan>),
    OtherFormat(u32),
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_map(ReadVisitor)
    }
}

struct ReadVisitor;

impl<'de> Visitor<'de> for ReadVisitor {
    type Value = Read;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a plan that starts with its format")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        expect_key(&mut map, "format")?;
        let format = map.next_value()?;
        let plan = match format {
            FORMAT_BY_NAMES => Plan::deserialize(MapAccessDeserializer::new(map))?,
            FORMAT => {
                expect_key(&mut map, "plan")?;
                map.next_value::<Packed<'_>>()?.unpacked()
            }
            _ => {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(Read::OtherFormat(format));
            }
        };
        Ok(Read::Plan(Box::new(Plan { format, ..plan })))
    }
}

fn expect_key<'de, A: MapAccess<'de>>(map: &mut A, name: &'static str) -> Result<(), A::Error> {
    let key: Option<String> = map.next_key()?;
    if key.as_deref() == Some(name) { Ok(()) } else { Err(serde::de::Error::missing_field(name)) }
}

fn with_known_semantics(plan: Plan) -> Result<Plan, PlanError> {
    match plan.semantics {
        SEMANTICS_OF_NATIVE_RULES if plan.dmn_mode => Err(PlanError(Message::new(
            "el plan es de un modelo DMN y lo compiló una versión que no lo evaluaba del todo: compílelo de nuevo",
            "the plan is of a DMN model, compiled by a version that did not evaluate all of it: compile it again",
        ))),
        SEMANTICS_OF_NATIVE_RULES..=SEMANTICS => Ok(plan),
        semantics => Err(PlanError(Message::new(
            format!(
                "el plan tiene semántica {semantics}; este programa evalúa hasta la semántica {SEMANTICS}: use una versión más nueva"
            ),
            format!(
                "the plan has semantics {semantics}; this program evaluates up to semantics {SEMANTICS}: use a newer version"
            ),
        ))),
    }
}

fn other_format(format: u32) -> PlanError {
    PlanError(Message::new(
        format!(
            "el plan tiene formato {format}; este programa lee hasta el formato {FORMAT}: use una versión más nueva"
        ),
        format!("the plan has format {format}; this program reads up to format {FORMAT}: use a newer version"),
    ))
}

impl From<serde_json::Error> for PlanError {
    fn from(error: serde_json::Error) -> PlanError {
        PlanError(Message::new(
            format!("los bytes no son un artefacto de Dictamen: {error}"),
            format!("the bytes are not an artefact of Dictamen: {error}"),
        ))
    }
}
