//! Reads rule files from folders, sorted and under limits; what can't be read becomes a diagnostic with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dictamen_import::dmn::model::Definitions;
use dictamen_import::{Read, dmn};
use dictamen_syntax::{Diagnostic, Source, SourceId, Span};
use dictamen_value::Message;

/// The most that one catalogue reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadLimits {
    /// Files.
    pub files_max: usize,
    /// Bytes of one file.
    pub file_bytes_max: u64,
    /// Bytes of all files together.
    pub total_bytes_max: u64,
    /// Folders.
    pub folders_max: usize,
    /// Folders inside one another.
    pub depth_max: u32,
}

impl Default for LoadLimits {
    fn default() -> LoadLimits {
        LoadLimits {
            files_max: 10_000,
            file_bytes_max: 64 * 1024 * 1024,
            total_bytes_max: 1024 * 1024 * 1024,
            folders_max: 10_000,
            depth_max: 32,
        }
    }
}

/// How the names of rule files end.
const TEXT: &str = "regla";
/// How the names of DMN models end.
const MODEL: &str = "dmn";

/// What was read: sources, where each came from, and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// One source a file; its name is the path below the folder that was asked for, with `/` on every system.
    pub(crate) sources: Vec<Source>,
    /// Paths as the operating system knows them, one a source.
    pub(crate) paths: Vec<PathBuf>,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The sources that are DMN models.
    pub(crate) models: BTreeMap<SourceId, Read<Definitions>>,
    /// Sources that nobody asked for: models that stand beside one that was, which it may import.
    pub(crate) neighbours: BTreeSet<SourceId>,
    /// Whether models are read too, and not only texts.
    with_models: bool,
    read: BTreeSet<PathBuf>,
    bytes: u64,
    folders: usize,
}

impl Texts {
    /// Reads texts and DMN models.
    pub(crate) fn with_models() -> Texts {
        Texts { with_models: true, ..Texts::default() }
    }

