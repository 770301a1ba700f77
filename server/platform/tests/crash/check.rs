//! What must hold after a crash: the store opens, everything acknowledged is there, and nothing is damaged.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictamen_platform::SystemClock;
use dictamen_platform::store::embedded::{Embedded, ReadOnly};
use dictamen_platform::store::{Digest, ObjectReader, Payload, RecordReader, TraceReader, Trust};

use crate::harness::Place;
use crate::writer::options;

/// Opens the store and panics unless everything that was ever acknowledged is there, and whole.
pub(crate) fn everything_is_there(place: &Place) {
    let report = ReadOnly::open(&place.directory()).unwrap().verify(&Trust::default()).unwrap();
    assert!(report.is_clean(), "before opening: {:?}", report.findings);
    let lost = lost(place);
    assert_eq!(lost, 0, "{lost} of {} acknowledged entries are lost", place.acknowledged.len());
    let opened = Embedded::open(&place.directory(), &options(), Arc::new(SystemClock::new())).unwrap();
    assert_eq!(opened.traces().damage(), []);
    let report = opened.traces().verify(&Trust::default()).unwrap();
    assert!(report.findings.is_empty(), "after opening: {:?}", report.findings);
    if place.store == "records" {
        batches_are_whole(&*opened.records());
    }
    opened.close().unwrap();
}

/// How many entries that were ever acknowledged are not there, or not as they were; all if the store doesn't open.
pub(crate) fn lost(place: &Place) -> usize {
    let opened = match Embedded::open(&place.directory(), &options(), Arc::new(SystemClock::new())) {
        Ok(opened) => opened,
        Err(error) => {
            println!("the store doesn't open: {}", error.message().en);
            return place.acknowledged.len();
        }
    };
    let found = match place.store {
        "traces" => traces(&*opened.traces()),
        "records" => records(&*opened.records()),
        _ => objects(&*opened.objects()),
    };
    let lost = place.acknowledged.iter().filter(|(name, digest)| found.get(*name) != Some(*digest)).count();
    opened.close().unwrap();
    lost
}

/// The digests of all traces that can be read, by name; every hundredth is also read by its name.
fn traces(traces: &dyn TraceReader) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for trace in traces.scan(None).unwrap().filter_map(Result::ok) {
        let Payload::Present(bytes) = &trace.payload else { panic!("nothing was purged") };
        if trace.id.seq % 100 == 0 {
            assert_eq!(traces.get(&trace.id).unwrap().as_ref(), Some(&trace));
        }
        found.insert(trace.id.to_string(), Digest::of(bytes).to_string());
    }
    found
}

/// The digests of all values, by key.
fn records(records: &dyn RecordReader) -> BTreeMap<String, String> {
    let values = records.scan("values", b"", None).unwrap().map(Result::unwrap);
    values.map(|record| (String::from_utf8(record.key).unwrap(), Digest::of(&record.value).to_string())).collect()
}

/// The names of all objects that can be read.
fn objects(objects: &dyn ObjectReader) -> BTreeMap<String, String> {
    let names = objects.list().unwrap().into_iter().filter(|name| matches!(objects.get(name), Ok(Some(_))));
    names.map(|name| (name.to_string(), name.to_string())).collect()
}

/// What was put together is there together, acknowledged or not.
fn batches_are_whole(records: &dyn RecordReader) {
    let keys = |space| records.scan(space, b"", None).unwrap().map(|record| record.unwrap().key).collect::<Vec<_>>();
    assert_eq!(keys("values"), keys("pairs"));
}
