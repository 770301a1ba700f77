//! Starts a process, lets it write for a random while, kills it, and if power is to be cut rebuilds its directory.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::writer::{DIRECTORY, ROUND, STORE};

/// How many refusals may be printed before an acknowledgement that was given before them.
const UNDER_WAY: u64 = 40;

/// How a process ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// kill -9: what it wrote stays in the page cache.
    Kill,
    /// Power: only what was fsynced stays, and of the rest each piece or not, by chance.
    Power(Disk),
}

/// What the disk does with an fsync.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Disk {
    /// It keeps its word.
    Honest,
    /// It answers and does nothing.
    IgnoresSync,
    /// It fails after so many.
    FailsAfter(u32),
}

/// A data directory, with all that was ever acknowledged of it.
pub(crate) struct Place {
    pub(crate) store: &'static str,
    pub(crate) acknowledged: BTreeMap<String, String>,
    root: tempfile::TempDir,
    seed: u64,
}

/// What happened in one round.
pub(crate) struct Round {
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    /// How many acknowledgements came after so many refusals that they can't have been under way before the first.
    pub(crate) late: u64,
    pub(crate) undurable_bytes: u64,
}

impl Place {
    pub(crate) fn new(store: &'static str) -> Place {
        let seed = std::env::var("DICTAMEN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_121);
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("data")).unwrap();
        Place { store, acknowledged: BTreeMap::new(), root, seed }
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// Starts the process, kills it after a while, and cuts the power if asked to.
    pub(crate) fn round(&mut self, cut: Cut, number: u64) -> Round {
        let mut command = self.command(number);
        let journal = self.root.path().join("journal");
        if let Cut::Power(disk) = cut {
            preload(&mut command, disk, &self.directory(), &journal);
        }
        let seed = self.seed.wrapping_add(number);
        let written = Duration::from_millis(100 + seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 400);
        let refusals = if matches!(cut, Cut::Power(Disk::FailsAfter(_))) { 200 } else { 0 };
        let lines = run_for(command.spawn().unwrap(), written, refusals);
        let mut round = self.take(&lines);
        if let Cut::Power(disk) = cut {
            let survivors = if matches!(disk, Disk::IgnoresSync) { 0 } else { 50 };
            round.undurable_bytes = rebuild(&journal, &self.directory(), seed, survivors);
        }
        round
    }

    fn command(&self, number: u64) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "process", "--nocapture"]);
        command.env(STORE, self.store).env(DIRECTORY, self.directory()).env(ROUND, number.to_string());
        command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    /// Takes the lines that the process printed; a last one without an end was not said.
    fn take(&mut self, lines: &[String]) -> Round {
        let mut round = Round { acknowledged: 0, refused: 0, late: 0, undurable_bytes: 0 };
        for line in lines {
            match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["ack", name, digest] => {
                    round.acknowledged += 1;
                    round.late += u64::from(round.refused > UNDER_WAY);
                    self.acknowledged.insert((*name).to_owned(), (*digest).to_owned());
                }
                ["refused", ..] => round.refused += 1,
                _ => {}
            }
        }
        round
    }
}

/// How many rounds to run: the variable, or the long or short form.
pub(crate) fn rounds(variable: &str, short: u64, long: u64) -> u64 {
    let soak = std::env::var_os("DICTAMEN_SOAK").is_some();
    let asked = std::env::var(variable).ok().map(|text| text.parse().expect("a number of rounds"));
    asked.unwrap_or(if soak { long } else { short })
}

/// Reads what a process prints until it was killed: a while after it said that it is open or, if refusals are waited
/// for, once there are enough.
fn run_for(mut child: Child, written: Duration, refusals: usize) -> Vec<String> {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    wait_until_open(&mut out);
    let refused = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&refused);
    let reading = std::thread::spawn(move || read_lines(out, &counted));
    let began = Instant::now();
    while began.elapsed() < written || refused.load(Ordering::Relaxed) < refusals {
        std::thread::sleep(Duration::from_millis(1));
        assert!(child.try_wait().unwrap().is_none(), "the process ended by itself");
        assert!(began.elapsed() < Duration::from_secs(120), "the process did not refuse anything");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reading.join().unwrap()
}

/// The whole lines of what a process prints, counting those that tell a refusal.
fn read_lines(mut out: impl BufRead, refused: &AtomicUsize) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let Some(whole) = line.strip_suffix('\n') else { return lines };
        if whole.starts_with("refused") {
            refused.fetch_add(1, Ordering::Relaxed);
        }
        lines.push(whole.to_owned());
    }
}

fn wait_until_open(out: &mut impl BufRead) {
    let mut line = String::new();
    while !line.trim_end().ends_with("open") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the process could not open its store");
    }
}

fn preload(command: &mut Command, disk: Disk, directory: &Path, journal: &Path) {
    command.env("LD_PRELOAD", tools().join("libpowercut_shim.so"));
    command.env("POWERCUT_DIR", directory).env("POWERCUT_JOURNAL", journal);
    match disk {
        Disk::Honest => {}
        Disk::IgnoresSync => drop(command.env("POWERCUT_IGNORE_SYNC", "1")),
        Disk::FailsAfter(count) => drop(command.env("POWERCUT_FAIL_SYNC_AFTER", count.to_string())),
    }
}

/// Cuts the power; returns how many bytes were in doubt.
fn rebuild(journal: &Path, directory: &Path, seed: u64, survivors: u64) -> u64 {
    let output = Command::new(tools().join("rebuild"))
        .args(["--journal".as_ref(), journal.as_os_str(), "--dir".as_ref(), directory.as_os_str()])
        .args(["--seed", &seed.to_string(), "--survivors", &survivors.to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let bytes = said.split_whitespace().find_map(|word| word.strip_prefix("undurable_bytes="));
    bytes.unwrap().parse().unwrap()
}

/// Where the shim and the rebuilding program are, built from `tests/powercut` the first time.
fn tools() -> &'static Path {
    static TOOLS: OnceLock<PathBuf> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("powercut");
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/powercut/Cargo.toml");
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--locked", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(&target)
            .status();
        assert!(status.unwrap().success(), "the power-cut tools could not be built");
        target.join("debug")
    })
}
