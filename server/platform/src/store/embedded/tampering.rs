//! Tests that change a log behind its back, byte by byte and trace by trace, and expect each place to be named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::frame::{self, HEADER_BYTES, HEADING_BYTES, Parsed};
use super::layout::Layout;
use super::lock::Lock;
use super::traces::EmbeddedTraces;
use super::{Options, ReadOnly};
use crate::clock::{SettableClock, Timestamp};
use crate::store::{
    Digest, Finding, FindingKind, Head, Payload, PurgeRecord, TraceId, TraceLog, TraceReader, Trust, VerifyReport,
    WriterId,
};

/// A log in a directory of its own.
struct Log {
    directory: tempfile::TempDir,
}

/// Where a frame lies.
#[derive(Clone, Debug)]
struct Spot {
    id: TraceId,
    file: PathBuf,
    from: usize,
    to: usize,
}

impl Log {
    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn open(&self) -> EmbeddedTraces {
        open(self.path())
    }

    /// A log of traces in segments of a few, closed with a head over the first `sealed` (a closed log is sealed to its end).
    fn make(count: u64, sealed: u64) -> Log {
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
    fn copy(&self) -> Log {
        let directory = tempfile::tempdir().unwrap();
        copy_all(self.path(), directory.path());
        Log { directory }
    }

    fn verify(&self) -> VerifyReport {
        self.verify_with(&Trust::default())
    }

    fn verify_with(&self, trust: &Trust) -> VerifyReport {
        ReadOnly::open(self.path()).unwrap().verify(trust).unwrap()
    }

    fn spots(&self) -> Vec<Spot> {
        let layout = Layout::new(self.path());
        let writers = layout.writers().unwrap();
        let firsts = |writer: WriterId| layout.segments(writer).unwrap().into_iter().map(move |first| (writer, first));
        let segments: Vec<_> = writers.into_iter().flat_map(firsts).collect();
        segments.into_iter().flat_map(|(writer, first)| spots_of(writer, layout.segment(writer, first))).collect()
    }

    fn change(&self, file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(file).unwrap();
        change(&mut bytes);
        fs::write(file, bytes).unwrap();
    }

    /// The file of this copy that has the name of one of the original.
    fn file_like(&self, original: &Path) -> PathBuf {
        let layout = Layout::new(self.path());
        let in_chain = layout.writers().unwrap().into_iter().map(|writer| layout.chain(writer));
        let folders = in_chain.chain([self.path().to_owned()]);
        let mut found = folders.map(|folder| folder.join(original.file_name().unwrap()));
        found.find(|file| file.exists()).unwrap()
    }

    /// The same file in a copy.
    fn same(&self, original: &Log, file: &Path) -> PathBuf {
        self.path().join(file.strip_prefix(original.path()).unwrap())
    }
}

fn open(path: &Path) -> EmbeddedTraces {
    let layout = Layout::new(path);
    let clock = Arc::new(SettableClock::at(Timestamp::from_unix_milliseconds(1_795_000_000_000)));
    let options = Options { segment_bytes: 400, seal_interval: Duration::from_secs(3_600), ..Options::default() };
    let lock = Arc::new(Lock::take(&layout.lock()).unwrap());
    EmbeddedTraces::open(&layout, &options, clock, lock).unwrap()
}

fn copy_all(from: &Path, to: &Path) {
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

fn spots_of(writer: WriterId, file: PathBuf) -> Vec<Spot> {
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

fn names(report: &VerifyReport, id: TraceId, kinds: &[FindingKind]) -> bool {
    report.findings.iter().any(|finding| finding.trace == Some(id) && kinds.contains(&finding.kind))
}

fn is_named(report: &VerifyReport, file: &Path, offset: usize) -> bool {
    let offset = u64::try_from(offset).unwrap();
    let about = |finding: &Finding| file.ends_with(&finding.file) && finding.offset <= offset;
    !report.is_clean() && report.findings.iter().any(about)
}

#[test]
fn every_changed_byte_of_the_log_is_named() {
    let log = Log::make(5, 5);
    let spots = log.spots();
    assert!(log.verify().is_clean());
    let files: BTreeSet<&PathBuf> = spots.iter().map(|spot| &spot.file).collect();
    let places = files.into_iter().flat_map(|file| changes_of(file));
    at_once(&log, places.collect(), |log, (original, place, bits)| {
        let file = log.file_like(&original);
        let before = fs::read(&file).unwrap();
        log.change(&file, |bytes| bytes[place] ^= bits);
        let report = log.verify();
        match spots.iter().find(|spot| spot.file == original && (spot.from..spot.to).contains(&place)) {
            Some(spot) => assert!(names(&report, spot.id, &[FindingKind::Changed]), "{place}: {report:?}"),
            None => assert_eq!(report.findings[0].kind, FindingKind::SegmentInvalid, "{place}"),
        }
        assert!(is_named(&report, &file, place), "{place}: {report:?}");
        fs::write(&file, before).unwrap();
    });
}

#[test]
fn every_changed_byte_of_the_heads_is_named() {
    let log = Log::make(4, 2);
    let places = changes_of(&Layout::new(log.path()).heads());
    at_once(&log, places, |log, (original, place, bits)| {
        let file = log.file_like(&original);
        let before = fs::read(&file).unwrap();
        log.change(&file, |bytes| bytes[place] ^= bits);
        let report = log.verify();
        assert!(is_named(&report, &file, place), "{place} {bits}: {report:?}");
        fs::write(&file, before).unwrap();
    });
}

/// Every byte of a file with the bits to change in it: the lowest, the one between cases of letters, and all.
fn changes_of(file: &Path) -> Vec<(PathBuf, usize, u8)> {
    let length = fs::read(file).unwrap().len();
    let bits = [0x01, 0x20, 0xff].into_iter();
    bits.flat_map(|bits| (0..length).map(move |place| (file.to_owned(), place, bits))).collect()
}

/// Tries cases on copies of a log, several at a time, since most of the time goes by waiting.
fn at_once<C: Send + Sync + Clone>(log: &Log, cases: Vec<C>, try_case: impl Fn(&Log, C) + Sync) {
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

#[test]
fn a_server_leaves_a_changed_chain_untouched_and_begins_a_new_one() {
    let log = Log::make(5, 5);
    let mut places = 0;
    for spot in log.spots() {
        for place in (spot.from..spot.to).step_by(7) {
            let copy = log.copy();
            let file = copy.same(&log, &spot.file);
            copy.change(&file, |bytes| bytes[place] ^= 1);
            let before = fs::read(&file).unwrap();
            let traces = copy.open();
            let [damage] = &traces.damage()[..] else { panic!("{place}: damage is not told") };
            assert_eq!((damage.writer, damage.last_good), (spot.id.writer, spot.id.seq - 1), "{}", damage.message.en);
            let fresh = traces.append_blocking(b"after".to_vec()).unwrap();
            assert!(fresh.writer != spot.id.writer && fresh.seq == 1);
            assert_eq!(fs::read(&file).unwrap(), before, "the damaged chain was touched");
            traces.close().unwrap();
            drop(traces);
            let again = copy.open();
            assert_eq!(again.damage().len(), 1);
            assert_eq!(again.last(), Some(fresh));
            places += 1;
        }
    }
    assert!(places > 90);
}

#[test]
fn every_deleted_trace_is_named() {
    let log = Log::make(7, 7);
    for spot in log.spots() {
        let copy = log.copy();
        copy.change(&copy.same(&log, &spot.file), |bytes| drop(bytes.drain(spot.from..spot.to)));
        let report = copy.verify();
        let kinds = [FindingKind::Deleted, FindingKind::CutBelowHead];
        assert!(names(&report, spot.id, &kinds), "{}: {report:?}", spot.id);
        assert_eq!(copy.open().damage().len(), 1, "{}", spot.id);
    }
}

#[test]
fn every_deleted_file_is_named() {
    let log = Log::make(9, 9);
    let spots = log.spots();
    for first in spots.iter().filter(|spot| spot.from == HEADING_BYTES) {
        let copy = log.copy();
        fs::remove_file(copy.same(&log, &first.file)).unwrap();
        let report = copy.verify();
        let kinds = [FindingKind::Deleted, FindingKind::CutBelowHead];
        assert!(names(&report, first.id, &kinds), "{}: {report:?}", first.id);
        assert_eq!(copy.open().damage().len(), 1, "{}", first.id);
    }
    let copy = log.copy();
    fs::remove_dir_all(Layout::new(copy.path()).traces()).unwrap();
    assert!(!copy.verify().is_clean());
    assert_eq!(copy.open().damage().len(), 1);
}

#[test]
fn traces_out_of_order_or_twice_are_named() {
    let log = Log::make(8, 8);
    let spots = log.spots();
    let mut swapped = 0;
    for pair in spots.windows(2).filter(|pair| pair[0].file == pair[1].file) {
        let copy = log.copy();
        copy.change(&copy.same(&log, &pair[0].file), |bytes| {
            bytes[pair[0].from..pair[1].to].rotate_left(pair[0].to - pair[0].from)
        });
        let report = copy.verify();
        assert!(names(&report, pair[0].id, &[FindingKind::Reordered]), "{}: {report:?}", pair[0].id);
        swapped += 1;
    }
    assert!(swapped >= 3);
    for spot in &spots {
        let copy = log.copy();
        copy.change(&copy.same(&log, &spot.file), |bytes| {
            bytes.splice(spot.to..spot.to, bytes[spot.from..spot.to].to_vec()).for_each(drop)
        });
        let report = copy.verify();
        assert!(names(&report, spot.id, &[FindingKind::Repeated]), "{}: {report:?}", spot.id);
    }
}

#[test]
fn a_cut_below_the_last_head_is_named_and_one_above_it_is_an_unfinished_write() {
    let log = Log::make(6, 4);
    let spots = log.spots();
    let files: BTreeSet<&PathBuf> = spots.iter().map(|spot| &spot.file).collect();
    let lengths = |file: &PathBuf| {
        (0..fs::read(file).unwrap().len()).map({
            let file = file.clone();
            move |length| (file.clone(), length)
        })
    };
    let cuts: Vec<(PathBuf, usize)> = files.into_iter().rev().take(2).flat_map(lengths).collect();
    assert!(cuts.len() > 500);
    at_once(&log, cuts, |_, (file, length)| cut_and_look(&log, &file, length));
}

/// Cuts the log to a length of one of its files, the later files gone, and checks what is said of it.
fn cut_and_look(log: &Log, file: &Path, length: usize) {
    let spots = log.spots();
    let whole = |spot: &&Spot| spot.file.as_path() < file || (spot.file == file && spot.to <= length);
    let left = u64::try_from(spots.iter().filter(whole).count()).unwrap();
    let copy = log.copy();
    for later in spots.iter().map(|spot| &spot.file).filter(|other| other.as_path() > file) {
        let _ = fs::remove_file(copy.same(log, later));
    }
    copy.change(&copy.same(log, file), |bytes| bytes.truncate(length));
    let report = copy.verify();
    let traces = copy.open();
    if left < 4 {
        let first_lost = TraceId { seq: left + 1, ..spots[0].id };
        let kinds = [FindingKind::CutBelowHead, FindingKind::Changed];
        assert!(names(&report, first_lost, &kinds), "{length}: {report:?}");
        assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::CutBelowHead));
        assert_eq!(traces.damage().len(), 1, "{length}");
    } else {
        assert!(report.is_clean(), "{length}: {report:?}");
        assert_eq!(traces.damage(), [], "{length}");
        let next = traces.append_blocking(b"next".to_vec()).unwrap();
        assert_eq!(next, TraceId { seq: left + 1, ..spots[0].id }, "{length}");
        let report = traces.verify(&Trust::default()).unwrap();
        assert!(report.findings.is_empty(), "{length}: {report:?}");
        assert_eq!(traces.scan(None).unwrap().map(Result::unwrap).count(), usize::try_from(left + 1).unwrap());
    }
}

#[test]
fn a_chain_written_anew_disagrees_with_its_heads() {
    let log = Log::make(3, 3);
    let heads = ReadOnly::open(log.path()).unwrap().heads().unwrap();
    let layout = Layout::new(log.path());
    let spot = &log.spots()[0];
    let writer = spot.id.writer;
    // Somebody who knows the format writes other traces in the place of the first segment's.
    let mut bytes = frame::heading(writer, 1, &Digest::ZERO).to_vec();
    let mut previous = Digest::ZERO;
    for seq in 1..=3 {
        let payload = format!("forged {seq}").into_bytes();
        let digest = Digest::of(&payload);
        let link = frame::link(&previous, seq, &digest);
        let length = u32::try_from(payload.len()).unwrap();
        frame::encode(
            &frame::Header { length, purged: false, seq, group: seq, digest, previous, link },
            &payload,
            &mut bytes,
        );
        previous = link;
    }
    for other in layout.segments(writer).unwrap() {
        fs::remove_file(layout.segment(writer, other)).unwrap();
    }
    fs::write(&spot.file, bytes).unwrap();
    let report = log.verify();
    assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::HeadDisagrees), "{report:?}");
    assert_eq!(log.copy().open().damage().len(), 1);
    // And removes the heads: then only those kept elsewhere tell.
    fs::remove_file(layout.heads()).unwrap();
    assert!(log.verify().is_clean());
    let trust = Trust { heads, public_keys: Vec::new() };
    let report = log.verify_with(&trust);
    assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::HeadDisagrees), "{report:?}");
}

