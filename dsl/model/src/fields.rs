//! Fields of records and of every record of a list, and properties of other values.

use std::sync::Arc;

use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{Message, Type};

use crate::checker::Checker;
use crate::frame::Frame;
use crate::graph::{Expr, ExprKind};
use crate::names::{nearest, suggestion};

impl Checker<'_> {
    /// A field of a typed value.
    pub(crate) fn field(&mut self, frame: &Frame, of: Expr, name: &str, span: Span) -> Expr {
        let known = || of.ty.fields().is_some_and(|fields| fields.iter().any(|field| &*field.name == name));
        if matches!(of.ty, Type::Any) || (self.model.dmn_mode && !known()) {
            return Expr { kind: ExprKind::Field(Box::new(of), name.into(), None), ty: Type::Any, span };
        }
        if let Some(element) = of.ty.element() {
            return self.field_of_each(of.clone(), element.clone(), name, span);
        }
        if of.ty.is_optional() && !self.model.dmn_mode && !frame.lenient {
            self.may_be_absent(&of, span);
        }
        match (of.ty.fields(), property(&of.ty, name)) {
            (Some(fields), _) => match fields.iter().zip(0u32..).find(|(field, _)| &*field.name == name) {
                Some((field, position)) => {
                    let ty = field.ty.clone();
                    let kind = ExprKind::Field(Box::new(of), name.into(), Some(position));
                    self.narrowed(frame, kind, ty, span)
                }
                None => {
                    let known: Vec<Arc<str>> = fields.iter().map(|field| field.name.clone()).collect();
                    self.unknown_field(name, &known, span);
                    self.nothing(span)
                }
            },
            (None, Some(ty)) => Expr { kind: ExprKind::Field(Box::new(of), name.into(), None), ty, span },
            (None, None) => {
                let ty = of.ty.describe();
                self.error(
                    "tipos.sin-campos",
                    span,
                    format!("un valor de tipo {} no tiene «{name}»", ty.es),
                    format!("a value of type {} has no `{name}`", ty.en),
                );
                self.nothing(span)
            }
        }
    }

    fn field_of_each(&mut self, list: Expr, element: Type, name: &str, span: Span) -> Expr {
        if element.is_optional() && !matches!(element, Type::Any) && !self.model.dmn_mode {
            self.elements_may_be_absent(&list, span);
        }
        let field = element.fields().and_then(|fields| fields.iter().find(|field| &*field.name == name)).cloned();
        let ty = match (field, matches!(element, Type::Any)) {
            (Some(field), _) => field.ty,
            (None, true) => Type::Any,
            (None, false) => {
                let known: Vec<Arc<str>> =
                    element.fields().unwrap_or_default().iter().map(|field| field.name.clone()).collect();
                self.unknown_field(name, &known, span);
                return self.nothing(span);
            }
        };
        Expr { kind: ExprKind::FieldOfEach(Box::new(list), name.into()), ty: Type::list(ty), span }
    }

    /// Reports a field that a record does not have.
    pub(crate) fn unknown_field(&mut self, name: &str, known: &[Arc<str>], span: Span) {
        let listed = known.join(", ");
        let mut diagnostic = Diagnostic::error(
            "nombres.campo-desconocido",
            span,
            Message::new(
                format!("no hay ningún campo «{name}»; los hay: {listed}"),
                format!("there is no field `{name}`; there are: {listed}"),
            ),
        );
        if let Some(near) = nearest(name, known.iter().map(|name| &**name)) {
            diagnostic = diagnostic.with_help(suggestion(near));
        }
        self.report(diagnostic);
    }
}

/// Properties of temporal values and ranges (DMN 1.5, tables 65 and 66).
fn property(ty: &Type, name: &str) -> Option<Type> {
    let optional_zone = |name: &str| match name {
        "time offset" => Some(Type::DaysDuration.optional()),
        "timezone" => Some(Type::Text.optional()),
        _ => None,
    };
    match (ty.bare(), name) {
        (Type::Date | Type::DateTime, "year" | "month" | "day" | "weekday") => Some(Type::integer()),
        (Type::Time | Type::DateTime, "hour" | "minute" | "second") => Some(Type::integer()),
        (Type::Time | Type::DateTime, name) => optional_zone(name),
        (Type::DaysDuration, "days" | "hours" | "minutes" | "seconds") => Some(Type::integer()),
        (Type::MonthsDuration, "years" | "months") => Some(Type::integer()),
        (Type::Range(element), "start" | "end") => Some((**element).clone().optional()),
        (Type::Range(_), "start included" | "end included") => Some(Type::Boolean),
        _ => None,
    }
}
