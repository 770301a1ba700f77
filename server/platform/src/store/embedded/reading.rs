//! Reading traces from a data directory, whoever writes it: by name, in order, and with the heads and keys beside them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::chain::{Chain, Place, read_trace};
use super::keys::public_pems;
use super::layout::Layout;
use super::lines::LineReader;
use super::walk::{Step, Walk};
use crate::store::{Head, StoreError, Trace, TraceId, TraceScan, WriterId};

/// How long to wait before a damaged trace is read once more: it may be in the middle of being purged.
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// The chains of a directory that this process doesn't write, read as far as they have come.
#[derive(Debug)]
pub(crate) struct Chains {
    layout: Layout,
    known: Mutex<BTreeMap<WriterId, Chain>>,
}

impl Chains {
    pub(crate) fn new(layout: &Layout) -> Chains {
        Chains { layout: layout.clone(), known: Mutex::new(BTreeMap::new()) }
    }

    /// Where a trace is, after reading on if it is not known yet.
    pub(crate) fn place(&self, id: &TraceId) -> Result<Option<Place>, StoreError> {
        // Names come from callers: only chains that exist are remembered.
        if !self.layout.chain(id.writer).is_dir() {
            return Ok(None);
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = known.entry(id.writer).or_insert_with(|| Chain::unread(&self.layout, id.writer));
        if chain.last < id.seq {
            chain.refresh()?;
        }
        Ok(chain.place(id.seq))
    }

    /// The segments of a chain with how far each may be read, as they are now.
    pub(crate) fn extent(&self, writer: WriterId) -> Result<Vec<Extent>, StoreError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = known.entry(writer).or_insert_with(|| Chain::unread(&self.layout, writer));
        chain.refresh()?;
        Ok(extent(chain))
    }
}

/// A segment, and how far it may be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) first: u64,
    pub(crate) length: u64,
}

/// The segments of a chain with how far each may be read.
pub(crate) fn extent(chain: &Chain) -> Vec<Extent> {
    chain.segments.iter().map(|segment| Extent { first: segment.first, length: segment.length }).collect()
}

/// The segments of a chain, each to be read to the end of its file.
pub(crate) fn whole_extent(layout: &Layout, writer: WriterId) -> Result<Vec<Extent>, StoreError> {
    let firsts = layout.segments(writer)?;
    Ok(firsts.into_iter().map(|first| Extent { first, length: u64::MAX }).collect())
}

/// Reads the trace at a place, looking twice if it seems damaged.
pub(crate) fn read_place(place: &Place) -> Result<Option<Trace>, StoreError> {
    match place.read() {
        Err(StoreError::DamagedTrace { .. }) => {
            thread::sleep(SECOND_LOOK);
            place.read()
        }
        other => other,
    }
}

/// The heads of a directory in the order they were written; lines that are none are left to `verify`.
pub(crate) fn heads(layout: &Layout) -> Result<Vec<Head>, StoreError> {
    LineReader::<Head>::open(&layout.heads())?.filter_map(|read| read.map(|read| read.line).transpose()).collect()
}

/// The newest head of a writer.
pub(crate) fn newest_head(layout: &Layout, writer: WriterId) -> Result<Option<Head>, StoreError> {
    let mut newest: Option<Head> = None;
    for read in LineReader::<Head>::open(&layout.heads())? {
        let Some(head) = read?.line.filter(|head| head.writer == writer) else { continue };
        if newest.as_ref().is_none_or(|newest| newest.seq <= head.seq) {
            newest = Some(head);
        }
    }
    Ok(newest)
}

/// The public keys of a directory, as PEM.
pub(crate) fn public_keys(layout: &Layout) -> Result<Vec<String>, StoreError> {
    Ok(public_pems(&layout.keys())?.into_iter().map(|(_, pem)| pem).collect())
}

/// Scans chains one after the other, in bounded memory.
pub(crate) fn scan(layout: &Layout, chains: Vec<(WriterId, Vec<Extent>)>, from: Option<&TraceId>) -> TraceScan {
    let begin = from.copied();
    let skipped = begin.map_or(0, |from| chains.iter().take_while(|(writer, _)| *writer != from.writer).count());
    let layout = layout.clone();
    let walks = chains.into_iter().skip(skipped).flat_map(move |(writer, extents)| {
        let least = begin.filter(|from| from.writer == writer).map_or(0, |from| from.seq);
        segments_from(extents, least).into_iter().map(move |extent| (writer, extent, least))
    });
    Box::new(walks.flat_map(move |(writer, extent, least)| SegmentScan::open(&layout, writer, extent, least)))
}

/// The segments that may hold a trace or what follows it.
fn segments_from(extents: Vec<Extent>, least: u64) -> Vec<Extent> {
    let after = extents.partition_point(|extent| extent.first <= least);
    extents.into_iter().skip(after.saturating_sub(1)).collect()
}

/// The traces of one segment.
struct SegmentScan {
    writer: WriterId,
    least: u64,
    last: u64,
    walk: Option<Walk>,
    failure: Option<StoreError>,
}

impl SegmentScan {
    fn open(layout: &Layout, writer: WriterId, extent: Extent, least: u64) -> SegmentScan {
        let heading = u64::try_from(super::frame::HEADING_BYTES).unwrap_or_default();
        let opened = Walk::open(&layout.segment(writer, extent.first), heading, extent.length);
        let last = extent.first.saturating_sub(1);
        match opened {
            Ok(walk) => SegmentScan { writer, least, last, walk: Some(walk), failure: None },
            Err(error) => SegmentScan { writer, least, last, walk: None, failure: Some(error) },
        }
    }

    fn read(&mut self) -> Result<Option<Trace>, StoreError> {
        let Some(walk) = &mut self.walk else { return self.failure.take().map_or(Ok(None), Err) };
        let path = walk.path().to_owned();
        loop {
            let damaged = |seq: u64, offset: u64| {
                let trace = TraceId { writer: self.writer, seq };
                StoreError::DamagedTrace { trace, path: path.clone(), offset }
            };
            match walk.step()? {
                Step::Frame { header, .. } if header.seq < self.least => self.last = header.seq,
                Step::Frame { offset, header, payload } => {
                    self.last = header.seq;
                    let id = TraceId { writer: self.writer, seq: header.seq };
                    return read_trace(id, &header, payload).map(Some).ok_or_else(|| damaged(header.seq, offset));
                }
                Step::Bad { offset, .. } => return Err(damaged(self.last.saturating_add(1), offset)),
                Step::End => return Ok(None),
            }
        }
    }
}

impl Iterator for SegmentScan {
    type Item = Result<Trace, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if matches!(read, Err(StoreError::Io { .. })) {
            self.walk = None;
        }
        read.transpose()
    }
}