#[test]
fn heads_count_only_with_a_believed_key() {
    let (log, other) = (Log::make(3, 3), Log::make(1, 1));
    let heads: Vec<Head> = ReadOnly::open(log.path()).unwrap().heads().unwrap();
    let keys = |log: &Log| ReadOnly::open(log.path()).unwrap().public_keys().unwrap();
    let ours = Trust { heads: heads.clone(), public_keys: keys(&log) };
    assert!(log.verify_with(&ours).is_clean());
    let theirs = Trust { heads, public_keys: keys(&other) };
    let report = log.verify_with(&theirs);
    assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::KeyUnknown), "{report:?}");
}

#[test]
fn a_payload_that_vanished_without_a_signed_record_is_named() {
    let log = Log::make(3, 3);
    let spot = log.spots()[1].clone();
    log.change(&spot.file, |bytes| {
        let Parsed::Frame(header, total) = frame::parse(&bytes[spot.from..]) else { panic!("a frame") };
        let mut purged = Vec::new();
        frame::encode(&frame::Header { purged: true, ..header }, &vec![0; total - HEADER_BYTES], &mut purged);
        bytes[spot.from..spot.to].copy_from_slice(&purged);
    });
    assert!(names(&log.verify(), spot.id, &[FindingKind::PurgeUnrecorded]));
}

