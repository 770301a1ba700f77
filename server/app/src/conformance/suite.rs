//! Finds the folders of a kit: models and files of cases that stand beside one another.

use std::fs;
use std::path::{Path, PathBuf};

use dictamen_import::dmn::model::Definitions;
use dictamen_import::tck::{self, TestCases};
use dictamen_import::{Limits, Read, dmn};
use dictamen_syntax::SourceId;

use crate::stop::Stop;

/// Folders inside one another that are looked into.
const DEPTH_MAX: u32 = 16;

/// A folder with models and cases.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Its path below the folder that was asked for.
    pub(crate) name: String,
    /// Models with the names of their files, in order; the number of a model is that of its source.
    pub(crate) models: Vec<(String, Read<Definitions>)>,
    /// Files of cases.
    pub(crate) cases: Vec<(String, Read<TestCases>)>,
}

/// All folders at and below a path that hold cases, in order of their names.
pub(crate) fn folders(top: &Path) -> Result<Vec<Folder>, Stop> {
    let mut found = Vec::new();
    collect(top, top, 0, &mut found)?;
    Ok(found)
}

/// A model and those beside it in its folder, the model first; the number of each is that of its source.
pub(crate) fn models(path: &Path) -> Result<Vec<(String, Read<Definitions>)>, Stop> {
    let first = bytes(path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let others = listed(parent)?.into_iter().filter(|file| file.file_name() != path.file_name() && is_model(file));
    let mut models = vec![model(0, path, &first)];
    for (file, number) in others.zip(1_u32..) {
        models.push(model(number, &file, &bytes(&file)?));
    }
    Ok(models)
}

fn is_model(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "dmn")
}

fn model(number: u32, file: &Path, bytes: &[u8]) -> (String, Read<Definitions>) {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = dmn::read(SourceId(number), &name, bytes, &Limits::default());
    (name, read)
}

fn collect(top: &Path, path: &Path, depth: u32, found: &mut Vec<Folder>) -> Result<(), Stop> {
    let entries = listed(path)?;
    let (below, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.into_iter().partition(|entry| entry.is_dir());
    let folder = read(top, path, &files)?;
    if !folder.cases.is_empty() {
        found.push(folder);
    }
    if depth < DEPTH_MAX {
        below.iter().try_for_each(|inside| collect(top, inside, depth.saturating_add(1), found))?;
    }
    Ok(())
}

fn listed(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    let read = fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = read.map_err(|error| Stop::file(path, "leer", "read", &error))?;
    paths.sort();
    Ok(paths)
}

fn read(top: &Path, path: &Path, files: &[PathBuf]) -> Result<Folder, Stop> {
    let name = path.strip_prefix(top).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let mut folder = Folder { name, models: Vec::new(), cases: Vec::new() };
    for file in files {
        let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_model(file) {
            let number = u32::try_from(folder.models.len()).unwrap_or(u32::MAX);
            folder.models.push(model(number, file, &bytes(file)?));
        } else if file.extension().is_some_and(|ending| ending == "xml") {
            let cases = tck::read(SourceId(0), &file_name, &bytes(file)?, &Limits::default());
            folder.cases.push((file_name, cases));
        }
    }
    // Other XML may stand there too, such as a schema or notes of a tool.
    folder.cases.retain(|(_, cases)| cases.value.is_some() || !folder.models.is_empty());
    Ok(folder)
}

fn bytes(file: &Path) -> Result<Vec<u8>, Stop> {
    fs::read(file).map_err(|error| Stop::file(file, "leer", "read", &error))
}
