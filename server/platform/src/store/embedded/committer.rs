//! The thread that writes traces: takes what is queued, writes it as one group, makes it durable once, and answers all.
//!
//! A lone request is written at once. While one group is made durable the next one gathers, so groups grow with the load.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use super::chain::{Chain, Segment};
use super::disk::{AtPath, bytes, make_directory, sync_directory};
use super::frame::{self, HEADING_BYTES, Header};
use super::queue::{Gathered, Queue};
use super::sealer::Sealing;
use crate::clock::Clock;
use crate::store::{StoreError, StoreObserver};

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
    pub(crate) queue: Arc<Queue>,
    pub(crate) published: Arc<Published>,
    pub(crate) observer: Arc<dyn StoreObserver>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) segment_bytes: u64,
    pub(crate) seal_every: u64,
    /// The chain as it will be once the group being written is durable.
    pub(crate) chain: Chain,
    /// The open segment; none before the first trace, and after the last one was full.
    pub(crate) file: Option<File>,
}

/// Refuses what is queued when the thread ends, whatever it ends of.
struct Ending(Arc<Queue>, Arc<Published>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.refuse(&self.1.refusal());
    }
}

impl Committer {
    /// Writes group after group until nothing will come any more, or a write fails.
    pub(crate) fn run(mut self) {
        let ending = Ending(Arc::clone(&self.queue), Arc::clone(&self.published));
        while let Some(gathered) = ending.0.take() {
            if self.commit(gathered).is_err() {
                return;
            }
        }
    }

    /// Writes a group, makes it durable, publishes it, and answers; on a failure, ends writing and answers with it.
    fn commit(&mut self, mut gathered: Gathered) -> Result<(), StoreError> {
        let before = self.chain.last;
        let prepared = self.prepare_segment();
        self.link(&mut gathered);
        match prepared.and_then(|()| self.write_durably(&gathered.frames)) {
            Ok(took) => {
                self.publish(before, bytes(gathered.frames.len()), took);
                gathered.group.end(Ok(self.chain.id(before.saturating_add(1))));
                self.queue.give_back(gathered);
                Ok(())
            }
            Err(error) => {
                let poisoned = self.fail(&error);
                gathered.group.end(Err(poisoned.clone()));
                Err(poisoned)
            }
        }
    }

    fn publish(&self, before: u64, length: u64, took: Duration) {
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
        self.observer.committed("traces", entries, length, took);
    }

    fn fail(&self, error: &StoreError) -> StoreError {
        let poisoned = self.published.poison(error);
        tracing::error!(cause = %error, "traces can't be written; no more are accepted");
        self.observer.failed("traces");
        poisoned
    }

    /// Finishes the frames of a group: each has the link of the one before.
    fn link(&mut self, gathered: &mut Gathered) {
        let chain = &mut self.chain;
        let group = chain.last.saturating_add(1);
        for (whole, digest, length) in gathered.frames_to_finish() {
            let seq = chain.last.saturating_add(1);
            let link = frame::link(&chain.link, seq, &digest);
            frame::finish(&Header { length, purged: false, seq, group, digest, previous: chain.link, link }, whole);
            (chain.last, chain.link) = (seq, link);
            if let Some(segment) = chain.segments.last_mut() {
                segment.mark(seq, segment.length);
                segment.length = segment.length.saturating_add(bytes(whole.len()));
            }
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

    /// Writes frames to the end of the segment; returns how long the disk took to make them durable.
    fn write_durably(&self, frames: &[u8]) -> Result<Duration, StoreError> {
        let (Some(file), Some(segment)) = (&self.file, self.chain.segments.last()) else { return Ok(Duration::ZERO) };
        let path = self.chain.path(segment.first);
        let offset = segment.length.saturating_sub(bytes(frames.len()));
        debug_assert!(offset >= bytes(HEADING_BYTES), "a group is written after the heading");
        file.write_all_at(frames, offset).at(&path)?;
        let began = self.clock.monotonic();
        file.sync_data().at(&path)?;
        Ok(self.clock.monotonic().saturating_sub(began))
    }
}
