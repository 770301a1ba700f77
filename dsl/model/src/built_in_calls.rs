//! Calls of built-in functions: which signature the arguments fit, and what comes of it.

use dictamen_functions::{Entry, Shape};
use dictamen_syntax::tree::{self, Arguments};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{DaysDuration, Message, MonthsDuration, Number, Type, Value};

use crate::checker::Checker;
use crate::expressions::{built_in_value, constant, literal_takes_unit, unknown};
use crate::frame::Frame;
use crate::graph::{Expr, ExprKind};
use crate::shapes::{self, Bindings};

/// Built-in functions that round to a number of decimals, their second argument.
const ROUNDING: [&str; 7] =
    ["decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"];

impl<'a> Checker<'a> {
    pub(crate) fn call_built_in(
        &mut self,
        frame: &mut Frame,
        entry: &'static Entry,
        arguments: &'a Arguments,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        if self.model.dmn_mode {
            return self.call_built_in_dynamically(frame, entry, arguments, span);
        }
        let Some(ordered) = self.ordered_for(entry, arguments, span) else {
            self.arguments_anyway(frame, arguments);
            return self.nothing(span);
        };
        let typed = self.built_in_arguments(frame, entry, &ordered, span, expected);
        if typed.iter().any(is_unknown) && !self.model.dmn_mode {
            // A problem in an argument was reported; another about the call would only echo it.
            return self.first_match(entry, typed.clone(), span).unwrap_or_else(|| unknown(span));
        }
        match self.first_match(entry, typed.clone(), span) {
            Some(call) => call,
            None => {
                self.no_signature(entry, &typed, span);
                self.nothing(span)
            }
        }
    }

    /// DMN mode: values choose the signature, after implicit conversions; types tell no more than what may come of it.
    fn call_built_in_dynamically(
        &mut self,
        frame: &mut Frame,
        entry: &'static Entry,
        arguments: &'a Arguments,
        span: Span,
    ) -> Expr {
        match arguments {
            Arguments::Positional(items) => {
                let items: Vec<Option<&tree::Expr>> = items.iter().map(Some).collect();
                let typed = self.built_in_arguments(frame, entry, &items, span, None);
                let found = self.first_match(entry, typed.clone(), span).map(|call| call.ty);
                if found.is_none() {
                    self.no_signature(entry, &typed, span);
                }
                // What is not known may be what another signature takes.
                let known = typed.iter().all(|argument| !matches!(argument.ty.bare(), Type::Any));
                let ty = found.filter(|_| known);
                let kind = ExprKind::BuiltIn { name: entry.name, signature: 0, arguments: typed };
                Expr { kind, ty: ty.unwrap_or(Type::Any), span }
            }
            Arguments::Named(items) => {
                let function = constant(built_in_value(entry.name), Type::Any, span);
                self.call_named(frame, function, items, Type::Any, span)
            }
        }
    }

    fn first_match(&mut self, entry: &'static Entry, typed: Vec<Expr>, span: Span) -> Option<Expr> {
        let (signature, bindings) = entry
            .signatures
            .iter()
            .enumerate()
            .find_map(|(position, signature)| Some((position, shapes::match_signature(signature, &typed)?)))?;
        let shape = entry.signatures.get(signature).map_or(&Shape::Any, |signature| &signature.result);
        let ty = bindings.instantiate(shape);
        let ty = refine(entry.name, &typed, ty);
        Some(Expr { kind: ExprKind::BuiltIn { name: entry.name, signature, arguments: typed }, ty, span })
    }

    /// Arguments in order, by the first signature that knows their names.
    fn ordered_for(
        &mut self,
        entry: &'static Entry,
        arguments: &'a Arguments,
        span: Span,
    ) -> Option<Vec<Option<&'a tree::Expr>>> {
        let Arguments::Named(items) = arguments else {
            return self.in_order(entry.name, &[], arguments, span);
        };
        let knows_all = |names: &[&str]| items.iter().all(|(name, _)| names.contains(&name.text.as_str()));
        let names = |signature: &dictamen_functions::Signature| -> Vec<&'static str> {
            signature.parameters.iter().map(|parameter| parameter.name).collect()
        };
        let all: Vec<Vec<&str>> = entry.signatures.iter().map(names).collect();
        let chosen = all.iter().find(|names| knows_all(names)).or_else(|| all.first())?;
        self.in_order(entry.name, chosen, arguments, span)
    }

    /// Types arguments in order; a function literal is typed after what the arguments before it tell of its parameters.
    fn built_in_arguments(
        &mut self,
        frame: &mut Frame,
        entry: &'static Entry,
        ordered: &[Option<&'a tree::Expr>],
        span: Span,
        expected: Option<&Type>,
    ) -> Vec<Expr> {
        let mut typed: Vec<Expr> = Vec::new();
        for (position, argument) in ordered.iter().enumerate() {
            let Some(argument) = argument else {
                typed.push(constant(dictamen_value::Value::Null, Type::Null, span));
                continue;
            };
            let hint = match &argument.kind {
                tree::ExprKind::Function(..) => hint(entry, &typed, position, true),
                tree::ExprKind::List(_) | tree::ExprKind::Context(_) | tree::ExprKind::Text(_) => {
                    hint(entry, &typed, position, false).or_else(|| passes_through(entry, position, expected))
                }
                _ => None,
            };
            let next = self.expression(frame, argument, hint.as_ref());
            typed.push(next);
        }
        typed
    }

    fn no_signature(&mut self, entry: &'static Entry, typed: &[Expr], span: Span) {
        if let Some(absent) =
            typed.iter().find(|argument| argument.ty.is_optional() && !matches!(argument.ty, Type::Any | Type::Null))
        {
            let present: Vec<Expr> =
                typed.iter().map(|argument| Expr { ty: argument.ty.present().clone(), ..argument.clone() }).collect();
            if entry.signatures.iter().any(|signature| shapes::match_signature(signature, &present).is_some()) {
                let absent = absent.clone();
                self.may_be_absent(&absent, absent.span);
                return;
            }
        }
        let mut forms: Vec<String> = Vec::new();
        for form in entry.signatures.iter().map(|signature| shapes::describe(entry.name, signature)) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
        let es: Vec<String> = typed.iter().map(|argument| argument.ty.describe().es).collect();
        let en: Vec<String> = typed.iter().map(|argument| argument.ty.describe().en).collect();
        self.report(
            Diagnostic::error(
                "tipos.argumentos",
                span,
                Message::new(
                    format!("«{}» no se aplica a ({})", entry.name, es.join(", ")),
                    format!("`{}` does not apply to ({})", entry.name, en.join(", ")),
                ),
            )
            .with_help(Message::new(
                format!("se llama así: {}", forms.join("; ")),
                format!("call it like this: {}", forms.join("; ")),
            )),
        );
    }
}

