//! Compares what came out with a file of expected text, or writes it where `DICTAMEN_BLESS` is set.

use std::path::{Path, PathBuf};

/// The files of a folder beside this one with the given extension, in order; an empty folder is a mistake.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let ends = |path: &PathBuf| path.extension().is_some_and(|found| found == extension);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(ends).collect();
    files.sort();
    assert!(!files.is_empty(), "no .{extension} in {}", folder.display());
    files
}

/// The file beside another with that end instead of its extension (whose name may hold dots).
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let stem = path.file_stem().unwrap().to_string_lossy();
    path.with_file_name(format!("{stem}.{end}"))
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
