//! What crashes leave: unfinished writes of every length, which cost nothing that was acknowledged.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::log::{Log, Spot, at_once, names};
use crate::store::embedded::ReadOnly;
use crate::store::embedded::frame::HEADING_BYTES;
use crate::store::embedded::layout::Layout;
use crate::store::embedded::{lines, reading};
use crate::store::{FindingKind, Payload, PurgeRecord, TraceId, TraceLog, TraceReader, Trust};

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
        let records = lines::LineReader::<PurgeRecord>::open(&Layout::new(copy.path()).purges()).unwrap();
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
        assert_eq!(reading::heads(&Layout::new(log.path())).unwrap().len(), 1);
        let traces = log.open();
        assert_eq!(traces.damage(), []);
        assert_eq!(traces.heads().unwrap().len(), 1, "{length}");
        drop(traces);
        fs::write(&file, &line).unwrap();
    }
    let aside = fs::read(file.with_extension("torn")).unwrap();
    assert_eq!(aside.split(|byte| *byte == b'\n').count(), line.len());
}

#[test]
fn a_head_line_of_which_a_part_did_not_arrive_is_set_aside() {
    let log = Log::make(4, 2);
    let file = Layout::new(log.path()).heads();
    let line = fs::read(&file).unwrap();
    for lost in (0..line.len()).step_by(20) {
        let mut partly = line.clone();
        partly[lost..(lost + 50).min(line.len())].fill(0);
        fs::write(&file, [&line[..], &partly[..]].concat()).unwrap();
        assert!(log.verify().is_clean() && !log.verify().findings.is_empty(), "{lost}");
        let traces = log.open();
        assert!(traces.verify(&Trust::default()).unwrap().findings.is_empty(), "{lost}");
        assert_eq!(traces.heads().unwrap().len(), 1, "{lost}");
        drop(traces);
        fs::write(&file, &line).unwrap();
    }
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
