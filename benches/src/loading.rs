//! Loading large tables, each time in a process of its own: processor time, time on the wall, peak memory.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::engines::ours::{self, Engine};
use crate::engines::peers;
use crate::report::grouped;
use crate::tables::hand::{Index, Scan};
use crate::tables::table::Table;
use crate::tables::{shapes, spelling};

/// One load, as the process that did it tells.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Load {
    /// Processor time of all threads, in milliseconds.
    pub processor_ms: f64,
    /// Time on the wall, in milliseconds.
    pub wall_ms: f64,
    /// The most memory that the process had, in MiB.
    pub peak_mib: f64,
}

/// Loads of one thing by one contestant.
#[derive(Clone, Debug, Serialize)]
pub struct LoadFigure {
    /// What was loaded.
    pub what: String,
    /// By whom.
    pub who: &'static str,
    /// Each time.
    pub loads: Vec<Load>,
}

/// What is loaded: its name, the table, its rows in a full and in a quick run.
type Work = (&'static str, fn(usize) -> Table, usize, usize, &'static [&'static str]);

const WORKS: &[Work] = &[
    ("research table", shapes::research, 10_000, 1_000, &["ours", "ours, compiled plan", "zen", "dsntk", "hand"]),
    ("unique keys", shapes::unique_keys, 50_000, 1_000, &["ours", "ours, compiled plan", "zen", "hand"]),
    ("research table", shapes::research, 100_000, 2_000, &["ours", "ours, compiled plan", "hand"]),
];

/// Loads everything so many times, in processes of the program at `program`.
pub fn contests(program: &Path, times: usize, quick: bool) -> Vec<LoadFigure> {
    let folder = std::env::temp_dir().join(format!("dictamen-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for models");
    let mut figures = Vec::new();
    for (name, shape, rows, few, who) in WORKS {
        let table = shape(if quick { *few } else { *rows });
        let is_there = |who: &&&str| cfg!(feature = "peers") || !["zen", "dsntk"].contains(*who);
        for who in who.iter().filter(is_there) {
            let model = write(&table, who, &folder);
            let loads = (0..times).map(|_| in_process(program, who, &model, &table)).collect();
            figures.push(LoadFigure { what: format!("{name}, {} rows", grouped(table.rows.len() as f64)), who, loads });
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes away");
    figures
}

/// Writes a model as one contestant reads it; by hand there is nothing to read.
fn write(table: &Table, who: &str, folder: &Path) -> PathBuf {
    let bytes = match who {
        "ours" => spelling::regla(table).into_bytes(),
        "ours, compiled plan" => {
            Engine::compile(&spelling::regla(table), spelling::RULESET, spelling::DECISION).plan_bytes()
        }
        "zen" => spelling::jdm(table).expect("zen has such tables").to_string().into_bytes(),
        "dsntk" => spelling::dmn(table).into_bytes(),
        _ => Vec::new(),
    };
    let path = folder.join("model");
    std::fs::write(&path, bytes).expect("the model is written");
    path
}

fn in_process(program: &Path, who: &str, model: &Path, table: &Table) -> Load {
    let rows = table.rows.len().to_string();
    let name = if table.name.starts_with("unique") { "unique" } else { "research" };
    let output = Command::new(program).args(["load-once", who]).arg(model).args([name, &rows]).output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{who}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a load in JSON")
}

/// In the process: loads once and says so on standard output.
pub fn load_once(words: &[String]) {
    let [who, model, name, rows] = words else { panic!("load-once WHO MODEL NAME ROWS, not {words:?}") };
    let load = match who.as_str() {
        "hand" => {
            let rows = rows.parse().expect("a number of rows");
            let table = if name == "unique" { shapes::unique_keys(rows) } else { shapes::research(rows) };
            observed(|| (Scan::new(&table), Index::by_key(&table)))
        }
        "ours" => {
            let text = std::fs::read_to_string(model).expect("a text");
            observed(|| Engine::compile(&text, spelling::RULESET, spelling::DECISION))
        }
        "ours, compiled plan" => {
            let bytes = std::fs::read(model).expect("a plan");
            observed(|| ours::load_plan(&bytes))
        }
        peer => {
            let text = std::fs::read_to_string(model).expect("a text");
            observed(|| peers::load(peer, &text).unwrap_or_else(|| panic!("nobody is called {peer}")))
        }
    };
    println!("{}", serde_json::to_string(&load).expect("numbers are JSON"));
}

fn observed<T>(work: impl FnOnce() -> T) -> Load {
    let (processor, wall) = (process_time(), Instant::now());
    let made = work();
    let (processor, wall) = (process_time() - processor, wall.elapsed());
    // What was loaded is in memory until here; the process ends without taking it apart.
    std::mem::forget(made);
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    Load { processor_ms: ms(processor), wall_ms: ms(wall), peak_mib: peak_mib() }
}

fn process_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The most memory that this process has had, in MiB; 0 where the system does not say.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    peak.unwrap_or_default() / 1024.0
}

/// For people.
pub fn markdown(figures: &[LoadFigure]) -> String {
    let mut text = String::from(
        "\n| what | who | processor, ms | fastest … slowest | on the wall, ms | peak memory, MiB |\n|---|---|---:|---:|---:|---:|\n",
    );
    for figure in figures {
        let sorted = |of: fn(&Load) -> f64| {
            let mut all: Vec<f64> = figure.loads.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let median = |of: fn(&Load) -> f64| sorted(of)[figure.loads.len() / 2];
        let processor = sorted(|load| load.processor_ms);
        _ = writeln!(
            text,
            "| {} | {} | {:.1} | {:.1} … {:.1} | {:.1} | {:.0} |",
            figure.what,
            figure.who,
            median(|load| load.processor_ms),
            processor[0],
            processor[processor.len() - 1],
            median(|load| load.wall_ms),
            median(|load| load.peak_mib)
        );
    }
    text
}
