//! The port of traces: an append-only log, hash-chained by writer, with signed heads.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use dictamen_value::Message;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::digest::{from_hex, to_hex};
use super::{Digest, Pending, StoreError, Trust, VerifyReport};
use crate::clock::Timestamp;

/// Who writes a chain: four random bytes, written as eight lower-case hexadecimal digits. One for each data directory,
/// and a new one whenever a chain is left because it was found damaged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriterId(pub [u8; 4]);

/// The name of a trace: its writer and its place in the writer's chain, counted from 1: `9f3c01ab-000000000017`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId {
    /// The writer of its chain.
    pub writer: WriterId,
    /// Its place in the chain, counted from 1 without gaps.
    pub seq: u64,
}

/// A trace as it was read back; its chain links are of the log, its payload is of whoever appended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its name.
    pub id: TraceId,
    /// The SHA-256 of its payload as it was appended, which stays after a purge.
    pub digest: Digest,
    /// The link of the trace before; zeros for the first.
    pub previous: Digest,
    /// SHA-256 of `previous`, the place (8 bytes, most significant first) and `digest`, one after the other.
    pub link: Digest,
    /// What was appended.
    pub payload: Payload,
}

/// What was appended, or the place where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The bytes.
    Present(Vec<u8>),
    /// Purged: the bytes are gone for good.
    Purged {
        /// How many there were.
        length_bytes: u64,
    },
}

/// The traces of a scan, in the order of their chains. Damaged places are errors between the traces; the scan goes on after them.
pub type TraceScan = Box<dyn Iterator<Item = Result<Trace, StoreError>> + Send>;

/// A signed statement of how far a chain had come at a time: one line of `heads.jsonl`.
///
/// The signature (Ed25519) is over `dictamen-head-1`, a line feed, and the line's JSON with an empty `signature`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The writer of the chain.
    pub writer: WriterId,
    /// The last trace that was durable.
    pub seq: u64,
    /// Its link.
    pub link: Digest,
    /// When the statement was made.
    pub time: Timestamp,
    /// The first 16 hexadecimal digits of the SHA-256 of the public key.
    pub key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// A signed statement that a payload was purged: one line of `purges.jsonl`.
///
/// The signature (Ed25519) is over `dictamen-purge-1`, a line feed, and the line's JSON with an empty `signature`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeRecord {
    /// The trace whose payload is gone.
    pub trace: TraceId,
    /// The SHA-256 of what was there.
    pub digest: Digest,
    /// The link of the trace before.
    pub previous: Digest,
    /// Its link.
    pub link: Digest,
    /// The segment file, named by the place of its first trace.
    pub segment: u64,
    /// Where in the file its frame begins.
    pub offset: u64,
    /// How many bytes the payload had.
    pub length_bytes: u32,
    /// The first trace of the group it was written with.
    pub group: u64,
    /// Who asked for it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub time: Timestamp,
    /// The first 16 hexadecimal digits of the SHA-256 of the public key.
    pub key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// A chain that was left untouched because it is damaged; later traces went to a new chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Damage {
    /// The writer of the damaged chain.
    pub writer: WriterId,
    /// The last trace before the damaged place; 0 if there is none.
    pub last_good: u64,
    /// The damaged file, relative to the data directory.
    pub file: PathBuf,
    /// Where in the file the damage begins.
    pub offset: u64,
    /// When it was found.
    pub found: Timestamp,
    /// What is wrong.
    pub message: Message,
}

/// Reads traces; a second process may do so while a server writes.
pub trait TraceReader: Send + Sync {
    /// The writers whose chains are kept, oldest first.
    fn writers(&self) -> Result<Vec<WriterId>, StoreError>;

    /// A trace, or none. Reads the disk: call it from a blocking thread if it must not delay others.
    fn get(&self, id: &TraceId) -> Result<Option<Trace>, StoreError>;

    /// All traces chain by chain, from one trace (which need not exist) or from the beginning, in bounded memory.
    fn scan(&self, from: Option<&TraceId>) -> Result<TraceScan, StoreError>;

    /// The signed heads, in the order they were written: an auditor keeps them elsewhere.
    fn heads(&self) -> Result<Vec<Head>, StoreError>;

    /// The public keys that signed the heads, as PEM: an auditor keeps them elsewhere.
    fn public_keys(&self) -> Result<Vec<String>, StoreError>;

