//! Regular expressions as FEEL has them (those of XPath 2.0, clause 7.6.1 of its functions), run by the regex crate in
//! linear time. Back-references and look-around are refused.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

use crate::{FunctionError, Host};

/// The longest pattern, in bytes.
const PATTERN_BYTES_LIMIT: usize = 4_096;
/// The most memory that a compiled pattern may take, in bytes.
const COMPILED_BYTES_LIMIT: usize = 1 << 20;
/// How deep groups may nest.
const NESTING_LIMIT: u32 = 50;
/// How many compiled patterns a thread keeps.
const KEPT_PATTERNS_LIMIT: usize = 32;

thread_local! {
    /// Compiling takes a thousand times as long as matching, and rules ask the same few patterns of every request. What
    /// is kept changes no result.
    static KEPT: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
}

/// A compiled pattern.
pub(super) struct Pattern {
    regex: Regex,
    literal_replacement: bool,
}

/// What the letters after a pattern say.
#[derive(Default)]
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
    pub(super) fn read(pattern: &str, flags: Option<&str>, host: &mut dyn Host) -> Result<Rc<Pattern>, FunctionError> {
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
        let compiled = Rc::new(Pattern::compile(pattern, &flags)?);
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= KEPT_PATTERNS_LIMIT {
                kept.clear();
            }
            kept.insert(key, compiled.clone());
        });
        Ok(compiled)
    }

    fn compile(pattern: &str, flags: &Flags) -> Result<Pattern, FunctionError> {
        let translated = if flags.literal { regex::escape(pattern) } else { translate(pattern, flags)? };
        let regex = RegexBuilder::new(&translated)
            .multi_line(flags.multi_line)
            .case_insensitive(flags.case_insensitive)
            .size_limit(COMPILED_BYTES_LIMIT)
            .dfa_size_limit(COMPILED_BYTES_LIMIT)
            .nest_limit(NESTING_LIMIT)
            .build()
            .map_err(|error| refused(pattern, &error))?;
        Ok(Pattern { regex, literal_replacement: flags.literal })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    pub(super) fn split(&self, text: &str) -> Result<Vec<String>, FunctionError> {
        self.refuse_empty_match()?;
        Ok(self.regex.split(text).map(str::to_owned).collect())
    }

    pub(super) fn replace(&self, text: &str, replacement: &str, host: &mut dyn Host) -> Result<String, FunctionError> {
        self.refuse_empty_match()?;
        let pieces = if self.literal_replacement {
            vec![Piece::Text(replacement.to_owned())]
        } else {
            read_replacement(replacement, self.regex.captures_len())?
        };
        let mut out = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            out.push_str(text.get(end..whole.start()).unwrap_or_default());
            let before = out.len();
            pieces.iter().for_each(|piece| piece.write(&captures, &mut out));
            host.charge(out.len().saturating_sub(before))?;
            end = whole.end();
        }
        out.push_str(text.get(end..).unwrap_or_default());
        Ok(out)
    }

    /// XPath refuses to replace or split by a pattern that matches nothing at all (FORX0003).
    fn refuse_empty_match(&self) -> Result<(), FunctionError> {
        if self.regex.is_match("") {
            return Err(FunctionError::domain(
                "el patrón coincide con el texto vacío, así que no dice dónde cortar o reemplazar",
                "the pattern matches the empty text, so it does not say where to cut or replace",
            ));
        }
        Ok(())
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

/// A part of a replacement.
enum Piece {
    Text(String),
    Group(usize),
}

impl Piece {
    fn write(&self, captures: &Captures<'_>, out: &mut String) {
        match self {
            Piece::Text(text) => out.push_str(text),
            Piece::Group(number) => out.push_str(captures.get(*number).map_or("", |group| group.as_str())),
        }
    }
}

/// Reads `$1`, `\$` and `\\`; a longer number is a group as far as there is such a group, then digits.
fn read_replacement(text: &str, groups: usize) -> Result<Vec<Piece>, FunctionError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek().copied()) {
            ('\\', Some(escaped @ ('\\' | '$'))) => {
                plain.push(escaped);
                characters.next();
            }
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                let mut number = 0_usize;
                while let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(10)) {
                    let longer = number.saturating_mul(10).saturating_add(digit as usize);
                    if number > 0 && longer >= groups {
                        break;
                    }
                    number = longer;
                    characters.next();
                }
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Group(number));
            }
            ('\\' | '$', _) => {
                return Err(FunctionError::domain(
                    "en el reemplazo, $ va seguido de un número de grupo; escriba \\$ o \\\\ para el signo mismo",
                    "in the replacement, $ is followed by a group number; write \\$ or \\\\ for the sign itself",
                ));
            }
            (other, _) => plain.push(other),
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(pieces)
}

