//! From texts to a catalogue: parses, links versions, checks every closure, and says what does not fit together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dictamen_import::dmn::model::Definitions;
use dictamen_import::{Read, dmn};
use dictamen_model::HeaderInfo;
use dictamen_syntax::{Diagnostic, Parsed, Source, SourceId, Span, tree};
use dictamen_value::Message;

use super::files::{LoadLimits, Texts, is_model};
use super::versions::{Closure, Day, Version};
use super::{Catalogue, RuleFile, cases, has_errors};

/// What is read in search of imports of a single file.
const NEIGHBOUR_LIMITS: LoadLimits = LoadLimits {
    files_max: 2_000,
    file_bytes_max: 16 * 1024 * 1024,
    total_bytes_max: 256 * 1024 * 1024,
    folders_max: 1_000,
    depth_max: 4,
};

/// Loads folders and files.
pub(super) fn load<P: AsRef<Path>>(paths: &[P], limits: &LoadLimits) -> Catalogue {
    let mut texts = Texts::with_models();
    for path in paths {
        texts.read(path.as_ref(), limits);
    }
    let models = paths.iter().map(AsRef::as_ref).filter(|path| path.is_file() && is_model(path));
    models.for_each(|model| texts.read_neighbours_of(model, &NEIGHBOUR_LIMITS));
    let mut catalogue = parse_all(texts);
    for path in paths.iter().map(AsRef::as_ref).filter(|path| path.is_file() && !is_model(path)) {
        add_neighbours(&mut catalogue, path);
    }
    finish(catalogue)
}

/// Reads files without parsing them.
pub(super) fn read_sources<P: AsRef<Path>>(
    paths: &[P],
    limits: &LoadLimits,
) -> (Vec<(PathBuf, Source)>, Vec<Diagnostic>) {
    let mut texts = Texts::default();
    for path in paths {
        texts.read(path.as_ref(), limits);
    }
    (texts.paths.into_iter().zip(texts.sources).collect(), texts.diagnostics)
}

/// Loads texts by their names.
pub(super) fn from_texts(named: &[(&str, &str)]) -> Catalogue {
    let mut texts = Texts::default();
    for (name, text) in named {
        texts.add(name, PathBuf::from(name), text);
    }
    finish(parse_all(texts))
}

fn parse_all(texts: Texts) -> Catalogue {
    let Texts { sources, paths, diagnostics, models, neighbours, .. } = texts;
    let unread: BTreeSet<SourceId> = diagnostics.iter().map(|diagnostic| diagnostic.span.source).collect();
    let mut mapped = mapped(&models, &neighbours);
    let ids = (0..).map(SourceId);
    let files = sources.iter().zip(ids).map(|(source, id)| match (mapped.remove(&id), unread.contains(&id)) {
        (Some(file), _) => file,
        (None, true) => RuleFile { tree: tree::File::default(), header: None, diagnostics: Vec::new(), wanted: true },
        (None, false) => parse(source, id, true),
    });
    let files = files.collect();
    Catalogue { sources, paths, files, diagnostics, ..Catalogue::default() }
}

/// DMN models as rulesets, which find what they import among each other; those with errors are no rulesets.
fn mapped(
    models: &BTreeMap<SourceId, Read<Definitions>>,
    neighbours: &BTreeSet<SourceId>,
) -> BTreeMap<SourceId, RuleFile> {
    let whole: Vec<(SourceId, &Definitions)> =
        models.iter().filter_map(|(id, read)| Some((*id, read.whole()?))).collect();
    let documents: Vec<&Definitions> = whole.iter().map(|(_, document)| *document).collect();
    let rules = dmn::to_rules(&documents);
    let mut trees: BTreeMap<SourceId, tree::File> =
        whole.iter().map(|(id, _)| *id).zip(rules.rules.into_iter().map(|rules| rules.file)).collect();
    let file = |(id, read): (&SourceId, &Read<Definitions>)| {
        let tree = trees.remove(id).unwrap_or_default();
        let header = dictamen_model::header(&tree).filter(|header| !header.id.is_empty());
        let of_it = rules.diagnostics.iter().filter(|found| found.span.source == *id);
        let diagnostics = read.diagnostics.iter().chain(of_it).cloned().collect();
        (*id, RuleFile { tree, header, diagnostics, wanted: !neighbours.contains(id) })
    };
    models.iter().map(file).collect()
}

