//! A flat list of whole numbers, written and read one by one.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};

/// What is made of a flat list of numbers.
pub(super) trait FromNumbers: Sized {
    /// What the list is of, for errors.
    const EXPECTED: &'static str;

    /// Reads to the end of the list.
    fn from_numbers<'de, A: SeqAccess<'de>>(numbers: &mut Numbers<A>) -> Result<Self, A::Error>;
}

/// Writes a flat list of numbers.
pub(super) fn write<S: Serializer>(
    serializer: S,
    all: impl FnOnce(&mut S::SerializeSeq) -> Result<(), S::Error>,
) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    all(&mut list)?;
    list.end()
}

/// Writes one more number.
pub(super) fn put<S: SerializeSeq>(list: &mut S, number: u32) -> Result<(), S::Error> {
    list.serialize_element(&number)
}

/// Writes how many there are.
pub(super) fn put_count<S: SerializeSeq>(list: &mut S, count: usize) -> Result<(), S::Error> {
    list.serialize_element(&count)
}

/// Reads a flat list of numbers.
pub(super) fn read<'de, D: Deserializer<'de>, T: FromNumbers>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_seq(NumbersVisitor(PhantomData))
}

/// The numbers of a list that are still to be read.
pub(super) struct Numbers<A>(A);

impl<'de, A: SeqAccess<'de>> Numbers<A> {
    /// The next number, if the list goes on.
    pub(super) fn next(&mut self) -> Result<Option<u32>, A::Error> {
        self.0.next_element()
    }

    /// The next number, which must be there.
    pub(super) fn take(&mut self) -> Result<u32, A::Error> {
        self.next()?.ok_or_else(|| A::Error::custom("a list of numbers ends too early"))
    }

    /// So many of something. The list itself must have as many, so that a count alone takes no memory.
    pub(super) fn take_each<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, A::Error>) -> Result<Vec<T>, A::Error> {
        let count = self.take()?;
        let mut items = Vec::with_capacity(usize::try_from(count).unwrap_or_default().min(RESERVED_ITEMS));
        for _ in 0..count {
            items.push(read(self)?);
        }
        Ok(items)
    }
}

/// How many items are reserved for on the word of a count.
const RESERVED_ITEMS: usize = 64;

struct NumbersVisitor<T>(PhantomData<T>);

impl<'de, T: FromNumbers> Visitor<'de> for NumbersVisitor<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a flat list of numbers: {}", T::EXPECTED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_numbers(&mut Numbers(list))
    }
}
