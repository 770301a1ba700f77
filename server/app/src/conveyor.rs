//! Work on a stream by several threads: pieces go in as they come and come out in the same order, with bounded memory.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many pieces a thread may be ahead of the one that is taken next: what a slow piece makes the others wait for.
const PIECES_AHEAD: usize = 4;

/// A piece on its way to be worked on, and where its product goes.
type Task<I, O> = (I, SyncSender<O>);

/// Works on pieces with so many threads and hands the products to `take` in the order of the pieces. Stops at the first
/// error, of a piece or of `take`; what came before it has been taken.
pub(crate) fn run<I: Send, O: Send, E: Send>(
    threads: NonZero<usize>,
    pieces: impl Iterator<Item = Result<I, E>> + Send,
    work: impl Fn(I) -> O + Sync,
    take: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.get();
    let (to_work, tasks) = sync_channel(threads);
    let (promise, promised) = sync_channel(threads.saturating_mul(PIECES_AHEAD));
    let tasks = Arc::new(Mutex::new(tasks));
    thread::scope(|scope| {
        for _ in 0..threads {
            let tasks = tasks.clone();
            let work = &work;
            scope.spawn(move || serve(&tasks, work));
        }
        // The threads alone keep the tasks: where none is left, feeding ends.
        drop(tasks);
        scope.spawn(move || feed(pieces, &to_work, &promise));
        deliver(promised, take)
    })
}

/// Gives each piece to whoever is free, and a promise of its product to whoever takes them; ends where nobody listens.
fn feed<I, O, E>(
    pieces: impl Iterator<Item = Result<I, E>>,
    to_work: &SyncSender<Task<I, O>>,
    promise: &SyncSender<Result<Receiver<O>, E>>,
) {
    for piece in pieces {
        let (task, promised) = match piece {
            Ok(piece) => {
                let (product, promised) = sync_channel(1);
                (Some((piece, product)), Ok(promised))
            }
            Err(error) => (None, Err(error)),
        };
        let is_heard = promise.send(promised).is_ok();
        if !(is_heard && task.is_some_and(|task| to_work.send(task).is_ok())) {
            return;
        }
    }
}

fn serve<I, O>(tasks: &Mutex<Receiver<Task<I, O>>>, work: &impl Fn(I) -> O) {
    let next = || tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok((piece, product)) = next() {
        // Where nobody waits for it any more, it is of no use.
        drop(product.send(work(piece)));
    }
}

fn deliver<O, E>(
    promised: Receiver<Result<Receiver<O>, E>>,
    mut take: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    for product in promised {
        // No product: its thread has panicked, which the scope passes on.
        let Ok(product) = product?.recv() else { return Ok(()) };
        take(product)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn threads(count: usize) -> NonZero<usize> {
        NonZero::new(count).unwrap()
    }

    /// Works for longer on some pieces than on others.
    fn slowly(piece: u64) -> u64 {
        thread::sleep(Duration::from_micros(piece * 7919 % 400));
        piece * 2
    }

    #[test]
    fn products_come_in_the_order_of_their_pieces_whatever_the_threads() {
        for count in [1, 2, 7] {
            let mut taken = Vec::new();
            let pieces = (0..500).map(Ok::<u64, ()>);
            run(threads(count), pieces, slowly, |product| {
                taken.push(product);
                Ok(())
            })
            .unwrap();
            assert!(taken.iter().copied().eq((0..500).map(|piece| piece * 2)), "{count} threads: {taken:?}");
        }
    }

    #[test]
    fn an_error_among_the_pieces_comes_after_what_was_before_it() {
        let mut taken = Vec::new();
        let pieces = (0..100).map(|piece| if piece == 40 { Err("broken") } else { Ok(piece) });
        let stopped = run(threads(3), pieces, slowly, |product| {
            taken.push(product);
            Ok(())
        });
        assert_eq!((stopped, taken.len()), (Err("broken"), 40));
    }

    #[test]
    fn who_takes_no_more_stops_the_feeding_soon() {
        let fed = AtomicUsize::new(0);
        let pieces = (0..u64::MAX).map(|piece| {
            fed.fetch_add(1, Ordering::Relaxed);
            Ok(piece)
        });
        let mut taken = 0;
        let stopped = run(threads(2), pieces, slowly, |_| {
            taken += 1;
            if taken == 10 { Err("enough") } else { Ok(()) }
        });
        assert_eq!((stopped, taken), (Err("enough"), 10));
        assert!(fed.load(Ordering::Relaxed) < 10 + 2 * (PIECES_AHEAD + 2) + 4, "{fed:?} pieces were read");
    }

    #[test]
    #[should_panic = "a scoped thread panicked"]
    fn a_panic_of_the_work_is_passed_on() {
        let _ = run(threads(2), (0..100).map(Ok::<u64, ()>), |piece| assert!(piece != 5), |()| Ok(()));
    }
}
