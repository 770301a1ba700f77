//! Sets of characters: what a class in brackets, an escape or a dot stands for.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// Blocks of Unicode: first and last code point in hexadecimal, and name.
const BLOCKS: &str = include_str!("blocks.txt");
/// The general categories that patterns may name.
static CATEGORIES: LazyLock<Vec<(&'static str, Set)>> = LazyLock::new(|| {
    let names = "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn";
    names.split(' ').filter_map(|name| Some((name, Set::of_unicode(name)?))).collect()
});
/// All characters but punctuation, separators and others.
static WORD: LazyLock<Option<Set>> = LazyLock::new(|| {
    let mut others = Set::category("P")?.with(&Set::category("Z")?).with(&Set::category("C")?);
    others.negate();
    Some(others)
});
/// Characters that a name in XML may start with (NameStartChar).
const NAME_STARTS: [(char, char); 16] = [
    (':', ':'),
    ('A', 'Z'),
    ('_', '_'),
    ('a', 'z'),
    ('\u{C0}', '\u{D6}'),
    ('\u{D8}', '\u{F6}'),
    ('\u{F8}', '\u{2FF}'),
    ('\u{370}', '\u{37D}'),
    ('\u{37F}', '\u{1FFF}'),
    ('\u{200C}', '\u{200D}'),
    ('\u{2070}', '\u{218F}'),
    ('\u{2C00}', '\u{2FEF}'),
    ('\u{3001}', '\u{D7FF}'),
    ('\u{F900}', '\u{FDCF}'),
    ('\u{FDF0}', '\u{FFFD}'),
    ('\u{10000}', '\u{EFFFF}'),
];
/// Characters that may follow in such a name (NameChar).
const NAME_PARTS: [(char, char); 5] =
    [('-', '.'), ('0', '9'), ('\u{B7}', '\u{B7}'), ('\u{300}', '\u{36F}'), ('\u{203F}', '\u{2040}')];

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) struct Set(ClassUnicode);

impl Set {
    pub(super) fn empty() -> Set {
        Set(ClassUnicode::empty())
    }

    /// One character, or with it all that differ in case only.
    pub(super) fn character(character: char, case_insensitive: bool) -> Set {
        Set::range(character, character, case_insensitive)
    }

    /// The characters from one to another, or with them all that differ from one of them in case only.
    pub(super) fn range(first: char, last: char, case_insensitive: bool) -> Set {
        let mut set = Set::of(&[(first, last)]);
        if case_insensitive {
            set.0.case_fold_simple();
        }
        set
    }

    /// What a dot stands for.
    pub(super) fn dot(all: bool) -> Set {
        let mut set = if all { Set::empty() } else { Set::of(&[('\n', '\n'), ('\r', '\r')]) };
        set.negate();
        set
    }

    /// What a backslash and a letter stand for, where it is many characters (XML Schema, part 2, appendix G).
    pub(super) fn escape(letter: char) -> Option<Set> {
        let mut set = match letter.to_ascii_lowercase() {
            's' => Set::of(&[(' ', ' '), ('\t', '\t'), ('\n', '\n'), ('\r', '\r')]),
            'i' => Set::of(&NAME_STARTS),
            'c' => Set::of(&NAME_STARTS).with(&Set::of(&NAME_PARTS)),
            'd' => Set::category("Nd")?,
            'w' => WORD.clone()?,
            _ => return None,
        };
        if letter.is_ascii_uppercase() {
            set.negate();
        }
        Some(set)
    }

    /// A general category such as `Lu`, or a block such as `IsBasicLatin`.
    pub(super) fn named(name: &str) -> Option<Set> {
        match name.strip_prefix("Is") {
            Some(block) => Set::block(block),
            None => Set::category(name),
        }
    }

    pub(super) fn negate(&mut self) {
        self.0.negate();
    }

    pub(super) fn with(mut self, other: &Set) -> Set {
        self.0.union(&other.0);
        self
    }

    pub(super) fn without(mut self, other: &Set) -> Set {
        self.0.difference(&other.0);
        self
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let ranges = self.0.ranges();
        let position = ranges.partition_point(|range| range.end() < character);
        ranges.get(position).is_some_and(|range| range.start() <= character)
    }

    /// Writes the set in the regex crate's syntax.
    pub(super) fn write(&self, out: &mut String) {
        match self.0.ranges() {
            [] => out.push_str("[a&&b]"),
            ranges => {
                out.push('[');
                for range in ranges {
                    let (first, last) = (u32::from(range.start()), u32::from(range.end()));
                    out.push_str(&format!("\\x{{{first:X}}}-\\x{{{last:X}}}"));
                }
                out.push(']');
            }
        }
    }

    fn of(ranges: &[(char, char)]) -> Set {
        Set(ClassUnicode::new(ranges.iter().map(|(first, last)| ClassUnicodeRange::new(*first, *last))))
    }

    fn category(name: &str) -> Option<Set> {
        let (_, set) = CATEGORIES.iter().find(|(known, _)| *known == name)?;
        Some(set.clone())
    }

    /// A general category from the tables of the regex crate.
    fn of_unicode(name: &str) -> Option<Set> {
        let parsed = regex_syntax::parse(&format!(r"\p{{{name}}}")).ok()?;
        match parsed.into_kind() {
            HirKind::Class(Class::Unicode(set)) => Some(Set(set)),
            _ => None,
        }
    }

    fn block(name: &str) -> Option<Set> {
        let (first, last) = BLOCKS.lines().find_map(|line| {
            let mut columns = line.split(' ');
            let range = (columns.next()?, columns.next()?);
            (columns.next()? == name).then_some(range)
        })?;
        let point = |text| u32::from_str_radix(text, 16).ok();
        // Surrogates are no characters.
        match (char::from_u32(point(first)?), char::from_u32(point(last)?)) {
            (Some(first), Some(last)) => Some(Set::of(&[(first, last)])),
            _ => Some(Set::empty()),
        }
    }
}

/// Whether two characters are the same but for their case.
pub(super) fn are_case_variants(left: char, right: char) -> bool {
    left == right || left.to_lowercase().eq(right.to_lowercase()) || left.to_uppercase().eq(right.to_uppercase())
}
