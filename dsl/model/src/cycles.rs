//! Decisions that need their own outcome. Functions may call themselves; their depth is limited when they run.

use std::collections::BTreeSet;

use dictamen_syntax::Diagnostic;
use dictamen_value::Message;

use crate::checker::Checker;
use crate::graph::{
    Body, BodyKind, Cell, CellKind, DecisionId, Domain, Expr, ExprKind, FunctionId, InputId, Iteration, LambdaId,
    Model, Table, Test, TestKind,
};

/// What may ask for outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// A decision.
    Decision(DecisionId),
    /// A declared function.
    Function(FunctionId),
}

/// Reports each cycle of decisions once.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let mut search = Search { model: &checker.model, done: BTreeSet::new(), path: Vec::new(), found: Vec::new() };
    let count = u32::try_from(search.model.decisions.len()).unwrap_or(u32::MAX);
    for id in 0..count {
        search.visit(Node::Decision(id));
    }
    for cycle in search.found {
        report(checker, &cycle);
    }
}

struct Search<'m> {
    model: &'m Model,
    done: BTreeSet<Node>,
    path: Vec<Node>,
    found: Vec<Vec<DecisionId>>,
}

impl Search<'_> {
    /// Depth first, with the path at hand on a list of its own so that long chains cost no stack.
    fn visit(&mut self, start: Node) {
        let mut stack = vec![(start, false)];
        while let Some((node, leaving)) = stack.pop() {
            if leaving {
                self.path.pop();
                self.done.insert(node);
                continue;
            }
            if let Some(position) = self.path.iter().position(|known| *known == node) {
                self.cycle(position);
                continue;
            }
            if self.done.contains(&node) {
                continue;
            }
            self.path.push(node);
            stack.push((node, true));
            let mut next = BTreeSet::new();
            asked(self.model, node, &mut next, &mut |_| {});
            stack.extend(next.into_iter().rev().map(|node| (node, false)));
        }
    }

    fn cycle(&mut self, position: usize) {
        let decisions: Vec<DecisionId> = self
            .path
            .iter()
            .skip(position)
            .filter_map(|node| match node {
                Node::Decision(id) => Some(*id),
                Node::Function(_) => None,
            })
            .collect();
        let known = |cycle: &Vec<DecisionId>| {
            cycle.iter().collect::<BTreeSet<_>>() == decisions.iter().collect::<BTreeSet<_>>()
        };
        if !decisions.is_empty() && !self.found.iter().any(known) {
            self.found.push(decisions);
        }
    }
}

fn report(checker: &mut Checker<'_>, cycle: &[DecisionId]) {
    let name = |id: &DecisionId| checker.model.decisions.get(*id as usize).map(|decision| decision.name.to_string());
    let names: Vec<String> = cycle.iter().chain(cycle.first()).filter_map(name).collect();
    let Some(first) = cycle.first().and_then(|id| checker.model.decisions.get(*id as usize)) else { return };
    let path = names.join(" → ");
    let diagnostic = Diagnostic::error(
        "decisiones.ciclo",
        first.span,
        Message::new(
            format!("una decisión no puede depender de sí misma: {path}"),
            format!("a decision cannot depend on itself: {path}"),
        ),
    );
    checker.report(diagnostic);
}

