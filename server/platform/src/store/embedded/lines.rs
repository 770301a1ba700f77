//! Files of signed lines, heads and purges: appended durably, read back strictly, a torn last line set aside.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::disk::{AtPath, bytes, sync_directory};
use super::keys::{Believed, Doubt, Signatory};
use crate::store::{Head, PurgeRecord, StoreError};

/// The longest line, in bytes.
const MAX_LINE_BYTES: u64 = 16_384;

/// What may be a signed line.
pub(crate) trait SignedLine: Serialize + DeserializeOwned + Clone {
    /// What its signature is for, so that one is never taken for another.
    const PURPOSE: &'static str;

    fn key(&self) -> &str;
    fn signature(&self) -> &str;
    fn set_signature(&mut self, key: String, signature: String);
}

impl SignedLine for Head {
    const PURPOSE: &'static str = "dictamen-head-1";

    fn key(&self) -> &str {
        &self.key
    }

    fn signature(&self) -> &str {
        &self.signature
    }

    fn set_signature(&mut self, key: String, signature: String) {
        (self.key, self.signature) = (key, signature);
    }
}

impl SignedLine for PurgeRecord {
    const PURPOSE: &'static str = "dictamen-purge-1";

    fn key(&self) -> &str {
        &self.key
    }

    fn signature(&self) -> &str {
        &self.signature
    }

    fn set_signature(&mut self, key: String, signature: String) {
        (self.key, self.signature) = (key, signature);
    }
}

/// Signs a line in place.
pub(crate) fn sign<L: SignedLine>(line: &mut L, signatory: &Signatory) {
    line.set_signature(signatory.name().to_owned(), String::new());
    let signature = signatory.sign(L::PURPOSE, &text_of(line));
    line.set_signature(signatory.name().to_owned(), signature);
}

/// Checks the signature of a line.
pub(crate) fn check<L: SignedLine>(line: &L, believed: &Believed) -> Result<(), Doubt> {
    let mut unsigned = line.clone();
    unsigned.set_signature(line.key().to_owned(), String::new());
    believed.check(line.key(), L::PURPOSE, &text_of(&unsigned), line.signature())
}

/// Appends lines to a file, durably.
#[derive(Debug)]
pub(crate) struct LineWriter {
    file: File,
    path: PathBuf,
}

impl LineWriter {
    /// Opens a file for appending. If a crash left its last line without an end, that line was never relied on: it is
    /// moved to a file beside it and logged.
    pub(crate) fn open(path: &Path) -> Result<LineWriter, StoreError> {
        let existed = path.exists();
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).at(path)?;
        if !existed {
            path.parent().map_or(Ok(()), sync_directory)?;
        }
        set_torn_line_aside(&mut file, path)?;
        Ok(LineWriter { file, path: path.to_owned() })
    }

    /// Appends one line; durable when it returns.
    pub(crate) fn append<L: SignedLine>(&mut self, line: &L) -> Result<(), StoreError> {
        let mut text = text_of(line);
        text.push('\n');
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data()).at(&self.path)
    }
}

/// What a line of a file is.
pub(crate) struct ReadLine<L> {
    /// Where the line begins, in bytes.
    pub(crate) offset: u64,
    /// The line; none if it is not one, or is not spelled as we write it.
    pub(crate) line: Option<L>,
    /// Whether it is the last one and a crash may have left it so: it has no end, or zeros where a part did not arrive.
    pub(crate) torn: bool,
}

/// Reads the lines of a file one by one.
pub(crate) struct LineReader<L> {
    reader: Option<BufReader<File>>,
    path: PathBuf,
    offset: u64,
    limit: u64,
    of: std::marker::PhantomData<L>,
}

impl<L: SignedLine> LineReader<L> {
    /// A reader of a file; of no lines if there is no such file.
    pub(crate) fn open(path: &Path) -> Result<LineReader<L>, StoreError> {
        LineReader::open_to(path, u64::MAX)
    }

    /// A reader of the lines that begin before `limit` bytes of a file.
    pub(crate) fn open_to(path: &Path, limit: u64) -> Result<LineReader<L>, StoreError> {
        let reader = match File::open(path) {
            Ok(file) => Some(BufReader::new(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::io(path, &error)),
        };
        Ok(LineReader { reader, path: path.to_owned(), offset: 0, limit, of: std::marker::PhantomData })
    }

    fn read(&mut self) -> Result<Option<ReadLine<L>>, StoreError> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let offset = self.offset;
        if offset >= self.limit {
            return Ok(None);
        }
        let mut line = Vec::new();
        reader.take(MAX_LINE_BYTES).read_until(b'\n', &mut line).at(&self.path)?;
        self.offset = offset.saturating_add(bytes(line.len()));
        if line.is_empty() {
            return Ok(None);
        }
        let is_last = reader.fill_buf().at(&self.path)?.is_empty();
        let torn = is_last && is_torn(&line);
        let line = line.strip_suffix(b"\n").and_then(strict::<L>);
        Ok(Some(ReadLine { offset, line, torn }))
    }
}

impl<L: SignedLine> Iterator for LineReader<L> {
    type Item = Result<ReadLine<L>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// A line that is spelled exactly as we write it, so that no byte of the file is free.
fn strict<L: SignedLine>(line: &[u8]) -> Option<L> {
    let read: L = serde_json::from_slice(line).ok()?;
    (text_of(&read).as_bytes() == line).then_some(read)
}

fn text_of<L: Serialize>(line: &L) -> String {
    serde_json::to_string(line).unwrap_or_default()
}

/// Whether a crash may have left a last line so: each line is durable before the next one is written.
fn is_torn(line: &[u8]) -> bool {
    !line.ends_with(b"\n") || line.contains(&0)
}

fn set_torn_line_aside(file: &mut File, path: &Path) -> Result<(), StoreError> {
    let length = file.metadata().at(path)?.len();
    let from = length.saturating_sub(MAX_LINE_BYTES);
    file.seek(SeekFrom::Start(from)).at(path)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).at(path)?;
    let body = tail.strip_suffix(b"\n").unwrap_or(&tail);
    let keep = body.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end.saturating_add(1));
    let torn = tail.get(keep..).filter(|line| is_torn(line)).unwrap_or_default();
    if torn.is_empty() {
        return Ok(());
    }
    let aside = path.with_extension("torn");
    tracing::warn!(file = %path.display(), bytes = torn.len(), aside = %aside.display(), "a crash left an unfinished line; it was set aside");
    keep_aside(&aside, torn)?;
    file.set_len(length.saturating_sub(bytes(torn.len()))).and_then(|()| file.sync_all()).at(path)
}

/// Appends bytes and a line feed to a file of things set aside, durably.
fn keep_aside(aside: &Path, torn: &[u8]) -> Result<(), StoreError> {
    let mut file = OpenOptions::new().append(true).create(true).open(aside).at(aside)?;
    file.write_all(torn).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all()).at(aside)?;
    aside.parent().map_or(Ok(()), sync_directory)
}
