//! The log tampered with as an insider could: whatever is changed, deleted or cut, `dictamen replay --all` notices and names it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};

use dictamen_tests::binary::{Called, call};
use dictamen_tests::load;
use dictamen_tests::log::{copy, records, segments};
use dictamen_tests::project::{is_soak, root};
use dictamen_tests::server::Server;
use tempfile::TempDir;

/// A data directory with some traces, whose server has stopped well.
struct Recorded {
    place: TempDir,
    segment: PathBuf,
    bytes: Vec<u8>,
}

impl Recorded {
    fn with(traces: u64) -> Recorded {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let server = Server::start(&data, &root().join("tests/golden/rulesets"), &["--log", "warn"]);
        for divisor in 1..=traces {
            load::trace_id(&server.send(&load::request(divisor)));
        }
        assert_eq!(server.stop("TERM").code, 0);
        let found = segments(&data);
        assert_eq!(found.len(), 1, "one segment");
        let segment = found[0].strip_prefix(&data).unwrap().to_owned();
        let bytes = fs::read(&found[0]).unwrap();
        let recorded = Recorded { place, segment, bytes };
        recorded.replay(&["--data", "data"]).expect(0);
        recorded
    }

    fn replay(&self, more: &[&str]) -> Called {
        call(self.place.path(), ["replay", "--all"].iter().chain(more))
    }

    /// Replays a copy whose segment has other bytes.
    fn replay_with(&self, bytes: &[u8]) -> Called {
        self.copy_data();
        fs::write(self.copied().join(&self.segment), bytes).unwrap();
        self.replay(&["--data", "copy"])
    }

    fn copy_data(&self) {
        drop(fs::remove_dir_all(self.copied()));
        copy(&self.place.path().join("data"), &self.copied());
    }

    fn copied(&self) -> PathBuf {
        self.place.path().join("copy")
    }

    /// The tampering must be noticed, and the file named.
    #[track_caller]
    fn noticed(&self, bytes: &[u8], what: &str) -> String {
        let replayed = self.replay_with(bytes);
        assert_eq!(replayed.code, 1, "{what}: {}", replayed.text());
        let name = self.segment.file_name().unwrap().to_str().unwrap();
        assert!(
            replayed.out.contains(name) || replayed.out.contains("heads"),
            "{what} names nothing: {}",
            replayed.out
        );
        replayed.out
    }
}

/// Changes one bit of each of these bytes, one after the other.
fn change_bytes(recorded: &Recorded, places: impl Iterator<Item = usize>) {
    for place in places {
        let mut bytes = recorded.bytes.clone();
        bytes[place] ^= 1 << (place % 8);
        recorded.noticed(&bytes, &format!("byte {place} changed"));
    }
}

#[test]
fn a_changed_byte_is_noticed() {
    let recorded = Recorded::with(if is_soak() { 4 } else { 12 });
    let length = recorded.bytes.len();
    // Some hundred places meet all parts of records; in a soak test it is every byte.
    change_bytes(&recorded, (0..length).step_by(if is_soak() { 1 } else { length / 97 }));
}

#[test]
fn a_deleted_record_is_noticed_wherever_it_stood() {
    let recorded = Recorded::with(8);
    for (number, record) in records(&recorded.bytes).into_iter().enumerate() {
        let mut bytes = recorded.bytes.clone();
        bytes.drain(record);
        recorded.noticed(&bytes, &format!("record {} deleted", number + 1));
    }
}

#[test]
fn records_that_change_places_or_occur_twice_are_noticed() {
    let recorded = Recorded::with(6);
    let found = records(&recorded.bytes);
    let part = |number: usize| &recorded.bytes[found[number].clone()];
    let (head, tail) = (&recorded.bytes[..found[2].start], &recorded.bytes[found[3].end..]);
    recorded.noticed(&[head, part(3), part(2), tail].concat(), "records 3 and 4 swapped");
    recorded.noticed(&[head, part(2), part(2), part(3), tail].concat(), "record 3 twice");
}

#[test]
fn a_log_cut_below_its_signed_head_is_noticed() {
    let recorded = Recorded::with(8);
    for record in records(&recorded.bytes) {
        recorded.noticed(&recorded.bytes[..record.start], "cut before a record");
        recorded.noticed(&recorded.bytes[..record.start + (record.len() / 2)], "cut within a record");
    }
}

#[test]
fn a_log_cut_together_with_its_heads_is_noticed_by_exported_heads() {
    let recorded = Recorded::with(8);
    recorded.replay(&["--data", "data", "--export-heads", "kept.jsonl"]).expect(0);
    recorded.copy_data();
    let found = records(&recorded.bytes);
    fs::write(recorded.copied().join(&recorded.segment), &recorded.bytes[..found[4].start]).unwrap();
    remove_heads(&recorded.copied());
    recorded.replay(&["--data", "copy"]).expect(0);
    let noticed = recorded.replay(&["--data", "copy", "--heads", "kept.jsonl"]).expect(1);
    assert!(noticed.out.contains("-000000000005") || noticed.out.contains("-000000000008"), "{}", noticed.out);
}

fn remove_heads(data: &Path) {
    fs::remove_file(data.join("heads.jsonl")).unwrap();
}
