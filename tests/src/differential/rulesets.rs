//! The project's own rulesets, as seeds: each with the texts of what it imports.

use std::path::{Path, PathBuf};

use dictamen_model::HeaderInfo;
use dictamen_syntax::{Source, SourceId};

/// A ruleset of the project.
#[derive(Clone, Debug)]
pub struct Shelved {
    /// Its identifier.
    pub id: String,
    /// Its text first, then those of all that it imports.
    pub sources: Vec<Source>,
}

/// All rulesets under `rulesets/`, in the order of their paths; of several versions, the first.
pub fn shelved() -> Vec<Shelved> {
    let mut files: Vec<(HeaderInfo, Source)> = Vec::new();
    for path in paths(&root().join("rulesets")) {
        let text = std::fs::read_to_string(&path).expect("a ruleset can be read");
        let source = Source::new(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text);
        let parsed = dictamen_syntax::parse(&source, SourceId(0), &dictamen_model::names());
        if let Some(header) = dictamen_model::header(&parsed.file)
            && !header.cases_only
            && files.iter().all(|(known, _)| known.id != header.id)
        {
            files.push((header, source));
        }
    }
    let with_imports =
        |(header, _): &(HeaderInfo, Source)| Shelved { id: header.id.clone(), sources: closure(&header.id, &files) };
    files.iter().map(with_imports).collect()
}

/// The text of a ruleset, then those of what it imports, each once.
fn closure(id: &str, files: &[(HeaderInfo, Source)]) -> Vec<Source> {
    let mut wanted = vec![id.to_owned()];
    let mut sources = Vec::new();
    let mut next = 0;
    while let Some(id) = wanted.get(next).cloned() {
        if let Some((header, source)) = files.iter().find(|(header, _)| header.id == id) {
            sources.push(source.clone());
            wanted.extend(header.imports.iter().filter(|id| !wanted.contains(id)).cloned().collect::<Vec<_>>());
        }
        next += 1;
    }
    sources
}

/// The project's folder: the first above this crate that has rulesets.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("rulesets").is_dir()).unwrap_or(here).to_path_buf()
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        match path.extension() {
            _ if path.is_dir() => found.extend(paths(&path)),
            Some(extension) if extension == "regla" => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}
