//! Keyed records in fjall: a thread takes the batches that are queued, commits them as one with a synchronisation of the disk, and answers all.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, Snapshot};
use tokio::sync::{mpsc, oneshot};

use super::Options;
use super::lock::Lock;
use crate::clock::Clock;
use crate::store::records::{check_place, check_space};
use crate::store::{
    Applied, Batch, Pending, Record, RecordReader, RecordScan, Records, StoreError, StoreObserver, Write, wait,
};

/// How many batches are committed together at most.
const MAX_GROUP: usize = 1_024;

/// How many batches may wait before further ones wait to be queued.
const QUEUE: usize = 1_024;

/// The records of a data directory.
pub(crate) struct EmbeddedRecords {
    database: Database,
    keyspace: Keyspace,
    queue: mpsc::Sender<Request>,
    failure: Arc<OnceLock<StoreError>>,
    max_batch_bytes: u64,
    thread: Mutex<Option<JoinHandle<()>>>,
    _lock: Arc<Lock>,
}

enum Request {
    Apply(Batch, oneshot::Sender<Result<Applied, StoreError>>),
    Stop,
}

/// What a group of batches leaves in the records: of each key the last value, or none if it is removed.
type Overlay = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

type Answers = Vec<(oneshot::Sender<Result<Applied, StoreError>>, Result<Applied, StoreError>)>;

impl EmbeddedRecords {
    /// Opens the records of a directory whose lock is held.
    pub(crate) fn open(
        path: &Path,
        options: &Options,
        clock: Arc<dyn Clock>,
        lock: Arc<Lock>,
    ) -> Result<EmbeddedRecords, StoreError> {
        let opened = Database::builder(path).cache_size(options.record_cache_bytes).open();
        let database = opened.map_err(|error| engine(&error))?;
        let keyspace = database.keyspace("records", KeyspaceCreateOptions::default).map_err(|error| engine(&error))?;
        let (queue, requests) = mpsc::channel(QUEUE);
        let failure = Arc::new(OnceLock::new());
        let committer = Committer {
            database: database.clone(),
            keyspace: keyspace.clone(),
            failure: Arc::clone(&failure),
            observer: Arc::clone(&options.observer),
            clock,
        };
        let thread = thread::Builder::new().name("dictamen-records".to_owned()).spawn(move || committer.run(requests));
        let thread = Mutex::new(Some(thread.map_err(|error| StoreError::io(path, &error))?));
        let max_batch_bytes = options.max_batch_bytes;
        Ok(EmbeddedRecords { database, keyspace, queue, failure, max_batch_bytes, thread, _lock: lock })
    }

    /// Makes everything accepted durable and accepts nothing more.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The thread may have stopped by itself after a failure; then there is nobody left to tell.
            let _ = wait(self.queue.send(Request::Stop));
            if thread.join().is_err() {
                tracing::error!("the thread that writes records ended abnormally");
            }
        }
        self.failure.get().cloned().map_or(Ok(()), Err)
    }

    fn view(&self) -> View {
        View { snapshot: self.database.snapshot(), keyspace: self.keyspace.clone() }
    }
}

impl Drop for EmbeddedRecords {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::error!(cause = %error, "the records were closed after a failure");
        }
    }
}

impl RecordReader for EmbeddedRecords {
    fn get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        check_place(space, key)?;
        let found = self.keyspace.get(full_key(space, key)).map_err(|error| engine(&error))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn scan(&self, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Result<RecordScan, StoreError> {
        self.view().scan(space, prefix, after)
    }
}

impl Records for EmbeddedRecords {
    fn apply(&self, batch: Batch) -> Pending<Result<Applied, StoreError>> {
        if let Err(error) = batch.check(self.max_batch_bytes) {
            return Box::pin(std::future::ready(Err(error)));
        }
        let (queue, failure) = (self.queue.clone(), Arc::clone(&self.failure));
        Box::pin(async move {
            let refusal = || failure.get().cloned().unwrap_or(StoreError::Closed);
            let (answer, answered) = oneshot::channel();
            queue.send(Request::Apply(batch, answer)).await.map_err(|_| refusal())?;
            answered.await.unwrap_or_else(|_| Err(refusal()))
        })
    }

