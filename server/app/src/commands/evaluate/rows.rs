//! One answer a row of a file, or a summary of them, by all cores: the file may be longer than memory.

use std::io::Read;
use std::num::NonZero;
use std::path::PathBuf;

use dictamen_decisions::port::DryRuns;
use dictamen_value::Language;

use super::answer::{Made, Wanted};
use super::lines::{Chunk, Chunks};
use super::report;
use super::summary::{Path, Summary};
use crate::conveyor;
use crate::files::Growing;
use crate::output::Output;
use crate::progress::{Part, Progress};
use crate::stop::{Stop, Verdict};

/// What is to be done with the rows of a file.
pub(super) struct Rows<'a> {
    /// The decision that each asks for.
    pub(super) runs: DryRuns<'a>,
    /// What is wanted beside each outcome.
    pub(super) wanted: Wanted,
    /// Where values of outcomes are counted; no summary where there are none.
    pub(super) paths: Option<Vec<Path>>,
    /// Where answers go, if not to standard output.
    pub(super) target: Option<PathBuf>,
    /// How many threads work on them.
    pub(super) threads: NonZero<usize>,
}

/// What came of a chunk.
struct Worked {
    answers: Vec<u8>,
    summary: Summary,
    bytes: u64,
}

/// Where answers go.
enum Answers {
    StandardOutput,
    File(Growing),
    Nowhere,
}

impl Rows<'_> {
    /// Answers each row of a file whose size may be known.
    pub(super) fn run(&self, data: impl Read + Send, size: Option<u64>, output: &mut Output) -> Result<Verdict, Stop> {
        let language = output.language();
        let mut answers = match (&self.target, &self.paths) {
            (Some(path), _) => Answers::File(Growing::create(path)?),
            (None, Some(_)) => Answers::Nowhere,
            (None, None) => Answers::StandardOutput,
        };
        let writes = !matches!(answers, Answers::Nowhere);
        let mut whole = Summary::at(self.paths());
        let mut progress = Progress::of_rows(language);
        let mut part = Part { bytes: 0, of: size };
        conveyor::run(
            self.threads,
            Chunks::of(data),
            |chunk| self.work(&chunk, language, writes),
            |worked| {
                answers.take(&worked.answers, output)?;
                whole.merge(worked.summary)?;
                part.bytes = part.bytes.saturating_add(worked.bytes);
                progress.reach_in_file(whole.rows(), part);
                Ok(())
            },
        )?;
        drop(progress);
        answers.finish()?;
        if let Some(paths) = &self.paths {
            report::show(&whole, paths, output)?;
        }
        Ok(Verdict::of(whole.all_decided()))
    }

    fn paths(&self) -> &[Path] {
        self.paths.as_deref().unwrap_or_default()
    }

    fn work(&self, chunk: &Chunk, language: Language, writes: bool) -> Worked {
        let paths = self.paths();
        let wanted = if writes { self.wanted } else { Wanted::default() };
        let mut worked = Worked { answers: Vec::new(), summary: Summary::at(paths), bytes: chunk.bytes() };
        for (line, facts) in chunk.rows() {
            let made = Made::of(&self.runs, facts, wanted);
            worked.summary.count(&made, paths);
            if writes {
                made.write_row(line, language, &mut worked.answers);
            }
        }
        worked
    }
}

impl Answers {
    fn take(&mut self, answers: &[u8], output: &mut Output) -> Result<(), Stop> {
        match self {
            Answers::Nowhere => Ok(()),
            Answers::File(file) => file.write(answers),
            Answers::StandardOutput => {
                output.bytes(answers)?;
                // Who sends rows one by one waits for their answers.
                Ok(output.flush()?)
            }
        }
    }

    fn finish(self) -> Result<(), Stop> {
        match self {
            Answers::File(file) => file.finish(),
            Answers::StandardOutput | Answers::Nowhere => Ok(()),
        }
    }
}
