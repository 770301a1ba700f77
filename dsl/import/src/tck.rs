//! Test cases of the DMN Technology Compatibility Kit (its `testCases.xsd`): what is given, what is expected.

mod cases;
mod problem;
mod read;
mod values;

pub(crate) use problem::CODES;

pub use cases::{CaseKind, InputNode, ResultNode, TestCase, TestCases, TestValue, TestValueKind};
pub use read::read;
