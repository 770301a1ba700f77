//! The trace log of a data directory that this process writes.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::Options;
use super::chain::{Chain, Place};
use super::committer::{Committer, Published};
use super::disk::make_directory;
use super::keys::{Believed, Signatory};
use super::layout::Layout;
use super::lines::{LineWriter, sign};
use super::lock::Lock;
use super::queue::Queue;
use super::reading::{self, Chains, Extent, extent};
use super::recovery::{Opened, open_chain};
use super::sealer::Sealer;
use super::verify::{LineLimits, Verification};
use super::writer::WriterFile;
use super::{frame, purge};
use crate::clock::Clock;
use crate::store::{
    Damage, Digest, Head, Pending, PurgeRecord, StoreError, Trace, TraceId, TraceLog, TraceReader, TraceScan, Trust,
    VerifyReport, WriterId,
};

/// The writing side of a data directory's traces.
pub(crate) struct EmbeddedTraces {
    layout: Layout,
    writer_file: WriterFile,
    options: Options,
    clock: Arc<dyn Clock>,
    published: Arc<Published>,
    others: Chains,
    queue: Arc<Queue>,
    sealer: Arc<Sealer>,
    signatory: Arc<Signatory>,
    purges: Mutex<LineWriter>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: Arc<Lock>,
}

impl EmbeddedTraces {
    /// Opens the traces of a directory whose lock is held.
    pub(crate) fn open(
        layout: &Layout,
        options: &Options,
        clock: Arc<dyn Clock>,
        lock: Arc<Lock>,
    ) -> Result<EmbeddedTraces, StoreError> {
        make_directory(&layout.traces())?;
        let signatory = Arc::new(Signatory::open(&layout.keys())?);
        let heads = LineWriter::open(&layout.heads())?;
        let purges = LineWriter::open(&layout.purges())?;
        purge::finish_interrupted(layout, &Believed::beside(&layout.keys())?)?;
        let (writer_file, chain) = open_newest(layout, clock.as_ref())?;
        let head = reading::newest_head(layout, chain.writer)?;
        let published = Arc::new(Published::new(chain.clone(), head.as_ref().map_or(0, |head| head.seq)));
        let sealer = Arc::new(Sealer {
            published: Arc::clone(&published),
            signatory: Arc::clone(&signatory),
            observer: Arc::clone(&options.observer),
            clock: Arc::clone(&clock),
            writer: chain.writer,
            file: Mutex::new((heads, head)),
        });
        let queue = Arc::new(Queue::new(options));
        let committer = committer(&queue, &published, options, &clock, chain);
        let traces = EmbeddedTraces {
            layout: layout.clone(),
            writer_file,
            options: options.clone(),
            clock,
            published,
            others: Chains::new(layout),
            queue,
            sealer,
            signatory,
            purges: Mutex::new(purges),
            threads: Mutex::new(Vec::new()),
            _lock: lock,
        };
        traces.start(committer)?;
        Ok(traces)
    }

    fn start(&self, committer: Committer) -> Result<(), StoreError> {
        let (sealer, interval) = (Arc::clone(&self.sealer), self.options.seal_interval);
        let failed = |error: std::io::Error| StoreError::io(self.layout.root(), &error);
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let commits = thread::Builder::new().name("dictamen-traces".to_owned()).spawn(move || committer.run());
        threads.push(commits.map_err(failed)?);
        let seals = thread::Builder::new().name("dictamen-heads".to_owned()).spawn(move || sealer.run(interval));
        threads.push(seals.map_err(failed)?);
        Ok(())
    }

    fn place(&self, id: &TraceId) -> Result<Option<Place>, StoreError> {
        let chain = self.published.chain.read().unwrap_or_else(PoisonError::into_inner);
        if chain.writer == id.writer {
            return Ok(chain.place(id.seq));
        }
        drop(chain);
        self.others.place(id)
    }

    fn extents(&self, writer: WriterId) -> Result<Vec<Extent>, StoreError> {
        let chain = self.published.chain.read().unwrap_or_else(PoisonError::into_inner);
        if chain.writer == writer {
            return Ok(extent(&chain));
        }
        drop(chain);
        self.others.extent(writer)
    }

    /// Checks the sizes of a batch before anything is queued.
    fn admit(&self, payloads: &[Vec<u8>]) -> Result<(), StoreError> {
        let limit_bytes = u64::from(self.options.max_payload_bytes.min(frame::MAX_PAYLOAD_BYTES));
        let mut all = 0_u64;
        for payload in payloads {
            let got_bytes = super::disk::bytes(payload.len());
            if got_bytes > limit_bytes {
                return Err(StoreError::TooLarge { limit_bytes, got_bytes });
            }
            all = all.saturating_add(got_bytes);
        }
        if all > self.options.queue_bytes {
            return Err(StoreError::TooLarge { limit_bytes: self.options.queue_bytes, got_bytes: all });
        }
        Ok(())
    }

    fn purge_record(
        &self,
        id: &TraceId,
        place: &Place,
        by: &str,
        reason: &str,
    ) -> Result<Option<PurgeRecord>, StoreError> {
        let Some((offset, header)) = place.frame()? else { return Ok(None) };
        let mut record = PurgeRecord {
            trace: *id,
            digest: header.digest,
            previous: header.previous,
            link: header.link,
            segment: place.segment,
            offset,
            length_bytes: header.length,
            group: header.group,
            by: by.to_owned(),
            reason: reason.to_owned(),
            time: self.clock.now(),
            key: String::new(),
            signature: String::new(),
        };
        sign(&mut record, &self.signatory);
        Ok(Some(record))
    }

