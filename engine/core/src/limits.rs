//! How much one evaluation may use, and how much it has used.

use serde::{Deserialize, Serialize};

/// The most that one evaluation may use. An error says the limit, the use and the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Operations evaluated.
    pub steps_max: u64,
    /// Calls and decisions inside one another.
    pub depth_max: u32,
    /// Table rows tested.
    pub rows_max: u64,
    /// Bytes of values made along the way, roughly.
    pub bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps_max: 10_000_000, depth_max: 128, rows_max: 10_000_000, bytes_max: 256 * 1024 * 1024 }
    }
}

/// What an evaluation has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Operations evaluated.
    pub steps: u64,
    /// Table rows tested.
    pub rows: u64,
    /// Bytes of values made, roughly.
    pub bytes: u64,
}
