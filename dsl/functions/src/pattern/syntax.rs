//! Reading patterns: the grammar of XML Schema, part 2, appendix G, with what XPath adds to it (anchors, reluctant
//! quantifiers, back-references, groups that are not captured).

use std::rc::Rc;

use super::Flags;
use super::characters::Set;
use crate::FunctionError;

/// How deep groups may nest.
const NESTING_LIMIT: usize = 50;
/// The most repetitions that a quantifier may ask for.
const REPETITIONS_LIMIT: u32 = 100_000;

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) node: Node,
    /// How many groups are captured.
    pub(super) groups: usize,
    pub(super) has_back_references: bool,
    pub(super) has_anchors: bool,
}

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Node {
    /// One character of a set, which copies of the part share.
    Character(Rc<Set>),
    /// `^`.
    Start,
    /// `$`.
    End,
    /// Parentheses; the number of the group from 1 where it is captured.
    Group {
        number: Option<usize>,
        node: Box<Node>,
    },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    /// So often at least, and so often at most.
    Repeat {
        node: Box<Node>,
        least: u32,
        most: Option<u32>,
        reluctant: bool,
    },
    /// What a group has matched, once more.
    Again(usize),
}

impl Syntax {
    pub(super) fn read(pattern: &str, flags: Flags) -> Result<Syntax, FunctionError> {
        if flags.literal {
            let character = |character| Node::Character(Set::character(character, flags.case_insensitive).into());
            let node = Node::Sequence(pattern.chars().map(character).collect());
            return Ok(Syntax { node, groups: 0, has_back_references: false, has_anchors: false });
        }
        let source = if flags.ignore_space { without_space(pattern) } else { pattern.to_owned() };
        let mut reader = Reader {
            pattern,
            rest: source.chars().peekable(),
            flags,
            closed: Vec::new(),
            depth: 0,
            has_back_references: false,
            has_anchors: false,
        };
        let node = reader.choice()?;
        if reader.rest.peek().is_some() {
            return Err(reader.refuse(")", "\\)"));
        }
        let Reader { closed, has_back_references, has_anchors, .. } = reader;
        Ok(Syntax { node, groups: closed.len(), has_back_references, has_anchors })
    }
}

/// A pattern without the white space outside its classes.
fn without_space(pattern: &str) -> String {
    let mut kept = String::new();
    let (mut classes, mut escaped) = (0_usize, false);
    for character in pattern.chars() {
        if classes == 0 && matches!(character, ' ' | '\t' | '\n' | '\r') {
            continue;
        }
        match character {
            _ if escaped => {}
            '[' => classes = classes.saturating_add(1),
            ']' => classes = classes.saturating_sub(1),
            _ => {}
        }
        escaped = character == '\\' && !escaped;
        kept.push(character);
    }
    kept
}

struct Reader<'a, 's> {
    /// As it was written, for messages.
    pattern: &'a str,
    rest: std::iter::Peekable<std::str::Chars<'s>>,
    flags: Flags,
    /// Which of the captured groups, in the order they were opened, are closed.
    closed: Vec<bool>,
    depth: usize,
    has_back_references: bool,
    has_anchors: bool,
}