    fn snapshot(&self) -> Box<dyn RecordReader> {
        Box::new(self.view())
    }
}

/// The records at one moment.
struct View {
    snapshot: Snapshot,
    keyspace: Keyspace,
}

impl RecordReader for View {
    fn get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        check_place(space, key)?;
        let found = self.snapshot.get(&self.keyspace, full_key(space, key)).map_err(|error| engine(&error))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn scan(&self, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Result<RecordScan, StoreError> {
        check_space(space)?;
        let from = full_key(space, prefix);
        let begin = match after.map(|after| full_key(space, after)) {
            Some(after) if after >= from => Bound::Excluded(after),
            _ => Bound::Included(from.clone()),
        };
        let skipped = space.len().saturating_add(1);
        let found = self.snapshot.range::<Vec<u8>, _>(&self.keyspace, (begin, Bound::Unbounded)).map(move |guard| {
            let (key, value) = guard.into_inner().map_err(|error| engine(&error))?;
            Ok((key.to_vec(), value.to_vec()))
        });
        let within = found.take_while(move |read| !matches!(read, Ok((key, _)) if !key.starts_with(&from)));
        let records = within.map(move |read| {
            read.map(|(key, value)| Record { key: key.get(skipped..).unwrap_or_default().to_vec(), value })
        });
        Ok(Box::new(records))
    }
}

struct Committer {
    database: Database,
    keyspace: Keyspace,
    failure: Arc<OnceLock<StoreError>>,
    observer: Arc<dyn StoreObserver>,
    clock: Arc<dyn Clock>,
}

impl Committer {
    fn run(&self, mut requests: mpsc::Receiver<Request>) {
        let mut stop = false;
        while !stop && self.failure.get().is_none() {
            let Some(first) = requests.blocking_recv() else { return };
            let mut group = vec![first];
            while group.len() < MAX_GROUP
                && let Ok(more) = requests.try_recv()
            {
                group.push(more);
            }
            stop = group.iter().any(|request| matches!(request, Request::Stop));
            self.commit(group);
        }
        requests.close();
        while let Some(request) = requests.blocking_recv() {
            if let Request::Apply(_, answer) = request {
                // A caller that no longer waits needs no answer.
                let _ = answer.send(Err(self.failure.get().cloned().unwrap_or(StoreError::Closed)));
            }
        }
    }

    fn commit(&self, group: Vec<Request>) {
        let mut overlay = Overlay::new();
        let mut answers = Answers::new();
        for request in group {
            let Request::Apply(batch, answer) = request else { break };
            answers.push((answer, self.judge(batch, &mut overlay)));
        }
        let written = self.write(overlay);
        for (answer, judged) in answers {
            let judged = written.as_ref().map_or_else(|failure| Err(failure.clone()), |()| judged);
            // A caller that no longer waits needs no answer.
            let _ = answer.send(judged);
        }
    }

    /// Adds the writes of a batch to the overlay if what it expects holds.
    fn judge(&self, batch: Batch, overlay: &mut Overlay) -> Result<Applied, StoreError> {
        for expectation in batch.expectations {
            let found = self.value(&full_key(&expectation.space, &expectation.key), overlay)?;
            if found != expectation.value {
                return Ok(Applied::Refused { space: expectation.space, key: expectation.key, found });
            }
        }
        overlay.extend(batch.writes.into_iter().map(|Write { space, key, value }| (full_key(&space, &key), value)));
        Ok(Applied::Done)
    }

    fn value(&self, key: &[u8], overlay: &Overlay) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(written) = overlay.get(key) {
            return Ok(written.clone());
        }
        let found = self.keyspace.get(key).map_err(|error| engine(&error))?;
        Ok(found.map(|value| value.to_vec()))
    }

    /// Commits the overlay durably; a failure ends writing for good.
    fn write(&self, overlay: Overlay) -> Result<(), StoreError> {
        if overlay.is_empty() {
            return Ok(());
        }
        let (entries, mut length) = (overlay.len(), 0_usize);
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (key, value) in overlay {
            length = length.saturating_add(key.len()).saturating_add(value.as_ref().map_or(0, Vec::len));
            match value {
                Some(value) => batch.insert(&self.keyspace, key, value),
                None => batch.remove(&self.keyspace, key),
            }
        }
        let began = self.clock.monotonic();
        if let Err(error) = batch.commit() {
            tracing::error!(cause = %error, "records can't be written; no more are accepted");
            self.observer.failed("records");
            return Err(self.failure.get_or_init(|| StoreError::Poisoned { cause: error.to_string() }).clone());
        }
        let took = self.clock.monotonic().saturating_sub(began);
        self.observer.committed("records", entries, super::disk::bytes(length), took);
        Ok(())
    }
}

/// A key within its space: a space has no zero byte, so spaces never mix.
fn full_key(space: &str, key: &[u8]) -> Vec<u8> {
    [space.as_bytes(), &[0], key].concat()
}

fn engine(error: &fjall::Error) -> StoreError {
    match error {
        fjall::Error::Locked => StoreError::Locked { path: PathBuf::from("records"), holder: None },
        other => StoreError::Engine { cause: other.to_string() },
    }
}
