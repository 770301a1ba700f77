//! What those who append wait for: that the group which their traces are written with is durable, or has failed.
//!
//! Who writes groups wakes one of the waiting futures of each thread; that one wakes the others of its thread when it is polled. Waking
//! from within a runtime's own thread costs a push to its queue; from another thread each would cost a lock, and often a call of
//! the kernel.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::store::{StoreError, TraceId};

/// A group of traces, as those who wait for it know it.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The name of its first trace, once it is durable.
    outcome: OnceLock<Result<TraceId, StoreError>>,
    waiting: Mutex<ByThread>,
}

/// The wakers of the futures that began to wait on one thread, each in the place that its future knows.
type ByThread = HashMap<u64, Vec<Option<Waker>>>;

/// Where a waker is kept: by its thread's number, and its place there.
#[derive(Clone, Copy, Debug)]
struct Place {
    thread: u64,
    place: usize,
}

/// Waits until a trace is durable; gives its name.
#[derive(Debug)]
pub(crate) struct Durable {
    group: Arc<Group>,
    /// How many traces of the group come before.
    before: u64,
    waits_at: Option<Place>,
}

impl Group {
    /// A future for the trace that so many others of the group come before.
    pub(crate) fn durable(self: Arc<Group>, before: u64) -> Durable {
        Durable { group: self, before, waits_at: None }
    }

    /// Tells all who wait what came of the group; what is told first stays.
    pub(crate) fn end(&self, outcome: Result<TraceId, StoreError>) {
        if self.outcome.set(outcome).is_err() {
            return;
        }
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for of_thread in waiting.values() {
            if let Some(first) = of_thread.iter().flatten().next() {
                first.wake_by_ref();
            }
        }
    }

    /// Keeps a waker, unless the group has ended.
    fn wait(&self, at: Option<Place>, waker: &Waker) -> Option<Place> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.outcome.get().is_some() {
            return None;
        }
        let thread = at.map_or_else(this_thread, |at| at.thread);
        let wakers = waiting.entry(thread).or_default();
        let place = at.map_or(wakers.len(), |at| at.place);
        match wakers.get_mut(place) {
            Some(Some(known)) => known.clone_from(waker),
            Some(empty) => *empty = Some(waker.clone()),
            None => wakers.push(Some(waker.clone())),
        }
        Some(Place { thread, place })
    }

    /// One who waited has been told, or waits no longer: in its stead nobody has to be woken; but it was perhaps the one that was to
    /// wake the others.
    fn leave(&self, at: Place) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let wakers = waiting.entry(at.thread).or_default();
        if let Some(its) = wakers.get_mut(at.place) {
            *its = None;
        }
        if self.outcome.get().is_none() {
            return;
        }
        let others = std::mem::take(wakers);
        drop(waiting);
        others.into_iter().flatten().for_each(Waker::wake);
    }
}

impl Future for Durable {
    type Output = Result<TraceId, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waits = self.get_mut();
        if waits.group.outcome.get().is_none() {
            let kept = waits.group.wait(waits.waits_at, context.waker());
            if kept.is_some() {
                waits.waits_at = kept;
                return Poll::Pending;
            }
        }
        waits.leave();
        match waits.group.outcome.get() {
            Some(Ok(first)) => Poll::Ready(Ok(first.following(waits.before))),
            Some(Err(error)) => Poll::Ready(Err(error.clone())),
            None => Poll::Pending,
        }
    }
}

impl Durable {
    fn leave(&mut self) {
        if let Some(at) = self.waits_at.take() {
            self.group.leave(at);
        }
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The number of the thread that asks.
fn this_thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;
    use crate::store::{WriterId, wait};

    const FIRST: TraceId = TraceId { writer: WriterId([0; 4]), seq: 10 };

    /// A task that counts how often it was woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll(future: &mut Durable, task: &Arc<Task>) -> Poll<Result<TraceId, StoreError>> {
        Pin::new(future).poll(&mut Context::from_waker(&task.clone().into()))
    }

    /// Futures that wait, with their tasks.
    fn waiting(group: &Arc<Group>, count: u64) -> Vec<(Durable, Arc<Task>)> {
        let begin = |before| {
            let (mut future, task) = (group.clone().durable(before), Arc::new(Task::default()));
            assert!(poll(&mut future, &task).is_pending());
            (future, task)
        };
        (0..count).map(begin).collect()
    }

    fn woken(tasks: &[(Durable, Arc<Task>)]) -> Vec<usize> {
        tasks.iter().map(|(_, task)| task.0.load(Ordering::Relaxed)).collect()
    }

    #[test]
    fn one_of_a_thread_is_woken_and_wakes_the_others() {
        let group = Arc::new(Group::default());
        let mut tasks = waiting(&group, 3);
        group.end(Ok(FIRST));
        assert_eq!(woken(&tasks), [1, 0, 0]);
        let (future, task) = &mut tasks[0];
        assert_eq!(poll(future, task), Poll::Ready(Ok(FIRST)));
        assert_eq!(woken(&tasks), [1, 1, 1]);
        let (future, task) = &mut tasks[2];
        assert_eq!(poll(future, task), Poll::Ready(Ok(FIRST.following(2))));
    }

    #[test]
    fn one_that_gives_up_before_the_end_is_not_relied_on() {
        let group = Arc::new(Group::default());
        let mut tasks = waiting(&group, 3);
        tasks.remove(0);
        group.end(Err(StoreError::Closed));
        assert_eq!(woken(&tasks), [1, 0]);
    }

    #[test]
    fn one_that_gives_up_after_the_end_wakes_the_others() {
        let group = Arc::new(Group::default());
        let mut tasks = waiting(&group, 3);
        group.end(Ok(FIRST));
        tasks.remove(0);
        assert_eq!(woken(&tasks), [1, 1]);
    }

    #[test]
    fn a_future_that_moves_to_another_task_wakes_that_one() {
        let group = Arc::new(Group::default());
        let (mut future, first) = waiting(&group, 1).remove(0);
        let second = Arc::new(Task::default());
        assert!(poll(&mut future, &second).is_pending());
        group.end(Ok(FIRST));
        assert_eq!((first.0.load(Ordering::Relaxed), second.0.load(Ordering::Relaxed)), (0, 1));
    }

    #[test]
    fn a_group_that_has_ended_is_not_waited_for_and_ends_once() {
        let group = Arc::new(Group::default());
        group.end(Ok(FIRST));
        group.end(Err(StoreError::Closed));
        assert_eq!(wait(group.durable(4)), Ok(FIRST.following(4)));
    }

    #[test]
    fn all_of_many_threads_are_told() {
        let group = Arc::new(Group::default());
        let begin = |before| {
            let group = group.clone();
            std::thread::spawn(move || wait(group.durable(before)))
        };
        let threads: Vec<_> = (0..16).map(begin).collect();
        group.end(Ok(FIRST));
        for (before, thread) in (0..).zip(threads) {
            assert_eq!(thread.join().unwrap(), Ok(FIRST.following(before)));
        }
    }
}
