//! The deadline of evaluations: a thread that looks at what runs and raises the flag of what runs for too long.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use dictamen_platform::Clock;

/// How often the thread looks, and so by how much a deadline may be overrun.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Watches evaluations.
#[derive(Debug)]
pub(crate) struct Watch {
    places: Arc<[Place]>,
    next: AtomicUsize,
    clock: Arc<dyn Clock>,
    limit: Duration,
}

/// Where one evaluation at a time is watched.
#[derive(Debug)]
struct Place {
    ends: Mutex<Option<Duration>>,
    /// The same in microseconds, for a look without the lock; [`FREE`] where nothing is watched.
    ends_us: AtomicU64,
    cancel: AtomicBool,
}

/// What a place says where nothing is watched.
const FREE: u64 = u64::MAX;

/// An evaluation that is being watched, until this is dropped.
#[derive(Debug)]
pub(crate) struct Watched<'a> {
    place: &'a Place,
}

impl Watch {
    /// A watch over so many evaluations at once, each of which may take so long. Its thread ends with it.
    pub(crate) fn start(clock: Arc<dyn Clock>, limit: Duration, places: usize) -> std::io::Result<Watch> {
        let places: Arc<[Place]> = (0..places.max(1)).map(|_| Place::default()).collect();
        let (seen, its_clock) = (Arc::downgrade(&places), clock.clone());
        thread::Builder::new().name("deadlines".to_owned()).spawn(move || look(&seen, &*its_clock))?;
        Ok(Watch { places, next: AtomicUsize::new(0), clock, limit })
    }

    /// How long an evaluation may take.
    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Starts to watch an evaluation; none where as many as there are places are being watched.
    pub(crate) fn begin(&self) -> Option<Watched<'_>> {
        let ends = self.clock.monotonic().saturating_add(self.limit);
        let count = self.places.len();
        let first = self.next.fetch_add(1, Ordering::Relaxed).checked_rem(count).unwrap_or_default();
        let (before, after) = self.places.split_at_checked(first)?;
        after.iter().chain(before).find_map(|place| place.take(ends))
    }
}

impl Default for Place {
    fn default() -> Place {
        Place { ends: Mutex::default(), ends_us: AtomicU64::new(FREE), cancel: AtomicBool::new(false) }
    }
}

impl Place {
    fn take(&self, until: Duration) -> Option<Watched<'_>> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.is_some() {
            return None;
        }
        *ends = Some(until);
        // Under the lock, so that the thread cannot raise the flag of the evaluation before.
        self.cancel.store(false, Ordering::Relaxed);
        self.ends_us.store(microseconds(until), Ordering::Relaxed);
        Some(Watched { place: self })
    }
}

impl<'a> Watched<'a> {
    /// The flag that is raised at the deadline.
    pub(crate) fn cancel(&self) -> &'a AtomicBool {
        &self.place.cancel
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_over(&self) -> bool {
        self.place.cancel.load(Ordering::Relaxed)
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        let mut ends = self.place.ends.lock().unwrap_or_else(PoisonError::into_inner);
        *ends = None;
        // Under the lock, so that it is not the next evaluation that is passed over.
        self.place.ends_us.store(FREE, Ordering::Relaxed);
    }
}

fn look(places: &Weak<[Place]>, clock: &dyn Clock) {
    while let Some(places) = places.upgrade() {
        let now = clock.monotonic();
        let now_us = microseconds(now);
        let over = |place: &&Place| place.ends_us.load(Ordering::Relaxed) <= now_us;
        for place in places.iter().filter(over) {
            let ends = place.ends.lock().unwrap_or_else(PoisonError::into_inner);
            if ends.is_some_and(|ends| ends <= now) {
                place.cancel.store(true, Ordering::Relaxed);
            }
        }
        drop(places);
        thread::sleep(LOOK_EVERY);
    }
}

fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(FREE)
}

#[cfg(test)]
mod tests {
    use dictamen_platform::{SettableClock, Timestamp};

    use super::*;

    fn wait_for(mut condition: impl FnMut() -> bool) -> bool {
        (0..2_000).any(|_| {
            thread::sleep(Duration::from_millis(1));
            condition()
        })
    }

    #[test]
    fn a_flag_is_raised_at_the_deadline_and_lowered_for_the_next() {
        let clock = Arc::new(SettableClock::at(Timestamp::default()));
        let watch = Watch::start(clock.clone(), Duration::from_secs(2), 1).unwrap();
        let watched = watch.begin().unwrap();
        assert!(watch.begin().is_none(), "there is one place");
        clock.advance(Duration::from_millis(1_999));
        thread::sleep(LOOK_EVERY * 4);
        assert!(!watched.is_over());
        clock.advance(Duration::from_millis(1));
        assert!(wait_for(|| watched.is_over()));
        drop(watched);
        assert!(!watch.begin().unwrap().is_over());
    }
}
