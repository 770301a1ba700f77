//! Expressions become typed expressions: names, literals, paths, conditionals; the other forms have files of their own.

use std::sync::Arc;

use dictamen_syntax::tree::{self, Name};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{FunctionTarget, FunctionValue, Message, Type, Value};

use crate::checker::Checker;
use crate::fit;
use crate::frame::{Found, Frame};
use crate::graph::{Expr, ExprKind, RulesetId};
use crate::names::{nearest, suggestion};
use crate::symbols::{self, Lookup, Symbol};

/// Names of the as-of date, in both spellings.
const AS_OF: [&str; 2] = ["fecha_decision", "decision_date"];

/// Expressions inside one another, at most; the parser's own limit is lower for text.
const DEPTH_MAX: u32 = 400;

impl<'a> Checker<'a> {
    /// Types an expression. What is expected of it guides literals (units, choices), records and lists; whether the
    /// outcome really fits is for the caller to ask with [`Checker::must_fit`].
    pub(crate) fn expression(&mut self, frame: &mut Frame, expr: &'a tree::Expr, expected: Option<&Type>) -> Expr {
        if frame.depth >= DEPTH_MAX {
            self.error(
                "limite.anidamiento",
                expr.span,
                format!("la expresión tiene más de {DEPTH_MAX} niveles; pártala en varias decisiones"),
                format!("the expression is nested more than {DEPTH_MAX} deep; split it into several decisions"),
            );
            return self.nothing(expr.span);
        }
        frame.depth = frame.depth.saturating_add(1);
        let typed = self.dispatch(frame, expr, expected);
        frame.depth = frame.depth.saturating_sub(1);
        typed
    }

    fn dispatch(&mut self, frame: &mut Frame, expr: &'a tree::Expr, expected: Option<&Type>) -> Expr {
        use tree::ExprKind as K;
        let span = expr.span;
        match &expr.kind {
            K::Error => unknown(span),
            K::Null => constant(Value::Null, Type::Null, span),
            K::Boolean(value) => constant(Value::Boolean(*value), Type::Boolean, span),
            K::Number(text) => self.number_literal(text, span, expected),
            K::Text(text) => self.text_literal(text, span, expected),
            K::At(text) => self.at_literal(text, span),
            K::Name(name) => self.name(frame, name, span),
            K::Tested => self.tested(frame, span),
            K::Path(of, name) => self.path(frame, expr, of, name),
            K::Filter(list, condition) => self.filter(frame, list, condition, span),
            K::Call(function, arguments) => self.call(frame, function, arguments, span, expected),
            K::Negate(inner) => self.negate(frame, inner, span, expected),
            K::Binary(op, left, right) => self.binary(frame, *op, left, right, span, expected),
            K::Between(value, low, high) => self.between(frame, value, low, high, span),
            K::In(value, tests) => self.membership(frame, value, tests, span),
            K::InstanceOf(value, ty) => self.instance_of(frame, value, ty, span),
            K::If(condition, yes, no) => self.conditional(frame, condition, yes, no, span, expected),
            K::For(iterations, body) => self.iteration(frame, iterations, body, span, expected),
            K::Quantified(quantifier, iterations, body) => self.quantified(frame, *quantifier, iterations, body, span),
            K::List(items) => self.list(frame, items, span, expected),
            K::Context(entries) => self.context(frame, entries, span, expected),
            K::Range(range) => self.range(frame, range, span, expected),
            K::Function(parameters, body) => self.lambda(frame, parameters, body, span, expected),
            K::External(_) => self.stray_external(span),
            K::Typed(value, ty) => self.typed(frame, value, ty),
            K::Unreadable(text) => self.unreadable(text, span),
        }
    }

    fn tested(&mut self, frame: &mut Frame, span: Span) -> Expr {
        match frame.find("?") {
            Some(Found::Variable(variable)) => self.narrowed(frame, ExprKind::Local(variable.local), variable.ty, span),
            _ => {
                self.error(
                    "expresion.interrogante",
                    span,
                    "«?» es el valor que prueba una celda o una condición de tipo; aquí no hay ninguno",
                    "`?` is the value that a cell or the condition of a type tests; there is none here",
                );
                self.nothing(span)
            }
        }
    }

