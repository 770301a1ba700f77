//! What the trace of a decision says: enough to make it again, byte by byte, years later.

mod batch;

use std::io::{self, Write};

use dictamen_core::{Failure, Limits, Session};
use dictamen_plan::Digest;
use dictamen_platform::Timestamp;
use dictamen_value::{Date, DateTime, Message, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use crate::port::SettledDates;

pub use batch::{BatchHead, BatchTrace, RowCounts};

/// The number of the layout of trace payloads; one with another is refused by name.
pub const FORMAT: u32 = 1;

/// Room for a payload, in bytes; longer ones take more.
const PAYLOAD_BYTES: usize = 2_048;

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
    /// Decisions for many rows under one root of hashes.
    Batch,
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
        let mut payload = self.begun()?;
        payload.extend_from_slice(facts);
        payload.push(b'}');
        Ok(payload)
    }

    fn begun(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut payload = Vec::with_capacity(PAYLOAD_BYTES);
        payload.extend_from_slice(br#"{"head":"#);
        serde_json::to_writer(&mut payload, self)?;
        payload.extend_from_slice(br#","facts":"#);
        Ok(payload)
    }
}

/// What the heads of all traces of one version of a ruleset have in common, as they have it written.
#[derive(Clone, Debug)]
pub(crate) struct Letterhead {
    before_decision: Box<[u8]>,
    after_decision: Box<[u8]>,
}

impl Letterhead {
    /// That of a plan with its parameters, under the names by which traces call them.
    pub(crate) fn of(semantics: u32, (ruleset, version): (&str, &str), plan: Digest, parameters: Digest) -> Letterhead {
        let (ruleset, version) = (json!(ruleset), json!(version));
        let before = format!(
            r#"{{"head":{{"format":{FORMAT},"kind":"decision","semantics":{semantics},"ruleset":{ruleset},"version":{version},"decision":"#
        );
        let after = format!(r#","plan":"{plan}","parameters":"{parameters}","as_of":"#);
        Letterhead { before_decision: before.into_bytes().into(), after_decision: after.into_bytes().into() }
    }
}

/// The head of a trace that is about to be written: what [`Head`] says, borrowed.
///
/// It is written once for each decision, so that it is worth not to be made of parts that are copied first. What is written
/// is what a [`Head`] would be written as: whoever reads it back and writes that again gets the same bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewHead<'a> {
    pub(crate) letterhead: &'a Letterhead,
    pub(crate) decision: &'a str,
    pub(crate) dates: &'a SettledDates,
    pub(crate) version_pinned: bool,
    /// The outcome's JSON, or why there is none.
    pub(crate) result: Result<&'a [u8], &'a Failure>,
    pub(crate) principal: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) line: Option<u64>,
    pub(crate) idempotency_key: Option<Digest>,
    /// JSON of the limits.
    pub(crate) limits: &'a [u8],
}

