//! What files declare: rulesets and imports first, then names with their types, then bodies.

use std::sync::Arc;

use dictamen_syntax::tree::{self, AttributeKey, FunctionBody, ItemKind, Name};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{Message, Type};

use crate::checker::Checker;
use crate::expressions::unknown;
use crate::graph::{self, Body, BodyKind, Decision, Function, Input, Parameter, Ruleset, RulesetId};
use crate::header::{about, attribute, date_of};
use crate::names::{nearest, suggestion};
use crate::services;
use crate::symbols::{Scope, Symbol, TypeSymbol};
use crate::tables;

/// Names that are always there and cannot be declared.
const RESERVED: [&str; 4] = ["fecha_decision", "decision_date", "item", "partial"];

/// Declares everything of every ruleset of the unit.
pub(crate) fn declare(checker: &mut Checker<'_>) {
    let files = rulesets(checker);
    imports(checker, &files);
    for (ruleset, file) in &files {
        types(checker, *ruleset, file);
    }
    for (ruleset, file) in &files {
        for item in &file.items {
            declaration(checker, *ruleset, item);
        }
    }
    for (ruleset, file) in &files {
        for item in &file.items {
            if let ItemKind::Service(service) = &item.kind {
                services::declare(checker, *ruleset, service);
            }
        }
    }
    resolve_types(checker);
}

/// Files of rulesets with their numbers: the root first.
pub(crate) fn ruleset_files<'a>(checker: &Checker<'a>) -> Vec<(RulesetId, &'a tree::File)> {
    let unit = checker.unit;
    let root = unit.files.get(unit.root).copied();
    let is_root = |file: &tree::File| root.is_some_and(|root| std::ptr::eq(root, file));
    let others = unit
        .files
        .iter()
        .copied()
        .filter(|file| !is_root(file) && file.header.as_ref().is_some_and(|header| !header.cases_only));
    (0..).zip(root.into_iter().chain(others)).collect()
}

fn rulesets<'a>(checker: &mut Checker<'a>) -> Vec<(RulesetId, &'a tree::File)> {
    let files = ruleset_files(checker);
    for (_, file) in &files {
        let ruleset = match &file.header {
            Some(header) => ruleset(checker, header),
            None => {
                let span = file.items.first().map(|item| item.span).unwrap_or_default();
                checker.error(
                    "encabezado.falta",
                    span,
                    "falta el encabezado: el archivo empieza por «reglas» y el nombre del conjunto, por ejemplo «reglas rut.iva»",
                    "the header is missing: a file starts with `rules` and the ruleset's name, for instance `rules rut.iva`",
                );
                Ruleset::default()
            }
        };
        checker.model.rulesets.push(ruleset);
        checker.scopes.push(Scope::default());
    }
    if let Some(header) = files.first().and_then(|(_, file)| file.header.as_ref()) {
        checker.model.dmn_mode = header.dmn_mode;
    }
    files
}

fn ruleset(checker: &mut Checker<'_>, header: &tree::Header) -> Ruleset {
    let mut date = |expr: Option<&tree::Expr>| {
        let expr = expr?;
        let date = date_of(expr);
        if date.is_none() {
            checker.not_a_date(expr.span);
        }
        date
    };
    let (from, to) = match &header.in_force {
        Some((from, to)) => (date(Some(from)), date(to.as_ref())),
        None => (None, None),
    };
    let published = date(header.published.as_ref());
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        checker.error(
            "encabezado.vigencia",
            header.span,
            format!("la vigencia termina ({to}) antes de empezar ({from})"),
            format!("it goes out of force ({to}) before it comes into force ({from})"),
        );
    }
    Ruleset {
        id: header.id.text.as_str().into(),
        about: about(&header.attributes),
        version: attribute(&header.attributes, AttributeKey::Version).map(Into::into),
        in_force_from: from,
        in_force_to: to,
        published,
    }
}

impl Checker<'_> {
    /// Reports what should be a date and is not.
    pub(crate) fn not_a_date(&mut self, span: Span) {
        let text = self.text(span).into_owned();
        self.error(
            "expresion.fecha",
            span,
            format!("«{text}» no es una fecha; se escribe año-mes-día, como 2026-01-31"),
            format!("`{text}` is not a date; it is written year-month-day, such as 2026-01-31"),
        );
    }
}

fn imports(checker: &mut Checker<'_>, files: &[(RulesetId, &tree::File)]) {
    for (ruleset, file) in files {
        import_into(checker, *ruleset, file);
    }
}

