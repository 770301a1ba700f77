//! Words that a letter uses and a glossary explains: whole words, whatever their capitals, accents and number.

use dictamen_plan::{Plan, Term};

use super::Explained;

/// The words of a plan's glossaries that stand in some of these texts, in the order of the glossaries, each once.
pub(super) fn of(plan: &Plan, texts: &[&str]) -> Vec<Explained> {
    let texts: Vec<Vec<String>> = texts.iter().map(|text| folded_words(text)).collect();
    let mut known: Vec<Vec<String>> = Vec::new();
    let mut found = Vec::new();
    for Term { term, meaning } in &plan.glossary {
        let words = folded_words(term);
        if words.is_empty() || known.contains(&words) || !texts.iter().any(|text| stand_in(&words, text)) {
            continue;
        }
        known.push(words);
        found.push(Explained { term: term.to_string(), meaning: meaning.to_string() });
    }
    found
}

fn stand_in(words: &[String], text: &[String]) -> bool {
    text.windows(words.len()).any(|here| here.iter().zip(words).all(|(here, word)| is_form_of(here, word)))
}

/// Whether a word is another, in singular or plural.
fn is_form_of(here: &str, word: &str) -> bool {
    match here.strip_prefix(word) {
        Some("" | "s" | "es") => true,
        _ => word.strip_suffix('z').is_some_and(|stem| here.strip_prefix(stem) == Some("ces")),
    }
}

fn folded_words(text: &str) -> Vec<String> {
    let folded: String = text.to_lowercase().chars().map(without_accent).collect();
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_in_every_form() {
        for (term, text, found) in [
            ("declaración", "Las DECLARACIONES vencen.", true),
            ("declaración", "declaracion", true),
            ("UVT", "3.500 UVT.", true),
            ("uvt", "uvtx", false),
            ("nivel de riesgo", "sus niveles de riesgo", true),
            ("nivel de riesgo", "nivel del riesgo", false),
            ("vez", "dos veces", true),
            ("año", "anos", false),
            ("ley", "leyes y leyendas", true),
            ("ley", "leyendas", false),
        ] {
            assert_eq!(stand_in(&folded_words(term), &folded_words(text)), found, "{term} in {text}");
        }
    }
}
