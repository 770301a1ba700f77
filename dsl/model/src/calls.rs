//! Calls: of declared functions, of parameters at a date, of built-in functions, of function values.

use dictamen_functions::{Entry, Shape};
use dictamen_syntax::tree::{self, Arguments, Name};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{DaysDuration, Message, MonthsDuration, Number, Type, Value};

use crate::checker::Checker;
use crate::expressions::{built_in_value, constant, dotted, literal_takes_unit, unknown};
use crate::frame::{Found, Frame};
use crate::graph::{Expr, ExprKind, FunctionId, ParameterId};
use crate::shapes::{self, Bindings};
use crate::symbols::{self, Lookup, Symbol};

/// Built-in functions that round to a number of decimals, their second argument.
const ROUNDING: [&str; 7] =
    ["decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"];

impl<'a> Checker<'a> {
    /// A call: what is called decides what it is.
    pub(crate) fn call(
        &mut self,
        frame: &mut Frame,
        function: &'a tree::Expr,
        arguments: &'a Arguments,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        match self.callee(frame, function) {
            Callee::Declared(id) => self.call_declared(frame, id, arguments, span),
            Callee::Parameter(id) => self.call_parameter(frame, id, arguments, span),
            Callee::BuiltIn(entry) => self.call_built_in(frame, entry, arguments, span, expected),
            Callee::Unknown(name) if clock(&name).is_some() => self.call_clock(frame, &name, arguments, span),
            Callee::Unknown(name) => {
                self.unknown_name(frame, &name, function.span);
                self.arguments_anyway(frame, arguments);
                self.nothing(span)
            }
            Callee::Reported => {
                self.arguments_anyway(frame, arguments);
                self.nothing(span)
            }
            Callee::Value => {
                let function = self.expression(frame, function, None);
                self.call_value(frame, function, arguments, span)
            }
        }
    }

    fn callee(&mut self, frame: &Frame, function: &tree::Expr) -> Callee {
        let symbol = match &function.kind {
            tree::ExprKind::Name(name) => {
                if let Some(found) = frame.find(name) {
                    return self.called_variable(&found, name);
                }
                match symbols::lookup(&self.scopes, frame.ruleset, name) {
                    Lookup::Found(symbol) => symbol,
                    Lookup::Ambiguous(..) => return Callee::Value,
                    Lookup::Unknown => {
                        return match dictamen_functions::find(name) {
                            None if !frame.maybe_entries(name).is_empty() => Callee::Value,
                            Some(entry) => Callee::BuiltIn(entry),
                            None => Callee::Unknown(name.clone()),
                        };
                    }
                }
            }
            tree::ExprKind::Path(of, name) if dotted(of).is_some() => match self.imported(frame, of, name) {
                Some(Some(symbol)) => symbol,
                Some(None) => return Callee::Reported,
                None => return Callee::Value,
            },
            _ => return Callee::Value,
        };
        match symbol {
            Symbol::Function(id) => Callee::Declared(id),
            Symbol::Parameter(id) => Callee::Parameter(id),
            Symbol::Input(_) | Symbol::Decision(_) => self.called_value(&function.kind),
        }
    }

    /// A variable that is called. In DMN mode one that is surely no function does not hide a built-in one from calls.
    fn called_variable(&self, found: &Found, name: &str) -> Callee {
        let callable = match found {
            Found::Variable(variable) => matches!(variable.ty.bare(), Type::Any | Type::Function(_)),
            Found::FieldOf(_) => true,
        };
        let built_in = dictamen_functions::find(name).filter(|_| self.model.dmn_mode && !callable);
        built_in.map_or(Callee::Value, Callee::BuiltIn)
    }

    /// A value that is called. In DMN mode one may be called like a built-in function, which it does not hide from calls.
    fn called_value(&self, function: &tree::ExprKind) -> Callee {
        match function {
            tree::ExprKind::Name(name) if self.model.dmn_mode => {
                dictamen_functions::find(name).map_or(Callee::Value, Callee::BuiltIn)
            }
            _ => Callee::Value,
        }
    }

    /// `today()` and `now()`: the date and the moment of the decision, which whoever asks for it gives.
    fn call_clock(&mut self, frame: &mut Frame, name: &str, arguments: &'a Arguments, span: Span) -> Expr {
        let given = match arguments {
            Arguments::Positional(items) => items.len(),
            Arguments::Named(items) => items.len(),
        };
        match clock(name) {
            Some((kind, ty)) if given == 0 => Expr { kind, ty, span },
            _ => {
                self.arguments_anyway(frame, arguments);
                self.wrong_count(name, &[], given, span);
                self.nothing(span)
            }
        }
    }

    /// Types arguments of a call that makes no sense, for the problems in them.
    fn arguments_anyway(&mut self, frame: &mut Frame, arguments: &'a Arguments) {
        match arguments {
            Arguments::Positional(items) => items.iter().for_each(|item| {
                self.expression(frame, item, None);
            }),
            Arguments::Named(items) => items.iter().for_each(|(_, item)| {
                self.expression(frame, item, None);
            }),
        }
    }

    fn call_declared(&mut self, frame: &mut Frame, id: FunctionId, arguments: &'a Arguments, span: Span) -> Expr {
        let Some(function) = self.model.functions.get(id as usize) else { return self.nothing(span) };
        let (name, ty, parameters) = (function.name.clone(), function.ty.clone(), function.parameters.clone());
        let names: Vec<&str> = parameters.iter().map(|(name, _)| &**name).collect();
        let Some(ordered) = self.in_order(&name, &names, arguments, span) else {
            self.arguments_anyway(frame, arguments);
            return Expr { ty, ..self.nothing(span) };
        };
        if ordered.len() != parameters.len() || ordered.contains(&None) {
            self.wrong_count(&name, &names, ordered.iter().flatten().count(), span);
            return Expr { ty, ..self.nothing(span) };
        }
        let arguments = ordered.into_iter().flatten().zip(&parameters).map(|(argument, (_, ty))| {
            let typed = self.expression(frame, argument, Some(ty));
            self.given_to(typed, ty)
        });
        let arguments = arguments.collect();
        Expr { kind: ExprKind::Call(id, arguments), ty, span }
    }

    fn wrong_count(&mut self, name: &str, parameters: &[&str], given: usize, span: Span) {
        let (count, listed) = (parameters.len(), parameters.join(", "));
        self.error(
            "tipos.argumentos",
            span,
            format!("«{name}» recibe {count} argumentos ({listed}); aquí hay {given}"),
            format!("`{name}` takes {count} arguments ({listed}); there are {given} here"),
        );
    }

    /// Arguments in the order of the parameters, `None` where one was not given; nothing where a name is wrong.
    fn in_order(
        &mut self,
        function: &str,
        parameters: &[&str],
        arguments: &'a Arguments,
        span: Span,
    ) -> Option<Vec<Option<&'a tree::Expr>>> {
        match arguments {
            Arguments::Positional(items) => Some(items.iter().map(Some).collect()),
            Arguments::Named(items) => {
                let mut ordered: Vec<Option<&tree::Expr>> = vec![None; parameters.len()];
                for (name, item) in items {
                    let position = parameters.iter().position(|parameter| *parameter == name.text);
                    match position.and_then(|position| ordered.get_mut(position)) {
                        Some(slot) if slot.is_none() => *slot = Some(item),
                        Some(_) => {
                            self.repeated(name, "argumento", "argument");
                            return None;
                        }
                        None => {
                            self.unknown_argument(function, parameters, name, span);
                            return None;
                        }
                    }
                }
                while let Some(None) = ordered.last() {
                    ordered.pop();
                }
                Some(ordered)
            }
        }
    }

    fn unknown_argument(&mut self, function: &str, parameters: &[&str], name: &Name, _span: Span) {
        let listed = parameters.join(", ");
        self.error(
            "nombres.argumento-desconocido",
            name.span,
            format!("«{function}» no tiene un parámetro «{}»; los hay: {listed}", name.text),
            format!("`{function}` has no parameter `{}`; there are: {listed}", name.text),
        );
    }

    /// `valor_uvt(fecha)`: a parameter at a date.
    fn call_parameter(&mut self, frame: &mut Frame, id: ParameterId, arguments: &'a Arguments, span: Span) -> Expr {
        let Some(parameter) = self.model.parameters.get(id as usize) else { return self.nothing(span) };
        let (name, ty) = (parameter.name.clone(), parameter.ty.clone());
        let at = match arguments {
            Arguments::Positional(items) => match items.as_slice() {
                [at] => Some(at),
                _ => None,
            },
            Arguments::Named(_) => None,
        };
        let Some(at) = at else {
            self.error(
                "tipos.argumentos",
                span,
                format!("el parámetro «{name}» se lee sin argumentos o en una fecha: {name}(date(2026, 1, 1))"),
                format!("the parameter `{name}` is read without arguments, or at a date: {name}(date(2026, 1, 1))"),
            );
            return Expr { ty, ..self.nothing(span) };
        };
        let at = self.expression(frame, at, Some(&Type::Date));
        self.must_fit(&at, &Type::Date);
        Expr { kind: ExprKind::Parameter(id, Some(Box::new(at))), ty, span }
    }

    fn names_for_a_value(&mut self, span: Span) -> Expr {
        self.error(
            "tipos.argumentos",
            span,
            "a una función que es un valor se le pasan los argumentos por posición",
            "a function that is a value takes its arguments by position",
        );
        self.nothing(span)
    }

    fn call_value(&mut self, frame: &mut Frame, function: Expr, arguments: &'a Arguments, span: Span) -> Expr {
        let ty = match function.ty.bare() {
            Type::Function(ty) => Some(ty.clone()),
            _ if self.model.dmn_mode => None,
            Type::Any => None,
            other => {
                let name = other.describe();
                self.error(
                    "tipos.no-es-funcion",
                    function.span,
                    format!("se llama a algo que no es una función, sino {}", name.es),
                    format!("what is called is not a function but {}", name.en),
                );
                self.arguments_anyway(frame, arguments);
                return self.nothing(span);
            }
        };
        let items = match arguments {
            Arguments::Positional(items) => items,
            Arguments::Named(items) if self.model.dmn_mode => {
                let result = ty.map_or(Type::Any, |ty| ty.result.clone());
                return self.call_named(frame, function, items, result, span);
            }
            Arguments::Named(_) => return self.names_for_a_value(span),
        };
        if let Some(ty) = &ty
            && ty.parameters.len() != items.len()
        {
            let names: Vec<String> = ty.parameters.iter().map(|ty| ty.describe().es).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.wrong_count("function", &names, items.len(), span);
            return self.nothing(span);
        }
        let mut typed = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let wanted = ty.as_ref().and_then(|ty| ty.parameters.get(position));
            let argument = self.expression(frame, item, wanted);
            typed.push(match wanted {
                Some(wanted) => self.given_to(argument, wanted),
                None => argument,
            });
        }
        let result = ty.map_or(Type::Any, |ty| ty.result.clone());
        Expr { kind: ExprKind::CallValue(Box::new(function), typed), ty: result, span }
    }

    fn call_built_in(
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

    /// DMN mode: a call of a function value whose arguments have names.
    fn call_named(
        &mut self,
        frame: &mut Frame,
        function: Expr,
        arguments: &'a [(Name, tree::Expr)],
        ty: Type,
        span: Span,
    ) -> Expr {
        let typed = arguments.iter().map(|(name, argument)| {
            let name = name.text.as_str().into();
            (name, self.expression(frame, argument, None))
        });
        let typed = typed.collect();
        Expr { kind: ExprKind::CallNamed(Box::new(function), typed), ty, span }
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

/// What a call calls.
enum Callee {
    Declared(FunctionId),
    Parameter(ParameterId),
    BuiltIn(&'static Entry),
    Value,
    Unknown(String),
    Reported,
}

/// What a function stands for that would read a clock if evaluation saw one.
fn clock(name: &str) -> Option<(ExprKind, Type)> {
    match name {
        "today" => Some((ExprKind::AsOf, Type::Date)),
        "now" => Some((ExprKind::KnownAt, Type::DateTime)),
        _ => None,
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
