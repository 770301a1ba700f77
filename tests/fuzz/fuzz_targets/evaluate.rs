//! Bytes as the choices of a generator, or as a stretch of text inside a ruleset: both evaluators agree.
#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::evaluate(bytes));
