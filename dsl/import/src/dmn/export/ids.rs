//! Identifiers that are readable, unique in a document, and valid as `xsd:ID`.

use std::collections::HashSet;

/// Letters of a name that an identifier keeps.
const LETTERS_MAX: usize = 60;

/// The identifiers of a document that are taken.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
}

impl Ids {
    /// An identifier for something of a kind: `decision-total`, or `decision-total-2` where that is taken.
    pub(super) fn fresh(&mut self, kind: &str, name: &str) -> String {
        let stem = format!("{kind}-{}", plain(name));
        let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
        let mut candidates = std::iter::once(stem.clone()).chain(numbered);
        let free = candidates.find(|candidate| !self.taken.contains(candidate)).unwrap_or(stem);
        self.taken.insert(free.clone());
        free
    }
}

impl Ids {
    /// Takes an identifier that something has already.
    pub(super) fn take(&mut self, id: &str) {
        self.taken.insert(id.to_owned());
    }
}

/// A name with only what an identifier may have (XML Namespaces 1.0, production NCName): ASCII letters, digits and strokes.
fn plain(name: &str) -> String {
    let kept = name.chars().map(|letter| without_accent(letter).unwrap_or('_'));
    kept.take(LETTERS_MAX).collect()
}

fn without_accent(letter: char) -> Option<char> {
    match letter {
        'á' => Some('a'),
        'é' => Some('e'),
        'í' => Some('i'),
        'ó' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        '-' | '_' | '.' => Some(letter),
        _ => Some(letter).filter(char::is_ascii_alphanumeric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::is_plain_name;

    #[test]
    fn identifiers_are_valid_readable_and_unique() {
        let mut ids = Ids::default();
        for (name, expected) in [
            ("total", "decision-total"),
            ("total", "decision-total-2"),
            ("año gravable", "decision-ano_gravable"),
            ("año_gravable", "decision-ano_gravable-2"),
            ("1 + 1 = \u{1F600}", "decision-1___1____"),
            ("", "decision-"),
        ] {
            let id = ids.fresh("decision", name);
            assert_eq!(id, expected);
            assert!(is_plain_name(&id), "{id}");
        }
        assert!(ids.fresh("x", &"é".repeat(1000)).len() < 100);
    }
}
