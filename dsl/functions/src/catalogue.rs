//! All entries, chapter by chapter, and how to find one.

mod aggregates;
mod arguments;
mod contexts;
mod conversion;
mod lists;
mod logic;
mod numbers;
mod range_text;
mod ranges;
mod temporal;
mod text;
mod writing;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Entry;

/// Chapters in the order of the manual.
const CHAPTERS: [&[Entry]; 9] = [
    numbers::ENTRIES,
    text::ENTRIES,
    lists::ENTRIES,
    aggregates::ENTRIES,
    temporal::ENTRIES,
    contexts::ENTRIES,
    conversion::ENTRIES,
    logic::ENTRIES,
    ranges::ENTRIES,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Entry>> =
    LazyLock::new(|| all().map(|entry| (entry.name, entry)).collect());

/// Every entry, in the order of the manual.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    CHAPTERS.into_iter().flatten()
}

/// The entry of this name, spaces included.
pub fn find(name: &str) -> Option<&'static Entry> {
    BY_NAME.get(name).copied()
}

/// The names that a parser must know to read them as one, such as `string length`.
pub fn names_with_spaces() -> impl Iterator<Item = &'static str> {
    all().map(|entry| entry.name).filter(|name| name.contains(' '))
}
