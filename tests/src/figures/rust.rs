//! Numbers in the Rust of the product, in whatever spelling.

use std::path::PathBuf;

use super::canonical;
use crate::project;

/// A number in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The figure that it would be.
    pub figure: String,
    /// Where, as `file:line`.
    pub place: String,
    /// The line.
    pub line: String,
}

/// The Rust of the product: everything but tests, measurements and what is built.
pub fn product_sources() -> Vec<(String, String)> {
    let root = project::root();
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, text)
    };
    let sources: Vec<(String, String)> = project::files_below(&root, &["rs"]).into_iter().map(named).collect();
    let tests: Vec<String> = sources.iter().flat_map(|(name, text)| test_modules(name, text)).collect();
    let is_product = |name: &str| {
        let is_apart = ["tests/", "benches/"].iter().any(|folder| name.starts_with(folder));
        let is_inside = ["/tests/", "/benches/", "/examples/"].iter().any(|folder| name.contains(folder));
        !is_apart && !is_inside && !tests.iter().any(|module| name.starts_with(module))
    };
    let kept = sources.iter().filter(|(name, _)| is_product(name));
    kept.map(|(name, text)| (name.clone(), without_tests(text).to_owned())).collect()
}

/// Where the modules stand that a source declares for its tests alone: `path.` and `path/`.
fn test_modules(name: &str, text: &str) -> Vec<String> {
    let folder =
        name.strip_suffix("mod.rs").or_else(|| name.strip_suffix("lib.rs")).or_else(|| name.strip_suffix("main.rs"));
    let folder = folder.map_or_else(|| name.replace(".rs", "/"), str::to_owned);
    let declared = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| {
        let line = rest.lines().next()?;
        line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')
    });
    declared.flat_map(|module| [format!("{folder}{module}.rs"), format!("{folder}{module}/")]).collect()
}

/// A source up to its tests, which stand last.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// The numbers of a text that are among the figures: `is_figure` says so of a number as [`canonical`] writes it, and of a
/// number with the word behind it (`15 días`).
pub fn search(name: &str, text: &str, is_figure: &dyn Fn(&str, &str) -> bool) -> Vec<Match> {
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        for figure in matches(line, is_figure) {
            found.push(Match { figure, place: format!("{name}:{number}"), line: line.trim().to_owned() });
        }
    }
    found
}

/// The figures of one line.
pub fn matches(line: &str, is_figure: &dyn Fn(&str, &str) -> bool) -> Vec<String> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut place = 0;
    while place < bytes.len() {
        if !bytes[place].is_ascii_digit() {
            place += 1;
            continue;
        }
        let start = place;
        while place < bytes.len() && goes_on(bytes, place) {
            place += 1;
        }
        let is_name =
            start > 0 && (bytes[start - 1].is_ascii_alphabetic() || matches!(bytes[start - 1], b'_' | b'.' | b'-'));
        if is_name && bytes[start - 1] != b'-' {
            continue;
        }
        let word = word(&line[place..]);
        let readings = readings(&line[start..place]);
        found.extend(readings.into_iter().find(|number| is_figure(number, word)));
    }
    found
}

/// The word behind a number, or the sign of percent; one before another number is a remainder.
fn word(rest: &str) -> &str {
    let rest = rest.trim_start_matches([' ', '\u{a0}']);
    let word = rest.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    match rest.strip_prefix('%') {
        Some(more) if !more.trim_start().starts_with(|character: char| character.is_ascii_digit()) => "%",
        _ => word,
    }
}

/// Whether a number goes on at a place: digits, and marks between digits.
fn goes_on(bytes: &[u8], place: usize) -> bool {
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    bytes[place].is_ascii_digit()
        || (matches!(bytes[place], b'_' | b'.' | b',') && is_digit(place + 1) && is_digit(place - 1))
}

/// What the spelling of a number may mean: `52_374`, `52.374` and `52,374` are one number, `0,19` and `0.19` another.
fn readings(written: &str) -> Vec<String> {
    let plain = written.replace('_', "");
    let parts: Vec<&str> = plain.split(['.', ',']).collect();
    let (first, rest) = parts.split_first().map(|(first, rest)| (*first, rest)).unwrap_or(("", &[]));
    let mut readings = Vec::new();
    if rest.iter().all(|part| part.len() == 3) && first.len() <= 3 || rest.is_empty() {
        readings.push(canonical(&parts.concat()));
    }
    if let [part] = rest {
        readings.push(canonical(&format!("{first}.{part}")));
    }
    // Thousands and decimals together: 3.500,5 or 3,500.5.
    if let [middle @ .., last] = rest
        && !middle.is_empty()
        && middle.iter().all(|part| part.len() == 3)
        && plain.contains('.')
        && plain.contains(',')
    {
        readings.push(canonical(&format!("{first}{}.{last}", middle.concat())));
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_every_spelling_and_only_whole() {
        let is_figure = |number: &str, _: &str| matches!(number, "52374" | "0.19" | "1000.5");
        for (line, expected) in [
            ("let uvt = 52374;", vec!["52374"]),
            ("let uvt = 52_374_u64;", vec!["52374"]),
            ("// cuesta 52.374 pesos, o 52,374", vec!["52374", "52374"]),
            ("\"0.19\" y 0,19 y 0.190", vec!["0.19", "0.19", "0.19"]),
            ("1.000,5 1,000.5 1000.50", vec!["1000.5", "1000.5", "1000.5"]),
            ("152374 52.3745 10.19 0.1915 sha52374 1.52.374", vec![]),
        ] {
            assert_eq!(matches(line, &is_figure), expected, "{line}");
        }
    }

    #[test]
    fn a_term_is_found_by_its_word() {
        let is_figure = |number: &str, word: &str| number == "15" && word.starts_with("día");
        assert_eq!(matches("dentro de 15 días; 15 meses; [15]", &is_figure), ["15"]);
    }
}
