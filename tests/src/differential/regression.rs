//! Cases that once failed, as files: a ruleset whose first lines say the request.

use std::path::{Path, PathBuf};

use dictamen_plan::Plan;
use dictamen_value::{Date, DateTime};

use super::comparison::{Agreed, NotReady, Ready, compare, facts_of, prepare};
use super::facts::Request;

/// A case as it is kept: comments with facts, as-of date and known-at instant, then the ruleset.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The whole file.
    pub text: String,
}

const FACTS: &str = "// hechos: ";
const AS_OF: &str = "// fecha: ";
const KNOWN_AT: &str = "// conocido: ";

impl Recorded {
    /// A case from a text and what was asked of it, if anything.
    pub fn new(text: &str, request: Option<(&Plan, &Request)>) -> Recorded {
        let Some((plan, request)) = request else { return Recorded { text: text.to_owned() } };
        let facts = facts_of(plan, &request.facts).to_json(plan);
        let facts = String::from_utf8_lossy(&facts).into_owned();
        let head = format!("{FACTS}{facts}\n{AS_OF}{}\n{KNOWN_AT}{}\n", request.as_of, request.known_at);
        Recorded { text: head + text }
    }

    /// Writes it under a name into a folder.
    pub fn write(&self, folder: &Path, name: &str) -> std::io::Result<PathBuf> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{name}.regla"));
        std::fs::write(&path, &self.text)?;
        Ok(path)
    }

    /// Runs it again: both evaluators must agree. A text that has errors is not what was kept.
    pub fn replay(&self) -> Result<Vec<Agreed>, String> {
        let ready = match prepare(&self.text) {
            Ok(ready) => ready,
            Err(NotReady::Errors(errors)) => return Err(format!("the text has errors: {errors:?}")),
            Err(NotReady::Broken(what)) => return Err(what),
        };
        let request = self.request(&ready)?;
        compare(&ready, &request).map_err(|disagreement| format!("{}\n{}", disagreement.decision, disagreement.what))
    }

    fn request(&self, ready: &Ready) -> Result<Request, String> {
        let plan = &ready.compiled.plan;
        let json = self.line(FACTS).unwrap_or("{}");
        let read = (0..plan.decisions.len() as u32)
            .map(|decision| dictamen_core::read_facts(plan, decision, json.as_bytes()))
            .find_map(Result::ok)
            .ok_or_else(|| format!("the facts {json} cannot be read"))?;
        let inputs = 0..plan.inputs.len() as u32;
        let facts = inputs.filter_map(|input| Some((input, read.get(input)?.clone()))).collect();
        let as_of = Date::parse(self.line(AS_OF).unwrap_or("2026-01-01")).map_err(|error| error.to_string())?;
        let known_at = self.line(KNOWN_AT).unwrap_or("2026-06-01T00:00:00Z");
        Ok(Request { facts, as_of, known_at: DateTime::parse(known_at).map_err(|error| error.to_string())? })
    }

    fn line(&self, key: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix(key))
    }
}

/// The cases of a folder, by name.
pub fn read_folder(folder: &Path) -> Vec<(String, Recorded)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "regla"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), Recorded { text })
    };
    paths.into_iter().map(read).collect()
}
