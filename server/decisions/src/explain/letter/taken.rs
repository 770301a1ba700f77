//! What took part in a decision and the letter names: norms, figures, and what is not yet sure about them.
//!
//! A decision may rest on a hundred norms. The letter names those that its reasons cite, and says how many more there are; the
//! explanation has them all.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_core::{DecisionReport, Explanation, ParameterReport, TableReport};
use dictamen_plan::Plan;
use dictamen_value::{Language, Type};

use super::{Doubt, Figure, Named, Reason, words};

/// The most norms that a letter names.
const NORMS_MAX: usize = 12;
/// The most figures that a letter names.
const FIGURES_MAX: usize = 8;
/// The most doubts that a letter tells.
const DOUBTS_MAX: usize = 5;

/// What is said about something that took part.
struct About<'a> {
    name: String,
    legal_basis: &'a Option<Arc<str>>,
    to_verify: &'a Option<Arc<str>>,
}

/// The articles that a letter cites, by their numbers; everything is of interest to one that cites none.
pub(super) struct Cited(BTreeSet<String>);

impl Cited {
    /// What the reasons cite, and the decision itself with the rows of its table that matched.
    pub(super) fn by(explanation: &Explanation, reasons: &[Reason]) -> Cited {
        let mut numbers: BTreeSet<String> = BTreeSet::new();
        let mut cite = |basis: &str| numbers.extend(basis.split(';').flat_map(articles));
        reasons.iter().filter_map(|reason| reason.legal_basis.as_deref()).for_each(&mut cite);
        if let Some(asked) = explanation.decisions.last() {
            asked.legal_basis.as_deref().into_iter().for_each(&mut cite);
            asked.table.iter().for_each(|table| {
                each_row(table, "", &mut |row| row.legal_basis.as_deref().into_iter().for_each(&mut cite))
            });
        }
        Cited(numbers)
    }

    fn is_of_interest(&self, basis: &str) -> bool {
        self.0.is_empty() || basis.split(';').flat_map(articles).any(|number| self.0.contains(&number))
    }
}

/// The legal bases of what was decided and of rows that matched, each once, in order; those of figures stand beside them.
pub(super) fn norms(explanation: &Explanation, cited: &Cited) -> Named<String> {
    let mut norms: Vec<String> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    each_rule(explanation, &mut |about| {
        for norm in about.legal_basis.iter().flat_map(|text| text.split(';')).map(str::trim) {
            let key = same_norm(norm);
            if !norm.is_empty() && !keys.contains(&key) {
                keys.push(key);
                norms.push(norm.to_owned());
            }
        }
    });
    norms.sort_by_key(|norm| words::sort_key(norm));
    Named::of(norms, NORMS_MAX, |norm| cited.is_of_interest(norm))
}

/// The figures that were read, each once.
pub(super) fn figures(plan: &Plan, explanation: &Explanation, cited: &Cited, language: Language) -> Named<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for parameter in explanation.decisions.iter().flat_map(|decision| &decision.parameters) {
        let figure = figure(plan, parameter, language);
        figures.extend(figure.filter(|figure| !figures.contains(figure)));
    }
    figures.sort_by_key(|figure| (words::sort_key(&figure.name), figure.from));
    Named::of(figures, FIGURES_MAX, |figure| {
        figure.legal_basis.as_deref().is_none_or(|basis| cited.is_of_interest(basis))
    })
}

/// What is not yet sure about what took part, each once.
pub(super) fn doubts(explanation: &Explanation, cited: &Cited) -> Named<Doubt> {
    let mut found: Vec<(Doubt, bool)> = Vec::new();
    let mut note = |about: About<'_>| {
        let Some(text) = about.to_verify.as_deref().filter(|text| !text.trim().is_empty()) else { return };
        let doubt = Doubt { about: about.name, text: words::sentence(text) };
        let of_interest = about.legal_basis.as_deref().is_none_or(|basis| cited.is_of_interest(basis));
        if !found.iter().any(|(known, _)| known.text == doubt.text) {
            found.push((doubt, of_interest));
        }
    };
    each_rule(explanation, &mut note);
    for parameter in explanation.decisions.iter().rev().flat_map(|decision| &decision.parameters) {
        let name = name_of(parameter);
        note(About { name, legal_basis: &parameter.legal_basis, to_verify: &parameter.to_verify });
    }
    let of_interest: Vec<Doubt> = found.iter().filter(|(_, is)| *is).map(|(doubt, _)| doubt.clone()).collect();
    Named::of(found.into_iter().map(|(doubt, _)| doubt).collect(), DOUBTS_MAX, |doubt| of_interest.contains(doubt))
}

