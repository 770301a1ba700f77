//! The service while it runs: what it is made of, how it listens, what it logs and how it stops.

pub(crate) mod logs;
pub(crate) mod trial;
