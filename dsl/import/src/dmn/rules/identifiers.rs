//! Identifiers made from names: of rulesets, and of functions that have no name in DMN.

use std::collections::HashSet;

/// A name as FEEL has it: one space between its words (DMN 1.5, clause 10.3.1.4).
pub(super) fn spelled(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as FEEL has it; what has none gets one.
pub(super) fn given(name: &str) -> String {
    let name = spelled(name);
    if name.is_empty() { "sin_nombre".to_owned() } else { name }
}

/// The identifier of a ruleset for the name of a document: lower-case words joined by underscores.
pub(super) fn of_ruleset(name: &str, taken: &HashSet<String>) -> String {
    if is_ruleset(name) {
        return unique(name.to_owned(), |id| taken.contains(id));
    }
    let words = words_of(&name.to_lowercase());
    let id = match words.chars().next() {
        None => "modelo".to_owned(),
        Some(first) if first.is_numeric() => format!("modelo_{words}"),
        Some(_) => words,
    };
    unique(id, |id| taken.contains(id) || is_reserved(id))
}

/// Whether a name is the identifier of a ruleset already, such as `rut.iva`: exporting gives documents such names.
fn is_ruleset(name: &str) -> bool {
    let plain = |letter: char| letter == '_' || letter.is_lowercase() || letter.is_numeric();
    let word = |part: &str| part.chars().all(plain) && !part.starts_with(char::is_numeric) && !part.is_empty();
    name.contains('.') && name.split('.').all(|part| word(part) && !is_reserved(part))
}

/// The identifier of something inside an element: the names on the way to it joined by underscores.
pub(super) fn of_path<'n>(path: impl IntoIterator<Item = &'n str>) -> String {
    let parts: Vec<String> = path.into_iter().map(words_of).filter(|part| !part.is_empty()).collect();
    let joined = parts.join("_");
    match joined.chars().next() {
        Some(first) if !first.is_numeric() => joined,
        _ => format!("_{joined}"),
    }
}

/// The identifier itself, or with the first number from 2 that makes it one that nothing else has.
pub(super) fn unique(id: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&id) {
        return id;
    }
    let numbered = (2_u32..).map(|number| format!("{id}_{number}"));
    numbered.into_iter().find(|id| !taken(id)).unwrap_or(id)
}

/// Letters and digits, with one underscore for whatever stands between them.
fn words_of(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Words of FEEL cannot be identifiers without quotes.
fn is_reserved(id: &str) -> bool {
    dictamen_syntax::FEEL_WORDS.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rulesets_get_words() {
        let taken = HashSet::from(["loan".to_owned()]);
        for (name, id) in [
            ("0088-no-decision-logic", "modelo_0088_no_decision_logic"),
            ("Say Hello (1ID1D)", "say_hello_1id1d"),
            ("Año gravable", "año_gravable"),
            ("Loan", "loan_2"),
            ("rut.iva", "rut.iva"),
            ("Rut.iva", "rut_iva"),
            ("v1.2", "v1_2"),
            ("if.x", "if_x"),
            ("for", "for_2"),
            ("  ", "modelo"),
        ] {
            assert_eq!(of_ruleset(name, &taken), id, "{name}");
        }
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(of_path(["Person's rate", "the table"]), "Person_s_rate_the_table");
        assert_eq!(of_path(["1st", ""]), "_1st");
    }
}
