//! The elements of the graph, what they require, and what stands beside them.

use super::Writing;
use crate::dmn::model::{
    Artifact, Association, AssociationDirection, AuthorityRequirement, BusinessContextElement, BusinessContextKind,
    BusinessKnowledgeModel, Decision, DecisionService, Definitions, DmnElement, DrgElement, ElementCollection, Group,
    InformationRequirement, InputData, KnowledgeRequirement, KnowledgeSource, Reference, RequiredAuthority,
    RequiredInformation, TextAnnotation,
};

impl Writing {
    /// The graph and what stands beside it.
    pub(super) fn graph(&mut self, definitions: &Definitions) {
        for element in &definitions.drg_elements {
            self.drg_element(element);
        }
        for artifact in &definitions.artifacts {
            self.artifact(artifact);
        }
        for collection in &definitions.element_collections {
            self.element_collection(collection);
        }
        for element in &definitions.business_context {
            self.business_context(element);
        }
    }

    fn drg_element(&mut self, element: &DrgElement) {
        match element {
            DrgElement::Decision(decision) => self.decision(decision),
            DrgElement::InputData(input) => self.input_data(input),
            DrgElement::BusinessKnowledgeModel(model) => self.business_knowledge_model(model),
            DrgElement::DecisionService(service) => self.decision_service(service),
            DrgElement::KnowledgeSource(source) => self.knowledge_source(source),
        }
        self.xml.end();
    }

    /// Starts an element with a name.
    fn named(&mut self, kind: &str, element: &DmnElement, name: &str) {
        self.start(kind, element);
        self.xml.attribute("name", name);
    }

    fn decision(&mut self, decision: &Decision) {
        self.named("decision", &decision.element, &decision.name);
        self.inside(&decision.element);
        self.optional_text("question", decision.question.as_deref());
        self.optional_text("allowedAnswers", decision.allowed_answers.as_deref());
        self.variable(decision.variable.as_ref());
        self.information(&decision.information);
        self.knowledge(&decision.knowledge);
        self.authority(&decision.authority);
        self.references("supportedObjective", &decision.supported_objectives);
        self.references("impactedPerformanceIndicator", &decision.impacted_performance_indicators);
        self.references("decisionMaker", &decision.decision_makers);
        self.references("decisionOwner", &decision.decision_owners);
        self.references("usingProcess", &decision.using_processes);
        self.references("usingTask", &decision.using_tasks);
        self.optional_expression(decision.expression.as_ref());
    }

    fn input_data(&mut self, input: &InputData) {
        self.named("inputData", &input.element, &input.name);
        self.inside(&input.element);
        self.variable(input.variable.as_ref());
    }

    fn business_knowledge_model(&mut self, model: &BusinessKnowledgeModel) {
        self.named("businessKnowledgeModel", &model.element, &model.name);
        self.inside(&model.element);
        self.variable(model.variable.as_ref());
        if let Some(logic) = &model.logic {
            self.function_definition("encapsulatedLogic", logic);
        }
        self.knowledge(&model.knowledge);
        self.authority(&model.authority);
    }

    fn decision_service(&mut self, service: &DecisionService) {
        self.named("decisionService", &service.element, &service.name);
        self.inside(&service.element);
        self.variable(service.variable.as_ref());
        self.references("outputDecision", &service.output_decisions);
        self.references("encapsulatedDecision", &service.encapsulated_decisions);
        self.references("inputDecision", &service.input_decisions);
        self.references("inputData", &service.input_data);
    }

    fn knowledge_source(&mut self, source: &KnowledgeSource) {
        self.named("knowledgeSource", &source.element, &source.name);
        self.optional("locationURI", source.location.as_deref());
        self.inside(&source.element);
        self.authority(&source.authority);
        self.optional_text("type", source.kind.as_deref());
        if let Some(owner) = &source.owner {
            self.reference("owner", owner);
        }
    }

    fn information(&mut self, requirements: &[InformationRequirement]) {
        for InformationRequirement { element, required } in requirements {
            match required {
                RequiredInformation::Decision(to) => {
                    self.requirement("informationRequirement", element, "requiredDecision", to);
                }
                RequiredInformation::Input(to) => {
                    self.requirement("informationRequirement", element, "requiredInput", to);
                }
            }
        }
    }

    fn knowledge(&mut self, requirements: &[KnowledgeRequirement]) {
        for KnowledgeRequirement { element, required } in requirements {
            self.requirement("knowledgeRequirement", element, "requiredKnowledge", required);
        }
    }

    fn authority(&mut self, requirements: &[AuthorityRequirement]) {
        for AuthorityRequirement { element, required } in requirements {
            let (name, to) = match required {
                RequiredAuthority::Decision(to) => ("requiredDecision", to),
                RequiredAuthority::Input(to) => ("requiredInput", to),
                RequiredAuthority::Authority(to) => ("requiredAuthority", to),
            };
            self.requirement("authorityRequirement", element, name, to);
        }
    }

    fn requirement(&mut self, kind: &str, element: &DmnElement, name: &str, to: &Reference) {
        self.start(kind, element);
        self.inside(element);
        self.reference(name, to);
        self.xml.end();
    }

    fn artifact(&mut self, artifact: &Artifact) {
        match artifact {
            Artifact::TextAnnotation(annotation) => self.text_annotation(annotation),
            Artifact::Association(association) => self.association(association),
            Artifact::Group(group) => self.group(group),
        }
        self.xml.end();
    }

    fn text_annotation(&mut self, annotation: &TextAnnotation) {
        self.start("textAnnotation", &annotation.element);
        self.optional("textFormat", annotation.format.as_deref());
        self.inside(&annotation.element);
        self.optional_text("text", annotation.text.as_deref());
    }

    fn association(&mut self, association: &Association) {
        self.start("association", &association.element);
        match association.direction {
            AssociationDirection::None => {}
            AssociationDirection::One => self.xml.attribute("associationDirection", "One"),
            AssociationDirection::Both => self.xml.attribute("associationDirection", "Both"),
        }
        self.inside(&association.element);
        self.reference("sourceRef", &association.source);
        self.reference("targetRef", &association.target);
    }

    fn group(&mut self, group: &Group) {
        self.start("group", &group.element);
        self.optional("name", group.name.as_deref());
        self.inside(&group.element);
    }

    fn element_collection(&mut self, collection: &ElementCollection) {
        self.named("elementCollection", &collection.element, &collection.name);
        self.inside(&collection.element);
        self.references("drgElement", &collection.members);
        self.xml.end();
    }

    fn business_context(&mut self, context: &BusinessContextElement) {
        let kind = match context.kind {
            BusinessContextKind::PerformanceIndicator(_) => "performanceIndicator",
            BusinessContextKind::OrganizationUnit { .. } => "organizationUnit",
        };
        self.named(kind, &context.element, &context.name);
        self.optional("URI", context.uri.as_deref());
        self.inside(&context.element);
        match &context.kind {
            BusinessContextKind::PerformanceIndicator(impacting) => self.references("impactingDecision", impacting),
            BusinessContextKind::OrganizationUnit { made, owned } => {
                self.references("decisionMade", made);
                self.references("decisionOwned", owned);
            }
        }
        self.xml.end();
    }
}
