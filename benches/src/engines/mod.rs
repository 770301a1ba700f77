//! Engines, each behind the same few words.

pub mod dsntk;
pub mod ours;
pub mod zen;
