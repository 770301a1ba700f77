//! The model against small programs: what is fsynced survives, what isn't may not, and a disk that lies is noticed.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What the process that is cut off does; it is this test program, started again.
#[test]
#[ignore = "is the process that the other tests cut off"]
fn program() {
    let directory = PathBuf::from(std::env::var_os("PROGRAM_DIR").unwrap());
    match std::env::var("PROGRAM").unwrap().as_str() {
        "synced" => synced(&directory),
        "unsynced" => fs::write(directory.join("loose"), "never synced".repeat(1_000)).unwrap(),
        "mixed" => mixed(&directory),
        other => panic!("{other}"),
    }
    std::process::abort();
}

fn synced(directory: &Path) {
    fs::create_dir(directory.join("sub")).unwrap();
    let path = directory.join("sub/file");
    fs::write(&path, "all of it").unwrap();
    File::open(&path).unwrap().sync_all().unwrap();
    File::open(directory.join("sub")).unwrap().sync_all().unwrap();
    File::open(directory).unwrap().sync_all().unwrap();
}

fn mixed(directory: &Path) {
    let path = directory.join("log");
    let mut file = File::create(&path).unwrap();
    file.write_all(&[b'a'; 5_000]).unwrap();
    file.write_at(b"HEAD", 0).unwrap();
    file.sync_data().unwrap();
    File::open(directory).unwrap().sync_all().unwrap();
    fs::rename(&path, directory.join("renamed")).unwrap();
    file.write_all(&[b'b'; 5_000]).unwrap();
    file.set_len(9_000).unwrap();
}

/// The shim, built the first time.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--package", "powercut-shim", "--manifest-path"]);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).arg("--target-dir").arg(&target);
        assert!(command.status().unwrap().success(), "the shim does not build");
        target.join("debug/libpowercut_shim.so")
    })
}

struct Place {
    directory: PathBuf,
    journal: PathBuf,
}

impl Place {
    fn new(name: &str) -> Place {
        let root = std::env::temp_dir().join(format!("powercut-{}-{name}", std::process::id()));
        fs::remove_dir_all(&root).ok();
        fs::create_dir_all(root.join("data")).unwrap();
        Place { directory: root.join("data"), journal: root.join("journal") }
    }

    fn run(&self, program: &str, ignore_sync: bool) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "program", "--nocapture"]);
        command.env("PROGRAM", program).env("PROGRAM_DIR", &self.directory);
        command.env("LD_PRELOAD", shim()).env("POWERCUT_DIR", &self.directory).env("POWERCUT_JOURNAL", &self.journal);
        if ignore_sync {
            command.env("POWERCUT_IGNORE_SYNC", "1");
        }
        assert!(!command.output().unwrap().status.success(), "the program ends by an abort");
    }

    fn cut(&self, seed: u64, survivors: u64) {
        let status = Command::new(env!("CARGO_BIN_EXE_rebuild"))
            .args(["--journal".as_ref(), self.journal.as_os_str(), "--dir".as_ref(), self.directory.as_os_str()])
            .args(["--seed", &seed.to_string(), "--survivors", &survivors.to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.directory.join(name)).ok()
    }
}

#[test]
fn what_is_synced_survives_any_cut() {
    for seed in 0..5 {
        let place = Place::new(&format!("synced-{seed}"));
        place.run("synced", false);
        place.cut(seed, seed * 20);
        assert_eq!(place.read("sub/file").as_deref(), Some(&b"all of it"[..]));
    }
}

#[test]
fn what_is_not_synced_is_gone_if_nothing_survives() {
    let place = Place::new("unsynced");
    place.run("unsynced", false);
    assert!(place.read("loose").is_some());
    place.cut(1, 0);
    assert_eq!(place.read("loose"), None);
}

#[test]
fn everything_survives_if_all_does() {
    let place = Place::new("all");
    place.run("mixed", false);
    let before = place.read("renamed").unwrap();
    place.cut(1, 100);
    assert_eq!(place.read("renamed").unwrap(), before);
    assert_eq!(before.len(), 9_000);
    assert_eq!(place.read("log"), None);
}

#[test]
fn chance_decides_over_the_rest_only() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let place = Place::new(&format!("mixed-{seed}"));
        place.run("mixed", false);
        place.cut(seed, 50);
        let found = [place.read("log"), place.read("renamed")];
        let bytes = found.iter().flatten().next();
        if let Some(bytes) = bytes {
            assert!(bytes.len() >= 5_000 && bytes.starts_with(b"HEADaaaa"), "seed {seed}");
            assert!(bytes[4..5_000].iter().all(|byte| *byte == b'a'), "seed {seed}");
        }
        outcomes.insert((
            found[0].is_some(),
            found[1].is_some(),
            bytes.map(Vec::len),
            bytes.map(|b| b.contains(&b'b')),
        ));
    }
    assert!(outcomes.len() > 6, "only {outcomes:?}");
}

#[test]
fn a_disk_that_lies_loses_what_was_synced() {
    let place = Place::new("lies");
    place.run("synced", true);
    place.cut(1, 0);
    assert_eq!(place.read("sub/file"), None);
}
