//! The real `dictamen` binary: where it is, and how to call it as a stranger's shell would.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::project;

/// The binary: what `DICTAMEN_BINARY` names (as scripts/test.sh sets it), or else the debug one, built first.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| std::env::var_os("DICTAMEN_BINARY").map_or_else(built, PathBuf::from))
}

/// What one call of the binary did.
#[derive(Debug)]
pub struct Called {
    /// Its exit code; -1 where a signal ended it.
    pub code: i32,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Called {
    /// Everything at once, as golden files keep it.
    pub fn text(&self) -> String {
        let err = if self.err.is_empty() { String::new() } else { format!("--- stderr\n{}", self.err) };
        format!("exit {}\n{}{err}", self.code, self.out)
    }

    /// The same, if it exited with this code; otherwise the test fails and shows all it wrote.
    #[track_caller]
    pub fn expect(self, code: i32) -> Called {
        assert_eq!(self.code, code, "expected exit {code}\n{}", self.text());
        self
    }

    /// Its standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("not JSON: {error}\n{}", self.text()))
    }
}

/// A command that will run the binary in a folder, with nothing of ours in its environment.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(folder).env("LC_ALL", "C").env("LANG", "C");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DICTAMEN_")) {
        command.env_remove(name);
    }
    command
}

/// Calls the binary in a folder and waits for it.
pub fn call<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Called {
    call_with(folder, arguments, &[], b"")
}

/// Calls the binary with variables and standard input.
pub fn call_with<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
    variables: &[(&str, &str)],
    input: &[u8],
) -> Called {
    let mut command = command(folder);
    command.args(arguments).envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_vec();
    // A thread of its own: the binary may answer before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the input is written");
    Called {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

/// Builds the debug binary (a matter of milliseconds where it is fresh) and says where cargo put it.
fn built() -> PathBuf {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--package", "dictamen", "--message-format", "json"]).current_dir(project::root());
    let output = command.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "the binary does not build");
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut executables = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables.next_back().expect("cargo names the binary it built")
}
