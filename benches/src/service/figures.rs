//! What was measured over HTTP, for people and as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::contest::Arrangement;
use crate::report::{Machine, grouped};

/// All that one run measured.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// Who ran where.
    pub arrangement: Arrangement,
    /// Connections that each client kept.
    pub connections: usize,
    /// How long one round took.
    pub round: Duration,
    /// Rounds.
    pub rounds: usize,
    /// Those who answered, the bare handler first.
    pub contenders: Vec<Contender>,
}

/// One who answered.
#[derive(Clone, Debug, Serialize)]
pub struct Contender {
    /// Its name.
    pub name: &'static str,
    /// Answers a second in each round, ascending.
    pub rates: Vec<f64>,
    /// Processor time of the server for each answer in each round, in microseconds, ascending.
    pub processor_us: Vec<f64>,
    /// How long answers took at half of its own rate, in each round.
    pub at_half_load: Vec<Latency>,
}

/// How long answers took, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latency {
    /// Half of them took no longer.
    pub p50_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// 999 of 1 000.
    pub p999_ms: f64,
}

impl Contender {
    pub(super) fn new(name: &'static str) -> Contender {
        Contender { name, rates: Vec::new(), processor_us: Vec::new(), at_half_load: Vec::new() }
    }

    pub(super) fn add(&mut self, (rate, processor_us): (f64, f64)) {
        self.rates.push(rate);
        self.processor_us.push(processor_us);
    }

    pub(super) fn sort(&mut self) {
        self.rates.sort_by(f64::total_cmp);
        self.processor_us.sort_by(f64::total_cmp);
    }

    /// Answers a second in the round in the middle.
    pub fn per_second(&self) -> f64 {
        middle(&self.rates)
    }

    fn latency(&self, of: impl Fn(&Latency) -> f64) -> f64 {
        let mut all: Vec<f64> = self.at_half_load.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        middle(&all)
    }
}

impl Latency {
    pub(super) fn of(mut took: Vec<Duration>) -> Latency {
        took.sort_unstable();
        let at = |per_mille: usize| took[(took.len() - 1) * per_mille / 1_000].as_secs_f64() * 1e3;
        Latency { p50_ms: at(500), p99_ms: at(990), p999_ms: at(999) }
    }
}

impl Figures {
    /// A table for people; each is held against the bare handler.
    pub fn markdown(&self) -> String {
        let Figures { connections, round, rounds, .. } = self;
        let title = match self.arrangement {
            Arrangement::Together => "The service beside a bare handler, all processors shared with the client",
            Arrangement::Apart => "The same, servers on one processor and the client on another",
        };
        let mut text = format!(
            "\n### {title}\n\n{connections} connections that are kept, one request at a time on each; {rounds} rounds of {} s in turn, \
             medians. Latency at half of its own rate, from when each request was due.\n\n\
             | | answers a second | of bare | slowest … fastest round | processor time of the server | p50 | p99 | p99.9 |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
            round.as_secs_f64()
        );
        let bare = self.contenders.first().map_or(f64::NAN, Contender::per_second);
        for contender in &self.contenders {
            let latencies = [
                contender.latency(|of| of.p50_ms),
                contender.latency(|of| of.p99_ms),
                contender.latency(|of| of.p999_ms),
            ];
            _ = writeln!(
                text,
                "| {} | {} | {:.2} | {} … {} | {:.1} µs | {} |",
                contender.name,
                grouped(contender.per_second()),
                contender.per_second() / bare,
                grouped(contender.rates[0]),
                grouped(contender.rates[contender.rates.len() - 1]),
                middle(&contender.processor_us),
                latencies.map(|time| format!("{time:.2} ms")).join(" | ")
            );
        }
        text
    }
}

/// Writes `service.md` and `service.json` into a folder.
pub fn write(folder: &Path, machine: &Machine, figures: &[Figures]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let tables: String = figures.iter().map(Figures::markdown).collect();
    let text = format!("# The service\n\n{}.\n{tables}", machine.line());
    std::fs::write(folder.join("service.md"), text)?;
    let json = serde_json::json!({ "machine": machine, "service": figures });
    std::fs::write(folder.join("service.json"), serde_json::to_string_pretty(&json)? + "\n")
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_those_of_the_slowest() {
        let latency = Latency::of((1..=1_000).rev().map(Duration::from_millis).collect());
        assert_eq!((latency.p50_ms, latency.p99_ms, latency.p999_ms), (500.0, 990.0, 999.0));
    }
}
