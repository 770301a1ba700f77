//! Connections: accepted up to a limit, each with time limits of its own, and brought to an end when the service stops.

mod lanes;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

use self::lanes::{Arrival, Lanes};

/// The most that connections may take.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Connections at once; further ones wait to be accepted.
    pub connections_max: usize,
    /// How long the head of a request may take to come, and a connection may stay idle.
    pub head_time: Duration,
    /// Bytes of the head of a request.
    pub head_bytes_max: usize,
    /// How long requests that are being answered may take once the service stops.
    pub drain_time: Duration,
    /// Threads that answer, each with connections of its own.
    pub lanes: NonZeroUsize,
}

/// What answers requests, whoever is at the other end. It is copied for each request.
///
/// It is asked on a thread that has other connections to answer, too: what takes long it does elsewhere.
pub trait Front: Clone + Send + Sync + 'static {
    /// The response to a request of a peer.
    fn answer(self, peer: SocketAddr, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send;

    /// Is called on such a thread each time that it has nothing else to do, before it waits.
    fn before_waiting(&self) {}
}

/// Answers until the future is ready, then finishes what has begun; gives whether all of it could be finished in time.
/// Fails where threads can't be started.
pub async fn serve<F: Front>(
    listener: TcpListener,
    front: F,
    limits: ConnectionLimits,
    until: impl Future<Output = ()>,
) -> io::Result<bool> {
    let lanes = Lanes::start(&front, limits)?;
    tokio::select! {
        () = accept_all(&listener, &lanes, limits.connections_max) => {}
        () = until => {}
    }
    drop(listener);
    Ok(lanes.end().await)
}

/// As many lanes as the machine has processors for this process.
pub fn lanes_of_this_machine() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

async fn accept_all(listener: &TcpListener, lanes: &Lanes, connections_max: usize) {
    let places = Arc::new(Semaphore::new(connections_max.min(Semaphore::MAX_PERMITS)));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let accepted = listener.accept().await;
        match accepted.and_then(|(stream, peer)| stream.into_std().map(|stream| (stream, peer))) {
            Ok((stream, peer)) => lanes.give(stream, peer, place),
            Err(error) => {
                // Out of file descriptors, most likely: others will be closed soon.
                tracing::warn!(cause = %error, "a connection could not be accepted");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    }
}

/// How long to wait before the next try where a connection could not be accepted.
const RETRY_PAUSE: Duration = Duration::from_millis(200);

/// What a lane does: answers the connections that arrive, then finishes what has begun; gives whether all could be finished.
async fn answering<F: Front>(
    front: F,
    limits: ConnectionLimits,
    mut arriving: mpsc::UnboundedReceiver<Arrival>,
) -> bool {
    let ending = GracefulShutdown::new();
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(limits.head_bytes_max);
    while let Some(arrival) = arriving.recv().await {
        if let Err(error) = answer(arrival, &server, front.clone(), &ending) {
            tracing::warn!(cause = %error, "a connection could not be answered");
        }
    }
    tokio::time::timeout(limits.drain_time, ending.shutdown()).await.is_ok()
}

fn answer<F: Front>(arrival: Arrival, server: &http1::Builder, front: F, ending: &GracefulShutdown) -> io::Result<()> {
    let Arrival { stream, peer, held } = arrival;
    let stream = TcpStream::from_std(stream)?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(cause = %error, "small packets may be delayed");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let front = front.clone();
        async move { Ok::<_, Infallible>(front.answer(peer, request.map(Body::new)).await) }
    });
    let connection = ending.watch(server.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(cause = %error, "a connection ended early");
        }
        drop(held);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{self, ThreadId};

    use tokio::sync::oneshot;

    use super::*;

    /// Answers with nothing, and remembers which threads it was asked on, and how often one of them was about to wait.
    #[derive(Clone, Default)]
    struct Recorder(Arc<(Mutex<Vec<ThreadId>>, AtomicUsize)>);

    impl Front for Recorder {
        async fn answer(self, _: SocketAddr, _: Request<Body>) -> Response<Body> {
            self.0.0.lock().unwrap().push(thread::current().id());
            Response::new(Body::empty())
        }

        fn before_waiting(&self) {
            self.0.1.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn limits() -> ConnectionLimits {
        ConnectionLimits {
            connections_max: 8,
            head_time: Duration::from_secs(5),
            head_bytes_max: 16_384,
            drain_time: Duration::from_secs(5),
            lanes: NonZeroUsize::new(2).unwrap(),
        }
    }

    fn ask(connection: &mut std::net::TcpStream) -> String {
        connection.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut head = vec![0; 1_024];
        let length = connection.read(&mut head).unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn connections_are_shared_out_and_each_stays_on_its_thread() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (front, (stop, stopped)) = (Recorder::default(), oneshot::channel::<()>());
        let until = async { stopped.await.unwrap() };
        let serving = tokio::spawn(serve(listener, front.clone(), limits(), until));
        let asking = tokio::task::spawn_blocking(move || {
            let mut connections = [0; 4].map(|_| std::net::TcpStream::connect(address).unwrap());
            for _ in 0..3 {
                for connection in &mut connections {
                    assert!(ask(connection).starts_with("HTTP/1.1 200"));
                }
            }
        });
        asking.await.unwrap();
        stop.send(()).unwrap();
        assert!(serving.await.unwrap().unwrap(), "idle connections end in time");
        let (threads, waits) = &*front.0;
        let threads = threads.lock().unwrap();
        let (first, rest) = threads.split_at(4);
        assert_eq!(rest, [first, first].concat(), "{threads:?}");
        assert_eq!(first.iter().filter(|thread| **thread == first[0]).count(), 2, "{first:?}");
        assert!(waits.load(Ordering::Relaxed) >= threads.len());
    }
}
