//! The embedded adapters: traces, objects and records of one process in one data directory.
//!
//! ```text
//! lock            held by the process that writes
//! writer.json     which chain is written, and which were left as damaged
//! keys/           the Ed25519 key that signs, and the public keys that ever signed
//! traces/         a folder for each writer, with segments named by the place of their first trace
//! heads.jsonl     signed heads
//! purges.jsonl    signed purge records
//! objects/        files named by the SHA-256 of their bytes
//! records/        keyed records, in redb's own form
//! ```

mod chain;
mod committer;
mod disk;
mod frame;
mod keys;
mod layout;
mod lines;
mod lock;
mod objects;
mod purge;
mod read_only;
mod reading;
mod records;
mod recovery;
mod sealer;
#[cfg(test)]
mod tampering;
mod traces;
mod verify;
mod verify_chain;
mod walk;
mod writer;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dictamen_value::Message;

use self::disk::AtPath;
use self::layout::Layout;
use self::lock::Lock;
use self::objects::EmbeddedObjects;
pub use self::read_only::ReadOnly;
use self::records::EmbeddedRecords;
use self::traces::EmbeddedTraces;
use super::{NoObserver, Objects, Records, StoreError, StoreObserver, TraceLog};
use crate::clock::Clock;

/// The largest object that is read or written, unless the options say otherwise.
pub const DEFAULT_MAX_OBJECT_BYTES: u64 = 256 * 1_024 * 1_024;

/// How an embedded store works. The defaults are for a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// A segment takes no more traces once it is so long.
    pub segment_bytes: u64,
    /// The largest payload of a trace; never over 64 MiB.
    pub max_payload_bytes: u32,
    /// How many appends may wait to be written before further ones wait to be queued.
    pub queue_entries: usize,
    /// How many bytes of payloads may wait to be written before further ones wait to be queued; the limit of a batch.
    pub queue_bytes: u64,
    /// A head is signed at this interval while there is something new.
    pub seal_interval: Duration,
    /// A head is signed as soon as so many traces are new.
    pub seal_every: u64,
    /// The largest object.
    pub max_object_bytes: u64,
    /// The most bytes of keys and values in one batch of records.
    pub max_batch_bytes: u64,
    /// How much memory the records' cache may take.
    pub record_cache_bytes: u64,
    /// Is told of commits and failures.
    pub observer: Arc<dyn StoreObserver>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            segment_bytes: 256 * 1_024 * 1_024,
            max_payload_bytes: 16 * 1_024 * 1_024,
            queue_entries: 4_096,
            queue_bytes: 64 * 1_024 * 1_024,
            seal_interval: Duration::from_secs(1),
            seal_every: 1_000,
            max_object_bytes: DEFAULT_MAX_OBJECT_BYTES,
            max_batch_bytes: 16 * 1_024 * 1_024,
            record_cache_bytes: 32 * 1_024 * 1_024,
            observer: Arc::new(NoObserver),
        }
    }
}

/// The stores of one data directory, which this process alone writes until all of them are dropped.
#[derive(Clone)]
pub struct Embedded {
    traces: Arc<EmbeddedTraces>,
    objects: Arc<EmbeddedObjects>,
    records: Arc<EmbeddedRecords>,
    _lock: Arc<Lock>,
}

impl Embedded {
    /// Opens a data directory, making it if there is none, and mends what a crash left half-written.
    /// Damage is not mended: see [`TraceLog::damage`].
    pub fn open(directory: &Path, options: &Options, clock: Arc<dyn Clock>) -> Result<Embedded, StoreError> {
        fs::create_dir_all(directory).at(directory)?;
        let layout = Layout::new(directory);
        let lock = Arc::new(Lock::take(&layout.lock())?);
        let traces = Arc::new(EmbeddedTraces::open(&layout, options, Arc::clone(&clock), Arc::clone(&lock))?);
        let objects = Arc::new(EmbeddedObjects::open(&layout.objects(), options.max_object_bytes)?);
        let records = Arc::new(EmbeddedRecords::open(&layout.records(), options, clock, Arc::clone(&lock))?);
        Ok(Embedded { traces, objects, records, _lock: lock })
    }

    /// The trace log.
    pub fn traces(&self) -> Arc<dyn TraceLog> {
        Arc::clone(&self.traces) as Arc<dyn TraceLog>
    }

    /// The objects.
    pub fn objects(&self) -> Arc<dyn Objects> {
        Arc::clone(&self.objects) as Arc<dyn Objects>
    }

    /// The keyed records.
    pub fn records(&self) -> Arc<dyn Records> {
        Arc::clone(&self.records) as Arc<dyn Records>
    }

    /// Makes everything accepted durable and signed, and accepts nothing more. The lock goes when the stores are dropped.
    pub fn close(&self) -> Result<(), StoreError> {
        self.traces.close().and(self.records.close())
    }
}

/// Fails if a text that goes into a signed line is longer than 2 000 bytes.
fn check_texts(texts: &[&str]) -> Result<(), StoreError> {
    const MAX_TEXT_BYTES: usize = 2_000;
    let long = texts.iter().find(|text| text.len() > MAX_TEXT_BYTES);
    long.map_or(Ok(()), |text| {
        Err(StoreError::BadName {
            text: text.chars().take(40).collect(),
            expected: Message::new("un texto de hasta 2000 bytes", "a text of up to 2000 bytes"),
        })
    })
}
