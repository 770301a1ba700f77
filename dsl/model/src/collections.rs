//! Lists, contexts, ranges, filters, iterations and functions as values.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_syntax::Span;
use dictamen_syntax::tree::{self, Quantifier};
use dictamen_value::{Field, RecordType, Type, Value};

use crate::checker::Checker;
use crate::cycles::visit;
use crate::expressions::{constant, literal_takes_unit};
use crate::fit;
use crate::frame::{Found, Frame};
use crate::graph::{ContextEntry, Domain, Expr, ExprKind, Iteration, LocalId};
use crate::lambdas::mentioned;

impl<'a> Checker<'a> {
    /// `[a, b]`.
    pub(crate) fn list(
        &mut self,
        frame: &mut Frame,
        items: &'a [tree::Expr],
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let wanted = expected.and_then(Type::element).cloned();
        let items: Vec<Expr> = items.iter().map(|item| self.expression(frame, item, wanted.as_ref())).collect();
        let mut element: Option<(Type, usize)> = None;
        for (position, item) in items.iter().enumerate() {
            let joined = match element.as_ref().and_then(|(_, first)| items.get(*first)).zip(element.as_ref()) {
                None => item.ty.clone(),
                Some((first, (so_far, _))) => {
                    let so_far = Expr { ty: so_far.clone(), ..first.clone() };
                    self.join_of(&so_far, item, "los elementos de una lista", "the elements of a list", item.span)
                }
            };
            element = Some((joined, position));
        }
        let ty = Type::list(element.map_or(Type::Any, |(ty, _)| ty));
        Expr { kind: ExprKind::List(items), ty, span }
    }

    /// `{ a: 1, b: a + 1 }`. Where a record is expected, what it may leave out is filled in with null.
    pub(crate) fn context(
        &mut self,
        frame: &mut Frame,
        entries: &'a [tree::Entry],
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let wanted = expected.and_then(Type::fields);
        let mark = frame.mark();
        let mut typed: Vec<ContextEntry> = Vec::new();
        let mut fields: Vec<Field> = Vec::new();
        let mut repeated = false;
        for entry in entries {
            let name: Arc<str> = entry.name.text.as_str().into();
            if fields.iter().any(|field| field.name == name) {
                self.repeated(&entry.name, "campo", "field");
                repeated = true;
                continue;
            }
            let field = wanted.and_then(|fields| fields.iter().find(|field| field.name == name));
            if let (Some(wanted), None, false) = (wanted, field, self.model.dmn_mode) {
                let known: Vec<Arc<str>> = wanted.iter().map(|field| field.name.clone()).collect();
                self.unknown_field(&name, &known, entry.name.span);
                self.expression(frame, &entry.value, None);
                continue;
            }
            self.name_function(&name, &entry.value);
            let value = self.expression(frame, &entry.value, field.map(|field| &field.ty));
            let ty = match field {
                Some(field) if literal_takes_unit(&value, &field.ty) => fit::unconstrained(field.ty.present()),
                _ => value.ty.clone(),
            };
            let hides = self.hides_another(frame, &name, &entry.value);
            let local = frame.declare_entry(&name, ty.clone(), hides);
            fields.push(Field { name: name.clone(), ty });
            typed.push(ContextEntry { name, local, value });
        }
        frame.release(mark);
        if repeated && self.model.dmn_mode {
            return self.nothing(span);
        }
        self.fill_in(frame, wanted, &mut typed, &mut fields, span);
        Expr { kind: ExprKind::Context(typed), ty: Type::Record(Arc::new(RecordType { fields })), span }
    }

    /// Reports the fields or elements that don't fit in what is written as a context or list; whether there are any.
    pub(crate) fn part_must_fit(&mut self, expr: &Expr, wanted: &Type) -> bool {
        let parts: Vec<(&Expr, &Type)> = match (&expr.kind, wanted.fields(), wanted.element()) {
            (ExprKind::Context(entries), Some(fields), _) => {
                entries.iter().filter_map(|e| field_of(e, fields)).collect()
            }
            (ExprKind::List(items), None, Some(element)) => items.iter().map(|item| (item, element)).collect(),
            _ => return false,
        };
        let before = self.diagnostics.len();
        parts.into_iter().for_each(|(part, wanted)| self.must_fit(part, wanted));
        self.diagnostics.len() > before
    }

    fn fill_in(
        &mut self,
        frame: &mut Frame,
        wanted: Option<&[Field]>,
        typed: &mut Vec<ContextEntry>,
        fields: &mut Vec<Field>,
        span: Span,
    ) {
        for field in wanted.filter(|_| !self.model.dmn_mode).unwrap_or_default() {
            if fields.iter().any(|known| known.name == field.name) {
                continue;
            }
            if field.ty.is_optional() {
                let value = constant(Value::Null, Type::Null, span);
                typed.push(ContextEntry { name: field.name.clone(), local: frame.fresh(), value });
                fields.push(Field { name: field.name.clone(), ty: Type::Null });
            } else {
                let ty = field.ty.describe();
                self.error(
                    "tipos.falta-campo",
                    span,
                    format!("falta el campo «{}» ({})", field.name, ty.es),
                    format!("the field `{}` is missing ({})", field.name, ty.en),
                );
                // The field counts as there, so that one mistake is one message.
                fields.push(field.clone());
            }
        }
    }