/// The pattern in the regex crate's syntax.
fn translate(pattern: &str, flags: &Flags) -> Result<String, FunctionError> {
    let mut translation = Translation { pattern, rest: pattern.chars().peekable(), out: String::new(), flags };
    translation.run()?;
    Ok(translation.out)
}

struct Translation<'a> {
    pattern: &'a str,
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    out: String,
    flags: &'a Flags,
}

impl Translation<'_> {
    fn run(&mut self) -> Result<(), FunctionError> {
        while let Some(character) = self.rest.next() {
            match character {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '.' if self.flags.dot_all => self.out.push_str("(?s:.)"),
                '.' => self.out.push_str(r"[^\n\r]"),
                '(' => self.group()?,
                '?' | '*' | '+' | '{' => self.quantifier(character)?,
                sign @ (']' | '}') => return Err(self.refuse(&sign.to_string(), &format!("\\{sign}"))),
                space if self.flags.ignore_space && is_space(space) => {}
                other => self.out.push(other),
            }
        }
        Ok(())
    }

    /// Of the groups with a question mark XPath has only the one that is not captured.
    fn group(&mut self) -> Result<(), FunctionError> {
        self.out.push('(');
        if self.rest.peek() == Some(&'?') {
            self.rest.next();
            if self.rest.next() != Some(':') {
                return Err(self.refuse("(?", "(?:"));
            }
            self.out.push_str("?:");
        }
        Ok(())
    }

    /// How often what stands before is repeated, with the question mark that makes it reluctant. There is one at most.
    fn quantifier(&mut self, first: char) -> Result<(), FunctionError> {
        self.out.push(first);
        if first == '{' {
            loop {
                match self.rest.next() {
                    Some(space) if self.flags.ignore_space && is_space(space) => {}
                    Some(character) => self.out.push(character),
                    None => return Err(self.refuse("{", "{1,9}")),
                }
                if self.out.ends_with('}') {
                    break;
                }
            }
        }
        let mut last = first;
        self.skip_space();
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
            last = '?';
        }
        self.skip_space();
        match self.rest.peek().copied() {
            Some(next @ ('?' | '*' | '+' | '{')) => Err(self.refuse(&format!("{last}{next}"), &last.to_string())),
            _ => Ok(()),
        }
    }

    fn skip_space(&mut self) {
        while self.flags.ignore_space && self.rest.next_if(|next| is_space(*next)).is_some() {}
    }

    /// What follows a backslash, in a class or not.
    fn escape(&mut self) -> Result<(), FunctionError> {
        self.skip_space();
        match self.rest.next() {
            Some(escaped @ ('n' | 'r' | 't' | 's' | 'S' | 'd' | 'D' | 'w' | 'W')) => {
                self.out.push('\\');
                self.out.push(escaped);
            }
            Some('i') => self.out.push_str(r"[\p{L}\p{Nl}_:]"),
            Some('I') => self.out.push_str(r"[^\p{L}\p{Nl}_:]"),
            Some('c') => self.out.push_str(r"[\p{L}\p{N}\p{M}_:.\-\x{B7}]"),
            Some('C') => self.out.push_str(r"[^\p{L}\p{N}\p{M}_:.\-\x{B7}]"),
            Some(category @ ('p' | 'P')) => self.category(category)?,
            Some(sign) if r"\|.?*+(){}-[]^$".contains(sign) => {
                self.out.push('\\');
                self.out.push(sign);
            }
            Some(other) => return Err(self.refuse(&format!("\\{other}"), r"\n \r \t \s \d \w \i \c \p{…}")),
            None => return Err(self.refuse("\\", r"\\")),
        }
        Ok(())
    }

    /// `{Lu}` or `{IsBasicLatin}` after `\p` or `\P`.
    fn category(&mut self, letter: char) -> Result<(), FunctionError> {
        if self.rest.next() != Some('{') {
            return Err(self.refuse(&format!("\\{letter}"), &format!("\\{letter}{{Lu}}")));
        }
        let mut name = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(space) if self.flags.ignore_space && is_space(space) => {}
                Some(character) if character.is_ascii_alphanumeric() || character == '-' => name.push(character),
                _ => return Err(self.refuse(&format!("\\{letter}{{{name}"), &format!("\\{letter}{{Lu}}"))),
            }
        }
        match name.strip_prefix("Is") {
            None if name.len() <= 2 => {
                self.out.push('\\');
                self.out.push(letter);
                self.out.push_str(&format!("{{{name}}}"));
            }
            None => return Err(self.refuse(&name, "Lu")),
            Some(block) => {
                let (first, last) = block_range(block).ok_or_else(|| self.refuse(&name, "IsBasicLatin"))?;
                let not = if letter == 'P' { "^" } else { "" };
                self.out.push_str(&format!("[{not}\\x{{{first:X}}}-\\x{{{last:X}}}]"));
            }
        }
        Ok(())
    }

    /// A class in brackets, up to its end; `-[` in it takes another class away. What the regex crate would read as more
    /// (`&&`, `~~`, a caret) is escaped.
    fn class(&mut self) -> Result<(), FunctionError> {
        self.out.push_str("[[");
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut empty = true;
        while let Some(character) = self.rest.next() {
            match (character, self.rest.peek()) {
                (']', _) if empty => return Err(self.refuse("[]", "[a-z]")),
                (']', _) => {
                    self.out.push_str("]]");
                    return Ok(());
                }
                ('-', Some('[')) if !empty => return self.class_taken_away(),
                ('[', _) => return Err(self.refuse("[", "\\[")),
                ('\\', _) => self.escape()?,
                ('-', next) if empty || next == Some(&']') => self.out.push_str("\\-"),
                (sign @ ('&' | '~' | '^'), _) => self.out.extend(['\\', sign]),
                (other, _) => self.out.push(other),
            }
            empty = false;
        }
        Err(self.refuse("[", "[a-z]"))
    }

    /// The class after `-`, which ends the class that it is taken away from.
    fn class_taken_away(&mut self) -> Result<(), FunctionError> {
        self.rest.next();
        self.out.push_str("]--");
        self.class()?;
        if self.rest.next() != Some(']') {
            return Err(self.refuse("-[", "[a-z-[aeiou]]"));
        }
        self.out.push(']');
        Ok(())
    }

    fn refuse(&self, found: &str, expected: &str) -> FunctionError {
        let pattern = self.pattern;
        FunctionError::domain(
            format!("el patrón «{pattern}» no se entiende en «{found}»: se esperaba algo como {expected}"),
            format!("the pattern “{pattern}” cannot be read at “{found}”: expected something like {expected}"),
        )
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// The first and last code point of the blocks that texts in our languages use.
fn block_range(name: &str) -> Option<(u32, u32)> {
    match name {
        "BasicLatin" => Some((0x0, 0x7F)),
        "Latin-1Supplement" => Some((0x80, 0xFF)),
        "LatinExtended-A" => Some((0x100, 0x17F)),
        "LatinExtended-B" => Some((0x180, 0x24F)),
        "Greek" | "GreekandCoptic" => Some((0x370, 0x3FF)),
        "Cyrillic" => Some((0x400, 0x4FF)),
        "Hebrew" => Some((0x590, 0x5FF)),
        "Arabic" => Some((0x600, 0x6FF)),
        "GeneralPunctuation" => Some((0x2000, 0x206F)),
        "CurrencySymbols" => Some((0x20A0, 0x20CF)),
        _ => None,
    }
}

fn too_long(length: usize) -> FunctionError {
    FunctionError::domain(
        format!("el patrón tiene {length} bytes y se admiten hasta {PATTERN_BYTES_LIMIT}"),
        format!("the pattern has {length} bytes and up to {PATTERN_BYTES_LIMIT} are allowed"),
    )
}

fn refused(pattern: &str, error: &regex::Error) -> FunctionError {
    match error {
        regex::Error::CompiledTooBig(limit) => FunctionError::domain(
            format!("el patrón «{pattern}» ocupa más de {limit} bytes al prepararlo; use repeticiones más cortas"),
            format!("the pattern “{pattern}” takes more than {limit} bytes to prepare; use shorter repetitions"),
        ),
        _ => FunctionError::domain(
            format!("«{pattern}» no es un patrón válido"),
            format!("“{pattern}” is not a valid pattern"),
        ),
    }
}
