//! Any bytes as the facts of a request: reading never panics, and what can be read is evaluated and written back.
#![no_main]

#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::facts(bytes));
