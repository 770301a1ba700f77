//! The rulesets that a folder holds: versions, which of them holds when, compiled once, with what is wrong with them.

mod cases;
mod files;
mod load;
mod ready;
mod unresolved;
mod versions;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use dictamen_model::HeaderInfo;
use dictamen_syntax::{Diagnostic, Severity, Source, Span, tree};
use dictamen_value::{Date, DateTime};

pub use cases::CasePlan;
pub use files::LoadLimits;
pub use ready::Ready;
pub(crate) use ready::{has_errors, table_names};
pub use unresolved::Unresolved;
pub(crate) use unresolved::listed;
pub use versions::Day;

use ready::Broken;
use versions::{Closure, TurningPoints, Version, Versions};

/// Which version of a ruleset is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// The dates that choose the version, and those of its imports.
    pub day: Day,
    /// The version's name, where it is pinned: then the dates choose only imports and values.
    pub version: Option<&'a str>,
}

/// One version of a ruleset, for people.
#[derive(Clone, Debug)]
pub struct VersionEntry {
    /// Its name.
    pub version: Arc<str>,
    /// First day in force; always where `None`.
    pub in_force_from: Option<Date>,
    /// Last day in force; for ever where `None`.
    pub in_force_to: Option<Date>,
    /// Day from which it is known; always where `None`.
    pub published: Option<Date>,
    /// The file, below the folder that was loaded.
    pub file: Arc<str>,
    /// A day and moment at which this version is the one chosen; `None` where others always hide it, or it has no day.
    pub chosen_on: Option<Day>,
    /// How many errors it has with what it imports, at worst; one with errors doesn't serve.
    pub errors: usize,
}

/// A ruleset with its versions, for people.
#[derive(Clone, Debug)]
pub struct RulesetEntry {
    /// The ruleset.
    pub id: Arc<str>,
    /// Its versions, in order of their files.
    pub versions: Vec<VersionEntry>,
}

/// Rulesets that were loaded from folders and files.
#[derive(Debug, Default)]
pub struct Catalogue {
    sources: Vec<Source>,
    paths: Vec<PathBuf>,
    files: Vec<RuleFile>,
    versions: Versions,
    cases: BTreeMap<Arc<str>, Vec<usize>>,
    diagnostics: Vec<Diagnostic>,
    /// Files of versions between which nothing could choose: they don't serve.
    contradicted: BTreeSet<usize>,
    built: RwLock<HashMap<Vec<usize>, Built>>,
    resolved: RwLock<foldhash::HashMap<ResolutionKey, Result<Arc<Ready>, Unresolved>>>,
    entries: OnceLock<Vec<RulesetEntry>>,
    turning: TurningPoints,
}

type Built = Result<Arc<Ready>, Broken>;

/// How many resolutions are remembered.
const RESOLUTIONS_MAX: usize = 100_000;

/// What a resolution depends on: between two turning points of the catalogue nothing changes.
type ResolutionKey = (usize, usize, usize, Option<usize>);

/// One file of rules or cases.
#[derive(Debug)]
struct RuleFile {
    tree: tree::File,
    header: Option<HeaderInfo>,
    diagnostics: Vec<Diagnostic>,
    /// Whether it was asked for, and is not only there for what others import.
    wanted: bool,
}

impl Catalogue {
    /// Loads rule files: each path is a file or a folder that is searched to the bottom. Never fails: what is wrong is in
    /// the diagnostics, and a ruleset with errors doesn't resolve. What a single file imports is looked for in its folder and
    /// as many folders above it as its identifier has dots.
    pub fn load<P: AsRef<Path>>(paths: &[P], limits: &LoadLimits) -> Catalogue {
        load::load(paths, limits)
    }

    /// Loads texts by their names.
    pub fn from_texts(texts: &[(&str, &str)]) -> Catalogue {
        load::from_texts(texts)
    }

    /// Reads files and folders as [`Catalogue::load`] does, without parsing; with what could not be read, whose spans
    /// point into the sources by position.
    pub fn read_sources<P: AsRef<Path>>(paths: &[P], limits: &LoadLimits) -> (Vec<(PathBuf, Source)>, Vec<Diagnostic>) {
        load::read_sources(paths, limits)
    }

