//! Cases that take the facts of other cases (`como "título"`): each gets its facts in full before anything is checked.

use std::collections::{BTreeMap, BTreeSet};

use dictamen_syntax::tree::{self, Case, Entry, Expr, ExprKind, ItemKind, Like};
use dictamen_syntax::{Diagnostic, Span, walk};
use dictamen_value::Message;

use crate::names::{nearest, suggestion};

/// Lays the facts, `fecha` and `conocido` of each case over those of the case that it names, and gives what is wrong with
/// those names. The files may be of many rulesets and stand in any order. A title is looked for among the cases of the same
/// ruleset: those in files of cases and in the ruleset's own file (from a file of cases: in that of every version). Afterwards
/// each case that names another one is `laid`; one whose facts could not be made out has [`ExprKind::Error`] for facts.
pub fn lay_cases(files: &mut [&mut tree::File]) -> Vec<Diagnostic> {
    lay_within(files, VALUES_MAX)
}

/// How many values all cases together may take from others.
const VALUES_MAX: usize = 5_000_000;

fn lay_within(files: &mut [&mut tree::File], values_max: usize) -> Vec<Diagnostic> {
    let (facts, diagnostics) = {
        let files: Vec<&tree::File> = files.iter().map(|file| &**file).collect();
        Laying::of(&files, values_max).all()
    };
    for ((file, item), facts) in facts {
        let item = files.get_mut(file).and_then(|file| file.items.get_mut(item));
        if let Some(ItemKind::Case(case)) = item.map(|item| &mut item.kind) {
            put(case, facts);
        }
    }
    diagnostics
}

/// The titles of the cases that cases of a file name, where they do not have their facts yet.
pub fn named_cases(file: &tree::File) -> impl Iterator<Item = &str> {
    cases_of(file).filter_map(|(_, _, case)| unlaid(case)).map(|like| like.title.as_str())
}

/// The titles of the cases of a file.
pub fn case_titles(file: &tree::File) -> impl Iterator<Item = &str> {
    cases_of(file).map(|(_, _, case)| case.title.as_str())
}

fn unlaid(case: &Case) -> Option<&Like> {
    case.like.as_ref().filter(|like| !like.laid)
}

fn cases_of(file: &tree::File) -> impl Iterator<Item = (usize, &tree::Item, &Case)> {
    file.items.iter().enumerate().filter_map(|(position, item)| match &item.kind {
        ItemKind::Case(case) => Some((position, item, case)),
        _ => None,
    })
}

fn put(case: &mut Case, facts: Option<Facts>) {
    let unknown = || Expr { kind: ExprKind::Error, span: case.title_span };
    let Facts { as_of, known_at, given } =
        facts.unwrap_or_else(|| Facts { given: Some(unknown()), ..Facts::written(case) });
    (case.as_of, case.known_at, case.given) = (as_of, known_at, given);
    case.like.iter_mut().for_each(|like| like.laid = true);
}

/// A file and an item in it, by position.
type Place = (usize, usize);

/// A case as it was written.
#[derive(Clone, Copy)]
struct Standing<'a> {
    place: Place,
    ruleset: &'a str,
    /// Whether it stands in a file of cases.
    apart: bool,
    case: &'a Case,
    /// Whether it could be read whole.
    whole: bool,
}

/// What a case runs on.
#[derive(Clone)]
struct Facts {
    as_of: Option<Expr>,
    known_at: Option<Expr>,
    given: Option<Expr>,
}

impl Facts {
    fn written(case: &Case) -> Facts {
        Facts { as_of: case.as_of.clone(), known_at: case.known_at.clone(), given: case.given.clone() }
    }

    /// How many values there are to copy.
    fn count(&self) -> usize {
        self.given.as_ref().map_or(0, count)
    }
}

struct Laying<'a> {
    cases: Vec<Standing<'a>>,
    titles: BTreeMap<(&'a str, &'a str), Vec<Standing<'a>>>,
    /// Facts in full; `None` where they could not be made out.
    facts: BTreeMap<Place, Option<Facts>>,
    diagnostics: Vec<Diagnostic>,
    values_max: usize,
    /// How many values were taken from other cases.
    values: usize,
}

