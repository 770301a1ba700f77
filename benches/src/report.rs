//! Reports: what was measured, on which machine, as tables for people and as JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::loading::LoadFigure;
use crate::rounds::{Effort, Figure};

/// Contestants that did the same work.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// What the work was.
    pub title: String,
    /// Rows of the table, where it is one.
    pub rows: Option<usize>,
    /// Different cases.
    pub cases: usize,
    /// Outcomes compared before measuring; all were equal.
    pub checked: usize,
    /// What each contestant reached.
    pub figures: Vec<Figure>,
}

/// The machine and how it was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The processor's model.
    pub processor: String,
    /// Threads that run at once.
    pub cores: usize,
    /// The compiler.
    pub rustc: String,
    /// Rounds.
    pub rounds: usize,
    /// Processor time of one round, in milliseconds.
    pub round_milliseconds: u128,
}

impl Machine {
    /// This machine.
    pub fn here(effort: Effort) -> Machine {
        let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let rustc = std::process::Command::new("rustc").arg("--version").output().ok();
        let rustc = rustc.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
        Machine {
            processor: model.map(|(_, model)| model.trim().to_owned()).unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            rustc: rustc.trim().to_owned(),
            rounds: effort.rounds,
            round_milliseconds: effort.round.as_millis(),
        }
    }
}

/// All that one run measured.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// What.
    pub sections: Vec<Section>,
}

impl Machine {
    /// Processor, cores and compiler.
    pub fn line(&self) -> String {
        format!("{}, {} cores; {}", self.processor, self.cores, self.rustc)
    }
}

/// Writes loads as `loading.md` and `loading.json` into a folder.
pub fn write_loads(folder: &Path, machine: &Machine, loads: &[LoadFigure]) -> std::io::Result<()> {
    let rounds = loads.iter().map(|figure| figure.loads.len()).max().unwrap_or_default();
    let text = format!(
        "# Loading tables\n\n{}. From text in memory to ready to decide; medians of {rounds} processes each.\n{}",
        machine.line(),
        crate::loading::markdown(loads)
    );
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("loading.md"), text)?;
    let json = serde_json::json!({ "machine": machine, "loads": loads });
    std::fs::write(folder.join("loading.json"), serde_json::to_string_pretty(&json)? + "\n")
}

impl Section {
    /// Rows and title.
    pub fn heading(&self) -> String {
        match self.rows {
            Some(rows) => format!("{} rows: {}", grouped(rows as f64), self.title),
            None => self.title.clone(),
        }
    }

    /// The median of the first contestant whose name begins so.
    pub fn median(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name.starts_with(name)).map(Figure::median)
    }

    /// A table for people. Each is held against ours, the first contestant whose name begins with `ours`.
    pub fn markdown(&self) -> String {
        let mut text = format!("\n### {}\n\n", self.heading());
        if self.checked > 0 {
            _ = writeln!(
                text,
                "{} cases, {} outcomes compared.\n",
                grouped(self.cases as f64),
                grouped(self.checked as f64)
            );
        }
        text.push_str("| | per second | slowest … fastest round | one takes | ours is |\n|---|---:|---:|---:|---:|\n");
        let ours = self.median("ours");
        for figure in &self.figures {
            let (median, (low, high)) = (figure.median(), figure.extremes());
            let ratio = ours.map_or_else(String::new, |ours| format!("{} ×", ratio(ours / median)));
            _ = writeln!(
                text,
                "| {} | {} | {} … {} | {} | {ratio} |",
                figure.name,
                grouped(median),
                grouped(low),
                grouped(high),
                duration(1e9 / median)
            );
        }
        text
    }
}

impl Report {
    /// A summary of tables: ours beside indexes by hand and beside zen.
    pub fn summary(&self) -> String {
        let mut text = String::from(
            "\n| table | ours, /s | index of bits, /s | ours / bits | index by key, /s | ours / by key | zen, /s | ours / zen |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for section in self.sections.iter().filter(|section| section.rows.is_some()) {
            let Some(ours) = section.median("ours") else { continue };
            let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), grouped);
            let beside = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| ratio(ours / value));
            let others = ["hand: index of bits", "hand: index by key", "zen"].map(|name| section.median(name));
            let others = others.map(|other| format!("{} | {}", cell(other), beside(other)));
            _ = writeln!(text, "| {} | {} | {} |", section.heading(), grouped(ours), others.join(" | "));
        }
        text
    }

    /// Everything for people.
    pub fn markdown(&self, title: &str) -> String {
        let (machine, Machine { rounds, round_milliseconds, .. }) = (self.machine.line(), &self.machine);
        let mut text = format!(
            "# {title}\n\n{machine}. One thread, processor time; medians of {rounds} rounds of at least \
             {round_milliseconds} ms, contestants in turn within one run.\n"
        );
        if self.sections.iter().any(|section| section.rows.is_some()) {
            text.push_str(&self.summary());
        }
        self.sections.iter().for_each(|section| text.push_str(&section.markdown()));
        text
    }

    /// Writes `NAME.md` and `NAME.json` into a folder.
    pub fn write(&self, folder: &Path, name: &str, title: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(format!("{name}.md")), self.markdown(title))?;
        let json = serde_json::to_string_pretty(self).map_err(std::io::Error::other)?;
        std::fs::write(folder.join(format!("{name}.json")), json + "\n")
    }
}

/// A count with its thousands apart.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn ratio(ratio: f64) -> String {
    match ratio {
        ratio if ratio >= 100.0 => format!("{ratio:.0}"),
        ratio if ratio >= 10.0 => format!("{ratio:.1}"),
        ratio if ratio >= 0.1 => format!("{ratio:.2}"),
        ratio => format!("{ratio:.4}"),
    }
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        time if time >= 1e6 => format!("{:.2} ms", time / 1e6),
        time if time >= 1e3 => format!("{:.2} µs", time / 1e3),
        time => format!("{time:.1} ns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!([grouped(999.6), grouped(1_234_567.0), grouped(12.0)], ["1 000", "1 234 567", "12"]);
        assert_eq!([ratio(0.0012), ratio(0.254), ratio(12.34), ratio(1_234.5)], ["0.0012", "0.25", "12.3", "1234"]);
        assert_eq!([duration(12.34), duration(1_500.0), duration(2.5e6)], ["12.3 ns", "1.50 µs", "2.50 ms"]);
    }

    #[test]
    fn ours_is_held_against_indexes_by_hand() {
        let figure = |name: &str, rate| Figure { name: name.into(), per_second: vec![rate] };
        let figures =
            vec![figure("hand: index of bits", 8.0), figure("hand: index by key", 16.0), figure("ours: a", 4.0)];
        let section = Section { title: "t".into(), rows: Some(10), cases: 1, checked: 1, figures };
        let machine = Machine { processor: "p".into(), cores: 2, rustc: "r".into(), rounds: 1, round_milliseconds: 1 };
        let summary = Report { machine, sections: vec![section] }.summary();
        assert!(summary.contains("| 10 rows: t | 4 | 8 | 0.50 | 16 | 0.25 | – | – |"), "{summary}");
    }
}
