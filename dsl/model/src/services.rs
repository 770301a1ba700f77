//! Decision services: decisions offered as one function of inputs and of outcomes (DMN 1.5, clauses 6.2.4 and 10.4).
//!
//! A service is a declared function, so that it is called, named and passed on like any other. Asked from outside it is a
//! decision of the same name, whose facts are what the function takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use dictamen_syntax::tree::{self, Name};
use dictamen_syntax::{Diagnostic, Severity, Span};
use dictamen_value::{Field, Message, RecordType, Type};

use crate::checker::Checker;
use crate::cycles::{self, Node};
use crate::declarations::{claim, number};
use crate::graph::{
    Body, BodyKind, Decision, DecisionId, Expr, ExprKind, Function, FunctionId, Input, InputId, Model, RulesetId,
    Service,
};
use crate::header::about;
use crate::symbols::{self, Lookup, Symbol};

/// Reports facts that the decisions of a service need and nothing gives it: inside, only what it receives is known.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let model = &checker.model;
    let mut missing: Vec<(Span, Arc<str>, Arc<str>)> = Vec::new();
    for function in &model.functions {
        let BodyKind::Expression(Expr { kind: ExprKind::Service(service), .. }) = &function.body.kind else { continue };
        let given: BTreeSet<InputId> = service.inputs.iter().map(|(id, _)| *id).collect();
        let unknown = needed(model, service).into_iter().filter(|id| !given.contains(id));
        let names = unknown.filter_map(|id| model.inputs.get(id as usize)).map(|input| input.name.clone());
        missing.extend(names.map(|input| (function.span, function.name.clone(), input)));
    }
    for (span, service, input) in missing {
        let message = Message::new(
            format!("el servicio «{service}» no recibe «{input}», que sus decisiones necesitan"),
            format!("the service `{service}` does not take `{input}`, which its decisions need"),
        );
        let help = Message::new(
            "agréguelo a «recibe_datos», o reciba con «recibe_decisiones» la decisión que lo usa",
            "add it to `takes_inputs`, or take the decision that uses it with `takes_decisions`",
        );
        let mut problem = Diagnostic::error("servicio.falta-dato", span, message).with_help(help);
        if checker.model.dmn_mode {
            problem.severity = Severity::Warning;
        }
        checker.report(problem);
    }
}

/// The facts that a service's outputs need, but for what its input decisions need.
fn needed(model: &Model, service: &Service) -> BTreeSet<InputId> {
    let mut seen: BTreeSet<Node> = service.decisions.iter().map(|(id, _)| Node::Decision(*id)).collect();
    let mut pending: Vec<Node> = service.outputs.iter().map(|id| Node::Decision(*id)).collect();
    let mut facts = BTreeSet::new();
    while let Some(node) = pending.pop() {
        if !seen.insert(node) {
            continue;
        }
        let mut next = BTreeSet::new();
        cycles::asked(model, node, &mut next, &mut |input| {
            facts.insert(input);
        });
        // A service inside sees only what it is given, which its call holds.
        let is_service = matches!(node, Node::Function(id) if offers_service(model, id));
        pending.extend(next.into_iter().filter(|_| !is_service));
    }
    facts
}

fn offers_service(model: &Model, function: FunctionId) -> bool {
    let body = model.functions.get(function as usize).map(|function| &function.body.kind);
    matches!(body, Some(BodyKind::Expression(Expr { kind: ExprKind::Service(_), .. })))
}

/// What a service names, found.
struct Parts {
    outputs: Vec<DecisionId>,
    inputs: Vec<InputId>,
    input_decisions: Vec<DecisionId>,
}

/// Declares a service: names of decisions and inputs must be declared before.
pub(crate) fn declare<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, service: &'a tree::Service) {
    let Some(parts) = parts(checker, ruleset, service) else { return };
    let given = parameters(checker, &parts);
    let declared = service.ty.as_ref().map(|ty| checker.resolve_type(ruleset, ty));
    let ty = declared.unwrap_or_else(|| outcome(checker, &parts));
    let function = number(checker.model.functions.len());
    if !claim(checker, ruleset, &service.name, Symbol::Function(function)) {
        return;
    }
    let (about, span) = (about(&service.attributes), service.name.span);
    let body = body(checker, &parts, ty.clone(), span);
    let name: Arc<str> = service.name.text.as_str().into();
    let (parameters, asked) = (given.clone(), asked(checker, ruleset, &parts, &given, span));
    checker.model.functions.push(Function {
        ruleset,
        name: name.clone(),
        parameters,
        ty: ty.clone(),
        about: about.clone(),
        body,
        span,
    });
    let call = Expr { kind: ExprKind::Call(function, asked), ty: ty.clone(), span };
    let body = Body { kind: BodyKind::Expression(call), frame: 0 };
    checker.model.decisions.push(Decision { ruleset, name, ty, about, body, span });
}

