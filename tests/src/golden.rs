//! Golden files: what the project said once and must go on saying, one file a language beside what it was said to.

use std::fs;
use std::path::{Path, PathBuf};

/// The languages, by the tags that end the names of golden files.
pub const LANGUAGES: [&str; 2] = ["es", "en"];

/// The inputs of a folder of `tests/golden` with one extension, sorted by name.
pub fn inputs(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|it| it == extension));
    found.sort();
    assert!(!found.is_empty(), "{} has no *.{extension}", folder.display());
    found
}

/// Collects what differs, so that one run shows it all.
#[derive(Debug, Default)]
pub struct Goldens {
    different: Vec<String>,
    seen: Vec<PathBuf>,
}

impl Goldens {
    /// Holds what was said in a language about an input against its golden file; `DICTAMEN_BLESS=1` writes the file instead.
    pub fn hold(&mut self, input: &Path, language: &str, said: &str) {
        let path = input.with_extension(format!("{language}.txt"));
        self.seen.push(path.clone());
        if std::env::var_os("DICTAMEN_BLESS").is_some() {
            fs::write(&path, said).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            return;
        }
        match fs::read_to_string(&path) {
            Ok(golden) if golden == said => {}
            Ok(golden) => self.different.push(format!("=== {}\n{}", path.display(), difference(&golden, said))),
            Err(error) => self.different.push(format!("=== {}: {error}; it would be:\n{said}", path.display())),
        }
    }

    /// Says in words what a golden file cannot: that something which must hold of every input does not.
    pub fn complain(&mut self, input: &Path, complaint: &str) {
        self.different.push(format!("=== {}: {complaint}", input.display()));
    }

    /// Fails where anything differed, or where a folder has golden files that belong to no input.
    #[track_caller]
    pub fn finish(mut self, folder: &Path) {
        for path in inputs(folder, "txt").into_iter().filter(|path| !self.seen.contains(path)) {
            self.different.push(format!("=== {} belongs to no input: delete it", path.display()));
        }
        let count = self.different.len();
        assert!(count == 0, "{}\n{count} differ; DICTAMEN_BLESS=1 accepts what is said now", self.different.join("\n"));
    }
}

/// Both texts line by line: `-` what the golden file has, `+` what was said.
fn difference(golden: &str, said: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (golden.lines().collect(), said.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let removed = old[start..old.len() - end].iter().map(|line| format!("- {line}\n"));
    let added = new[start..new.len() - end].iter().map(|line| format!("+ {line}\n"));
    removed.chain(added).collect()
}
