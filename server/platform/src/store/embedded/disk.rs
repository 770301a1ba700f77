//! Writing so that it stays: files and directories made durable, and errors that name the path.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::store::StoreError;

/// Adds the path to an error of the operating system.
pub(crate) trait AtPath<T> {
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::io(path, &error))
    }
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> Result<(), StoreError> {
    File::open(directory).and_then(|file| file.sync_all()).at(directory)
}

/// Creates a directory, if it isn't there, and makes its name durable.
pub(crate) fn make_directory(directory: &Path) -> Result<(), StoreError> {
    match fs::create_dir(directory) {
        Ok(()) => directory.parent().map_or(Ok(()), sync_directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => Ok(()),
        Err(error) => Err(StoreError::io(directory, &error)),
    }
}

/// Writes a whole file under a temporary name, makes it durable, gives it its name, and makes the name durable:
/// after a crash there is the old file or the new one, never a part. `mode` are the permission bits.
pub(crate) fn replace_file(path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
    let temporary = path.with_extension("tmp");
    write_durably(&temporary, bytes, mode)?;
    fs::rename(&temporary, path).at(path)?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Writes a whole file and makes its bytes, not its name, durable.
pub(crate) fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path).at(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).at(path)
}

/// The whole of a small file; none if it doesn't exist. Fails if it is longer than `limit_bytes`.
pub(crate) fn read_file(path: &Path, limit_bytes: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let length = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io(path, &error)),
    };
    if length > limit_bytes {
        return Err(StoreError::TooLarge { limit_bytes, got_bytes: length });
    }
    fs::read(path).map(Some).at(path)
}

/// A length or position in bytes as the file system counts them.
pub(crate) fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
