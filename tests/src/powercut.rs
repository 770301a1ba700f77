//! Power cuts around the real server: the shim notes what was made durable, and the data directory becomes what a cut leaves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::project;

/// Where the shim and the rebuilding program are; built from `tests/powercut` the first time.
fn tools() -> &'static Path {
    static TOOLS: OnceLock<PathBuf> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let test = std::env::current_exe().expect("a test knows where it is");
        let target = test.ancestors().nth(3).expect("target/debug/deps/test").join("powercut");
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--workspace", "--manifest-path", "tests/powercut/Cargo.toml"]);
        let built = command.current_dir(project::root()).env("CARGO_TARGET_DIR", &target).status();
        assert!(built.expect("cargo runs").success(), "tests/powercut does not build");
        target.join("debug")
    })
}

/// The variables that a server needs so that its data directory can be cut off; what it syncs counts, or nothing does.
pub fn variables(data: &Path, journal: &Path, ignore_sync: bool) -> Vec<(&'static str, String)> {
    let text = |path: &Path| path.to_str().expect("a UTF-8 path").to_owned();
    let mut variables = vec![
        ("LD_PRELOAD", text(&tools().join("libpowercut_shim.so"))),
        ("POWERCUT_DIR", text(data)),
        ("POWERCUT_JOURNAL", text(journal)),
    ];
    if ignore_sync {
        variables.push(("POWERCUT_IGNORE_SYNC", "1".to_owned()));
    }
    variables
}

/// Makes the data directory of a killed server what a power cut at that moment could have left of it.
pub fn cut(data: &Path, journal: &Path, seed: u64, survivors_percent: u64) {
    let mut command = Command::new(tools().join("rebuild"));
    command.arg("--journal").arg(journal).arg("--dir").arg(data);
    command.args(["--seed", &seed.to_string(), "--survivors", &survivors_percent.to_string()]);
    let output = command.output().expect("the rebuilding program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
