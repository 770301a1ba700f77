//! Types as written become types: built-in names, declared names, units, records, choices, constraints.

use std::sync::Arc;

use dictamen_syntax::tree::{FieldDeclaration, Name, TestsKind, TypeExpr, TypeKind};
use dictamen_syntax::{Diagnostic, Span, tree};
use dictamen_value::{Field, FunctionType, Message, NamedType, RecordType, Type, Unit, Value};

use crate::checker::Checker;
use crate::constants;
use crate::fit;
use crate::frame::Frame;
use crate::graph::{Cell, CellKind, Constraint, RulesetId, Test, TestKind};
use crate::names::{nearest, suggestion};
use crate::tests_of_cells;

impl<'a> Checker<'a> {
    /// The type that an expression of types says, in a ruleset.
    pub(crate) fn resolve_type(&mut self, ruleset: RulesetId, expr: &'a TypeExpr) -> Type {
        match &expr.kind {
            TypeKind::Name(name) => self.named_type(ruleset, name, expr.span),
            TypeKind::WithUnit(base, above, below) => self.number_with_unit(ruleset, base, above, below),
            TypeKind::List(element) => Type::list(self.resolve_type(ruleset, element)),
            TypeKind::Range(element) => self.range_type(ruleset, element),
            TypeKind::Record(fields) => self.record_type(ruleset, fields),
            TypeKind::Choice(values) => self.choice_type(ruleset, values, expr.span),
            TypeKind::Optional(inner) => self.resolve_type(ruleset, inner).optional(),
            TypeKind::Tested(base, tests) => self.tested_type(ruleset, base, tests),
            TypeKind::Where(base, condition) => self.conditional_type(ruleset, base, condition),
            TypeKind::Function(parameters, result) => {
                let parameters = parameters.iter().map(|parameter| self.resolve_type(ruleset, parameter)).collect();
                let result = self.resolve_type(ruleset, result);
                Type::Function(Arc::new(FunctionType { parameters, result }))
            }
            TypeKind::Error => Type::Any,
        }
    }

    fn range_type(&mut self, ruleset: RulesetId, element: &'a TypeExpr) -> Type {
        let ty = self.resolve_type(ruleset, element);
        if !fit::ordered(&ty) {
            self.no_order(ty, element.span);
            return Type::Any;
        }
        Type::Range(Box::new(ty))
    }

    /// Reports a range over values that have no order.
    pub(crate) fn no_order(&mut self, ty: Type, span: Span) {
        let name = ty.describe();
        self.error(
            "tipos.sin-orden",
            span,
            format!("un rango necesita valores con orden; aquí hay {}", name.es),
            format!("a range needs values that have an order; here is {}", name.en),
        );
    }

    fn named_type(&mut self, ruleset: RulesetId, name: &str, span: Span) -> Type {
        match built_in(name) {
            Some(Type::Any) if !self.model.dmn_mode => {
                self.error(
                    "tipos.cualquiera",
                    span,
                    "«cualquiera» solo vale en textos con «modo dmn»; diga qué tipo es",
                    "`any` is only for texts in `mode dmn`; say which type it is",
                );
                Type::Any
            }
            Some(ty) => ty,
            None => self.declared_type(ruleset, name, span),
        }
    }

    fn declared_type(&mut self, ruleset: RulesetId, name: &str, span: Span) -> Type {
        match self.find_type(ruleset, name) {
            Some((owner, local)) => self.type_of_declaration(owner, &local, span),
            None => {
                self.unknown_type(ruleset, name, span);
                Type::Any
            }
        }
    }

    /// Which ruleset declares a type, and under which name there: own first, then imports, then `alias.Name`.
    fn find_type(&self, ruleset: RulesetId, name: &str) -> Option<(RulesetId, String)> {
        let scope = self.scopes.get(ruleset as usize)?;
        let declares = |id: RulesetId, name: &str| {
            self.scopes.get(id as usize).is_some_and(|scope| scope.types.contains_key(name))
        };
        if declares(ruleset, name) {
            return Some((ruleset, name.to_owned()));
        }
        if let Some(import) = scope.open_imports.iter().find(|id| declares(**id, name)) {
            return Some((*import, name.to_owned()));
        }
        let (prefix, local) = name.rsplit_once('.')?;
        let import = *scope.named_imports.get(prefix)?;
        declares(import, local).then(|| (import, local.to_owned()))
    }

