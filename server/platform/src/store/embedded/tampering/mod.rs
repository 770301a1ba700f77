//! Tests that change a log behind its back, byte by byte and trace by trace, and expect each place to be named.

mod crashes;
mod log;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use self::log::{Log, at_once, changes_of, is_named, names};
use super::ReadOnly;
use super::frame::{self, HEADER_BYTES, HEADING_BYTES, Parsed};
use super::layout::Layout;
use crate::store::{Digest, FindingKind, Head, TraceLog, TraceReader, Trust};

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
        assert!(!report.is_clean(), "{place}: {report:?}");
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
        // Without the line's end it could also be a write that a crash interrupted.
        assert!(!report.is_clean() || place + 1 == before.len(), "{place} {bits}: {report:?}");
        fs::write(&file, before).unwrap();
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
fn a_changed_heading_is_damage_even_if_no_head_is_signed() {
    let log = Log::make(4, 0);
    let last = log.spots().pop().unwrap().file;
    for place in 0..HEADING_BYTES {
        let copy = log.copy();
        let file = copy.same(&log, &last);
        copy.change(&file, |bytes| bytes[place] ^= 1);
        let before = fs::read(&file).unwrap();
        assert!(!copy.verify().is_clean(), "{place}");
        assert_eq!(copy.open().damage().len(), 1, "{place}");
        assert_eq!(fs::read(&file).unwrap(), before, "{place}");
    }
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
        let kinds = [FindingKind::PurgeInvalid, FindingKind::TornTail];
        assert!(report.findings.iter().any(|finding| kinds.contains(&finding.kind)), "{place}: {report:?}");
        assert!(!report.is_clean(), "without the record, the payload is gone and nothing says why");
        fs::write(&file, before).unwrap();
    }
}
