//! The words of the language in both spellings, and which of them a mistyped word was likely meant to be.

use std::borrow::Cow;

use crate::tree::{AttributeKey, HitPolicy, Spelling};

/// The words of our layer around FEEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Rules,
    Cases,
    Use,
    Type,
    Input,
    Parameter,
    Decision,
    Table,
    Function,
    Case,
    Attribute(AttributeKey),
    InForce,
    Published,
    Mode,
    From,
    To,
    Known,
    Value,
    As,
    Where,
    In,
    Of,
    List,
    Range,
    Policy,
    Default,
    Date,
    Given,
    Expect,
    Like,
    Error,
    Let,
    Service,
    Outputs,
    Encloses,
    TakesInputs,
    TakesDecisions,
    External,
    Unreadable,
    Letter,
    Subject,
    Decided,
    Reasons,
    Options,
    Glossary,
    Term,
    Meaning,
}

/// Each word: Spanish, then English.
const WORDS: &[(Keyword, &str, &str)] = &[
    (Keyword::Rules, "reglas", "rules"),
    (Keyword::Cases, "casos", "cases"),
    (Keyword::Use, "usa", "use"),
    (Keyword::Type, "tipo", "type"),
    (Keyword::Input, "entrada", "input"),
    (Keyword::Parameter, "parametro", "parameter"),
    (Keyword::Decision, "decision", "decision"),
    (Keyword::Table, "tabla", "table"),
    (Keyword::Function, "funcion", "function"),
    (Keyword::Case, "caso", "case"),
    (Keyword::Attribute(AttributeKey::Title), "titulo", "title"),
    (Keyword::Attribute(AttributeKey::LegalBasis), "base_legal", "legal_basis"),
    (Keyword::Attribute(AttributeKey::Owner), "responsable", "owner"),
    (Keyword::Attribute(AttributeKey::Version), "version", "version"),
    (Keyword::Attribute(AttributeKey::Note), "nota", "note"),
    (Keyword::Attribute(AttributeKey::ToVerify), "por_verificar", "to_verify"),
    (Keyword::Attribute(AttributeKey::Reserved), "reserva", "reserved"),
    (Keyword::InForce, "vigente", "in_force"),
    (Keyword::Published, "publicada", "published"),
    (Keyword::Mode, "modo", "mode"),
    (Keyword::From, "desde", "from"),
    (Keyword::To, "hasta", "to"),
    (Keyword::Known, "conocido", "known"),
    (Keyword::Value, "valor", "value"),
    (Keyword::As, "como", "as"),
    (Keyword::Where, "donde", "where"),
    (Keyword::In, "en", "in"),
    (Keyword::Of, "de", "of"),
    (Keyword::List, "lista", "list"),
    (Keyword::Range, "rango", "range"),
    (Keyword::Policy, "politica", "policy"),
    (Keyword::Default, "por_defecto", "default"),
    (Keyword::Date, "fecha", "date"),
    (Keyword::Given, "dado", "given"),
    (Keyword::Expect, "espera", "expect"),
    (Keyword::Like, "como", "like"),
    (Keyword::Error, "error", "error"),
    (Keyword::Let, "sea", "let"),
    (Keyword::Service, "servicio", "service"),
    (Keyword::Outputs, "entrega", "outputs"),
    (Keyword::Encloses, "encierra", "encloses"),
    (Keyword::TakesInputs, "recibe_datos", "takes_inputs"),
    (Keyword::TakesDecisions, "recibe_decisiones", "takes_decisions"),
    (Keyword::External, "externa", "external"),
    (Keyword::Unreadable, "ilegible", "unreadable"),
    (Keyword::Letter, "carta", "letter"),
    (Keyword::Subject, "asunto", "subject"),
    (Keyword::Decided, "decidimos", "decided"),
    (Keyword::Reasons, "razones", "reasons"),
    (Keyword::Options, "puede_hacer", "options"),
    (Keyword::Glossary, "glosario", "glossary"),
    (Keyword::Term, "termino", "term"),
    (Keyword::Meaning, "significado", "meaning"),
];

