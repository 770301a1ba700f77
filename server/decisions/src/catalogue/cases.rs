//! The cases of a ruleset, its own and those in files of their own, each with the version and imports that its date chooses.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictamen_compile::{CompiledCase, CompiledCases};
use dictamen_core::Prepared;
use dictamen_model::{Checked, Unit};
use dictamen_plan::{ParameterSet, Position};
use dictamen_syntax::{Diagnostic, Place, SourceId, Span, tree};
use dictamen_value::{Date, DateTime, Message};

use super::versions::{Closure, Version};
use super::{Catalogue, Day, Ready, has_errors};

/// The cases that run against one closure of one version.
#[derive(Debug)]
pub struct CasePlan {
    /// The ruleset.
    pub id: Arc<str>,
    /// The version.
    pub version: Arc<str>,
    /// The plan with the hidden decisions that the cases' expectations ask.
    pub plan: Prepared,
    /// Its parameters.
    pub parameters: ParameterSet,
    /// The cases as compiled.
    pub compiled: Vec<CompiledCase>,
    /// The cases that run here (by position in `compiled`), each with its dates.
    pub cases: Vec<(usize, Day)>,
}

/// A case as it stands in a file, with its dates.
#[derive(Clone, Copy, Debug)]
struct Standing {
    file: usize,
    title: Span,
    day: Day,
}

/// Cases that share a closure.
type Group = (Closure, Vec<Standing>);

/// What is wrong with cases beyond what the checks of their rulesets show: files for no ruleset, dates without a version, and
/// mistakes in files of cases.
pub(super) fn check(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, files) in &catalogue.cases {
        let wanted = files.iter().filter(|file| catalogue.is_wanted_file(**file));
        if catalogue.versions.of(id).is_empty() {
            found.extend(wanted.map(|file| no_ruleset(catalogue, id, *file)));
        } else {
            found.extend(wanted.flat_map(|file| without_version(catalogue, id, *file)));
        }
    }
    for (id, versions) in catalogue.versions.iter() {
        for version in versions {
            for (closure, cases) in catalogue.case_groups(id, version) {
                found.extend(check_group(catalogue, id, version, &closure, &cases));
            }
        }
    }
    found
}

/// What is wrong with the cases of a group in files of their own, or with its dates.
fn check_group(
    catalogue: &Catalogue,
    id: &Arc<str>,
    version: &Version,
    closure: &Closure,
    cases: &[Standing],
) -> Vec<Diagnostic> {
    let in_force_later = closure.missing.iter().find(|(missing, _)| !catalogue.versions.of(missing).is_empty());
    if let Some((missing, _)) = in_force_later {
        return cases.iter().map(|case| import_not_in_force(case, missing)).collect();
    }
    if cases.iter().all(|case| case.file == version.file) {
        return Vec::new();
    }
    let in_cases =
        |found: &Diagnostic| cases.iter().any(|case| case.file != version.file && is_in(found.span, case.file));
    catalogue.model_with_cases(id, closure, cases).diagnostics.into_iter().filter(in_cases).collect()
}

impl Catalogue {
    /// The cases of the files that were asked for, each with the version and imports that its date chooses; those in a
    /// ruleset's own file are about that version. A case without `fecha` runs on the first day in force (in a file of cases: of
    /// the newest version), one without `conocido` with hindsight. Rulesets with errors have none: see the diagnostics.
    pub fn case_plans(&self) -> Vec<CasePlan> {
        let mut plans = Vec::new();
        for (id, versions) in self.versions.iter() {
            for version in versions {
                let groups = self.case_groups(id, version).into_iter();
                plans.extend(groups.filter_map(|(closure, cases)| self.case_plan(id, version, &closure, &cases)));
            }
        }
        plans
    }

    /// The cases that run in the closure of a compiled version; none where there are none, or they have errors.
    pub fn case_plan_of(&self, ready: &Ready) -> Option<CasePlan> {
        let version = self.versions.of(&ready.id).iter().find(|version| version.label == ready.version)?;
        let same = |closure: &Closure| {
            self.build(&ready.id, version, closure).is_ok_and(|built| built.plan_digest == ready.plan_digest)
        };
        let (closure, cases) = self.case_groups(&ready.id, version).into_iter().find(|(closure, _)| same(closure))?;
        self.case_plan(&ready.id.clone(), version, &closure, &cases)
    }

    fn case_plan(&self, id: &Arc<str>, version: &Version, closure: &Closure, cases: &[Standing]) -> Option<CasePlan> {
        let ready = self.build(id, version, closure).ok()?;
        let Checked { model, diagnostics } = self.model_with_cases(id, closure, cases);
        if has_errors(&diagnostics) {
            return None;
        }
        let compiled = dictamen_compile::compile_cases(&model, &self.sources).ok()?;
        let days: BTreeMap<Place, Day> =
            cases.iter().filter_map(|case| Some((self.place(case.title)?, case.day))).collect();
        let day_of = |position: Position| days.get(&place_of(&compiled, position)?).copied();
        let all = compiled.cases.iter().enumerate();
        let cases = all.filter_map(|(number, case)| Some((number, day_of(case.position)?))).collect();
        let CompiledCases { plan, parameters, cases: compiled } = compiled;
        Some(CasePlan {
            id: id.clone(),
            version: ready.version.clone(),
            plan: plan.into(),
            parameters,
            compiled,
            cases,
        })
    }

