//! Any bytes as a DMN document: reading never panics, what is read is written the same, and both evaluators agree on its rules.
#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::dmn(bytes));