impl<'a> Laying<'a> {
    fn of(files: &[&'a tree::File], values_max: usize) -> Laying<'a> {
        let cases: Vec<Standing<'a>> = files.iter().enumerate().flat_map(|(at, file)| standing(at, file)).collect();
        let mut titles: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in &cases {
            titles.entry((one.ruleset, one.case.title.as_str())).or_default().push(*one);
        }
        Laying { cases, titles, facts: BTreeMap::new(), diagnostics: Vec::new(), values_max, values: 0 }
    }

    /// The facts of all cases that name another one, and what is wrong.
    fn all(mut self) -> (BTreeMap<Place, Option<Facts>>, Vec<Diagnostic>) {
        let naming: Vec<Standing<'a>> = self.cases.iter().copied().filter(|one| unlaid(one.case).is_some()).collect();
        naming.iter().for_each(|one| self.chain(*one));
        (self.facts, self.diagnostics)
    }

    /// Follows a case to where its facts start, and lays what was met on the way over that.
    fn chain(&mut self, first: Standing<'a>) {
        let mut met: Vec<Standing<'a>> = Vec::new();
        let mut places = BTreeSet::new();
        let mut next = Some(first);
        while let Some(one) = next.filter(|one| !self.facts.contains_key(&one.place)) {
            if !places.insert(one.place) {
                let start = met.iter().position(|known| known.place == one.place);
                let cycle = met.split_off(start.unwrap_or_default());
                self.diagnostics.extend(cycle_of(&cycle));
                self.facts.extend(cycle.iter().map(|one| (one.place, None)));
                break;
            }
            met.push(one);
            next = unlaid(one.case).and_then(|like| self.base(&one, like));
        }
        while let Some(one) = met.pop() {
            let facts = self.laid(&one);
            self.facts.insert(one.place, facts);
        }
    }

    /// The facts of a case in full; those of the case that it names are known.
    fn laid(&mut self, one: &Standing<'a>) -> Option<Facts> {
        let own = one.whole.then(|| Facts::written(one.case));
        let Some(like) = unlaid(one.case) else { return own };
        let Some(base) = self.base(one, like) else {
            self.diagnostics.push(self.not_one(one, like));
            return None;
        };
        match self.facts.get(&base.place).and_then(Option::as_ref).map(|facts| (facts.count(), facts)) {
            Some((values, _)) if self.values.saturating_add(values) > self.values_max => {
                let told = self.values == usize::MAX;
                self.values = usize::MAX;
                self.diagnostics.extend((!told).then(|| too_many(like, self.values_max)));
                None
            }
            Some((values, facts)) => {
                self.values = self.values.saturating_add(values);
                let facts = facts.clone();
                own.map(|own| self.lay(facts, own, like))
            }
            None => {
                // Beside a mistake in the same file this would only say it again.
                let told = base.place.0 == one.place.0;
                self.diagnostics.extend((!told).then(|| broken_base(like, &base)));
                None
            }
        }
    }

    /// The case that a case names, where there is just one.
    fn base(&self, from: &Standing<'a>, like: &'a Like) -> Option<Standing<'a>> {
        let mut candidates = self.candidates(from, &like.title);
        candidates.next().filter(|_| candidates.next().is_none())
    }

    /// What is wrong with a name that stands for no case, or for several.
    fn not_one(&self, from: &Standing<'a>, like: &'a Like) -> Diagnostic {
        let several: Vec<Standing<'a>> = self.candidates(from, &like.title).take(PLACES_MAX).collect();
        if !several.is_empty() {
            return ambiguous(like, &several);
        }
        // Who mistypes one title is helped; who mistypes thousands must not wait for it.
        if self.diagnostics.len() >= SUGGESTIONS_MAX {
            return unknown(from.ruleset, like, None);
        }
        let seen = self.cases.iter().filter(|one| one.ruleset == from.ruleset && sees(from, one));
        unknown(from.ruleset, like, nearest(&like.title, seen.map(|one| one.case.title.as_str())))
    }

    fn candidates(&self, from: &Standing<'a>, title: &'a str) -> impl Iterator<Item = Standing<'a>> {
        let titled = self.titles.get(&(from.ruleset, title)).map(Vec::as_slice).unwrap_or_default();
        titled.iter().filter(move |one| sees(from, one)).copied()
    }

    fn lay(&mut self, base: Facts, over: Facts, like: &Like) -> Facts {
        let given = match (base.given, over.given) {
            (Some(base), Some(over)) => Some(self.lay_value(base, over, like)),
            (base, over) => over.or(base),
        };
        Facts { as_of: over.as_of.or(base.as_of), known_at: over.known_at.or(base.known_at), given }
    }

