//! Words that a letter uses and a glossary explains: whole words, whatever their capitals, accents and number.

use dictamen_plan::{Plan, Term};

use super::Explained;

/// The words of a plan's glossaries that stand in some of these texts, in the order of the glossaries, each once.
pub(super) fn of(plan: &Plan, texts: &[&str]) -> Vec<Explained> {
    let mut texts: Vec<Vec<String>> = texts.iter().map(|text| folded_words(text)).collect();
    let mut terms: Vec<(Vec<String>, &Term)> = Vec::new();
    for term in &plan.glossary {
        let words = folded_words(&term.term);
        if !words.is_empty() && !terms.iter().any(|(known, _)| *known == words) {
            terms.push((words, term));
        }
    }
    // The longest first: «no responsable de IVA» is not «responsable de IVA».
    let mut order: Vec<usize> = (0..terms.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(terms.get(*at).map_or(0, |(words, _)| words.len())));
    let mut used: Vec<usize> =
        order.into_iter().filter(|at| terms.get(*at).is_some_and(|(words, _)| take(words, &mut texts))).collect();
    used.sort_unstable();
    let explained =
        |(_, term): &(Vec<String>, &Term)| Explained { term: term.term.to_string(), meaning: term.meaning.to_string() };
    used.iter().filter_map(|at| terms.get(*at)).map(explained).collect()
}

/// Whether words stand in some text; where they do, they are taken out of all.
fn take(words: &[String], texts: &mut [Vec<String>]) -> bool {
    let mut found = false;
    for text in texts {
        while let Some(at) = place_in(words, text) {
            text.splice(at..at.saturating_add(words.len()), [TAKEN.to_owned()]);
            found = true;
        }
    }
    found
}

/// What stands where words were taken out; no word of a glossary.
const TAKEN: &str = "";

fn place_in(words: &[String], text: &[String]) -> Option<usize> {
    text.windows(words.len()).position(|here| here.iter().zip(words).all(|(here, word)| is_form_of(here, word)))
}

/// Whether a word is another, in singular or plural.
fn is_form_of(here: &str, word: &str) -> bool {
    match here.strip_prefix(word) {
        Some("" | "s" | "es") => true,
        _ => word.strip_suffix('z').is_some_and(|stem| here.strip_prefix(stem) == Some("ces")),
    }
}

fn folded_words(text: &str) -> Vec<String> {
    let text = dictamen_model::folded(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
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
            assert_eq!(place_in(&folded_words(term), &folded_words(text)).is_some(), found, "{term} in {text}");
        }
    }
}
