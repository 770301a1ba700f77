//! One writer's chain: its segments, where its traces are, and where it is not as it was written.

use std::fs;
use std::path::PathBuf;

use dictamen_value::Message;

use super::disk::{AtPath, bytes};
use super::frame::{self, HEADER_BYTES, HEADING_BYTES, Header};
use super::layout::Layout;
use super::walk::{FIND_CHUNK_BYTES, Step, Walk};
use crate::store::{Digest, Payload, StoreError, Trace, TraceId, WriterId};

/// A mark is kept for every so many bytes of a segment, so that a trace is found by reading about half of that.
const MARK_BYTES: u64 = 16 * 1_024;

/// What is known of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) layout: Layout,
    pub(crate) writer: WriterId,
    pub(crate) segments: Vec<Segment>,
    /// The last trace that was read whole; 0 if there is none.
    pub(crate) last: u64,
    /// Its link.
    pub(crate) link: Digest,
    /// The first place where the chain is not as it was written.
    pub(crate) hole: Option<Hole>,
}

/// One file of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) first: u64,
    /// How far it was read, in bytes.
    pub(crate) length: u64,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    seq: u64,
    offset: u64,
}

/// Where to look for a trace: its frame begins at or after `offset`, and nothing is read past `limit`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) id: TraceId,
    pub(crate) segment: u64,
    path: PathBuf,
    offset: u64,
    limit: u64,
    in_order: bool,
}

/// Where a chain stops being as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Hole {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    /// The trace that should be there.
    pub(crate) expected: u64,
    pub(crate) message: Message,
    /// Whether anything after it shows that it was durable once: then it is damage, else an interrupted write.
    pub(crate) was_durable: bool,
    /// Whether nothing whole follows: it may be a write that is under way.
    pub(crate) at_end: bool,
}

impl Segment {
    pub(crate) fn new(first: u64) -> Segment {
        Segment { first, length: bytes(HEADING_BYTES), marks: Vec::new() }
    }

    /// Notes a frame that begins at an offset, if the last mark is far enough.
    pub(crate) fn mark(&mut self, seq: u64, offset: u64) {
        let far =
            self.marks.last().is_none_or(|mark| offset.saturating_sub(mark.offset) >= MARK_BYTES && seq > mark.seq);
        if far {
            self.marks.push(Mark { seq, offset });
        }
    }

    fn offset_before(&self, seq: u64) -> u64 {
        let after = self.marks.partition_point(|mark| mark.seq <= seq);
        let found = after.checked_sub(1).and_then(|index| self.marks.get(index));
        found.map_or(bytes(HEADING_BYTES), |mark| mark.offset)
    }
}

impl Chain {
    /// A chain of which nothing was read yet.
    pub(crate) fn unread(layout: &Layout, writer: WriterId) -> Chain {
        let layout = layout.clone();
        Chain { layout, writer, segments: Vec::new(), last: 0, link: Digest::ZERO, hole: None }
    }

    /// Reads what was appended since; a last frame that is not whole yet is left for the next time.
    pub(crate) fn refresh(&mut self) -> Result<(), StoreError> {
        self.hole.take_if(|hole| hole.at_end && !hole.was_durable);
        for first in self.layout.segments(self.writer)? {
            match self.segments.last().map(|segment| segment.first) {
                Some(last) if first < last => {}
                Some(last) if first == last => self.read_on()?,
                _ => self.start_segment(first)?,
            }
        }
        Ok(())
    }

    /// Takes over what was appended to a copy of this chain.
    pub(crate) fn follow(&mut self, longer: &Chain) {
        let known = self.segments.len().saturating_sub(1);
        if let (Some(segment), Some(grown)) = (self.segments.last_mut(), longer.segments.get(known)) {
            segment.marks.extend(grown.marks.iter().skip(segment.marks.len()));
            segment.length = grown.length;
        }
        self.segments.extend(longer.segments.iter().skip(self.segments.len()).cloned());
        (self.last, self.link) = (longer.last, longer.link);
    }

    pub(crate) fn id(&self, seq: u64) -> TraceId {
        TraceId { writer: self.writer, seq }
    }

    pub(crate) fn path(&self, first: u64) -> PathBuf {
        self.layout.segment(self.writer, first)
    }

    /// Where a trace is; none if the chain doesn't reach it.
    pub(crate) fn place(&self, seq: u64) -> Option<Place> {
        let after = self.segments.partition_point(|segment| segment.first <= seq);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        let (id, path) = (self.id(seq), self.path(segment.first));
        let (offset, limit) = (segment.offset_before(seq), segment.length);
        let reachable = seq <= self.last || self.hole.is_some();
        reachable.then_some(Place { id, segment: segment.first, path, offset, limit, in_order: self.hole.is_none() })
    }

    fn start_segment(&mut self, first: u64) -> Result<(), StoreError> {
        let path = self.path(first);
        let heading = Walk::open(&path, 0, u64::MAX)?.heading()?;
        let expected = self.last.saturating_add(1);
        match frame::read_heading(&heading, self.writer, first) {
            Some(previous) if first == expected && previous == self.link => {}
            Some(_) => self.find_hole(first, 0, segment_does_not_follow(first, expected), true),
            None => self.find_hole(first, 0, heading_unreadable(), false),
        }
        let whole = frame::read_heading(&heading, self.writer, first).is_some();
        if whole && let Some(hole) = &mut self.hole {
            hole.was_durable |= first > hole.segment;
        }
        if whole || fs::metadata(&path).at(&path)?.len() > bytes(HEADING_BYTES) {
            self.segments.push(Segment::new(first));
            self.read_on()?;
        }
        Ok(())
    }

