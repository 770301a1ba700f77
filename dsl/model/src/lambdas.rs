//! Functions as values: `function(x) …`, what they capture, and the names that a tree mentions.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_syntax::Span;
use dictamen_syntax::tree::{self, Name};
use dictamen_value::{FunctionType, Type};

use crate::checker::Checker;
use crate::frame::{Found, Frame, Names, Variable};
use crate::graph::{Expr, ExprKind, Lambda};

impl<'a> Checker<'a> {
    /// `function(x: T) body`: arguments first in its frame, then what it captures.
    pub(crate) fn lambda(
        &mut self,
        frame: &mut Frame,
        parameters: &'a [(Name, Option<tree::TypeExpr>)],
        body: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let own_name = self.named_function.take();
        let wanted = match expected.map(Type::bare) {
            Some(Type::Function(function)) => Some(function.clone()),
            _ => None,
        };
        let mut inner = Frame { depth: frame.depth, ..Frame::new(frame.ruleset) };
        let mut typed: Vec<(Arc<str>, Type)> = Vec::new();
        for (position, (name, declared)) in parameters.iter().enumerate() {
            let hint = wanted.as_ref().and_then(|function| function.parameters.get(position)).cloned();
            let ty = match (declared, hint) {
                (Some(declared), _) => self.resolve_type(frame.ruleset, declared),
                (None, Some(hint)) if !self.model.dmn_mode => hint,
                (None, _) => self.untyped_parameter(name),
            };
            inner.declare(&name.text, ty.clone());
            typed.push((name.text.as_str().into(), ty));
        }
        let captures = capture(frame, &mut inner, body, parameters);
        let sees_itself = own_name.is_some_and(|name| see_itself(&mut inner, &name, captures.len(), body));
        let body = match &body.kind {
            tree::ExprKind::External(context) => self.external_body(context, parameters, body.span),
            _ => self.expression(&mut inner, body, wanted.as_ref().map(|function| &function.result)),
        };
        let result = body.ty.clone();
        let id = u32::try_from(self.model.lambdas.len()).unwrap_or(u32::MAX);
        let ty = FunctionType { parameters: typed.iter().map(|(_, ty)| ty.clone()).collect(), result };
        self.model.lambdas.push(Lambda { parameters: typed, captures, sees_itself, body, frame: inner.size });
        Expr { kind: ExprKind::Lambda(id), ty: Type::Function(Arc::new(ty)), span }
    }

    fn untyped_parameter(&mut self, name: &Name) -> Type {
        if !self.model.dmn_mode {
            self.error(
                "tipos.parametro-sin-tipo",
                name.span,
                format!("diga de qué tipo es «{}»: function({}: number) …", name.text, name.text),
                format!("say of which type `{}` is: function({}: number) …", name.text, name.text),
            );
        }
        Type::Any
    }
}

/// Brings a function into its own frame where its body mentions its name, after what it captured and before its parameters.
fn see_itself(inner: &mut Frame, name: &str, captured: usize, body: &tree::Expr) -> bool {
    let mut names = BTreeSet::new();
    mentioned(body, &mut names);
    if !names.contains(name) {
        return false;
    }
    let local = inner.fresh();
    let itself = Variable { name: name.into(), local, ty: Type::Any, names: Names::Own, hides: false };
    inner.variables.insert(captured, itself);
    true
}

/// Brings the variables around a function that its body mentions into its own frame.
fn capture(
    outer: &Frame,
    inner: &mut Frame,
    body: &tree::Expr,
    parameters: &[(Name, Option<tree::TypeExpr>)],
) -> Vec<u32> {
    let mut names = BTreeSet::new();
    mentioned(body, &mut names);
    let mut wanted = BTreeSet::new();
    for name in names {
        if parameters.iter().any(|(parameter, _)| parameter.text == name) {
            continue;
        }
        let found = match outer.find(&name) {
            Some(Found::Variable(variable) | Found::FieldOf(variable)) => Some(variable.local),
            None => None,
        };
        wanted.extend(found);
        wanted.extend(outer.maybe_entries(&name));
    }
    // Captured names stand before the parameters' own, in the order they were declared: those are found first.
    let mut captures = Vec::new();
    for variable in outer.variables.iter().filter(|variable| wanted.contains(&variable.local)) {
        let local = inner.fresh();
        inner.variables.insert(captures.len(), Variable { local, ..variable.clone() });
        captures.push(variable.local);
    }
    captures
}

/// Every name that a tree mentions, bound inside it or not.
pub(crate) fn mentioned(expr: &tree::Expr, names: &mut BTreeSet<String>) {
    use tree::ExprKind as K;
    match &expr.kind {
        K::Name(name) => {
            names.insert(name.clone());
        }
        K::Tested => {
            names.insert("?".to_owned());
        }
        K::Path(of, _) | K::Negate(of) | K::InstanceOf(of, _) | K::Function(_, of) | K::Typed(of, _) => {
            mentioned(of, names);
        }
        K::Filter(a, b) | K::Binary(_, a, b) => each([&**a, &**b], names),
        K::Between(a, b, c) | K::If(a, b, c) => each([&**a, &**b, &**c], names),
        K::Call(function, arguments) => {
            mentioned(function, names);
            match arguments {
                tree::Arguments::Positional(items) => each(items, names),
                tree::Arguments::Named(items) => each(items.iter().map(|(_, item)| item), names),
            }
        }
        K::In(value, tests) => {
            mentioned(value, names);
            each(tests.iter().map(test_expr), names);
        }
        K::For(iterations, body) | K::Quantified(_, iterations, body) => {
            mentioned(body, names);
            iterations.iter().for_each(|iteration| match &iteration.domain {
                tree::Domain::List(list) => mentioned(list, names),
                tree::Domain::Interval(from, to) => each([from, to], names),
            });
        }
        K::List(items) => each(items, names),
        K::Context(entries) => each(entries.iter().map(|entry| &entry.value), names),
        K::Range(range) => each(range.low.iter().chain(&range.high), names),
        K::Error
        | K::Null
        | K::Boolean(_)
        | K::Number(_)
        | K::Text(_)
        | K::At(_)
        | K::External(_)
        | K::Unreadable(_) => {}
    }
}

fn each<'t>(items: impl IntoIterator<Item = &'t tree::Expr>, names: &mut BTreeSet<String>) {
    items.into_iter().for_each(|item| mentioned(item, names));
}

fn test_expr(test: &tree::Test) -> &tree::Expr {
    match &test.kind {
        tree::TestKind::Compare(_, expr) | tree::TestKind::Expression(expr) => expr,
    }
}