    /// Contexts are merged field by field; anything else is replaced.
    fn lay_value(&mut self, base: Expr, over: Expr, like: &Like) -> Expr {
        match (base.kind, over.kind) {
            (ExprKind::Context(base), ExprKind::Context(entries)) => {
                let kind = ExprKind::Context(self.lay_entries(base, entries, like));
                Expr { kind, span: over.span }
            }
            (computed, ExprKind::Context(entries)) if is_computed(&computed) => {
                self.diagnostics.push(computed_base(like, over.span, base.span));
                Expr { kind: ExprKind::Context(entries), span: over.span }
            }
            (_, kind) => Expr { kind, span: over.span },
        }
    }

    /// A field that is given twice stays so: the checker says it.
    fn lay_entries(&mut self, base: Vec<Entry>, over: Vec<Entry>, like: &Like) -> Vec<Entry> {
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        for (at, entry) in over.iter().enumerate() {
            first.entry(entry.name.text.clone()).or_insert(at);
        }
        let mut over: Vec<Option<Entry>> = over.into_iter().map(Some).collect();
        let mut entries = Vec::with_capacity(base.len().saturating_add(over.len()));
        for entry in base {
            let same = first.remove(&entry.name.text).and_then(|at| over.get_mut(at)).and_then(Option::take);
            entries.push(match same {
                Some(new) => Entry { value: self.lay_value(entry.value, new.value, like), ..new },
                None => entry,
            });
        }
        entries.extend(over.into_iter().flatten());
        entries
    }
}

fn standing<'a>(file: usize, tree: &'a tree::File) -> impl Iterator<Item = Standing<'a>> {
    let header = tree.header.as_ref();
    let ruleset = header.map(|header| header.id.text.as_str()).unwrap_or_default();
    let apart = header.is_some_and(|header| header.cases_only);
    cases_of(tree).map(move |(item, written, case)| Standing {
        place: (file, item),
        ruleset,
        apart,
        case,
        whole: !walk::has_errors(written),
    })
}

/// Whether a case may take the facts of another: those of other versions are not for a ruleset's own cases.
fn sees(from: &Standing<'_>, one: &Standing<'_>) -> bool {
    from.apart || one.apart || from.place.0 == one.place.0
}

fn count(expr: &Expr) -> usize {
    let mut values = 1_usize;
    walk::children(expr, &mut |child| values = values.saturating_add(count(child)));
    values
}

/// Whether the fields of a value can't be told from how it is written.
fn is_computed(kind: &ExprKind) -> bool {
    use ExprKind as K;
    let written =
        matches!(kind, K::Null | K::Boolean(_) | K::Number(_) | K::Text(_) | K::At(_) | K::List(_) | K::Range(_));
    !written && !matches!(kind, K::Negate(_) | K::Error)
}