    /// All sources; spans of diagnostics point into them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The rulesets that were asked for by the names of their sources: identifier and version.
    pub(crate) fn wanted_sources(&self) -> HashMap<Arc<str>, (Arc<str>, Arc<str>)> {
        let versions =
            self.versions.iter().flat_map(|(id, versions)| versions.iter().map(move |version| (id, version)));
        let wanted = versions.filter(|(_, version)| self.is_wanted(version));
        let named = wanted.filter_map(|(id, version)| {
            Some((self.sources.get(version.file)?.name().clone(), (id.clone(), version.label.clone())))
        });
        named.collect()
    }

    /// Each version that was asked for and is chosen on some day, compiled; those with errors are left out.
    pub(crate) fn wanted_plans(&self) -> Vec<Arc<Ready>> {
        let resolved = self.rulesets().into_iter().flat_map(|entry| {
            let resolve = |version: VersionEntry| {
                let selection = Selection { day: version.chosen_on?, version: Some(&version.version) };
                self.resolve(&entry.id, &selection).ok()
            };
            entry.versions.into_iter().filter_map(resolve).collect::<Vec<_>>()
        });
        resolved.collect()
    }

    /// The path of a source as the operating system knows it.
    pub fn path(&self, source: dictamen_syntax::SourceId) -> Option<&Path> {
        self.paths.get(source.0 as usize).map(PathBuf::as_path)
    }

    /// Everything that is wrong with what was asked for, in the order of files and places.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many errors there are.
    pub fn error_count(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// Where a span stands, as people name it.
    pub fn place(&self, span: Span) -> Option<dictamen_syntax::Place> {
        self.sources.get(span.source.0 as usize).map(|source| source.place(span))
    }

    /// The trees of the files that were asked for, with their sources.
    pub fn trees(&self) -> impl Iterator<Item = (&Source, &tree::File)> {
        self.sources.iter().zip(&self.files).filter(|(_, file)| file.wanted).map(|(source, file)| (source, &file.tree))
    }

    /// The identifiers of rulesets that were asked for.
    pub fn ids(&self) -> impl Iterator<Item = &Arc<str>> {
        self.versions
            .iter()
            .filter(|(_, versions)| versions.iter().any(|version| self.is_wanted(version)))
            .map(|(id, _)| id)
    }

    /// The rulesets that were asked for with their versions.
    pub fn rulesets(&self) -> Vec<RulesetEntry> {
        self.entries.get_or_init(|| self.list()).clone()
    }

    fn list(&self) -> Vec<RulesetEntry> {
        let entry = |id: &Arc<str>| {
            let versions = self.versions.of(id).iter().filter(|version| self.is_wanted(version));
            RulesetEntry { id: id.clone(), versions: versions.map(|version| self.entry(id, version)).collect() }
        };
        self.ids().map(entry).collect()
    }

    /// The version that is asked for with its imports, compiled.
    pub fn resolve(&self, id: &str, selection: &Selection<'_>) -> Result<Arc<Ready>, Unresolved> {
        let (position, pinned) = self.find(id, selection)?;
        let (days, moments) = self.turning.before(&selection.day);
        let key = (position, days, moments, pinned);
        if let Some(found) = self.resolved.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return found.clone();
        }
        let resolved = self.resolve_anew(id, selection, pinned);
        // What names the dates of this request must not answer the next one.
        if !matches!(resolved, Err(Unresolved::NotInForce { .. })) {
            let mut known = self.resolved.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= RESOLUTIONS_MAX {
                known.clear();
            }
            known.insert(key, resolved.clone());
        }
        resolved
    }

    /// The typed model of what [`Catalogue::resolve`] compiles, for those who want to look at it; checked anew each time.
    pub fn model(&self, id: &str, selection: &Selection<'_>) -> Result<dictamen_model::graph::Model, Unresolved> {
        let (_, pinned) = self.find(id, selection)?;
        let (_, closure) = self.select(id, selection, pinned)?;
        let trees = closure.files.iter().filter_map(|file| self.files.get(*file)).map(|file| &file.tree).collect();
        Ok(dictamen_model::check(&dictamen_model::Unit { sources: &self.sources, files: trees, root: 0 }).model)
    }

    /// The position of the ruleset, and that of the pinned version.
    fn find(&self, id: &str, selection: &Selection<'_>) -> Result<(usize, Option<usize>), Unresolved> {
        let Some(position) = self.versions.position(id) else {
            return Err(Unresolved::NoRuleset { id: id.into(), known: self.ids().cloned().collect() });
        };
        let Some(label) = selection.version else { return Ok((position, None)) };
        let versions = self.versions.of(id);
        match versions.iter().position(|version| &*version.label == label) {
            Some(pinned) => Ok((position, Some(pinned))),
            None => {
                let known = versions.iter().map(|version| version.label.clone()).collect();
                Err(Unresolved::NoVersion { id: id.into(), version: label.into(), known })
            }
        }
    }