    /// A name: a variable, a field of an `item`, something declared, or the as-of date.
    fn name(&mut self, frame: &mut Frame, name: &str, span: Span) -> Expr {
        let maybe = frame.maybe_entries(name);
        if maybe.is_empty() {
            return self.settled_name(frame, name, span);
        }
        let known = frame.find(name).is_some()
            || AS_OF.contains(&name)
            || symbols::lookup(&self.scopes, frame.ruleset, name) != Lookup::Unknown
            || dictamen_functions::find(name).is_some();
        let otherwise = if known { self.settled_name(frame, name, span) } else { Self::no_such_name(name, span) };
        Self::entry_or(&maybe, name, otherwise)
    }

    fn settled_name(&mut self, frame: &mut Frame, name: &str, span: Span) -> Expr {
        match frame.find(name) {
            Some(Found::Variable(variable)) => {
                if variable.hides {
                    self.hidden_by_entry(name, span);
                }
                return self.narrowed(frame, ExprKind::Local(variable.local), variable.ty, span);
            }
            Some(Found::FieldOf(variable)) => {
                self.hidden_by_field(frame, &variable, name, span);
                let item = Expr { kind: ExprKind::Local(variable.local), ty: variable.ty, span };
                return self.field(frame, item, name, span);
            }
            None => {}
        }
        match symbols::lookup(&self.scopes, frame.ruleset, name) {
            Lookup::Found(symbol) => self.symbol(frame, symbol, span),
            Lookup::Ambiguous(first, second) => {
                self.ambiguous(name, first, second, span);
                self.nothing(span)
            }
            Lookup::Unknown if AS_OF.contains(&name) => Expr { kind: ExprKind::AsOf, ty: Type::Date, span },
            Lookup::Unknown if self.model.dmn_mode && dictamen_functions::find(name).is_some() => {
                constant(built_in_value(name), Type::Any, span)
            }
            Lookup::Unknown => {
                self.unknown_name(frame, name, span);
                self.nothing(span)
            }
        }
    }

    /// What a declared name gives when it is read.
    pub(crate) fn symbol(&mut self, frame: &Frame, symbol: Symbol, span: Span) -> Expr {
        let (kind, ty) = match symbol {
            Symbol::Input(id) => {
                (ExprKind::Input(id), self.model.inputs.get(id as usize).map(|input| input.ty.clone()))
            }
            Symbol::Parameter(id) => {
                let ty = self.model.parameters.get(id as usize).map(|parameter| parameter.ty.clone());
                (ExprKind::Parameter(id, None), ty)
            }
            Symbol::Decision(id) => {
                (ExprKind::Decision(id), self.model.decisions.get(id as usize).map(|decision| decision.ty.clone()))
            }
            Symbol::Function(id) => (ExprKind::FunctionValue(id), self.function_type(id)),
        };
        self.narrowed(frame, kind, ty.unwrap_or(Type::Any), span)
    }

    fn function_type(&self, id: u32) -> Option<Type> {
        let function = self.model.functions.get(id as usize)?;
        let parameters = function.parameters.iter().map(|(_, ty)| ty.clone()).collect();
        Some(Type::Function(Arc::new(dictamen_value::FunctionType { parameters, result: function.ty.clone() })))
    }

    /// An expression whose type loses its "may be absent" where a condition around it says that it is present.
    pub(crate) fn narrowed(&self, frame: &Frame, kind: ExprKind, ty: Type, span: Span) -> Expr {
        let expr = Expr { kind, ty, span };
        if expr.ty.is_optional() && frame.is_present(&expr) {
            let ty = expr.ty.present().clone();
            return Expr { ty, ..expr };
        }
        expr
    }

