//! The plan while it is being built: what is shared is kept once, and every operation knows where it stands.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use dictamen_model::graph::{self, BodyKind, Expr, Model};
use dictamen_plan as plan;
use dictamen_plan::{Body, ConstantId, Op, OpId, Parameter, ParameterSet, Plan, Position, ShapeId, TableId, TextId};
use dictamen_syntax::{Source, Span};
use dictamen_value::{Message, Type, Value, Zone};

use crate::constants::Constants;
use crate::places::Places;
use crate::{Compiled, needs};

/// What a body refers to; closures over it tell which facts a decision may need.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    pub(crate) inputs: BTreeSet<u32>,
    pub(crate) decisions: BTreeSet<u32>,
    pub(crate) functions: BTreeSet<u32>,
    pub(crate) lambdas: BTreeSet<u32>,
}

/// A plan in the making.
pub(crate) struct Builder<'a> {
    pub(crate) model: &'a Model,
    places: Places<'a>,
    pub(crate) plan: Plan,
    constants: Constants,
    shapes: HashMap<Vec<Arc<str>>, ShapeId>,
    texts: HashMap<Arc<str>, TextId>,
    /// References of the body that is being lowered.
    pub(crate) references: References,
    pub(crate) decisions: Vec<References>,
    pub(crate) functions: Vec<References>,
    pub(crate) lambdas: Vec<References>,
    overflow: bool,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(model: &'a Model, sources: &'a [Source]) -> Builder<'a> {
        let plan = Plan {
            format: plan::FORMAT,
            semantics: if model.dmn_mode { plan::SEMANTICS } else { plan::SEMANTICS_OF_NATIVE_RULES },
            dmn_mode: model.dmn_mode,
            time_zones: Some(Zone::database_release().into()),
            rulesets: model.rulesets.iter().map(ruleset).collect(),
            inputs: Vec::new(),
            parameters: Vec::new(),
            decisions: Vec::new(),
            functions: Vec::new(),
            lambdas: Vec::new(),
            tables: Vec::new(),
            constraints: Vec::new(),
            types: Vec::new(),
            operations: Vec::new(),
            positions: Vec::new(),
            constants: Vec::new(),
            shapes: Vec::new(),
            texts: Vec::new(),
            sources: Vec::new(),
            letters: Vec::new(),
            glossary: Vec::new(),
        };
        Builder {
            model,
            places: Places::new(sources),
            plan,
            constants: Constants::default(),
            shapes: HashMap::new(),
            texts: HashMap::new(),
            references: References::default(),
            decisions: Vec::new(),
            functions: Vec::new(),
            lambdas: Vec::new(),
            overflow: false,
        }
    }

    /// Lowers everything the model declares, in its own numbering.
    pub(crate) fn lower_model(&mut self) {
        let model = self.model;
        self.plan.inputs = model.inputs.iter().map(input).collect();
        self.plan.parameters = model
            .parameters
            .iter()
            .map(|parameter| {
                (self.qualified(parameter.ruleset, &parameter.name), parameter.ty.clone(), about(&parameter.about))
            })
            .collect();
        self.plan.types = model.types.iter().map(type_info).collect();
        for constraint in &model.constraints {
            let lowered = self.constraint(constraint);
            self.plan.constraints.push(lowered);
        }
        for lambda in &model.lambdas {
            let (body, references) = self.body_of_expr(&lambda.body, lambda.frame);
            let parameters = self.number(lambda.parameters.len());
            let signature = if model.dmn_mode { lambda.parameters.clone() } else { Vec::new() };
            let result = model.dmn_mode.then(|| lambda.body.ty.clone());
            let captures = lambda.captures.clone();
            let sees_itself = lambda.sees_itself;
            self.plan.lambdas.push(plan::Lambda { parameters, captures, body, signature, sees_itself, result });
            self.lambdas.push(references);
        }
        for function in &model.functions {
            let (body, references) = self.body(&function.body, &function.ty, function.span);
            let lowered = self.function(function, body);
            self.plan.functions.push(lowered);
            self.functions.push(references);
        }
        for decision in &model.decisions {
            let (body, references) = self.body(&decision.body, &decision.ty, decision.span);
            let lowered = self.decision(decision, body);
            self.plan.decisions.push(lowered);
            self.decisions.push(references);
        }
        self.letters();
    }

    /// Letters are decisions after all others, so that these keep their numbers.
    fn letters(&mut self) {
        let model = self.model;
        for letter in &model.letters {
            let name =
                model.decisions.get(letter.decision as usize).map(|decision| &*decision.name).unwrap_or_default();
            let body = self.hidden(letter.ruleset, &format!("carta {name}"), &letter.body, letter.span);
            self.plan.letters.push(plan::Letter { decision: letter.decision, body });
        }
        let terms = model.glossary.iter();
        self.plan.glossary =
            terms.map(|term| plan::Term { term: term.term.clone(), meaning: term.meaning.clone() }).collect();
    }

    /// A decision that no request can name; where it is spoken of, its name stands in parentheses.
    pub(crate) fn hidden(&mut self, ruleset: u32, name: &str, body: &graph::Body, span: Span) -> plan::DecisionId {
        let (body, references) = self.body(body, &Type::Any, span);
        let id = self.number(self.plan.decisions.len());
        let position = self.position(span);
        self.plan.decisions.push(plan::Decision {
            ruleset,
            name: format!("({name})").into(),
            ty: Type::Any,
            about: plan::About::default(),
            body,
            needs: Vec::new(),
            asks: Vec::new(),
            position,
        });
        self.decisions.push(references);
        id
    }

    /// The plan and its parameters, once everything is lowered.
    pub(crate) fn finish(mut self) -> Result<Compiled, Message> {
        if self.overflow {
            return Err(Message::new(
                "el conjunto de reglas es demasiado grande: tiene más de 4 294 967 295 operaciones",
                "the ruleset is too large: it has more than 4,294,967,295 operations",
            ));
        }
        needs::fill_in(&mut self);
        let parameters = self.parameters();
        self.plan.sources = self.places.names;
        Ok(Compiled { plan: self.plan, parameters })
    }

    fn parameters(&mut self) -> ParameterSet {
        let model = self.model;
        let dated = model.parameters.iter().map(|parameter| {
            let mut rows: Vec<plan::DatedValue> = parameter.rows.iter().map(|row| self.dated_value(row)).collect();
            let known = |row: &plan::DatedValue| row.known.map(dictamen_value::DateTime::instant);
            rows.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| known(b).cmp(&known(a))));
            Parameter { name: self.qualified(parameter.ruleset, &parameter.name), rows }
        });
        ParameterSet { parameters: dated.collect() }
    }

    fn dated_value(&mut self, row: &graph::DatedValue) -> plan::DatedValue {
        plan::DatedValue {
            from: row.from,
            to: row.to,
            known: row.known,
            value: row.value.clone(),
            about: about(&row.about),
            position: self.position(row.span),
        }
    }

    /// Lowers a body and tells what it refers to.
    pub(crate) fn body(&mut self, body: &graph::Body, ty: &dictamen_value::Type, span: Span) -> (Body, References) {
        match &body.kind {
            BodyKind::Expression(expr) => self.body_of_expr(expr, body.frame),
            BodyKind::Table(table) => {
                let id = self.table(table, ty);
                let root = self.push(Op::Table(id), span);
                (Body { root, frame: body.frame }, std::mem::take(&mut self.references))
            }
        }
    }

    pub(crate) fn body_of_expr(&mut self, expr: &Expr, frame: u32) -> (Body, References) {
        let root = self.lower(expr);
        (Body { root, frame }, std::mem::take(&mut self.references))
    }

    fn decision(&mut self, decision: &graph::Decision, body: Body) -> plan::Decision {
        plan::Decision {
            ruleset: decision.ruleset,
            name: decision.name.clone(),
            ty: decision.ty.clone(),
            about: about(&decision.about),
            body,
            needs: Vec::new(),
            asks: Vec::new(),
            position: self.position(decision.span),
        }
    }

    fn function(&mut self, function: &graph::Function, body: Body) -> plan::Function {
        plan::Function {
            ruleset: function.ruleset,
            name: function.name.clone(),
            parameters: function.parameters.clone(),
            ty: function.ty.clone(),
            about: about(&function.about),
            body,
            position: self.position(function.span),
        }
    }

    fn constraint(&mut self, constraint: &graph::Constraint) -> plan::Constraint {
        let cell = self.cell(&constraint.tests);
        self.references = References::default();
        plan::Constraint { tests: cell.tests, negated: cell.negated, frame: constraint.frame, text: cell.text }
    }

    /// Adds an operation.
    pub(crate) fn push(&mut self, op: Op, span: Span) -> OpId {
        let id = self.number(self.plan.operations.len());
        self.plan.operations.push(op);
        let position = self.position(span);
        self.plan.positions.push(position);
        id
    }

    /// Adds a table.
    pub(crate) fn push_table(&mut self, table: plan::Table) -> TableId {
        let id = self.number(self.plan.tables.len());
        self.plan.tables.push(table);
        id
    }

    /// The number of a constant; equal ones of one kind share it.
    pub(crate) fn constant(&mut self, value: &Value) -> ConstantId {
        let next = self.number(self.plan.constants.len());
        let id = self.constants.number(value, next);
        if id == next {
            self.plan.constants.push(value.clone());
        }
        id
    }

    /// The number of a list of names.
    pub(crate) fn shape(&mut self, names: Vec<Arc<str>>) -> ShapeId {
        if let Some(id) = self.shapes.get(&names) {
            return *id;
        }
        let id = self.number(self.plan.shapes.len());
        self.plan.shapes.push(names.clone().into());
        self.shapes.insert(names, id);
        id
    }

    /// The number of a text.
    pub(crate) fn text(&mut self, text: &Arc<str>) -> TextId {
        if let Some(id) = self.texts.get(text) {
            return *id;
        }
        let id = self.number(self.plan.texts.len());
        self.plan.texts.push(text.clone());
        self.texts.insert(text.clone(), id);
        id
    }

    /// Where a span starts, in the plan's terms.
    pub(crate) fn position(&mut self, span: Span) -> Position {
        self.places.position(span)
    }

    pub(crate) fn number(&mut self, count: usize) -> u32 {
        u32::try_from(count).unwrap_or_else(|_| {
            self.overflow = true;
            u32::MAX
        })
    }

    fn qualified(&self, ruleset: u32, name: &str) -> Arc<str> {
        match self.model.rulesets.get(ruleset as usize) {
            Some(ruleset) => format!("{}.{name}", ruleset.id).into(),
            None => name.into(),
        }
    }
}

/// The plan's form of what people should know of a thing.
pub(crate) fn about(about: &graph::About) -> plan::About {
    plan::About {
        title: about.title.clone(),
        legal_basis: about.legal_basis.clone(),
        owner: about.owner.clone(),
        note: about.note.clone(),
        to_verify: about.to_verify.clone(),
        reserved: about.reserved.clone(),
    }
}

fn ruleset(ruleset: &graph::Ruleset) -> plan::Ruleset {
    plan::Ruleset {
        id: ruleset.id.clone(),
        version: ruleset.version.clone(),
        about: about(&ruleset.about),
        in_force_from: ruleset.in_force_from,
        in_force_to: ruleset.in_force_to,
        published: ruleset.published,
    }
}

fn input(input: &graph::Input) -> plan::Input {
    plan::Input { name: input.name.clone(), ty: input.ty.clone(), about: about(&input.about) }
}

fn type_info(ty: &graph::TypeDeclaration) -> plan::TypeInfo {
    plan::TypeInfo { ruleset: ty.ruleset, name: ty.name.clone(), ty: ty.ty.clone(), about: about(&ty.about) }
}
