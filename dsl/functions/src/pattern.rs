//! Regular expressions as FEEL has them: those of XPath (DMN 1.5, clause 10.3.4.3; XPath and XQuery Functions and
//! Operators, clause 5.6), with the non-capturing groups and the flag `q` of XPath 3.
//!
//! Patterns run in linear time on the regex crate, save those that only backtracking can run; these may take so many
//! steps and no more.

mod backtracking;
mod characters;
mod linear;
mod replacement;
mod syntax;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::{FunctionError, Host};
use backtracking::Budget;
use syntax::Syntax;

/// The longest pattern, in bytes.
const PATTERN_BYTES_LIMIT: usize = 4_096;
/// How many compiled patterns a thread keeps.
const KEPT_PATTERNS_LIMIT: usize = 32;

thread_local! {
    /// Compiling takes a thousand times as long as matching, and rules ask the same few patterns of every request. What
    /// is kept changes no result.
    static KEPT: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
}

/// A compiled pattern.
pub(crate) struct Pattern {
    source: String,
    /// How many groups there are, the whole match included.
    groups: usize,
    literal_replacement: bool,
    engine: Engine,
}

/// What runs a pattern.
enum Engine {
    Linear(regex::Regex),
    Backtracking(backtracking::Program),
    /// Lines are told apart as XPath does, which the linear engine does but for texts that end in one.
    ByLastCharacter(regex::Regex, backtracking::Program),
}

/// Where the groups of a match lie, in bytes; the first is the whole match.
struct Groups(Vec<Option<(usize, usize)>>);

/// What the letters after a pattern say.
#[derive(Clone, Copy, Default)]
struct Flags {
    dot_all: bool,
    multi_line: bool,
    case_insensitive: bool,
    ignore_space: bool,
    literal: bool,
}

impl Pattern {
    /// Reads a pattern with its flags: `s` (a dot matches ends of lines too), `m` (`^` and `$` match at lines), `i` (any
    /// case), `x` (white space in the pattern means nothing), `q` (the pattern is literal text).
    pub(crate) fn read(pattern: &str, flags: Option<&str>, host: &mut dyn Host) -> Result<Rc<Pattern>, FunctionError> {
        host.charge(pattern.len())?;
        if pattern.len() > PATTERN_BYTES_LIMIT {
            return Err(too_long(pattern.len()));
        }
        let letters = flags.unwrap_or_default();
        let flags = Flags::read(letters)?;
        let key = format!("{letters}/{pattern}");
        if let Some(kept) = KEPT.with_borrow(|kept| kept.get(&key).cloned()) {
            return Ok(kept);
        }
        let compiled = Rc::new(Pattern::compile(pattern, flags)?);
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= KEPT_PATTERNS_LIMIT {
                kept.clear();
            }
            kept.insert(key, compiled.clone());
        });
        Ok(compiled)
    }

    fn compile(pattern: &str, flags: Flags) -> Result<Pattern, FunctionError> {
        let syntax = Syntax::read(pattern, flags)?;
        let engine = if syntax.has_back_references {
            Engine::Backtracking(backtracking::Program::compile(&syntax, flags, pattern)?)
        } else if flags.multi_line && syntax.has_anchors {
            let program = backtracking::Program::compile(&syntax, flags, pattern)?;
            Engine::ByLastCharacter(linear::compile(&syntax, flags, pattern)?, program)
        } else {
            Engine::Linear(linear::compile(&syntax, flags, pattern)?)
        };
        let groups = syntax.groups.saturating_add(1);
        Ok(Pattern { source: pattern.to_owned(), groups, literal_replacement: flags.literal, engine })
    }

    /// Whether the pattern matches somewhere in a text.
    pub(crate) fn matches(&self, text: &str, host: &mut dyn Host) -> Result<bool, FunctionError> {
        if let Engine::Linear(regex) = &self.engine {
            return Ok(regex.is_match(text));
        }
        Ok(self.find(text, 0, &mut self.budget(host))?.is_some())
    }

    /// The parts of a text between the matches.
    pub(crate) fn split(&self, text: &str, host: &mut dyn Host) -> Result<Vec<String>, FunctionError> {
        let mut parts = Vec::new();
        let mut end = 0;
        self.each_match(text, host, |groups, _| {
            let (from, to) = groups.whole();
            parts.push(text.get(end..from).unwrap_or_default().to_owned());
            end = to;
            Ok(())
        })?;
        parts.push(text.get(end..).unwrap_or_default().to_owned());
        Ok(parts)
    }

    /// A text with each match replaced.
    pub(crate) fn replace(&self, text: &str, replacement: &str, host: &mut dyn Host) -> Result<String, FunctionError> {
        let pieces = if self.literal_replacement {
            replacement::literal(replacement)
        } else {
            replacement::read(replacement, self.groups)?
        };
        let mut out = String::new();
        let mut end = 0;
        self.each_match(text, host, |groups, host| {
            let (from, to) = groups.whole();
            out.push_str(text.get(end..from).unwrap_or_default());
            let before = out.len();
            pieces.iter().for_each(|piece| piece.write(groups, text, &mut out));
            end = to;
            host.charge(out.len().saturating_sub(before))
        })?;
        out.push_str(text.get(end..).unwrap_or_default());
        Ok(out)
    }

    /// Goes through the matches from left to right.
    fn each_match(
        &self,
        text: &str,
        host: &mut dyn Host,
        mut visit: impl FnMut(&Groups, &mut dyn Host) -> Result<(), FunctionError>,
    ) -> Result<(), FunctionError> {
        let mut budget = self.budget(host);
        self.refuse_empty_match(&mut budget)?;
        let mut from = 0;
        // No match is empty where none of the empty text is; were one, going on behind it would never end.
        while let Some(groups) = self.find(text, from, &mut budget)?.filter(|groups| groups.whole().1 > from) {
            visit(&groups, budget.host)?;
            from = groups.whole().1;
        }
        Ok(())
    }

    /// The first match at or after a position.
    fn find(&self, text: &str, from: usize, budget: &mut Budget<'_, '_>) -> Result<Option<Groups>, FunctionError> {
        match &self.engine {
            Engine::Linear(regex) => Ok(linear::find(regex, text, from)),
            Engine::Backtracking(program) => program.find(text, from, budget),
            Engine::ByLastCharacter(_, program) if text.ends_with('\n') => program.find(text, from, budget),
            Engine::ByLastCharacter(regex, _) => Ok(linear::find(regex, text, from)),
        }
    }

    /// XPath refuses to replace or split by a pattern that matches nothing at all (FORX0003).
    fn refuse_empty_match(&self, budget: &mut Budget<'_, '_>) -> Result<(), FunctionError> {
        match self.find("", 0, budget)? {
            None => Ok(()),
            Some(_) => Err(FunctionError::domain(
                "el patrón coincide con el texto vacío, así que no dice dónde cortar o reemplazar",
                "the pattern matches the empty text, so it does not say where to cut or replace",
            )),
        }
    }

    fn budget<'p, 'h>(&'p self, host: &'h mut dyn Host) -> Budget<'p, 'h> {
        Budget::new(&self.source, host)
    }
}

