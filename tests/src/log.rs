//! The trace log as bytes on disk, for tests that tamper with it as an insider could.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What every frame of a segment file begins with, and where its fields stand (server/platform says so).
const MAGIC: &[u8] = b"DTR1";
const HEADER_BYTES: usize = 128;

/// The segment files of a data directory, oldest first.
pub fn segments(data: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![data.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read(&path).unwrap().starts_with(b"dictamen-trace-1") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Where each record of a segment stands.
pub fn records(segment: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = segment.windows(MAGIC.len()).position(|window| window == MAGIC).expect("a record");
    while at < segment.len() {
        assert_eq!(&segment[at..at + 4], MAGIC, "a record begins at byte {at}");
        let length = u32::from_le_bytes(segment[at + 4..at + 8].try_into().unwrap()) as usize;
        found.push(at..at + HEADER_BYTES + length);
        at += HEADER_BYTES + length;
    }
    found
}

/// Copies a folder with all that it holds.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
