//! Keyed records in redb: a thread takes the batches that are queued, commits them in one durable transaction, and answers all.

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, Table, TableDefinition};
use tokio::sync::{mpsc, oneshot};

use super::Options;
use super::disk::{AtPath, bytes, make_directory, sync_directory};
use super::lock::Lock;
use crate::clock::Clock;
use crate::store::records::{check_place, check_space};
use crate::store::{
    Applied, Batch, Pending, Record, RecordReader, RecordScan, Records, StoreError, StoreObserver, Write, wait,
};

/// All records, by their space, a zero byte, and their key.
const RECORDS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");

/// How many batches are committed together at most.
const MAX_GROUP: usize = 1_024;

/// How many batches may wait before further ones wait to be queued.
const QUEUE: usize = 1_024;

/// The records of a data directory.
pub(crate) struct EmbeddedRecords {
    database: Arc<Database>,
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

type Answer = (oneshot::Sender<Result<Applied, StoreError>>, Result<Applied, StoreError>);

impl EmbeddedRecords {
    /// Opens the records of a directory whose lock is held.
    pub(crate) fn open(
        path: &Path,
        options: &Options,
        clock: Arc<dyn Clock>,
        lock: Arc<Lock>,
    ) -> Result<EmbeddedRecords, StoreError> {
        let database = Arc::new(open_database(path, options)?);
        let (queue, requests) = mpsc::channel(QUEUE);
        let failure = Arc::new(OnceLock::new());
        let committer = Committer {
            database: Arc::clone(&database),
            failure: Arc::clone(&failure),
            observer: Arc::clone(&options.observer),
            clock,
        };
        let thread = thread::Builder::new().name("dictamen-records".to_owned()).spawn(move || committer.run(requests));
        let thread = Mutex::new(Some(thread.map_err(|error| StoreError::io(path, &error))?));
        let max_batch_bytes = options.max_batch_bytes;
        Ok(EmbeddedRecords { database, queue, failure, max_batch_bytes, thread, _lock: lock })
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

    fn view(&self) -> Result<View, StoreError> {
        self.database.begin_read().map(|snapshot| View { snapshot }).map_err(engine)
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
        self.view()?.get(space, key)
    }

    fn scan(&self, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Result<RecordScan, StoreError> {
        self.view()?.scan(space, prefix, after)
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

    fn snapshot(&self) -> Result<Box<dyn RecordReader>, StoreError> {
        Ok(Box::new(self.view()?))
    }
}

/// The records at one moment.
struct View {
    snapshot: ReadTransaction,
}

impl RecordReader for View {
    fn get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        check_place(space, key)?;
        let table = self.snapshot.open_table(RECORDS).map_err(engine)?;
        let found = table.get_owned(full_key(space, key).as_slice()).map_err(engine)?;
        Ok(found.map(|value| value.value().to_vec()))
    }

    fn scan(&self, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Result<RecordScan, StoreError> {
        check_space(space)?;
        let from = full_key(space, prefix);
        let after = after.map(|after| full_key(space, after)).filter(|after| *after >= from);
        let begin = after.as_deref().map_or(Bound::Included(from.as_slice()), Bound::Excluded);
        let table = self.snapshot.open_table(RECORDS).map_err(engine)?;
        let found = table.range_owned::<&[u8]>((begin, Bound::Unbounded)).map_err(engine)?.map(|read| {
            let (key, value) = read.map_err(engine)?;
            Ok((key.value().to_vec(), value.value().to_vec()))
        });
        let skipped = space.len().saturating_add(1);
        let within = found.take_while(move |read| !matches!(read, Ok((key, _)) if !key.starts_with(&from)));
        let records = within.map(move |read: Result<(Vec<u8>, Vec<u8>), StoreError>| {
            read.map(|(key, value)| Record { key: key.get(skipped..).unwrap_or_default().to_vec(), value })
        });
        Ok(Box::new(records))
    }
}

struct Committer {
    database: Arc<Database>,
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
        let mut batches = Vec::new();
        let mut senders = Vec::new();
        for request in group {
            let Request::Apply(batch, answer) = request else { break };
            batches.push(batch);
            senders.push(answer);
        }
        match self.write(batches) {
            Ok(judged) => senders.into_iter().zip(judged).for_each(answer),
            Err(error) => {
                let poisoned = self.fail(&error);
                senders.into_iter().for_each(|sender| answer((sender, Err(poisoned.clone()))));
            }
        }
    }

    /// Applies batches in one transaction, durably; says of each what became of it.
    fn write(&self, batches: Vec<Batch>) -> Result<Vec<Result<Applied, StoreError>>, StoreError> {
        let transaction = self.database.begin_write().map_err(engine)?;
        let (mut judged, mut entries, mut length) = (Vec::with_capacity(batches.len()), 0_usize, 0_u64);
        let mut table = transaction.open_table(RECORDS).map_err(engine)?;
        for batch in batches {
            let refused = first_unmet(&table, &batch)?;
            if refused.is_none() {
                entries = entries.saturating_add(batch.writes.len());
                length = length.saturating_add(apply_writes(&mut table, batch.writes)?);
            }
            judged.push(Ok(refused.unwrap_or(Applied::Done)));
        }
        drop(table);
        if entries == 0 {
            transaction.abort().map_err(engine)?;
            return Ok(judged);
        }
        let began = self.clock.monotonic();
        transaction.commit().map_err(engine)?;
        let took = self.clock.monotonic().saturating_sub(began);
        self.observer.committed("records", entries, length, took);
        Ok(judged)
    }

    /// Ends writing for good.
    fn fail(&self, error: &StoreError) -> StoreError {
        tracing::error!(cause = %error, "records can't be written; no more are accepted");
        self.observer.failed("records");
        self.failure.get_or_init(|| StoreError::Poisoned { cause: error.to_string() }).clone()
    }
}

/// What a record that a batch expects otherwise refuses it with; none if all is as it expects.
fn first_unmet(table: &Table<'_, &[u8], &[u8]>, batch: &Batch) -> Result<Option<Applied>, StoreError> {
    for expectation in &batch.expectations {
        let found = table.get(full_key(&expectation.space, &expectation.key).as_slice()).map_err(engine)?;
        let found = found.map(|value| value.value().to_vec());
        if found != expectation.value {
            let (space, key) = (expectation.space.clone(), expectation.key.clone());
            return Ok(Some(Applied::Refused { space, key, found }));
        }
    }
    Ok(None)
}

/// Makes the writes of a batch; returns how many bytes of keys and values they have.
fn apply_writes(table: &mut Table<'_, &[u8], &[u8]>, writes: Vec<Write>) -> Result<u64, StoreError> {
    let mut length = 0_u64;
    for Write { space, key, value } in writes {
        let key = full_key(&space, &key);
        length = length.saturating_add(bytes(key.len())).saturating_add(bytes(value.as_ref().map_or(0, Vec::len)));
        match value {
            Some(value) => drop(table.insert(key.as_slice(), value.as_slice()).map_err(engine)?),
            None => drop(table.remove(key.as_slice()).map_err(engine)?),
        }
    }
    Ok(length)
}

fn answer((sender, judged): Answer) {
    // A caller that no longer waits needs no answer.
    let _ = sender.send(judged);
}

/// Opens the database of a directory. A new one is made under another name first, so that there is never half of one.
fn open_database(directory: &Path, options: &Options) -> Result<Database, StoreError> {
    make_directory(directory)?;
    let (path, new) = (directory.join("records.redb"), directory.join("records.new"));
    if !path.exists() {
        if new.exists() {
            fs::remove_file(&new).at(&new)?;
        }
        make_database(&new)?;
        fs::rename(&new, &path).at(&path)?;
    }
    sync_directory(directory)?;
    let cache = usize::try_from(options.record_cache_bytes).unwrap_or(usize::MAX);
    Database::builder().set_cache_size(cache).open(&path).map_err(engine)
}

fn make_database(path: &Path) -> Result<(), StoreError> {
    let database = Database::create(path).map_err(engine)?;
    let transaction = database.begin_write().map_err(engine)?;
    drop(transaction.open_table(RECORDS).map_err(engine)?);
    transaction.commit().map_err(engine)?;
    database.close().map_err(engine)?;
    fs::File::open(path).and_then(|file| file.sync_all()).at(path)
}

/// A key within its space: a space has no zero byte, so spaces never mix.
fn full_key(space: &str, key: &[u8]) -> Vec<u8> {
    [space.as_bytes(), &[0], key].concat()
}

fn engine(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Engine { cause: error.into().to_string() }
}