    /// `[a..b]` as a value.
    pub(crate) fn range(
        &mut self,
        frame: &mut Frame,
        range: &'a tree::RangeExpr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let hint = match expected.map(Type::bare) {
            Some(Type::Range(element)) => Some((**element).clone()),
            _ => None,
        };
        let mut end = |end: &'a Option<tree::Expr>| match end {
            Some(expr) => {
                let end = self.expression(frame, expr, hint.as_ref());
                self.written_end(end)
            }
            None => constant(Value::Null, Type::Null, span),
        };
        let (low, high) = (end(&range.low), end(&range.high));
        let unordered = [&low, &high].into_iter().find(|end| !matches!(end.ty, Type::Null) && !fit::ordered(&end.ty));
        let element = match (&low.ty, &high.ty) {
            _ if unordered.is_some() => {
                self.no_order(unordered.map_or(Type::Any, |end| end.ty.clone()), span);
                Type::Any
            }
            (Type::Null, ty) | (ty, Type::Null) => ty.clone(),
            _ => {
                self.must_compare(&low, &high, false, span);
                self.join_of(&low, &high, "los extremos de un rango", "the ends of a range", span)
            }
        };
        let kind = ExprKind::Range {
            low: Box::new(low),
            low_closed: range.low_closed,
            high: Box::new(high),
            high_closed: range.high_closed,
        };
        Expr { kind, ty: Type::Range(Box::new(element.present().clone())), span }
    }

    /// `list[condition]` and `list[position]`.
    pub(crate) fn filter(
        &mut self,
        frame: &mut Frame,
        list: &'a tree::Expr,
        condition: &'a tree::Expr,
        span: Span,
    ) -> Expr {
        let list = self.expression(frame, list, None);
        let Some(element) = self.element_of(&list) else { return self.nothing(span) };
        let mark = frame.mark();
        let item = frame.declare_item(element.clone(), self.model.dmn_mode);
        let condition = self.expression(frame, condition, None);
        frame.release(mark);
        let depends = depends_on(&condition, item);
        match condition.ty.basic() {
            Type::Number { .. } if !depends => {
                if condition.ty.is_optional() {
                    self.may_be_absent(&condition, condition.span);
                }
                let kind = ExprKind::Element(Box::new(list), Box::new(condition));
                Expr { kind, ty: element.optional(), span }
            }
            // The same for every element, so that it may be a position: in DMN mode its value tells.
            other if self.model.dmn_mode && !matches!(other, Type::Boolean) && !depends => {
                let kind = ExprKind::Element(Box::new(list), Box::new(condition));
                Expr { kind, ty: Type::Any, span }
            }
            other if matches!(other, Type::Boolean | Type::Any) || self.model.dmn_mode => {
                let ty = match other {
                    Type::Boolean => Type::list(self.kept(frame, item, &element, &condition)),
                    _ => Type::Any,
                };
                Expr { kind: ExprKind::Filter { list: Box::new(list), item, condition: Box::new(condition) }, ty, span }
            }
            Type::Number { .. } => {
                self.error(
                    "tipos.filtro",
                    condition.span,
                    "la posición no puede depender del elemento; escriba una condición, como item > 1",
                    "the position cannot depend on the element; write a condition, such as item > 1",
                );
                self.nothing(span)
            }
            other => {
                let name = other.describe();
                self.error(
                    "tipos.filtro",
                    condition.span,
                    format!("un filtro es una condición o una posición; aquí hay {}", name.es),
                    format!("a filter is a condition or a position; here is {}", name.en),
                );
                self.nothing(span)
            }
        }
    }

    /// The type of the elements that a condition keeps: present ones, where it asks for that.
    fn kept(&self, frame: &mut Frame, item: u32, element: &Type, condition: &Expr) -> Type {
        let mark = frame.mark();
        frame.assume(condition, true);
        let kept = Expr { kind: ExprKind::Local(item), ty: element.clone(), span: condition.span };
        let present = frame.is_present(&kept);
        frame.release(mark);
        if present { element.present().clone() } else { element.clone() }
    }

    /// The type of the elements of what must be a list that is there.
    fn element_of(&mut self, list: &Expr) -> Option<Type> {
        if matches!(list.ty, Type::Any) || (self.model.dmn_mode && list.ty.element().is_none()) {
            return Some(Type::Any);
        }
        if list.ty.is_optional() && list.ty.element().is_some() {
            self.may_be_absent(list, list.span);
        }
        let element = list.ty.element().cloned();
        if element.is_none() {
            let name = list.ty.describe();
            self.error(
                "tipos.no-es-lista",
                list.span,
                format!("se espera una lista; aquí hay {}", name.es),
                format!("a list is expected; here is {}", name.en),
            );
        }
        element
    }

    /// Variables of `for`, `some` and `every`; later ones see earlier ones.
    fn iterations(&mut self, frame: &mut Frame, iterations: &'a [tree::Iteration]) -> Vec<Iteration> {
        iterations
            .iter()
            .map(|iteration| {
                let (domain, ty) = self.domain(frame, &iteration.domain);
                Iteration { item: frame.declare(&iteration.name.text, ty), domain }
            })
            .collect()
    }

    fn domain(&mut self, frame: &mut Frame, domain: &'a tree::Domain) -> (Domain, Type) {
        match domain {
            tree::Domain::Interval(from, to) => {
                let from = self.expression(frame, from, None);
                let to = self.expression(frame, to, None);
                let ty = self.interval_element(&from, &to);
                (Domain::Interval(from, to), ty)
            }
            tree::Domain::List(list) => {
                let list = self.expression(frame, list, None);
                let closed_range = match (&list.kind, list.ty.bare()) {
                    (ExprKind::Range { low, high, low_closed: true, high_closed: true }, Type::Range(_)) => {
                        Some(((**low).clone(), (**high).clone()))
                    }
                    _ => None,
                };
                if let Some((low, high)) = closed_range {
                    let ty = self.interval_element(&low, &high);
                    return (Domain::Interval(low, high), ty);
                }
                let ty = self.element_of(&list).unwrap_or(Type::Any);
                (Domain::List(list), ty)
            }
        }
    }

    fn interval_element(&mut self, from: &Expr, to: &Expr) -> Type {
        let whole = |expr: &Expr| matches!(fit::number(&expr.ty), Some((true, unit)) if unit.is_none());
        let date = |expr: &Expr| matches!(expr.ty, Type::Date);
        let any = |expr: &Expr| matches!(expr.ty, Type::Any);
        if whole(from) && whole(to) {
            return Type::integer();
        }
        if date(from) && date(to) {
            return Type::Date;
        }
        if !any(from) && !any(to) && !self.model.dmn_mode {
            let (a, b) = (from.ty.describe(), to.ty.describe());
            self.error(
                "tipos.intervalo",
                from.span.to(to.span),
                format!("un recorrido va de un entero a otro o de una fecha a otra; aquí hay {} y {}", a.es, b.es),
                format!(
                    "an iteration goes from one whole number to another, or from date to date; here are {} and {}",
                    a.en, b.en
                ),
            );
        }
        Type::Any
    }

    /// `for … return …`; the body sees the results so far as `partial`.
    pub(crate) fn iteration(
        &mut self,
        frame: &mut Frame,
        iterations: &'a [tree::Iteration],
        body: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let mark = frame.mark();
        let iterations = self.iterations(frame, iterations);
        let asks_for_partial = asks_for_partial(frame, body);
        // What the body gives is not known before it is typed; natively that would be a type that contains itself.
        let partial = (asks_for_partial && self.model.dmn_mode).then(|| frame.declare(PARTIAL, Type::list(Type::Any)));
        let body = self.expression(frame, body, expected.and_then(Type::element));
        frame.release(mark);
        let ty = Type::list(body.ty.clone());
        let kind = match partial {
            Some(partial) => ExprKind::ForPartial(iterations, partial, Box::new(body)),
            None => ExprKind::For(iterations, Box::new(body)),
        };
        Expr { kind, ty, span }
    }

    /// `some … satisfies …` and `every … satisfies …`.
    pub(crate) fn quantified(
        &mut self,
        frame: &mut Frame,
        quantifier: Quantifier,
        iterations: &'a [tree::Iteration],
        body: &'a tree::Expr,
        span: Span,
    ) -> Expr {
        let mark = frame.mark();
        let iterations = self.iterations(frame, iterations);
        let body = self.expression(frame, body, Some(&Type::Boolean));
        self.must_fit(&body, &Type::Boolean);
        frame.release(mark);
        Expr { kind: ExprKind::Quantified(quantifier, iterations, Box::new(body)), ty: Type::Boolean, span }
    }
}

fn field_of<'e>(entry: &'e ContextEntry, fields: &'e [Field]) -> Option<(&'e Expr, &'e Type)> {
    fields.iter().find(|field| field.name == entry.name).map(|field| (&entry.value, &field.ty))
}

/// The values so far, in the body of `for` (DMN 1.5, clause 10.3.2.14).
const PARTIAL: &str = "partial";

/// Whether an expression may see a local; function literals in it may have captured anything.
fn depends_on(expr: &Expr, local: LocalId) -> bool {
    let mut depends = false;
    visit(expr, &mut |part| match &part.kind {
        ExprKind::Local(seen) | ExprKind::EntryOr(seen, ..) if *seen == local => depends = true,
        ExprKind::Lambda(_) => depends = true,
        _ => {}
    });
    depends
}

fn asks_for_partial(frame: &Frame, body: &tree::Expr) -> bool {
    let mut names = BTreeSet::new();
    mentioned(body, &mut names);
    names.contains(PARTIAL) && !matches!(frame.find(PARTIAL), Some(Found::FieldOf(_)))
}
