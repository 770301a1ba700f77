//! Inputs and decisions, and the scope of each element.

use dictamen_syntax::tree::{Attribute, Decision, Expr, ExprKind, Input, Item, ItemKind, Local, Table};

use super::identifiers::{given, spelled};
use super::mapping::{self, Mapping};
use super::policies::has_outcomes;
use super::scope::{Required, Scope};
use super::{attributes, problem, types};
use crate::dmn::model::{
    self, DecisionTable, DrgElement, Expression, InformationItem, KnowledgeRequirement, Reference, RequiredInformation,
    TypeRef,
};
use crate::xml::Origin;

impl Mapping<'_, '_> {
    /// The block that an element becomes; knowledge sources become none.
    pub(super) fn element(&mut self, element: &DrgElement) -> Option<Item> {
        let mut kind = match element {
            DrgElement::Decision(decision) => self.decision(decision),
            DrgElement::InputData(input) => self.input(input),
            DrgElement::BusinessKnowledgeModel(model) => self.knowledge_model(model),
            DrgElement::DecisionService(service) => self.service(service),
            DrgElement::KnowledgeSource(_) => return None,
        };
        let remarks = std::mem::take(&mut self.remarks);
        self.annotations.add(&mut kind, element.element(), &remarks);
        Some(mapping::item(kind, &element.element().origin))
    }

    fn input(&mut self, input: &model::InputData) -> ItemKind {
        self.check_variable(input.variable.as_ref(), &input.name);
        let origin = &input.element.origin;
        let ty = input.variable.as_ref().and_then(|variable| variable.type_ref.as_ref());
        ItemKind::Input(Input {
            name: mapping::name(&input.name, origin),
            ty: ty.map_or_else(|| types::any(origin.span), |ty| self.named_type(ty)),
            attributes: attributes::of_element(&input.element, &input.name),
        })
    }

    fn decision(&mut self, decision: &model::Decision) -> ItemKind {
        self.check_variable(decision.variable.as_ref(), &decision.name);
        self.open_scope(&decision.name, &decision.information, &decision.knowledge);
        let mut about = attributes::of_decision(&decision.element, &decision.name, decision.question.as_deref());
        let span = decision.element.origin.span;
        attributes::add_authorities(&mut about, self.library, self.document, &decision.authority, span);
        let variable = decision.variable.as_ref().and_then(|variable| variable.type_ref.as_ref());
        let type_ref = variable.or_else(|| decision.expression.as_ref().and_then(Expression::type_ref));
        match &decision.expression {
            Some(Expression::Table(table)) if has_outcomes(table) => {
                self.decided_by_table(decision, table, type_ref, about)
            }
            Some(expression) => {
                let (locals, body) = self.body(expression);
                self.decided(decision, type_ref, about, locals, body)
            }
            None => {
                let nothing = Expr { kind: ExprKind::Null, span };
                self.decided(decision, type_ref, about, Vec::new(), nothing)
            }
        }
    }

    fn decided(
        &mut self,
        decision: &model::Decision,
        type_ref: Option<&TypeRef>,
        attributes: Vec<Attribute>,
        locals: Vec<Local>,
        body: Expr,
    ) -> ItemKind {
        let name = mapping::name(&decision.name, &decision.element.origin);
        let ty = type_ref.map(|ty| self.named_type(ty));
        ItemKind::Decision(Decision { name, ty, attributes, locals, body })
    }

    /// A table stands as it is where it can have the type of the decision; else a function has it, which the decision
    /// calls.
    fn decided_by_table(
        &mut self,
        decision: &model::Decision,
        table: &DecisionTable,
        type_ref: Option<&TypeRef>,
        attributes: Vec<Attribute>,
    ) -> ItemKind {
        let shape = self.table_shape(table, type_ref);
        if shape.fits {
            let name = mapping::name(&decision.name, &decision.element.origin);
            let body = self.table_body(table, &shape);
            return ItemKind::Table(Table { name, ty: shape.ty, attributes, body });
        }
        let body = self.lifted_table(table, shape, "tabla");
        self.decided(decision, type_ref, attributes, Vec::new(), body)
    }

    /// Starts the scope of an element: what it requires, and nothing else of the graph.
    pub(super) fn open_scope(
        &mut self,
        owner: &str,
        information: &[model::InformationRequirement],
        knowledge: &[KnowledgeRequirement],
    ) {
        let information = information.iter().map(|requirement| match &requirement.required {
            RequiredInformation::Decision(reference) | RequiredInformation::Input(reference) => reference,
        });
        let references = information.chain(knowledge.iter().map(|requirement| &requirement.required));
        let required = references.flat_map(|reference| self.required(reference)).collect();
        self.scope = Scope::of(owner, self.common.names.clone());
        self.scope.require(required, &self.common.list);
    }

    /// What texts may call an element that is required; those of imports with a name stand behind that name.
    fn required(&self, reference: &Reference) -> Vec<(String, Required)> {
        let Some((home, element)) = self.library.element(self.document, reference) else { return Vec::new() };
        let local = std::ptr::eq(home, self.document);
        if !local && !self.document.open_imports().contains(&home.definitions.namespace.as_str()) {
            return Vec::new();
        }
        let variable = variable_of(element);
        let called = variable.map(|variable| spelled(&variable.name)).filter(|name| !name.is_empty());
        let type_ref = variable.and_then(|variable| variable.type_ref.clone()).filter(|_| local);
        let name = spelled(element.name());
        let required = Required { declared: given(element.name()), type_ref };
        let called = called.filter(|called| *called != name).map(|called| (called, required.clone()));
        called.into_iter().chain(std::iter::once((name, required))).collect()
    }

    /// Tells where a variable has another name than its element.
    pub(super) fn check_variable(&mut self, variable: Option<&InformationItem>, name: &str) {
        let Some(variable) =
            variable.filter(|variable| !variable.name.is_empty() && spelled(&variable.name) != spelled(name))
        else {
            return;
        };
        let origin: &Origin = &variable.element.origin;
        self.problems.add(origin, problem::variable_name(origin, &variable.name, name));
    }
}

fn variable_of(element: &DrgElement) -> Option<&InformationItem> {
    match element {
        DrgElement::Decision(decision) => decision.variable.as_ref(),
        DrgElement::InputData(input) => input.variable.as_ref(),
        DrgElement::BusinessKnowledgeModel(model) => model.variable.as_ref(),
        DrgElement::DecisionService(service) => service.variable.as_ref(),
        DrgElement::KnowledgeSource(_) => None,
    }
}