    fn stop(&self) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if threads.is_empty() {
            return;
        }
        self.queue.end(self.published.refusal());
        let mut joined = std::mem::take(&mut *threads).into_iter();
        let commits = joined.next().map(JoinHandle::join);
        if commits.is_some_and(|ended| ended.is_err()) {
            tracing::error!("the thread that writes traces ended abnormally");
        }
        if let Err(error) = self.sealer.seal() {
            tracing::error!(cause = %error, "the last head could not be written");
        }
        self.sealer.stop();
        joined.for_each(|thread| drop(thread.join()));
    }
}

impl Drop for EmbeddedTraces {
    fn drop(&mut self) {
        self.stop();
    }
}

impl TraceReader for EmbeddedTraces {
    fn writers(&self) -> Result<Vec<WriterId>, StoreError> {
        WriterFile::all_writers(Some(&self.writer_file), &self.layout)
    }

    fn get(&self, id: &TraceId) -> Result<Option<Trace>, StoreError> {
        self.place(id)?.map_or(Ok(None), |place| reading::read_place(&place))
    }

    fn scan(&self, from: Option<&TraceId>) -> Result<TraceScan, StoreError> {
        let mut chains = Vec::new();
        for writer in self.writers()? {
            chains.push((writer, self.extents(writer)?));
        }
        Ok(reading::scan(&self.layout, chains, from))
    }

    fn heads(&self) -> Result<Vec<Head>, StoreError> {
        reading::heads(&self.layout)
    }

    fn public_keys(&self) -> Result<Vec<String>, StoreError> {
        reading::public_keys(&self.layout)
    }

    fn verify(&self, trust: &Trust) -> Result<VerifyReport, StoreError> {
        let limits = LineLimits::now(&self.layout);
        let extents = |writer| self.extents(writer);
        Verification { layout: &self.layout, trust, limits, writers: self.writers()?, extents: &extents }.run()
    }
}

impl TraceLog for EmbeddedTraces {
    fn append(&self, payload: Vec<u8>) -> Pending<Result<TraceId, StoreError>> {
        if let Err(error) = self.admit(std::slice::from_ref(&payload)) {
            return Box::pin(std::future::ready(Err(error)));
        }
        let queue = Arc::clone(&self.queue);
        Box::pin(async move { queue.append(&[(&payload, Digest::of(&payload))]).await?.await })
    }

    fn append_batch(&self, payloads: Vec<Vec<u8>>) -> Pending<Result<Option<TraceId>, StoreError>> {
        if payloads.is_empty() {
            return Box::pin(std::future::ready(Ok(None)));
        }
        if let Err(error) = self.admit(&payloads) {
            return Box::pin(std::future::ready(Err(error)));
        }
        let queue = Arc::clone(&self.queue);
        Box::pin(async move {
            let entries: Vec<_> = payloads.iter().map(|payload| (&payload[..], Digest::of(payload))).collect();
            queue.append(&entries).await?.await.map(Some)
        })
    }

    fn before_waiting(&self) {
        self.queue.turn_ends();
    }

    fn last(&self) -> Option<TraceId> {
        let chain = self.published.chain.read().unwrap_or_else(PoisonError::into_inner);
        (chain.last > 0).then(|| chain.id(chain.last))
    }

    fn purge(&self, id: &TraceId, by: &str, reason: &str) -> Result<Option<PurgeRecord>, StoreError> {
        super::check_texts(&[by, reason])?;
        let mut purges = self.purges.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(done) = purge::record_of(&self.layout, id)? {
            purge::finish(&self.layout, &done)?;
            return Ok(Some(done));
        }
        let Some(place) = self.place(id)? else { return Ok(None) };
        let Some(record) = self.purge_record(id, &place, by, reason)? else { return Ok(None) };
        purges.append(&record)?;
        purge::overwrite(&self.layout, &record)?;
        Ok(Some(record))
    }

    fn seal(&self) -> Result<Option<Head>, StoreError> {
        self.sealer.seal()
    }

    fn damage(&self) -> Vec<Damage> {
        self.writer_file.damage.clone()
    }

    fn close(&self) -> Result<(), StoreError> {
        self.stop();
        self.published.failure.get().cloned().map_or(Ok(()), Err)
    }
}

/// The chain to write to: the newest one, or a new one if that is damaged.
fn open_newest(layout: &Layout, clock: &dyn Clock) -> Result<(WriterFile, Chain), StoreError> {
    let file = WriterFile::open(layout, clock.now())?;
    let head = reading::newest_head(layout, file.writer)?;
    match open_chain(Chain::unread(layout, file.writer), head.as_ref(), clock.now())? {
        Opened::Whole(chain) => Ok((file, chain)),
        Opened::Damaged(damage) => {
            tracing::error!(
                writer = %damage.writer, file = %damage.file.display(), offset = damage.offset, what = %damage.message,
                "the log is damaged; its chain is left untouched and a new one begins"
            );
            let file = file.leave(layout, damage, clock.now())?;
            let chain = Chain::unread(layout, file.writer);
            Ok((file, chain))
        }
    }
}

fn committer(
    queue: &Arc<Queue>,
    published: &Arc<Published>,
    options: &Options,
    clock: &Arc<dyn Clock>,
    chain: Chain,
) -> Committer {
    Committer {
        queue: Arc::clone(queue),
        published: Arc::clone(published),
        observer: Arc::clone(&options.observer),
        clock: Arc::clone(clock),
        segment_bytes: options.segment_bytes,
        seal_every: options.seal_every.max(1),
        chain,
        file: None,
    }
}
