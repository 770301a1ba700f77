//! Differential testing: generated rulesets and facts, evaluated by the engine and by the naive evaluator.
//!
//! A [`generation::Case`] comes of a sequence of choices: from a seed in tests, from bytes in a fuzzer. Where both
//! evaluators disagree, the choices are made fewer and smaller, and what is left is kept under `corpus/differential`.

pub mod catalogue;
pub mod choices;
pub mod comparison;
pub mod conditions;
pub mod coverage;
pub mod expressions;
pub mod facts;
pub mod fuzzing;
pub mod generation;
pub mod kinds;
pub mod mutation;
pub mod numbers;
pub mod program;
pub mod regression;
pub mod rulesets;
pub mod scope;
pub mod tables;
pub mod walk;
pub mod ways;
mod wild;
