//! What the service counts and measures, for Prometheus; label values are bounded so that no input can grow the registry.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use foldhash::HashMap;
use prometheus::core::{GenericCounter, Metric, MetricVec, MetricVecBuilder};
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
    exponential_buckets,
};

use crate::store::StoreObserver;

/// How many values a label may have; further ones are counted together as [`OTHERS`].
pub const MAX_LABEL_VALUES: usize = 500;

/// What the values of a label past the limit are counted as.
pub const OTHERS: &str = "otros";

/// The longest value of a label, in bytes; longer ones are counted as [`OTHERS`].
const MAX_VALUE_BYTES: usize = 128;

/// The metrics of a process.
pub struct Metrics {
    registry: Registry,
    decisions: ByDecision,
    latency: ByValue<Histogram>,
    errors: ByValue<IntCounter>,
    rows: ByValue<IntCounter>,
    commit_entries: HistogramVec,
    commit_bytes: IntCounterVec,
    synchronisation: HistogramVec,
    store_failures: IntCounterVec,
}

impl Metrics {
    /// Metrics in a registry of their own.
    ///
    /// # Errors
    /// None in practice: only two metrics of one name could fail.
    pub fn new() -> Result<Metrics, prometheus::Error> {
        let registry = Registry::new();
        let seconds = exponential_buckets(0.000_01, 2.0, 22)?;
        let entries = exponential_buckets(1.0, 2.0, 14)?;
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let made = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(made.clone())).map(|()| made)
        };
        let histogram = |name: &str, help: &str, labels: &[&str], buckets: &[f64]| {
            let made = HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels)?;
            registry.register(Box::new(made.clone())).map(|()| made)
        };
        Ok(Metrics {
            decisions: ByDecision::of(counter(
                "decisions_total",
                "Decisions by result",
                &["ruleset", "decision", "result"],
            )?),
            latency: ByValue::of(histogram(
                "request_seconds",
                "Time from a request to its answer",
                &["operation"],
                &seconds,
            )?),
            errors: ByValue::of(counter("errors_total", "Errors by code", &["code"])?),
            rows: ByValue::of(counter("matched_rows_total", "Table rows that matched", &["table"])?),
            commit_entries: histogram("store_commit_entries", "Entries made durable together", &["store"], &entries)?,
            commit_bytes: counter("store_commit_bytes_total", "Bytes made durable", &["store"])?,
            synchronisation: histogram("store_fsync_seconds", "Time to make a group durable", &["store"], &seconds)?,
            store_failures: counter("store_failures_total", "Failures that ended writing", &["store"])?,
            registry,
        })
    }

    /// Counts a decision: its ruleset, its name, and what came of it (`ok`, `rejected`, `error`).
    pub fn decision(&self, ruleset: &str, decision: &str, result: &'static str) {
        self.decisions.count(ruleset, decision, result);
    }

    /// Notes how long an operation (such as `evaluate`, or a route's template) took.
    pub fn latency(&self, operation: &str, took: Duration) {
        self.latency.with(operation, |latency| latency.observe(took.as_secs_f64()));
    }

    /// Counts an error by its stable code, such as a problem's kind.
    pub fn error(&self, code: &str) {
        self.errors.with(code, GenericCounter::inc);
    }

    /// Counts the rows of a table that matched.
    pub fn matched_rows(&self, table: &str, rows: u64) {
        self.rows.with(table, |counter| counter.inc_by(rows));
    }

    /// All metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut out = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut out) {
            tracing::error!(cause = %error, "metrics can't be written");
        }
        String::from_utf8(out).unwrap_or_default()
    }

    /// The registry, for metrics of the process that are not of the platform.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }
}

/// Metrics that differ in the value of one label: each is found by hashing that value, and looked up in the registry's
/// way only once.
struct ByValue<M> {
    known: RwLock<HashMap<String, M>>,
    others: OnceLock<M>,
    make: Box<dyn Fn(&str) -> M + Send + Sync>,
}

impl<M: Clone + 'static> ByValue<M> {
    fn of<B: MetricVecBuilder<M = M> + 'static>(all: MetricVec<B>) -> ByValue<M>
    where
        M: Metric,
    {
        let make = Box::new(move |value: &str| all.with_label_values(&[value]));
        ByValue { known: RwLock::default(), others: OnceLock::new(), make }
    }

    /// Does something with the metric of a value, or with that of [`OTHERS`] if there are too many.
    fn with(&self, value: &str, act: impl FnOnce(&M)) {
        if let Some(metric) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(value) {
            return act(metric);
        }
        act(&self.anew(value));
    }

    #[cold]
    fn anew(&self, value: &str) -> M {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if value.len() > MAX_VALUE_BYTES || known.len() >= MAX_LABEL_VALUES && !known.contains_key(value) {
            return self.others.get_or_init(|| (self.make)(OTHERS)).clone();
        }
        known.entry(value.to_owned()).or_insert_with(|| (self.make)(value)).clone()
    }
}

