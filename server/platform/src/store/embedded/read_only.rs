//! A data directory as a second process reads it, while a server may be writing it: no locks, and nothing is changed.

use std::path::Path;

use super::DEFAULT_MAX_OBJECT_BYTES;
use super::layout::Layout;
use super::objects::EmbeddedObjects;
use super::reading::{self, Chains};
use super::verify::{LineLimits, Verification};
use super::writer::WriterFile;
use crate::store::{
    Digest, Head, ObjectReader, StoreError, Trace, TraceId, TraceReader, TraceScan, Trust, VerifyReport, WriterId,
};

/// Reads traces, heads and objects of a data directory. It may see traces that are written and not yet acknowledged.
#[derive(Debug)]
pub struct ReadOnly {
    layout: Layout,
    chains: Chains,
    objects: EmbeddedObjects,
}

impl ReadOnly {
    /// Opens a data directory for reading; fails if there is none.
    pub fn open(directory: &Path) -> Result<ReadOnly, StoreError> {
        let layout = Layout::new(directory);
        std::fs::metadata(layout.root()).map_err(|error| StoreError::io(layout.root(), &error))?;
        let objects = EmbeddedObjects::read_only(&layout.objects(), DEFAULT_MAX_OBJECT_BYTES);
        Ok(ReadOnly { chains: Chains::new(&layout), objects, layout })
    }
}

impl TraceReader for ReadOnly {
    fn writers(&self) -> Result<Vec<WriterId>, StoreError> {
        WriterFile::all_writers(WriterFile::read(&self.layout)?.as_ref(), &self.layout)
    }

    fn get(&self, id: &TraceId) -> Result<Option<Trace>, StoreError> {
        self.chains.place(id)?.map_or(Ok(None), |place| reading::read_place(&place))
    }

    fn scan(&self, from: Option<&TraceId>) -> Result<TraceScan, StoreError> {
        let mut chains = Vec::new();
        for writer in self.writers()? {
            chains.push((writer, self.chains.extent(writer)?));
        }
        Ok(reading::scan(&self.layout, chains, from))
    }

    fn heads(&self) -> Result<Vec<Head>, StoreError> {
        reading::heads(&self.layout)
    }

    fn public_keys(&self) -> Result<Vec<String>, StoreError> {
        reading::public_keys(&self.layout)
    }

    fn verify(&self, trust: &Trust) -> Result<VerifyReport, StoreError> {
        let limits = LineLimits::now(&self.layout);
        let extents = |writer| reading::whole_extent(&self.layout, writer);
        Verification { layout: &self.layout, trust, limits, writers: self.writers()?, extents: &extents }.run()
    }
}

impl ObjectReader for ReadOnly {
    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.objects.get(digest)
    }

    fn list(&self) -> Result<Vec<Digest>, StoreError> {
        self.objects.list()
    }
}
