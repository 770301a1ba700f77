//! Measures the embedded stores: durable appends by writers at once, reading by name, scanning, verifying and opening again.
//!
//! `cargo run --release -p dictamen-platform --example store_speed -- [DIRECTORY] [TRACES]`; the directory is best on the disk that will be used.
#![allow(
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a measurement fails by panicking and divides its times"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dictamen_platform::SystemClock;
use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::store::{Batch, Records, TraceId, TraceLog, Trust};

const VALUE_BYTES: usize = 1_024;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from).join("store-speed");
    let count: u64 = arguments.next().map_or(500_000, |text| text.parse().unwrap());
    drop(std::fs::remove_dir_all(&directory));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let open = || Embedded::open(&directory, &Options::default(), Arc::new(SystemClock::new())).unwrap();
    let stores = open();
    for (writers, share) in [(4, count / 200), (16, count / 100), (64, count / 20), (256, count / 5), (1_024, count)] {
        runtime.block_on(append(stores.traces(), writers, share));
    }
    for (writers, share) in [(4, count / 200), (64, count / 50), (256, count / 10)] {
        runtime.block_on(put(stores.records(), writers, share));
    }
    read(&*stores.traces());
    stores.close().unwrap();
    drop(stores);
    timed("open again, reading everything", 1, || drop(open()));
    drop(std::fs::remove_dir_all(&directory));
}

async fn append(traces: Arc<dyn TraceLog>, writers: u64, count: u64) {
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..writers {
        let traces = Arc::clone(&traces);
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for _ in 0..count / writers {
                let sent = Instant::now();
                traces.append(vec![b'x'; VALUE_BYTES]).await.unwrap();
                times.push(sent.elapsed());
            }
            times
        }));
    }
    report(&format!("append, {writers} under way"), began, tasks).await;
}

async fn put(records: Arc<dyn Records>, writers: u64, count: u64) {
    let began = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..writers {
        let records = Arc::clone(&records);
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for number in 0..count / writers {
                let sent = Instant::now();
                let key = format!("{writer}-{number}-{count}");
                records.apply(Batch::new().put("speed", key.as_bytes(), &[b'x'; 256])).await.unwrap();
                times.push(sent.elapsed());
            }
            times
        }));
    }
    report(&format!("put, {writers} under way"), began, tasks).await;
}

async fn report(what: &str, began: Instant, tasks: Vec<tokio::task::JoinHandle<Vec<Duration>>>) {
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let took = began.elapsed();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 1_000];
    let rate = times.len() as f64 / took.as_secs_f64();
    println!("{what}: {rate:.0}/s, p50 {:.2?}, p99 {:.2?}, p99.9 {:.2?}", at(500), at(990), at(999));
}

fn read(traces: &dyn TraceLog) {
    let last = traces.last().unwrap();
    let id = |n: u64| TraceId { seq: n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % last.seq + 1, ..last };
    timed("get", 20_000, || (0..20_000).for_each(|n| drop(traces.get(&id(n)).unwrap().unwrap())));
    timed("scan", last.seq, || assert_eq!(u64::try_from(traces.scan(None).unwrap().count()).unwrap(), last.seq));
    timed("verify", last.seq, || assert!(traces.verify(&Trust::default()).unwrap().is_clean()));
}

fn timed(what: &str, count: u64, work: impl FnOnce()) {
    let began = Instant::now();
    work();
    let took = began.elapsed();
    println!(
        "{what}: {took:.2?}, {:.2?} each, {:.0}/s",
        took / u32::try_from(count).unwrap(),
        count as f64 / took.as_secs_f64()
    );
}
