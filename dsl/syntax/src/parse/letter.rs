//! Letters: what the person is told of a decision, line by line.

use dictamen_value::Message;

use super::cursor::Parser;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::tree::{Letter, LetterLine, LetterPart};

impl Parser<'_, '_> {
    /// `carta decision` and its lines.
    pub(super) fn letter(&mut self) -> Letter {
        let decision = self.qualified_name();
        self.finish(&Message::new("el nombre de la decisión", "the name of the decision"));
        let mut letter = Letter { decision, attributes: Vec::new(), locals: Vec::new(), lines: Vec::new() };
        while !self.at_end() {
            match self.word().and_then(|word| keyword::find(word, self.lines)) {
                Some(Keyword::Attribute(key)) => self.attribute(key),
                Some(Keyword::Let) => letter.locals.push(self.local()),
                Some(other) => self.letter_line(other, &mut letter),
                None => self.unknown_line(),
            }
        }
        letter.attributes = self.take_attributes();
        letter
    }

    /// `asunto = …`.
    fn letter_line(&mut self, keyword: Keyword, letter: &mut Letter) {
        let comments = self.comments_above();
        let (span, start) = (self.span_here(), self.start());
        self.eat_keyword(keyword);
        let part = part_of(keyword);
        if letter.lines.iter().any(|line| line.part == part) {
            self.note(problem::repeated(span, keyword.text(self.session.spelling), None));
        }
        let ((), value) = self.line_with_value(|_| ());
        letter.lines.push(LetterLine { comments, part, value, span: self.span_from(start) });
    }
}

fn part_of(keyword: Keyword) -> LetterPart {
    match keyword {
        Keyword::Subject => LetterPart::Subject,
        Keyword::Reasons => LetterPart::Reasons,
        Keyword::Options => LetterPart::Options,
        _ => LetterPart::Decided,
    }
}
