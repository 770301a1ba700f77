//! Which language to speak: `--lang`, then `DICTAMEN_LANG`, then the locale, then Spanish.

use dictamen_value::{Language, Message};

/// What `--lang` and `DICTAMEN_LANG` take.
pub(crate) const TAGS: [&str; 2] = ["es", "en"];

/// The language of help and messages, before the command line is read (for its help depends on it).
///
/// The `--lang` of `fmt` means the keywords of the rules, so only one before the command's name counts there.
pub(crate) fn chosen(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Result<Language, Message> {
    if let Some(tag) = flag(arguments) {
        return exact(&tag, "--lang");
    }
    if let Some(tag) = variable("DICTAMEN_LANG").filter(|tag| !tag.is_empty()) {
        return exact(&tag, "DICTAMEN_LANG");
    }
    let locale =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|tag| !tag.is_empty()));
    Ok(locale.map(|tag| Language::from_tag(&tag)).unwrap_or_default())
}

/// The language in which to say that the choice itself is wrong: that of the locale.
pub(crate) fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|tag| !tag.is_empty()));
    locale.map(|tag| Language::from_tag(&tag)).unwrap_or_default()
}

/// The language of a tag that must be `es` or `en`.
pub(crate) fn exact(tag: &str, given_by: &str) -> Result<Language, Message> {
    match tag {
        "es" => Ok(Language::Es),
        "en" => Ok(Language::En),
        other => Err(Message::new(
            format!("{given_by}: se esperaba «es» o «en», llegó «{other}»"),
            format!("{given_by}: expected “es” or “en”, got “{other}”"),
        )),
    }
}

fn flag(arguments: &[String]) -> Option<String> {
    let mut rest = arguments.iter().skip(1);
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--" | "fmt" => return None,
            "--lang" => return rest.next().cloned(),
            other => {
                if let Some(tag) = other.strip_prefix("--lang=") {
                    return Some(tag.to_owned());
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(arguments: &str, variables: &[(&str, &str)]) -> Result<Language, Message> {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        chosen(&arguments, find)
    }

    #[test]
    fn flag_then_variable_then_locale_then_spanish() {
        let english = [("DICTAMEN_LANG", "en"), ("LANG", "es_CO.UTF-8")];
        for (arguments, variables, expected) in [
            ("dictamen check x", &[][..], Language::Es),
            ("dictamen check x", &[("LANG", "en_US.UTF-8")][..], Language::En),
            ("dictamen check x", &[("LC_ALL", "es_CO"), ("LANG", "en_US.UTF-8")][..], Language::Es),
            ("dictamen check x", &[("LANG", "C.UTF-8")][..], Language::Es),
            ("dictamen check x", &english[..], Language::En),
            ("dictamen --lang es check x", &english[..], Language::Es),
            ("dictamen check x --lang=es", &english[..], Language::Es),
            ("dictamen fmt x --lang es", &english[..], Language::En),
            ("dictamen --lang es fmt x --lang en", &english[..], Language::Es),
        ] {
            assert_eq!(with(arguments, variables), Ok(expected), "{arguments}");
        }
    }

    #[test]
    fn other_tags_are_refused_and_named() {
        assert!(with("dictamen --lang fr check", &[]).unwrap_err().es.contains("fr"));
        assert!(with("dictamen check", &[("DICTAMEN_LANG", "de")]).unwrap_err().en.contains("DICTAMEN_LANG"));
    }
}