    /// The cases that run against a version, by the closures that their dates choose.
    fn case_groups(&self, id: &Arc<str>, version: &Version) -> Vec<Group> {
        let own = self.standing(version.file, version);
        let newest = self.newest(id).unwrap_or(version);
        let files = self.cases.get(id).map(Vec::as_slice).unwrap_or_default();
        let apart = files.iter().flat_map(|file| self.standing(*file, newest));
        let apart = apart.filter(|case| self.versions.choose(id, &case.day) == Some(version));
        let mut groups: Vec<Group> = Vec::new();
        for case in own.into_iter().chain(apart).filter(|case| self.is_wanted_file(case.file)) {
            let closure = self.versions.closure(id, version, &case.day);
            match groups.iter_mut().find(|(known, _)| *known == closure) {
                Some((_, cases)) => cases.push(case),
                None => groups.push((closure, vec![case])),
            }
        }
        groups
    }

    /// The cases of a file; those without dates take them from a version.
    fn standing(&self, file: usize, version: &Version) -> Vec<Standing> {
        let items = self.files.get(file).map(|file| file.tree.items.as_slice()).unwrap_or_default();
        let cases = items.iter().filter_map(|item| match &item.kind {
            tree::ItemKind::Case(case) => {
                let readable = !matches!(&case.given, Some(given) if given.kind == tree::ExprKind::Error);
                Some(Standing { file, title: case.title_span, day: case_day(case, version).filter(|_| readable)? })
            }
            _ => None,
        });
        cases.collect()
    }

    fn newest(&self, id: &str) -> Option<&Version> {
        self.versions.of(id).iter().max_by_key(|version| (version.from, version.published))
    }

    /// The model of a closure together with these cases and no others from files of cases.
    fn model_with_cases(&self, id: &Arc<str>, closure: &Closure, cases: &[Standing]) -> Checked {
        let files = self.cases.get(id).map(Vec::as_slice).unwrap_or_default();
        let picked: Vec<tree::File> = files.iter().filter_map(|file| self.picked(*file, cases)).collect();
        let rules = closure.files.iter().filter_map(|file| self.files.get(*file)).map(|file| &file.tree);
        dictamen_model::check(&Unit { sources: &self.sources, files: rules.chain(&picked).collect(), root: 0 })
    }

    /// A file of cases with only these of its cases; none where it has none of them.
    fn picked(&self, file: usize, cases: &[Standing]) -> Option<tree::File> {
        if !cases.iter().any(|case| case.file == file) {
            return None;
        }
        let mut tree = self.files.get(file)?.tree.clone();
        tree.items.retain(|item| match &item.kind {
            tree::ItemKind::Case(case) => cases.iter().any(|picked| picked.title == case.title_span),
            _ => true,
        });
        Some(tree)
    }

    fn is_wanted_file(&self, file: usize) -> bool {
        self.files.get(file).is_some_and(|file| file.wanted)
    }
}

/// The dates of a case.
fn case_day(case: &tree::Case, version: &Version) -> Option<Day> {
    let text = |expr: &Option<tree::Expr>| match expr.as_ref().map(|expr| &expr.kind) {
        Some(tree::ExprKind::At(text) | tree::ExprKind::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let epoch = || Date::from_day_number(0).ok();
    let as_of = text(&case.as_of).and_then(|text| Date::parse(&text).ok());
    let as_of = as_of.or(version.from).or(version.published).or_else(epoch)?;
    let moment =
        |text: String| Date::parse(&text).map(DateTime::at_midnight_utc).or_else(|_| DateTime::parse(&text)).ok();
    let hindsight = Day::with_hindsight(as_of);
    Some(Day { known_at: text(&case.known_at).and_then(moment).unwrap_or(hindsight.known_at), ..hindsight })
}

fn place_of(compiled: &CompiledCases, Position(source, line, column): Position) -> Option<Place> {
    Some(Place::Text { file: compiled.plan.sources.get(source as usize)?.clone(), line, column })
}

fn is_in(span: Span, file: usize) -> bool {
    span.source == SourceId(u32::try_from(file).unwrap_or(u32::MAX))
}

/// Cases of a file whose dates choose no version.
fn without_version(catalogue: &Catalogue, id: &Arc<str>, file: usize) -> Vec<Diagnostic> {
    let Some(newest) = catalogue.newest(id) else { return Vec::new() };
    let cases = catalogue.standing(file, newest).into_iter();
    cases
        .filter(|case| catalogue.versions.choose(id, &case.day).is_none())
        .map(|case| not_in_force(&case, id))
        .collect()
}

fn not_in_force(case: &Standing, id: &str) -> Diagnostic {
    let as_of = case.day.as_of;
    let message = Message::new(
        format!(
            "ninguna versión de «{id}» rige en la fecha de este caso, {as_of}: no se puede probar; cambie su `fecha`"
        ),
        format!(
            "no version of “{id}” is in force on the date of this case, {as_of}: it can't be run; change its `date`"
        ),
    );
    Diagnostic::error("catalogo.caso-sin-version", case.title, message)
}

fn import_not_in_force(case: &Standing, id: &str) -> Diagnostic {
    let as_of = case.day.as_of;
    let message = Message::new(
        format!(
            "«{id}», que se importa, no rige en la fecha de este caso, {as_of}: no se puede probar; cambie su `fecha`"
        ),
        format!(
            "“{id}”, which is imported, is not in force on the date of this case, {as_of}: it can't be run; change its `date`"
        ),
    );
    Diagnostic::error("catalogo.caso-sin-version", case.title, message)
}

fn no_ruleset(catalogue: &Catalogue, id: &str, file: usize) -> Diagnostic {
    let message = Message::new(
        format!("hay casos para «{id}», y ningún archivo lo define; revise el nombre o cargue también sus reglas"),
        format!("there are cases for “{id}”, and no file defines it; check the name or load its rules too"),
    );
    Diagnostic::error("catalogo.casos-sin-reglas", catalogue.header_span(file), message)
}
