//! What is kept of a batch: enough to evaluate any of its rows again, and to see whether anything has changed.

use std::sync::Arc;

use dictamen_core::Limits;
use dictamen_plan::{Digest, ParameterSet, Plan};
use dictamen_value::{Date, DateTime, Message};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::merkle::{Hash, Tree, climb, path, root};
use crate::catalogue::{Day, Ready};
use crate::trace::BatchTrace;

pub use super::merkle::CHUNK_ROWS;

/// The number of the layout of manifests; one with another is refused by name.
const FORMAT: u32 = 1;

/// What the seal's bytes begin with.
const SEAL: &[u8] = b"dictamen-batch-1\n";

/// What is said of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Layout number.
    pub format: u32,
    /// The ruleset.
    pub ruleset: String,
    /// Its version's name.
    pub version: String,
    /// The decision's name.
    pub decision: String,
    /// Semantics number under which it was decided.
    pub semantics: u32,
    /// The hash of the plan.
    pub plan: Digest,
    /// The hash of the parameters.
    pub parameters: Digest,
    /// The day as of which was decided.
    pub as_of: Date,
    /// The moment as known at which was decided.
    pub known_at: DateTime,
    /// The limits each row was evaluated under.
    pub limits: Limits,
    /// How many rows there are.
    pub rows: u64,
    /// How many rows a chunk has; the last may have fewer.
    pub chunk_rows: usize,
    /// The root over the leaves of all rows.
    pub root: Hash,
}

/// A batch's head with what it takes to check it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What is said of the batch.
    pub head: Head,
    /// SHA-256 of `dictamen-batch-1`, a line feed and the head's JSON. Who notes it elsewhere sees whether the manifest is still the same.
    pub seal: Digest,
    /// The roots of chunks, in order.
    pub chunks: Vec<Hash>,
    /// The bytes of the plan.
    plan: Box<RawValue>,
    /// The bytes of the parameters.
    parameters: Box<RawValue>,
}

/// That a row belongs to a batch: its leaf and the hashes beside its way to the root.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The row, from 1.
    pub row: u64,
    /// Its leaf.
    pub leaf: Hash,
    /// The hashes beside its way, from below: first in its chunk, then among the chunks.
    pub path: Vec<Hash>,
}

impl Manifest {
    /// The manifest of a batch whose rows are in a tree.
    pub fn of(ready: &Ready, decision: &str, day: Day, limits: Limits, tree: Tree) -> Result<Manifest, Message> {
        let rows = tree.rows();
        let chunks = tree.finish();
        let head = Head {
            format: FORMAT,
            ruleset: ready.id.to_string(),
            version: ready.version.to_string(),
            decision: decision.to_owned(),
            semantics: ready.plan.semantics,
            plan: ready.plan_digest,
            parameters: ready.parameters_digest,
            as_of: day.as_of,
            known_at: day.known_at,
            limits,
            rows,
            chunk_rows: CHUNK_ROWS,
            root: root(&chunks),
        };
        Manifest::sealed(head, chunks, ready)
    }

    /// The manifest of a batch that left a trace, with what decided it.
    pub(crate) fn of_trace(trace: &BatchTrace, ready: &Ready, decision: &str) -> Result<Manifest, Message> {
        let of = &trace.head;
        let head = Head {
            format: FORMAT,
            ruleset: of.ruleset.clone(),
            version: of.version.clone(),
            decision: decision.to_owned(),
            semantics: of.semantics,
            plan: of.plan,
            parameters: of.parameters,
            as_of: of.as_of,
            known_at: of.known_at,
            limits: of.limits,
            rows: of.rows.all(),
            chunk_rows: of.chunk_rows,
            root: of.root,
        };
        Manifest::sealed(head, trace.chunks.clone(), ready)
    }

    fn sealed(head: Head, chunks: Vec<Hash>, ready: &Ready) -> Result<Manifest, Message> {
        let plan = raw(ready.plan.to_bytes().map_err(|error| error.0)?)?;
        let parameters = raw(ready.parameters.to_bytes().map_err(|error| error.0)?)?;
        Ok(Manifest { seal: seal(&head), head, chunks, plan, parameters })
    }

