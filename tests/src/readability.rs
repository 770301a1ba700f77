//! How hard a Spanish text is to read: words a sentence, and the indices of Fernández Huerta (1959) and Szigriszt Pazos (1993,
//! whose scale INFLESZ is).
#![expect(clippy::float_arithmetic, reason = "the indices are defined over means; nothing is decided by them")]

/// The most words that a sentence of a letter may have.
pub const SENTENCE_WORDS_MAX: usize = 25;
/// The most words that sentences of a letter may have on average.
pub const SENTENCE_WORDS_MEAN_MAX: f64 = 15.0;
/// The least that both indices may give: on the scale INFLESZ, «normal» begins here.
pub const INDEX_MIN: f64 = 55.0;

/// What was counted in some texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readability {
    /// Sentences.
    pub sentences: usize,
    /// Words.
    pub words: usize,
    /// Syllables.
    pub syllables: usize,
    /// The sentence with most words, and how many it has.
    pub longest: (String, usize),
}

impl Readability {
    /// Counts what stands in texts; each begins a sentence of its own.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Readability {
        let mut counted = Readability::default();
        for sentence in texts.into_iter().flat_map(sentences) {
            let words: Vec<&str> = words(sentence).collect();
            if words.is_empty() {
                continue;
            }
            counted.sentences += 1;
            counted.words += words.len();
            counted.syllables += words.iter().map(|word| syllables(word)).sum::<usize>();
            if words.len() > counted.longest.1 {
                counted.longest = (sentence.to_owned(), words.len());
            }
        }
        counted
    }

    /// Words a sentence, on average.
    pub fn words_a_sentence(&self) -> f64 {
        ratio(self.words, self.sentences)
    }

    /// 206.84 - 60 syllables a word - 1.02 words a sentence: the higher, the easier.
    pub fn fernandez_huerta(&self) -> f64 {
        206.84 - 60.0 * ratio(self.syllables, self.words) - 1.02 * self.words_a_sentence()
    }

    /// 206.835 - 62.3 syllables a word - words a sentence: the higher, the easier.
    pub fn szigriszt_pazos(&self) -> f64 {
        206.835 - 62.3 * ratio(self.syllables, self.words) - self.words_a_sentence()
    }

    /// What keeps these texts from being plain; none where they are.
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Vec::new();
        let (sentence, words) = &self.longest;
        if *words > SENTENCE_WORDS_MAX {
            found.push(format!("a sentence has {words} words, more than {SENTENCE_WORDS_MAX}: {sentence}"));
        }
        if self.words_a_sentence() > SENTENCE_WORDS_MEAN_MAX {
            found.push(format!(
                "sentences have {:.1} words on average, more than {SENTENCE_WORDS_MEAN_MAX}",
                self.words_a_sentence()
            ));
        }
        for (name, index) in
            [("Fernández Huerta", self.fernandez_huerta()), ("Szigriszt Pazos", self.szigriszt_pazos())]
        {
            if self.words > 0 && index < INDEX_MIN {
                found.push(format!("the index of {name} is {index:.1}, less than {INDEX_MIN}"));
            }
        }
        found
    }
}

fn ratio(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

/// The sentences of a text: they end at `.`, `?`, `!`, `:` or `;` before a space and a capital, and at the end.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices().filter(|(_, letter)| ".?!:;\n".contains(*letter)) {
        let end = at + letter.len_utf8();
        let rest = &text[end..];
        let begins = rest.trim_start().chars().next().is_none_or(|next| next.is_uppercase() || "¿¡«\"".contains(next));
        if rest.starts_with(char::is_whitespace) && begins {
            found.push(&text[start..end]);
            start = end;
        }
    }
    found.push(&text[start..]);
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',');
    text.split(part).map(|word| word.trim_matches(['.', ','])).filter(|word| !word.is_empty())
}

/// Syllables of a word: groups of vowels, of which strong ones and accented weak ones each have their own. Figures are read
/// aloud; they count as three.
fn syllables(word: &str) -> usize {
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return 3;
    }
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let (mut count, mut strong, mut in_group) = (0, 0, false);
    for (at, letter) in letters.iter().enumerate() {
        let weak = "iuü".contains(*letter) || *letter == 'y' && (at + 1 == letters.len());
        let is_strong = "aeoáéóíú".contains(*letter);
        if weak || is_strong {
            strong += usize::from(is_strong);
            in_group = true;
        } else if in_group {
            count += strong.max(1);
            (strong, in_group) = (0, false);
        }
    }
    if in_group {
        count += strong.max(1);
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_they_are_said() {
        for (word, count) in [
            ("ley", 1),
            ("y", 1),
            ("que", 1),
            ("día", 2),
            ("guía", 2),
            ("ciudad", 2),
            ("aéreo", 4),
            ("impuesto", 3),
            ("declaración", 4),
            ("UVT", 1),
            ("responsabilidad", 6),
            ("ahora", 3),
            ("3.500", 3),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn sentences_end_where_a_capital_follows() {
        assert_eq!(sentences("Usted no paga. ¿Por qué? Por el art. 437 y 3.500 UVT.").len(), 3);
        assert_eq!(words("$1.500.000, y más.").collect::<Vec<_>>(), ["1.500.000", "y", "más"]);
    }

    #[test]
    fn plain_texts_pass_and_others_say_why() {
        let plain = ["Usted no paga este impuesto.", "Sus ventas del año no llegan al tope."];
        assert_eq!(Readability::of(plain).complaints(), Vec::<String>::new());
        let heavy =
            ["Considerando la responsabilidad solidaria consagrada reglamentariamente, procede la determinación \
            oficial administrativa correspondiente, independientemente de consideraciones extraprocesales formuladas \
            extemporáneamente por quienes intervinieron subsidiariamente en aquellas actuaciones administrativas."];
        assert_eq!(Readability::of(heavy).complaints().len(), 4, "{:?}", Readability::of(heavy));
    }

    #[test]
    fn the_indices_are_those_of_their_authors() {
        let counted = Readability { sentences: 2, words: 20, syllables: 40, longest: (String::new(), 10) };
        assert!((counted.fernandez_huerta() - 76.64).abs() < 1e-9);
        assert!((counted.szigriszt_pazos() - 72.235).abs() < 1e-9);
    }
}
