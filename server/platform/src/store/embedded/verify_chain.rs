//! Verifying one chain: every frame, its payload, its links, and what the signed heads promise of it.

use std::collections::VecDeque;
use std::path::PathBuf;

use dictamen_value::Message;

use super::disk::bytes;
use super::frame::{self, HEADER_BYTES, HEADING_BYTES, Header};
use super::layout::Layout;
use super::reading::Extent;
use super::verify::Purges;
use super::walk::{Step, Walk};
use crate::store::{ChainReport, Digest, Finding, FindingKind, StoreError, TraceId, VerifyReport, WriterId};

/// A walk over one chain that compares it with what it should be.
pub(crate) struct ChainVerifier<'a> {
    layout: &'a Layout,
    report: &'a mut VerifyReport,
    purges: Purges,
    heads: VecDeque<(u64, Digest)>,
    chain: ChainReport,
    file: PathBuf,
    /// The trace that should come next.
    expected: u64,
    /// The link it should continue; none after a damaged place, where it can't be known.
    previous: Option<Digest>,
    /// Traces that were not where they should be: deleted, unless they turn up later.
    gaps: Vec<Gap>,
    /// Bytes that are no frame, until the next whole frame tells which traces they were.
    bad: Option<Bad>,
    /// Damage that may yet turn out to be an unfinished write.
    suspect: Option<Suspect>,
}

/// A finding whose bytes no frame after it shows to have been durable: see the note on groups in `frame`.
struct Suspect {
    /// The first trace that is missing.
    expected: u64,
    /// The findings, by their place in the report, and what to say if they are an unfinished write.
    findings: Vec<(usize, Message)>,
}

struct Gap {
    from: u64,
    to: u64,
    file: PathBuf,
    offset: u64,
}

struct Bad {
    file: PathBuf,
    offset: u64,
    end: u64,
    /// Whether it is in the last segment, where a crash may leave an unfinished write.
    in_last: bool,
    glimpse: Option<Header>,
}

