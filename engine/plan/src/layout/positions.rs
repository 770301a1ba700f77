//! Positions as a flat list: source, line and column of each.

use std::borrow::Cow;

use serde::de::{Deserializer, SeqAccess};
use serde::ser::{SerializeSeq, Serializer};

use super::numbers::{self, FromNumbers, Numbers};
use crate::Position;

pub(super) fn serialize<S: Serializer>(positions: &[Position], serializer: S) -> Result<S::Ok, S::Error> {
    numbers::write(serializer, |list| positions.iter().try_for_each(|position| put(list, *position)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, [Position]>, D::Error> {
    numbers::read::<D, Vec<Position>>(deserializer).map(Cow::Owned)
}

/// Writes one position.
pub(super) fn put<S: SerializeSeq>(list: &mut S, position: Position) -> Result<(), S::Error> {
    let Position(source, line, column) = position;
    [source, line, column].into_iter().try_for_each(|number| numbers::put(list, number))
}

/// Reads one position.
pub(super) fn take<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Position, A::Error> {
    Ok(Position(numbers.take()?, numbers.take()?, numbers.take()?))
}

impl FromNumbers for Vec<Position> {
    const EXPECTED: &'static str = "source, line and column of each position";

    fn from_numbers<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Vec<Position>, A::Error> {
        let mut positions = Vec::new();
        while let Some(source) = numbers.next()? {
            positions.push(Position(source, numbers.take()?, numbers.take()?));
        }
        Ok(positions)
    }
}
