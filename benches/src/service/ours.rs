//! Our service as `dictamen serve` makes it, with its traces in a folder, or with a log of traces that keeps nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dictamen_decisions::http::{HttpSettings, Service, on_lanes};
use dictamen_decisions::{Catalogue, Decisions, Ports, Settings};
use dictamen_platform::connections::{self, ConnectionLimits};
use dictamen_platform::identity::DevelopmentSignIn;
use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::store::{
    Damage, Head, Pending, PurgeRecord, StoreError, Trace, TraceId, TraceLog, TraceReader, TraceScan, Trust,
    VerifyReport, WriterId,
};
use dictamen_platform::{Clock, Metrics, SystemClock};
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::graph::spelling;

/// What becomes of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Traces {
    /// They are durable before an answer leaves.
    Durable,
    /// They get a name and are forgotten: only here, since no decision of the product goes without its trace.
    Forgotten,
}

/// Answers for as long as the process lives, with all settings that the product has where nothing is said.
pub(super) async fn answer(listener: TcpListener, traces: Traces, data: &Path) {
    let clock = Arc::new(SystemClock::new());
    let metrics = Arc::new(Metrics::new().expect("metrics"));
    let options = Options { observer: metrics.clone(), ..Options::default() };
    let store = Embedded::open(data, &options, clock.clone()).expect("a store");
    let log: Arc<dyn TraceLog> = match traces {
        Traces::Durable => store.traces(),
        Traces::Forgotten => Arc::new(Forgetful(AtomicU64::new(0))),
    };
    let ports =
        Ports { traces: log, objects: store.objects(), records: store.records(), clock: clock as Arc<dyn Clock> };
    let catalogue = Catalogue::from_texts(&[("grafo.regla", &spelling::regla())]);
    let settings = Settings { zone: "-05:00".parse().expect("an offset"), ..Settings::default() };
    let decisions = Arc::new(Decisions::new(Arc::new(catalogue), ports, settings).expect("decisions"));
    let identity = Arc::new(DevelopmentSignIn::with_roles(["decisiones", "trazas", "auditoria", "riesgos"]));
    let http = HttpSettings::default();
    let limits = ConnectionLimits {
        connections_max: 4_096,
        head_time: http.request_time,
        head_bytes_max: http.header_bytes_max * 2,
        drain_time: http.request_time,
        lanes: connections::lanes_of_this_machine(),
    };
    let front = on_lanes(Service::new(decisions, identity, metrics, http), Handle::current());
    connections::serve(listener, front, limits, std::future::pending()).await.expect("threads that answer");
}

/// A log that names traces and keeps none.
struct Forgetful(AtomicU64);

const WRITER: WriterId = WriterId([0; 4]);

impl TraceReader for Forgetful {
    fn writers(&self) -> Result<Vec<WriterId>, StoreError> {
        Ok(Vec::new())
    }

    fn get(&self, _: &TraceId) -> Result<Option<Trace>, StoreError> {
        Ok(None)
    }

    fn scan(&self, _: Option<&TraceId>) -> Result<TraceScan, StoreError> {
        Ok(Box::new(std::iter::empty()))
    }

    fn heads(&self) -> Result<Vec<Head>, StoreError> {
        Ok(Vec::new())
    }

    fn public_keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn verify(&self, _: &Trust) -> Result<VerifyReport, StoreError> {
        Err(StoreError::Closed)
    }
}

impl TraceLog for Forgetful {
    fn append(&self, _: Vec<u8>) -> Pending<Result<TraceId, StoreError>> {
        let seq = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Box::pin(std::future::ready(Ok(TraceId { writer: WRITER, seq })))
    }

    fn append_batch(&self, payloads: Vec<Vec<u8>>) -> Pending<Result<Option<TraceId>, StoreError>> {
        let count = payloads.len() as u64;
        let seq = self.0.fetch_add(count, Ordering::Relaxed) + 1;
        Box::pin(std::future::ready(Ok((count > 0).then_some(TraceId { writer: WRITER, seq }))))
    }

    fn last(&self) -> Option<TraceId> {
        None
    }

    fn purge(&self, _: &TraceId, _: &str, _: &str) -> Result<Option<PurgeRecord>, StoreError> {
        Ok(None)
    }

    fn seal(&self) -> Result<Option<Head>, StoreError> {
        Ok(None)
    }

    fn damage(&self) -> Vec<Damage> {
        Vec::new()
    }

    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
