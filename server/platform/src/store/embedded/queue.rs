//! What waits to be written: traces that gather into groups, in buffers of frames that the thread that writes takes over.
//!
//! Two buffers take turns under load: one gathers while the other is made durable. Nobody frees what another thread allocated.
//!
//! A thread that says when its [turns end](Queue::turn_ends) wakes the thread that writes only then: all that came in one turn of its loop
//! is one group.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::Options;
use super::disk::bytes;
use super::frame::{self, HEADER_BYTES};
use super::group::{Durable, Group};
use crate::store::{Digest, StoreError};

/// How many entries are written as one group at most, but for a batch that has more.
const MAX_GROUP_ENTRIES: usize = 4_096;

/// After how many bytes a group takes no more entries.
const MAX_GROUP_BYTES: usize = 4 * 1_024 * 1_024;

/// How many requests of a turn wait for its end at most.
const TURN_REQUESTS_MAX: usize = 64;

/// One permit of the queue's room stands for so many bytes.
const ROOM_UNIT_BYTES: u64 = 1_024;

thread_local! {
    /// Whether this thread says when its turns end.
    static HAS_TURNS: Cell<bool> = const { Cell::new(false) };
}

/// The queue between those who append traces and the thread that writes them.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Is notified when there is something to write, or nothing will come any more.
    filled: Condvar,
    room: Semaphore,
    /// The permits that there are, and those that a request takes at least.
    units: (u32, u32),
}

#[derive(Debug, Default)]
struct State {
    /// Groups that take no more.
    full: VecDeque<Gathered>,
    open: Gathered,
    spare: Option<Gathered>,
    /// Why nothing more is accepted.
    ended: Option<StoreError>,
    writer_waits: bool,
}

/// Traces that are written together: their frames lack what depends on the trace before.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Frames without their headers.
    pub(crate) frames: Vec<u8>,
    /// The length of each payload, and its digest.
    pub(crate) entries: Vec<(u32, Digest)>,
    /// How many requests they came with.
    pub(crate) requests: usize,
    /// Those who wait.
    pub(crate) group: Arc<Group>,
    units: u32,
}

impl Queue {
    /// An empty queue, under the limits of the options.
    pub(crate) fn new(options: &Options) -> Queue {
        let most = u64::try_from(Semaphore::MAX_PERMITS).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        let all = options.queue_bytes.div_ceil(ROOM_UNIT_BYTES).clamp(1, most);
        let least = all.checked_div(bytes(options.queue_entries)).unwrap_or(all).max(1);
        let narrow = |units: u64| u32::try_from(units).unwrap_or(u32::MAX);
        Queue {
            state: Mutex::default(),
            filled: Condvar::new(),
            room: Semaphore::new(usize::try_from(all).unwrap_or(Semaphore::MAX_PERMITS)),
            units: (narrow(all), narrow(least)),
        }
    }

    /// Appends payloads with their digests one after the other with nothing between them, as soon as there is room. What is given
    /// waits until they are durable, and gives the name of the first.
    pub(crate) async fn append(&self, entries: &[(&[u8], Digest)]) -> Result<Durable, StoreError> {
        let length = entries.iter().fold(0, |sum: u64, (payload, _)| sum.saturating_add(bytes(payload.len())));
        let units = self.room(length).await?;
        let mut state = self.state();
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        let durable = state.open.add(entries, units);
        if state.open.is_full() {
            let next = state.spare.take().unwrap_or_default();
            let full = std::mem::replace(&mut state.open, next);
            state.full.push_back(full);
        }
        if !HAS_TURNS.get() || state.open.requests >= TURN_REQUESTS_MAX || !state.full.is_empty() {
            self.wake_writer(state);
        }
        Ok(durable)
    }

    /// What the calling thread has appended may be written. Once a thread has called this, it does so before each time that it waits.
    pub(crate) fn turn_ends(&self) {
        HAS_TURNS.set(true);
        let state = self.state();
        if !state.is_empty() {
            self.wake_writer(state);
        }
    }

    fn wake_writer(&self, mut state: MutexGuard<'_, State>) {
        let waits = std::mem::take(&mut state.writer_waits);
        drop(state);
        if waits {
            self.filled.notify_one();
        }
    }