/// The decisions and inputs that a service names; none where one of them is not there, which is reported.
fn parts(checker: &mut Checker<'_>, ruleset: RulesetId, service: &tree::Service) -> Option<Parts> {
    let outputs = decisions(checker, ruleset, &service.outputs);
    let encloses = decisions(checker, ruleset, &service.encloses);
    let inputs = inputs(checker, ruleset, &service.inputs);
    let input_decisions = decisions(checker, ruleset, &service.input_decisions);
    if service.outputs.is_empty() {
        checker.error(
            "servicio.sin-salida",
            service.name.span,
            format!("el servicio «{}» no entrega ninguna decisión", service.name.text),
            format!("the service `{}` has no output decision", service.name.text),
        );
        return None;
    }
    encloses?;
    Some(Parts { outputs: outputs?, inputs: inputs?, input_decisions: input_decisions? })
}

fn decisions(checker: &mut Checker<'_>, ruleset: RulesetId, names: &[Name]) -> Option<Vec<DecisionId>> {
    let mut ids = Vec::new();
    for name in names {
        match found(checker, ruleset, name) {
            Some(Symbol::Decision(id)) => ids.push(id),
            _ => missing(checker, name, "una decisión", "a decision"),
        }
    }
    (ids.len() == names.len()).then_some(ids)
}

fn inputs(checker: &mut Checker<'_>, ruleset: RulesetId, names: &[Name]) -> Option<Vec<InputId>> {
    let mut ids = Vec::new();
    for name in names {
        match found(checker, ruleset, name) {
            Some(Symbol::Input(id)) => ids.push(id),
            _ => missing(checker, name, "una entrada", "an input"),
        }
    }
    (ids.len() == names.len()).then_some(ids)
}

/// What a name, with the alias of an import before it where it has one, stands for.
fn found(checker: &Checker<'_>, ruleset: RulesetId, name: &Name) -> Option<Symbol> {
    if let Lookup::Found(symbol) = symbols::lookup(&checker.scopes, ruleset, &name.text) {
        return Some(symbol);
    }
    let scope = checker.scopes.get(ruleset as usize)?;
    let aliased = |(alias, id): (&String, &RulesetId)| {
        let rest = name.text.strip_prefix(alias.as_str())?.strip_prefix('.')?;
        symbols::own(&checker.scopes, *id, rest)
    };
    scope.named_imports.iter().find_map(aliased)
}

fn missing(checker: &mut Checker<'_>, name: &Name, es: &str, en: &str) {
    checker.error(
        "servicio.nombre",
        name.span,
        format!("«{}» no es {es} de este conjunto de reglas", name.text),
        format!("`{}` is not {en} of this ruleset", name.text),
    );
}

/// Names and types of what a service takes: its inputs, then its input decisions.
fn parameters(checker: &Checker<'_>, parts: &Parts) -> Vec<(Arc<str>, Type)> {
    let inputs = parts.inputs.iter().filter_map(|id| checker.model.inputs.get(*id as usize));
    let decisions = parts.input_decisions.iter().filter_map(|id| checker.model.decisions.get(*id as usize));
    let inputs = inputs.map(|input| (input.name.clone(), input.ty.clone()));
    inputs.chain(decisions.map(|decision| (decision.name.clone(), decision.ty.clone()))).collect()
}

/// The type of what a service gives: that of its only output, or a record of its outputs.
fn outcome(checker: &Checker<'_>, parts: &Parts) -> Type {
    let outputs = parts.outputs.iter().filter_map(|id| checker.model.decisions.get(*id as usize));
    let fields: Vec<Field> =
        outputs.map(|decision| Field { name: decision.name.clone(), ty: decision.ty.clone() }).collect();
    match fields.as_slice() {
        [only] => only.ty.clone(),
        _ => Type::Record(Arc::new(RecordType { fields })),
    }
}

/// The outputs, evaluated with the function's parameters as their facts and outcomes.
fn body(checker: &Checker<'_>, parts: &Parts, ty: Type, span: Span) -> Body {
    let Parts { outputs, inputs, input_decisions } = parts;
    let first = number(inputs.len());
    let names = outputs
        .iter()
        .filter_map(|id| checker.model.decisions.get(*id as usize))
        .map(|decision| decision.name.clone())
        .collect();
    let service = Service {
        inputs: inputs.iter().copied().zip(0..).collect(),
        decisions: input_decisions.iter().copied().zip(first..).collect(),
        outputs: outputs.clone(),
        names,
    };
    let kind = BodyKind::Expression(Expr { kind: ExprKind::Service(Box::new(service)), ty, span });
    Body { kind, frame: number(inputs.len().saturating_add(input_decisions.len())) }
}

/// What the decision of the service's name gives its function: the inputs, and a fact for each input decision.
fn asked(
    checker: &mut Checker<'_>,
    ruleset: RulesetId,
    parts: &Parts,
    parameters: &[(Arc<str>, Type)],
    span: Span,
) -> Vec<Expr> {
    let own = parameters.iter().skip(parts.inputs.len());
    let mut ids = parts.inputs.clone();
    for (name, ty) in own {
        ids.push(number(checker.model.inputs.len()));
        let about = crate::graph::About::default();
        checker.model.inputs.push(Input { ruleset, name: name.clone(), ty: ty.clone(), about, span });
    }
    let fact = |(id, (_, ty)): (InputId, &(Arc<str>, Type))| Expr { kind: ExprKind::Input(id), ty: ty.clone(), span };
    ids.into_iter().zip(parameters).map(fact).collect()
}
