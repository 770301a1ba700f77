//! Lanes: threads that answer, each with a runtime and connections of its own, so that nothing of a request changes its thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{self, Runtime};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::{ConnectionLimits, Front, answering};

/// Threads that answer.
#[derive(Debug)]
pub(super) struct Lanes(Vec<Lane>);

#[derive(Debug)]
struct Lane {
    arrivals: mpsc::UnboundedSender<Arrival>,
    /// Connections that it has.
    open: Arc<AtomicUsize>,
    /// Says whether all of them could be brought to an end in time.
    ended: oneshot::Receiver<bool>,
}

/// A connection on its way to a lane.
#[derive(Debug)]
pub(super) struct Arrival {
    /// The connection, of no runtime yet.
    pub(super) stream: std::net::TcpStream,
    /// Who is at the other end.
    pub(super) peer: SocketAddr,
    /// What it holds while it is open.
    pub(super) held: Held,
}

/// What a connection holds while it is open.
#[derive(Debug)]
pub(super) struct Held {
    _place: OwnedSemaphorePermit,
    open: Arc<AtomicUsize>,
}

impl Lanes {
    /// Starts as many threads as the limits say.
    pub(super) fn start<F: Front>(front: &F, limits: ConnectionLimits) -> io::Result<Lanes> {
        (0..limits.lanes.get())
            .map(|number| Lane::start(number, front.clone(), limits))
            .collect::<io::Result<_>>()
            .map(Lanes)
    }

    /// Gives a connection to the lane that has fewest.
    pub(super) fn give(&self, stream: std::net::TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let Some(lane) = self.0.iter().min_by_key(|lane| lane.open.load(Ordering::Relaxed)) else { return };
        lane.open.fetch_add(1, Ordering::Relaxed);
        let held = Held { _place: place, open: Arc::clone(&lane.open) };
        if lane.arrivals.send(Arrival { stream, peer, held }).is_err() {
            tracing::error!("a thread that answers has ended");
        }
    }

    /// Finishes what has begun; gives whether all of it could be finished in time.
    pub(super) async fn end(self) -> bool {
        let ended: Vec<_> = self.0.into_iter().map(|lane| lane.ended).collect();
        let mut in_time = true;
        for ended in ended {
            in_time &= ended.await.unwrap_or(false);
        }
        in_time
    }
}

impl Lane {
    fn start<F: Front>(number: usize, front: F, limits: ConnectionLimits) -> io::Result<Lane> {
        let waits = front.clone();
        let before_waiting = move || waits.before_waiting();
        let runtime = runtime::Builder::new_current_thread().enable_all().on_thread_park(before_waiting).build()?;
        let (arrivals, arriving) = mpsc::unbounded_channel();
        let (ending, ended) = oneshot::channel();
        let answer = move || run(&runtime, front, limits, arriving, ending);
        thread::Builder::new().name(format!("dictamen-http-{number}")).spawn(answer)?;
        Ok(Lane { arrivals, open: Arc::default(), ended })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

fn run<F: Front>(
    runtime: &Runtime,
    front: F,
    limits: ConnectionLimits,
    arriving: mpsc::UnboundedReceiver<Arrival>,
    ending: oneshot::Sender<bool>,
) {
    let in_time = runtime.block_on(answering(front, limits, arriving));
    // Whoever no longer waits need not know.
    let _ = ending.send(in_time);
}
