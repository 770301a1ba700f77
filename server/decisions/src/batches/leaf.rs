//! The leaf of a row: the hash of its facts and of what came of them.

use dictamen_batch::{Row, Undecided};
use dictamen_plan::Digest;

use super::merkle::Hash;

/// What a leaf's bytes begin with; those of nodes begin with 1.
const LEAF: u8 = 0;

/// The leaf of a row: SHA-256 of the byte 0, a byte for the kind of result (`o` outcome, `f` failure, `r` refused), the
/// length of the facts in bytes (8 bytes, most significant first), the facts as canonical JSON (or as they were given,
/// where they were refused), and the result as JSON. `room` is memory to work in.
pub fn leaf(row: &Row<'_>, room: &mut Vec<u8>) -> Hash {
    room.clear();
    room.push(LEAF);
    room.push(match row.undecided() {
        None => b'o',
        Some(Undecided::Failed(_)) => b'f',
        Some(Undecided::Refused(_)) => b'r',
    });
    room.extend_from_slice(&[0; 8]);
    let start = room.len();
    row.write_facts(room);
    let length = (room.len().saturating_sub(start) as u64).to_be_bytes();
    room.iter_mut().skip(start.saturating_sub(8)).zip(length).for_each(|(byte, of_length)| *byte = of_length);
    write_result(row, room);
    Digest::of(room)
}

fn write_result(row: &Row<'_>, out: &mut Vec<u8>) {
    // Writing to memory cannot fail, and names of documents are texts.
    match row.undecided() {
        None => row.write_outcome(out),
        Some(Undecided::Failed(failure)) => drop(serde_json::to_writer(out, failure)),
        Some(Undecided::Refused(errors)) => drop(serde_json::to_writer(out, errors)),
    }
}
