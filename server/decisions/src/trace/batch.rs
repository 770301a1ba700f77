//! What the one trace of many rows says: who asked, by which dates, and the root of hashes over what came of each row.
//!
//! The facts of the rows are not in it: whoever brings them again can prove each row against the root.

use dictamen_core::Limits;
use dictamen_plan::Digest;
use dictamen_platform::Timestamp;
use dictamen_value::{Date, DateTime, Message};
use serde::{Deserialize, Serialize};

use super::{FORMAT, Kind};
use crate::batches::{CHUNK_ROWS, Hash, Tree, root};

/// The payload of the trace of a batch, as compact JSON in the order of these fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchTrace {
    /// What was decided, by whom, when, and over which rows.
    pub head: BatchHead,
    /// The roots of chunks of rows, in order.
    pub chunks: Vec<Hash>,
}

/// All of the trace of a batch but the roots of its chunks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchHead {
    /// Layout number.
    pub format: u32,
    /// What kind of trace it is.
    pub kind: Kind,
    /// Semantics number under which was decided.
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
    /// Who asked.
    pub principal: String,
    /// When the request came.
    pub received_at: Timestamp,
    /// The request it came with.
    pub request_id: String,
    /// The limits each row was evaluated under.
    pub limits: Limits,
    /// What became of the rows.
    pub rows: RowCounts,
    /// How many rows a chunk has; the last may have fewer.
    pub chunk_rows: usize,
    /// The root over the leaves of all rows.
    pub root: Hash,
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCounts {
    /// Rows with an outcome.
    pub decided: u64,
    /// Rows that could not be decided.
    pub failed: u64,
    /// Rows whose facts did not fit.
    pub refused: u64,
}

impl RowCounts {
    /// All of them.
    pub fn all(&self) -> u64 {
        self.decided.saturating_add(self.failed).saturating_add(self.refused)
    }

    /// Adds those of another part.
    pub fn add(&mut self, other: RowCounts) {
        self.decided = self.decided.saturating_add(other.decided);
        self.failed = self.failed.saturating_add(other.failed);
        self.refused = self.refused.saturating_add(other.refused);
    }
}

impl BatchTrace {
    /// A trace whose rows are in a tree, with the head that goes with its root.
    pub fn of(tree: Tree, head: impl FnOnce(Hash) -> BatchHead) -> BatchTrace {
        let chunks = tree.finish();
        BatchTrace { head: head(root(&chunks)), chunks }
    }

    /// Whether a payload says that it is of a batch.
    pub fn is_one(payload: &[u8]) -> bool {
        #[derive(Deserialize)]
        struct Outline {
            head: Kinds,
        }
        #[derive(Deserialize)]
        struct Kinds {
            kind: Kind,
        }
        serde_json::from_slice::<Outline>(payload).is_ok_and(|outline| outline.head.kind == Kind::Batch)
    }

    /// A trace from its payload. Fails where something in it does not agree with the rest.
    pub fn read(payload: &[u8]) -> Result<BatchTrace, Message> {
        let trace: BatchTrace = serde_json::from_slice(payload).map_err(|error| {
            Message::new(
                format!("la traza no es de un lote, o es de una versión más nueva de este programa: {error}"),
                format!("the trace is not of a batch, or is of a newer version of this program: {error}"),
            )
        })?;
        if trace.head.format != FORMAT || trace.head.chunk_rows != CHUNK_ROWS {
            return Err(super::other_format(trace.head.format));
        }
        if trace.head.kind != Kind::Batch {
            return Err(Message::new(
                "la traza no dice que es de un lote",
                "the trace does not say that it is of a batch",
            ));
        }
        let chunks = trace.head.rows.all().div_ceil(CHUNK_ROWS as u64);
        if chunks != trace.chunks.len() as u64 || root(&trace.chunks) != trace.head.root {
            return Err(Message::new(
                "los trozos de la traza no dan su raíz, o no son de tantas filas",
                "the trace's chunks do not give its root, or are not of so many rows",
            ));
        }
        Ok(trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(rows: usize) -> BatchTrace {
        let mut tree = Tree::default();
        (0..rows).for_each(|row| tree.push(Digest::of(&row.to_be_bytes())));
        let head = |root| BatchHead {
            format: FORMAT,
            kind: Kind::Batch,
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
            principal: "desarrollo".into(),
            received_at: "2026-01-31T10:00:00.000Z".parse().unwrap(),
            request_id: "r1".into(),
            limits: Limits::default(),
            rows: RowCounts { decided: rows as u64, ..RowCounts::default() },
            chunk_rows: CHUNK_ROWS,
            root,
        };
        BatchTrace::of(tree, head)
    }

    #[test]
    fn a_trace_reads_back_and_one_that_was_changed_does_not() {
        for rows in [0, 1, CHUNK_ROWS, CHUNK_ROWS + 1] {
            let trace = trace(rows);
            let payload = serde_json::to_vec(&trace).unwrap();
            assert!(BatchTrace::is_one(&payload));
            assert_eq!(BatchTrace::read(&payload).unwrap(), trace);
        }
        let changed = [
            BatchTrace { chunks: vec![Digest::of(b"x"); 2], ..trace(CHUNK_ROWS + 1) },
            BatchTrace { chunks: Vec::new(), ..trace(1) },
            BatchTrace { head: BatchHead { rows: RowCounts::default(), ..trace(1).head }, ..trace(1) },
        ];
        for trace in changed {
            assert!(BatchTrace::read(&serde_json::to_vec(&trace).unwrap()).unwrap_err().en.contains("root"));
        }
        let other_kind = BatchTrace { head: BatchHead { kind: Kind::Decision, ..trace(1).head }, ..trace(1) };
        assert!(BatchTrace::read(&serde_json::to_vec(&other_kind).unwrap()).is_err());
        assert!(!BatchTrace::is_one(b"{}") && BatchTrace::read(b"{}").is_err());
    }
}
