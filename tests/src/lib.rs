//! What tests across crates share: the project's folders, the real binary, a server of it, and golden files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

pub mod binary;
pub mod differential;
pub mod figures;
pub mod golden;
pub mod http;
pub mod large_tables;
pub mod load;
pub mod log;
pub mod powercut;
pub mod project;
pub mod readability;
pub mod server;
pub mod taxpayers;
