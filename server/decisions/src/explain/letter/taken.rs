//! What took part in a decision and the letter names: norms, figures, and what is not yet sure about them.

use std::sync::Arc;

use dictamen_core::{DecisionReport, Explanation, ParameterReport, TableReport};
use dictamen_plan::Plan;
use dictamen_value::{Language, Type};

use super::{Figure, words};

/// The legal bases of what was decided and of rows that matched, each once, in order; those of figures stand beside them.
pub(super) fn norms(explanation: &Explanation) -> Vec<String> {
    let mut norms: Vec<String> = Vec::new();
    each_rule(explanation, &mut |about| {
        for norm in about.legal_basis.iter().flat_map(|text| text.split(';')).map(str::trim) {
            if !norm.is_empty() && !norms.iter().any(|known| known == norm) {
                norms.push(norm.to_owned());
            }
        }
    });
    norms.sort_by_key(|norm| words::sort_key(norm));
    norms
}

/// What is not yet sure about what took part, each once.
pub(super) fn to_verify(explanation: &Explanation) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut note = |about: About<'_>| {
        let text = about.to_verify.as_deref().map(words::sentence);
        found.extend(text.filter(|text| !text.is_empty() && !found.contains(text)));
    };
    each_rule(explanation, &mut note);
    for parameter in explanation.decisions.iter().rev().flat_map(|decision| &decision.parameters) {
        note(About { legal_basis: &parameter.legal_basis, to_verify: &parameter.to_verify });
    }
    found
}

/// The figures that were read, each once.
pub(super) fn figures(plan: &Plan, explanation: &Explanation, language: Language) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for parameter in explanation.decisions.iter().flat_map(|decision| &decision.parameters) {
        let figure = figure(plan, parameter, language);
        figures.extend(figure.filter(|figure| !figures.contains(figure)));
    }
    figures.sort_by_key(|figure| (words::sort_key(&figure.name), figure.from));
    figures
}

fn figure(plan: &Plan, parameter: &ParameterReport, language: Language) -> Option<Figure> {
    let ty = plan.parameters.iter().find(|(name, ..)| **name == *parameter.name).map_or(&Type::Any, |(_, ty, _)| ty);
    Some(Figure {
        name: parameter.title.as_deref().map_or_else(|| words::name(&parameter.name), str::to_owned),
        value: words::value(&parameter.value, ty, language)?,
        from: parameter.from,
        to: parameter.to,
        legal_basis: parameter.legal_basis.as_deref().map(str::to_owned),
    })
}

/// What is said about something that took part.
struct About<'a> {
    legal_basis: &'a Option<Arc<str>>,
    to_verify: &'a Option<Arc<str>>,
}

/// Visits the rules that took part: the decision asked for first, then what it rests on.
fn each_rule(explanation: &Explanation, visit: &mut dyn FnMut(About<'_>)) {
    for decision in explanation.decisions.iter().rev() {
        visit(About { legal_basis: &decision.legal_basis, to_verify: &decision.to_verify });
        each_table(decision, visit);
    }
}

fn each_table(decision: &DecisionReport, visit: &mut dyn FnMut(About<'_>)) {
    decision.table.iter().for_each(|table| each_row(table, visit));
    for call in &decision.calls {
        visit(About { legal_basis: &call.legal_basis, to_verify: &call.to_verify });
        each_row(&call.table, visit);
    }
}

fn each_row(table: &TableReport, visit: &mut dyn FnMut(About<'_>)) {
    for row in table.rows.iter().filter(|row| row.matched) {
        visit(About { legal_basis: &row.legal_basis, to_verify: &row.to_verify });
    }
    if let Some(default) = &table.default {
        visit(About { legal_basis: &default.legal_basis, to_verify: &default.to_verify });
    }
}
