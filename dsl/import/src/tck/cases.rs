//! A file of test cases, as it says it.

use crate::xml::{Origin, Text};

/// A file of test cases for one model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestCases {
    /// A name for the whole.
    pub name: Option<String>,
    /// The file of the model, in the same folder.
    pub model_name: Option<String>,
    /// The namespace of the model.
    pub namespace: Option<String>,
    /// Words about what is tested.
    pub labels: Vec<String>,
    /// The cases in order.
    pub cases: Vec<TestCase>,
    /// Where the file starts.
    pub origin: Origin,
}

/// A case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestCase {
    /// Its identifier in the file.
    pub id: Option<String>,
    /// What is called.
    pub kind: CaseKind,
    /// The business knowledge model or decision service that is called.
    pub invocable_name: Option<String>,
    /// A name.
    pub name: Option<String>,
    /// The namespace of what is called.
    pub namespace: Option<String>,
    /// What it shows.
    pub description: Option<String>,
    /// What is given.
    pub inputs: Vec<InputNode>,
    /// What is expected.
    pub results: Vec<ResultNode>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a case calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseKind {
    /// The decisions of its results.
    #[default]
    Decision,
    /// A business knowledge model.
    BusinessKnowledgeModel,
    /// A decision service.
    DecisionService,
}

/// An input, or the outcome of a decision that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputNode {
    /// Its name.
    pub name: String,
    /// The namespace of the model that has it, where it is not that of the case.
    pub namespace: Option<String>,
    /// Its value.
    pub value: TestValue,
    /// Where it stands.
    pub origin: Origin,
}

/// An outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultNode {
    /// The decision.
    pub name: String,
    /// The namespace of the model that has it, where it is not that of the case.
    pub namespace: Option<String>,
    /// What kind of element it is, such as `decision`.
    pub kind: Option<String>,
    /// Whether deciding it is an error; its value is then null.
    pub error_result: bool,
    /// A type that the value is turned into before it is compared.
    pub cast: Option<String>,
    /// Its value; `None` where nothing is said of it.
    pub expected: Option<TestValue>,
    /// Where it stands.
    pub origin: Origin,
}

/// A value as the file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestValue {
    /// What it is.
    pub kind: TestValueKind,
    /// Where it stands.
    pub origin: Origin,
}

/// The forms of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestValueKind {
    /// Null.
    Nil,
    /// A text with the name of its type in XML Schema, such as `decimal`; without one it is a string.
    Simple {
        /// The text.
        text: Text,
        /// The type, without a prefix.
        type_name: Option<String>,
    },
    /// Values in order.
    List(Vec<TestValue>),
    /// Named values.
    Context(Vec<(String, TestValue)>),
}
