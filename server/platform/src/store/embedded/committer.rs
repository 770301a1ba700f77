//! The thread that writes traces: takes what is queued, writes it as one group, makes it durable once, and answers all.
//!
//! A lone request is written at once. While one group is made durable the next one gathers, so groups grow with the load; under load
//! the thread also waits about as long as the last synchronisation took, since what one costs is shared by all that wait for it.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::chain::{Chain, Segment};
use super::disk::{AtPath, bytes, make_directory, sync_directory};
use super::frame::{self, HEADER_BYTES, HEADING_BYTES, Header};
use super::sealer::Sealing;
use crate::clock::Clock;
use crate::store::{Digest, StoreError, StoreObserver, TraceId};

/// How many entries are written as one group at most.
const MAX_GROUP_ENTRIES: usize = 4_096;

/// After how many bytes a group takes no more entries.
const MAX_GROUP_BYTES: usize = 4 * 1_024 * 1_024;

/// From how many requests in the last group on there is load.
const CROWD: usize = 4;

/// How long to wait for more under load at most, however slow the disk is.
const GATHERING_MAX: Duration = Duration::from_micros(500);

/// A payload and its digest, which the caller computes so that the thread doesn't.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) payload: Vec<u8>,
    pub(crate) digest: Digest,
}

/// What the thread is asked for.
pub(crate) enum Request {
    /// Append entries one after the other, and answer with the name of the first.
    Append { entries: Vec<Entry>, answer: oneshot::Sender<Result<TraceId, StoreError>>, room: OwnedSemaphorePermit },
    /// Finish what came before, and stop.
    Stop,
}

/// What readers and the thread share: the published chain, and the failure that ended writing.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) chain: RwLock<Chain>,
    pub(crate) failure: OnceLock<StoreError>,
    pub(crate) sealing: Mutex<Sealing>,
    pub(crate) wake_sealer: std::sync::Condvar,
}

impl Published {
    pub(crate) fn new(chain: Chain, sealed: u64) -> Published {
        let sealing = Sealing { last: chain.last, link: chain.link, sealed, stop: false };
        Published {
            chain: RwLock::new(chain),
            failure: OnceLock::new(),
            sealing: Mutex::new(sealing),
            wake_sealer: std::sync::Condvar::new(),
        }
    }

    /// Why nothing more is accepted: the failure, or that the store was closed.
    pub(crate) fn refusal(&self) -> StoreError {
        self.failure.get().cloned().unwrap_or(StoreError::Closed)
    }

    /// Ends writing for good.
    pub(crate) fn poison(&self, cause: &StoreError) -> StoreError {
        self.failure.get_or_init(|| StoreError::Poisoned { cause: cause.to_string() }).clone()
    }
}

/// The state of the thread.
pub(crate) struct Committer {
    pub(crate) requests: mpsc::Receiver<Request>,
    pub(crate) published: Arc<Published>,
    pub(crate) observer: Arc<dyn StoreObserver>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) segment_bytes: u64,
    pub(crate) seal_every: u64,
    /// The chain as it will be once the group being written is durable.
    pub(crate) chain: Chain,
    /// The open segment; none before the first trace, and after the last one was full.
    pub(crate) file: Option<File>,
    pub(crate) buffer: Vec<u8>,
}

type Answer = (oneshot::Sender<Result<TraceId, StoreError>>, TraceId, OwnedSemaphorePermit);

impl Committer {
    /// Serves requests until it is told to stop, every sender is gone, or a write fails.
    pub(crate) fn run(mut self) {
        let mut gathering = Duration::ZERO;
        while let Some(request) = self.requests.blocking_recv() {
            if !gathering.is_zero() {
                std::thread::sleep(gathering);
            }
            let (group, stop) = self.gather(request);
            gathering = match self.serve(group) {
                Ok(next) => next,
                Err(_) => break,
            };
            if stop {
                break;
            }
        }
        self.refuse_the_rest();
    }

    /// Commits a group; tells how long to wait before the next one.
    fn serve(&mut self, group: Vec<Request>) -> Result<Duration, StoreError> {
        let crowded = group.len() >= CROWD;
        let took = if group.is_empty() { Duration::ZERO } else { self.commit(group)? };
        Ok(if crowded { took.min(GATHERING_MAX) } else { Duration::ZERO })
    }

    /// The request and those that wait behind it, up to the limits of a group.
    fn gather(&mut self, first: Request) -> (Vec<Request>, bool) {
        let mut group = Vec::new();
        let (mut entries, mut length) = (0_usize, 0_usize);
        let mut next = Some(first);
        while let Some(request) = next {
            match &request {
                Request::Stop => return (group, true),
                Request::Append { entries: more, .. } => {
                    entries = entries.saturating_add(more.len());
                    length = more.iter().fold(length, |sum, entry| sum.saturating_add(entry.payload.len()));
                }
            }
            group.push(request);
            let full = entries >= MAX_GROUP_ENTRIES || length >= MAX_GROUP_BYTES;
            next = if full { None } else { self.requests.try_recv().ok() };
        }
        (group, false)
    }

