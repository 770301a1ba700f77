//! The elements of the decision requirements graph, what they require, and what stands beside them.

use super::element::{DmnElement, Reference};
use super::expression::{Expression, FunctionDefinition};
use super::items::InformationItem;

/// An element of the graph (DMN 1.5, clause 6.3.5).
#[derive(Clone, Debug, PartialEq)]
pub enum DrgElement {
    /// Something decided.
    Decision(Box<Decision>),
    /// Something given.
    InputData(InputData),
    /// A function.
    BusinessKnowledgeModel(BusinessKnowledgeModel),
    /// Decisions offered as a function.
    DecisionService(DecisionService),
    /// Who or what is behind it.
    KnowledgeSource(KnowledgeSource),
}

impl DrgElement {
    /// What all elements have.
    pub fn element(&self) -> &DmnElement {
        match self {
            DrgElement::Decision(decision) => &decision.element,
            DrgElement::InputData(input) => &input.element,
            DrgElement::BusinessKnowledgeModel(model) => &model.element,
            DrgElement::DecisionService(service) => &service.element,
            DrgElement::KnowledgeSource(source) => &source.element,
        }
    }

    /// What all elements have, to be changed.
    pub fn element_mut(&mut self) -> &mut DmnElement {
        match self {
            DrgElement::Decision(decision) => &mut decision.element,
            DrgElement::InputData(input) => &mut input.element,
            DrgElement::BusinessKnowledgeModel(model) => &mut model.element,
            DrgElement::DecisionService(service) => &mut service.element,
            DrgElement::KnowledgeSource(source) => &mut source.element,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            DrgElement::Decision(decision) => &decision.name,
            DrgElement::InputData(input) => &input.name,
            DrgElement::BusinessKnowledgeModel(model) => &model.name,
            DrgElement::DecisionService(service) => &service.name,
            DrgElement::KnowledgeSource(source) => &source.name,
        }
    }
}

/// A decision (DMN 1.5, clause 6.3.7).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// The question that it answers, for people.
    pub question: Option<String>,
    /// The answers there are, for people.
    pub allowed_answers: Option<String>,
    /// What holds its outcome: its type is that of the decision.
    pub variable: Option<InformationItem>,
    /// Inputs and decisions that it uses.
    pub information: Vec<InformationRequirement>,
    /// Functions that it calls.
    pub knowledge: Vec<KnowledgeRequirement>,
    /// What it rests on.
    pub authority: Vec<AuthorityRequirement>,
    /// Objectives that it serves.
    pub supported_objectives: Vec<Reference>,
    /// Performance indicators that it moves.
    pub impacted_performance_indicators: Vec<Reference>,
    /// Who decides.
    pub decision_makers: Vec<Reference>,
    /// Who answers for it.
    pub decision_owners: Vec<Reference>,
    /// Processes that use it.
    pub using_processes: Vec<Reference>,
    /// Tasks that use it.
    pub using_tasks: Vec<Reference>,
    /// How it is decided; `None` where that is not said.
    pub expression: Option<Expression>,
}

/// An input (DMN 1.5, clause 6.3.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputData {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// What holds its value: its type is that of the input.
    pub variable: Option<InformationItem>,
}

/// A function of the graph (DMN 1.5, clause 6.3.9).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BusinessKnowledgeModel {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// What it is called by: its type is that of what it returns, or of the function.
    pub variable: Option<InformationItem>,
    /// The function.
    pub logic: Option<FunctionDefinition>,
    /// Functions that it calls.
    pub knowledge: Vec<KnowledgeRequirement>,
    /// What it rests on.
    pub authority: Vec<AuthorityRequirement>,
}

/// Decisions offered as one function (DMN 1.5, clause 6.3.8 and 10.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionService {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// What it is called by.
    pub variable: Option<InformationItem>,
    /// Decisions whose outcome it returns.
    pub output_decisions: Vec<Reference>,
    /// Decisions that it makes on the way.
    pub encapsulated_decisions: Vec<Reference>,
    /// Decisions whose outcome it is given.
    pub input_decisions: Vec<Reference>,
    /// Inputs that it is given.
    pub input_data: Vec<Reference>,
}

/// An authority: a law, a person, a document (DMN 1.5, clause 6.3.11).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnowledgeSource {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// What it rests on.
    pub authority: Vec<AuthorityRequirement>,
    /// What kind of source it is.
    pub kind: Option<String>,
    /// Who owns it.
    pub owner: Option<Reference>,
    /// Where it may be found.
    pub location: Option<String>,
}

/// The use of an input or of a decision (DMN 1.5, clause 6.3.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InformationRequirement {
    /// What all elements have.
    pub element: DmnElement,
    /// What is used.
    pub required: RequiredInformation,
}

/// What an information requirement uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredInformation {
    /// The outcome of a decision.
    Decision(Reference),
    /// An input.
    Input(Reference),
}

/// The use of a function (DMN 1.5, clause 6.3.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnowledgeRequirement {
    /// What all elements have.
    pub element: DmnElement,
    /// The business knowledge model or decision service.
    pub required: Reference,
}

/// The reliance on an authority (DMN 1.5, clause 6.3.14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRequirement {
    /// What all elements have.
    pub element: DmnElement,
    /// What it relies on.
    pub required: RequiredAuthority,
}

/// What an authority requirement relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredAuthority {
    /// A decision.
    Decision(Reference),
    /// An input.
    Input(Reference),
    /// A knowledge source.
    Authority(Reference),
}

/// What is drawn beside the graph (DMN 1.5, clause 6.3.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Artifact {
    /// A note.
    TextAnnotation(TextAnnotation),
    /// A line from one thing to another.
    Association(Association),
    /// A frame around some things.
    Group(Group),
}

/// A note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextAnnotation {
    /// What all elements have.
    pub element: DmnElement,
    /// What it says.
    pub text: Option<String>,
    /// The media type of the text; `text/plain` where it is missing.
    pub format: Option<String>,
}

/// A line from one thing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// What all elements have.
    pub element: DmnElement,
    /// Where it starts.
    pub source: Reference,
    /// Where it ends.
    pub target: Reference,
    /// Its arrow heads.
    pub direction: AssociationDirection,
}

/// The arrow heads of an association.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssociationDirection {
    /// None.
    #[default]
    None,
    /// At the end.
    One,
    /// At both ends.
    Both,
}

/// A frame around some things (DMN 1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What all elements have.
    pub element: DmnElement,
    /// What is written on it.
    pub name: Option<String>,
}

/// A named set of elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementCollection {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<Reference>,
}

/// Something of the business that decisions have to do with (DMN 1.5, clause 6.3.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessContextElement {
    /// What all elements have.
    pub element: DmnElement,
    /// Its name.
    pub name: String,
    /// Where more is said of it.
    pub uri: Option<String>,
    /// What it is.
    pub kind: BusinessContextKind,
}

/// The kinds of business context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusinessContextKind {
    /// A performance indicator, with the decisions that move it.
    PerformanceIndicator(Vec<Reference>),
    /// A part of an organisation, with the decisions that it makes and those that it answers for.
    OrganizationUnit {
        /// Decisions that it makes.
        made: Vec<Reference>,
        /// Decisions that it answers for.
        owned: Vec<Reference>,
    },
}
