//! Figures inside texts that people read: “3.500 UVT”, “20 %”, “15 días”.

/// What a figure is counted in, in lower case, singular or not.
const UNITS: &[&str] = &[
    "uvt",
    "uvb",
    "%",
    "por ciento",
    "puntos",
    "peso",
    "día",
    "dia",
    "mes",
    "bimestre",
    "año",
    "hora",
    "smmlv",
    "salario",
];

/// The first figure that a text holds, with its unit, if there is one. Years and articles are none: nothing is counted in them.
pub(super) fn figure(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let characters: Vec<char> = lower.chars().collect();
    let mut place = 0;
    while place < characters.len() {
        if !characters[place].is_ascii_digit() {
            place += 1;
            continue;
        }
        let start = place;
        let is_inside = |place: usize| {
            characters[place].is_ascii_digit()
                || (matches!(characters[place], '.' | ',' | '-' | '/')
                    && characters.get(place + 1).is_some_and(char::is_ascii_digit))
        };
        while place < characters.len() && is_inside(place) {
            place += 1;
        }
        let number: String = characters[start..place].iter().collect();
        let rest: String = characters[place..].iter().collect();
        let unit = UNITS.iter().find(|unit| rest.trim_start().starts_with(**unit));
        let is_glued = start > 0 && (characters[start - 1].is_alphanumeric() || characters[start - 1] == '_');
        let is_money = start > 0 && characters[start - 1] == '$';
        match unit {
            _ if is_glued => {}
            // A day of the calendar, as in “1 de enero”, is no count of anything.
            Some(unit) => return Some(format!("{number} {unit}")),
            None if is_money => return Some(format!("${number}")),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_figures_and_citations_are_none() {
        for (text, expected) in [
            ("Ingresos inferiores a 3.500 UVT", Some("3.500 uvt")),
            ("Más del 20 % de los ingresos", Some("20 %")),
            ("Dentro de los 15 días", Some("15 día")),
            ("Cuesta $500.000", Some("$500.000")),
            ("El 0,5% por mes", Some("0,5 %")),
            ("ET art. 437 par. 3 num. 1 y 5; 512-13 lit. a)", None),
            ("Patrimonio líquido a 1 de enero", None),
            ("Ley 2277/2022", None),
            ("05 - Impuesto sobre la renta", None),
        ] {
            assert_eq!(figure(text).as_deref(), expected, "{text}");
        }
    }
}