    /// The type behind a declaration, resolved on first use.
    pub(crate) fn type_of_declaration(&mut self, owner: RulesetId, name: &str, span: Span) -> Type {
        let Some(symbol) = self.scopes.get(owner as usize).and_then(|scope| scope.types.get(name)) else {
            return Type::Any;
        };
        if let Some(ty) = &symbol.resolved {
            return ty.clone();
        }
        let declaration = symbol.declaration;
        let entry = (owner, name.to_owned());
        if self.types_in_progress.contains(&entry) {
            self.error(
                "tipos.ciclo",
                span,
                format!("el tipo «{name}» se contiene a sí mismo; un tipo no puede contener valores de su propio tipo"),
                format!("the type `{name}` contains itself; a type cannot contain values of its own type"),
            );
            return Type::Any;
        }
        self.types_in_progress.push(entry);
        let inner = self.resolve_type(owner, &declaration.ty);
        self.types_in_progress.pop();
        let ty = give_name(inner, name);
        if let Some(symbol) = self.scopes.get_mut(owner as usize).and_then(|scope| scope.types.get_mut(name)) {
            symbol.resolved = Some(ty.clone());
        }
        ty
    }

    fn unknown_type(&mut self, ruleset: RulesetId, name: &str, span: Span) {
        let declared = self.scopes.iter().flat_map(|scope| scope.types.keys().cloned());
        let known: Vec<String> = declared.chain(dictamen_syntax::type_names().map(str::to_owned)).collect();
        let nearest_name = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        let mut diagnostic = Diagnostic::error(
            "nombres.tipo-desconocido",
            span,
            Message::new(format!("no hay ningún tipo «{name}»"), format!("there is no type `{name}`")),
        );
        let elsewhere = self.declared_elsewhere(ruleset, name);
        if let Some(near) = nearest_name {
            diagnostic = diagnostic.with_help(suggestion(&near));
        } else if let Some(id) = elsewhere {
            diagnostic = diagnostic.with_help(Message::new(
                format!("lo declara «{id}»: agregue «usa {id}»"),
                format!("`{id}` declares it: add `use {id}`"),
            ));
        }
        self.report(diagnostic);
    }

    fn declared_elsewhere(&self, ruleset: RulesetId, name: &str) -> Option<Arc<str>> {
        let position = (0u32..)
            .zip(&self.scopes)
            .find_map(|(id, scope)| (id != ruleset && scope.types.contains_key(name)).then_some(id))?;
        self.model.rulesets.get(position as usize).map(|ruleset| ruleset.id.clone())
    }

    fn number_with_unit(&mut self, ruleset: RulesetId, base: &'a TypeExpr, above: &[Name], below: &[Name]) -> Type {
        let product = |names: &[Name]| {
            names.iter().fold(Unit::none(), |unit, name| match name.text.as_str() {
                "1" => unit,
                text => unit.times(&Unit::base(text)),
            })
        };
        match self.resolve_type(ruleset, base) {
            Type::Number { integer, unit } if unit.is_none() => {
                Type::Number { integer, unit: product(above).over(&product(below)) }
            }
            other => {
                let name = other.describe();
                self.error(
                    "tipos.unidad",
                    base.span,
                    format!("solo un «numero» o «entero» lleva unidad; aquí hay {}", name.es),
                    format!("only a `number` or `integer` takes a unit; here is {}", name.en),
                );
                other
            }
        }
    }

    fn record_type(&mut self, ruleset: RulesetId, fields: &'a [FieldDeclaration]) -> Type {
        let mut resolved: Vec<Field> = Vec::new();
        for field in fields {
            if resolved.iter().any(|known| *known.name == *field.name.text) {
                self.repeated(&field.name, "campo", "field");
                continue;
            }
            let ty = self.resolve_type(ruleset, &field.ty);
            resolved.push(Field { name: field.name.text.as_str().into(), ty });
        }
        Type::Record(Arc::new(RecordType { fields: resolved }))
    }

