//! Engines, each behind the same few words.

#[cfg(feature = "peers")]
mod dsntk;
pub mod ours;
pub mod peers;
#[cfg(feature = "peers")]
mod zen;