    /// Reads the models beside one that was asked for.
    pub(crate) fn read_neighbours_of(&mut self, model: &Path, limits: &LoadLimits) {
        let parent = model.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(entries) = fs::read_dir(parent) else { return };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| is_visible(path) && is_model(path));
        paths.sort();
        for path in paths {
            let next = self.next();
            self.read_file(&path, &file_name(&path), limits);
            if self.next() != next {
                self.neighbours.insert(next);
            }
        }
    }

    /// Reads a file, or all rule files below a folder.
    pub(crate) fn read(&mut self, path: &Path, limits: &LoadLimits) {
        if path.is_dir() {
            self.read_folder(path, path, limits, 0);
        } else {
            self.read_file(path, &file_name(path), limits);
        }
    }

    /// Adds a text that is not in a file.
    pub(crate) fn add(&mut self, name: &str, path: PathBuf, text: &str) -> SourceId {
        let id = self.next();
        self.sources.push(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(text)));
        self.paths.push(path);
        id
    }

    /// The number of the source that comes next.
    fn next(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX))
    }

    fn read_folder(&mut self, top: &Path, folder: &Path, limits: &LoadLimits, depth: u32) {
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &name_below(top, folder), &error),
        };
        self.folders = self.folders.saturating_add(1);
        if depth > limits.depth_max || self.folders > limits.folders_max {
            return self.too_many_folders(folder, &name_below(top, folder), limits);
        }
        let mut paths: Vec<PathBuf> =
            entries.into_iter().map(|entry| entry.path()).filter(|path| is_visible(path)).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.read_folder(top, &path, limits, depth.saturating_add(1));
            } else if path.extension().is_some_and(|ending| ending == TEXT) || self.with_models && is_model(&path) {
                self.read_file(&path, &name_below(top, &path), limits);
            }
        }
    }

    /// Reads one file, unless it was read before under another path.
    fn read_file(&mut self, path: &Path, name: &str, limits: &LoadLimits) {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !self.read.insert(canonical) {
            return;
        }
        let length = match fs::metadata(path) {
            Ok(found) => found.len(),
            Err(error) => return self.unreadable(path, name, &error),
        };
        if let Some(message) = self.over_limit(length, limits) {
            return self.report(path, name, "archivo.limite", message);
        }
        self.bytes = self.bytes.saturating_add(length);
        match fs::read(path) {
            Ok(bytes) if self.with_models && is_model(path) => self.add_model(path, name, &bytes),
            Ok(bytes) => self.add_bytes(path, name, &bytes),
            Err(error) => self.unreadable(path, name, &error),
        }
    }

    fn add_model(&mut self, path: &Path, name: &str, bytes: &[u8]) {
        let id = self.next();
        let read = dmn::read(id, name, bytes, &dictamen_import::Limits::default());
        self.sources.push(read.source.clone());
        self.paths.push(path.to_owned());
        self.models.insert(id, read);
    }

    fn add_bytes(&mut self, path: &Path, name: &str, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.add(name, path.to_owned(), text);
            }
            Err(error) => {
                let id = self.add(name, path.to_owned(), &String::from_utf8_lossy(bytes));
                let start = error.valid_up_to().saturating_sub(if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
                let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
                self.diagnostics.push(not_utf8(Span::new(id, start, start.saturating_add(3)), byte));
            }
        }
    }

    fn over_limit(&self, length: u64, limits: &LoadLimits) -> Option<Message> {
        let total = self.bytes.saturating_add(length);
        let over = |what_es: &str, what_en: &str, limit: u64, used: u64| {
            Message::new(
                format!("{what_es}: el límite es {limit} y aquí hay {used}; divida o quite archivos"),
                format!("{what_en}: the limit is {limit} and there are {used}; split or remove files"),
            )
        };
        if length > limits.file_bytes_max {
            return Some(over("bytes de un archivo", "bytes of one file", limits.file_bytes_max, length));
        }
        if total > limits.total_bytes_max {
            return Some(over("bytes de todos los archivos", "bytes of all files", limits.total_bytes_max, total));
        }
        let files = self.sources.len();
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        (files >= limits.files_max)
            .then(|| over("archivos", "files", number(limits.files_max), number(files.saturating_add(1))))
    }

    fn unreadable(&mut self, path: &Path, name: &str, error: &std::io::Error) {
        let message = Message::new(
            format!("no se puede leer: {error}; revise la ruta y los permisos"),
            format!("can't be read: {error}; check the path and its permissions"),
        );
        self.report(path, name, "archivo.ilegible", message);
    }

    fn too_many_folders(&mut self, path: &Path, name: &str, limits: &LoadLimits) {
        let LoadLimits { folders_max, depth_max, .. } = limits;
        let message = Message::new(
            format!(
                "hay más de {folders_max} carpetas, o más de {depth_max} una dentro de otra; ¿hay un enlace que vuelve atrás?"
            ),
            format!(
                "there are more than {folders_max} folders, or more than {depth_max} inside one another; does a link lead back?"
            ),
        );
        self.report(path, name, "archivo.limite", message);
    }

    /// A diagnostic about a whole file: it gets an empty source, so that it has a place like any other.
    fn report(&mut self, path: &Path, name: &str, code: &'static str, message: Message) {
        let id = self.add(name, path.to_owned(), "");
        self.diagnostics.push(Diagnostic::error(code, Span::new(id, 0, 0), message));
    }
}

fn not_utf8(span: Span, byte: u8) -> Diagnostic {
    let message = Message::new(
        format!("el byte 0x{byte:02X} no es UTF-8; guarde el archivo como UTF-8"),
        format!("byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"),
    );
    Diagnostic::error("archivo.utf8", span, message)
}

/// Whether a path is that of a DMN model.
pub(crate) fn is_model(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == MODEL)
}

/// Hidden files and folders (also those that mounted configuration keeps beside its links) are left alone.
fn is_visible(path: &Path) -> bool {
    !file_name(path).starts_with('.')
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| path.display().to_string())
}

fn name_below(top: &Path, path: &Path) -> String {
    let below = path.strip_prefix(top).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { file_name(path) } else { parts.join("/") }
}