/// What the body of a node asks for, and the facts that it reads.
pub(crate) fn asked(model: &Model, node: Node, into: &mut BTreeSet<Node>, fact: &mut dyn FnMut(InputId)) {
    let body = match node {
        Node::Decision(id) => model.decisions.get(id as usize).map(|decision| &decision.body),
        Node::Function(id) => model.functions.get(id as usize).map(|function| &function.body),
    };
    let mut lambdas = Vec::new();
    if let Some(body) = body {
        visit_body(body, &mut |expr| note(expr, into, fact, &mut lambdas));
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = lambdas.pop() {
        if let (true, Some(lambda)) = (seen.insert(id), model.lambdas.get(id as usize)) {
            visit(&lambda.body, &mut |expr| note(expr, into, fact, &mut lambdas));
        }
    }
}

fn note(expr: &Expr, into: &mut BTreeSet<Node>, fact: &mut dyn FnMut(InputId), lambdas: &mut Vec<LambdaId>) {
    match &expr.kind {
        ExprKind::Input(id) => fact(*id),
        ExprKind::Decision(id) => {
            into.insert(Node::Decision(*id));
        }
        ExprKind::Call(id, _) | ExprKind::FunctionValue(id) => {
            into.insert(Node::Function(*id));
        }
        ExprKind::Lambda(id) => lambdas.push(*id),
        ExprKind::Service(service) => into.extend(service.outputs.iter().map(|id| Node::Decision(*id))),
        _ => {}
    }
}

/// Visits every expression of a body, outer ones first.
pub(crate) fn visit_body(body: &Body, see: &mut impl FnMut(&Expr)) {
    match &body.kind {
        BodyKind::Expression(expr) => visit(expr, see),
        BodyKind::Table(table) => visit_table(table, see),
    }
}

fn visit_table(table: &Table, see: &mut impl FnMut(&Expr)) {
    table.inputs.iter().for_each(|column| visit(&column.value, see));
    for row in &table.rows {
        row.inputs.iter().for_each(|cell| visit_cell(cell, see));
        row.outputs.iter().for_each(|output| visit(output, see));
    }
    table.default.iter().flat_map(|(cells, _, _)| cells).for_each(|cell| visit(cell, see));
}

fn visit_cell(cell: &Cell, see: &mut impl FnMut(&Expr)) {
    match &cell.kind {
        CellKind::Any => {}
        CellKind::AnyOf(tests) | CellKind::NoneOf(tests) => tests.iter().for_each(|test| visit_test(test, see)),
    }
}

fn visit_test(test: &Test, see: &mut impl FnMut(&Expr)) {
    match &test.kind {
        TestKind::Compare(_, expr)
        | TestKind::InRange(expr)
        | TestKind::InList(expr)
        | TestKind::Condition(expr)
        | TestKind::Dynamic(expr) => visit(expr, see),
        TestKind::Within { low, high, .. } => {
            visit(low, see);
            visit(high, see);
        }
    }
}

/// Visits an expression and those inside it, outer ones first; bodies of lambdas are apart.
pub(crate) fn visit(expr: &Expr, see: &mut impl FnMut(&Expr)) {
    use ExprKind as K;
    see(expr);
    match &expr.kind {
        K::Constant(_)
        | K::Input(_)
        | K::Decision(_)
        | K::Parameter(_, None)
        | K::AsOf
        | K::KnownAt
        | K::Local(_)
        | K::Lambda(_)
        | K::FunctionValue(_)
        | K::Service(_)
        | K::Fault(..) => {}
        K::Parameter(_, Some(inner))
        | K::Field(inner, ..)
        | K::FieldOfEach(inner, _)
        | K::Negate(inner)
        | K::InstanceOf(inner, _)
        | K::Ensure(inner, _)
        | K::Convert(inner, _)
        | K::EntryOr(_, _, inner) => {
            visit(inner, see);
        }
        K::Filter { list: a, condition: b, .. }
        | K::Element(a, b)
        | K::Arithmetic(_, a, b)
        | K::Compare(_, a, b)
        | K::And(a, b)
        | K::Or(a, b)
        | K::Range { low: a, high: b, .. } => {
            visit(a, see);
            visit(b, see);
        }
        K::In { value, tests, .. } => {
            visit(value, see);
            tests.iter().for_each(|test| visit_test(test, see));
        }
        K::If(a, b, c) => [a, b, c].into_iter().for_each(|part| visit(part, see)),
        K::For(iterations, body) | K::ForPartial(iterations, _, body) | K::Quantified(_, iterations, body) => {
            iterations.iter().for_each(|iteration| visit_iteration(iteration, see));
            visit(body, see);
        }
        K::List(items) | K::Call(_, items) | K::BuiltIn { arguments: items, .. } | K::External(_, _, items) => {
            items.iter().for_each(|item| visit(item, see));
        }
        K::Context(entries) => entries.iter().for_each(|entry| visit(&entry.value, see)),
        K::CallValue(function, arguments) => {
            visit(function, see);
            arguments.iter().for_each(|argument| visit(argument, see));
        }
        K::CallNamed(function, arguments) => {
            visit(function, see);
            arguments.iter().for_each(|(_, argument)| visit(argument, see));
        }
        K::Let(locals, body) => {
            locals.iter().for_each(|(_, value)| visit(value, see));
            visit(body, see);
        }
    }
}

fn visit_iteration(iteration: &Iteration, see: &mut impl FnMut(&Expr)) {
    match &iteration.domain {
        Domain::List(list) => visit(list, see),
        Domain::Interval(from, to) => {
            visit(from, see);
            visit(to, see);
        }
    }
}