#[test]
fn a_purge_record_is_checked_and_must_be_true() {
    let log = Log::make(3, 3);
    let spot = log.spots()[1].clone();
    let before = fs::read(&spot.file).unwrap();
    let traces = log.open();
    traces.purge(&spot.id, "oficial", "habeas data").unwrap().unwrap();
    drop(traces);
    assert!(log.verify().findings.is_empty());
    let purged = fs::read(&spot.file).unwrap();
    assert!(!purged.windows(7).any(|window| window == b"trace 2"));
    fs::write(&spot.file, &before).unwrap();
    assert!(names(&log.verify(), spot.id, &[FindingKind::PurgeUndone]));
    fs::write(&spot.file, &purged).unwrap();
    let file = Layout::new(log.path()).purges();
    for place in 0..fs::read(&file).unwrap().len() {
        let before = fs::read(&file).unwrap();
        log.change(&file, |bytes| bytes[place] ^= 0x20);
        let report = log.verify();
        assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::PurgeInvalid), "{place}: {report:?}");
        fs::write(&file, before).unwrap();
    }
}

#[test]
fn a_purge_that_a_crash_interrupts_is_finished_at_the_next_opening() {
    let log = Log::make(3, 3);
    let spot = log.spots()[1].clone();
    let before = fs::read(&spot.file).unwrap();
    log.open().purge(&spot.id, "oficial", "habeas data").unwrap().unwrap();
    let after = fs::read(&spot.file).unwrap();
    for written in (0..=spot.to - spot.from).step_by(5) {
        let copy = log.copy();
        let file = copy.same(&log, &spot.file);
        let split = spot.from + written;
        fs::write(&file, [&after[..split], &before[split..]].concat()).unwrap();
        let traces = copy.open();
        assert_eq!(traces.damage(), [], "{written}");
        let trace = traces.get(&spot.id).unwrap().unwrap();
        assert!(matches!(trace.payload, Payload::Purged { .. }), "{written}");
        assert!(traces.verify(&Trust::default()).unwrap().findings.is_empty());
        let records = super::lines::LineReader::<PurgeRecord>::open(&Layout::new(copy.path()).purges()).unwrap();
        assert_eq!(records.count(), 1);
    }
}