/// The one diagnostic of a cycle, at the case whose title comes first, wherever its file stands among the others.
fn cycle_of(cycle: &[Standing<'_>]) -> Option<Diagnostic> {
    let start = (0..cycle.len()).min_by_key(|at| cycle.get(*at).map(|one| &one.case.title))?;
    let ordered: Vec<&Standing<'_>> = cycle.iter().cycle().skip(start).take(cycle.len()).collect();
    let span = ordered.first().and_then(|one| one.case.like.as_ref())?.span;
    let titles = ordered.iter().chain(ordered.first()).take(TITLES_MAX).map(|one| one.case.title.as_str());
    let titles: Vec<&str> = titles.collect();
    let message = Message::new(
        format!("estos casos toman sus hechos unos de otros, y ninguno los da: «{}»", titles.join("» → «")),
        format!("these cases take their facts from one another, and none gives them: `{}`", titles.join("` → `")),
    );
    let help = Message::new(
        "quite el nombre del otro caso en uno de ellos y escriba allí los hechos enteros",
        "take the name of the other case from one of them, and write the facts there in full",
    );
    Some(Diagnostic::error("casos.como-ciclo", span, message).with_help(help))
}

/// How many cases of a cycle are named.
const TITLES_MAX: usize = 8;

/// How many cases with one title are shown.
const PLACES_MAX: usize = 5;

/// How many wrong titles are answered with the nearest one.
const SUGGESTIONS_MAX: usize = 100;

fn unknown(ruleset: &str, like: &Like, near: Option<&str>) -> Diagnostic {
    let title = &like.title;
    let message = Message::new(
        format!("no hay ningún caso «{title}» entre los de «{ruleset}»"),
        format!("there is no case `{title}` among those of `{ruleset}`"),
    );
    let diagnostic = Diagnostic::error("casos.como-desconocido", like.span, message);
    near.map(suggestion).into_iter().fold(diagnostic, Diagnostic::with_help)
}

fn ambiguous(like: &Like, several: &[Standing<'_>]) -> Diagnostic {
    let title = &like.title;
    let message = Message::new(
        format!("hay varios casos «{title}», y no se sabe de cuál tomar los hechos"),
        format!("there are several cases `{title}`, and nothing tells from which to take the facts"),
    );
    let help = Message::new("dé a cada caso su propio título", "give each case a title of its own");
    let here = Message::new("uno está aquí", "one is here");
    let diagnostic = Diagnostic::error("casos.como-ambiguo", like.span, message).with_help(help);
    several.iter().fold(diagnostic, |found, one| found.with_related(one.case.title_span, here.clone()))
}

fn broken_base(like: &Like, base: &Standing<'_>) -> Diagnostic {
    let title = &like.title;
    let message = Message::new(
        format!("los hechos del caso «{title}» no se pueden leer; corríjalo primero"),
        format!("the facts of the case `{title}` can't be read; mend it first"),
    );
    let here = Message::new("el caso está aquí", "the case is here");
    Diagnostic::error("casos.como-roto", like.span, message).with_related(base.case.title_span, here)
}

fn computed_base(like: &Like, span: Span, base: Span) -> Diagnostic {
    let title = &like.title;
    let message = Message::new(
        format!("en el caso «{title}» este dato se calcula, y no se le pueden cambiar algunos campos"),
        format!("in the case `{title}` this fact is computed, and some of its fields can't be changed"),
    );
    let help = Message::new(
        "escriba allá el dato entre llaves, campo por campo, o aquí entero",
        "write the fact there in braces, field by field, or here in full",
    );
    let here = Message::new("se calcula aquí", "it is computed here");
    Diagnostic::error("casos.como-calculado", span, message).with_help(help).with_related(base, here)
}

fn too_many(like: &Like, values_max: usize) -> Diagnostic {
    let message = Message::new(
        format!("los casos toman de otros más de {values_max} valores en total; este y los que siguen no se prueban"),
        format!(
            "cases take more than {values_max} values from others in all; this one and those behind it are not run"
        ),
    );
    let help = Message::new(
        "tome los hechos de un caso más pequeño, o reparta las reglas en varias cargas",
        "take the facts of a smaller case, or load the rules in several parts",
    );
    Diagnostic::error("limite.hechos-de-casos", like.span, message).with_help(help)
}

#[cfg(test)]
mod tests {
    use dictamen_syntax::{Source, SourceId, parse};

    use super::*;

    #[test]
    fn what_cases_take_from_others_is_limited_as_a_whole() {
        let mut text = "casos r\n\ncaso \"0\"\n  dado { a: [1, 2, 3] }\n".to_owned();
        for number in 1..=4 {
            text += &format!("\ncaso \"{number}\"\n  como \"{}\"\n", number - 1);
        }
        let source = Source::new("r", text);
        let laid = |values_max| {
            let mut file = parse(&source, SourceId(0), &crate::names()).file;
            let codes: Vec<_> = lay_within(&mut [&mut file], values_max).iter().map(|found| found.code).collect();
            let runs = cases_of(&file)
                .filter(|(_, _, case)| case.given.as_ref().is_some_and(|given| !matches!(given.kind, ExprKind::Error)));
            (codes, runs.count())
        };
        // Braces, a list and three numbers, four times.
        assert_eq!(laid(20), (vec![], 5));
        assert_eq!(laid(19), (vec!["limite.hechos-de-casos"], 4));
        assert_eq!(laid(10), (vec!["limite.hechos-de-casos"], 3));
    }

    #[test]
    fn long_chains_and_long_circles_end() {
        let case =
            |number: usize, under: usize| format!("caso \"{number}\"\n  como \"{under}\"\n  dado {{ a: 1 }}\n\n");
        let count = 3_000;
        let chain: String = (1..count).map(|number| case(number, number - 1)).collect();
        for (start, codes) in
            [("caso \"0\"\n  dado { a: 2 }\n\n".to_owned(), vec![]), (case(0, count - 1), vec!["casos.como-ciclo"])]
        {
            let source = Source::new("r", format!("casos r\n\n{chain}{start}"));
            let mut file = parse(&source, SourceId(0), &crate::names()).file;
            let found: Vec<_> = lay_cases(&mut [&mut file]).iter().map(|found| found.code).collect();
            assert_eq!(found, codes);
        }
    }
}
