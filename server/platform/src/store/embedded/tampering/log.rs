//! A small log to tamper with: made, copied, changed, and looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{SettableClock, Timestamp};
use crate::store::embedded::frame::{self, HEADING_BYTES, Parsed};
use crate::store::embedded::layout::Layout;
use crate::store::embedded::lock::Lock;
use crate::store::embedded::traces::EmbeddedTraces;
use crate::store::embedded::{Options, ReadOnly};
use crate::store::{Finding, FindingKind, TraceId, TraceLog, TraceReader, Trust, VerifyReport, WriterId};

/// A log in a directory of its own.
pub(super) struct Log {
    pub(super) directory: tempfile::TempDir,
}

/// Where a frame lies.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) id: TraceId,
    pub(super) file: PathBuf,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Log {
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn open(&self) -> EmbeddedTraces {
        open(self.path())
    }

    /// A log of traces in segments of a few, closed with a head over the first `sealed` (a closed log is sealed to its end).
    pub(super) fn make(count: u64, sealed: u64) -> Log {
        let log = Log { directory: tempfile::tempdir().unwrap() };
        let traces = log.open();
        for n in 1..=count {
            traces.append_blocking(format!("payload of trace {n}").into_bytes()).unwrap();
            if n == sealed {
                traces.seal().unwrap();
            }
        }
        if sealed == count {
            traces.close().unwrap();
            return log;
        }
        let crashed = log.copy();
        traces.close().unwrap();
        crashed
    }

    /// A copy of the files as they are now: what a crash would leave.
    pub(super) fn copy(&self) -> Log {
        let directory = tempfile::tempdir().unwrap();
        copy_all(self.path(), directory.path());
        Log { directory }
    }

    pub(super) fn verify(&self) -> VerifyReport {
        self.verify_with(&Trust::default())
    }

    pub(super) fn verify_with(&self, trust: &Trust) -> VerifyReport {
        ReadOnly::open(self.path()).unwrap().verify(trust).unwrap()
    }

    pub(super) fn spots(&self) -> Vec<Spot> {
        let layout = Layout::new(self.path());
        let writers = layout.writers().unwrap();
        let firsts = |writer: WriterId| layout.segments(writer).unwrap().into_iter().map(move |first| (writer, first));
        let segments: Vec<_> = writers.into_iter().flat_map(firsts).collect();
        segments.into_iter().flat_map(|(writer, first)| spots_of(writer, layout.segment(writer, first))).collect()
    }

    pub(super) fn change(&self, file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(file).unwrap();
        change(&mut bytes);
        fs::write(file, bytes).unwrap();
    }

    /// The file of this copy that has the name of one of the original.
    pub(super) fn file_like(&self, original: &Path) -> PathBuf {
        let layout = Layout::new(self.path());
        let in_chain = layout.writers().unwrap().into_iter().map(|writer| layout.chain(writer));
        let folders = in_chain.chain([self.path().to_owned()]);
        let mut found = folders.map(|folder| folder.join(original.file_name().unwrap()));
        found.find(|file| file.exists()).unwrap()
    }

    /// The same file in a copy.
    pub(super) fn same(&self, original: &Log, file: &Path) -> PathBuf {
        self.path().join(file.strip_prefix(original.path()).unwrap())
    }
}

pub(super) fn open(path: &Path) -> EmbeddedTraces {
    let layout = Layout::new(path);
    let clock = Arc::new(SettableClock::at(Timestamp::from_unix_milliseconds(1_795_000_000_000)));
    let options = Options { segment_bytes: 400, seal_interval: Duration::from_secs(3_600), ..Options::default() };
    let lock = Arc::new(Lock::take(&layout.lock()).unwrap());
    EmbeddedTraces::open(&layout, &options, clock, lock).unwrap()
}

pub(super) fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(super) fn spots_of(writer: WriterId, file: PathBuf) -> Vec<Spot> {
    let bytes = fs::read(&file).unwrap();
    let mut from = HEADING_BYTES;
    let mut spots = Vec::new();
    while let Parsed::Frame(header, total) = frame::parse(&bytes[from..]) {
        let id = TraceId { writer, seq: header.seq };
        spots.push(Spot { id, file: file.clone(), from, to: from + total });
        from += total;
    }
    spots
}

pub(super) fn names(report: &VerifyReport, id: TraceId, kinds: &[FindingKind]) -> bool {
    report.findings.iter().any(|finding| finding.trace == Some(id) && kinds.contains(&finding.kind))
}

pub(super) fn is_named(report: &VerifyReport, file: &Path, offset: usize) -> bool {
    let offset = u64::try_from(offset).unwrap();
    let about = |finding: &Finding| file.ends_with(&finding.file) && finding.offset <= offset;
    report.findings.iter().any(about)
}

/// Every byte of a file with the bits to change in it: the lowest, the one between cases of letters, and all.
pub(super) fn changes_of(file: &Path) -> Vec<(PathBuf, usize, u8)> {
    let length = fs::read(file).unwrap().len();
    let bits = [0x01, 0x20, 0xff].into_iter();
    bits.flat_map(|bits| (0..length).map(move |place| (file.to_owned(), place, bits))).collect()
}

/// Tries cases on copies of a log, several at a time, since most of the time goes by waiting.
pub(super) fn at_once<C: Send + Sync + Clone>(log: &Log, cases: Vec<C>, try_case: impl Fn(&Log, C) + Sync) {
    assert!(!cases.is_empty());
    std::thread::scope(|scope| {
        for share in cases.chunks(cases.len().div_ceil(8)) {
            let try_case = &try_case;
            scope.spawn(move || {
                let copy = log.copy();
                share.iter().for_each(|case| try_case(&copy, case.clone()));
            });
        }
    });
}
