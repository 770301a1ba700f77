//! What blocks say of themselves as lines of a description, and such a description read again.

use dictamen_syntax::tree::AttributeKey;

/// One thing that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An attribute.
    Attribute(AttributeKey),
    /// From when to when rules are in force: `2026-01-01` or `2026-01-01..2026-12-31`.
    InForce,
    /// From when they are known.
    Published,
}

/// The word that a line starts with: Spanish, English.
const WORDS: [(Said, &str, &str); 9] = [
    (Said::Attribute(AttributeKey::Title), "Título", "Title"),
    (Said::Attribute(AttributeKey::LegalBasis), "Base legal", "Legal basis"),
    (Said::Attribute(AttributeKey::Owner), "Responsable", "Owner"),
    (Said::Attribute(AttributeKey::Version), "Versión", "Version"),
    (Said::Attribute(AttributeKey::Note), "Nota", "Note"),
    (Said::Attribute(AttributeKey::ToVerify), "Por verificar", "To verify"),
    (Said::Attribute(AttributeKey::Reserved), "Reserva", "Reserved"),
    (Said::InForce, "Vigente", "In force"),
    (Said::Published, "Publicada", "Published"),
];

/// The languages of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Spanish,
    English,
}

/// A description; a note alone needs no word before it, unless it starts with one.
pub(super) fn write(lines: &[(Said, String)], words: Words) -> Option<String> {
    if let [(Said::Attribute(AttributeKey::Note), note)] = lines
        && started(note).is_none()
    {
        return Some(note.clone()).filter(|note| !note.is_empty());
    }
    let lines: Vec<String> = lines.iter().map(|(said, text)| format!("{}: {text}", word(*said, words))).collect();
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}

/// What a description says; one that does not start with a word of ours is a note.
pub(super) fn read(description: &str) -> Vec<(Said, String)> {
    let description = description.trim();
    if description.is_empty() {
        return Vec::new();
    }
    if started(description).is_none() {
        return vec![(Said::Attribute(AttributeKey::Note), description.to_owned())];
    }
    let mut lines: Vec<(Said, String)> = Vec::new();
    for line in description.lines() {
        match (started(line), lines.last_mut()) {
            (Some((said, text)), _) => lines.push((said, text.to_owned())),
            (None, Some((_, text))) => {
                text.push('\n');
                text.push_str(line.trim());
            }
            (None, None) => {}
        }
    }
    lines
}

fn word(said: Said, words: Words) -> &'static str {
    let found = WORDS.iter().find(|(known, ..)| *known == said);
    found.map_or("", |(_, spanish, english)| if words == Words::Spanish { spanish } else { english })
}

/// What a line says, where it starts with a word of ours in either language.
fn started(line: &str) -> Option<(Said, &str)> {
    let (before, after) = line.trim().split_once(':')?;
    let said = WORDS.iter().find(|(_, spanish, english)| before == *spanish || before == *english)?.0;
    Some((said, after.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: Said = Said::Attribute(AttributeKey::Note);
    const OWNER: Said = Said::Attribute(AttributeKey::Owner);

    #[test]
    fn what_is_written_is_read() {
        for (lines, text) in [
            (vec![], None),
            (vec![(NOTE, "una nota: así")], Some("una nota: así")),
            (vec![(NOTE, "Responsable: nadie")], Some("Nota: Responsable: nadie")),
            (vec![(NOTE, "dos\nlíneas")], Some("dos\nlíneas")),
            (vec![(OWNER, "Ana"), (NOTE, "dos\nlíneas")], Some("Responsable: Ana\nNota: dos\nlíneas")),
            (vec![(Said::InForce, "2026-01-01")], Some("Vigente: 2026-01-01")),
        ] {
            let lines: Vec<(Said, String)> = lines.into_iter().map(|(said, text)| (said, text.to_owned())).collect();
            let written = write(&lines, Words::Spanish);
            assert_eq!(written.as_deref(), text);
            assert_eq!(read(&written.unwrap_or_default()), lines);
            let written = write(&lines, Words::English);
            assert_eq!(read(&written.unwrap_or_default()), lines);
        }
    }

    #[test]
    fn descriptions_of_others_are_notes() {
        for text in ["Lo que otros pueden llamar.\nNota: algo", "https://x.co: y", "nota: en minúscula"] {
            assert_eq!(read(text), [(NOTE, text.to_owned())]);
        }
    }
}
