//! Dated parameters: an artefact of its own, so that a new figure is a new parameter set and not new logic.

use std::sync::Arc;

use dictamen_value::{Date, DateTime, Value};
use serde::{Deserialize, Serialize};

use crate::{About, Digest, ParameterId, PlanError, Position};

/// The values of all parameters of a plan, in its order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterSet {
    /// One entry a parameter of the plan.
    pub parameters: Vec<Parameter>,
}

/// The dated values of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Ruleset and name, such as `comun.uvt.valor_uvt`.
    pub name: Arc<str>,
    /// Values: latest `from` first, and among equals the latest known first, so that the first that holds is the one.
    pub rows: Vec<DatedValue>,
}

/// A value with the days on which it holds and the instant from which it was known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatedValue {
    /// First day on which it holds.
    pub from: Date,
    /// Last day on which it holds; for ever where `None`.
    pub to: Option<Date>,
    /// Instant from which it is known; always where `None`.
    pub known: Option<DateTime>,
    /// The value; `Null` where it is not known yet.
    pub value: Value,
    /// Legal basis, notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// Where it stands.
    pub position: Position,
}

impl ParameterSet {
    /// The row of a parameter that holds on a day, as known at an instant.
    pub fn row(&self, parameter: ParameterId, day: Date, known_at: &DateTime) -> Option<&DatedValue> {
        let rows = &self.parameters.get(parameter as usize)?.rows;
        rows.iter().find(|row| row.holds(day, known_at))
    }

    /// The bytes that its hash is taken of.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PlanError> {
        serde_json::to_vec(self).map_err(PlanError::from)
    }

    /// A parameter set from its bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<ParameterSet, PlanError> {
        serde_json::from_slice(bytes).map_err(PlanError::from)
    }

    /// The hash of its bytes.
    pub fn digest(&self) -> Result<Digest, PlanError> {
        Ok(Digest::of(&self.to_bytes()?))
    }
}

impl DatedValue {
    /// Whether it holds on a day, as known at an instant.
    pub fn holds(&self, day: Date, known_at: &DateTime) -> bool {
        self.from <= day
            && self.to.is_none_or(|to| day <= to)
            && self.known.as_ref().is_none_or(|known| known.instant() <= known_at.instant())
    }
}