impl Groups {
    /// Where the whole match begins and ends.
    fn whole(&self) -> (usize, usize) {
        self.0.first().copied().flatten().unwrap_or_default()
    }

    /// The text of a group; nothing for one that has not matched.
    fn text<'t>(&self, number: usize, text: &'t str) -> &'t str {
        let group = self.0.get(number).copied().flatten();
        group.and_then(|(from, to)| text.get(from..to)).unwrap_or_default()
    }
}

impl Flags {
    fn read(letters: &str) -> Result<Flags, FunctionError> {
        let mut flags = Flags::default();
        for letter in letters.chars() {
            match letter {
                's' => flags.dot_all = true,
                'm' => flags.multi_line = true,
                'i' => flags.case_insensitive = true,
                'x' => flags.ignore_space = true,
                'q' => flags.literal = true,
                other => {
                    return Err(FunctionError::domain(
                        format!("la marca «{other}» no existe: se admiten s, m, i, x y q"),
                        format!("there is no flag “{other}”: s, m, i, x and q are allowed"),
                    ));
                }
            }
        }
        Ok(flags)
    }
}

/// That a pattern takes too much memory to prepare.
fn too_large(pattern: &str, limit: usize) -> FunctionError {
    FunctionError::domain(
        format!("el patrón «{pattern}» ocupa más de {limit} bytes al prepararlo; use repeticiones más cortas"),
        format!("the pattern “{pattern}” takes more than {limit} bytes to prepare; use shorter repetitions"),
    )
}

fn too_long(length: usize) -> FunctionError {
    FunctionError::domain(
        format!("el patrón tiene {length} bytes y se admiten hasta {PATTERN_BYTES_LIMIT}"),
        format!("the pattern has {length} bytes and up to {PATTERN_BYTES_LIMIT} are allowed"),
    )
}

#[cfg(test)]
mod tests {
    use dictamen_value::{FunctionValue, Value};
    use proptest::prelude::*;

    use super::*;

    struct Generous;

    impl Host for Generous {
        fn call(&mut self, _: &FunctionValue, _: &[Value]) -> Result<Value, FunctionError> {
            Err(FunctionError::Host)
        }

        fn charge(&mut self, _: usize) -> Result<(), FunctionError> {
            Ok(())
        }
    }

    /// Where the first match of a pattern without back-references lies, by both engines.
    fn found(pattern: &str, letters: &str, text: &str) -> Option<[Option<(usize, usize)>; 2]> {
        let flags = Flags::read(letters).unwrap();
        let syntax = Syntax::read(pattern, flags).ok().filter(|syntax| !syntax.has_back_references)?;
        let linear = linear::compile(&syntax, flags, pattern).unwrap();
        let program = backtracking::Program::compile(&syntax, flags, pattern).unwrap();
        let mut host = Generous;
        let backtracking = program.find(text, 0, &mut Budget::new(pattern, &mut host)).ok()?;
        Some([linear::find(&linear, text, 0), backtracking].map(|groups| groups.map(|groups| groups.whole())))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn both_engines_find_the_same(
            pattern in "([ab.^$]|\\[a\\]|\\[\\^b\\]|\\(a\\|b?\\)|\\((a|b|ab|a\\*)\\|?b\\)|\\w|[ab][*+?]\\??|\\(a?b*\\)[*+]|b\\{1,2\\}){0,6}",
            letters in "[smi]{0,2}",
            text in "[abAB\n]{0,8}[abc]?",
        ) {
            // The engines tell lines apart in different ways where a text ends in the end of a line.
            prop_assume!(!text.ends_with('\n'));
            if let Some([linear, backtracking]) = found(&pattern, &letters, &text) {
                prop_assert_eq!(linear, backtracking, "{} {} {:?}", pattern, letters, text);
            }
        }

        #[test]
        fn reading_never_panics(pattern in "[-\\[\\]\\\\(){}^$.*+?|:,0-9a-cpisL ]{0,20}", letters in "[smixq]{0,3}") {
            let read = Pattern::read(&pattern, Some(&letters), &mut Generous);
            if let Ok(pattern) = read {
                let _ = pattern.replace("abc a1-b.c\n", "$1", &mut Generous);
            }
        }
    }
}
