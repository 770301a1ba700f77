//! The store ports: a chained log of traces, objects named by their hash, and keyed records.
//!
//! Services hold `Arc<dyn TraceLog>`, `Arc<dyn Objects>` and `Arc<dyn Records>`; [`embedded`] keeps them in one directory.

mod digest;
pub mod embedded;
mod error;
mod objects;
mod records;
mod trace;
mod verify;
mod waiting;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

pub use digest::{Digest, NotADigest};
pub use error::StoreError;
pub use objects::{ObjectReader, Objects};
pub use records::{
    Applied, Batch, Expectation, MAX_BATCH_WRITES, MAX_KEY_BYTES, MAX_SPACE_BYTES, Record, RecordReader, RecordScan,
    Records, Write,
};
pub use trace::{Damage, Head, Payload, PurgeRecord, Trace, TraceId, TraceLog, TraceReader, TraceScan, WriterId};
pub use verify::{ChainReport, Finding, FindingKind, Trust, VerifyReport};
pub use waiting::wait;

/// A future in a box: what the asynchronous calls of the ports return. It does nothing until it is polled.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Is told what a store does, for metrics.
pub trait StoreObserver: Send + Sync + fmt::Debug {
    /// A store (`traces`, `records` or `heads`) made a group of entries durable with one synchronisation of the disk.
    fn committed(&self, store: &'static str, entries: usize, bytes: u64, synchronised_in: Duration);

    /// A store failed to make something durable and takes no more writes.
    fn failed(&self, store: &'static str);
}

/// An observer that looks away.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl StoreObserver for NoObserver {
    fn committed(&self, _store: &'static str, _entries: usize, _bytes: u64, _synchronised_in: Duration) {}
    fn failed(&self, _store: &'static str) {}
}
