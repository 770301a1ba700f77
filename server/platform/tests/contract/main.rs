//! The contract of the store ports: one suite that every adapter must pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail by panicking"
)]

mod objects;
mod records;
mod traces;

use std::sync::Arc;
use std::time::Duration;

use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::store::{Objects, Records, TraceLog};
use dictamen_platform::{SettableClock, Timestamp};

/// The stores of an adapter, open on one place.
pub(crate) struct Stores {
    pub(crate) traces: Arc<dyn TraceLog>,
    pub(crate) objects: Arc<dyn Objects>,
    pub(crate) records: Arc<dyn Records>,
}

/// A place that an adapter keeps things in, which can be opened again once everything opened before was dropped.
pub(crate) trait Adapter {
    /// An empty place.
    fn make() -> Self;

    /// Opens the place.
    fn open(&self) -> Stores;
}

/// A data directory of the embedded adapters, with segments so small that there are many.
struct EmbeddedPlace {
    directory: tempfile::TempDir,
    clock: Arc<SettableClock>,
}

impl Adapter for EmbeddedPlace {
    fn make() -> EmbeddedPlace {
        let now = Timestamp::from_unix_milliseconds(1_795_000_000_000);
        EmbeddedPlace { directory: tempfile::tempdir().unwrap(), clock: Arc::new(SettableClock::at(now)) }
    }

    fn open(&self) -> Stores {
        let options =
            Options { segment_bytes: 20_000, seal_interval: Duration::from_secs(3_600), ..Options::default() };
        let opened = Embedded::open(self.directory.path(), &options, Arc::clone(&self.clock) as _).unwrap();
        Stores { traces: opened.traces(), objects: opened.objects(), records: opened.records() }
    }
}

/// Makes a test of every clause of the contract for an adapter.
macro_rules! contract {
    ($name:ident, $adapter:ident: $($module:ident::{$($clause:ident),* $(,)?})*) => {
        mod $name {
            $(mod $module {
                $(#[test]
                fn $clause() {
                    crate::$module::$clause::<crate::$adapter>(&crate::Adapter::make());
                })*
            })*
        }
    };
}

macro_rules! contract_for {
    ($name:ident, $adapter:ident) => {
        contract! { $name, $adapter:
            traces::{
                a_trace_reads_back_after_reopening,
                places_have_no_gaps,
                a_batch_stands_together,
                concurrent_appends_all_arrive,
                a_scan_reads_everything_in_order_from_anywhere,
                what_does_not_exist_is_none,
                links_chain_the_digests,
                a_purge_destroys_the_payload_only,
                a_whole_log_verifies,
                heads_are_signed_when_sealed_and_at_the_end,
                a_payload_over_the_limit_is_refused,
                nothing_is_accepted_after_closing,
                any_bytes_are_a_payload,
            }
            objects::{
                an_object_is_named_by_its_hash,
                objects_are_listed_in_order,
                keeping_twice_is_keeping_once,
            }
            records::{
                a_record_reads_back_after_reopening,
                a_batch_is_all_or_nothing,
                the_later_write_of_a_key_stays,
                only_one_of_many_creates_a_record,
                a_counter_loses_no_increment,
                a_scan_is_in_order_and_within_its_prefix,
                spaces_do_not_mix,
                a_snapshot_does_not_move,
                impossible_names_are_refused,
            }
        }
    };
}

contract_for!(embedded, EmbeddedPlace);
