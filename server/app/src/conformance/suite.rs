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
    /// Models with the names of their files: those of the folder, then those below, which may be imported. The number of a
    /// model is that of its source.
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

/// A model and those in its folder and below, the model first; the number of each is that of its source.
pub(crate) fn models(path: &Path) -> Result<Vec<(String, Read<Definitions>)>, Stop> {
    let mut models = Vec::new();
    add_model(&mut models, path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    add_models(&mut models, parent, Some(path), 0)?;
    Ok(models)
}

/// Adds the models of a folder, then those of the folders in it.
fn add_models(
    models: &mut Vec<(String, Read<Definitions>)>,
    folder: &Path,
    but: Option<&Path>,
    depth: u32,
) -> Result<(), Stop> {
    let (below, files): (Vec<PathBuf>, Vec<PathBuf>) = listed(folder)?.into_iter().partition(|entry| entry.is_dir());
    let is_other = |file: &&PathBuf| but.is_none_or(|but| file.file_name() != but.file_name());
    files.iter().filter(|file| is_model(file)).filter(is_other).try_for_each(|file| add_model(models, file))?;
    match depth {
        DEPTH_MAX.. => Ok(()),
        _ => below.iter().try_for_each(|inside| add_models(models, inside, None, depth.saturating_add(1))),
    }
}

fn is_model(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "dmn")
}

fn add_model(models: &mut Vec<(String, Read<Definitions>)>, file: &Path) -> Result<(), Stop> {
    let number = SourceId(u32::try_from(models.len()).unwrap_or(u32::MAX));
    let name = file_name(file);
    let read = dmn::read(number, &name, &bytes(file)?, &Limits::default());
    models.push((name, read));
    Ok(())
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
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
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "xml")) {
        let name = file_name(file);
        let cases = tck::read(SourceId(0), &name, &bytes(file)?, &Limits::default());
        folder.cases.push((name, cases));
    }
    if !folder.cases.is_empty() {
        add_models(&mut folder.models, path, None, 0)?;
    }
    // Other XML may stand there too, such as a schema or notes of a tool.
    folder.cases.retain(|(_, cases)| cases.value.is_some() || !folder.models.is_empty());
    Ok(folder)
}

fn bytes(file: &Path) -> Result<Vec<u8>, Stop> {
    fs::read(file).map_err(|error| Stop::file(file, "leer", "read", &error))
}