    fn ambiguous(&mut self, name: &str, first: RulesetId, second: RulesetId, span: Span) {
        let id = |ruleset: RulesetId| {
            self.model.rulesets.get(ruleset as usize).map(|ruleset| ruleset.id.to_string()).unwrap_or_default()
        };
        let (a, b) = (id(first), id(second));
        self.report(
            Diagnostic::error(
                "nombres.ambiguo",
                span,
                Message::new(
                    format!("«{name}» lo declaran «{a}» y «{b}»"),
                    format!("`{name}` is declared by `{a}` and by `{b}`"),
                ),
            )
            .with_help(Message::new(
                format!("escriba «{a}.{name}» o «{b}.{name}»"),
                format!("write `{a}.{name}` or `{b}.{name}`"),
            )),
        );
    }

    /// Reports a name that nobody declares, with the nearest one that somebody does.
    pub(crate) fn unknown_name(&mut self, frame: &Frame, name: &str, span: Span) {
        let variables = frame.variables.iter().map(|variable| &*variable.name);
        let functions = dictamen_functions::all().map(|entry| entry.name);
        let open = frame.variables.iter().filter(|variable| variable.names != crate::frame::Names::Own);
        let fields = open.flat_map(|variable| variable.ty.fields().unwrap_or_default()).map(|field| &*field.name);
        let known =
            variables.chain(fields).chain(symbols::visible(&self.scopes, frame.ruleset)).chain(functions).chain(AS_OF);
        let near = nearest(name, known).map(str::to_owned);
        let elsewhere = (0u32..).zip(&self.scopes).find_map(|(id, scope)| {
            let ruleset = self.model.rulesets.get(id as usize)?;
            scope.own.contains_key(name).then(|| ruleset.id.clone())
        });
        let mut diagnostic = Diagnostic::error(
            "nombres.desconocido",
            span,
            Message::new(format!("no hay nada que se llame «{name}»"), format!("there is nothing called `{name}`")),
        );
        if let Some(near) = near {
            diagnostic = diagnostic.with_help(suggestion(&near));
        } else if let Some(id) = elsewhere {
            diagnostic = diagnostic.with_help(Message::new(
                format!("lo declara «{id}»: agregue «usa {id}»"),
                format!("`{id}` declares it: add `use {id}`"),
            ));
        }
        self.report(diagnostic);
    }

    /// `of.name`: something of an import, a field, or a property of a date.
    fn path(&mut self, frame: &mut Frame, whole: &'a tree::Expr, of: &'a tree::Expr, name: &Name) -> Expr {
        if let Some(symbol) = self.imported(frame, of, name) {
            return match symbol {
                Some(symbol) => self.symbol(frame, symbol, whole.span),
                None => self.nothing(whole.span),
            };
        }
        let of = self.expression(frame, of, None);
        self.field(frame, of, &name.text, name.span.to(whole.span))
    }

    /// `alias.name` or `ruleset.id.name`: `Some(None)` where the import is known and the name is not (reported).
    #[expect(clippy::option_option, reason = "not a path into an import, a wrong one, or a right one")]
    pub(crate) fn imported(&mut self, frame: &Frame, of: &tree::Expr, name: &Name) -> Option<Option<Symbol>> {
        let prefix = dotted(of)?;
        let first = prefix.split('.').next().unwrap_or_default();
        let shadowed = frame.find(first).is_some() || symbols::own(&self.scopes, frame.ruleset, first).is_some();
        if shadowed {
            return None;
        }
        let import = *self.scopes.get(frame.ruleset as usize)?.named_imports.get(&prefix)?;
        let symbol = symbols::own(&self.scopes, import, &name.text);
        if symbol.is_none() {
            let scope = self.scopes.get(import as usize);
            let near =
                scope.and_then(|scope| nearest(&name.text, scope.own.keys().map(String::as_str))).map(str::to_owned);
            let mut diagnostic = Diagnostic::error(
                "nombres.desconocido",
                name.span,
                Message::new(
                    format!("«{prefix}» no declara nada que se llame «{}»", name.text),
                    format!("`{prefix}` declares nothing called `{}`", name.text),
                ),
            );
            if let Some(near) = near {
                diagnostic = diagnostic.with_help(suggestion(&near));
            }
            self.report(diagnostic);
        }
        Some(symbol)
    }