    /// The manifest as JSON, on one line.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Message> {
        serde_json::to_vec(self).map_err(|error| unreadable(&error))
    }

    /// A manifest from its JSON. Fails where something in it does not agree with the rest.
    pub fn read(bytes: &[u8]) -> Result<Manifest, Message> {
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
        let head = &manifest.head;
        if head.format != FORMAT || head.chunk_rows != CHUNK_ROWS {
            return Err(other_format(head.format));
        }
        let chunks = head.rows.div_ceil(CHUNK_ROWS as u64);
        if seal(head) != manifest.seal {
            return Err(changed("su cabeza no es la que se selló", "its head is not the one that was sealed"));
        }
        if chunks != manifest.chunks.len() as u64 || root(&manifest.chunks) != head.root {
            return Err(changed("sus trozos no dan su raíz", "its chunks do not give its root"));
        }
        Ok(manifest)
    }

    /// What decided, as it was kept. Fails where its bytes have changed.
    pub fn restore(&self) -> Result<Ready, Message> {
        let plan = kept(&self.plan, self.head.plan)?;
        let parameters = kept(&self.parameters, self.head.parameters)?;
        let plan = Plan::from_bytes(plan).map_err(|error| error.0)?;
        let parameters = ParameterSet::from_bytes(parameters).map_err(|error| error.0)?;
        let (id, version): (Arc<str>, Arc<str>) =
            (self.head.ruleset.as_str().into(), self.head.version.as_str().into());
        Ok(Ready::restored(id, version, (plan, self.head.plan), (parameters, self.head.parameters)))
    }

    /// The dates by which was decided.
    pub fn day(&self) -> Day {
        Day { as_of: self.head.as_of, known_at: self.head.known_at }
    }

    /// The rows of a chunk: the number of the first, from 1, and of the last.
    pub fn rows_of_chunk(&self, chunk: usize) -> (u64, u64) {
        let before = (chunk as u64).saturating_mul(CHUNK_ROWS as u64);
        (before.saturating_add(1), before.saturating_add(CHUNK_ROWS as u64).min(self.head.rows))
    }

    /// The chunks whose roots differ from those of a batch that was evaluated again.
    pub fn differing<'m>(&'m self, again: &'m [Hash]) -> impl Iterator<Item = usize> + 'm {
        let longest = self.chunks.len().max(again.len());
        (0..longest).filter(|chunk| self.chunks.get(*chunk) != again.get(*chunk))
    }

    /// The proof of a row, by the leaves of its chunk; `None` where these are not what the manifest says.
    pub fn prove(&self, row: u64, leaves: &[Hash]) -> Option<Proof> {
        let position = usize::try_from(row.checked_sub(1)?).ok()?;
        let (chunk, inside) = (position.checked_div(CHUNK_ROWS)?, position.checked_rem(CHUNK_ROWS)?);
        let leaf = *leaves.get(inside)?;
        let (below, above) = (path(leaves, inside), path(&self.chunks, chunk));
        let of_chunk = climb(leaf, inside, leaves.len(), &below);
        let holds = self.chunks.get(chunk) == Some(&of_chunk)
            && climb(of_chunk, chunk, self.chunks.len(), &above) == self.head.root;
        holds.then(|| Proof { row, leaf, path: below.into_iter().chain(above).collect() })
    }
}

fn seal(head: &Head) -> Digest {
    let mut bytes = SEAL.to_vec();
    // Writing to memory cannot fail, and the head has no names that are no texts.
    drop(serde_json::to_writer(&mut bytes, head));
    Digest::of(&bytes)
}

fn raw(bytes: Vec<u8>) -> Result<Box<RawValue>, Message> {
    let text = String::from_utf8(bytes).map_err(|error| unreadable(&error))?;
    RawValue::from_string(text).map_err(|error| unreadable(&error))
}

/// Bytes that were kept, where they still have their hash.
fn kept(raw: &RawValue, digest: Digest) -> Result<&[u8], Message> {
    let bytes = raw.get().as_bytes();
    if Digest::of(bytes) == digest {
        return Ok(bytes);
    }
    Err(changed(
        "el plan o los parámetros no son los que decidieron",
        "the plan or parameters are not those that decided",
    ))
}

fn changed(es: &str, en: &str) -> Message {
    Message::new(
        format!("el manifiesto fue alterado: {es}; use una copia"),
        format!("the manifest has been altered: {en}; use a copy"),
    )
}

fn unreadable(error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("no es el manifiesto de un lote: {error}"),
        format!("it is not the manifest of a batch: {error}"),
    )
}

fn other_format(format: u32) -> Message {
    Message::new(
        format!("el manifiesto tiene formato {format}; este programa lee el {FORMAT}: use una versión más nueva"),
        format!("the manifest has format {format}; this program reads {FORMAT}: use a newer version"),
    )
}