/// The words that open a block or a file.
pub(crate) const OPENERS: &[Keyword] = &[
    Keyword::Rules,
    Keyword::Cases,
    Keyword::Use,
    Keyword::Type,
    Keyword::Input,
    Keyword::Parameter,
    Keyword::Decision,
    Keyword::Table,
    Keyword::Function,
    Keyword::Service,
    Keyword::Letter,
    Keyword::Glossary,
    Keyword::Case,
];

/// The words that open a line of a header.
pub(crate) const HEADER_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::InForce,
    Keyword::Published,
    Keyword::Mode,
];

/// The words that open a line of a table above its rows.
pub(crate) const TABLE_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Attribute(AttributeKey::Reserved),
    Keyword::Policy,
];

/// The words that open a line of a decision.
pub(crate) const DECISION_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Attribute(AttributeKey::Reserved),
    Keyword::Let,
];

/// The words that open a line of a function without rows.
pub(crate) const FUNCTION_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Attribute(AttributeKey::Reserved),
    Keyword::Let,
    Keyword::External,
    Keyword::Policy,
];

/// The words that open a line of a service.
pub(crate) const SERVICE_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Outputs,
    Keyword::Encloses,
    Keyword::TakesInputs,
    Keyword::TakesDecisions,
];

/// The words that open a line of a case.
pub(crate) const CASE_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Like,
    Keyword::Date,
    Keyword::Known,
    Keyword::Given,
    Keyword::Expect,
];

/// The words that open a line of a letter.
pub(crate) const LETTER_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Let,
    Keyword::Subject,
    Keyword::Decided,
    Keyword::Reasons,
    Keyword::Options,
];

/// The words that open a line of a glossary above its rows.
pub(crate) const GLOSSARY_LINES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Note),
];

/// The words that open a line about a block, in the order they are printed.
pub(crate) const ATTRIBUTES: &[Keyword] = &[
    Keyword::Attribute(AttributeKey::Title),
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Owner),
    Keyword::Attribute(AttributeKey::Version),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
    Keyword::Attribute(AttributeKey::Reserved),
];

/// Hit policies: Spanish, English, the letter of DMN.
const POLICIES: &[(HitPolicy, &str, &str, &str)] = &[
    (HitPolicy::Unique, "unica", "unique", "U"),
    (HitPolicy::Any, "cualquiera", "any", "A"),
    (HitPolicy::Priority, "prioridad", "priority", "P"),
    (HitPolicy::First, "primera", "first", "F"),
    (HitPolicy::RuleOrder, "orden_de_reglas", "rule_order", "R"),
    (HitPolicy::OutputOrder, "orden_de_salida", "output_order", "O"),
    (HitPolicy::Collect, "reunir", "collect", "C"),
    (HitPolicy::CollectSum, "reunir_suma", "collect_sum", "C+"),
    (HitPolicy::CollectMin, "reunir_minimo", "collect_min", "C<"),
    (HitPolicy::CollectMax, "reunir_maximo", "collect_max", "C>"),
    (HitPolicy::CollectCount, "reunir_cuenta", "collect_count", "C#"),
];

/// Built-in types: Spanish (the one in the tree), English, FEEL where it has one.
const TYPES: &[(&str, &str, &str)] = &[
    ("texto", "text", "string"),
    ("numero", "number", "number"),
    ("entero", "integer", ""),
    ("dinero", "money", ""),
    ("uvt", "uvt", ""),
    ("booleano", "boolean", "boolean"),
    ("fecha", "date", "date"),
    ("hora", "time", "time"),
    ("fecha_hora", "date_time", "date and time"),
    ("duracion_dias", "days_duration", "days and time duration"),
    ("duracion_meses", "months_duration", "years and months duration"),
    ("cualquiera", "any", "Any"),
];

/// The names that rules keep for types, in the spelling that the tree has: the built-in ones, and that of null.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, ..)| *name).chain(["nulo"])
}

/// The words that FEEL keeps for itself: no name without back-quotes.
pub const FEEL_WORDS: &[&str] = &[
    "and",
    "between",
    "else",
    "every",
    "false",
    "for",
    "function",
    "if",
    "in",
    "null",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];

