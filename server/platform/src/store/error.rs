//! What can go wrong in a store, told to the reader in both languages.

use std::fmt;
use std::path::{Path, PathBuf};

use dictamen_value::Message;

use super::{Digest, TraceId};

/// A failure of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process holds the data directory.
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The process that holds it, if it left its number.
        holder: Option<u32>,
    },
    /// The operating system refused something.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it said.
        cause: String,
    },
    /// A write or its synchronisation failed earlier: what is on the disk is unknown, so nothing more is accepted.
    Poisoned {
        /// The first failure.
        cause: String,
    },
    /// The store was closed.
    Closed,
    /// Something is larger than a store takes.
    TooLarge {
        /// The limit.
        limit_bytes: u64,
        /// What came.
        got_bytes: u64,
    },
    /// A batch has more entries than a store takes at once.
    TooMany {
        /// The limit.
        limit: usize,
        /// What came.
        got: usize,
    },
    /// A text that is not an identifier, or a space or key that records can't have.
    BadName {
        /// What came, shortened.
        text: String,
        /// What was expected.
        expected: Message,
    },
    /// A trace can't be read back as it was written.
    DamagedTrace {
        /// The trace, as far as it can be told.
        trace: TraceId,
        /// The segment file.
        path: PathBuf,
        /// Where in the file its frame begins.
        offset: u64,
    },
    /// An object's bytes don't have the hash that names it.
    DamagedObject {
        /// The hash that names it.
        expected: Digest,
        /// The hash of what was read.
        found: Digest,
        /// The file.
        path: PathBuf,
    },
    /// A file of ours can't be understood.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Message,
    },
    /// The embedded database failed.
    Engine {
        /// What it said.
        cause: String,
    },
}

impl StoreError {
    /// A failure of the operating system at a path.
    pub(crate) fn io(path: &Path, cause: &std::io::Error) -> StoreError {
        StoreError::Io { path: path.to_owned(), cause: cause.to_string() }
    }

    /// What to tell the reader.
    pub fn message(&self) -> Message {
        match self {
            StoreError::Locked { path, holder } => locked(path, *holder),
            StoreError::Io { path, cause } => io(path, cause),
            StoreError::Poisoned { cause } => poisoned(cause),
            StoreError::Closed => {
                Message::new("el almacén ya se cerró; ábralo de nuevo", "the store was closed; open it again")
            }
            StoreError::TooLarge { limit_bytes, got_bytes } => Message::new(
                format!("un dato de {got_bytes} bytes pasa del límite de {limit_bytes} bytes"),
                format!("an entry of {got_bytes} bytes is over the limit of {limit_bytes} bytes"),
            ),
            StoreError::TooMany { limit, got } => Message::new(
                format!("un lote de {got} elementos pasa del límite de {limit}; divídalo"),
                format!("a batch of {got} entries is over the limit of {limit}; split it"),
            ),
            StoreError::BadName { text, expected } => Message::new(
                format!("«{text}» no sirve: se esperaba {}", expected.es),
                format!("“{text}” won't do: expected {}", expected.en),
            ),
            StoreError::DamagedTrace { trace, path, offset } => damaged_trace(trace, path, *offset),
            StoreError::DamagedObject { expected, found, path } => damaged_object(expected, found, path),
            StoreError::Unreadable { path, cause } => Message::new(
                format!("no se entiende {}: {}", path.display(), cause.es),
                format!("can't understand {}: {}", path.display(), cause.en),
            ),
            StoreError::Engine { cause } => Message::new(
                format!("falló la base de datos embebida: {cause}"),
                format!("the embedded database failed: {cause}"),
            ),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

impl std::error::Error for StoreError {}

fn locked(path: &Path, holder: Option<u32>) -> Message {
    let (holds, holds_en) = match holder {
        Some(process) => (format!("el proceso {process}"), format!("process {process}")),
        None => ("otro proceso".to_owned(), "another process".to_owned()),
    };
    Message::new(
        format!("el directorio de datos está en uso por {holds} ({}); deténgalo o use otro directorio", path.display()),
        format!("the data directory is in use by {holds_en} ({}); stop it or use another directory", path.display()),
    )
}

fn io(path: &Path, cause: &str) -> Message {
    let path = path.display();
    Message::new(format!("el sistema rechazó {path}: {cause}"), format!("the system refused {path}: {cause}"))
}

fn poisoned(cause: &str) -> Message {
    Message::new(
        format!(
            "una escritura anterior falló ({cause}); no se sabe qué quedó en el disco, así que no se acepta ninguna más: \
             revise el disco y reinicie el servicio, que comprobará lo escrito"
        ),
        format!(
            "an earlier write failed ({cause}); what is on the disk is unknown, so no more are accepted: \
             check the disk and restart the service, which will check what was written"
        ),
    )
}

fn damaged_trace(trace: &TraceId, path: &Path, offset: u64) -> Message {
    let path = path.display();
    Message::new(
        format!("la traza {trace} está dañada en {path}, byte {offset}; verifique el registro y restaure una copia"),
        format!("trace {trace} is damaged in {path}, byte {offset}; verify the log and restore a copy"),
    )
}

fn damaged_object(expected: &Digest, found: &Digest, path: &Path) -> Message {
    let path = path.display();
    Message::new(
        format!("el objeto {expected} está dañado: {path} tiene el resumen {found}; restaure una copia"),
        format!("object {expected} is damaged: {path} has the hash {found}; restore a copy"),
    )
}
