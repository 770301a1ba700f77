//! Files of other formats: DMN XML and its conformance kit's test cases, read into typed models, and DMN written back.
//!
//! Hostile XML is refused; reading never panics, and tells everything that is wrong with its place. This crate refuses
//! to know what rules mean, whether they are right, how they are evaluated, and the file system.
//!
//! # What changed between the versions of DMN
//!
//! The model has the shape of DMN 1.5; older files are raised to it while they are read.
//!
//! | what | 1.1 | 1.2 | 1.3 | 1.4 | 1.5 | 1.6 | in the model |
//! |---|---|---|---|---|---|---|---|
//! | date in the namespaces | 20151101 | 20180521 | 20191111 | 20211108 | 20230324 | 20240513 | `Version` |
//! | namespace of elements | `…/dmn.xsd` | `…/MODEL/` | `https://…` | `https://…` | `https://…` | `https://…` | any accepted |
//! | types are named by | a QName (`feel:string`) | a name (`string`, `loans.tLoan`) | name | name | name | name | the name |
//! | imports | by namespace, no name | with a name | name | name | name, may be empty | same | 1.1: the prefix of the namespace |
//! | decision services | name only, beside the graph | invocable, with a variable | same | same | same | same | `DecisionService` |
//! | variable of a knowledge model | after its logic | before it | before | before | before | before | any order |
//! | kind of a function | an attribute of the tool | `kind` | `kind` | `kind` | `kind` | `kind` | `FunctionKind` |
//! | identifiers of requirements and context entries | none | yes | yes | yes | yes | yes | optional |
//! | annotations of rules | none | yes | yes | yes | yes | yes | `annotations` |
//! | diagrams | none | DMNDI 20180521 | DMNDI 20191111 | that of 1.3 | DMNDI 20230324 | 20230324 or 20240513 | any with any version |
//! | ends of edges | – | none | `sourceElement`, `targetElement` | same | same | same | optional |
//! | function items | none | none | yes | yes | yes | yes | `FunctionItem` |
//! | groups | none | none | yes | yes | yes | yes | `Group` |
//! | type of tests | none | `typeRef` | same | same | same | same | optional |
//! | boxed conditional, iterators, filter | none | none | none | yes | yes | yes | always read |
//! | `typeConstraint` on the whole value | none | none | none | none | yes | yes | `type_constraint` |
//! | other shape of inputs | none | none | none | none | yes | yes | `alternative_input_shape` |
//! | B-FEEL as expression language | none | none | none | none | none | yes | `Language::BFeel` |
//!
//! In every version `allowedValues` of a collection restrict its elements, not the collection.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod dmn;
mod outcome;
pub mod tck;
mod xml;

pub use outcome::Read;
pub use xml::{Limits, Origin, Path, Text};

/// The codes of the diagnostics that this crate gives, in order.
pub fn codes() -> Vec<&'static str> {
    [dmn::codes(), tck::CODES.to_vec(), xml::CODES.to_vec()].concat()
}
