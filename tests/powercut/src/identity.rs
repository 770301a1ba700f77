//! Tells files and directories apart as the journal does, and lists the names of a directory.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::journal::{Entry, Identity};

/// The identity of what some metadata describes. Fails where the file system doesn't record births.
pub fn identity_of(metadata: &Metadata) -> io::Result<Identity> {
    let birth = metadata.created()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Identity { inode: metadata.ino(), birth: birth.as_nanos() as u64 })
}

/// The names of a directory as they are now, in ascending order.
pub fn entries_of(directory: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        // What another thread removes meanwhile is not there.
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else { continue };
        let name = entry.file_name().as_bytes().to_vec();
        entries.push(Entry { name, identity: identity_of(&metadata)?, is_directory: metadata.is_dir() });
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}
