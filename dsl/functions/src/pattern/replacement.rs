//! Replacements: text with the groups of a match in it.

use super::Groups;
use crate::FunctionError;

/// A part of a replacement.
pub(super) enum Piece {
    Text(String),
    Group(usize),
}

impl Piece {
    pub(super) fn write(&self, groups: &Groups, text: &str, out: &mut String) {
        match self {
            Piece::Text(piece) => out.push_str(piece),
            Piece::Group(number) => out.push_str(groups.text(*number, text)),
        }
    }
}

/// A replacement in which nothing has a meaning.
pub(super) fn literal(text: &str) -> Vec<Piece> {
    vec![Piece::Text(text.to_owned())]
}

/// Reads `$1`, `\$` and `\\`; a longer number is a group as far as there is such a group (the whole match counts as
/// one), then digits.
pub(super) fn read(text: &str, groups: usize) -> Result<Vec<Piece>, FunctionError> {
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
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Group(group_number(&mut characters, groups)));
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

fn group_number(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, groups: usize) -> usize {
    let mut number = 0_usize;
    let mut length = 0_usize;
    while let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(10)) {
        let longer = number.saturating_mul(10).saturating_add(digit as usize);
        if length > 0 && longer >= groups {
            break;
        }
        number = longer;
        length = length.saturating_add(1);
        characters.next();
    }
    number
}
