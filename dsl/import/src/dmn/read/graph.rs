//! Decisions and the other elements of the graph, what they require, and what stands beside them.

use super::Reading;
use super::access::{EXPRESSION, EXPRESSIONS};
use crate::dmn::model::{
    Artifact, Association, AssociationDirection, AuthorityRequirement, BusinessContextElement, BusinessContextKind,
    BusinessKnowledgeModel, Decision, DecisionService, DrgElement, ElementCollection, Group, InformationRequirement,
    InputData, KnowledgeRequirement, KnowledgeSource, Reference, RequiredAuthority, RequiredInformation,
    TextAnnotation,
};
use crate::xml::Element;

const DECISION: &[&str] = &["decision"];
const INPUT: &[&str] = &["inputData"];
const INVOCABLE: &[&str] = &["businessKnowledgeModel", "decisionService"];
const AUTHORITY: &[&str] = &["knowledgeSource"];
const ANY: &[&str] = &[];

const DECISION_CHILDREN: &[&str] = &[
    "question",
    "allowedAnswers",
    "variable",
    "informationRequirement",
    "knowledgeRequirement",
    "authorityRequirement",
    "supportedObjective",
    "impactedPerformanceIndicator",
    "decisionMaker",
    "decisionOwner",
    "usingProcess",
    "usingTask",
    EXPRESSION,
];
const SERVICE_CHILDREN: &[&str] = &["variable", "outputDecision", "encapsulatedDecision", "inputDecision", "inputData"];