#[test]
fn a_torn_head_line_is_set_aside() {
    let log = Log::make(4, 2);
    let file = Layout::new(log.path()).heads();
    let line = fs::read(&file).unwrap();
    for length in 1..line.len() {
        fs::write(&file, [&line[..], &line[..length]].concat()).unwrap();
        assert_eq!(super::reading::heads(&Layout::new(log.path())).unwrap().len(), 1);
        let traces = log.open();
        assert_eq!(traces.damage(), []);
        assert_eq!(traces.heads().unwrap().len(), 1, "{length}");
        std::mem::forget(traces.close());
        fs::write(&file, &line).unwrap();
    }
    let aside = fs::read(file.with_extension("torn")).unwrap();
    assert_eq!(aside.split(|byte| *byte == b'\n').count(), line.len());
}

#[test]
fn a_reader_sees_a_log_grow_and_never_damage() {
    let log = Log { directory: tempfile::tempdir().unwrap() };
    let traces = log.open();
    let reader = ReadOnly::open(log.path()).unwrap();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for n in 0..2_000_u32 {
                let id = traces.append_blocking(n.to_string().repeat(20).into_bytes()).unwrap();
                if n % 100 == 7 {
                    traces.purge(&id, "oficial", "prueba").unwrap().unwrap();
                }
                if n % 50 == 3 {
                    traces.seal().unwrap();
                }
            }
        });
        let mut rounds = 0;
        while !writing.is_finished() || rounds < 3 {
            let report = reader.verify(&Trust::default()).unwrap();
            assert!(report.is_clean(), "{:?}", report.findings);
            let mut last = 0;
            for trace in reader.scan(None).unwrap() {
                let trace = trace.unwrap();
                assert_eq!(trace.id.seq, last + 1);
                last = trace.id.seq;
                assert_eq!(reader.get(&trace.id).unwrap().map(|found| found.link), Some(trace.link));
            }
            rounds += 1;
        }
        writing.join().unwrap();
    });
    assert_eq!(reader.scan(None).unwrap().count(), 2_000);
}