impl Keyword {
    /// How it is spelt.
    pub(crate) fn text(self, spelling: Spelling) -> &'static str {
        let found = WORDS.iter().find(|(keyword, ..)| *keyword == self);
        found.map_or("", |(_, es, en)| if spelling == Spelling::Spanish { es } else { en })
    }

    /// Whether this word is it, in either spelling, with or without accents.
    pub(crate) fn is(self, word: &str) -> bool {
        let word = without_accents(word);
        self.text(Spelling::Spanish) == word || self.text(Spelling::English) == word
    }

    /// Whether this word is it in the other spelling alone.
    pub(crate) fn is_foreign(self, word: &str, spelling: Spelling) -> bool {
        without_accents(word) != self.text(spelling)
    }
}

/// Which of these keywords a word is, in either spelling.
pub(crate) fn find(word: &str, among: &[Keyword]) -> Option<Keyword> {
    among.iter().copied().find(|keyword| keyword.is(word))
}

/// The spelling that a word which opens a block stands for, where it tells.
pub(crate) fn spelling_of(word: &str) -> Option<Spelling> {
    telling(word, WORDS.iter().filter(|(keyword, ..)| OPENERS.contains(keyword)).map(|(_, es, en)| (*es, *en)))
}

/// The spelling that a word which opens a line of a decision stands for, where it tells.
pub(crate) fn spelling_of_line(word: &str) -> Option<Spelling> {
    telling(word, WORDS.iter().filter(|(keyword, ..)| DECISION_LINES.contains(keyword)).map(|(_, es, en)| (*es, *en)))
}

/// The spelling that the name of a type stands for, where it tells.
pub(crate) fn spelling_of_type(word: &str) -> Option<Spelling> {
    let types = TYPES.iter().map(|(es, en, _)| (*es, *en));
    let layer = [Keyword::List, Keyword::Range, Keyword::Function, Keyword::In, Keyword::Where];
    let layer = layer.map(|keyword| (keyword.text(Spelling::Spanish), keyword.text(Spelling::English)));
    telling(word, types.chain(layer))
}

fn telling(word: &str, mut words: impl Iterator<Item = (&'static str, &'static str)>) -> Option<Spelling> {
    let word = without_accents(word);
    words.find_map(|(es, en)| match () {
        () if es == en => None,
        () if es == word => Some(Spelling::Spanish),
        () if en == word => Some(Spelling::English),
        () => None,
    })
}

/// The policy that a word or letter names.
pub(crate) fn policy(word: &str) -> Option<HitPolicy> {
    let plain = without_accents(word);
    let found = POLICIES.iter().find(|(_, es, en, letter)| [*es, *en].contains(&plain.as_ref()) || *letter == word);
    found.map(|(policy, ..)| *policy)
}

/// How a policy is spelt.
pub(crate) fn policy_text(policy: HitPolicy, spelling: Spelling) -> &'static str {
    let found = POLICIES.iter().find(|(known, ..)| *known == policy);
    found.map_or("", |(_, es, en, _)| if spelling == Spelling::Spanish { es } else { en })
}

/// Whether a policy's word is of the other spelling.
pub(crate) fn policy_is_foreign(word: &str, spelling: Spelling) -> bool {
    let plain = without_accents(word);
    let mine = |(_, es, en, _): &(_, &'static str, &'static str, _)| {
        plain == *(if spelling == Spelling::Spanish { es } else { en })
    };
    word.chars().any(char::is_lowercase) && !POLICIES.iter().any(mine)
}

/// The name of a type as the tree has it: built-in ones in Spanish, others as they are.
pub(crate) fn canonical_type(word: &str) -> Cow<'_, str> {
    let plain = without_accents(word);
    let found = TYPES.iter().find(|(es, en, feel)| [*es, *en, *feel].contains(&plain.as_ref()));
    found.map_or(Cow::Borrowed(word), |(es, ..)| Cow::Borrowed(*es))
}

/// How the name of a type is spelt in declarations.
pub(crate) fn type_text(name: &str, spelling: Spelling) -> &str {
    let found = TYPES.iter().find(|(es, ..)| *es == name);
    found.map_or(name, |(es, en, _)| if spelling == Spelling::Spanish { es } else { en })
}