    /// Reports a name that is declared twice.
    pub(crate) fn repeated(&mut self, name: &Name, es: &str, en: &str) {
        self.error(
            "nombres.repetido",
            name.span,
            format!("el {es} «{}» está repetido; déle otro nombre", name.text),
            format!("the {en} `{}` is repeated; give it another name", name.text),
        );
    }

    fn choice_type(&mut self, ruleset: RulesetId, values: &'a [tree::Expr], span: Span) -> Type {
        let mut choices: Vec<Value> = Vec::new();
        for value in values {
            let mut frame = Frame::new(ruleset);
            let typed = self.expression(&mut frame, value, None);
            match constants::fold(&typed) {
                Some(value) if !value.is_null() => choices.push(value),
                _ => self.error(
                    "tipos.opcion",
                    value.span,
                    "una opción debe ser un valor fijo, como \"natural\" o 3",
                    "a choice must be a fixed value, such as \"natural\" or 3",
                ),
            }
        }
        let kinds_differ = choices.windows(2).any(|pair| match pair {
            [a, b] => !fit::comparable(&a.type_of(), &b.type_of()),
            _ => false,
        });
        if kinds_differ {
            self.error(
                "tipos.opciones-mezcladas",
                span,
                "las opciones de un tipo deben ser todas de la misma clase",
                "the choices of a type must all be of one kind",
            );
        }
        if choices.is_empty() { Type::Any } else { Type::Choice(choices.into()) }
    }

    fn tested_type(&mut self, ruleset: RulesetId, base: &'a TypeExpr, tests: &'a tree::Tests) -> Type {
        let base = self.resolve_type(ruleset, base);
        if matches!(tests.kind, TestsKind::Error) {
            return base;
        }
        let mut frame = Frame::new(ruleset);
        let tested = frame.declare("?", base.present().clone());
        let cell = tests_of_cells::cell(self, &mut frame, tests, base.present(), tested);
        self.constrained(base, cell, frame.size)
    }

    fn conditional_type(&mut self, ruleset: RulesetId, base: &'a TypeExpr, condition: &'a tree::Expr) -> Type {
        let base = self.resolve_type(ruleset, base);
        let mut frame = Frame::new(ruleset);
        frame.declare("?", base.present().clone());
        let typed = self.expression(&mut frame, condition, Some(&Type::Boolean));
        self.must_fit(&typed, &Type::Boolean);
        let span = typed.span;
        let test = Test { kind: TestKind::Condition(typed), span };
        let cell = Cell { kind: CellKind::AnyOf(vec![test]), text: self.text(span).into(), span };
        self.constrained(base, cell, frame.size)
    }

    /// A constraint on what is present: `T? >= 0` is `(T >= 0)?`.
    fn constrained(&mut self, base: Type, tests: Cell, frame: u32) -> Type {
        let id = u32::try_from(self.model.constraints.len()).unwrap_or(u32::MAX);
        self.model.constraints.push(Constraint { text: tests.text.clone(), tests, frame });
        let wrap = |base: Type| Type::Named(Arc::new(NamedType { name: None, base, constraint: Some(id) }));
        match base {
            Type::Optional(inner) => Type::Optional(Box::new(wrap(*inner))),
            other => wrap(other),
        }
    }
}

fn give_name(inner: Type, name: &str) -> Type {
    let (base, constraint) = match inner {
        Type::Named(named) if named.name.is_none() => (named.base.clone(), named.constraint),
        other => (other, None),
    };
    Type::Named(Arc::new(NamedType { name: Some(name.into()), base, constraint }))
}

/// A built-in type by its (Spanish) name.
pub(crate) fn built_in(name: &str) -> Option<Type> {
    Some(match name {
        "texto" => Type::Text,
        "numero" => Type::number(),
        "entero" => Type::integer(),
        "dinero" => Type::Number { integer: false, unit: Unit::base("COP") },
        "uvt" => Type::Number { integer: false, unit: Unit::base("UVT") },
        "booleano" => Type::Boolean,
        "fecha" => Type::Date,
        "hora" => Type::Time,
        "fecha_hora" => Type::DateTime,
        "duracion_dias" => Type::DaysDuration,
        "duracion_meses" => Type::MonthsDuration,
        "cualquiera" => Type::Any,
        "nulo" => Type::Null,
        _ => return None,
    })
}
