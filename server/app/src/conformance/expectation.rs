//! What a case gives and expects, as values of the language.

use dictamen_import::tck::{CaseKind, InputNode, ResultNode, TestCase};
use dictamen_value::{Message, Value};

/// An input of a case.
pub(super) struct GivenInput<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its value.
    pub(super) value: Value,
}

/// The inputs of a case.
pub(super) fn inputs(case: &TestCase) -> Result<Vec<GivenInput<'_>>, Message> {
    case.inputs.iter().map(given).collect()
}

fn given(node: &InputNode) -> Result<GivenInput<'_>, Message> {
    let value = node.value.to_value().map_err(|problem| problem.message)?;
    Ok(GivenInput { name: &node.name, value })
}

/// The value that a result must have: null for an error, and where nothing is said.
pub(super) fn expected(result: &ResultNode) -> Result<Value, Message> {
    match &result.expected {
        Some(value) if !result.error_result => value.to_value().map_err(|problem| problem.message),
        _ => Ok(Value::Null),
    }
}

/// The knowledge model or the service that a case calls, instead of the decisions of its results.
pub(super) fn invokes(case: &TestCase) -> Option<&str> {
    match case.kind {
        CaseKind::Decision => None,
        CaseKind::BusinessKnowledgeModel | CaseKind::DecisionService => case.invocable_name.as_deref(),
    }
}

/// The knowledge model that a case calls with what it gives as arguments. A service is asked by its name, with what the
/// case gives as facts: of those it takes what it needs, and what is not given is null.
pub(super) fn calls(case: &TestCase) -> Option<&str> {
    case.invocable_name.as_deref().filter(|_| case.kind == CaseKind::BusinessKnowledgeModel)
}