/// How the name of a type is spelt inside FEEL, or `None` where it is no type of FEEL.
pub(crate) fn feel_type_text(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(es, _, feel)| *es == name && !feel.is_empty()).map(|(_, _, feel)| *feel)
}

/// Whether FEEL knows a built-in type as a number and no more.
pub(crate) fn is_number_type(name: &str) -> bool {
    TYPES.iter().any(|(es, _, feel)| *es == name && feel.is_empty())
}

/// The words of these keywords in one spelling.
pub(crate) fn words(keywords: &[Keyword], spelling: Spelling) -> Vec<&'static str> {
    keywords.iter().map(|keyword| keyword.text(spelling)).collect()
}

/// The names of all policies in one spelling.
pub(crate) fn policy_words(spelling: Spelling) -> Vec<&'static str> {
    POLICIES.iter().map(|(_, es, en, _)| if spelling == Spelling::Spanish { *es } else { *en }).collect()
}

/// The candidate that is nearest to a mistyped word, if one is near.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word: Vec<char> = without_accents(&word.to_lowercase()).chars().take(LONGEST_WORD).collect();
    let allowed = (word.len() / 3).clamp(1, 3);
    let near = candidates.iter().map(|candidate| (distance(&word, candidate), *candidate));
    near.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Characters of a word that are compared; keywords are shorter.
const LONGEST_WORD: usize = 32;

/// How many letters must be put, taken, changed or swapped with their neighbour (optimal string alignment).
fn distance(word: &[char], candidate: &str) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    let mut last = None;
    for letter in candidate.chars() {
        let next = next_row(word, letter, last, &row, &before);
        before = std::mem::replace(&mut row, next);
        last = Some(letter);
    }
    row.last().copied().unwrap_or_default()
}

fn next_row(word: &[char], letter: char, last: Option<char>, row: &[usize], before: &[usize]) -> Vec<usize> {
    let mut next = vec![row.first().copied().unwrap_or_default().saturating_add(1)];
    let mut left_char = None;
    for (at, own) in word.iter().enumerate() {
        let cell = |row: &[usize], at: Option<usize>| at.and_then(|at| row.get(at)).copied().unwrap_or(usize::MAX);
        let changed = cell(row, Some(at)).saturating_add(usize::from(*own != letter));
        let put = cell(&next, Some(at)).saturating_add(1);
        let taken = cell(row, at.checked_add(1)).saturating_add(1);
        let swapped = if last == Some(*own) && left_char == Some(letter) {
            cell(before, at.checked_sub(1)).saturating_add(1)
        } else {
            usize::MAX
        };
        next.push(changed.min(put).min(taken).min(swapped));
        left_char = Some(*own);
    }
    next
}

/// A word without the accents that people put on keywords: `política`, `año`.
fn without_accents(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|c| !('\u{300}'..='\u{36F}').contains(c)).map(plain).collect())
}

fn plain(letter: char) -> char {
    match letter {
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'Ó' => 'o',
        'ú' | 'ü' | 'Ú' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_read_in_both_spellings_and_with_accents() {
        for (word, expected) in [
            ("tabla", Some(Keyword::Table)),
            ("table", Some(Keyword::Table)),
            ("función", Some(Keyword::Function)),
            ("funcio\u{301}n", Some(Keyword::Function)),
            ("tablas", None),
        ] {
            assert_eq!(find(word, OPENERS), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_word_is_found_within_reach() {
        for (word, expected) in [
            ("desicion", Some("decision")),
            ("tabal", Some("tabla")),
            ("Tabla", Some("tabla")),
            ("parámetros", Some("parametro")),
            ("flujo", None),
        ] {
            assert_eq!(nearest(word, &words(OPENERS, Spelling::Spanish)), expected, "{word}");
        }
    }

    #[test]
    fn built_in_types_have_one_name_in_the_tree() {
        for (word, expected) in [("string", "texto"), ("text", "texto"), ("número", "numero"), ("Nit", "Nit")] {
            assert_eq!(canonical_type(word), expected);
        }
    }
}
