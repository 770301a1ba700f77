//! Objects as files named by their hash: `objects/ab/cdef…`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::{AtPath, bytes, make_directory, read_file, sync_directory, write_durably};
use super::layout::names_in;
use super::lock::Lock;
use crate::store::{Digest, ObjectReader, Objects, StoreError};

/// The objects of a data directory.
#[derive(Debug)]
pub(crate) struct EmbeddedObjects {
    directory: PathBuf,
    max_bytes: u64,
    temporaries: AtomicU64,
    _lock: Option<Arc<Lock>>,
}

impl EmbeddedObjects {
    /// Objects that may be written; removes what a crash left half-written.
    pub(crate) fn open(directory: &Path, max_bytes: u64, lock: Arc<Lock>) -> Result<EmbeddedObjects, StoreError> {
        make_directory(directory)?;
        for name in names_in(directory)?.iter().filter(|name| name.ends_with(".tmp")) {
            let path = directory.join(name);
            fs::remove_file(&path).at(&path)?;
        }
        Ok(EmbeddedObjects { _lock: Some(lock), ..EmbeddedObjects::read_only(directory, max_bytes) })
    }

    /// Objects that are only read.
    pub(crate) fn read_only(directory: &Path, max_bytes: u64) -> EmbeddedObjects {
        EmbeddedObjects { directory: directory.to_owned(), max_bytes, temporaries: AtomicU64::new(0), _lock: None }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn open(directory: &Path) -> EmbeddedObjects {
        let lock = Arc::new(Lock::take(&directory.join("lock")).unwrap());
        EmbeddedObjects::open(&directory.join("objects"), 1_000, lock).unwrap()
    }

    #[test]
    fn a_changed_object_is_named_and_keeping_it_again_mends_it() {
        let directory = tempfile::tempdir().unwrap();
        let objects = open(directory.path());
        let content = b"a compiled plan";
        let digest = objects.put(content).unwrap();
        let path = objects.path(&digest);
        for place in 0..content.len() {
            let mut changed = content.to_vec();
            changed[place] ^= 0x20;
            fs::write(&path, &changed).unwrap();
            let found = Digest::of(&changed);
            let expected = StoreError::DamagedObject { expected: digest, found, path: path.clone() };
            assert_eq!(objects.get(&digest), Err(expected));
        }
        objects.put(content).unwrap();
        assert_eq!(objects.get(&digest).unwrap().as_deref(), Some(&content[..]));
        assert_eq!(objects.put(&[0; 1_001]), Err(StoreError::TooLarge { limit_bytes: 1_000, got_bytes: 1_001 }));
    }

    #[test]
    fn what_a_crash_left_half_written_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("objects");
        open(directory.path()).put(b"whole").unwrap();
        fs::write(path.join("77-0.tmp"), b"hal").unwrap();
        let objects = open(directory.path());
        assert!(!path.join("77-0.tmp").exists());
        assert_eq!(objects.list().unwrap(), [Digest::of(b"whole")]);
    }
}
