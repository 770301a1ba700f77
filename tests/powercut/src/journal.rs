//! What the shim writes down: one record for each thing that happens to the watched directory, in the order it happens.
//!
//! A file is told by its inode and its birth, since inodes are used again. Names are not followed: whenever a directory
//! is made durable its names are written down, so that it doesn't matter by which call they came to be.

use std::io::{self, Read};

/// What tells a file or directory from all others that ever were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The inode.
    pub inode: u64,
    /// When it came to be, in nanoseconds since 1970, modulo 2⁶⁴.
    pub birth: u64,
}

/// A name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: Vec<u8>,
    /// What it names.
    pub identity: Identity,
    /// Whether that is a directory.
    pub is_directory: bool,
}

/// One thing that happened. Its number is its place in the journal, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The watched directory is this one.
    Root(Identity),
    /// A file that was there before, with what it held; it counts as durable.
    Base(Identity, Vec<u8>),
    /// The names that a directory had when it was looked at for the so-manieth time are durable. Two threads may make it
    /// durable at once, and the one that looked first may be done last: the later look counts.
    Names(Identity, u64, Vec<Entry>),
    /// Bytes were written to a file at an offset.
    Write(Identity, u64, Vec<u8>),
    /// A file was cut or extended to a length.
    Truncate(Identity, u64),
    /// What happened to a file before the event of this number is durable.
    Sync(Identity, u64),
    /// A write or a cut of a file is under way; it is the next event, unless the process was killed in the middle.
    Begin(Identity),
}

impl Event {
    /// The record: its length, then what it is.
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Vec::new();
        match self {
            Event::Root(identity) => head(&mut body, 0, *identity),
            Event::Base(identity, bytes) => {
                head(&mut body, 1, *identity);
                body.extend_from_slice(bytes);
            }
            Event::Begin(identity) => head(&mut body, 6, *identity),
            Event::Names(identity, look, entries) => encode_names(&mut body, *identity, *look, entries),
            Event::Write(identity, offset, bytes) => {
                head(&mut body, 3, *identity);
                number(&mut body, *offset);
                body.extend_from_slice(bytes);
            }
            Event::Truncate(identity, length) => {
                head(&mut body, 4, *identity);
                number(&mut body, *length);
            }
            Event::Sync(identity, before) => {
                head(&mut body, 5, *identity);
                number(&mut body, *before);
            }
        }
        let mut record = (body.len() as u64).to_le_bytes().to_vec();
        record.extend_from_slice(&body);
        record
    }
}

/// Reads all whole records; a last one that is not whole did not happen.
pub fn read_all(mut journal: impl Read) -> io::Result<Vec<Event>> {
    let mut bytes = Vec::new();
    journal.read_to_end(&mut bytes)?;
    let mut rest = bytes.as_slice();
    let mut events = Vec::new();
    while let Some((length, after)) = rest.split_at_checked(8) {
        let length = usize::try_from(u64::from_le_bytes(length.try_into().unwrap_or_default())).unwrap_or(usize::MAX);
        let Some((body, after)) = after.split_at_checked(length) else { break };
        events.push(decode(body).ok_or_else(|| io::Error::other("a record of the journal can't be understood"))?);
        rest = after;
    }
    Ok(events)
}

fn head(out: &mut Vec<u8>, kind: u8, identity: Identity) {
    out.push(kind);
    number(out, identity.inode);
    number(out, identity.birth);
}

fn number(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn encode_names(out: &mut Vec<u8>, identity: Identity, look: u64, entries: &[Entry]) {
    head(out, 2, identity);
    number(out, look);
    for entry in entries {
        number(out, entry.name.len() as u64);
        out.extend_from_slice(&entry.name);
        number(out, entry.identity.inode);
        number(out, entry.identity.birth);
        out.push(u8::from(entry.is_directory));
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn identity(&mut self) -> Option<Identity> {
        Some(Identity { inode: self.number()?, birth: self.number()? })
    }

    fn entry(&mut self) -> Option<Entry> {
        let length = usize::try_from(self.number()?).ok()?;
        let name = self.take(length)?.to_vec();
        let identity = self.identity()?;
        Some(Entry { name, identity, is_directory: self.take(1)? == [1] })
    }
}

fn decode(body: &[u8]) -> Option<Event> {
    let mut cursor = Cursor(body);
    let kind = cursor.take(1)?;
    let identity = cursor.identity()?;
    match kind {
        [0] => Some(Event::Root(identity)),
        [1] => Some(Event::Base(identity, cursor.0.to_vec())),
        [2] => {
            let look = cursor.number()?;
            let mut entries = Vec::new();
            while !cursor.0.is_empty() {
                entries.push(cursor.entry()?);
            }
            Some(Event::Names(identity, look, entries))
        }
        [3] => Some(Event::Write(identity, cursor.number()?, cursor.0.to_vec())),
        [4] => Some(Event::Truncate(identity, cursor.number()?)),
        [5] => Some(Event::Sync(identity, cursor.number()?)),
        [6] => Some(Event::Begin(identity)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_reads_back_and_a_torn_end_did_not_happen() {
        let identity = Identity { inode: 7, birth: 9 };
        let entry = |name: &[u8]| Entry { name: name.to_vec(), identity, is_directory: name == b"d" };
        let events = vec![
            Event::Root(identity),
            Event::Base(identity, b"before".to_vec()),
            Event::Names(identity, 2, vec![entry(b"d"), entry(b"file")]),
            Event::Write(identity, 5, b"bytes".to_vec()),
            Event::Truncate(identity, 3),
            Event::Sync(identity, 4),
            Event::Begin(identity),
        ];
        let bytes: Vec<u8> = events.iter().flat_map(Event::encode).collect();
        assert_eq!(read_all(bytes.as_slice()).unwrap(), events);
        assert_eq!(read_all(&bytes[..bytes.len() - 1]).unwrap(), events[..6]);
    }
}
