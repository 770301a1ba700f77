//! The known name that a mistyped one is nearest to.

/// Longer names are not compared.
const NAME_CHARACTERS_MAX: usize = 64;

/// The name with the fewest changed letters, where these are few for its length.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.into_iter().filter_map(|candidate| {
        let changes = changes(&name.to_lowercase(), &candidate.to_lowercase())?;
        let allowed = (candidate.chars().count() / 3).clamp(1, 3);
        (changes <= allowed).then_some((changes, candidate))
    });
    near.min_by_key(|(changes, _)| *changes).map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace to get from one name to the other.
fn changes(from: &str, to: &str) -> Option<usize> {
    let to: Vec<char> = to.chars().collect();
    if from.chars().count() > NAME_CHARACTERS_MAX || to.len() > NAME_CHARACTERS_MAX {
        return None;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (position, character) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut()?, position.saturating_add(1));
        let mut left = position.saturating_add(1);
        for (cell, other) in row.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal.saturating_add(usize::from(character != *other));
            diagonal = *cell;
            left = replaced.min(left.saturating_add(1)).min(diagonal.saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_mistyped_name_finds_the_known_one() {
        let known = ["nit", "tipo_persona", "ingresos_brutos", "establecimientos"];
        for (name, expected) in [
            ("nti", None),
            ("NIT", Some("nit")),
            ("tipopersona", Some("tipo_persona")),
            ("ingresos_bruto", Some("ingresos_brutos")),
            ("establesimientos", Some("establecimientos")),
            ("edad", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
