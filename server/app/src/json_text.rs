//! JSON over several lines for people to read; what stands in it stays as it is, digit by digit.

/// The same JSON with a line for each member and element. Numbers are copied, never read: binary floating point would round them.
pub(crate) fn pretty(json: &str) -> String {
    let mut pretty = Pretty { out: String::with_capacity(json.len().saturating_mul(2)), depth: 0 };
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => pretty.text(&mut characters),
            '{' | '[' => {
                let closes = characters.next_if(|next| matches!(next, '}' | ']'));
                pretty.open(character, closes);
            }
            '}' | ']' => pretty.close(character),
            ',' => pretty.next_line(","),
            ':' => pretty.out.push_str(": "),
            other => pretty.out.push(other),
        }
    }
    pretty.out
}

struct Pretty {
    out: String,
    depth: usize,
}

impl Pretty {
    fn text(&mut self, characters: &mut impl Iterator<Item = char>) {
        self.out.push('"');
        while let Some(character) = characters.next() {
            self.out.push(character);
            match character {
                '"' => return,
                '\\' => self.out.extend(characters.next()),
                _ => {}
            }
        }
    }

    fn open(&mut self, bracket: char, closes: Option<char>) {
        self.out.push(bracket);
        match closes {
            Some(closing) => self.out.push(closing),
            None => {
                self.depth = self.depth.saturating_add(1);
                self.next_line("");
            }
        }
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        self.next_line("");
        self.out.push(bracket);
    }

    fn next_line(&mut self, before: &str) {
        self.out.push_str(before);
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_and_every_text_stays() {
        for (json, expected) in [
            ("12345678901234567890.10", "12345678901234567890.10"),
            ("{}", "{}"),
            (r#"{"a":[],"b":[1,2]}"#, "{\n  \"a\": [],\n  \"b\": [\n    1,\n    2\n  ]\n}"),
            (r#"{"a":"x,{\"y\":[\\"}"#, "{\n  \"a\": \"x,{\\\"y\\\":[\\\\\"\n}"),
        ] {
            assert_eq!(pretty(json), expected);
        }
    }
}