impl<'a> ChainVerifier<'a> {
    /// A verifier of a chain; `heads` ascending.
    pub(crate) fn new(
        layout: &'a Layout,
        writer: WriterId,
        purges: Purges,
        heads: Vec<(u64, Digest)>,
        report: &'a mut VerifyReport,
    ) -> ChainVerifier<'a> {
        let chain = ChainReport { writer, traces: 0, purged: 0, last: 0, link: Digest::ZERO, heads: 0, sealed: 0 };
        let (file, heads) = (layout.relative(&layout.chain(writer)), heads.into());
        let previous = Some(Digest::ZERO);
        ChainVerifier {
            layout,
            report,
            purges,
            heads,
            chain,
            file,
            expected: 1,
            previous,
            gaps: Vec::new(),
            bad: None,
            suspect: None,
        }
    }

    /// Walks the segments as far as they may be read, and adds the chain and its findings to the report.
    pub(crate) fn walk(mut self, extents: &[Extent]) -> Result<(), StoreError> {
        for (index, extent) in extents.iter().enumerate() {
            let is_last = index.saturating_add(1) == extents.len();
            self.walk_segment(*extent, is_last)?;
        }
        self.finish();
        self.report.chains.push(self.chain);
        Ok(())
    }

    fn walk_segment(&mut self, extent: Extent, is_last: bool) -> Result<(), StoreError> {
        let path = self.layout.segment(self.chain.writer, extent.first);
        self.file = self.layout.relative(&path);
        let mut walk = Walk::open(&path, bytes(HEADING_BYTES), extent.length)?;
        self.check_heading(&walk.heading()?, extent.first, is_last);
        loop {
            match walk.step()? {
                Step::Frame { offset, header, payload } => self.take(offset, &header, payload),
                Step::Bad { offset, end, glimpse, .. } => {
                    self.settle_bad(None);
                    self.bad = Some(Bad { file: self.file.clone(), offset, end, in_last: is_last, glimpse });
                }
                Step::End => return Ok(()),
            }
        }
    }

    fn check_heading(&mut self, heading: &[u8], first: u64, is_last: bool) {
        let Some(previous) = frame::read_heading(heading, self.chain.writer, first) else {
            let torn = is_last && heading.len() < HEADING_BYTES;
            let kind = if torn { FindingKind::TornTail } else { FindingKind::SegmentInvalid };
            self.find(kind, first, 0, heading_changed());
            return;
        };
        let follows = self.bad.is_some() || self.previous.is_none_or(|link| link == previous);
        if first == self.expected && !follows {
            self.find(FindingKind::SegmentInvalid, first, 32, segment_does_not_continue());
        }
    }

    fn take(&mut self, offset: u64, header: &Header, payload: &[u8]) {
        self.settle_bad(Some(header.seq));
        self.suspect.take_if(|suspect| header.group > suspect.expected);
        let seq = header.seq;
        if seq < self.expected {
            return self.take_late(seq, offset);
        }
        if seq > self.expected {
            self.gaps.push(Gap { from: self.expected, to: seq.saturating_sub(1), file: self.file.clone(), offset });
            self.previous = None;
        }
        self.check_links(offset, header);
        self.check_payload(offset, header, payload);
        self.check_heads(offset, header);
        (self.chain.last, self.chain.link) = (seq, header.link);
        self.chain.traces = self.chain.traces.saturating_add(1);
        self.expected = seq.saturating_add(1);
        self.previous = Some(header.link);
    }

    /// A trace that comes after later ones: it fills a gap, or is there twice.
    fn take_late(&mut self, seq: u64, offset: u64) {
        let gap = self.gaps.iter().position(|gap| gap.from <= seq && seq <= gap.to);
        let Some(gap) = gap.map(|index| self.gaps.remove(index)) else {
            return self.find(FindingKind::Repeated, seq, offset, repeated(seq));
        };
        let Gap { from, to, file, offset: place } = gap;
        if from < seq {
            self.gaps.push(Gap { from, to: seq.saturating_sub(1), file: file.clone(), offset: place });
        }
        if seq < to {
            self.gaps.push(Gap { from: seq.saturating_add(1), to, file, offset: place });
        }
        self.find(FindingKind::Reordered, seq, offset, reordered(seq, self.chain.last));
    }

    fn check_links(&mut self, offset: u64, header: &Header) {
        let linked = header.link == frame::link(&header.previous, header.seq, &header.digest);
        if !linked || self.previous.is_some_and(|previous| previous != header.previous) {
            self.find(FindingKind::LinkBroken, header.seq, offset, link_broken(header.seq));
        }
    }

    fn check_payload(&mut self, offset: u64, header: &Header, payload: &[u8]) {
        let recorded = self.purges.remove(&self.id(header.seq));
        let body = offset.saturating_add(bytes(HEADER_BYTES));
        if !header.purged {
            if Digest::of(payload) != header.digest {
                self.find(FindingKind::Changed, header.seq, body, payload_changed(header.seq));
            } else if recorded.is_some() {
                self.find(FindingKind::PurgeUndone, header.seq, offset, purge_undone(header.seq));
            }
            return;
        }
        self.chain.purged = self.chain.purged.saturating_add(1);
        if recorded != Some(header.digest) {
            self.find(FindingKind::PurgeUnrecorded, header.seq, offset, purge_unrecorded(header.seq));
        }
        if payload.iter().any(|byte| *byte != 0) {
            self.find(FindingKind::Changed, header.seq, body, payload_changed(header.seq));
        }
    }

    fn check_heads(&mut self, offset: u64, header: &Header) {
        while let Some((seq, link)) = self.heads.pop_front_if(|head| head.0 <= header.seq) {
            if seq == header.seq && link != header.link {
                self.find(FindingKind::HeadDisagrees, seq, offset, head_disagrees(seq));
            } else if seq == header.seq {
                self.chain.heads = self.chain.heads.saturating_add(1);
                self.chain.sealed = seq;
            }
        }
    }

    /// Names the bytes that were no frame, now that the trace after them is known (none at the end of the chain).
    fn settle_bad(&mut self, next: Option<u64>) {
        let Some(bad) = self.bad.take() else { return };
        let last = next.map_or(self.expected, |next| next.saturating_sub(1).max(self.expected));
        let promised = self.heads.back().map_or(0, |head| head.0);
        if bad.in_last && promised < self.expected {
            let finding = (self.report.findings.len(), torn_tail(self.expected, &bad));
            let first = || Suspect { expected: self.expected, findings: Vec::new() };
            self.suspect.get_or_insert_with(first).findings.push(finding);
        }
        let message = changed(self.expected, last, &bad);
        let trace = Some(self.id(self.expected));
        let Bad { file, offset, .. } = bad;
        let kind = FindingKind::Changed;
        self.report.add(Finding { kind, writer: Some(self.chain.writer), trace, file, offset, message });
        if let Some(next) = next.filter(|next| *next > self.expected) {
            self.expected = next;
            self.previous = None;
        }
    }

    /// What nothing shows to have been durable is an unfinished write.
    fn settle_suspect(&mut self) {
        for (index, torn) in self.suspect.take().into_iter().flat_map(|suspect| suspect.findings) {
            if let Some(finding) = self.report.findings.get_mut(index) {
                (finding.kind, finding.message) = (FindingKind::TornTail, torn);
            }
        }
    }

    fn finish(&mut self) {
        self.settle_bad(None);
        self.settle_suspect();
        for gap in std::mem::take(&mut self.gaps) {
            let trace = Some(self.id(gap.from));
            let message = deleted(gap.from, gap.to);
            let Gap { file, offset, .. } = gap;
            let kind = FindingKind::Deleted;
            self.report.add(Finding { kind, writer: Some(self.chain.writer), trace, file, offset, message });
        }
        if let Some((promised, _)) = self.heads.pop_back() {
            let last = self.chain.last;
            let first_missing = last.saturating_add(1);
            self.find(FindingKind::CutBelowHead, first_missing, u64::MAX, cut_below(last, promised));
        }
    }

    fn find(&mut self, kind: FindingKind, seq: u64, offset: u64, message: Message) {
        let offset = if offset == u64::MAX { self.end_of_file() } else { offset };
        let (writer, trace, file) = (Some(self.chain.writer), Some(self.id(seq)), self.file.clone());
        self.report.add(Finding { kind, writer, trace, file, offset, message });
    }

    fn end_of_file(&self) -> u64 {
        std::fs::metadata(self.layout.root().join(&self.file)).map_or(0, |metadata| metadata.len())
    }

    fn id(&self, seq: u64) -> TraceId {
        TraceId { writer: self.chain.writer, seq }
    }
}

