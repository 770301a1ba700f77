//! A tree becomes a typed decision graph: names, types, hit policies, dated parameters and checks.
//!
//! Everything is checked here before anything runs. This crate refuses to know the shape of plans, execution and files.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod graph;