    /// Reads the last segment from where its reading stopped.
    fn read_on(&mut self) -> Result<(), StoreError> {
        let Some((first, from)) = self.segments.last().map(|segment| (segment.first, segment.length)) else {
            return Ok(());
        };
        let mut walk = Walk::open(&self.path(first), from, u64::MAX)?;
        loop {
            match walk.step()? {
                Step::Frame { offset, header, .. } => self.take(first, offset, &header),
                Step::Bad { offset, followed, .. } => {
                    self.find_hole(first, offset, not_a_frame(), false);
                    if !followed {
                        return Ok(());
                    }
                }
                Step::End => return Ok(()),
            }
        }
    }

    /// Takes a frame as the next of the chain, or notes that it can't be.
    fn take(&mut self, segment: u64, offset: u64, header: &Header) {
        let expected = self.last.saturating_add(1);
        let follows = header.seq == expected && header.previous == self.link;
        let linked = header.link == frame::link(&header.previous, header.seq, &header.digest);
        if !(follows && linked) {
            self.find_hole(segment, offset, does_not_follow(header.seq, expected), true);
        }
        if let Some(hole) = &mut self.hole {
            // A heading is durable before the first frame is written.
            let heading = hole.offset == 0;
            hole.was_durable |= heading || header.group > hole.expected || segment > hole.segment;
            hole.at_end = false;
        }
        self.last = self.last.max(header.seq);
        self.link = header.link;
        if let Some(last) = self.segments.last_mut() {
            last.mark(header.seq, offset);
            let length = bytes(HEADER_BYTES).saturating_add(u64::from(header.length));
            last.length = offset.saturating_add(length);
        }
    }

    fn find_hole(&mut self, segment: u64, offset: u64, message: Message, was_durable: bool) {
        if self.hole.is_none() {
            let expected = self.last.saturating_add(1);
            self.hole = Some(Hole { segment, offset, expected, message, was_durable, at_end: true });
        }
    }
}

impl Place {
    /// Reads the trace; none if it is not there.
    pub(crate) fn read(&self) -> Result<Option<Trace>, StoreError> {
        self.find(|offset, header, payload| read_trace(self.id, header, payload).ok_or_else(|| self.damaged(offset)))
    }

    /// The trace's frame: where it begins, and its header.
    pub(crate) fn frame(&self) -> Result<Option<(u64, Header)>, StoreError> {
        self.find(|offset, header, _| Ok((offset, *header)))
    }

    fn find<T>(
        &self,
        found: impl FnOnce(u64, &Header, &[u8]) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut walk = Walk::open_in_chunks(&self.path, self.offset, self.limit, FIND_CHUNK_BYTES)?;
        let mut bad = None;
        loop {
            match walk.step()? {
                Step::Frame { offset, header, payload } if header.seq == self.id.seq => {
                    return found(offset, &header, payload).map(Some);
                }
                Step::Frame { header, .. } if header.seq > self.id.seq && self.in_order && bad.is_none() => {
                    return Ok(None);
                }
                Step::Frame { .. } => {}
                Step::Bad { offset, .. } => bad = bad.or(Some(offset)),
                Step::End => return bad.map_or(Ok(None), |offset| Err(self.damaged(offset))),
            }
        }
    }

    fn damaged(&self, offset: u64) -> StoreError {
        StoreError::DamagedTrace { trace: self.id, path: self.path.clone(), offset }
    }
}

/// The trace of a frame; none if its payload is not what its digest says, or its link is wrong.
pub(crate) fn read_trace(id: TraceId, header: &Header, payload: &[u8]) -> Option<Trace> {
    let whole =
        if header.purged { payload.iter().all(|byte| *byte == 0) } else { Digest::of(payload) == header.digest };
    let linked = header.link == frame::link(&header.previous, header.seq, &header.digest);
    let payload = match header.purged {
        true => Payload::Purged { length_bytes: u64::from(header.length) },
        false => Payload::Present(payload.to_vec()),
    };
    let Header { digest, previous, link, .. } = *header;
    (whole && linked).then_some(Trace { id, digest, previous, link, payload })
}

fn not_a_frame() -> Message {
    Message::new("aquí no hay una traza entera", "there is no whole trace here")
}

fn heading_unreadable() -> Message {
    Message::new("el encabezado del archivo no se entiende", "the file's heading can't be understood")
}

fn does_not_follow(found: u64, expected: u64) -> Message {
    Message::new(
        format!("se esperaba la traza {expected} y está la {found}, o no continúa la anterior"),
        format!("expected trace {expected} and found {found}, or it doesn't continue the one before"),
    )
}

fn segment_does_not_follow(first: u64, expected: u64) -> Message {
    Message::new(
        format!("se esperaba un archivo que empezara en la traza {expected} y este empieza en la {first}"),
        format!("expected a file that begins at trace {expected} and this one begins at {first}"),
    )
}