impl Reading<'_> {
    /// An element of the graph; `None` for others.
    pub(super) fn drg_element(&mut self, at: &Element) -> Option<DrgElement> {
        if at.namespace.as_ref() != Some(&self.namespace) {
            return None;
        }
        Some(match at.local.as_str() {
            "decision" => DrgElement::Decision(Box::new(self.decision(at))),
            "inputData" => DrgElement::InputData(self.input_data(at)),
            "businessKnowledgeModel" => DrgElement::BusinessKnowledgeModel(self.business_knowledge_model(at)),
            "decisionService" => DrgElement::DecisionService(self.decision_service(at)),
            "knowledgeSource" => DrgElement::KnowledgeSource(self.knowledge_source(at)),
            _ => return None,
        })
    }

    fn decision(&mut self, at: &Element) -> Decision {
        Decision {
            element: self.element(at, &["name"], DECISION_CHILDREN),
            name: self.required(at, "name"),
            question: self.text_child(at, "question"),
            allowed_answers: self.text_child(at, "allowedAnswers"),
            variable: self.variable(at),
            information: self.information_requirements(at),
            knowledge: self.knowledge_requirements(at),
            authority: self.authority_requirements(at),
            supported_objectives: self.loose_references(at, "supportedObjective"),
            impacted_performance_indicators: self.loose_references(at, "impactedPerformanceIndicator"),
            decision_makers: self.loose_references(at, "decisionMaker"),
            decision_owners: self.loose_references(at, "decisionOwner"),
            using_processes: self.loose_references(at, "usingProcess"),
            using_tasks: self.loose_references(at, "usingTask"),
            expression: self.expression_in(at),
        }
    }

    /// References to things that other documents may hold (processes, tasks, people): nobody checks where they lead.
    fn loose_references(&mut self, at: &Element, name: &'static str) -> Vec<Reference> {
        self.all(at, name).map(|child| self.reference(child)).collect()
    }

    fn input_data(&mut self, at: &Element) -> InputData {
        InputData {
            element: self.element(at, &["name"], &["variable"]),
            name: self.required(at, "name"),
            variable: self.variable(at),
        }
    }

    fn business_knowledge_model(&mut self, at: &Element) -> BusinessKnowledgeModel {
        const CHILDREN: &[&str] = &["variable", "encapsulatedLogic", "knowledgeRequirement", "authorityRequirement"];
        BusinessKnowledgeModel {
            element: self.element(at, &["name"], CHILDREN),
            name: self.required(at, "name"),
            variable: self.variable(at),
            logic: self.only(at, "encapsulatedLogic").map(|logic| self.function_definition(logic)),
            knowledge: self.knowledge_requirements(at),
            authority: self.authority_requirements(at),
        }
    }

    fn decision_service(&mut self, at: &Element) -> DecisionService {
        DecisionService {
            element: self.element(at, &["name"], SERVICE_CHILDREN),
            name: self.required(at, "name"),
            variable: self.variable(at),
            output_decisions: self.references_to(at, "outputDecision", DECISION),
            encapsulated_decisions: self.references_to(at, "encapsulatedDecision", DECISION),
            input_decisions: self.references_to(at, "inputDecision", DECISION),
            input_data: self.references_to(at, "inputData", INPUT),
        }
    }

    fn knowledge_source(&mut self, at: &Element) -> KnowledgeSource {
        KnowledgeSource {
            element: self.element(at, &["name", "locationURI"], &["authorityRequirement", "type", "owner"]),
            name: self.required(at, "name"),
            authority: self.authority_requirements(at),
            kind: self.text_child(at, "type"),
            owner: self.only(at, "owner").map(|owner| self.reference(owner)),
            location: self.text_attribute(at, "locationURI"),
        }
    }

    fn information_requirements(&mut self, at: &Element) -> Vec<InformationRequirement> {
        self.all(at, "informationRequirement").filter_map(|child| self.information_requirement(child)).collect()
    }

    fn information_requirement(&mut self, at: &Element) -> Option<InformationRequirement> {
        const CHILDREN: &[&str] = &["requiredDecision", "requiredInput"];
        let element = self.element(at, &[], CHILDREN);
        let target = self.required_child(at, CHILDREN)?;
        let required = match target.local.as_str() {
            "requiredDecision" => RequiredInformation::Decision(self.reference_to(target, DECISION)),
            _ => RequiredInformation::Input(self.reference_to(target, INPUT)),
        };
        Some(InformationRequirement { element, required })
    }

    fn knowledge_requirements(&mut self, at: &Element) -> Vec<KnowledgeRequirement> {
        self.all(at, "knowledgeRequirement").filter_map(|child| self.knowledge_requirement(child)).collect()
    }

    fn knowledge_requirement(&mut self, at: &Element) -> Option<KnowledgeRequirement> {
        const CHILDREN: &[&str] = &["requiredKnowledge"];
        let element = self.element(at, &[], CHILDREN);
        let target = self.required_child(at, CHILDREN)?;
        Some(KnowledgeRequirement { element, required: self.reference_to(target, INVOCABLE) })
    }

    fn authority_requirements(&mut self, at: &Element) -> Vec<AuthorityRequirement> {
        self.all(at, "authorityRequirement").filter_map(|child| self.authority_requirement(child)).collect()
    }

    fn authority_requirement(&mut self, at: &Element) -> Option<AuthorityRequirement> {
        const CHILDREN: &[&str] = &["requiredDecision", "requiredInput", "requiredAuthority"];
        let element = self.element(at, &[], CHILDREN);
        let target = self.required_child(at, CHILDREN)?;
        let required = match target.local.as_str() {
            "requiredDecision" => RequiredAuthority::Decision(self.reference_to(target, DECISION)),
            "requiredInput" => RequiredAuthority::Input(self.reference_to(target, INPUT)),
            _ => RequiredAuthority::Authority(self.reference_to(target, AUTHORITY)),
        };
        Some(AuthorityRequirement { element, required })
    }

    /// The one child of those names, which must be there.
    fn required_child<'e>(&mut self, at: &'e Element, names: &[&str]) -> Option<&'e Element> {
        let of_ours = at.children.iter().filter(|child| child.namespace.as_ref() == Some(&self.namespace));
        let found: Vec<&Element> = of_ours.filter(|child| names.contains(&child.local.as_str())).collect();
        if found.is_empty() {
            self.missing_element(at, names);
        }
        self.first(at, found)
    }

    /// A note, a line or a frame; `None` for others.
    pub(super) fn artifact(&mut self, at: &Element) -> Option<Artifact> {
        if at.namespace.as_ref() != Some(&self.namespace) {
            return None;
        }
        match at.local.as_str() {
            "textAnnotation" => Some(Artifact::TextAnnotation(self.text_annotation(at))),
            "association" => self.association(at).map(Artifact::Association),
            "group" => Some(Artifact::Group(self.group(at))),
            _ => None,
        }
    }

    fn text_annotation(&mut self, at: &Element) -> TextAnnotation {
        TextAnnotation {
            element: self.element(at, &["textFormat"], &["text"]),
            text: self.text_child(at, "text"),
            format: self.text_attribute(at, "textFormat"),
        }
    }

    fn association(&mut self, at: &Element) -> Option<Association> {
        let element = self.element(at, &["associationDirection"], &["sourceRef", "targetRef"]);
        let source = self.required_child(at, &["sourceRef"]).map(|end| self.reference_to(end, ANY));
        let target = self.required_child(at, &["targetRef"]).map(|end| self.reference_to(end, ANY));
        let words = [
            ("None", AssociationDirection::None),
            ("One", AssociationDirection::One),
            ("Both", AssociationDirection::Both),
        ];
        let direction = self.one_of(at, "associationDirection", &words).unwrap_or_default();
        Some(Association { element, source: source?, target: target?, direction })
    }

    fn group(&mut self, at: &Element) -> Group {
        Group { element: self.element(at, &["name"], &[]), name: self.text_attribute(at, "name") }
    }

    /// A named set of elements.
    pub(super) fn element_collection(&mut self, at: &Element) -> ElementCollection {
        ElementCollection {
            element: self.element(at, &["name"], &["drgElement"]),
            name: self.required(at, "name"),
            members: self.references_to(at, "drgElement", ANY),
        }
    }

    /// A performance indicator or an organisation unit; `None` for others.
    pub(super) fn business_context(&mut self, at: &Element) -> Option<BusinessContextElement> {
        let children: &[&str] = match at.local.as_str() {
            "performanceIndicator" => &["impactingDecision"],
            "organizationUnit" => &["decisionMade", "decisionOwned"],
            _ => return None,
        };
        if at.namespace.as_ref() != Some(&self.namespace) {
            return None;
        }
        let element = self.element(at, &["name", "URI"], children);
        let kind = match at.local.as_str() {
            "performanceIndicator" => {
                BusinessContextKind::PerformanceIndicator(self.references_to(at, "impactingDecision", DECISION))
            }
            _ => BusinessContextKind::OrganizationUnit {
                made: self.references_to(at, "decisionMade", DECISION),
                owned: self.references_to(at, "decisionOwned", DECISION),
            },
        };
        let uri = self.text_attribute(at, "URI");
        Some(BusinessContextElement { element, name: self.required(at, "name"), uri, kind })
    }

    /// The boxed expressions directly inside an element, in order.
    pub(super) fn expressions_of<'e>(&self, at: &'e Element) -> Vec<&'e Element> {
        let of_ours = at.children.iter().filter(|child| child.namespace.as_ref() == Some(&self.namespace));
        of_ours.filter(|child| EXPRESSIONS.contains(&child.local.as_str())).collect()
    }
}
