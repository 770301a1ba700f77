//! The port of keyed records: spaces of byte keys and values, written in atomic batches, read in snapshots.

use dictamen_value::Message;

use super::{Pending, StoreError};

/// How many writes one batch may have.
pub const MAX_BATCH_WRITES: usize = 10_000;

/// The longest name of a space, in bytes.
pub const MAX_SPACE_BYTES: usize = 64;

/// The longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 4_096;

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The key, without its space.
    pub key: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

/// The records of a scan, in ascending byte order of their keys.
pub type RecordScan = Box<dyn Iterator<Item = Result<Record, StoreError>> + Send>;

/// Reads records: the newest ones, or those of a snapshot.
pub trait RecordReader: Send + Sync {
    /// The value of a key in a space.
    fn get(&self, space: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The records of a space whose keys begin with `prefix` and, if given, come after the key `after`.
    fn scan(&self, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Result<RecordScan, StoreError>;
}

/// Keeps records.
pub trait Records: RecordReader {
    /// Applies a batch: all of it durably, or nothing. Batches are applied one after the other, so that what a batch
    /// expects still holds when it is written.
    fn apply(&self, batch: Batch) -> Pending<Result<Applied, StoreError>>;

    /// The records as they are now, unmoved by later batches.
    fn snapshot(&self) -> Result<Box<dyn RecordReader>, StoreError>;

    /// Puts one record, blocking until it is durable. Not for threads of an asynchronous runtime.
    fn put_blocking(&self, space: &str, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        super::wait(self.apply(Batch::new().put(space, key, value))).map(drop)
    }
}

/// Writes that happen together, and what must hold for them to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must hold of the records before; checked in order.
    pub expectations: Vec<Expectation>,
    /// What is written, in order: of two writes to one key the later one stays.
    pub writes: Vec<Write>,
}

/// What a record must be for a batch to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The space.
    pub space: String,
    /// The key.
    pub key: Vec<u8>,
    /// The value it must have; none if it must not exist.
    pub value: Option<Vec<u8>>,
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The space.
    pub space: String,
    /// The key.
    pub key: Vec<u8>,
    /// The value to put; none to remove the record.
    pub value: Option<Vec<u8>>,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is durable.
    Done,
    /// Nothing was written, for a record is not what the batch expects.
    Refused {
        /// The space of that record.
        space: String,
        /// Its key.
        key: Vec<u8>,
        /// Its value, if it exists.
        found: Option<Vec<u8>>,
    },
}

impl Batch {
    /// A batch that expects and writes nothing.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Expects that a record doesn't exist.
    #[must_use]
    pub fn expect_absent(mut self, space: &str, key: &[u8]) -> Batch {
        self.expectations.push(Expectation { space: space.to_owned(), key: key.to_vec(), value: None });
        self
    }

    /// Expects that a record has a value.
    #[must_use]
    pub fn expect_value(mut self, space: &str, key: &[u8], value: &[u8]) -> Batch {
        let value = Some(value.to_vec());
        self.expectations.push(Expectation { space: space.to_owned(), key: key.to_vec(), value });
        self
    }

    /// Puts a record.
    #[must_use]
    pub fn put(mut self, space: &str, key: &[u8], value: &[u8]) -> Batch {
        let value = Some(value.to_vec());
        self.writes.push(Write { space: space.to_owned(), key: key.to_vec(), value });
        self
    }

    /// Removes a record, if it exists.
    #[must_use]
    pub fn remove(mut self, space: &str, key: &[u8]) -> Batch {
        self.writes.push(Write { space: space.to_owned(), key: key.to_vec(), value: None });
        self
    }

    /// Fails if a space or key can't be, or the batch is over a limit; `limit_bytes` is that of all keys and values.
    pub fn check(&self, limit_bytes: u64) -> Result<(), StoreError> {
        let entries = self.expectations.len().saturating_add(self.writes.len());
        if entries > MAX_BATCH_WRITES {
            return Err(StoreError::TooMany { limit: MAX_BATCH_WRITES, got: entries });
        }
        let expectations = self.expectations.iter().map(|e| (&e.space, &e.key, &e.value));
        let writes = self.writes.iter().map(|w| (&w.space, &w.key, &w.value));
        let mut got_bytes = 0_u64;
        for (space, key, value) in expectations.chain(writes) {
            check_place(space, key)?;
            let length = key.len().saturating_add(value.as_ref().map_or(0, Vec::len));
            got_bytes = got_bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        if got_bytes > limit_bytes { Err(StoreError::TooLarge { limit_bytes, got_bytes }) } else { Ok(()) }
    }
}

/// Fails unless a space is 1 to 64 characters of `a-z 0-9 _ - .` and a key has 1 to 4 096 bytes.
pub(crate) fn check_place(space: &str, key: &[u8]) -> Result<(), StoreError> {
    check_space(space)?;
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(StoreError::BadName {
            text: format!("{} bytes", key.len()),
            expected: Message::new("una clave de 1 a 4096 bytes", "a key of 1 to 4096 bytes"),
        });
    }
    Ok(())
}

/// Fails unless a space is 1 to 64 characters of `a-z 0-9 _ - .`.
pub(crate) fn check_space(space: &str) -> Result<(), StoreError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    if !space.is_empty() && space.len() <= MAX_SPACE_BYTES && space.bytes().all(allowed) {
        return Ok(());
    }
    Err(StoreError::BadName {
        text: space.chars().take(MAX_SPACE_BYTES).collect(),
        expected: Message::new(
            "un espacio de 1 a 64 caracteres a-z 0-9 _ - .",
            "a space of 1 to 64 characters a-z 0-9 _ - .",
        ),
    })
}
