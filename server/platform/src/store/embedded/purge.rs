//! Purging: a signed record first, then zeros over the payload, so that a purge that a crash interrupts is finished at the next opening.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use super::disk::AtPath;
use super::frame::{self, HEADER_BYTES, Header, Parsed};
use super::keys::Believed;
use super::layout::Layout;
use super::lines::{LineReader, check};
use crate::store::{PurgeRecord, StoreError};

/// Writes zeros over the payload of a trace, durably, as its record says.
pub(crate) fn overwrite(layout: &Layout, record: &PurgeRecord) -> Result<(), StoreError> {
    let path = layout.segment(record.trace.writer, record.segment);
    let file = OpenOptions::new().write(true).open(&path).at(&path)?;
    file.write_all_at(&purged_frame(record), record.offset).and_then(|()| file.sync_data()).at(&path)
}

/// Finishes the purges that a crash may have interrupted: those with a signed record whose frame is not as it says.
pub(crate) fn finish_interrupted(layout: &Layout, believed: &Believed) -> Result<(), StoreError> {
    for read in LineReader::<PurgeRecord>::open(&layout.purges())? {
        let Some(record) = read?.line else { continue };
        if check(&record, believed).is_ok() {
            finish(layout, &record)?;
        }
    }
    Ok(())
}

/// Writes the zeros that a record speaks of, if they are not there yet.
pub(crate) fn finish(layout: &Layout, record: &PurgeRecord) -> Result<(), StoreError> {
    if !is_unfinished(layout, record)? {
        return Ok(());
    }
    tracing::warn!(trace = %record.trace, "a purge was interrupted; it is finished now");
    overwrite(layout, record)
}

/// The record of a trace's purge, if it was purged.
pub(crate) fn record_of(layout: &Layout, trace: &crate::store::TraceId) -> Result<Option<PurgeRecord>, StoreError> {
    for read in LineReader::<PurgeRecord>::open(&layout.purges())? {
        if let Some(record) = read?.line.filter(|record| record.trace == *trace) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// Whether the frame is the record's, and its payload is not gone. A frame that a crash left half overwritten can't be read;
/// it counts as the record's if the header before the payload says so or can't say anything else.
fn is_unfinished(layout: &Layout, record: &PurgeRecord) -> Result<bool, StoreError> {
    let path = layout.segment(record.trace.writer, record.segment);
    let Ok(file) = std::fs::File::open(&path) else { return Ok(false) };
    let expected = purged_frame(record);
    let mut found = vec![0_u8; expected.len()];
    match file.read_exact_at(&mut found, record.offset) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
        Err(error) => return Err(StoreError::io(&path, &error)),
    }
    if found == expected {
        return Ok(false);
    }
    Ok(match frame::parse(&found) {
        Parsed::Frame(header, _) => header.link == record.link,
        Parsed::Short(_) | Parsed::Bad => frame::glimpse(&found).is_some_and(|header| header.link == record.link),
    })
}

fn purged_frame(record: &PurgeRecord) -> Vec<u8> {
    let header = Header {
        length: record.length_bytes,
        purged: true,
        seq: record.trace.seq,
        group: record.group,
        digest: record.digest,
        previous: record.previous,
        link: record.link,
    };
    let payload = vec![0_u8; usize::try_from(record.length_bytes).unwrap_or_default()];
    let mut bytes = Vec::with_capacity(HEADER_BYTES.saturating_add(payload.len()));
    frame::encode(&header, &payload, &mut bytes);
    bytes
}
