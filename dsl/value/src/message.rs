//! A text for a reader, in Spanish and in English at once, so that no message exists in one language only.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The languages that people read Dictamen in; Spanish comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Language {
    /// The language that a tag such as `es-CO`, `en_US.UTF-8` or an `Accept-Language` header asks for first;
    /// Spanish where it asks for neither.
    pub fn from_tag(tag: &str) -> Language {
        let preferred = tag
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let name = pieces.next()?.trim().to_ascii_lowercase();
                let language = match name.get(..2)? {
                    "es" => Language::Es,
                    "en" => Language::En,
                    _ => return None,
                };
                let quality = pieces.find_map(|piece| piece.trim().strip_prefix("q=").map(str::trim)).unwrap_or("1");
                (!quality.trim_matches(|c| c == '0' || c == '.').is_empty()).then_some((language, quality.to_owned()))
            })
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        preferred.map(|(language, _)| language).unwrap_or_default()
    }

    /// The two-letter tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Es => "es",
            Language::En => "en",
        }
    }
}

/// A text in both languages; `Display` writes the Spanish one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message {
    /// The Spanish text.
    pub es: String,
    /// The English text.
    pub en: String,
}

impl Message {
    /// A message from its two texts, Spanish first.
    pub fn new(es: impl Into<String>, en: impl Into<String>) -> Message {
        Message { es: es.into(), en: en.into() }
    }

    /// A text that reads the same in both languages, such as a title that an analyst wrote.
    pub fn same(text: impl Into<String>) -> Message {
        let text = text.into();
        Message { es: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Es => &self.es,
            Language::En => &self.en,
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.es)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_asked_for_wins() {
        for (tag, expected) in [
            ("", Language::Es),
            ("en", Language::En),
            ("en-US,es;q=0.8", Language::En),
            ("fr,en;q=0.5,es;q=0.9", Language::Es),
            ("es_CO.UTF-8", Language::Es),
            ("en;q=0, es", Language::Es),
            ("C", Language::Es),
        ] {
            assert_eq!(Language::from_tag(tag), expected, "{tag}");
        }
    }
}
