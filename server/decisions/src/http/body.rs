//! Bodies under limits: of bytes and of time, whole or as they come.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, StatusCode, header};
use dictamen_platform::Problem;
use dictamen_value::Message;

use super::layers::timed_out;

/// A body that is read piece by piece.
pub(super) struct Pieces {
    body: Body,
    limit_bytes: u64,
    read_bytes: u64,
    idle: Duration,
}

impl Pieces {
    /// A body of which so many bytes are read at most, and that may pause for so long between pieces.
    pub(super) fn new(body: Body, limit_bytes: u64, idle: Duration) -> Pieces {
        Pieces { body, limit_bytes, read_bytes: 0, idle }
    }

    /// The next piece; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context));
            let frame = tokio::time::timeout(self.idle, frame).await.map_err(|_| timed_out(self.idle))?;
            let Some(frame) = frame else { return Ok(None) };
            let Ok(data) = frame.map_err(|_| broken_off())?.into_data() else { continue };
            return self.count(data).map(Some);
        }
    }

    /// The next piece if it is there already; `Ok(None)` where it is not. The end is an empty piece.
    pub(super) async fn ready(&mut self) -> Result<Option<Bytes>, Problem> {
        let frame = poll_fn(|context| match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending => Poll::Ready(Waiting::NotYet),
            Poll::Ready(None) => Poll::Ready(Waiting::End),
            Poll::Ready(Some(Err(_))) => Poll::Ready(Waiting::BrokenOff),
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Waiting::Piece(frame.into_data().unwrap_or_default())),
        });
        match frame.await {
            Waiting::NotYet => Ok(None),
            Waiting::End => Ok(Some(Bytes::new())),
            Waiting::BrokenOff => Err(broken_off()),
            Waiting::Piece(data) => self.count(data).map(Some),
        }
    }

    fn count(&mut self, data: Bytes) -> Result<Bytes, Problem> {
        self.read_bytes = self.read_bytes.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if self.read_bytes > self.limit_bytes { Err(Problem::too_large(self.limit_bytes)) } else { Ok(data) }
    }
}

/// What is there of a body right now.
enum Waiting {
    NotYet,
    End,
    BrokenOff,
    Piece(Bytes),
}

/// A whole body.
pub(super) async fn whole(body: Body, headers: &HeaderMap, limit_bytes: u64, idle: Duration) -> Result<Bytes, Problem> {
    if declared_length(headers).is_some_and(|length| length > limit_bytes) {
        return Err(Problem::too_large(limit_bytes));
    }
    let mut pieces = Pieces::new(body, limit_bytes, idle);
    let first = pieces.next().await?.unwrap_or_default();
    let Some(second) = pieces.next().await? else { return Ok(first) };
    let mut all = first.to_vec();
    all.extend_from_slice(&second);
    while let Some(piece) = pieces.next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all.into())
}

/// Fails unless the body is declared to be of one of these media types, as it is; `+json` types count as `application/json`.
pub(super) fn require_type(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Problem> {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let essence = if essence.ends_with("+json") { "application/json" } else { essence.as_str() };
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(compressed());
    }
    if accepted.contains(&essence) { Ok(()) } else { Err(Problem::unsupported_media_type(&accepted.join(", "))) }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn compressed() -> Problem {
    let title = Message::new("Codificación no admitida", "Unsupported encoding");
    let detail = Message::new(
        "no se admiten cuerpos comprimidos; envíe el cuerpo sin la cabecera Content-Encoding",
        "compressed bodies are not taken; send the body without the Content-Encoding header",
    );
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", title, detail)
}

fn broken_off() -> Problem {
    Problem::malformed(Message::new("el cuerpo se cortó antes de terminar", "the body broke off before its end"))
}
