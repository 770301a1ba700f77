//! The cases of a ruleset, its own and those in files of their own, compiled for each closure in which they run.

use std::sync::Arc;

use dictamen_compile::{CompiledCase, CompiledCases};
use dictamen_model::{Checked, Unit};
use dictamen_syntax::{Diagnostic, SourceId, Span};
use dictamen_value::{Date, Message};

use super::versions::{Closure, Version};
use super::{Catalogue, Day, Ready, has_errors};

/// The cases that run against one closure of one version.
#[derive(Debug)]
pub struct CasePlan {
    /// The ruleset.
    pub id: Arc<str>,
    /// The version.
    pub version: Arc<str>,
    /// The plan with the cases, and the hidden decisions that their expectations ask.
    pub compiled: CompiledCases,
    /// The cases that run here (by position in `compiled.cases`), each with its dates.
    pub cases: Vec<(usize, Day)>,
}

/// What is wrong with files of cases, beyond what their rulesets show.
pub(super) fn check(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, files) in &catalogue.cases {
        let wanted = || files.iter().filter(|file| catalogue.files.get(**file).is_some_and(|file| file.wanted));
        match catalogue.versions.of(id) {
            [] => found.extend(wanted().map(|file| no_ruleset(catalogue, id, *file))),
            versions => {
                let checked = versions.iter().flat_map(|version| check_with(catalogue, id, version));
                let of_cases = |diagnostic: &Diagnostic| wanted().any(|file| is_in(diagnostic.span, *file));
                found.extend(checked.filter(of_cases));
            }
        }
    }
    found
}

fn check_with(catalogue: &Catalogue, id: &Arc<str>, version: &Version) -> Vec<Diagnostic> {
    let closures = catalogue.versions.closures(id, version);
    closures.iter().flat_map(|(closure, _)| model_with_cases(catalogue, id, closure).diagnostics).collect()
}

fn model_with_cases(catalogue: &Catalogue, id: &Arc<str>, closure: &Closure) -> Checked {
    let of_cases = catalogue.cases.get(id).map(Vec::as_slice).unwrap_or_default();
    let files = closure.files.iter().chain(of_cases).filter_map(|file| catalogue.files.get(*file));
    dictamen_model::check(&Unit { sources: &catalogue.sources, files: files.map(|file| &file.tree).collect(), root: 0 })
}

impl Catalogue {
    /// The cases of the rulesets that were asked for, each in the closure that its dates choose. A case without `fecha` runs on
    /// the first day in force, one without `conocido` with hindsight. Rulesets with errors have none; they are in the diagnostics.
    pub fn case_plans(&self) -> Vec<CasePlan> {
        let mut plans = Vec::new();
        for (id, versions) in self.versions.iter() {
            for version in versions.iter().filter(|version| self.has_wanted_cases(id, version)) {
                for (closure, _) in self.versions.closures(id, version) {
                    plans.extend(self.case_plan(id, version, &closure));
                }
            }
        }
        plans
    }

    /// The cases that run in the closure of a compiled version; none where there are none, or they have errors.
    pub fn case_plan_of(&self, ready: &Ready) -> Option<CasePlan> {
        let version = self.versions.of(&ready.id).iter().find(|version| version.label == ready.version)?;
        let closures = self.versions.closures(&ready.id, version);
        let same = |closure: &Closure| self.build(&ready.id, version, closure).is_ok_and(|built| built.plan_digest == ready.plan_digest);
        let closure = closures.into_iter().map(|(closure, _)| closure).find(same)?;
        self.case_plan(&ready.id, version, &closure)
    }

    fn case_plan(&self, id: &Arc<str>, version: &Version, closure: &Closure) -> Option<CasePlan> {
        let ready = self.build(id, version, closure).ok()?;
        let Checked { model, diagnostics } = model_with_cases(self, id, closure);
        if has_errors(&diagnostics) {
            return None;
        }
        let compiled = dictamen_compile::compile_cases(&model, &self.sources).ok()?;
        let runs_here = |case: &CompiledCase| {
            let day = case_day(case, version)?;
            let chosen = self.versions.closure(id, version, &day) == *closure;
            let own = self.is_own(case, &compiled, version) || self.versions.choose(id, &day) == Some(version);
            (chosen && own).then_some(day)
        };
        let cases: Vec<(usize, Day)> =
            compiled.cases.iter().enumerate().filter_map(|(position, case)| Some((position, runs_here(case)?))).collect();
        let version = ready.version.clone();
        (!cases.is_empty()).then(|| CasePlan { id: id.clone(), version, compiled, cases })
    }

    /// Whether a case stands in the ruleset's own file, so that it is about this version.
    fn is_own(&self, case: &CompiledCase, compiled: &CompiledCases, version: &Version) -> bool {
        let name = compiled.plan.sources.get(case.position.0 as usize);
        self.sources.get(version.file).is_some_and(|source| Some(source.name()) == name)
    }

    fn has_wanted_cases(&self, id: &Arc<str>, version: &Version) -> bool {
        let of_cases = self.cases.get(id).map(Vec::as_slice).unwrap_or_default();
        self.is_wanted(version) || of_cases.iter().any(|file| self.files.get(*file).is_some_and(|file| file.wanted))
    }
}

/// The dates of a case.
fn case_day(case: &CompiledCase, version: &Version) -> Option<Day> {
    let epoch = || Date::from_day_number(0).ok();
    let as_of = case.as_of.or(version.from).or(version.published).or_else(epoch)?;
    let hindsight = Day::with_hindsight(as_of);
    Some(Day { known_at: case.known_at.unwrap_or(hindsight.known_at), ..hindsight })
}

fn is_in(span: Span, file: usize) -> bool {
    span.source == SourceId(u32::try_from(file).unwrap_or(u32::MAX))
}

fn no_ruleset(catalogue: &Catalogue, id: &str, file: usize) -> Diagnostic {
    let message = Message::new(
        format!("hay casos para «{id}», y ningún archivo lo define; revise el nombre o cargue también sus reglas"),
        format!("there are cases for “{id}”, and no file defines it; check the name or load its rules too"),
    );
    Diagnostic::error("catalogo.casos-sin-reglas", catalogue.header_span(file), message)
}

