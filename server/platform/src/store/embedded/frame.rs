//! The bytes of a trace on disk: a frame, and the heading of a segment file.
//!
//! A segment file is a heading of [`HEADING_BYTES`] and frames, one after the other. Numbers are little-endian.
//!
//! ```text
//! heading   0 "dictamen-trace-1"   16 writer, 8 hex digits   24 first place u64   32 link before it   64 CRC-32 of 0..64
//! frame     0 "DTR1"   4 payload length u32   8 CRC-32 of all but itself   12 flags u32 (1 = purged)   16 place u64
//!          24 first place of its group u64   32 digest   64 previous link   96 link   128 payload
//! ```
//!
//! A group is what was written between two synchronisations of the disk: everything before a group was durable when it was
//! written, and that is how recovery tells an interrupted write from damage.

use crate::store::{Digest, WriterId};

/// Bytes of a segment file before its first frame.
pub(crate) const HEADING_BYTES: usize = 68;

/// Bytes of a frame before its payload.
pub(crate) const HEADER_BYTES: usize = 128;

/// The largest payload that the format takes.
pub(crate) const MAX_PAYLOAD_BYTES: u32 = 64 * 1_024 * 1_024;

/// What every frame begins with.
pub(crate) const MAGIC: [u8; 4] = *b"DTR1";

/// What a frame says of its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) length: u32,
    pub(crate) purged: bool,
    pub(crate) seq: u64,
    pub(crate) group: u64,
    pub(crate) digest: Digest,
    pub(crate) previous: Digest,
    pub(crate) link: Digest,
}

/// What bytes that should be a frame are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A frame of so many bytes.
    Frame(Header, usize),
    /// The beginning of a frame that needs so many bytes.
    Short(usize),
    /// Not a frame.
    Bad,
}

/// The link of a trace: SHA-256 of the link before, the place (most significant byte first) and the payload's digest.
pub(crate) fn link(previous: &Digest, seq: u64, digest: &Digest) -> Digest {
    Digest::of_pieces(&[&previous.0, &seq.to_be_bytes(), &digest.0])
}

/// Appends a frame to a buffer.
pub(crate) fn encode(header: &Header, payload: &[u8], out: &mut Vec<u8>) {
    let begins = out.len();
    lay(payload, out);
    finish(header, out.get_mut(begins..).unwrap_or_default());
}

/// Appends the place of a header and a payload to a buffer: a frame once it is [finished](finish).
pub(crate) fn lay(payload: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&[0; HEADER_BYTES]);
    out.extend_from_slice(payload);
}

/// Writes the header of a frame that is there but for it.
pub(crate) fn finish(header: &Header, whole: &mut [u8]) {
    put(whole, 0, &MAGIC);
    put(whole, 4, &header.length.to_le_bytes());
    put(whole, 12, &u32::from(header.purged).to_le_bytes());
    put(whole, 16, &header.seq.to_le_bytes());
    put(whole, 24, &header.group.to_le_bytes());
    put(whole, 32, &header.digest.0);
    put(whole, 64, &header.previous.0);
    put(whole, 96, &header.link.0);
    let sum = frame_checksum(whole).unwrap_or_default();
    put(whole, 8, &sum.to_le_bytes());
}

/// Reads the frame at the beginning of some bytes; its checksum holds, and flags and links are not judged.
pub(crate) fn parse(bytes: &[u8]) -> Parsed {
    let Some(fixed) = bytes.get(..HEADER_BYTES) else {
        let shown = bytes.len().min(MAGIC.len());
        let fits = bytes.get(..shown) == MAGIC.get(..shown);
        return if fits { Parsed::Short(HEADER_BYTES) } else { Parsed::Bad };
    };
    let Some((header, flags)) = read_header(fixed) else { return Parsed::Bad };
    if header.length > MAX_PAYLOAD_BYTES || flags > 1 {
        return Parsed::Bad;
    }
    let Some(total) = usize::try_from(header.length).ok().and_then(|length| length.checked_add(HEADER_BYTES)) else {
        return Parsed::Bad;
    };
    let Some(whole) = bytes.get(..total) else { return Parsed::Short(total) };
    if frame_checksum(whole) == u32_at(whole, 8) { Parsed::Frame(header, total) } else { Parsed::Bad }
}