fn parse(source: &Source, id: SourceId, wanted: bool) -> RuleFile {
    let Parsed { file: tree, mut diagnostics } = dictamen_syntax::parse(source, id, &dictamen_model::names());
    let header = dictamen_model::header(&tree).filter(|header| !header.id.is_empty());
    if header.is_none() && !has_errors(&diagnostics) {
        diagnostics.push(no_header(Span::new(id, 0, 0)));
    }
    RuleFile { tree, header, diagnostics, wanted }
}

/// Adds what a single file imports, from its folder and as many above it as its identifier has dots.
fn add_neighbours(catalogue: &mut Catalogue, path: &Path) {
    let header =
        catalogue.paths.iter().position(|known| known == path).and_then(|at| catalogue.files.get(at)?.header.as_ref());
    let Some(levels) = header.map(|header| header.id.matches('.').count().saturating_add(1)) else { return };
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    for folder in absolute.ancestors().skip(1).take(levels) {
        if missing(catalogue).is_empty() {
            return;
        }
        let mut texts = Texts::default();
        texts.read(folder, &NEIGHBOUR_LIMITS);
        add_missing(catalogue, &parse_all(texts));
    }
}

/// Identifiers that are imported, or that cases are for, and that no file defines.
fn missing_ids(catalogue: &Catalogue) -> BTreeSet<String> {
    let headers = || catalogue.files.iter().filter_map(|file| file.header.as_ref());
    let defined: BTreeSet<&String> = headers().filter(|header| !header.cases_only).map(|header| &header.id).collect();
    let named = headers().flat_map(|header| header.imports.iter().chain(header.cases_only.then_some(&header.id)));
    named.filter(|id| !defined.contains(id)).cloned().collect()
}

/// Cases that others name (ruleset and title) and that no file has.
fn missing_cases(catalogue: &Catalogue) -> BTreeSet<Missing> {
    let files = || catalogue.files.iter().filter_map(|file| Some((file.header.as_ref()?, &file.tree)));
    let there: BTreeSet<(&str, &str)> = files()
        .flat_map(|(header, tree)| dictamen_model::case_titles(tree).map(|title| (header.id.as_str(), title)))
        .collect();
    let named =
        files().flat_map(|(header, tree)| dictamen_model::named_cases(tree).map(|title| (header.id.as_str(), title)));
    let missing = named.filter(|named| !there.contains(named));
    missing.map(|(id, title)| Missing::Case(id.to_owned(), title.to_owned())).collect()
}

/// What files need and no file has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Missing {
    Ruleset(String),
    Case(String, String),
}

fn missing(catalogue: &Catalogue) -> BTreeSet<Missing> {
    missing_ids(catalogue).into_iter().map(Missing::Ruleset).chain(missing_cases(catalogue)).collect()
}

/// Takes from the neighbours what is missing, and what that needs in turn.
fn add_missing(catalogue: &mut Catalogue, neighbours: &Catalogue) {
    let mut tried = BTreeSet::new();
    loop {
        let missing: BTreeSet<Missing> = missing(catalogue).difference(&tried).cloned().collect();
        if missing.is_empty() {
            return;
        }
        let all = neighbours.sources.iter().zip(&neighbours.paths).zip(&neighbours.files);
        for ((source, path), file) in all {
            if missing.iter().any(|missing| has(file, missing)) {
                add_file(catalogue, source, path);
            }
        }
        tried.extend(missing);
    }
}

fn has(file: &RuleFile, missing: &Missing) -> bool {
    let Some(header) = &file.header else { return false };
    match missing {
        Missing::Ruleset(id) => !header.cases_only && header.id == *id,
        Missing::Case(id, title) => {
            header.id == *id && dictamen_model::case_titles(&file.tree).any(|known| known == title)
        }
    }
}

fn add_file(catalogue: &mut Catalogue, source: &Source, path: &Path) {
    let id = SourceId(u32::try_from(catalogue.sources.len()).unwrap_or(u32::MAX));
    catalogue.files.push(parse(source, id, false));
    catalogue.sources.push(source.clone());
    catalogue.paths.push(path.to_owned());
}

/// Links versions and checks everything that was asked for.
fn finish(mut catalogue: Catalogue) -> Catalogue {
    lay_cases(&mut catalogue);
    link(&mut catalogue);
    let mut found = std::mem::take(&mut catalogue.diagnostics);
    let wanted = catalogue.files.iter().filter(|file| file.wanted);
    found.extend(wanted.flat_map(|file| file.diagnostics.iter().cloned()));
    let contradictions = contradictions(&catalogue);
    catalogue.contradicted = files_of(&contradictions);
    found.extend(contradictions);
    found.extend(check_closures(&catalogue));
    found.extend(cases::check(&catalogue));
    found.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    found.dedup();
    catalogue.diagnostics = found;
    catalogue
}