    /// Reports a value that may be absent where it must be there.
    pub(crate) fn may_be_absent(&mut self, expr: &Expr, span: Span) {
        if self.model.dmn_mode {
            return;
        }
        let text = self.text(expr.span).into_owned();
        self.report(
            Diagnostic::error(
                "tipos.puede-faltar",
                span,
                Message::new(format!("«{text}» puede faltar"), format!("`{text}` may be absent")),
            )
            .with_help(Message::new(
                format!("pregunte primero: if {text} != null then … else …, o dé otro valor: get or else({text}, …)"),
                format!("ask first: if {text} != null then … else …, or give another value: get or else({text}, …)"),
            )),
        );
    }

    pub(crate) fn elements_may_be_absent(&mut self, list: &Expr, span: Span) {
        let text = self.text(list.span).into_owned();
        self.report(
            Diagnostic::error(
                "tipos.puede-faltar",
                span,
                Message::new(
                    format!("algún elemento de «{text}» puede faltar"),
                    format!("some element of `{text}` may be absent"),
                ),
            )
            .with_help(Message::new(
                format!("quite antes los que faltan: {text}[item != null]"),
                format!("leave those out first: {text}[item != null]"),
            )),
        );
    }

    /// Reports an expression whose value would not fit.
    pub(crate) fn must_fit(&mut self, expr: &Expr, wanted: &Type) {
        // What does not fit there is null, decided when it runs.
        if self.model.dmn_mode {
            return;
        }
        if fit::fits(&expr.ty, wanted) || literal_takes_unit(expr, wanted) {
            return;
        }
        let only_absent = matches!(expr.ty, Type::Null) || fit::fits(expr.ty.present(), wanted);
        if expr.ty.is_optional() && !wanted.is_optional() && only_absent {
            if matches!(expr.ty, Type::Null) {
                let ty = wanted.describe();
                self.error(
                    "tipos.nulo",
                    expr.span,
                    format!("aquí no puede faltar el valor: se espera {}", ty.es),
                    format!("the value cannot be absent here: {} is expected", ty.en),
                );
            } else {
                self.may_be_absent(expr, expr.span);
            }
            return;
        }
        if self.part_must_fit(expr, wanted) {
            return;
        }
        let (found, expected) = (expr.ty.describe(), wanted.describe());
        let mut diagnostic = Diagnostic::error(
            "tipos.no-encaja",
            expr.span,
            Message::new(
                format!("se espera {}; aquí hay {}", expected.es, found.es),
                format!("{} is expected; here is {}", expected.en, found.en),
            ),
        );
        if let Some(help) = mend(&expr.ty, wanted) {
            diagnostic = diagnostic.with_help(help);
        }
        self.report(diagnostic);
    }

    /// An expression whose value goes where a type is declared: it must fit, and meet the type's constraints when it runs.
    pub(crate) fn given_to(&mut self, expr: Expr, wanted: &Type) -> Expr {
        self.must_fit(&expr, wanted);
        if self.model.dmn_mode || matches!(expr.ty, Type::Any | Type::Null) || !fit::constrains(wanted, &expr.ty) {
            return expr;
        }
        let (ty, span) = (wanted.clone(), expr.span);
        Expr { kind: ExprKind::Ensure(Box::new(expr), ty.clone()), ty, span }
    }

    fn instance_of(&mut self, frame: &mut Frame, value: &'a tree::Expr, ty: &'a tree::TypeExpr, span: Span) -> Expr {
        let value = self.expression(frame, value, None);
        let reported = self.diagnostics.len();
        let ty = self.resolve_type(frame.ruleset, ty);
        if self.model.dmn_mode && self.diagnostics.len() > reported {
            return self.nothing(span);
        }
        Expr { kind: ExprKind::InstanceOf(Box::new(value), ty), ty: Type::Boolean, span }
    }