impl NewHead<'_> {
    /// The payload of the trace with the facts of a session; `None` where those can't be written.
    pub(crate) fn with_facts_of(&self, session: &Session<'_>) -> Option<Vec<u8>> {
        let mut payload = Vec::with_capacity(PAYLOAD_BYTES);
        // Memory takes what is written.
        self.write(&mut payload).ok()?;
        payload.extend_from_slice(br#","facts":"#);
        session.write_facts(&mut payload)?;
        payload.push(b'}');
        Some(payload)
    }

    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let SettledDates { day, as_of_defaulted, known_at_defaulted, now } = *self.dates;
        out.extend_from_slice(&self.letterhead.before_decision);
        put_text(out, self.decision)?;
        out.extend_from_slice(&self.letterhead.after_decision);
        Value::Date(day.as_of).write_json(out);
        put_truth(out, br#","as_of_defaulted":"#, as_of_defaulted);
        out.extend_from_slice(br#","known_at":"#);
        match known_at_defaulted {
            true => put_moment(out, now)?,
            false => Value::DateTime(day.known_at).write_json(out),
        }
        put_truth(out, br#","known_at_defaulted":"#, known_at_defaulted);
        put_truth(out, br#","version_pinned":"#, self.version_pinned);
        out.extend_from_slice(br#","result":"#);
        self.write_result(out)?;
        out.extend_from_slice(br#","principal":"#);
        put_text(out, self.principal)?;
        write!(out, r#","received_at":"{now}","request_id":"#)?;
        put_text(out, self.request_id)?;
        if let Some(line) = self.line {
            write!(out, r#","line":{line}"#)?;
        }
        if let Some(key) = self.idempotency_key {
            write!(out, r#","idempotency_key":"{key}""#)?;
        }
        out.extend_from_slice(br#","limits":"#);
        out.extend_from_slice(self.limits);
        out.push(b'}');
        Ok(())
    }

    fn write_result(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self.result {
            Ok(outcome) => write!(out, r#"{{"outcome":{{"digest":"{}"}}}}"#, Digest::of(outcome)),
            Err(failure) => Ok(serde_json::to_writer(out, &TraceResult::of_failure(failure))?),
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}

/// A moment of the clock as a date with time is written: without zeros at the end of its fraction.
fn put_moment(out: &mut Vec<u8>, moment: Timestamp) -> io::Result<()> {
    write!(out, "\"{moment}")?;
    while let [.., b'0', b'Z'] | [.., b'.', b'Z'] = out.as_slice() {
        let is_point = out.pop().is_some() && out.pop() == Some(b'.');
        out.push(b'Z');
        if is_point {
            break;
        }
    }
    out.push(b'"');
    Ok(())
}

fn put_truth(out: &mut Vec<u8>, name: &[u8], truth: bool) {
    out.extend_from_slice(name);
    out.extend_from_slice(if truth { b"true" } else { b"false" });
}

impl TraceResult {
    /// What is said of an outcome's JSON.
    pub(crate) fn of_outcome(outcome: &[u8]) -> TraceResult {
        TraceResult::Outcome { digest: Digest::of(outcome) }
    }

    /// What is said of a failure.
    pub(crate) fn of_failure(failure: &Failure) -> TraceResult {
        let digest = Digest::of(&serde_json::to_vec(failure).unwrap_or_default());
        TraceResult::Failure { digest, code: failure.code.to_string() }
    }
}

impl DecisionTrace {
    /// A trace from its payload.
    pub fn read(payload: &[u8]) -> Result<DecisionTrace, Message> {
        let trace: DecisionTrace = serde_json::from_slice(payload).map_err(|error| {
            if BatchTrace::is_one(payload) {
                return of_a_batch();
            }
            Message::new(
                format!("la traza no es de una decisión, o es de una versión más nueva de este programa: {error}"),
                format!("the trace is not of a decision, or is of a newer version of this program: {error}"),
            )
        })?;
        match (trace.head.format, trace.head.kind) {
            (FORMAT, Kind::Decision) => Ok(trace),
            (FORMAT, Kind::Batch) => Err(of_a_batch()),
            (format, _) => Err(other_format(format)),
        }
    }
}

fn of_a_batch() -> Message {
    Message::new(
        "es la traza de un lote, que no guarda los hechos de sus filas: pida su manifiesto (/v1/traces/…/manifest) y repita \
         con `dictamen replay --batch` y el archivo de hechos",
        "it is the trace of a batch, which does not keep the facts of its rows: ask for its manifest \
         (/v1/traces/…/manifest) and replay with `dictamen replay --batch` and the file of facts",
    )
}

fn other_format(format: u32) -> Message {
    Message::new(
        format!("la traza tiene formato {format}; este programa lee el formato {FORMAT}: use una versión más nueva"),
        format!("the trace has format {format}; this program reads format {FORMAT}: use a newer version"),
    )
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
    fn a_head_is_written_as_the_one_that_is_read_back() {
        let ready = crate::Catalogue::from_texts(&[(
            "a.regla",
            "reglas a.b\n\nentrada n : numero\n\ndecision c : numero = n\n",
        )]);
        let day = crate::Day { as_of: head().as_of, known_at: head().known_at };
        let ready = ready.resolve("a.b", &crate::Selection::on(day)).unwrap();
        let (plan, parameters) = (ready.plan_digest, ready.parameters_digest);
        let letterhead = Letterhead::of(1, ("a.b", "2026 \"á\""), plan, parameters);
        let limits = serde_json::to_vec(&Limits::default()).unwrap();
        let failure = Failure {
            code: "tabla.sin-fila".into(),
            message: Message::new("á \"", "b"),
            place: None,
            path: Vec::new(),
        };
        let now = "2026-01-31T10:00:00.120Z".parse().unwrap();
        let dates = SettledDates { day, as_of_defaulted: true, known_at_defaulted: false, now };
        let base = NewHead {
            letterhead: &letterhead,
            decision: "c",
            dates: &dates,
            version_pinned: false,
            result: Ok(b"17.50"),
            principal: "desarrollo",
            request_id: "r1",
            line: None,
            idempotency_key: None,
            limits: &limits,
        };
        let earlier = SettledDates { as_of_defaulted: false, known_at_defaulted: true, ..dates };
        let heads = [
            base,
            NewHead { decision: "a.b.\"c\"", principal: "ñ\u{1}\n\\", request_id: "\"\\", ..base },
            NewHead { version_pinned: true, result: Err(&failure), dates: &earlier, ..base },
            NewHead { line: Some(u64::MAX), idempotency_key: Some(Digest::of(b"key")), ..base },
        ];
        let mut session = ready.session(0, &day, Limits::default());
        session.read(br#"{"n": 1.50}"#).unwrap();
        for head in heads {
            let payload = head.with_facts_of(&session).unwrap();
            let read = DecisionTrace::read(&payload).unwrap();
            assert_eq!(String::from_utf8(serde_json::to_vec(&read).unwrap()), String::from_utf8(payload));
            assert_eq!(read.head.principal, head.principal);
            assert_eq!((read.head.line, read.head.idempotency_key), (head.line, head.idempotency_key));
            assert_eq!(read.head.received_at, now);
            assert_eq!(read.facts.get(), r#"{"n":1.5}"#);
        }
    }

    #[test]
    fn a_moment_is_written_as_the_date_with_time_that_it_is() {
        let second = 1_772_341_199_000_i64;
        for milliseconds in (0..1_000).flat_map(|part| [part, second + part, second + 1_000 * part]) {
            let moment = Timestamp::from_unix_milliseconds(milliseconds);
            let mut written = Vec::new();
            put_moment(&mut written, moment).unwrap();
            let same = DateTime::from_instant(i128::from(milliseconds) * 1_000_000).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), format!("\"{same}\""));
        }
    }

    #[test]
    fn other_payloads_are_refused() {
        let newer = Head { format: 2, ..head() }.with_facts(b"{}").unwrap();
        let message = DecisionTrace::read(&newer).unwrap_err();
        assert!(message.es.contains("formato 2") && message.en.contains("format 2"), "{message:?}");
        let of_a_batch = Head { kind: Kind::Batch, ..head() }.with_facts(b"{}").unwrap();
        assert!(DecisionTrace::read(&of_a_batch).unwrap_err().en.contains("of a batch"));
        for other in [&b"{}"[..], b"", b"{\"kind\":\"x\"}", br#"{"head":{},"facts":{},"more":1}"#] {
            assert!(DecisionTrace::read(other).is_err());
        }
    }
}
