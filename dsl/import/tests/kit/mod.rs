//! The files of the conformance kit.

use std::path::{Path, PathBuf};

/// Where the kit is: `DICTAMEN_DMN_TCK`, or the copy in `tests/conformance`.
pub(crate) fn folder() -> PathBuf {
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/dmn-tck");
    let folder = std::env::var_os("DICTAMEN_DMN_TCK").map_or(copy, PathBuf::from);
    assert!(folder.is_dir(), "{} is no folder: set DICTAMEN_DMN_TCK to the conformance kit", folder.display());
    folder
}

/// The kit's files with that extension, in order, with their bytes.
pub(crate) fn files(extension: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths = Vec::new();
    below(&folder(), extension, &mut paths);
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}
