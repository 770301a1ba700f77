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
mod group;
mod keys;
mod layout;
mod lines;
mod lock;
mod objects;
mod purge;
mod queue;
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
use std::os::unix::fs::DirBuilderExt;
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
        // Traces hold personal data: others may only look if whoever operates the service lets them.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).at(directory)?;
        let layout = Layout::new(directory);
        let lock = Arc::new(Lock::take(&layout.lock())?);
        let traces = Arc::new(EmbeddedTraces::open(&layout, options, Arc::clone(&clock), Arc::clone(&lock))?);
        let objects = Arc::new(EmbeddedObjects::open(&layout.objects(), options.max_object_bytes, Arc::clone(&lock))?);
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::clock::SystemClock;
    use crate::store::{Payload, TraceReader as _};

    fn open(directory: &Path, options: &Options) -> Result<Embedded, StoreError> {
        Embedded::open(directory, options, Arc::new(SystemClock::new()))
    }

    #[test]
    fn a_directory_is_held_until_all_its_stores_are_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data");
        let stores = open(&path, &Options::default()).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let objects = stores.objects();
        let refused = open(&path, &Options::default()).err().unwrap();
        assert_eq!(refused, StoreError::Locked { path: path.join("lock"), holder: Some(std::process::id()) });
        stores.close().unwrap();
        drop(stores);
        assert!(open(&path, &Options::default()).is_err());
        drop(objects);
        open(&path, &Options::default()).unwrap();
    }

    #[test]
    fn a_full_queue_delays_appends_and_loses_none() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { queue_entries: 1, queue_bytes: 4_096, ..Options::default() };
        let traces = open(directory.path(), &options).unwrap().traces();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(async {
            let appends: Vec<_> = (0..200).map(|_| tokio::spawn(traces.append(vec![7; 1_500]))).collect();
            for append in appends {
                append.await.unwrap().unwrap();
            }
        });
        assert_eq!(traces.scan(None).unwrap().map(Result::unwrap).count(), 200);
        let refused = traces.append_batch_blocking(vec![vec![7; 1_500]; 3]).unwrap_err();
        assert_eq!(refused, StoreError::TooLarge { limit_bytes: 4_096, got_bytes: 4_500 });
    }

    #[test]
    fn a_second_process_reads_what_was_acknowledged() {
        let directory = tempfile::tempdir().unwrap();
        let stores = open(directory.path(), &Options::default()).unwrap();
        let reader = ReadOnly::open(directory.path()).unwrap();
        let plan = stores.objects().put(b"plan").unwrap();
        for number in 0..50_u8 {
            let id = stores.traces().append_blocking(vec![number]).unwrap();
            assert_eq!(reader.get(&id).unwrap().unwrap().payload, Payload::Present(vec![number]));
        }
        assert_eq!(crate::store::ObjectReader::get(&reader, &plan).unwrap().as_deref(), Some(&b"plan"[..]));
        assert!(ReadOnly::open(&directory.path().join("nothing")).is_err());
    }
}
