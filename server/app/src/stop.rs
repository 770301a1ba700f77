//! How a command ends: what it checked holds or not, or it could not do its work and says why.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use dictamen_value::Message;

/// What a command found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// What it checked holds.
    Holds,
    /// What it checked does not hold; it has said what.
    DoesNotHold,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was called in a way it cannot serve.
    WrongUse(Message),
    /// Whoever read its output has gone away: nothing more to say.
    NobodyListens,
}

impl Verdict {
    /// The verdict on a condition.
    pub(crate) fn of(holds: bool) -> Verdict {
        if holds { Verdict::Holds } else { Verdict::DoesNotHold }
    }

    /// 0 where it holds, 1 where it does not.
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Verdict::Holds => ExitCode::SUCCESS,
            Verdict::DoesNotHold => ExitCode::from(1),
        }
    }
}

impl Stop {
    /// A file that cannot be used, with the system's reason.
    pub(crate) fn file(path: &Path, doing_es: &str, doing_en: &str, error: &io::Error) -> Stop {
        let path = path.display();
        let (es, en) = reason(error);
        Stop::WrongUse(Message::new(
            format!("no se pudo {doing_es} {path}: {es}"),
            format!("could not {doing_en} {path}: {en}"),
        ))
    }
}

/// What the system says, in words for the common reasons.
fn reason(error: &io::Error) -> (String, String) {
    let (es, en) = match error.kind() {
        io::ErrorKind::NotFound => ("no existe; revise la ruta", "it does not exist; check the path"),
        io::ErrorKind::PermissionDenied => ("falta permiso", "permission is missing"),
        io::ErrorKind::IsADirectory => ("es una carpeta, se esperaba un archivo", "it is a folder, expected a file"),
        io::ErrorKind::NotADirectory => ("no es una carpeta", "it is not a folder"),
        io::ErrorKind::InvalidData => ("no es texto UTF-8", "it is not UTF-8 text"),
        io::ErrorKind::StorageFull => ("el disco está lleno", "the disk is full"),
        _ => return (error.to_string(), error.to_string()),
    };
    (es.to_owned(), en.to_owned())
}

/// Only writing to standard output gives these: files are named by [`Stop::file`].
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Stop::NobodyListens;
        }
        Stop::WrongUse(Message::new(
            format!("no se pudo escribir el resultado: {error}"),
            format!("the result could not be written: {error}"),
        ))
    }
}