/// Gives each case that names another one its facts in full, so that its dates, too, are what they will be.
fn lay_cases(catalogue: &mut Catalogue) {
    let mut trees: Vec<&mut tree::File> = catalogue.files.iter_mut().map(|file| &mut file.tree).collect();
    for diagnostic in dictamen_model::lay_cases(&mut trees) {
        if let Some(file) = catalogue.files.get_mut(diagnostic.span.source.0 as usize) {
            file.diagnostics.push(diagnostic);
        }
    }
}

fn link(catalogue: &mut Catalogue) {
    let mut ids: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut shared = |id: &String| ids.entry(id.clone()).or_insert_with(|| id.as_str().into()).clone();
    let headers = catalogue.files.iter().enumerate().filter_map(|(file, parsed)| Some((file, parsed.header.as_ref()?)));
    for (file, header) in headers {
        let id = shared(&header.id);
        if header.cases_only {
            catalogue.cases.entry(id).or_default().push(file);
        } else {
            let imports = header.imports.iter().map(&mut shared).collect();
            catalogue.versions.add(&id, version(file, header, imports));
        }
    }
    catalogue.turning = catalogue.versions.turning_points();
}

fn version(file: usize, header: &HeaderInfo, imports: Vec<Arc<str>>) -> Version {
    let label = header.version.clone().or_else(|| header.in_force_from.map(|day| day.to_string()));
    Version {
        file,
        label: label.unwrap_or_else(|| "1".to_owned()).into(),
        from: header.in_force_from,
        to: header.in_force_to,
        published: header.published,
        imports,
    }
}

/// Versions of one ruleset between which nothing could choose.
fn contradictions(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, versions) in catalogue.versions.iter() {
        for (position, later) in versions.iter().enumerate() {
            for earlier in versions.iter().take(position) {
                let wanted = catalogue.is_wanted(earlier) || catalogue.is_wanted(later);
                found.extend(contradiction(catalogue, id, earlier, later).filter(|_| wanted));
            }
        }
    }
    found
}

/// The files that diagnostics are about, also by the way.
fn files_of(diagnostics: &[Diagnostic]) -> BTreeSet<usize> {
    let related = diagnostics.iter().flat_map(|found| found.related.iter().map(|(span, _)| *span));
    diagnostics.iter().map(|found| found.span).chain(related).map(|span| span.source.0 as usize).collect()
}

fn contradiction(catalogue: &Catalogue, id: &str, earlier: &Version, later: &Version) -> Option<Diagnostic> {
    let (code, message, help) = if earlier.label == later.label {
        ("catalogo.version-repetida", same_label(id, &later.label), same_label_help())
    } else if earlier.published == later.published && earlier.overlaps(later) {
        ("catalogo.vigencias-superpuestas", overlap(id, earlier, later), overlap_help())
    } else {
        return None;
    };
    let related = Message::new("la otra versión está aquí", "the other version is here");
    let diagnostic = Diagnostic::error(code, catalogue.header_span(later.file), message).with_help(help);
    Some(diagnostic.with_related(catalogue.header_span(earlier.file), related))
}

/// Builds each closure of each version that was asked for.
fn check_closures(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, versions) in catalogue.versions.iter() {
        for version in versions.iter().filter(|version| catalogue.is_wanted(version)) {
            let mut closures = catalogue.versions.closures(id, version);
            if closures.is_empty() {
                found.extend(
                    never_chosen(catalogue, id, version).filter(|_| !catalogue.contradicted.contains(&version.file)),
                );
                closures = alone(catalogue, id, version);
            }
            found.extend(gaps(catalogue, &closures));
            let built = closures.iter().filter(|(closure, _)| is_whole(catalogue, closure));
            found.extend(built.flat_map(|(closure, _)| catalogue.build_anew(id, version, closure).1));
        }
    }
    found
}

/// Whether all imports are there, or exist nowhere (which the checker reports).
fn is_whole(catalogue: &Catalogue, closure: &Closure) -> bool {
    closure.missing.iter().all(|(id, _)| catalogue.versions.of(id).is_empty())
}

