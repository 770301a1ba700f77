//! How deep and how large values are, so that no value can overflow the native stack or stall a comparison: rules can
//! put a value twice into a list, that list twice into another, and so on, at the cost of a few operations each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use dictamen_plan::OpId;
use dictamen_value::Value;

use super::faults;
use super::machine::{Machine, Stop};

/// Lists and records inside one another.
pub(crate) const VALUE_DEPTH_MAX: u32 = 200;
/// Extents of values with fewer parts are counted again rather than remembered.
const REMEMBERED_PARTS_MIN: u64 = 64;
/// Parts that are compared in about the time of one step.
const PARTS_PER_STEP: u64 = 32;

/// Lists and records inside one another, and parts as if nothing were shared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    depth: u32,
    parts: u64,
}

/// Extents of large values by their address; keeping the value keeps the address its own.
#[derive(Default)]
pub(super) struct Extents {
    known: HashMap<usize, (Value, Extent), BuildHasherDefault<DefaultHasher>>,
}

impl Machine<'_> {
    /// A new value, unless it is too deep or too large.
    pub(super) fn bounded(&mut self, id: OpId, value: Value) -> Result<Value, Stop> {
        if !holds_composites(&value) {
            return Ok(value);
        }
        let extent = self.extents.of(&value);
        if extent.depth > VALUE_DEPTH_MAX {
            return Err(self.stop(faults::value_too_deep(VALUE_DEPTH_MAX), self.position(id)));
        }
        let bytes = extent.parts.saturating_mul(size_of::<Value>() as u64);
        if bytes > self.bytes_max() {
            return Err(self.stop(faults::too_many_bytes(self.bytes_max()), self.position(id)));
        }
        Ok(value)
    }

    /// Counts the comparison of two values.
    #[inline]
    pub(super) fn spend_comparison(&mut self, id: OpId, left: &Value, right: &Value) -> Result<(), Stop> {
        if !is_composite(left) || !is_composite(right) {
            return Ok(());
        }
        let parts = self.extents.of(left).parts.min(self.extents.of(right).parts);
        self.spend_steps(parts / PARTS_PER_STEP, id)
    }
}

impl Extents {
    fn of(&mut self, value: &Value) -> Extent {
        let Some(address) = address(value) else { return Extent { depth: 0, parts: 1 } };
        if let Some((_, extent)) = self.known.get(&address) {
            return *extent;
        }
        let extent = children(value).iter().fold(Extent { depth: 1, parts: 1 }, |sum, child| {
            let child = self.of(child);
            Extent { depth: sum.depth.max(child.depth.saturating_add(1)), parts: sum.parts.saturating_add(child.parts) }
        });
        if extent.parts >= REMEMBERED_PARTS_MIN {
            self.known.insert(address, (value.clone(), extent));
        }
        extent
    }
}

fn children(value: &Value) -> &[Value] {
    match value {
        Value::List(elements) => elements,
        Value::Context(context) => context.values(),
        Value::Function(function) => &function.captured,
        _ => &[],
    }
}

fn address(value: &Value) -> Option<usize> {
    match value {
        Value::List(elements) => Some(Arc::as_ptr(elements) as usize),
        Value::Context(context) => Some(Arc::as_ptr(context) as usize),
        Value::Function(function) => Some(Arc::as_ptr(function) as usize),
        _ => None,
    }
}

fn is_composite(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Context(_) | Value::Function(_))
}

fn holds_composites(value: &Value) -> bool {
    children(value).iter().any(is_composite)
}