impl Reader<'_, '_> {
    /// Branches between bars, up to the end or a closing parenthesis.
    fn choice(&mut self) -> Result<Node, FunctionError> {
        let mut branches = vec![self.sequence()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.sequence()?);
        }
        match branches.len() {
            1 => branches.pop().ok_or_else(|| self.refuse("", "a")),
            _ => Ok(Node::Choice(branches)),
        }
    }

    fn sequence(&mut self) -> Result<Node, FunctionError> {
        let mut nodes = Vec::new();
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '|' | ')')) {
            let atom = self.atom(next)?;
            nodes.push(self.quantified(atom)?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn atom(&mut self, first: char) -> Result<Node, FunctionError> {
        match first {
            '\\' => self.escape(),
            '[' => Ok(Node::Character(self.class()?.into())),
            '.' => Ok(Node::Character(Set::dot(self.flags.dot_all).into())),
            '(' => self.group(),
            '^' | '$' => {
                self.has_anchors = true;
                Ok(if first == '^' { Node::Start } else { Node::End })
            }
            '?' | '*' | '+' | '{' => Err(self.refuse(&first.to_string(), &format!("\\{first}"))),
            ']' | '}' => Err(self.refuse(&first.to_string(), &format!("\\{first}"))),
            other => Ok(self.character(other)),
        }
    }

    fn character(&self, character: char) -> Node {
        Node::Character(Set::character(character, self.flags.case_insensitive).into())
    }

    /// A group up to its closing parenthesis; of those with a question mark XPath has only the one that is not captured.
    fn group(&mut self) -> Result<Node, FunctionError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > NESTING_LIMIT {
            return Err(too_deep(self.pattern));
        }
        let number = match self.rest.next_if_eq(&'?') {
            None => {
                self.closed.push(false);
                Some(self.closed.len())
            }
            Some(_) if self.rest.next_if_eq(&':').is_some() => None,
            Some(_) => return Err(self.refuse("(?", "(?:")),
        };
        let node = Box::new(self.choice()?);
        if self.rest.next() != Some(')') {
            return Err(self.refuse("(", "(…)"));
        }
        self.depth = self.depth.saturating_sub(1);
        let closed = number.and_then(|number| self.closed.get_mut(number.saturating_sub(1)));
        closed.into_iter().for_each(|closed| *closed = true);
        Ok(Node::Group { number, node })
    }

    /// What follows an atom: how often it is repeated, with the question mark that makes it reluctant. There is one at
    /// most.
    fn quantified(&mut self, atom: Node) -> Result<Node, FunctionError> {
        let Some(first) = self.rest.next_if(|next| is_quantifier(*next)) else { return Ok(atom) };
        let (least, most) = match first {
            '?' => (0, Some(1)),
            '*' => (0, None),
            '+' => (1, None),
            _ => self.repetitions()?,
        };
        let reluctant = self.rest.next_if_eq(&'?').is_some();
        if let Some(next) = self.rest.peek().copied().filter(|next| is_quantifier(*next)) {
            let last = if reluctant { '?' } else { first };
            return Err(self.refuse(&format!("{last}{next}"), &last.to_string()));
        }
        Ok(Node::Repeat { node: Box::new(atom), least, most, reluctant })
    }

    /// `{3}`, `{3,}` or `{3,5}`, after its opening brace.
    fn repetitions(&mut self) -> Result<(u32, Option<u32>), FunctionError> {
        let least = self.count()?;
        let most = match self.rest.next_if_eq(&',') {
            None => Some(least),
            Some(_) if self.rest.peek() == Some(&'}') => None,
            Some(_) => Some(self.count()?),
        };
        if self.rest.next() != Some('}') || most.is_some_and(|most| most < least) {
            return Err(self.refuse("{", "{1,9}"));
        }
        Ok((least, most))
    }

    fn count(&mut self) -> Result<u32, FunctionError> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        match digits.parse::<u32>() {
            Ok(count) if count <= REPETITIONS_LIMIT => Ok(count),
            Err(_) if digits.is_empty() => Err(self.refuse("{", "{1,9}")),
            _ => Err(self.refuse(&format!("{{{digits}"), &format!("{{{REPETITIONS_LIMIT}}}"))),
        }
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self) -> Result<Node, FunctionError> {
        match self.rest.peek().copied() {
            Some(digit) if digit.is_ascii_digit() => self.back_reference(),
            _ => match self.escaped()? {
                Escaped::Character(character) => Ok(self.character(character)),
                Escaped::Set(set) => Ok(Node::Character(set.into())),
            },
        }
    }

    /// The number of a group that is closed already; a further digit belongs to it as far as there are so many groups.
    fn back_reference(&mut self) -> Result<Node, FunctionError> {
        let mut number = 0_usize;
        while let Some(digit) = self.rest.peek().and_then(|digit| digit.to_digit(10)) {
            let longer = number.saturating_mul(10).saturating_add(digit as usize);
            if number > 0 && longer > self.closed.len() {
                break;
            }
            number = longer;
            self.rest.next();
            if number == 0 {
                break;
            }
        }
        let closed = number.checked_sub(1).and_then(|position| self.closed.get(position));
        if closed != Some(&true) {
            let found = format!("\\{number}");
            return Err(FunctionError::domain(
                format!(
                    "el patrón «{}» no se entiende en «{found}»: no hay antes un grupo {number} cerrado",
                    self.pattern
                ),
                format!(
                    "the pattern “{}” cannot be read at “{found}”: there is no closed group {number} before",
                    self.pattern
                ),
            ));
        }
        self.has_back_references = true;
        Ok(Node::Again(number))
    }

    /// What follows a backslash, in a class or not.
    fn escaped(&mut self) -> Result<Escaped, FunctionError> {
        match self.rest.next() {
            Some('n') => Ok(Escaped::Character('\n')),
            Some('r') => Ok(Escaped::Character('\r')),
            Some('t') => Ok(Escaped::Character('\t')),
            Some(letter @ ('p' | 'P')) => self.category(letter).map(Escaped::Set),
            Some(sign) if r"\|.?*+(){}-[]^$".contains(sign) => Ok(Escaped::Character(sign)),
            Some(letter) => match Set::escape(letter) {
                Some(set) => Ok(Escaped::Set(set)),
                None => Err(self.refuse(&format!("\\{letter}"), r"\n \r \t \s \d \w \i \c \p{…}")),
            },
            None => Err(self.refuse("\\", r"\\")),
        }
    }

    /// `{Lu}` or `{IsBasicLatin}` after `\p` or `\P`.
    fn category(&mut self, letter: char) -> Result<Set, FunctionError> {
        let example = format!("\\{letter}{{Lu}}");
        if self.rest.next() != Some('{') {
            return Err(self.refuse(&format!("\\{letter}"), &example));
        }
        let mut name = String::new();
        while let Some(part) = self.rest.next_if(|part| part.is_ascii_alphanumeric() || *part == '-') {
            name.push(part);
        }
        if self.rest.next() != Some('}') {
            return Err(self.refuse(&format!("\\{letter}{{{name}"), &example));
        }
        let example = if name.starts_with("Is") { "IsBasicLatin" } else { "Lu" };
        let mut set = Set::named(&name).ok_or_else(|| self.refuse(&name, example))?;
        if letter == 'P' {
            set.negate();
        }
        Ok(set)
    }

    /// A class in brackets, up to its end; `-[` in it takes another class away.
    fn class(&mut self) -> Result<Set, FunctionError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > NESTING_LIMIT {
            return Err(too_deep(self.pattern));
        }
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut set = Set::empty();
        let mut taken_away = None;
        let mut is_first = true;
        loop {
            match self.rest.next() {
                Some(']') if !is_first => break,
                Some(']') => return Err(self.refuse("[]", "[a-z]")),
                Some('-') if !is_first && self.rest.next_if_eq(&'[').is_some() => {
                    taken_away = Some(self.class()?);
                    if self.rest.next() != Some(']') {
                        return Err(self.refuse("-[", "[a-z-[aeiou]]"));
                    }
                    break;
                }
                Some('-') if !is_first && self.rest.peek() != Some(&']') => return Err(self.refuse("-", "\\-")),
                Some(first) => set = set.with(&self.class_item(first)?),
                None => return Err(self.refuse("[", "[a-z]")),
            }
            is_first = false;
        }
        self.depth = self.depth.saturating_sub(1);
        if negated {
            set.negate();
        }
        Ok(match taken_away {
            Some(other) => set.without(&other),
            None => set,
        })
    }

    /// A character, an escape, or a range of characters in a class.
    fn class_item(&mut self, first: char) -> Result<Set, FunctionError> {
        let first = match self.class_character(first)? {
            Escaped::Set(set) => return Ok(set),
            Escaped::Character(first) => first,
        };
        let case_insensitive = self.flags.case_insensitive;
        let mut ahead = self.rest.clone();
        let goes_on = ahead.next() == Some('-') && !matches!(ahead.next(), Some('[' | ']') | None);
        if !goes_on {
            return Ok(Set::character(first, case_insensitive));
        }
        self.rest.next();
        let last = self.rest.next().ok_or_else(|| self.refuse("[", "[a-z]"))?;
        match self.class_character(last)? {
            Escaped::Character(last) if first <= last => Ok(Set::range(first, last, case_insensitive)),
            Escaped::Character(last) => Err(self.refuse(&format!("{first}-{last}"), &format!("{last}-{first}"))),
            Escaped::Set(_) => Err(self.refuse(&format!("{first}-\\"), "a-z")),
        }
    }

    fn class_character(&mut self, character: char) -> Result<Escaped, FunctionError> {
        match character {
            '\\' => self.escaped(),
            '[' => Err(self.refuse("[", "\\[")),
            other => Ok(Escaped::Character(other)),
        }
    }

    fn refuse(&self, found: &str, expected: &str) -> FunctionError {
        let pattern = self.pattern;
        FunctionError::domain(
            format!("el patrón «{pattern}» no se entiende en «{found}»: se esperaba algo como {expected}"),
            format!("the pattern “{pattern}” cannot be read at “{found}”: expected something like {expected}"),
        )
    }
}

/// What an escape stands for.
enum Escaped {
    Character(char),
    Set(Set),
}

fn is_quantifier(character: char) -> bool {
    matches!(character, '?' | '*' | '+' | '{')
}

fn too_deep(pattern: &str) -> FunctionError {
    let shown: String = pattern.chars().take(40).collect();
    FunctionError::domain(
        format!("en el patrón «{shown}…» los paréntesis o corchetes pasan de {NESTING_LIMIT} niveles"),
        format!("in the pattern “{shown}…” parentheses or brackets nest more than {NESTING_LIMIT} deep"),
    )
}