    fn resolve_anew(
        &self,
        id: &str,
        selection: &Selection<'_>,
        pinned: Option<usize>,
    ) -> Result<Arc<Ready>, Unresolved> {
        let (version, closure) = self.select(id, selection, pinned)?;
        let broken = |errors| Unresolved::Broken { id: id.into(), version: version.label.clone(), errors };
        match self.contradictions_in(&closure) {
            0 => self.build(id, version, &closure).map_err(|found| broken(found.errors())),
            errors => Err(broken(errors)),
        }
    }

    /// How many files of a closure contradict another version.
    fn contradictions_in(&self, closure: &Closure) -> usize {
        closure.files.iter().filter(|file| self.contradicted.contains(file)).count()
    }

    /// The version that is asked for, and its closure.
    fn select(
        &self,
        id: &str,
        selection: &Selection<'_>,
        pinned: Option<usize>,
    ) -> Result<(&Version, Closure), Unresolved> {
        let chosen = match pinned {
            Some(position) => self.versions.of(id).get(position),
            None => self.versions.choose(id, &selection.day),
        };
        let version = chosen.ok_or_else(|| self.not_in_force(id, selection.day))?;
        let closure = self.versions.closure(id, version, &selection.day);
        // An import that exists nowhere is an error of the text; one that was not in force then is an error of the dates.
        if let Some((missing, _)) = closure.missing.iter().find(|(missing, _)| !self.versions.of(missing).is_empty()) {
            return Err(self.not_in_force(missing, selection.day));
        }
        Ok((version, closure))
    }

    fn not_in_force(&self, id: &str, day: Day) -> Unresolved {
        let known = self.versions.of(id).iter().map(Version::in_words).collect();
        Unresolved::NotInForce { id: id.into(), day, known }
    }

    /// The compiled closure, from the cache or built now.
    fn build(&self, id: &str, version: &Version, closure: &Closure) -> Built {
        if let Some(built) = self.built.read().unwrap_or_else(PoisonError::into_inner).get(&closure.files) {
            return built.clone();
        }
        self.build_anew(id, version, closure).0
    }

    /// Builds a closure, keeps it, and gives all that was found on the way.
    fn build_anew(&self, id: &str, version: &Version, closure: &Closure) -> (Built, Vec<Diagnostic>) {
        let files: Vec<&RuleFile> = closure.files.iter().filter_map(|file| self.files.get(*file)).collect();
        let syntax = files.iter().flat_map(|file| file.diagnostics.iter().cloned()).collect();
        let trees = files.iter().map(|file| &file.tree).collect();
        let (built, found) = ready::build((&id.into(), &version.label), &self.sources, trees, syntax);
        let built = built.map(Arc::new);
        self.built.write().unwrap_or_else(PoisonError::into_inner).insert(closure.files.clone(), built.clone());
        (built, found)
    }

    fn entry(&self, id: &Arc<str>, version: &Version) -> VersionEntry {
        let closures = self.versions.closures(id, version);
        let own = usize::from(self.contradicted.contains(&version.file));
        let errors = closures.iter().filter_map(|(closure, _)| self.build(id, version, closure).err());
        let errors = errors.map(|broken| broken.errors().saturating_add(own)).chain([own]);
        VersionEntry {
            version: version.label.clone(),
            in_force_from: version.from,
            in_force_to: version.to,
            published: version.published,
            file: self.sources.get(version.file).map(|source| source.name().clone()).unwrap_or_else(|| "".into()),
            chosen_on: closures.first().map(|(_, day)| *day),
            errors: errors.max().unwrap_or_default(),
        }
    }

    fn is_wanted(&self, version: &Version) -> bool {
        self.files.get(version.file).is_some_and(|file| file.wanted)
    }
}

impl Selection<'_> {
    /// What holds at some dates, without a pin.
    pub fn on(day: Day) -> Selection<'static> {
        Selection { day, version: None }
    }
}

impl Day {
    /// A day with all that is ever known of it.
    pub fn with_hindsight(as_of: Date) -> Day {
        let end = Date::from_parts(9999, 12, 31).unwrap_or(as_of);
        Day { as_of, known_at: DateTime::at_midnight_utc(end) }
    }
}