fn figure(plan: &Plan, parameter: &ParameterReport, language: Language) -> Option<Figure> {
    let ty = plan.parameters.iter().find(|(name, ..)| **name == *parameter.name).map_or(&Type::Any, |(_, ty, _)| ty);
    Some(Figure {
        name: name_of(parameter),
        value: words::value(&parameter.value, ty, language)?,
        from: parameter.from,
        to: parameter.to,
        legal_basis: parameter.legal_basis.as_deref().map(str::to_owned),
    })
}

fn name_of(parameter: &ParameterReport) -> String {
    parameter.title.as_deref().map_or_else(|| words::name(&parameter.name), str::to_owned)
}

/// Visits the rules that took part: the decision asked for first, then what it rests on.
fn each_rule(explanation: &Explanation, visit: &mut dyn FnMut(About<'_>)) {
    for decision in explanation.decisions.iter().rev() {
        let name = titled(decision.title.as_ref(), &decision.name);
        visit(About { name: name.clone(), legal_basis: &decision.legal_basis, to_verify: &decision.to_verify });
        decision.table.iter().for_each(|table| each_row(table, &name, visit));
        each_call(decision, visit);
    }
}

fn each_call(decision: &DecisionReport, visit: &mut dyn FnMut(About<'_>)) {
    for call in &decision.calls {
        let name = titled(call.title.as_ref(), &call.name);
        visit(About { name: name.clone(), legal_basis: &call.legal_basis, to_verify: &call.to_verify });
        each_row(&call.table, &name, visit);
    }
}

/// Visits the rows that matched, or the default that was taken; each is called by its norm, or else by its table.
fn each_row(table: &TableReport, name: &str, visit: &mut dyn FnMut(About<'_>)) {
    let called = |basis: &Option<Arc<str>>| basis.as_deref().unwrap_or(name).to_owned();
    for row in table.rows.iter().filter(|row| row.matched) {
        visit(About { name: called(&row.legal_basis), legal_basis: &row.legal_basis, to_verify: &row.to_verify });
    }
    if let Some(row) = &table.default {
        visit(About { name: called(&row.legal_basis), legal_basis: &row.legal_basis, to_verify: &row.to_verify });
    }
}

fn titled(title: Option<&Arc<str>>, name: &str) -> String {
    title.map_or_else(|| words::name(name), |title| title.to_string())
}

/// A norm as it is told from others: `ET art. 437` and `ET 437` are one.
fn same_norm(norm: &str) -> String {
    norm.split_whitespace().filter(|word| !matches!(*word, "art." | "arts." | "artículo")).collect::<Vec<_>>().join(" ")
}

/// The articles that a citation names, each with its statute: not the numbers of paragraphs, nor what stands in parentheses.
fn articles(citation: &str) -> Vec<String> {
    let outside = citation.split('(').next().unwrap_or_default();
    let (mut found, mut statute) = (Vec::new(), String::new());
    let (mut is_part, mut in_numbers) = (false, false);
    for word in outside.split_whitespace() {
        let number = word.trim_matches(|letter: char| !letter.is_ascii_digit());
        if word.starts_with(char::is_uppercase) {
            statute = if in_numbers { word.to_owned() } else { format!("{statute} {word}").trim().to_owned() };
            in_numbers = false;
        } else if !number.is_empty() {
            found.extend((!is_part).then(|| format!("{statute} {number}")));
            in_numbers = true;
        }
        is_part = matches!(word, "par." | "num." | "inc." | "lit." | "parágrafo" | "numeral");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_told_by_statute_and_number() {
        for (citation, expected) in [
            ("ET art. 437 par. 3 (Ley 2010/2019)", vec!["ET 437"]),
            ("ET 512-13 lit. a)", vec!["ET 512-13"]),
            ("DUT 1.6.1.2.16 a 1.6.1.2.28", vec!["DUT 1.6.1.2.16", "DUT 1.6.1.2.28"]),
            ("ET art. 592, 593 y 594-3", vec!["ET 592", "ET 593", "ET 594-3"]),
            ("C. Comercio 19 num. 3", vec!["C. Comercio 19"]),
            ("ET 240 y Ley 2277/2022", vec!["ET 240", "Ley 2277/2022"]),
        ] {
            assert_eq!(articles(citation), expected, "{citation}");
        }
        assert_eq!(same_norm("ET art. 437 par. 3"), same_norm("ET 437 par. 3"));
    }
}
