//! Generated texts with some of their tokens changed: what the checker still accepts must run all the same.

use super::choices::Choices;

/// The text with one or two tokens replaced by others of their class from the same text, swapped with them, or dropped.
pub fn mutated(choices: &mut Choices, text: &str) -> String {
    let mut tokens = tokens(text);
    for _ in 0..1 + choices.below(2) {
        let place = choices.below(tokens.len());
        let class = class(tokens[place]);
        let alike: Vec<usize> = (0..tokens.len()).filter(|other| self::class(tokens[*other]) == class).collect();
        let other = *choices.pick(&alike);
        match choices.below(8) {
            0..=5 => tokens[place] = tokens[other],
            6 => tokens.swap(place, other),
            _ => tokens[place] = "",
        }
    }
    tokens.concat()
}

/// What kind of token starts with this letter; operators stand for each other.
fn class(token: &str) -> char {
    match token.chars().next() {
        Some('<' | '>' | '=' | '+' | '-' | '*' | '/') => '+',
        Some('(' | '[') => '[',
        Some(')' | ']') => ']',
        Some(letter) if letter.is_ascii_digit() => '0',
        Some(letter) if is_word(letter) => 'a',
        Some(letter) if letter.is_whitespace() => ' ',
        Some(other) => other,
        None => ' ',
    }
}

/// Words, numbers, strings, symbols and the space between them; together they are the text.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            _ if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            _ if first.is_whitespace() => rest.find(|letter: char| !letter.is_whitespace()).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How long the string at the start of a text is, quotes included.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_together_are_the_text() {
        let text = "decision a1 : texto = \"x \\\" y\" + `ñ z`[-1.5]\n";
        assert_eq!(tokens(text).concat(), text);
        assert!(tokens(text).contains(&"\"x \\\" y\""));
    }
}
