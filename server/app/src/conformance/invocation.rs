//! Cases that call a knowledge model: each becomes a decision that calls it with what is given.

use dictamen_import::tck::TestCase;
use dictamen_syntax::tree::{Arguments, Decision, Expr, ExprKind, File, Item, ItemKind, Name};
use dictamen_syntax::{Source, SourceId, Span};
use dictamen_value::Message;

use super::expectation::{calls, inputs};

/// The name of the decision that makes the call of a case, by the case's position in its file.
pub(super) fn name(position: usize) -> String {
    format!("conformance invocation {position}")
}

/// Adds a decision for each case that calls a function.
pub(super) fn add(file: &mut File, cases: &[TestCase]) -> Result<(), Message> {
    for (position, case) in cases.iter().enumerate() {
        if let Some(called) = calls(case) {
            file.items.push(decision(position, called, case)?);
        }
    }
    Ok(())
}

fn decision(position: usize, called: &str, case: &TestCase) -> Result<Item, Message> {
    let argument = |given: super::expectation::GivenInput<'_>| {
        let name = Name { text: given.name.to_owned(), span: Span::default() };
        (name, literal(&given.value.to_feel()))
    };
    let arguments = inputs(case)?.into_iter().map(argument).collect();
    let function = Expr { kind: ExprKind::Name(called.to_owned()), span: Span::default() };
    let kind = ExprKind::Call(Box::new(function), Arguments::Named(arguments));
    let decision = Decision {
        name: Name { text: name(position), span: Span::default() },
        ty: None,
        attributes: Vec::new(),
        locals: Vec::new(),
        body: Expr { kind, span: Span::default() },
    };
    Ok(Item { comments: Vec::new(), kind: ItemKind::Decision(decision), span: Span::default() })
}

/// A value as the expression that gives it.
fn literal(text: &str) -> Expr {
    let source = Source::new("", text);
    let (expr, _) = dictamen_syntax::parse_expression(&source, SourceId(0), &dictamen_model::names().native());
    expr
}
