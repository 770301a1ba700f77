//! Texts of FEEL as DMN writes them: what is read is printed and read the same, and both evaluators agree on it.
#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::feel(bytes));
