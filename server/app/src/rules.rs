//! Rules as the command line reads them: paths that must exist, into a catalogue, and the decision that is meant.

use std::path::PathBuf;
use std::sync::Arc;

use dictamen_decisions::port::Refusal;
use dictamen_decisions::{Catalogue, Day, LoadLimits, Ready, Selection, Unresolved};
use dictamen_syntax::{Diagnostic, Source};
use dictamen_value::Message;

use crate::stop::Stop;

/// Texts of rules, not yet understood.
pub(crate) struct Texts {
    /// Where each stands, one a source.
    pub(crate) paths: Vec<PathBuf>,
    /// The texts.
    pub(crate) sources: Vec<Source>,
    /// Those that could not be read.
    pub(crate) unreadable: Vec<PathBuf>,
    /// Why.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads files and folders. Paths that give no rules at all are wrong use.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Texts, Stop> {
    ensure_there(paths)?;
    let (found, diagnostics) = Catalogue::read_sources(paths, &LoadLimits::default());
    let (paths_found, sources): (Vec<PathBuf>, Vec<Source>) = found.into_iter().unzip();
    if sources.is_empty() {
        return Err(Stop::WrongUse(nothing_in(paths)));
    }
    let wrong = diagnostics.iter().filter_map(|diagnostic| paths_found.get(diagnostic.span.source.0 as usize));
    Ok(Texts { unreadable: wrong.cloned().collect(), paths: paths_found, sources, diagnostics })
}

/// Loads files and folders. Wrong rules are in the catalogue's diagnostics; paths that give no rules at all are wrong use.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Catalogue, Stop> {
    ensure_there(paths)?;
    let catalogue = Catalogue::load(paths, &LoadLimits::default());
    if count(&catalogue) == 0 {
        return Err(Stop::WrongUse(nothing_in(paths)));
    }
    Ok(catalogue)
}

/// How many files were asked for.
pub(crate) fn count(catalogue: &Catalogue) -> usize {
    catalogue.trees().count()
}

/// A decision that is ready to be made, with its name in that ruleset.
pub(crate) struct Chosen {
    /// The ruleset, compiled.
    pub(crate) ready: Arc<Ready>,
    /// The name of the decision in it.
    pub(crate) decision: String,
}

/// What a name leads to.
pub(crate) enum Choice {
    /// A decision of rules that can decide.
    Ready(Chosen),
    /// Rules with errors, which the catalogue's diagnostics name.
    Broken,
}

/// The decision of a name: `decision` where there is one ruleset, `ruleset.decision` where there are several.
pub(crate) fn choose(catalogue: &Catalogue, name: &str, day: Day) -> Result<Choice, Stop> {
    let ids: Vec<&Arc<str>> = catalogue.ids().collect();
    let (id, decision) = match (ids.as_slice(), split(&ids, name)) {
        (_, Some(found)) => found,
        ([only], None) => ((**only).clone(), name),
        (several, None) => return Err(Stop::WrongUse(which_of(several, name))),
    };
    match catalogue.resolve(&id, &Selection::on(day)) {
        Ok(ready) => Ok(Choice::Ready(Chosen { ready, decision: decision.to_owned() })),
        Err(Unresolved::Broken { .. }) => Ok(Choice::Broken),
        Err(why) => Err(Stop::WrongUse(Refusal::from(why).message())),
    }
}

/// The ruleset whose identifier a name begins with, the longest one, and the rest of the name.
fn split<'a>(ids: &[&Arc<str>], name: &'a str) -> Option<(Arc<str>, &'a str)> {
    let rest = |id: &Arc<str>| Some((id.clone(), name.strip_prefix(&**id)?.strip_prefix('.')?));
    ids.iter().filter_map(|id| rest(id)).max_by_key(|(id, _)| id.len())
}

fn ensure_there(paths: &[PathBuf]) -> Result<(), Stop> {
    paths.iter().try_for_each(|path| match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) => Err(Stop::file(path, "leer", "read", &error)),
    })
}

fn nothing_in(paths: &[PathBuf]) -> Message {
    let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let named = named.join(", ");
    Message::new(
        format!("no hay archivos .regla en {named}; dé un archivo de reglas o una carpeta que los tenga"),
        format!("there are no .regla files in {named}; give a file of rules or a folder that has some"),
    )
}

fn which_of(ids: &[&Arc<str>], name: &str) -> Message {
    let named: Vec<&str> = ids.iter().take(20).map(|id| &***id).collect();
    let named = named.join(", ");
    Message::new(
        format!(
            "«{name}» no dice de qué conjunto de reglas es la decisión: escriba CONJUNTO.DECISION; los conjuntos son {named}"
        ),
        format!(
            "“{name}” does not say which ruleset the decision is of: write RULESET.DECISION; the rulesets are {named}"
        ),
    )
}