    /// Walks every chain and names each place that is not as it was written.
    fn verify(&self, trust: &Trust) -> Result<VerifyReport, StoreError>;
}

/// Appends traces.
pub trait TraceLog: TraceReader {
    /// Appends one payload and returns its name once it is durable. Waits while the queue is full.
    ///
    /// If the future is dropped before it is ready, the payload may or may not have been appended.
    fn append(&self, payload: Vec<u8>) -> Pending<Result<TraceId, StoreError>>;

    /// Appends payloads one after the other with nothing between them; returns the name of the first once all are durable.
    /// The others follow it. None of an empty batch.
    fn append_batch(&self, payloads: Vec<Vec<u8>>) -> Pending<Result<Option<TraceId>, StoreError>>;

    /// Is called by a thread each time that it has nothing else to do, before it waits: what it has appended since may now be made
    /// durable together. Who calls it once has to go on calling it.
    fn before_waiting(&self) {}

    /// Like `append`, blocking. Not for threads of an asynchronous runtime.
    fn append_blocking(&self, payload: Vec<u8>) -> Result<TraceId, StoreError> {
        super::wait(self.append(payload))
    }

    /// Like `append_batch`, blocking. Not for threads of an asynchronous runtime.
    fn append_batch_blocking(&self, payloads: Vec<Vec<u8>>) -> Result<Option<TraceId>, StoreError> {
        super::wait(self.append_batch(payloads))
    }

    /// The last durable trace of the chain being written.
    fn last(&self) -> Option<TraceId>;

    /// Destroys the payload of a trace, durably; its digest and links stay, so that the chain is still whole.
    /// None if there is no such trace; purging it again returns the first record.
    fn purge(&self, id: &TraceId, by: &str, reason: &str) -> Result<Option<PurgeRecord>, StoreError>;

    /// Signs how far the chain has come, if it has come further than the last head; returns the newest head.
    fn seal(&self) -> Result<Option<Head>, StoreError>;

    /// The chains that were found damaged and left, at this opening or before.
    fn damage(&self) -> Vec<Damage>;

    /// Makes everything accepted durable, signs it, and accepts nothing more.
    fn close(&self) -> Result<(), StoreError>;
}

impl TraceId {
    /// The trace that follows by `count` places in the same chain.
    #[must_use]
    pub fn following(self, count: u64) -> TraceId {
        TraceId { writer: self.writer, seq: self.seq.saturating_add(count) }
    }
}

impl fmt::Display for WriterId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for WriterId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{:012}", self.writer, self.seq)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for WriterId {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<WriterId, StoreError> {
        from_hex::<4>(text).map(WriterId).ok_or_else(|| StoreError::BadName {
            text: text.chars().take(40).collect(),
            expected: Message::new("ocho dígitos hexadecimales en minúscula", "eight lower-case hexadecimal digits"),
        })
    }
}

impl FromStr for TraceId {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<TraceId, StoreError> {
        let read = || {
            let (writer, seq) = text.split_once('-')?;
            Some(TraceId { writer: writer.parse().ok()?, seq: seq.parse().ok()? })
        };
        read().filter(|id| id.seq > 0 && id.to_string() == text).ok_or_else(|| StoreError::BadName {
            text: text.chars().take(40).collect(),
            expected: Message::new("una traza como 9f3c01ab-000000000017", "a trace such as 9f3c01ab-000000000017"),
        })
    }
}

macro_rules! serde_as_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

serde_as_text!(WriterId, TraceId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_names_have_one_spelling() {
        let id = TraceId { writer: WriterId([0x9f, 0x3c, 0x01, 0xab]), seq: 17 };
        assert_eq!(id.to_string(), "9f3c01ab-000000000017");
        assert_eq!("9f3c01ab-000000000017".parse(), Ok(id));
        let far = TraceId { seq: u64::MAX, ..id };
        assert_eq!(far.to_string().parse(), Ok(far));
        for wrong in
            ["", "9f3c01ab", "9f3c01ab-17", "9F3C01AB-000000000017", "9f3c01ab-000000000000", "9f3c01ab-+00000000017"]
        {
            assert!(wrong.parse::<TraceId>().is_err(), "{wrong}");
        }
    }
}