    /// Waits until there is something to write, and takes a group; none once nothing will come.
    pub(crate) fn take(&self) -> Option<Gathered> {
        let mut state = self.state();
        while state.is_empty() {
            if state.ended.is_some() {
                return None;
            }
            state.writer_waits = true;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(full) = state.full.pop_front() {
            return Some(full);
        }
        let next = state.spare.take().unwrap_or_default();
        Some(std::mem::replace(&mut state.open, next))
    }

    /// Gives the room of a group that was written back, and its buffers.
    pub(crate) fn give_back(&self, mut written: Gathered) {
        self.room.add_permits(usize::try_from(written.units).unwrap_or_default());
        written.clear();
        if written.frames.capacity() <= MAX_GROUP_BYTES {
            self.state().spare = Some(written);
        }
    }

    /// Accepts nothing more; what was accepted is still there to be taken. What is said first stays.
    pub(crate) fn end(&self, refusal: StoreError) {
        self.state().ended.get_or_insert(refusal);
        self.room.close();
        self.filled.notify_all();
    }

    /// Accepts nothing more, and tells those who wait that nothing will be written.
    pub(crate) fn refuse(&self, refusal: &StoreError) {
        self.end(refusal.clone());
        let mut state = self.state();
        let State { full, open, .. } = &mut *state;
        let refused: Vec<Gathered> = full.drain(..).chain([std::mem::take(open)]).collect();
        drop(state);
        refused.iter().for_each(|gathered| gathered.group.end(Err(refusal.clone())));
    }

    /// Waits for room; gives how much was taken.
    async fn room(&self, length: u64) -> Result<u32, StoreError> {
        let (all, least) = self.units;
        let units = u32::try_from(length.div_ceil(ROOM_UNIT_BYTES)).unwrap_or(u32::MAX).clamp(least, all);
        match self.room.acquire_many(units).await {
            Ok(permits) => {
                permits.forget();
                Ok(units)
            }
            Err(_) => Err(self.state().ended.clone().unwrap_or(StoreError::Closed)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_empty(&self) -> bool {
        self.full.is_empty() && self.open.entries.is_empty()
    }
}

impl Gathered {
    /// Adds entries, which take so much room; gives what waits for the first of them.
    fn add(&mut self, entries: &[(&[u8], Digest)], units: u32) -> Durable {
        let before = bytes(self.entries.len());
        for (payload, digest) in entries {
            frame::lay(payload, &mut self.frames);
            self.entries.push((u32::try_from(payload.len()).unwrap_or(u32::MAX), *digest));
        }
        self.requests = self.requests.saturating_add(1);
        self.units = self.units.saturating_add(units);
        Arc::clone(&self.group).durable(before)
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= MAX_GROUP_ENTRIES || self.frames.len() >= MAX_GROUP_BYTES
    }

    /// The frames to be finished, each with the digest of its payload and its length.
    pub(crate) fn frames_to_finish(&mut self) -> impl Iterator<Item = (&mut [u8], Digest, u32)> {
        let mut rest = self.frames.as_mut_slice();
        self.entries.iter().map_while(move |(length, digest)| {
            let whole = HEADER_BYTES.saturating_add(usize::try_from(*length).unwrap_or(usize::MAX));
            let (frame, after) = std::mem::take(&mut rest).split_at_mut_checked(whole)?;
            rest = after;
            Some((frame, *digest, *length))
        })
    }

    fn clear(&mut self) {
        self.frames.clear();
        self.entries.clear();
        (self.requests, self.units) = (0, 0);
        self.group = Arc::default();
    }
}

impl Drop for Gathered {
    /// Nobody waits for what will not be written.
    fn drop(&mut self) {
        self.group.end(Err(StoreError::Closed));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::store::{TraceId, WriterId, wait};

    fn append(queue: &Queue, payload: &[u8]) -> Result<Durable, StoreError> {
        wait(queue.append(&[(payload, Digest::of(payload))]))
    }

    #[test]
    fn what_comes_in_a_turn_is_one_group() {
        let queue = Arc::new(Queue::new(&Options::default()));
        queue.turn_ends();
        let (sender, taken) = mpsc::channel();
        let writer = Arc::clone(&queue);
        let writing = thread::spawn(move || {
            while let Some(gathered) = writer.take() {
                sender.send(gathered.requests).unwrap();
            }
        });
        while !queue.state().writer_waits {
            thread::yield_now();
        }
        for _ in 0..10 {
            append(&queue, b"x").unwrap();
        }
        assert!(taken.recv_timeout(std::time::Duration::from_millis(50)).is_err(), "the turn has not ended");
        queue.turn_ends();
        assert_eq!(taken.recv().unwrap(), 10);
        queue.end(StoreError::Closed);
        writing.join().unwrap();
    }

    #[test]
    fn what_was_accepted_is_there_after_the_end_and_nothing_more_is() {
        let queue = Queue::new(&Options::default());
        let accepted = append(&queue, b"x").unwrap();
        queue.end(StoreError::Closed);
        assert_eq!(append(&queue, b"y").unwrap_err(), StoreError::Closed);
        let gathered = queue.take().unwrap();
        assert!(queue.take().is_none());
        let first = TraceId { writer: WriterId([0; 4]), seq: 1 };
        gathered.group.end(Ok(first));
        assert_eq!(wait(accepted), Ok(first));
    }

    #[test]
    fn nobody_waits_for_a_group_that_is_not_written() {
        let queue = Queue::new(&Options::default());
        let (dropped, refused) = (append(&queue, b"x").unwrap(), queue.take().unwrap());
        drop(refused);
        assert_eq!(wait(dropped), Err(StoreError::Closed));
        let refused = append(&queue, b"y").unwrap();
        let poisoned = StoreError::Poisoned { cause: "x".to_owned() };
        queue.refuse(&poisoned);
        assert_eq!(wait(refused), Err(poisoned.clone()));
        assert_eq!(append(&queue, b"z").unwrap_err(), poisoned);
    }

    #[test]
    fn a_group_takes_no_more_once_it_is_full() {
        let queue = Queue::new(&Options::default());
        let megabyte = vec![7; 1_024 * 1_024];
        let waiting: Vec<Durable> = (0..6).map(|_| append(&queue, &megabyte).unwrap()).collect();
        let (first, second) = (queue.take().unwrap(), queue.take().unwrap());
        assert_eq!((first.entries.len(), second.entries.len()), (4, 2));
        assert_eq!(waiting.len(), 6);
    }
}
