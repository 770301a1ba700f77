//! Visits every part of a typed graph.

use dictamen_model::graph::{
    Body, BodyKind, Cell, CellKind, Domain, Expr, ExprKind, Iteration, Model, Table, Test, TestKind,
};

/// Hears of every part, those around others first.
pub trait Visitor {
    /// An expression.
    fn expression(&mut self, _expr: &Expr) {}
    /// A test of a cell or of `in`.
    fn test(&mut self, _test: &Test) {}
    /// A cell, or the constraint of a type.
    fn cell(&mut self, _cell: &Cell) {}
    /// What an iteration runs over.
    fn domain(&mut self, _domain: &Domain) {}
    /// A table.
    fn table(&mut self, _table: &Table) {}
}

/// Visits all bodies of a model, and the constraints of its types.
pub fn walk(model: &Model, visitor: &mut dyn Visitor) {
    model.decisions.iter().for_each(|decision| body(&decision.body, visitor));
    model.functions.iter().for_each(|function| body(&function.body, visitor));
    model.lambdas.iter().for_each(|lambda| expression(&lambda.body, visitor));
    model.constraints.iter().for_each(|constraint| cell(&constraint.tests, visitor));
}

fn body(body: &Body, visitor: &mut dyn Visitor) {
    match &body.kind {
        BodyKind::Expression(expr) => expression(expr, visitor),
        BodyKind::Table(of) => table(of, visitor),
    }
}

fn table(table: &Table, visitor: &mut dyn Visitor) {
    visitor.table(table);
    table.inputs.iter().for_each(|column| expression(&column.value, visitor));
    for row in &table.rows {
        row.inputs.iter().for_each(|of| cell(of, visitor));
        expressions(&row.outputs, visitor);
    }
    if let Some((outputs, ..)) = &table.default {
        expressions(outputs, visitor);
    }
}

fn cell(cell: &Cell, visitor: &mut dyn Visitor) {
    visitor.cell(cell);
    match &cell.kind {
        CellKind::Any => {}
        CellKind::AnyOf(all) | CellKind::NoneOf(all) => tests(all, visitor),
    }
}

fn tests(tests: &[Test], visitor: &mut dyn Visitor) {
    for test in tests {
        visitor.test(test);
        match &test.kind {
            TestKind::Within { low, high, .. } => {
                expression(low, visitor);
                expression(high, visitor);
            }
            TestKind::Compare(_, expr)
            | TestKind::InRange(expr)
            | TestKind::InList(expr)
            | TestKind::Condition(expr)
            | TestKind::Dynamic(expr) => expression(expr, visitor),
        }
    }
}

fn expressions(exprs: &[Expr], visitor: &mut dyn Visitor) {
    exprs.iter().for_each(|expr| expression(expr, visitor));
}

fn expression(expr: &Expr, visitor: &mut dyn Visitor) {
    visitor.expression(expr);
    match &expr.kind {
        ExprKind::Constant(_)
        | ExprKind::Input(_)
        | ExprKind::Decision(_)
        | ExprKind::Parameter(_, None)
        | ExprKind::AsOf
        | ExprKind::KnownAt
        | ExprKind::Local(_)
        | ExprKind::Lambda(_)
        | ExprKind::FunctionValue(_)
        | ExprKind::Service(_)
        | ExprKind::Fault(..) => {}
        ExprKind::Parameter(_, Some(of))
        | ExprKind::Field(of, ..)
        | ExprKind::FieldOfEach(of, _)
        | ExprKind::Negate(of)
        | ExprKind::InstanceOf(of, _)
        | ExprKind::Ensure(of, _)
        | ExprKind::Convert(of, _)
        | ExprKind::EntryOr(_, _, of) => expression(of, visitor),
        ExprKind::Filter { list: one, condition: other, .. }
        | ExprKind::Element(one, other)
        | ExprKind::Arithmetic(_, one, other)
        | ExprKind::Compare(_, one, other)
        | ExprKind::And(one, other)
        | ExprKind::Or(one, other)
        | ExprKind::Range { low: one, high: other, .. } => {
            expression(one, visitor);
            expression(other, visitor);
        }
        ExprKind::In { value, tests: all, .. } => {
            expression(value, visitor);
            tests(all, visitor);
        }
        ExprKind::If(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().for_each(|part| expression(part, visitor));
        }
        ExprKind::For(over, body) | ExprKind::ForPartial(over, _, body) | ExprKind::Quantified(_, over, body) => {
            iterations(over, visitor);
            expression(body, visitor);
        }
        ExprKind::Context(entries) => entries.iter().for_each(|entry| expression(&entry.value, visitor)),
        ExprKind::List(items)
        | ExprKind::Call(_, items)
        | ExprKind::BuiltIn { arguments: items, .. }
        | ExprKind::External(_, _, items) => {
            expressions(items, visitor);
        }
        ExprKind::Let(locals, body) => {
            locals.iter().for_each(|(_, value)| expression(value, visitor));
            expression(body, visitor);
        }
        ExprKind::CallNamed(function, arguments) => {
            expression(function, visitor);
            arguments.iter().for_each(|(_, argument)| expression(argument, visitor));
        }
        ExprKind::CallValue(function, arguments) => {
            expression(function, visitor);
            expressions(arguments, visitor);
        }
    }
}

fn iterations(iterations: &[Iteration], visitor: &mut dyn Visitor) {
    for iteration in iterations {
        visitor.domain(&iteration.domain);
        match &iteration.domain {
            Domain::List(list) => expression(list, visitor),
            Domain::Interval(from, to) => {
                expression(from, visitor);
                expression(to, visitor);
            }
        }
    }
}
