//! The port of objects: bytes that never change, named by their hash.

use super::{Digest, StoreError};

/// Reads objects.
pub trait ObjectReader: Send + Sync {
    /// The object with a hash, or none. Fails with [`StoreError::DamagedObject`] if its bytes no longer have that hash.
    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError>;

    /// The hashes of all objects, in ascending order.
    fn list(&self) -> Result<Vec<Digest>, StoreError>;
}

/// Keeps objects.
pub trait Objects: ObjectReader {
    /// Keeps some bytes and returns the hash that names them; durable when it returns.
    ///
    /// Keeping the same bytes again does nothing, and mends the object if it was damaged.
    fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError>;
}