/// Brings what a file imports into a scope.
pub(crate) fn import_into(checker: &mut Checker<'_>, ruleset: RulesetId, file: &tree::File) {
    for item in &file.items {
        let ItemKind::Import(import) = &item.kind else { continue };
        let found = (0..).zip(&checker.model.rulesets).find(|(_, known)| *known.id == *import.ruleset.text);
        let Some((target, _)) = found else {
            unknown_import(checker, &import.ruleset);
            continue;
        };
        if target == ruleset {
            checker.error(
                "nombres.se-importa",
                import.ruleset.span,
                "un conjunto de reglas no se importa a sí mismo",
                "a ruleset does not import itself",
            );
            continue;
        }
        let Some(scope) = checker.scopes.get_mut(ruleset as usize) else { continue };
        match &import.alias {
            Some(alias) => {
                scope.named_imports.insert(alias.text.clone(), target);
            }
            None if scope.open_imports.contains(&target) => {}
            None => scope.open_imports.push(target),
        }
        scope.named_imports.insert(import.ruleset.text.clone(), target);
    }
}

fn unknown_import(checker: &mut Checker<'_>, name: &Name) {
    let known: Vec<Arc<str>> = checker.model.rulesets.iter().map(|ruleset| ruleset.id.clone()).collect();
    let mut diagnostic = Diagnostic::error(
        "nombres.conjunto-desconocido",
        name.span,
        Message::new(
            format!("no hay ningún conjunto de reglas «{}» vigente en estas fechas", name.text),
            format!("there is no ruleset `{}` in force at these dates", name.text),
        ),
    );
    if let Some(near) = nearest(&name.text, known.iter().map(|id| &**id)) {
        diagnostic = diagnostic.with_help(suggestion(near));
    }
    checker.report(diagnostic);
}

fn types<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, file: &'a tree::File) {
    for item in &file.items {
        let ItemKind::Type(declaration) = &item.kind else { continue };
        let name = &declaration.name;
        let known = checker.scopes.get(ruleset as usize).is_some_and(|scope| scope.types.contains_key(&name.text));
        if known || crate::types::built_in(&name.text).is_some() {
            checker.repeated(name, "tipo", "type");
            continue;
        }
        if let Some(scope) = checker.scopes.get_mut(ruleset as usize) {
            scope.types.insert(name.text.clone(), TypeSymbol { declaration, resolved: None });
        }
    }
}

fn resolve_types(checker: &mut Checker<'_>) {
    for (ruleset, file) in ruleset_files(checker) {
        for item in &file.items {
            let ItemKind::Type(declaration) = &item.kind else { continue };
            let ty = checker.type_of_declaration(ruleset, &declaration.name.text, declaration.name.span);
            let name = declaration.name.text.as_str().into();
            let about = about(&declaration.attributes);
            checker.model.types.push(graph::TypeDeclaration { ruleset, name, ty, about, span: declaration.name.span });
        }
    }
}

fn declaration<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, item: &'a tree::Item) {
    match &item.kind {
        ItemKind::Input(input) => declare_input(checker, ruleset, input),
        ItemKind::Parameter(parameter) => declare_parameter(checker, ruleset, parameter),
        ItemKind::Decision(decision) => {
            let ty = declared_type(checker, ruleset, decision.ty.as_ref(), &decision.name);
            declare_decision(checker, ruleset, &decision.name, ty, &decision.attributes);
        }
        ItemKind::Table(table) => {
            let outcome = declared_type(checker, ruleset, table.ty.as_ref(), &table.name);
            let ty = tables::outcome_of_policy(&table.body, outcome);
            declare_decision(checker, ruleset, &table.name, ty, &table.attributes);
        }
        ItemKind::Function(function) => declare_function(checker, ruleset, function),
        // What a service offers is declared after all it may name.
        ItemKind::Service(_) => {}
        // Letters and glossaries have no names.
        ItemKind::Letter(_) | ItemKind::Glossary(_) => {}
        ItemKind::Import(_) | ItemKind::Type(_) | ItemKind::Case(_) | ItemKind::Error(_) => {}
    }
}

/// The type that a declaration says; native text must say one.
fn declared_type<'a>(
    checker: &mut Checker<'a>,
    ruleset: RulesetId,
    ty: Option<&'a tree::TypeExpr>,
    name: &Name,
) -> Type {
    match ty {
        Some(ty) => checker.resolve_type(ruleset, ty),
        None => {
            if !checker.model.dmn_mode {
                checker.error(
                    "tipos.falta",
                    name.span,
                    format!("diga de qué tipo es «{}»: {} : numero", name.text, name.text),
                    format!("say of which type `{}` is: {} : number", name.text, name.text),
                );
            }
            Type::Any
        }
    }
}

