//! Ports and their embedded adapters: store, clock, identity, errors, metrics and connections, for every service to stand on.
//!
//! This crate refuses to know rulesets, plans, decisions and the nouns of any service; payloads are opaque bytes to it.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod clock;
pub mod connections;
pub mod identity;
pub mod language;
pub mod metrics;
pub mod problem;
pub mod store;

pub use clock::{Clock, SettableClock, SystemClock, Timestamp};
pub use identity::{Identity, Principal};
pub use language::Accepted;
pub use metrics::Metrics;
pub use problem::{FieldError, Problem};
