//! The compiled artefact and narrow waist of Dictamen: slots, typed operations, tables and the source map.
//!
//! A plan is immutable, serialisable and addressed by the hash of its bytes; it needs no parser to run. Indexes of its tables
//! are derived from it and never part of it.
//! This crate refuses to know how plans are made, how they are run, files and the model.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod artefact;
mod bytes;
pub mod index;
mod layout;
mod operation;
mod parameters;
mod table;

pub use artefact::{
    About, Body, Constraint, Decision, Digest, Function, Input, Lambda, Letter, Plan, PlanError, Position, Ruleset,
    Term, TypeInfo,
};
pub use bytes::{FORMAT, SEMANTICS, SEMANTICS_OF_NATIVE_RULES};
pub use index::TableIndex;
pub use operation::{
    ArithmeticOp, Comparison, ConstantId, ConstraintId, DecisionId, Domain, FunctionId, InputId, Iteration, LambdaId,
    LocalId, Op, OpId, ParameterId, Quantifier, Service, ShapeId, TableId, Test, TextId,
};
pub use parameters::{DatedValue, Parameter, ParameterSet};
pub use table::{Cell, HitPolicy, Row, Table};
