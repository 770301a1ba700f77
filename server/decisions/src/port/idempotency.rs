//! Idempotency keys: the same key with the same request gets the same bytes; with another request, a refusal.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dictamen_plan::Digest;
use dictamen_platform::store::{Batch, Records, StoreError};
use dictamen_platform::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

/// The space of records that responses are kept in.
const SPACE: &str = "decisions.idempotency";

/// How often old responses are forgotten.
const SWEEP_EVERY_MS: i64 = 3_600_000;

/// How many old responses one sweep forgets.
const SWEEP_MAX: usize = 10_000;

/// How many of them are removed in one batch.
const SWEEP_BATCH: usize = 500;

/// An idempotency key of one principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    digest: Digest,
}

/// A response as it was first given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// SHA-256 of the request it answered.
    pub request: Digest,
    /// When it was given.
    pub at: Timestamp,
    /// The HTTP status.
    pub status: u16,
    /// The body's media type.
    pub content_type: String,
    /// The body's language, where it is a text for people.
    pub language: Option<String>,
    /// The body.
    pub body: String,
    /// Whether it tells what is reserved: it is given again only to those who see that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tells_reserved: bool,
}

/// What a key meets.
#[derive(Debug)]
pub enum Claim {
    /// Nobody has used it: the request is to be answered, and the answer kept with the ticket.
    Fresh(Ticket),
    /// The same request was answered: with this.
    Repeated(Box<StoredResponse>),
    /// Another request was answered under it.
    Mismatch,
    /// A request under it is being answered.
    InFlight,
}

/// The right to answer under a key; until it is dropped, others that bring the key wait outside.
#[derive(Debug)]
pub struct Ticket {
    key: Key,
    request: Digest,
    in_flight: Arc<InFlight>,
}

/// Responses by their keys.
pub struct Keys {
    records: Arc<dyn Records>,
    clock: Arc<dyn Clock>,
    kept_for: Duration,
    in_flight: Arc<InFlight>,
    /// When old responses were last forgotten, in milliseconds since 1970.
    swept: AtomicI64,
}

type InFlight = Mutex<HashSet<Digest>>;

impl Key {
    /// The key of a principal for one path; `part` numbers what is kept apart under it, such as chunks of a batch.
    pub fn new(subject: &str, path: &str, key: &str, part: u64) -> Key {
        let length = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes();
        let pieces = [
            &length(subject)[..],
            subject.as_bytes(),
            &length(path)[..],
            path.as_bytes(),
            &part.to_be_bytes()[..],
            key.as_bytes(),
        ];
        Key { digest: Digest::of(&pieces.concat()) }
    }

    /// Its digest.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl Keys {
    pub(super) fn new(records: Arc<dyn Records>, clock: Arc<dyn Clock>, kept_for: Duration) -> Keys {
        let swept = AtomicI64::new(clock.now().unix_milliseconds());
        Keys { records, clock, kept_for, in_flight: Arc::default(), swept }
    }

    /// What a key meets for a request.
    pub fn claim(&self, key: Key, request: Digest) -> Result<Claim, StoreError> {
        if !self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).insert(key.digest) {
            return Ok(Claim::InFlight);
        }
        let ticket = Ticket { key, request, in_flight: self.in_flight.clone() };
        let stored = self.records.get(SPACE, &key.digest.0)?;
        let stored = stored.and_then(|bytes| serde_json::from_slice::<StoredResponse>(&bytes).ok());
        Ok(match stored.filter(|response| !self.is_old(response)) {
            None => Claim::Fresh(ticket),
            Some(response) if response.request == request => Claim::Repeated(Box::new(response)),
            Some(_) => Claim::Mismatch,
        })
    }

    /// Keeps a response durably under the key of a ticket.
    pub async fn keep(&self, ticket: Ticket, response: &StoredResponse) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(response).unwrap_or_default();
        self.records.apply(Batch::new().put(SPACE, &ticket.key.digest.0, &bytes)).await?;
        drop(ticket);
        Ok(())
    }

    /// Whether it is time to forget old responses; says so once an hour.
    pub(crate) fn is_sweep_due(&self) -> bool {
        let (now, last) = (self.clock.now().unix_milliseconds(), self.swept.load(Ordering::Relaxed));
        let is_due = now.saturating_sub(last) >= SWEEP_EVERY_MS;
        is_due && self.swept.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Forgets responses that were kept for long enough, up to a limit; returns how many.
    pub async fn forget_old(&self) -> Result<usize, StoreError> {
        let mut old = Vec::new();
        for record in self.records.snapshot()?.scan(SPACE, b"", None)? {
            let record = record?;
            let is_old = serde_json::from_slice(&record.value).map_or(true, |response| self.is_old(&response));
            if is_old {
                old.push(record.key);
            }
            if old.len() >= SWEEP_MAX {
                break;
            }
        }
        for keys in old.chunks(SWEEP_BATCH) {
            let batch = keys.iter().fold(Batch::new(), |batch, key| batch.remove(SPACE, key));
            self.records.apply(batch).await?;
        }
        Ok(old.len())
    }

    /// The time, for a response that is to be kept.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn is_old(&self, response: &StoredResponse) -> bool {
        self.clock.now().since(response.at) > self.kept_for
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Keys").field("kept_for", &self.kept_for).finish_non_exhaustive()
    }
}

impl Ticket {
    /// SHA-256 of the request that is to be answered.
    pub fn request(&self) -> Digest {
        self.request
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key.digest);
    }
}
