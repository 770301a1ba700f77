//! Files as commands read and write them: whole or not at all, and under limits.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use dictamen_value::Message;

use crate::stop::Stop;

/// The longest file of facts that is read at once.
const INPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Writes a file in one piece: beside it first, then renamed, so that a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let mut file = Growing::create(path)?;
    file.write(bytes)?;
    file.finish()
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
pub(crate) fn open(path: &str) -> Result<Box<dyn Read + Send>, Stop> {
    Ok(open_sized(path)?.0)
}

/// The same, and how many bytes it has, where that is known before reading.
pub(crate) fn open_sized(path: &str) -> Result<(Box<dyn Read + Send>, Option<u64>), Stop> {
    if path == "-" {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(path).and_then(|file| {
        let known = file.metadata()?;
        match known.is_dir() {
            true => Err(io::ErrorKind::IsADirectory.into()),
            false => Ok((file, known.is_file().then_some(known.len()))),
        }
    });
    let (file, size) = file.map_err(|error| Stop::file(Path::new(path), "leer", "read", &error))?;
    Ok((Box::new(file), size))
}

/// A file that is written bit by bit: beside it first, then renamed, so that what stops half-way leaves the old one.
pub(crate) struct Growing {
    path: PathBuf,
    /// Where it grows, if not in its own place.
    beside: Option<PathBuf>,
    target: PathBuf,
    file: BufWriter<File>,
}

impl Growing {
    /// Starts a file; what is no plain file, such as a pipe, is written in its own place.
    pub(crate) fn create(path: &Path) -> Result<Growing, Stop> {
        let created = Growing::start(path);
        created.map_err(|error| Stop::file(path, "escribir", "write", &error))
    }

    /// Adds bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| Stop::file(&self.path, "escribir", "write", &error))
    }

    /// Puts it in its place, durable.
    pub(crate) fn finish(mut self) -> Result<(), Stop> {
        let done = self.settle();
        done.map_err(|error| Stop::file(&self.path, "escribir", "write", &error))
    }

    fn start(path: &Path) -> io::Result<Growing> {
        // A link stays a link: what it points to is replaced.
        let target = if path.exists() { path.canonicalize()? } else { path.to_owned() };
        let is_special = fs::metadata(&target).is_ok_and(|known| !known.is_file() && !known.is_dir());
        let beside = (!is_special).then(|| beside(&target));
        let file = BufWriter::new(match &beside {
            Some(beside) => File::create(beside)?,
            None => File::options().write(true).open(&target)?,
        });
        Ok(Growing { path: path.to_owned(), beside, target, file })
    }

    fn settle(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let Some(beside) = &self.beside else { return Ok(()) };
        let file = self.file.get_ref();
        if let Ok(known) = fs::metadata(&self.target) {
            file.set_permissions(known.permissions())?;
        }
        file.sync_all()?;
        fs::rename(beside, &self.target)?;
        self.beside = None;
        Ok(())
    }
}

/// For writers of formats, which pass the system's reason on.
impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Growing {
    /// What is half-written is of no use; that it may not be removed either changes nothing.
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            drop(fs::remove_file(beside));
        }
    }
}

/// A hidden name in the same folder, so that renaming never crosses file systems.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
