//! Calls: of declared functions, of parameters at a date, of built-in functions, of function values.

use dictamen_functions::Entry;
use dictamen_syntax::Span;
use dictamen_syntax::tree::{self, Arguments, Name};
use dictamen_value::Type;

use crate::checker::Checker;
use crate::expressions::dotted;
use crate::frame::{Found, Frame};
use crate::graph::{Expr, ExprKind, FunctionId, ParameterId};
use crate::symbols::{self, Lookup, Symbol};

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
    pub(crate) fn arguments_anyway(&mut self, frame: &mut Frame, arguments: &'a Arguments) {
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
    pub(crate) fn in_order(
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

    /// DMN mode: a call of a function value whose arguments have names.
    pub(crate) fn call_named(
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
