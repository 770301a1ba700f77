//! The process that is killed: several threads write to one store, and print each acknowledgement once they have it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dictamen_platform::SystemClock;
use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::store::{Applied, Batch, Digest, Objects, Records, TraceLog, wait};

/// What the process is told by its environment: the store, the directory, and the number of this round.
pub(crate) const STORE: &str = "CRASH_STORE";
pub(crate) const DIRECTORY: &str = "CRASH_DIRECTORY";
pub(crate) const ROUND: &str = "CRASH_ROUND";

const THREADS: u64 = 4;

/// Options that make segments, tables and heads change often.
pub(crate) fn options() -> Options {
    Options { segment_bytes: 200_000, seal_interval: Duration::from_millis(20), seal_every: 50, ..Options::default() }
}

/// The text of one entry: it says whose it is, and is long enough to span sectors.
pub(crate) fn text(round: u64, thread: u64, number: u64) -> String {
    let padding = "x".repeat(usize::try_from((thread * 131 + number * 17) % 1_500).unwrap());
    format!("{{\"round\":{round},\"thread\":{thread},\"number\":{number},\"padding\":\"{padding}\"}}")
}

pub(crate) fn write_until_killed() {
    let directory = PathBuf::from(std::env::var_os(DIRECTORY).expect("the harness starts this"));
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let opened = Embedded::open(&directory, &options(), Arc::new(SystemClock::new())).unwrap();
    let store = std::env::var(STORE).unwrap();
    say("open");
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, opened) = (store.as_str(), opened.clone());
            scope.spawn(move || {
                for number in 0.. {
                    match store {
                        "traces" => append(&*opened.traces(), round, thread, number),
                        "records" => put(&*opened.records(), round, thread, number),
                        _ => keep(&*opened.objects(), round, thread, number),
                    }
                }
            });
        }
    });
}

/// Appends one trace, or a few together, and says which were acknowledged.
fn append(traces: &dyn TraceLog, round: u64, thread: u64, number: u64) {
    let count = if number % 7 == 3 { 5 } else { 1 };
    let texts: Vec<String> = (0..count).map(|part| text(round, thread, number * 10 + part)).collect();
    let payloads = texts.iter().map(|text| text.clone().into_bytes()).collect();
    match traces.append_batch_blocking(payloads) {
        Ok(first) => {
            let first = first.unwrap();
            for (part, text) in (0..).zip(&texts) {
                say(&format!("ack {} {}", first.following(part), Digest::of(text.as_bytes())));
            }
        }
        Err(error) => refused(&error.message().en),
    }
}

/// Puts a record and its index entry together, if they don't exist, and says that they were acknowledged.
fn put(records: &dyn Records, round: u64, thread: u64, number: u64) {
    let key = format!("{round}-{thread}-{number}");
    let value = text(round, thread, number);
    let batch = Batch::new()
        .expect_absent("values", key.as_bytes())
        .put("values", key.as_bytes(), value.as_bytes())
        .put("index", value.as_bytes().get(..20).unwrap(), key.as_bytes())
        .put("pairs", key.as_bytes(), b"together");
    match wait(records.apply(batch)) {
        Ok(Applied::Done) => say(&format!("ack {key} {}", Digest::of(value.as_bytes()))),
        Ok(refusal) => panic!("{refusal:?}"),
        Err(error) => refused(&error.message().en),
    }
}

/// Keeps one object and says that it was acknowledged.
fn keep(objects: &dyn Objects, round: u64, thread: u64, number: u64) {
    let text = text(round, thread, number);
    match objects.put(text.as_bytes()) {
        Ok(digest) => say(&format!("ack {digest} {digest}")),
        Err(error) => refused(&error.message().en),
    }
}

fn refused(why: &str) {
    say(&format!("refused {why}"));
    std::thread::sleep(Duration::from_millis(5));
}

/// Prints a line, whole, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).expect("the harness listens");
}
