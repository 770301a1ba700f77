//! Connections: accepted up to a limit, each with time limits of its own, and brought to an end when the service stops.

use std::convert::Infallible;
use std::net::SocketAddr;
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
}

/// What answers requests, whoever is at the other end. It is copied for each request.
pub trait Front: Clone + Send + Sync + 'static {
    /// The response to a request of a peer.
    fn answer(self, peer: SocketAddr, request: Request<Body>) -> impl Future<Output = Response<Body>> + Send;
}

/// Answers until the future is ready, then finishes what has begun; gives whether all of it could be finished in time.
pub async fn serve<F: Front>(
    listener: TcpListener,
    front: F,
    limits: ConnectionLimits,
    until: impl Future<Output = ()>,
) -> bool {
    let ending = GracefulShutdown::new();
    tokio::select! {
        () = accept_all(&listener, &front, limits, &ending) => {}
        () = until => {}
    }
    drop(listener);
    tokio::time::timeout(limits.drain_time, ending.shutdown()).await.is_ok()
}

async fn accept_all<F: Front>(listener: &TcpListener, front: &F, limits: ConnectionLimits, ending: &GracefulShutdown) {
    let places = Arc::new(Semaphore::new(limits.connections_max.min(Semaphore::MAX_PERMITS)));
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(limits.head_bytes_max);
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => answer(stream, peer, place, &server, front.clone(), ending),
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

fn answer<F: Front>(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    server: &http1::Builder,
    front: F,
    ending: &GracefulShutdown,
) {
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
        drop(place);
    });
}
