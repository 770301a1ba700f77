//! Files as commands read and write them: whole or not at all, and under limits.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use dictamen_value::Message;

use crate::stop::Stop;

/// The longest file of facts that is read at once.
const INPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Writes a file in one piece: beside it first, then renamed, so that a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    replace(path, bytes).map_err(|error| Stop::file(path, "escribir", "write", &error))
}

/// Reads a file of facts, or standard input where the path is `-`.
pub(crate) fn read_input(path: &str) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(INPUT_BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Stop::file(Path::new(path), "leer", "read", &error))?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Err(Stop::WrongUse(Message::new(
            format!("{path} pasa del límite de {INPUT_BYTES_MAX} bytes; para muchas filas use --data"),
            format!("{path} is longer than the limit of {INPUT_BYTES_MAX} bytes; for many rows use --data"),
        )));
    }
    Ok(bytes)
}

/// Opens a file to be read bit by bit, or standard input where the path is `-`.
pub(crate) fn open(path: &str) -> Result<Box<dyn Read>, Stop> {
    if path == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(io::ErrorKind::IsADirectory.into()),
        false => Ok(file),
    });
    Ok(Box::new(file.map_err(|error| Stop::file(Path::new(path), "leer", "read", &error))?))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let target = if path.exists() { path.canonicalize()? } else { path.to_owned() };
    let beside = beside(&target);
    let written = (|| {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        if let Ok(known) = fs::metadata(&target) {
            file.set_permissions(known.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&beside, &target)
    })();
    if written.is_err() {
        // What is half-written is of no use; that it may not be removed either changes nothing.
        drop(fs::remove_file(&beside));
    }
    written
}

/// A hidden name in the same folder, so that renaming never crosses file systems.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