/// What a power cut may do to a group that was not durable yet: every sector arrives or doesn't, and the end may be missing.
fn lose(bytes: &mut Vec<u8>, durable: usize, kept: &[bool], length: usize) {
    for (sector, kept) in bytes[durable..].chunks_mut(64).zip(kept.iter().cycle()) {
        if !kept {
            sector.fill(0);
        }
    }
    bytes.truncate(durable + length % (bytes.len() - durable + 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_power_cut_costs_only_what_was_not_durable(
        durable in 1_u64..6, group in 1_usize..6, sizes in proptest::collection::vec(0_usize..300, 6),
        kept in proptest::collection::vec(any::<bool>(), 1..40), length: usize, whole: bool,
    ) {
        let log = Log { directory: tempfile::tempdir().unwrap() };
        let traces = log.open();
        for n in 0..durable {
            traces.append_blocking(vec![b'd'; sizes[usize::try_from(n).unwrap() % sizes.len()]]).unwrap();
        }
        let before: Vec<(PathBuf, usize)> = log.spots().into_iter().map(|spot| (spot.file, spot.to)).collect();
        let batch: Vec<Vec<u8>> = sizes.iter().take(group).map(|size| vec![b'u'; *size]).collect();
        traces.append_batch_blocking(batch).unwrap();
        let crashed = log.copy();
        drop(traces);
        let last = log.spots().pop().unwrap().file;
        let kept_to = before.iter().filter(|(file, _)| *file == last).map(|(_, to)| *to).max().unwrap_or(HEADING_BYTES);
        let length = if whole { usize::MAX } else { length };
        crashed.change(&crashed.same(&log, &last), |bytes| lose(bytes, kept_to, &kept, length));
        prop_assert!(crashed.verify().is_clean());
        let traces = crashed.open();
        prop_assert_eq!(traces.damage(), vec![]);
        let left = traces.last().unwrap().seq;
        prop_assert!(left >= durable && left <= durable + u64::try_from(group).unwrap());
        traces.append_blocking(b"after".to_vec()).unwrap();
        let report = traces.verify(&Trust::default()).unwrap();
        prop_assert!(report.findings.is_empty(), "{:?}", report.findings);
        prop_assert_eq!(report.chains[0].traces, left + 1);
    }
}