/// A closure for a version that is never chosen, so that its text is checked all the same.
fn alone(catalogue: &Catalogue, id: &str, version: &Version) -> Vec<(Closure, Day)> {
    let day = version.from.or(version.published).map(Day::with_hindsight);
    day.map(|day| (catalogue.versions.closure(id, version, &day), day)).into_iter().collect()
}

/// Imports that are not in force on some day on which the version is, though all is known.
fn gaps(catalogue: &Catalogue, closures: &[(Closure, Day)]) -> Vec<Diagnostic> {
    let latest = closures.iter().map(|(_, day)| day.known_at.instant()).max().flatten();
    let mut said = BTreeSet::new();
    let of_latest = closures.iter().filter(|(_, day)| day.known_at.instant() == latest);
    let missing =
        of_latest.flat_map(|(closure, day)| closure.missing.iter().map(move |(id, importer)| (id, *importer, day)));
    let exists = missing.filter(|(id, ..)| !catalogue.versions.of(id).is_empty());
    exists
        .filter(|(id, importer, _)| said.insert((Arc::clone(id), *importer)))
        .map(|(id, importer, day)| gap(catalogue, id, importer, day))
        .collect()
}

fn gap(catalogue: &Catalogue, id: &str, importer: usize, day: &Day) -> Diagnostic {
    let day = day.as_of;
    let message = Message::new(
        format!(
            "«{id}» no tiene una versión vigente en días como el {day}, en que esta sí rige: lo que se decida ese día será un error"
        ),
        format!(
            "“{id}” has no version in force on days such as {day}, on which this one is: deciding on that day will be an error"
        ),
    );
    Diagnostic::warning("catalogo.importacion-sin-vigencia", catalogue.import_span(importer, id), message)
}

fn never_chosen(catalogue: &Catalogue, id: &str, version: &Version) -> Option<Diagnostic> {
    let span = catalogue.header_span(version.file);
    let label = &version.label;
    let message = Message::new(
        format!(
            "la versión «{label}» de «{id}» no rige ningún día: no tiene días, u otras que empezaron después la tapan"
        ),
        format!("version “{label}” of “{id}” holds on no day: it has no days, or others that started later hide it"),
    );
    Some(Diagnostic::warning("catalogo.version-oculta", span, message))
}

impl Catalogue {
    /// Where the header of a file stands.
    pub(super) fn header_span(&self, file: usize) -> Span {
        let header = self.files.get(file).and_then(|file| file.tree.header.as_ref());
        let start = Span::new(SourceId(u32::try_from(file).unwrap_or(u32::MAX)), 0, 0);
        header.map_or(start, |header| header.id.span)
    }

    fn import_span(&self, file: usize, id: &str) -> Span {
        let items = self.files.get(file).map(|file| file.tree.items.as_slice()).unwrap_or_default();
        let import = items.iter().find_map(|item| match &item.kind {
            tree::ItemKind::Import(import) if import.ruleset.text == id => Some(import.ruleset.span),
            _ => None,
        });
        import.unwrap_or_else(|| self.header_span(file))
    }
}

fn no_header(span: Span) -> Diagnostic {
    let message = Message::new(
        "el archivo no dice de qué conjunto de reglas es: se esperaba «reglas ID» o «casos ID» al comienzo",
        "the file doesn't say which ruleset it is: expected “rules ID” or “cases ID” at its beginning",
    );
    Diagnostic::error("catalogo.sin-encabezado", span, message)
}

fn same_label(id: &str, label: &str) -> Message {
    Message::new(format!("«{id}» ya tiene una versión «{label}»"), format!("“{id}” already has a version “{label}”"))
}

fn same_label_help() -> Message {
    Message::new(
        "dé a cada versión su propio `version \"…\"` en el encabezado",
        "give each version its own `version \"…\"` in its header",
    )
}

fn overlap(id: &str, earlier: &Version, later: &Version) -> Message {
    let (earlier, later) = (earlier.in_words(), later.in_words());
    Message::new(
        format!("dos versiones de «{id}» publicadas el mismo día rigen a la vez: {earlier} y {later}"),
        format!("two versions of “{id}” published on the same day are in force at once: {earlier} and {later}"),
    )
}

fn overlap_help() -> Message {
    Message::new(
        "ponga `hasta` a la que termina, o la fecha en que se publicó cada una (`publicada`)",
        "give `to` to the one that ends, or say when each was published (`published`)",
    )
}
