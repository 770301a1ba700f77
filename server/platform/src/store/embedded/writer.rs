//! Which chain this directory writes, and which it left as damaged: `writer.json`.

use dictamen_value::Message;
use serde::{Deserialize, Serialize};

use super::disk::{read_file, replace_file};
use super::layout::Layout;
use crate::clock::Timestamp;
use crate::store::{Damage, StoreError, WriterId};

/// The longest file, in bytes.
const MAX_FILE_BYTES: u64 = 1_024 * 1_024;

/// What `writer.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriterFile {
    pub(crate) writer: WriterId,
    pub(crate) created: Timestamp,
    /// The chains that were left because they are damaged, oldest first.
    pub(crate) damage: Vec<Damage>,
}

impl WriterFile {
    /// The file of a directory; none if it has none yet.
    pub(crate) fn read(layout: &Layout) -> Result<Option<WriterFile>, StoreError> {
        let path = layout.writer();
        let Some(bytes) = read_file(&path, MAX_FILE_BYTES)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|_| StoreError::Unreadable {
            path,
            cause: Message::new(
                "se esperaba el archivo que dice qué cadena se escribe; restáurelo de una copia, o bórrelo para empezar \
                 una cadena nueva: las anteriores se conservan",
                "expected the file that says which chain is written; restore it from a copy, or remove it to begin \
                 a new chain: the earlier ones stay",
            ),
        })
    }

    /// The file of a directory, made for a new writer if it has none yet.
    pub(crate) fn open(layout: &Layout, now: Timestamp) -> Result<WriterFile, StoreError> {
        match WriterFile::read(layout)? {
            Some(found) => Ok(found),
            None => WriterFile { writer: new_writer(layout)?, created: now, damage: Vec::new() }.write(layout),
        }
    }

    /// Leaves the chain as damaged and begins a new one.
    pub(crate) fn leave(self, layout: &Layout, damage: Damage, now: Timestamp) -> Result<WriterFile, StoreError> {
        let mut all = self.damage;
        all.push(damage);
        WriterFile { writer: new_writer(layout)?, created: now, damage: all }.write(layout)
    }

    /// The writers whose chains are kept, oldest first.
    pub(crate) fn all_writers(file: Option<&WriterFile>, layout: &Layout) -> Result<Vec<WriterId>, StoreError> {
        let known = file.map(|file| file.damage.iter().map(|damage| damage.writer).chain([file.writer]));
        let known: Vec<WriterId> = known.into_iter().flatten().collect();
        let present = layout.writers()?;
        let mut writers: Vec<WriterId> = present.iter().copied().filter(|writer| !known.contains(writer)).collect();
        writers.extend(known);
        Ok(writers)
    }

    fn write(self, layout: &Layout) -> Result<WriterFile, StoreError> {
        let mut text = serde_json::to_string(&self).unwrap_or_default();
        text.push('\n');
        replace_file(&layout.writer(), text.as_bytes(), 0o644)?;
        Ok(self)
    }
}

/// A writer that no chain of this directory has.
fn new_writer(layout: &Layout) -> Result<WriterId, StoreError> {
    let taken = layout.writers()?;
    loop {
        let mut bytes = [0_u8; 4];
        getrandom::fill(&mut bytes)
            .map_err(|error| StoreError::Io { path: layout.writer(), cause: error.to_string() })?;
        let writer = WriterId(bytes);
        if !taken.contains(&writer) {
            return Ok(writer);
        }
    }
}
