//! Reads the keys of objects: which field each names, and what is wrong with those that name none.

use dictamen_value::RecordType;
use jiter::Jiter;

use super::errors;
use super::nearest::nearest;
use super::reader::{Read, Reader, cut};

/// Fields that an error lists.
const SHOWN_FIELDS_MAX: usize = 12;

impl<'a> Reader<'a> {
    pub(super) fn field_key(
        &mut self,
        record: &'a RecordType,
        seen: &mut [bool],
        next: usize,
        first: bool,
    ) -> Read<Option<Option<usize>>> {
        let likely = record.fields.get(next).map(|field| &*field.name);
        let find = |key: &str| record.fields.iter().position(|field| &*field.name == key);
        let key = self.next_key(likely, next, first, find)?;
        let names = || record.fields.iter().map(|field| &*field.name).collect();
        self.known_key(key, seen, names)
    }

    pub(super) fn key(
        &mut self,
        names: &[&'a str],
        seen: &mut [bool],
        next: usize,
        first: bool,
    ) -> Read<Option<Option<usize>>> {
        let find = |key: &str| names.iter().position(|name| *name == key);
        let key = self.next_key(names.get(next).copied(), next, first, find)?;
        self.known_key(key, seen, || names.to_vec())
    }

    /// The next key, as the position of the field it names or as it stands; tries the likely field first.
    pub(super) fn next_key(
        &mut self,
        likely: Option<&str>,
        next: usize,
        first: bool,
        find: impl FnOnce(&str) -> Option<usize>,
    ) -> Read<Option<Result<usize, String>>> {
        let place = |key: &str| match likely {
            Some(likely) if likely == key => Ok(next),
            _ => find(key).ok_or_else(|| key.to_owned()),
        };
        self.json(|jiter| {
            let key = if first { jiter.known_object() } else { jiter.next_key() };
            key.map(|key| key.map(place))
        })
    }

    /// `Some(None)` where the key names no field, or one that was there before; its value has been passed over.
    pub(super) fn known_key<'n>(
        &mut self,
        key: Option<Result<usize, String>>,
        seen: &mut [bool],
        names: impl FnOnce() -> Vec<&'n str>,
    ) -> Read<Option<Option<usize>>> {
        let (problem, name) = match key {
            None => return Ok(None),
            Some(Ok(position)) => match seen.get_mut(position) {
                Some(seen) if !*seen => {
                    *seen = true;
                    return Ok(Some(Some(position)));
                }
                _ => {
                    let name = names().get(position).copied().unwrap_or_default();
                    (errors::repeated_field(name), name.to_owned())
                }
            },
            Some(Err(unknown)) => {
                let names = names();
                let known: Vec<_> = names.iter().take(SHOWN_FIELDS_MAX).map(|name| format!("\"{name}\"")).collect();
                let more = if names.len() > SHOWN_FIELDS_MAX { ", …" } else { "" };
                let known = known.join(", ") + more;
                let near = nearest(&unknown, names.iter().copied());
                (errors::unknown_field(&cut(&unknown), near, &known), unknown)
            }
        };
        let peek = self.json(Jiter::peek)?;
        let received = self.skipped(peek)?;
        self.report_at(problem.received(received), Some(&name))?;
        Ok(Some(None))
    }
}