    fn conditional(
        &mut self,
        frame: &mut Frame,
        condition: &'a tree::Expr,
        yes: &'a tree::Expr,
        no: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let condition = self.expression(frame, condition, Some(&Type::Boolean));
        self.must_fit(&condition, &Type::Boolean);
        let mark = frame.mark();
        frame.assume(&condition, true);
        let yes = self.expression(frame, yes, expected);
        frame.release(mark);
        frame.assume(&condition, false);
        let no = self.expression(frame, no, expected);
        frame.release(mark);
        let ty = self.join_of(&yes, &no, "las dos ramas", "both branches", span);
        Expr { kind: ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no)), ty, span }
    }

    /// The type that two expressions share, or a problem.
    pub(crate) fn join_of(&mut self, a: &Expr, b: &Expr, es: &str, en: &str, span: Span) -> Type {
        if let Some(ty) = fit::join(&a.ty, &b.ty) {
            return ty;
        }
        if literal_takes_unit(b, &a.ty) {
            return fit::unconstrained(&a.ty);
        }
        if literal_takes_unit(a, &b.ty) {
            return fit::unconstrained(&b.ty);
        }
        if self.model.dmn_mode {
            return Type::Any;
        }
        let (first, second) = (a.ty.describe(), b.ty.describe());
        self.error(
            "tipos.distintos",
            span,
            format!("{es} deben ser del mismo tipo; hay {} y {}", first.es, second.es),
            format!("{en} must be of one type; there are {} and {}", first.en, second.en),
        );
        Type::Any
    }
}

/// A constant expression.
pub(crate) fn constant(value: Value, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Constant(value), ty, span }
}

/// What stands for an expression with a problem that was reported: it fits everywhere, so that one mistake is one message.
pub(crate) fn unknown(span: Span) -> Expr {
    constant(Value::Null, Type::Any, span)
}

/// A built-in function as a value.
pub(crate) fn built_in_value(name: &str) -> Value {
    let target = FunctionTarget::BuiltIn(name.into());
    Value::Function(Arc::new(FunctionValue { target, captured: Vec::new() }))
}

/// DMN mode: null with a diagnostic, when it is evaluated.
pub(crate) fn fault(code: &str, message: Message, span: Span) -> Expr {
    Expr { kind: ExprKind::Fault(code.into(), message), ty: Type::Any, span }
}

/// Whether an expression is made of number literals only, so that it takes the unit it meets.
pub(crate) fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(Value::Number(_)) => true,
        ExprKind::Negate(inner) => is_literal(inner),
        ExprKind::Arithmetic(_, left, right) => is_literal(left) && is_literal(right),
        ExprKind::If(_, yes, no) => is_literal(yes) && is_literal(no),
        _ => false,
    }
}

/// Whether an expression of plain number literals meets a number with a unit.
pub(crate) fn literal_takes_unit(expr: &Expr, wanted: &Type) -> bool {
    let (Some((integer, unit)), Some((wanted_integer, _))) = (fit::number(&expr.ty), fit::number(wanted)) else {
        return false;
    };
    is_literal(expr) && unit.is_none() && (integer || !wanted_integer)
}

/// `a.b.c` as text, where it is made of names only.
pub(crate) fn dotted(expr: &tree::Expr) -> Option<String> {
    match &expr.kind {
        tree::ExprKind::Name(name) => Some(name.clone()),
        tree::ExprKind::Path(of, name) => Some(format!("{}.{}", dotted(of)?, name.text)),
        _ => None,
    }
}

/// What would turn a value of one type into one of another.
fn mend(from: &Type, wanted: &Type) -> Option<Message> {
    let (from_number, wanted_number) = (fit::number(from), fit::number(wanted));
    match (from_number, wanted_number) {
        (Some((_, unit)), Some((_, wanted_unit))) if unit != wanted_unit => Some(Message::new(
            "las unidades no coinciden: multiplique o divida por el valor de la unidad (por ejemplo, el de la UVT)",
            "units do not match: multiply or divide by the value of the unit (that of the UVT, for instance)",
        )),
        (Some((false, _)), Some((true, _))) => Some(Message::new(
            "redondee primero, por ejemplo con floor(…) o round half up(…, 0)",
            "round it first, with floor(…) or round half up(…, 0) for instance",
        )),
        (Some(_), None) if matches!(wanted.basic(), Type::Text) => {
            Some(Message::new("conviértalo con string(…)", "convert it with string(…)"))
        }
        (None, Some(_)) if matches!(from.basic(), Type::Text) => {
            Some(Message::new("conviértalo con number(…)", "convert it with number(…)"))
        }
        _ => None,
    }
}
