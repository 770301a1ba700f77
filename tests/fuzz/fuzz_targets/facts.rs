//! Any bytes as the facts of a request: reading never panics, and what can be read is evaluated and written back.
#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::facts(bytes));