/// Counters of decisions by ruleset, then by decision and result.
struct ByDecision {
    known: RwLock<HashMap<String, HashMap<String, Results>>>,
    all: IntCounterVec,
    seen: Mutex<[BTreeSet<String>; 2]>,
}

/// The counters of one decision, each with the result that it counts.
type Results = Vec<(&'static str, IntCounter)>;

impl ByDecision {
    fn of(all: IntCounterVec) -> ByDecision {
        ByDecision { known: RwLock::default(), all, seen: Mutex::default() }
    }

    fn count(&self, ruleset: &str, decision: &str, result: &'static str) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let results = known.get(ruleset).and_then(|of_ruleset| of_ruleset.get(decision));
        if let Some((_, counter)) = results.into_iter().flatten().find(|(of, _)| *of == result) {
            return counter.inc();
        }
        drop(known);
        self.anew(ruleset, decision, result).inc();
    }

    #[cold]
    fn anew(&self, ruleset: &str, decision: &str, result: &'static str) -> IntCounter {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let [rulesets, decisions] = &mut *seen;
        let (of, name) = (bounded(rulesets, ruleset), bounded(decisions, decision));
        let counter = self.all.with_label_values(&[of, name, result]);
        // Only under names that are bounded: whatever else comes is looked up each time.
        if (of, name) == (ruleset, decision) {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            let results = known.entry(ruleset.to_owned()).or_default().entry(decision.to_owned()).or_default();
            results.push((result, counter.clone()));
        }
        counter
    }
}

/// A value of a label, or [`OTHERS`] if the label has too many already.
fn bounded<'a>(seen: &mut BTreeSet<String>, value: &'a str) -> &'a str {
    if value.len() > MAX_VALUE_BYTES || seen.len() >= MAX_LABEL_VALUES && !seen.contains(value) {
        return OTHERS;
    }
    if !seen.contains(value) {
        seen.insert(value.to_owned());
    }
    value
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl StoreObserver for Metrics {
    fn committed(&self, store: &'static str, entries: usize, bytes: u64, synchronised_in: Duration) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        self.commit_entries.with_label_values(&[store]).observe(f64::from(entries));
        self.commit_bytes.with_label_values(&[store]).inc_by(bytes);
        self.synchronisation.with_label_values(&[store]).observe(synchronised_in.as_secs_f64());
    }

    fn failed(&self, store: &'static str) {
        self.store_failures.with_label_values(&[store]).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_rendered() {
        let metrics = Metrics::new().unwrap();
        metrics.decision("rut.iva", "responsable", "ok");
        metrics.decision("rut.iva", "responsable", "ok");
        metrics.error("input-rejected");
        metrics.matched_rows("tarifas", 3);
        metrics.latency("evaluate", Duration::from_micros(50));
        metrics.committed("traces", 64, 1_000, Duration::from_millis(2));
        metrics.failed("traces");
        let text = metrics.render();
        for line in [
            "decisions_total{decision=\"responsable\",result=\"ok\",ruleset=\"rut.iva\"} 2",
            "errors_total{code=\"input-rejected\"} 1",
            "matched_rows_total{table=\"tarifas\"} 3",
            "request_seconds_count{operation=\"evaluate\"} 1",
            "store_commit_entries_sum{store=\"traces\"} 64",
            "store_commit_bytes_total{store=\"traces\"} 1000",
            "store_fsync_seconds_count{store=\"traces\"} 1",
            "store_failures_total{store=\"traces\"} 1",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn a_label_never_has_more_values_than_allowed() {
        let metrics = Metrics::new().unwrap();
        for number in 0..2 * MAX_LABEL_VALUES {
            metrics.error(&format!("e{number}"));
        }
        metrics.error(&"x".repeat(1_000));
        let count = |start: &str| metrics.render().lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(count("errors_total{"), MAX_LABEL_VALUES + 1);
        for number in 0..2 * MAX_LABEL_VALUES {
            metrics.decision("r", &format!("d{number}"), "ok");
            metrics.decision("r", &format!("d{number}"), "ok");
        }
        assert_eq!(count("decisions_total{"), MAX_LABEL_VALUES + 1);
        let others = format!("decision=\"{OTHERS}\",result=\"ok\",ruleset=\"r\"}} {}", 2 * MAX_LABEL_VALUES);
        assert!(metrics.render().contains(&others), "{}", metrics.render());
    }
}
