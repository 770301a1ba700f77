//! Compares what came out with a file of expected text, or writes it where `DICTAMEN_BLESS` is set.

#![allow(dead_code, clippy::arithmetic_side_effects, reason = "each test uses what it needs")]

use std::path::{Path, PathBuf};

/// The files of a folder beside this one with the given extension, in order; an empty folder is a mistake.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| ends(path, extension)).collect();
    files.sort();
    assert!(!files.is_empty(), "no .{extension} in {}", folder.display());
    files
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Checks a text against the file `path`; returns what differs.
pub(crate) fn check(path: &Path, actual: &str) -> Option<String> {
    if std::env::var_os("DICTAMEN_BLESS").is_some() {
        std::fs::write(path, actual).unwrap();
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    let line = expected.lines().zip(actual.lines()).position(|(expected, actual)| expected != actual);
    (expected != actual).then(|| {
        let line = line.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
        let of = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
        format!("{}:{}\n  expected {}\n  came     {}", path.display(), line + 1, of(&expected), of(actual))
    })
}

/// How many comments a text seems to have; those in strings count, too, and are never lost.
pub(crate) fn comments(text: &str) -> usize {
    text.matches("//").count() + text.matches("/*").count()
}

fn ends(path: &Path, extension: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split_once('.').is_some_and(|(_, rest)| rest == extension)
}
