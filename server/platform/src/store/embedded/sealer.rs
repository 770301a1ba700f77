//! Signs how far the chain has come, from time to time, so that cutting the log below a signed head shows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::committer::Published;
use super::keys::Signatory;
use super::lines::{LineWriter, sign};
use crate::clock::Clock;
use crate::store::{Digest, Head, StoreError, StoreObserver, WriterId};

/// How far the chain is durable, and how far it is signed.
#[derive(Debug)]
pub(crate) struct Sealing {
    pub(crate) last: u64,
    pub(crate) link: Digest,
    pub(crate) sealed: u64,
    pub(crate) stop: bool,
}

/// Writes heads.
pub(crate) struct Sealer {
    pub(crate) published: Arc<Published>,
    pub(crate) signatory: Arc<Signatory>,
    pub(crate) observer: Arc<dyn StoreObserver>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) writer: WriterId,
    pub(crate) file: Mutex<(LineWriter, Option<Head>)>,
}

impl Sealer {
    /// Signs every `interval` while there is something new, and earlier when the committer asks for it.
    pub(crate) fn run(&self, interval: Duration) {
        loop {
            let guard = self.published.sealing.lock().unwrap_or_else(PoisonError::into_inner);
            if guard.stop {
                return;
            }
            drop(self.published.wake_sealer.wait_timeout(guard, interval));
            if self.seal().is_err() {
                return;
            }
        }
    }

    /// Signs how far the chain is durable, if that is further than the newest head; returns the newest head.
    pub(crate) fn seal(&self) -> Result<Option<Head>, StoreError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = self.published.failure.get() {
            return Err(failure.clone());
        }
        let Some(mut head) = self.due() else { return Ok(file.1.clone()) };
        sign(&mut head, &self.signatory);
        let began = self.clock.monotonic();
        if let Err(error) = file.0.append(&head) {
            tracing::error!(cause = %error, "a head can't be written; no more traces are accepted");
            self.observer.failed("heads");
            return Err(self.published.poison(&error));
        }
        self.observer.committed("heads", 1, 0, self.clock.monotonic().saturating_sub(began));
        self.published.sealing.lock().unwrap_or_else(PoisonError::into_inner).sealed = head.seq;
        file.1 = Some(head.clone());
        Ok(Some(head))
    }

    /// Makes `run` return.
    pub(crate) fn stop(&self) {
        self.published.sealing.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.published.wake_sealer.notify_all();
    }

    fn due(&self) -> Option<Head> {
        let sealing = self.published.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        (sealing.last > sealing.sealed).then(|| Head {
            writer: self.writer,
            seq: sealing.last,
            link: sealing.link,
            time: self.clock.now(),
            key: String::new(),
            signature: String::new(),
        })
    }
}