/// The header of a frame as it stands, checksum unseen: for saying what a damaged frame seems to be.
pub(crate) fn glimpse(bytes: &[u8]) -> Option<Header> {
    read_header(bytes.get(..HEADER_BYTES)?).map(|(header, _)| header)
}

/// The heading of a segment file.
pub(crate) fn heading(writer: WriterId, first: u64, previous: &Digest) -> [u8; HEADING_BYTES] {
    let mut bytes = [0_u8; HEADING_BYTES];
    put(&mut bytes, 0, b"dictamen-trace-1");
    put(&mut bytes, 16, writer.to_string().as_bytes());
    put(&mut bytes, 24, &first.to_le_bytes());
    put(&mut bytes, 32, &previous.0);
    let sum = checksum(&[bytes.get(..64).unwrap_or_default()]);
    put(&mut bytes, 64, &sum.to_le_bytes());
    bytes
}

/// The link before a segment, if its first bytes are a whole heading of that writer and place.
pub(crate) fn read_heading(bytes: &[u8], writer: WriterId, first: u64) -> Option<Digest> {
    let found = bytes.get(..HEADING_BYTES)?;
    let previous = digest_at(found, 32)?;
    (found == heading(writer, first, &previous)).then_some(previous)
}

fn read_header(fixed: &[u8]) -> Option<(Header, u32)> {
    (fixed.get(..4)? == MAGIC).then_some(())?;
    let flags = u32_at(fixed, 12)?;
    let header = Header {
        length: u32_at(fixed, 4)?,
        purged: flags == 1,
        seq: u64_at(fixed, 16)?,
        group: u64_at(fixed, 24)?,
        digest: digest_at(fixed, 32)?,
        previous: digest_at(fixed, 64)?,
        link: digest_at(fixed, 96)?,
    };
    Some((header, flags))
}

fn frame_checksum(whole: &[u8]) -> Option<u32> {
    Some(checksum(&[whole.get(..8)?, whole.get(12..)?]))
}

fn checksum(pieces: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for piece in pieces {
        hasher.update(piece);
    }
    hasher.finalize()
}

fn put(into: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = into.get_mut(at..at.saturating_add(bytes.len())) {
        place.copy_from_slice(bytes);
    }
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}

fn digest_at(bytes: &[u8], at: usize) -> Option<Digest> {
    array_at(bytes, at).map(Digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(payload: &[u8]) -> (Header, Vec<u8>) {
        let digest = Digest::of(payload);
        let previous = Digest::of(b"before");
        let length = u32::try_from(payload.len()).unwrap();
        let link = link(&previous, 7, &digest);
        let header = Header { length, purged: false, seq: 7, group: 5, digest, previous, link };
        let mut bytes = Vec::new();
        encode(&header, payload, &mut bytes);
        (header, bytes)
    }

    #[test]
    fn a_frame_reads_back_and_its_beginnings_are_short() {
        let (header, bytes) = sample(b"hello");
        assert_eq!(parse(&bytes), Parsed::Frame(header, bytes.len()));
        for length in 0..bytes.len() {
            let needed = if length < HEADER_BYTES { HEADER_BYTES } else { bytes.len() };
            assert_eq!(parse(&bytes[..length]), Parsed::Short(needed), "{length}");
        }
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let (_, bytes) = sample(b"hello");
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[place] ^= 1 << bit;
                assert!(!matches!(parse(&changed), Parsed::Frame(..)), "byte {place} bit {bit}");
            }
        }
    }

    #[test]
    fn a_heading_belongs_to_one_writer_and_place() {
        let writer = WriterId([1, 2, 3, 4]);
        let bytes = heading(writer, 9, &Digest::of(b"x"));
        assert_eq!(read_heading(&bytes, writer, 9), Some(Digest::of(b"x")));
        assert_eq!(read_heading(&bytes, writer, 8), None);
        assert_eq!(read_heading(&bytes, WriterId([1, 2, 3, 5]), 9), None);
        assert_eq!(read_heading(&bytes[..60], writer, 9), None);
    }
}
