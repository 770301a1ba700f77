//! Boxed expressions become FEEL expressions (DMN 1.5, clause 10.2).

use dictamen_syntax::tree::{Entry, Expr, ExprKind};

use super::mapping::{self, Mapping};
use super::texts::unreadable;
use super::{names, problem};
use crate::dmn::model::{ChildExpression, Conditional, Expression, ListExpression, Relation};
use crate::xml::Origin;

/// Boxes inside one another.
const BOXES: usize = 60;

impl Mapping<'_, '_> {
    /// A boxed expression; `label` is what it is called on the way to it, for the tables in it.
    pub(super) fn expression(&mut self, expression: &Expression, label: &str) -> Expr {
        let origin = &expression.element().origin;
        if self.scope.boxes >= BOXES {
            self.problems.add(origin, problem::too_many_boxes(origin, BOXES));
            return unreadable("", origin.span);
        }
        self.scope.boxes = self.scope.boxes.saturating_add(1);
        self.scope.path.push(label.to_owned());
        let expr = self.unboxed(expression);
        self.scope.path.pop();
        self.scope.boxes = self.scope.boxes.saturating_sub(1);
        expr
    }

    fn unboxed(&mut self, expression: &Expression) -> Expr {
        match expression {
            Expression::Literal(literal) => self.literal(literal),
            Expression::Context(context) => self.context(context),
            Expression::Invocation(invocation) => self.invocation(invocation),
            Expression::List(list) => self.list(list),
            Expression::Relation(relation) => self.relation(relation),
            Expression::Function(function) => self.function(function),
            Expression::Table(table) => self.inner_table(table, table.type_ref.as_ref()),
            Expression::Conditional(conditional) => self.conditional(conditional),
            Expression::For(iteration) => self.for_each(iteration),
            Expression::Quantified(quantified) => self.quantified(quantified),
            Expression::Filter(filter) => self.filter(filter),
        }
    }

    /// A boxed expression that may be missing: then it is null.
    pub(super) fn optional(&mut self, expression: Option<&Expression>, label: &str, origin: &Origin) -> Expr {
        match expression {
            Some(expression) => self.part(expression, label),
            None => Expr { kind: ExprKind::Null, span: origin.span },
        }
    }

    /// A boxed expression inside another, as the type that it says of itself.
    fn part(&mut self, expression: &Expression, label: &str) -> Expr {
        let value = self.expression(expression, label);
        match expression {
            // Its outcomes have the type already.
            Expression::Table(_) => value,
            _ => self.given_type(value, expression.type_ref()),
        }
    }

    /// A part of a conditional, an iterator or a filter.
    pub(super) fn child(&mut self, child: &ChildExpression, label: &str) -> Expr {
        self.optional(child.expression.as_deref(), label, &child.origin)
    }

    /// A condition: what is neither true nor false is told apart from null, whatever type it says it has.
    pub(super) fn condition(&mut self, child: &ChildExpression, label: &str) -> Expr {
        match child.expression.as_deref() {
            Some(expression) => self.expression(expression, label),
            None => self.child(child, label),
        }
    }

    fn conditional(&mut self, conditional: &Conditional) -> Expr {
        let condition = self.condition(&conditional.condition, "condicion");
        let then = self.child(&conditional.then, "entonces");
        let otherwise = self.child(&conditional.otherwise, "si_no");
        let kind = ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
        Expr { kind, span: conditional.element.origin.span }
    }

    fn list(&mut self, list: &ListExpression) -> Expr {
        let elements = list.elements.iter().map(|element| self.part(element, "")).collect();
        Expr { kind: ExprKind::List(elements), span: list.element.origin.span }
    }

    fn relation(&mut self, relation: &Relation) -> Expr {
        let rows = relation.rows.iter().map(|row| self.relation_row(relation, row)).collect();
        Expr { kind: ExprKind::List(rows), span: relation.element.origin.span }
    }

    /// The cells of a row do not see each other, as the entries of a context would.
    fn relation_row(&mut self, relation: &Relation, row: &ListExpression) -> Expr {
        let span = row.element.origin.span;
        let mut entries: Vec<Entry> = Vec::new();
        let mut captured = false;
        for (column, cell) in relation.columns.iter().zip(&row.elements) {
            let value = self.expression(cell, &column.name);
            let mut value = self.given_type(value, column.type_ref.as_ref());
            captured = captured || uses_one_of(&mut value, &entries);
            let name = mapping::name(&column.name, &column.element.origin);
            entries.push(Entry { name, value, comments: Vec::new() });
        }
        let kind = if captured { context_by_entries(entries) } else { ExprKind::Context(entries) };
        Expr { kind, span }
    }
}

fn uses_one_of(value: &mut Expr, entries: &[Entry]) -> bool {
    let mut found = false;
    names::of_expression(value, &mut |name, bound| {
        let ExprKind::Name(name) = &name.kind else { return };
        found = found || !bound.binds(name) && entries.iter().any(|entry| entry.name.text == *name);
    });
    found
}

/// `context([{ key: "a", value: … }, …])`, whose values do not see the keys.
fn context_by_entries(entries: Vec<Entry>) -> ExprKind {
    use dictamen_syntax::tree::{Arguments, Name};
    let pairs = entries.into_iter().map(|entry| {
        let span = entry.value.span;
        let part =
            |name: &str, value: Expr| Entry { name: Name { text: name.to_owned(), span }, value, comments: Vec::new() };
        let key = Expr { kind: ExprKind::Text(entry.name.text), span: entry.name.span };
        Expr { kind: ExprKind::Context(vec![part("key", key), part("value", entry.value)]), span }
    });
    let pairs: Vec<Expr> = pairs.collect();
    let span = pairs.first().map(|pair| pair.span).unwrap_or_default();
    let list = Expr { kind: ExprKind::List(pairs), span };
    let function = Expr { kind: ExprKind::Name("context".to_owned()), span };
    ExprKind::Call(Box::new(function), Arguments::Positional(vec![list]))
}
