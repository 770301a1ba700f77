//! The data directory: what lies where.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store::{StoreError, WriterId};

/// The paths of a data directory.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Layout {
        Layout { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn writer(&self) -> PathBuf {
        self.root.join("writer.json")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    pub(crate) fn heads(&self) -> PathBuf {
        self.root.join("heads.jsonl")
    }

    pub(crate) fn purges(&self) -> PathBuf {
        self.root.join("purges.jsonl")
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.root.join("records")
    }

    pub(crate) fn traces(&self) -> PathBuf {
        self.root.join("traces")
    }

    pub(crate) fn chain(&self, writer: WriterId) -> PathBuf {
        self.traces().join(writer.to_string())
    }

    pub(crate) fn segment(&self, writer: WriterId, first: u64) -> PathBuf {
        self.chain(writer).join(format!("{first:020}.log"))
    }

    pub(crate) fn torn(&self, writer: WriterId, seq: u64) -> PathBuf {
        self.chain(writer).join(format!("torn-{seq:020}.bin"))
    }

    /// A path as findings show it: relative to the data directory.
    pub(crate) fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_owned()
    }

    /// The places of the first traces of a chain's segments, ascending; empty if there is no such chain.
    pub(crate) fn segments(&self, writer: WriterId) -> Result<Vec<u64>, StoreError> {
        let mut firsts = Vec::new();
        for name in names_in(&self.chain(writer))? {
            firsts.extend(segment_first(&name));
        }
        firsts.sort_unstable();
        Ok(firsts)
    }

    /// The writers that have a folder of traces, ascending.
    pub(crate) fn writers(&self) -> Result<Vec<WriterId>, StoreError> {
        let mut writers: Vec<WriterId> =
            names_in(&self.traces())?.iter().filter_map(|name| name.parse().ok()).collect();
        writers.sort_unstable();
        Ok(writers)
    }
}

/// The place that a segment's file name gives; none for other files.
pub(crate) fn segment_first(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".log")?;
    (digits.len() == 20).then_some(())?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The names in a directory, unsorted; empty if it doesn't exist. Names that are not UTF-8 are shown with replacement characters.
pub(crate) fn names_in(directory: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(directory, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| StoreError::io(directory, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}
