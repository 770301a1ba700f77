//! Verifying a data directory: heads, purges and every chain, each place that is not as it was written named.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use dictamen_value::Message;

use super::keys::{Believed, Doubt};
use super::layout::{Layout, names_in, segment_first};
use super::lines::{LineReader, ReadLine, check};
use super::reading::Extent;
use super::verify_chain::ChainVerifier;
use crate::store::{
    Digest, Finding, FindingKind, Head, PurgeRecord, StoreError, TraceId, Trust, VerifyReport, WriterId,
};

/// How long to wait before a chain with findings is walked once more: it may be in the middle of being written or purged.
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// How far the line files may be read: what came later may speak of traces that the walk doesn't reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineLimits {
    heads: u64,
}

impl LineLimits {
    /// The line files as they are now; take this before the extents of the chains.
    pub(crate) fn now(layout: &Layout) -> LineLimits {
        LineLimits { heads: std::fs::metadata(layout.heads()).map_or(0, |metadata| metadata.len()) }
    }
}

/// What a verification needs to know of the directory and its reader.
pub(crate) struct Verification<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) trust: &'a Trust,
    pub(crate) limits: LineLimits,
    pub(crate) writers: Vec<WriterId>,
    /// How far each chain may be read, asked again for every look.
    pub(crate) extents: &'a dyn Fn(WriterId) -> Result<Vec<Extent>, StoreError>,
}

/// The purges that signed records speak of.
pub(crate) type Purges = BTreeMap<TraceId, Digest>;

