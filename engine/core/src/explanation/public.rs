//! The public form: what is left of an explanation, or of a failure, when everything reserved is taken away.

use std::sync::Arc;

use dictamen_plan::{DecisionId, Plan};
use dictamen_value::{Message, Value};

use super::reserve;
use super::{CallReport, DecisionReport, Explanation, ParameterReport, TableReport};
use crate::evaluation::decision_name;
use crate::{Failure, Request};

/// The code of the failure that stands for a reserved outcome.
pub(super) const RESERVED_OUTCOME: &str = "reserva.resultado";

/// Takes away what is reserved.
pub(super) fn of(explanation: Explanation, request: &Request<'_>) -> Explanation {
    let plan = request.plan;
    if !reserve::has_reserves(plan) {
        return explanation;
    }
    let outcome = match reserve::decision_reserve(plan, request.decision) {
        Some(why) => Err(reserved_outcome(why)),
        None => explanation.outcome.map_err(|failure| conceal(plan, &failure)),
    };
    let decisions = explanation.decisions.into_iter().filter(|report| report.is_told);
    Explanation { decisions: decisions.map(|report| decision(plan, report)).collect(), outcome, ..explanation }
}

/// A failure as the person may know it: nothing of where or why it happened, where that has to do with what is reserved.
pub fn conceal(plan: &Plan, failure: &Failure) -> Failure {
    if !reserve::has_reserves(plan) {
        return failure.clone();
    }
    let path: Vec<Option<DecisionId>> = failure.path.iter().map(|name| named(plan, name)).collect();
    let is_open = |id: &Option<DecisionId>| id.is_some_and(|id| reserve::decision_reserve(plan, id).is_none());
    let open = path.iter().take_while(|id| is_open(id)).count();
    let last_touches = || path.last().copied().flatten().is_none_or(|id| reserve::touches(plan, id));
    let is_public = open == path.len() && !mentions_reserved(plan, &failure.message) && !last_touches();
    if is_public {
        return failure.clone();
    }
    Failure {
        code: "reserva.no-evaluada".into(),
        message: Message::new(
            "un criterio reservado no se pudo evaluar; quien administra las reglas puede ver por qué",
            "a reserved criterion could not be evaluated; whoever administers the rules can see why",
        ),
        place: None,
        path: failure.path.iter().take(open).cloned().collect(),
    }
}

/// Whether a decision is reserved.
pub fn is_reserved(plan: &Plan, decision: DecisionId) -> bool {
    reserve::decision_reserve(plan, decision).is_some()
}

/// Whether a text for people names what is reserved.
pub fn mentions_reserved(plan: &Plan, message: &Message) -> bool {
    let names = reserved_names(plan);
    names.iter().any(|name| has_word(&message.es, name) || has_word(&message.en, name))
}

/// The names of what is reserved, as its ruleset calls it.
fn reserved_names(plan: &Plan) -> Vec<Arc<str>> {
    let decisions = plan.decisions.iter().map(|it| (&it.about, &it.name));
    let functions = plan.functions.iter().map(|it| (&it.about, &it.name));
    let inputs = plan.inputs.iter().map(|it| (&it.about, &it.name));
    let named = decisions.chain(functions).chain(inputs);
    let mut names: Vec<Arc<str>> =
        named.filter(|(about, _)| about.reserved.is_some()).map(|(_, name)| name.clone()).collect();
    let parameters = plan.parameters.iter().filter(|(_, _, about)| about.reserved.is_some());
    names.extend(parameters.map(|(name, ..)| name.rsplit('.').next().unwrap_or(name).into()));
    names
}

/// Whether a word stands in a text by itself, not inside of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word).any(|(start, found)| {
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let after = text.get(start.saturating_add(found.len())..).and_then(|text| text.chars().next());
        !is_part(before) && !is_part(after)
    })
}

fn named(plan: &Plan, name: &str) -> Option<DecisionId> {
    let count = u32::try_from(plan.decisions.len()).unwrap_or(u32::MAX);
    (0..count).find(|id| decision_name(plan, *id) == name)
}

fn reserved_outcome(why: &str) -> Failure {
    Failure {
        code: RESERVED_OUTCOME.into(),
        message: Message::new(format!("el resultado es reservado: {why}"), format!("the outcome is reserved: {why}")),
        place: None,
        path: Vec::new(),
    }
}

fn decision(plan: &Plan, report: DecisionReport) -> DecisionReport {
    let outcome = report.outcome.map_err(|failure| conceal(plan, &failure));
    let diagnostics = if report.touches_reserved { Vec::new() } else { report.diagnostics };
    let calls = report.calls.into_iter().filter(|call| call.reserved.is_none() && !call.within_reserved);
    let parameters = report.parameters.into_iter();
    let is_open = |read: &ParameterReport| read.reserved.is_none() && !read.within_reserved;
    DecisionReport {
        outcome,
        diagnostics,
        calls: calls.map(|call| CallReport { table: table(call.table), ..call }).collect(),
        calls_left_out: if report.touches_reserved { 0 } else { report.calls_left_out },
        parameters: parameters.filter(is_open).collect(),
        asks: report.public_asks.clone(),
        table: report.table.map(table),
        ..report
    }
}

fn table(mut table: TableReport) -> TableReport {
    for column in table.columns.iter_mut().filter(|column| column.reserved) {
        (column.text, column.value, column.concealed) = (String::new(), Value::Null, true);
    }
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.reserved) {
        (cell.text, cell.holds, cell.concealed) = (String::new(), None, true);
    }
    table
}
