//! The commands: each file defines one, its arguments and what it does; a new one is a file and a line here.

mod check;
mod dump;
mod evaluate;
mod export;
mod format;
mod import;
mod replay;
mod serve;
mod tck;
mod test;

use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::stop::{Stop, Verdict};

/// One command.
pub(crate) struct Command {
    /// The word that calls it.
    pub(crate) name: &'static str,
    /// What follows the word, in Spanish and in English.
    pub(crate) usage: (&'static str, &'static str),
    /// Its arguments and help.
    pub(crate) define: fn(Definer) -> clap::Command,
    /// What it does.
    pub(crate) run: fn(&Given<'_>, &mut Output) -> Result<Verdict, Stop>,
}

/// All commands, in the order in which help lists them.
pub(crate) const COMMANDS: &[Command] = &[
    serve::COMMAND,
    check::COMMAND,
    format::COMMAND,
    test::COMMAND,
    evaluate::COMMAND,
    import::COMMAND,
    export::COMMAND,
    tck::COMMAND,
    dump::COMMAND,
    replay::COMMAND,
];