fn changed(first: u64, last: u64, bad: &Bad) -> Message {
    let Bad { offset, end, .. } = bad;
    let seems = bad.glimpse.map_or(0, |header| header.seq);
    let (es, en) = if first == last {
        (format!("la traza {first} se cambió"), format!("trace {first} was changed"))
    } else {
        (format!("las trazas {first} a {last} se cambiaron"), format!("traces {first} to {last} were changed"))
    };
    let (aside, aside_en) = if seems == 0 || seems == first {
        (String::new(), String::new())
    } else {
        (format!(" (lo que queda dice ser la {seems})"), format!(" (what is left says to be {seems})"))
    };
    Message::new(
        format!("{es}: los bytes {offset} a {end} no son lo que se escribió{aside}"),
        format!("{en}: bytes {offset} to {end} are not what was written{aside_en}"),
    )
}

fn torn_tail(seq: u64, bad: &Bad) -> Message {
    let Bad { offset, end, .. } = bad;
    Message::new(
        format!(
            "tras la última traza quedan los bytes {offset} a {end} de una escritura interrumpida de la {seq}, nunca confirmada"
        ),
        format!(
            "after the last trace there are bytes {offset} to {end} of an interrupted write of {seq}, never acknowledged"
        ),
    )
}

fn heading_changed() -> Message {
    Message::new(
        "el encabezado del archivo no es el que se escribió, o el archivo se renombró",
        "the file's heading is not what was written, or the file was renamed",
    )
}

fn segment_does_not_continue() -> Message {
    Message::new("el archivo no continúa el anterior", "the file doesn't continue the one before")
}

fn repeated(seq: u64) -> Message {
    Message::new(format!("la traza {seq} está repetida"), format!("trace {seq} is there twice"))
}

fn reordered(seq: u64, after: u64) -> Message {
    Message::new(
        format!("la traza {seq} está fuera de su lugar, después de la {after}"),
        format!("trace {seq} is out of its place, after {after}"),
    )
}

fn link_broken(seq: u64) -> Message {
    Message::new(
        format!("la traza {seq} no continúa la anterior: se cambió una de las dos"),
        format!("trace {seq} doesn't continue the one before: one of the two was changed"),
    )
}

fn payload_changed(seq: u64) -> Message {
    Message::new(
        format!("el contenido de la traza {seq} no es el que se escribió"),
        format!("the payload of trace {seq} is not what was written"),
    )
}

fn purge_undone(seq: u64) -> Message {
    Message::new(
        format!("un registro firmado dice que la traza {seq} se purgó, y su contenido está"),
        format!("a signed record says that trace {seq} was purged, and its payload is there"),
    )
}

fn purge_unrecorded(seq: u64) -> Message {
    Message::new(
        format!("falta el contenido de la traza {seq} y ningún registro firmado dice que se purgó"),
        format!("the payload of trace {seq} is gone and no signed record says that it was purged"),
    )
}

fn head_disagrees(seq: u64) -> Message {
    Message::new(
        format!("la cabeza firmada de la traza {seq} no coincide con la cadena: la cadena se reescribió"),
        format!("the signed head of trace {seq} disagrees with the chain: the chain was written anew"),
    )
}

fn deleted(from: u64, to: u64) -> Message {
    if from == to {
        return Message::new(
            format!("falta la traza {from}: se borró"),
            format!("trace {from} is missing: it was deleted"),
        );
    }
    Message::new(
        format!("faltan las trazas {from} a {to}: se borraron"),
        format!("traces {from} to {to} are missing: they were deleted"),
    )
}

fn cut_below(last: u64, promised: u64) -> Message {
    Message::new(
        format!("el registro termina en la traza {last} y una cabeza firmada promete hasta la {promised}: se cortó"),
        format!("the log ends at trace {last} and a signed head promises up to {promised}: it was cut"),
    )
}