fn is_unknown(expr: &Expr) -> bool {
    matches!((&expr.kind, &expr.ty), (ExprKind::Constant(dictamen_value::Value::Null), Type::Any))
}

/// What the arguments so far tell of the one at a position, by a signature that takes a function there where one is given.
fn hint(entry: &'static Entry, typed: &[Expr], position: usize, function: bool) -> Option<Type> {
    entry.signatures.iter().find_map(|signature| {
        let parameter = shapes::parameter_at(signature, position)?;
        if function && !matches!(parameter.shape, Shape::Function(..)) {
            return None;
        }
        let before: Bindings = partial(signature, typed)?;
        match before.instantiate(&parameter.shape) {
            Type::Any => None,
            ty => Some(ty),
        }
    })
}

/// The bindings of the first arguments, those after them aside.
fn partial(signature: &'static dictamen_functions::Signature, typed: &[Expr]) -> Option<Bindings> {
    let shortened = dictamen_functions::Signature {
        parameters: signature.parameters.get(..typed.len()).unwrap_or(signature.parameters),
        result: signature.result,
        body: signature.body,
    };
    shapes::match_signature(&shortened, typed)
}

/// What is expected of a call is expected of an argument that has the shape of its result.
fn passes_through(entry: &'static Entry, position: usize, expected: Option<&Type>) -> Option<Type> {
    let same = entry.signatures.iter().any(|signature| {
        let parameter = shapes::parameter_at(signature, position);
        match (parameter.map(|parameter| &parameter.shape), &signature.result) {
            (Some(Shape::Same(a)), Shape::Same(b)) => a == b,
            (Some(Shape::List(Shape::Same(a))), Shape::List(Shape::Same(b))) => a == b,
            _ => false,
        }
    });
    expected.filter(|_| same).cloned()
}

/// Types that shapes cannot tell: what a `context` literal of constant names holds, `get or else` of an optional value.
fn refine(name: &str, typed: &[Expr], ty: Type) -> Type {
    match (name, typed) {
        ("get or else", [value, default]) => {
            let present = value.ty.present();
            match crate::fit::join(present, &default.ty) {
                Some(joined) => joined,
                None if literal_takes_unit(default, present) => crate::fit::unconstrained(present),
                None => ty,
            }
        }
        ("duration", [text]) => duration(text).unwrap_or(ty),
        (name, [_, scale]) if ROUNDING.contains(&name) && rounds_to_whole(scale) => match ty {
            Type::Number { unit, .. } => Type::Number { integer: true, unit },
            other => other,
        },
        // However deep the lists lie, no list is left in the result.
        ("flatten", [list]) => Type::list(innermost(&list.ty)),
        _ => ty,
    }
}

/// Which of the two durations a literal text says.
fn duration(text: &Expr) -> Option<Type> {
    let ExprKind::Constant(Value::Text(text)) = &text.kind else { return None };
    if MonthsDuration::parse(text).is_ok() {
        return Some(Type::MonthsDuration);
    }
    DaysDuration::parse(text).is_ok().then_some(Type::DaysDuration)
}

fn rounds_to_whole(scale: &Expr) -> bool {
    match &scale.kind {
        ExprKind::Constant(Value::Number(scale)) => *scale <= Number::ZERO,
        ExprKind::Negate(inner) => matches!(inner.kind, ExprKind::Constant(Value::Number(_))),
        _ => false,
    }
}

fn innermost(ty: &Type) -> Type {
    match ty.element() {
        Some(element) => innermost(element),
        None => ty.clone(),
    }
}