impl Verification<'_> {
    /// Walks everything.
    pub(crate) fn run(&self) -> Result<VerifyReport, StoreError> {
        let mut report = VerifyReport::default();
        let believed = self.believed()?;
        self.check_head_lines(&mut report)?;
        self.check_purge_lines(&believed, &mut report)?;
        for writer in &self.writers {
            let mut looked = self.look(*writer, &believed)?;
            if !looked.findings.is_empty() {
                thread::sleep(SECOND_LOOK);
                looked = self.look(*writer, &believed)?;
            }
            report.chains.append(&mut looked.chains);
            report.findings_left_out = report.findings_left_out.saturating_add(looked.findings_left_out);
            looked.findings.into_iter().for_each(|finding| report.add(finding));
        }
        Ok(report)
    }

    fn believed(&self) -> Result<Believed, StoreError> {
        if self.trust.public_keys.is_empty() {
            return Believed::beside(&self.layout.keys());
        }
        let given = self.trust.public_keys.iter().map(|pem| (PathBuf::from("(PEM)"), pem.clone()));
        Believed::from_pem(&given.collect::<Vec<_>>())
    }

    /// One walk over one chain.
    fn look(&self, writer: WriterId, believed: &Believed) -> Result<VerifyReport, StoreError> {
        let mut report = VerifyReport::default();
        self.check_strays(writer, &mut report)?;
        let extents = (self.extents)(writer)?;
        let purges = self.purges(believed)?;
        let heads = self.heads_of(writer, believed, &mut report)?;
        ChainVerifier::new(self.layout, writer, purges, heads, &mut report).walk(&extents)?;
        Ok(report)
    }

    /// The heads of one chain whose signatures are right, ascending; findings for the others.
    fn heads_of(
        &self,
        writer: WriterId,
        believed: &Believed,
        report: &mut VerifyReport,
    ) -> Result<Vec<(u64, Digest)>, StoreError> {
        let mut heads = Vec::new();
        for read in LineReader::<Head>::open_to(&self.layout.heads(), self.limits.heads)? {
            let ReadLine { offset, line: Some(head), .. } = read? else { continue };
            if head.writer == writer {
                match check(&head, believed) {
                    Ok(()) => heads.push((head.seq, head.link)),
                    Err(doubt) => {
                        report.add(doubtful_head(&head, doubt, self.layout.relative(&self.layout.heads()), offset))
                    }
                }
            }
        }
        for head in self.trust.heads.iter().filter(|head| head.writer == writer) {
            match check(head, believed) {
                Ok(()) => heads.push((head.seq, head.link)),
                Err(doubt) => report.add(doubtful_head(head, doubt, PathBuf::from("(heads)"), 0)),
            }
        }
        heads.sort_unstable();
        heads.dedup();
        Ok(heads)
    }

    fn check_head_lines(&self, report: &mut VerifyReport) -> Result<(), StoreError> {
        let file = self.layout.relative(&self.layout.heads());
        let mut promised: BTreeMap<WriterId, (u64, u64)> = BTreeMap::new();
        for read in LineReader::<Head>::open_to(&self.layout.heads(), self.limits.heads)? {
            let ReadLine { offset, line, torn } = read?;
            match line {
                None => report.add(bad_line(FindingKind::HeadInvalid, &file, offset, torn)),
                Some(head) => drop(promised.insert(head.writer, (head.seq, offset))),
            }
        }
        promised.extend(self.trust.heads.iter().map(|head| (head.writer, (head.seq, 0))));
        for (writer, (seq, offset)) in promised {
            if !self.writers.contains(&writer) {
                report.add(missing_chain(writer, seq, &file, offset));
            }
        }
        Ok(())
    }

    fn check_purge_lines(&self, believed: &Believed, report: &mut VerifyReport) -> Result<(), StoreError> {
        let file = self.layout.relative(&self.layout.purges());
        for read in LineReader::<PurgeRecord>::open(&self.layout.purges())? {
            let ReadLine { offset, line, torn } = read?;
            match line {
                None => report.add(bad_line(FindingKind::PurgeInvalid, &file, offset, torn)),
                Some(record) if check(&record, believed).is_err() => {
                    report.add(doubtful_purge(&record, &file, offset));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn purges(&self, believed: &Believed) -> Result<Purges, StoreError> {
        let mut purges = Purges::new();
        for read in LineReader::<PurgeRecord>::open(&self.layout.purges())? {
            if let Some(record) = read?.line.filter(|record| check(record, believed).is_ok()) {
                purges.insert(record.trace, record.digest);
            }
        }
        Ok(purges)
    }

    /// Names files in a chain's folder that are neither segments nor set aside by recovery.
    fn check_strays(&self, writer: WriterId, report: &mut VerifyReport) -> Result<(), StoreError> {
        let directory = self.layout.chain(writer);
        let mut names = names_in(&directory)?;
        names.sort_unstable();
        for name in names {
            let set_aside = name.starts_with("torn-") && name.ends_with(".bin");
            if segment_first(&name).is_none() && !set_aside {
                report.add(stray(writer, self.layout.relative(&directory.join(&name))));
            }
        }
        Ok(())
    }
}

fn doubtful_head(head: &Head, doubt: Doubt, file: PathBuf, offset: u64) -> Finding {
    let (seq, key) = (head.seq, &head.key);
    let (kind, message) = match doubt {
        Doubt::UnknownKey => (
            FindingKind::KeyUnknown,
            Message::new(
                format!("la cabeza de la traza {seq} está firmada con la clave {key}, que no está entre las creídas"),
                format!("the head of trace {seq} is signed with key {key}, which is not among those believed"),
            ),
        ),
        Doubt::WrongSignature => (
            FindingKind::HeadInvalid,
            Message::new(
                format!("la firma de la cabeza de la traza {seq} no es correcta: la línea se cambió"),
                format!("the signature of the head of trace {seq} is wrong: the line was changed"),
            ),
        ),
    };
    let trace = Some(TraceId { writer: head.writer, seq });
    Finding { kind, writer: Some(head.writer), trace, file, offset, message }
}

fn doubtful_purge(record: &PurgeRecord, file: &std::path::Path, offset: u64) -> Finding {
    let trace = record.trace;
    let message = Message::new(
        format!("la firma del registro de purga de {trace} no es correcta, o su clave no está entre las creídas"),
        format!("the signature of the purge record of {trace} is wrong, or its key is not among those believed"),
    );
    let kind = FindingKind::PurgeInvalid;
    Finding { kind, writer: Some(trace.writer), trace: Some(trace), file: file.to_owned(), offset, message }
}

fn bad_line(kind: FindingKind, file: &std::path::Path, offset: u64, torn: bool) -> Finding {
    let kind = if torn { FindingKind::TornTail } else { kind };
    let message = if torn {
        Message::new(
            "la última línea no está entera: se interrumpió al escribirla, o se cortó",
            "the last line is not whole: writing it was interrupted, or it was cut",
        )
    } else {
        Message::new("la línea no está como se escribió", "the line is not as it was written")
    };
    Finding { kind, writer: None, trace: None, file: file.to_owned(), offset, message }
}

fn missing_chain(writer: WriterId, seq: u64, file: &std::path::Path, offset: u64) -> Finding {
    let message = Message::new(
        format!("falta entera la cadena {writer}; una cabeza firmada promete hasta la traza {seq}"),
        format!("chain {writer} is missing altogether; a signed head promises up to trace {seq}"),
    );
    let trace = Some(TraceId { writer, seq });
    let kind = FindingKind::CutBelowHead;
    Finding { kind, writer: Some(writer), trace, file: file.to_owned(), offset, message }
}

fn stray(writer: WriterId, file: PathBuf) -> Finding {
    let message = Message::new("este archivo no es del registro", "this file is not of the log");
    Finding { kind: FindingKind::Stray, writer: Some(writer), trace: None, file, offset: 0, message }
}