/// Puts a name into its ruleset's scope; `false` where it is taken or reserved (reported).
pub(crate) fn claim(checker: &mut Checker<'_>, ruleset: RulesetId, name: &Name, symbol: Symbol) -> bool {
    // DMN has no reserved names: what a model calls `before` hides nothing but its own name.
    let built_in = dictamen_functions::find(&name.text).is_some();
    if !checker.model.dmn_mode && (built_in || RESERVED.contains(&name.text.as_str())) {
        checker.error(
            "nombres.reservado",
            name.span,
            format!("«{}» ya es parte del lenguaje; use otro nombre", name.text),
            format!("`{}` is already part of the language; use another name", name.text),
        );
        return false;
    }
    let Some(scope) = checker.scopes.get_mut(ruleset as usize) else { return false };
    if let Some((_, first)) = scope.own.get(&name.text) {
        let diagnostic = Diagnostic::error(
            "nombres.repetido",
            name.span,
            Message::new(
                format!("«{}» ya está declarado en este conjunto de reglas", name.text),
                format!("`{}` is already declared in this ruleset", name.text),
            ),
        )
        .with_related(*first, Message::new("aquí", "here"));
        checker.report(diagnostic);
        return false;
    }
    scope.own.insert(name.text.clone(), (symbol, name.span));
    true
}

/// A count as the number that a thing gets.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn declare_input<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, input: &'a tree::Input) {
    let ty = checker.resolve_type(ruleset, &input.ty);
    let known = (0u32..)
        .zip(&checker.model.inputs)
        .find(|(_, known)| *known.name == *input.name.text && known.ruleset != ruleset);
    if let Some((id, first)) = known {
        let same = crate::fit::fits(&first.ty, &ty) && crate::fit::fits(&ty, &first.ty);
        let span = first.span;
        if !same {
            let diagnostic = Diagnostic::error(
                "nombres.entrada-distinta",
                input.name.span,
                Message::new(
                    format!("otro conjunto de reglas declara la entrada «{}» con otro tipo", input.name.text),
                    format!("another ruleset declares the input `{}` with another type", input.name.text),
                ),
            )
            .with_help(Message::new(
                "declare el mismo tipo en los dos, o cámbiele el nombre",
                "declare one type in both, or rename it",
            ))
            .with_related(span, Message::new("aquí", "here"));
            checker.report(diagnostic);
        }
        let reserved = about(&input.attributes).reserved;
        if let Some(first) = checker.model.inputs.get_mut(id as usize) {
            first.about.reserved = first.about.reserved.take().or(reserved);
        }
        claim(checker, ruleset, &input.name, Symbol::Input(id));
        return;
    }
    let id = number(checker.model.inputs.len());
    if claim(checker, ruleset, &input.name, Symbol::Input(id)) {
        let name = input.name.text.as_str().into();
        checker.model.inputs.push(Input { ruleset, name, ty, about: about(&input.attributes), span: input.name.span });
    }
}

fn declare_parameter<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, parameter: &'a tree::Parameter) {
    let ty = checker.resolve_type(ruleset, &parameter.ty);
    let id = number(checker.model.parameters.len());
    if claim(checker, ruleset, &parameter.name, Symbol::Parameter(id)) {
        checker.model.parameters.push(Parameter {
            ruleset,
            name: parameter.name.text.as_str().into(),
            ty,
            about: about(&parameter.attributes),
            rows: Vec::new(),
            span: parameter.name.span,
        });
    }
}

fn declare_decision(
    checker: &mut Checker<'_>,
    ruleset: RulesetId,
    name: &Name,
    ty: Type,
    attributes: &[tree::Attribute],
) {
    let id = number(checker.model.decisions.len());
    if claim(checker, ruleset, name, Symbol::Decision(id)) {
        let body = Body { kind: BodyKind::Expression(unknown(name.span)), frame: 0 };
        let (about, span) = (about(attributes), name.span);
        checker.model.decisions.push(Decision { ruleset, name: name.text.as_str().into(), ty, about, body, span });
    }
}

fn declare_function<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, function: &'a tree::Function) {
    let mut parameters: Vec<(Arc<str>, Type)> = Vec::new();
    for (name, ty) in &function.parameters {
        if parameters.iter().any(|(known, _)| **known == *name.text) {
            checker.repeated(name, "parámetro", "parameter");
            continue;
        }
        let ty = declared_type(checker, ruleset, ty.as_ref(), name);
        parameters.push((name.text.as_str().into(), ty));
    }
    let outcome = declared_type(checker, ruleset, function.ty.as_ref(), &function.name);
    let ty = match &function.body {
        FunctionBody::Expression(..) | FunctionBody::External { .. } => outcome,
        FunctionBody::Table(table) => tables::outcome_of_policy(table, outcome),
    };
    let id = number(checker.model.functions.len());
    if claim(checker, ruleset, &function.name, Symbol::Function(id)) {
        let body = Body { kind: BodyKind::Expression(unknown(function.name.span)), frame: 0 };
        checker.model.functions.push(Function {
            ruleset,
            name: function.name.text.as_str().into(),
            parameters,
            ty,
            about: about(&function.attributes),
            body,
            span: function.name.span,
        });
    }
}
