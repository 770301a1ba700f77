//! Names as they are compared, and the nearest known one, for suggestions.

use dictamen_value::Message;

/// The known name that is nearest to a wrong one, where it is near enough to be what was meant.
pub(crate) fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wrong_folded = folded(wrong);
    let limit = (wrong_folded.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong_folded, &folded(name)), name))
        .filter(|(distance, name)| *distance <= limit && *name != wrong)
        .min()
        .map(|(_, name)| name)
}

/// The question that a near name answers.
pub(crate) fn suggestion(near: &str) -> Message {
    Message::new(format!("¿quiso decir «{near}»?"), format!("did you mean `{near}`?"))
}

/// Lower case without accents, as names and words of glossaries are compared.
pub fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    };
    name.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let known = ["ingresos_brutos", "establecimientos", "año"];
        for (wrong, expected) in [
            ("ingreso_bruto", Some("ingresos_brutos")),
            ("Establecimientos", Some("establecimientos")),
            ("zzz", None),
            ("ano", Some("año")),
        ] {
            assert_eq!(nearest(wrong, known), expected, "{wrong}");
        }
    }
}
