//! Any bytes as a text: parsing never panics, and what can be read is formatted once and for all.
#![no_main]

#[allow(dead_code, reason = "each target uses a part of it")]
#[path = "../../src/differential/mod.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::fuzzing::parse(bytes));
