//! Walks the frames of one segment file in bounded memory, and finds the next whole frame after bytes that are none.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::disk::{AtPath, bytes};
use super::frame::{self, HEADING_BYTES, Header, MAGIC, Parsed};
use crate::store::StoreError;

/// How much of a file is read at once when walking through it.
const WALK_CHUNK_BYTES: usize = 128 * 1_024;

/// How much of a file is read at once when looking for one trace.
pub(crate) const FIND_CHUNK_BYTES: usize = 20 * 1_024;

/// What stands next in a segment.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A whole frame whose checksum holds.
    Frame { offset: u64, header: Header, payload: &'a [u8] },
    /// Bytes that are no frame. `end` is where the next whole frame begins, or the end of the file if none follows.
    Bad {
        offset: u64,
        end: u64,
        followed: bool,
        /// What the bytes seem to be.
        glimpse: Option<Header>,
    },
    /// The end of the file, or of the part that may be read.
    End,
}

/// A walk over one file; reading never goes past `limit`.
#[derive(Debug)]
pub(crate) struct Walk {
    file: File,
    path: PathBuf,
    limit: u64,
    chunk: usize,
    /// Where in the file the buffer's first unread byte is.
    position: u64,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
}

impl Walk {
    /// A walk from a frame's offset, up to `limit` bytes of the file (`u64::MAX` for all of it).
    pub(crate) fn open(path: &Path, offset: u64, limit: u64) -> Result<Walk, StoreError> {
        Walk::open_in_chunks(path, offset, limit, WALK_CHUNK_BYTES)
    }

    /// A walk that reads so many bytes at once.
    pub(crate) fn open_in_chunks(path: &Path, offset: u64, limit: u64, chunk: usize) -> Result<Walk, StoreError> {
        let file = File::open(path).at(path)?;
        let buffer = Vec::new();
        Ok(Walk { file, path: path.to_owned(), limit, chunk, position: offset, buffer, start: 0, ended: false })
    }

    /// The first bytes of the file, up to a heading.
    pub(crate) fn heading(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0_u8; HEADING_BYTES];
        let length = read_at(&self.file, &mut bytes, 0).at(&self.path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the next step.
    pub(crate) fn step(&mut self) -> Result<Step<'_>, StoreError> {
        let offset = self.position;
        self.fill(1)?;
        if self.unread().is_empty() {
            return Ok(Step::End);
        }
        match self.whole_frame(0)? {
            Some((header, total)) => {
                let from = self.start.saturating_add(frame::HEADER_BYTES);
                let to = self.start.saturating_add(total);
                self.advance(total);
                Ok(Step::Frame { offset, header, payload: self.buffer.get(from..to).unwrap_or_default() })
            }
            None => self.skip_bad(offset),
        }
    }

    /// Skips to the next whole frame: after the first of the unread bytes, something that begins like a frame and is one.
    fn skip_bad(&mut self, offset: u64) -> Result<Step<'_>, StoreError> {
        let glimpse = frame::glimpse(self.unread());
        let mut ahead = 1_usize;
        loop {
            self.fill(ahead.saturating_add(MAGIC.len()))?;
            let Some(found) = find_magic(self.unread(), ahead) else {
                let kept = MAGIC.len().saturating_sub(1);
                let searched = self.unread().len().saturating_sub(kept).max(ahead);
                if self.ended {
                    self.advance(self.unread().len());
                    return Ok(Step::Bad { offset, end: self.position, followed: false, glimpse });
                }
                self.advance(searched);
                ahead = 0;
                continue;
            };
            if self.whole_frame(found)?.is_some() {
                self.advance(found);
                return Ok(Step::Bad { offset, end: self.position, followed: true, glimpse });
            }
            ahead = found.saturating_add(1);
        }
    }

    /// The whole frame that begins so many bytes ahead, if there is one.
    fn whole_frame(&mut self, ahead: usize) -> Result<Option<(Header, usize)>, StoreError> {
        let mut needed = frame::HEADER_BYTES;
        loop {
            self.fill(ahead.saturating_add(needed))?;
            match frame::parse(self.unread().get(ahead..).unwrap_or_default()) {
                Parsed::Frame(header, total) => return Ok(Some((header, total))),
                Parsed::Bad => return Ok(None),
                Parsed::Short(_) if self.ended => return Ok(None),
                Parsed::Short(more) => needed = more,
            }
        }
    }

    /// Reads on until so many bytes are unread, or the file ends.
    fn fill(&mut self, needed: usize) -> Result<(), StoreError> {
        while self.unread().len() < needed && !self.ended {
            self.buffer.drain(..self.start);
            self.start = 0;
            let at = self.position.saturating_add(bytes(self.buffer.len()));
            let wanted = needed.saturating_sub(self.buffer.len()).max(self.chunk);
            let allowed = usize::try_from(self.limit.saturating_sub(at)).unwrap_or(usize::MAX);
            let had = self.buffer.len();
            self.buffer.resize(had.saturating_add(wanted.min(allowed)), 0);
            let got = read_at(&self.file, self.buffer.get_mut(had..).unwrap_or_default(), at).at(&self.path)?;
            self.buffer.truncate(had.saturating_add(got));
            self.ended = got < wanted;
        }
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    fn advance(&mut self, count: usize) {
        self.start = self.start.saturating_add(count);
        self.position = self.position.saturating_add(bytes(count));
    }
}

/// Reads until the buffer is full or the file ends; returns how many bytes were read.
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset.saturating_add(bytes(filled))) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.windows(MAGIC.len()).position(|window| window == MAGIC)?;
    Some(from.saturating_add(found))
}
