//! Objects as files named by their hash: `objects/ab/cdef…`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::{AtPath, bytes, make_directory, read_file, sync_directory, write_durably};
use super::layout::names_in;
use crate::store::{Digest, ObjectReader, Objects, StoreError};

/// The objects of a data directory.
#[derive(Debug)]
pub(crate) struct EmbeddedObjects {
    directory: PathBuf,
    max_bytes: u64,
    temporaries: AtomicU64,
}

impl EmbeddedObjects {
    /// Objects that may be written; removes what a crash left half-written.
    pub(crate) fn open(directory: &Path, max_bytes: u64) -> Result<EmbeddedObjects, StoreError> {
        make_directory(directory)?;
        for name in names_in(directory)?.iter().filter(|name| name.ends_with(".tmp")) {
            let path = directory.join(name);
            fs::remove_file(&path).at(&path)?;
        }
        Ok(EmbeddedObjects::read_only(directory, max_bytes))
    }

    /// Objects that are only read.
    pub(crate) fn read_only(directory: &Path, max_bytes: u64) -> EmbeddedObjects {
        EmbeddedObjects { directory: directory.to_owned(), max_bytes, temporaries: AtomicU64::new(0) }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let (folder, rest) = name.split_at_checked(2).unwrap_or_default();
        self.directory.join(folder).join(rest)
    }
}

impl ObjectReader for EmbeddedObjects {
    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(digest);
        let Some(bytes) = read_file(&path, self.max_bytes)? else { return Ok(None) };
        let found = Digest::of(&bytes);
        if found == *digest {
            Ok(Some(bytes))
        } else {
            Err(StoreError::DamagedObject { expected: *digest, found, path })
        }
    }

    fn list(&self) -> Result<Vec<Digest>, StoreError> {
        let mut found = Vec::new();
        for folder in names_in(&self.directory)?.iter().filter(|name| name.len() == 2) {
            let names = names_in(&self.directory.join(folder))?;
            found.extend(names.iter().filter_map(|rest| format!("{folder}{rest}").parse::<Digest>().ok()));
        }
        found.sort_unstable();
        Ok(found)
    }
}

impl Objects for EmbeddedObjects {
    fn put(&self, content: &[u8]) -> Result<Digest, StoreError> {
        if bytes(content.len()) > self.max_bytes {
            return Err(StoreError::TooLarge { limit_bytes: self.max_bytes, got_bytes: bytes(content.len()) });
        }
        let digest = Digest::of(content);
        let path = self.path(&digest);
        let folder = path.parent().unwrap_or(&self.directory);
        if !matches!(self.get(&digest), Ok(Some(_))) {
            make_directory(folder)?;
            let number = self.temporaries.fetch_add(1, Ordering::Relaxed);
            let temporary = self.directory.join(format!("{}-{number}.tmp", std::process::id()));
            write_durably(&temporary, content, 0o644)?;
            fs::rename(&temporary, &path).at(&path)?;
        }
        // Also if it was there: another thread, or a crash, may have left the names not durable yet.
        sync_directory(folder)?;
        sync_directory(&self.directory)?;
        Ok(digest)
    }
}