    /// Writes a group, makes it durable, publishes it, and answers; on a failure, ends writing and answers with it. Returns how
    /// long the disk took.
    fn commit(&mut self, group: Vec<Request>) -> Result<Duration, StoreError> {
        let before = self.chain.last;
        let prepared = self.prepare_segment();
        self.buffer.clear();
        let answers: Vec<Answer> =
            group.into_iter().filter_map(|request| self.encode(request, before.saturating_add(1))).collect();
        let written = prepared.and_then(|()| self.write_durably());
        match written {
            Ok(took) => {
                self.publish(before, took);
                answer_all(answers);
                Ok(took)
            }
            Err(error) => Err(self.fail(&error, answers)),
        }
    }

    fn encode(&mut self, request: Request, group: u64) -> Option<Answer> {
        let Request::Append { entries, answer, room } = request else { return None };
        let id = self.chain.id(self.chain.last.saturating_add(1));
        for entry in &entries {
            self.encode_entry(entry, group);
        }
        Some((answer, id, room))
    }

    fn encode_entry(&mut self, entry: &Entry, group: u64) {
        let chain = &mut self.chain;
        let seq = chain.last.saturating_add(1);
        let link = frame::link(&chain.link, seq, &entry.digest);
        let header = Header {
            length: u32::try_from(entry.payload.len()).unwrap_or(u32::MAX),
            purged: false,
            seq,
            group,
            digest: entry.digest,
            previous: chain.link,
            link,
        };
        frame::encode(&header, &entry.payload, &mut self.buffer);
        (chain.last, chain.link) = (seq, link);
        if let Some(segment) = chain.segments.last_mut() {
            segment.mark(seq, segment.length);
            segment.length = segment.length.saturating_add(bytes(HEADER_BYTES.saturating_add(entry.payload.len())));
        }
    }

    /// Opens the segment to write to, or begins a new one if there is none or the last one is full.
    fn prepare_segment(&mut self) -> Result<(), StoreError> {
        match self.chain.segments.last() {
            Some(segment) if segment.length < self.segment_bytes => {
                if self.file.is_none() {
                    let path = self.chain.path(segment.first);
                    self.file = Some(OpenOptions::new().write(true).open(&path).at(&path)?);
                }
                Ok(())
            }
            _ => self.begin_segment(),
        }
    }

    fn begin_segment(&mut self) -> Result<(), StoreError> {
        let directory = self.chain.layout.chain(self.chain.writer);
        make_directory(&directory)?;
        let first = self.chain.last.saturating_add(1);
        let path = self.chain.path(first);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&path).at(&path)?;
        let heading = frame::heading(self.chain.writer, first, &self.chain.link);
        file.write_all_at(&heading, 0).and_then(|()| file.sync_all()).at(&path)?;
        sync_directory(&directory)?;
        self.chain.segments.push(Segment::new(first));
        self.file = Some(file);
        Ok(())
    }

    /// Writes the buffer to the end of the segment; returns how long the disk took to make it durable.
    fn write_durably(&mut self) -> Result<Duration, StoreError> {
        let (Some(file), Some(segment)) = (&self.file, self.chain.segments.last()) else { return Ok(Duration::ZERO) };
        let path = self.chain.path(segment.first);
        let offset = segment.length.saturating_sub(bytes(self.buffer.len()));
        debug_assert!(offset >= bytes(HEADING_BYTES), "a group is written after the heading");
        file.write_all_at(&self.buffer, offset).at(&path)?;
        let began = self.clock.monotonic();
        file.sync_data().at(&path)?;
        Ok(self.clock.monotonic().saturating_sub(began))
    }

    fn publish(&mut self, before: u64, took: Duration) {
        let mut published = self.published.chain.write().unwrap_or_else(PoisonError::into_inner);
        published.follow(&self.chain);
        drop(published);
        let mut sealing = self.published.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        (sealing.last, sealing.link) = (self.chain.last, self.chain.link);
        if sealing.last.saturating_sub(sealing.sealed) >= self.seal_every {
            self.published.wake_sealer.notify_one();
        }
        drop(sealing);
        let entries = usize::try_from(self.chain.last.saturating_sub(before)).unwrap_or(usize::MAX);
        self.observer.committed("traces", entries, bytes(self.buffer.len()), took);
    }

    fn fail(&mut self, error: &StoreError, answers: Vec<Answer>) -> StoreError {
        let poisoned = self.published.poison(error);
        tracing::error!(cause = %error, "traces can't be written; no more are accepted");
        self.observer.failed("traces");
        for (answer, _, _) in answers {
            // A caller that no longer waits needs no answer.
            let _ = answer.send(Err(poisoned.clone()));
        }
        poisoned
    }

    fn refuse_the_rest(&mut self) {
        self.requests.close();
        let refusal = self.published.refusal();
        while let Some(request) = self.requests.blocking_recv() {
            if let Request::Append { answer, .. } = request {
                // A caller that no longer waits needs no answer.
                let _ = answer.send(Err(refusal.clone()));
            }
        }
    }
}

fn answer_all(answers: Vec<Answer>) {
    for (answer, id, room) in answers {
        drop(room);
        // A caller that no longer waits needs no answer.
        let _ = answer.send(Ok(id));
    }
}
