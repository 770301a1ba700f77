//! What the trace of a decision says: enough to make it again, byte by byte, years later.

use dictamen_core::Limits;
use dictamen_plan::Digest;
use dictamen_platform::Timestamp;
use dictamen_value::{Date, DateTime, Message};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The number of the layout of trace payloads; one with another is refused by name.
pub const FORMAT: u32 = 1;

/// The payload of a trace, as compact JSON in the order of these fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionTrace {
    /// What was decided, by whom, when and with which result.
    pub head: Head,
    /// The facts: canonical JSON, an object of the inputs that were given, in the order of the plan.
    pub facts: Box<RawValue>,
}

/// All of a trace but its facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Layout number.
    pub format: u32,
    /// What kind of trace it is.
    pub kind: Kind,
    /// Semantics number under which it was decided.
    pub semantics: u32,
    /// The ruleset.
    pub ruleset: String,
    /// Its version's name.
    pub version: String,
    /// The decision's name.
    pub decision: String,
    /// The hash of the plan, which is kept as an object.
    pub plan: Digest,
    /// The hash of the parameters, which are kept as an object.
    pub parameters: Digest,
    /// The day as of which was decided.
    pub as_of: Date,
    /// Whether that day was taken from the clock, since the request did not say.
    pub as_of_defaulted: bool,
    /// The moment as known at which was decided.
    pub known_at: DateTime,
    /// Whether that moment was taken from the clock, since the request did not say.
    pub known_at_defaulted: bool,
    /// Whether the request named the version.
    pub version_pinned: bool,
    /// What came of it.
    pub result: TraceResult,
    /// Who asked.
    pub principal: String,
    /// When the request came.
    pub received_at: Timestamp,
    /// The request it came with.
    pub request_id: String,
    /// Its line in a batch, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// SHA-256 of the idempotency key it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<Digest>,
    /// The limits it was evaluated under.
    pub limits: Limits,
}

/// Kinds of traces of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A decision that was asked for.
    Decision,
}

/// The digest of the bytes that were answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum TraceResult {
    /// It was decided.
    Outcome {
        /// SHA-256 of the outcome's JSON.
        digest: Digest,
    },
    /// It could not be decided.
    Failure {
        /// SHA-256 of the failure's JSON.
        digest: Digest,
        /// Its code.
        code: String,
    },
}

impl Head {
    /// The payload of the trace with some facts.
    pub fn with_facts(&self, facts: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
        let mut payload = br#"{"head":"#.to_vec();
        serde_json::to_writer(&mut payload, self)?;
        payload.extend_from_slice(br#","facts":"#);
        payload.extend_from_slice(facts);
        payload.push(b'}');
        Ok(payload)
    }
}

impl DecisionTrace {
    /// A trace from its payload.
    pub fn read(payload: &[u8]) -> Result<DecisionTrace, Message> {
        let trace: DecisionTrace = serde_json::from_slice(payload).map_err(|error| {
            Message::new(
                format!("la traza no es de una decisión, o es de una versión más nueva de este programa: {error}"),
                format!("the trace is not of a decision, or is of a newer version of this program: {error}"),
            )
        })?;
        match trace.head.format {
            FORMAT => Ok(trace),
            format => Err(Message::new(
                format!(
                    "la traza tiene formato {format}; este programa lee el formato {FORMAT}: use una versión más nueva"
                ),
                format!("the trace has format {format}; this program reads format {FORMAT}: use a newer version"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            format: FORMAT,
            kind: Kind::Decision,
            semantics: 1,
            ruleset: "a.b".into(),
            version: "1".into(),
            decision: "c".into(),
            plan: Digest::of(b"plan"),
            parameters: Digest::of(b"parameters"),
            as_of: Date::parse("2026-01-31").unwrap(),
            as_of_defaulted: true,
            known_at: DateTime::parse("2026-01-31T10:00:00Z").unwrap(),
            known_at_defaulted: false,
            version_pinned: false,
            result: TraceResult::Failure { digest: Digest::of(b"failure"), code: "tabla.sin-fila".into() },
            principal: "desarrollo".into(),
            received_at: "2026-01-31T10:00:00.000Z".parse().unwrap(),
            request_id: "r1".into(),
            line: None,
            idempotency_key: None,
            limits: Limits::default(),
        }
    }

    #[test]
    fn a_trace_reads_back_with_its_facts_untouched() {
        let facts = br#"{"monto":0.1000000000000000055511151231257827}"#;
        let payload = head().with_facts(facts).unwrap();
        let trace = DecisionTrace::read(&payload).unwrap();
        assert_eq!(trace.head, head());
        assert_eq!(trace.facts.get().as_bytes(), facts);
        assert_eq!(serde_json::to_vec(&trace).unwrap(), payload);
    }

    #[test]
    fn other_payloads_are_refused() {
        let newer = Head { format: 2, ..head() }.with_facts(b"{}").unwrap();
        let message = DecisionTrace::read(&newer).unwrap_err();
        assert!(message.es.contains("formato 2") && message.en.contains("format 2"), "{message:?}");
        for other in [&b"{}"[..], b"", b"{\"kind\":\"x\"}", br#"{"head":{},"facts":{},"more":1}"#] {
            assert!(DecisionTrace::read(other).is_err());
        }
    }
}
