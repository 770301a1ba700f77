//! Crashes: a process under load is killed, or its power is cut, at a random moment; everything it acknowledged must be there.
//!
//! `DICTAMEN_KILLS` and `DICTAMEN_POWERCUTS` say how many rounds (10 and 3, or 100 and 30 with `DICTAMEN_SOAK=1`), and
//! `DICTAMEN_SEED` which moments and which survivors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail by panicking"
)]

mod check;
mod harness;
mod writer;

use harness::{Cut, Disk, Place, rounds};

/// The process that the tests below kill: it writes until then. It is this test program, started again.
#[test]
#[ignore = "is the process that the other tests kill"]
fn process() {
    writer::write_until_killed();
}

#[test]
fn traces_survive_kills() {
    survives(Place::new("traces"), Cut::Kill, rounds("DICTAMEN_KILLS", 10, 100));
}

#[test]
fn records_survive_kills() {
    survives(Place::new("records"), Cut::Kill, rounds("DICTAMEN_KILLS", 10, 100));
}

#[test]
fn objects_survive_kills() {
    survives(Place::new("objects"), Cut::Kill, rounds("DICTAMEN_KILLS", 10, 100));
}

#[test]
fn objects_survive_power_cuts() {
    survives(Place::new("objects"), Cut::Power(Disk::Honest), rounds("DICTAMEN_POWERCUTS", 3, 30));
}

#[test]
fn traces_survive_power_cuts() {
    survives(Place::new("traces"), Cut::Power(Disk::Honest), rounds("DICTAMEN_POWERCUTS", 3, 30));
}

#[test]
fn records_survive_power_cuts() {
    survives(Place::new("records"), Cut::Power(Disk::Honest), rounds("DICTAMEN_POWERCUTS", 3, 30));
}

/// The control: if fsync does nothing, as in a store that doesn't call it, these tests must see the loss.
#[test]
fn a_store_that_does_not_fsync_is_found_out() {
    for store in ["traces", "records", "objects"] {
        let mut place = Place::new(store);
        let round = place.round(Cut::Power(Disk::IgnoresSync), 0);
        let lost = check::lost(&place);
        assert!(round.acknowledged > 0 && lost > 0, "{store}: {lost} of {} lost", round.acknowledged);
    }
}

/// After a failed fsync, nothing more may be acknowledged, though the disk works again.
#[test]
fn nothing_is_acknowledged_after_a_failed_fsync() {
    for store in ["traces", "records"] {
        let mut place = Place::new(store);
        let round = place.round(Cut::Power(Disk::FailsAfter(120)), 0);
        assert!(round.refused > 100, "{store}: the failure was not told");
        assert!(round.late == 0, "{store}: an append succeeded after one had failed");
        check::everything_is_there(&place);
    }
}

fn survives(mut place: Place, cut: Cut, rounds: u64) {
    let (mut acknowledged, mut undurable) = (0, 0);
    for number in 0..rounds {
        let round = place.round(cut, number);
        assert!(round.refused == 0, "round {number}: {} appends were refused", round.refused);
        acknowledged += round.acknowledged;
        undurable += round.undurable_bytes;
        check::everything_is_there(&place);
    }
    println!(
        "{}: {rounds} rounds of {cut:?}: {acknowledged} acknowledged, {undurable} bytes in doubt, none lost",
        place.store
    );
    assert!(acknowledged > 0, "nothing was acknowledged, so nothing was tested");
    assert!(undurable > 0 || matches!(cut, Cut::Kill), "no cut hit a write under way, so nothing was tested");
}
