//! Cases: facts and what is expected of them.

use dictamen_value::Message;

use super::cursor::Parser;
use crate::keyword::Keyword;
use crate::problem;
use crate::token::TokenKind;
use crate::tree::{Case, Expectation, ExpectationKind, Expr, Like, Name};

impl Parser<'_, '_> {
    pub(super) fn case(&mut self) -> Case {
        let title_span = self.span_here();
        let title = self.take_text().unwrap_or_else(|| self.no_title());
        self.finish(&Message::new("el título del caso", "the title of the case"));
        let mut case = Case {
            title,
            title_span,
            attributes: Vec::new(),
            like: None,
            as_of: None,
            known_at: None,
            given: None,
            expectations: Vec::new(),
        };
        self.each_line(|parser, keyword| parser.case_line(keyword, &mut case));
        case.attributes = self.take_attributes();
        case
    }

    fn like(&mut self) -> Like {
        let span = self.span_here();
        let title = self.take_text().unwrap_or_else(|| self.no_title());
        Like { title, span, laid: false }
    }

    fn no_title(&mut self) -> String {
        let what = Message::new("un título entre comillas", "a title in quotes");
        let problem = problem::missing_thing(self.gap(), &what, &self.came());
        self.report(problem);
        String::new()
    }

    fn case_line(&mut self, keyword: Keyword, case: &mut Case) {
        if keyword == Keyword::Expect {
            let expectation = self.expectation();
            return case.expectations.push(expectation);
        }
        let span = self.span_here();
        self.eat_keyword(keyword);
        let again = match keyword {
            Keyword::Like => replaced(&mut case.like, self.like()),
            Keyword::Date => replaced(&mut case.as_of, self.date_expression()),
            Keyword::Known => replaced(&mut case.known_at, self.date_expression()),
            _ => replaced(&mut case.given, self.line_expression()),
        };
        if again {
            self.note(problem::repeated(span, keyword.text(self.session.spelling), None));
        }
        self.finish(&Message::new("una línea completa", "a complete line"));
    }

    /// An expression up to the next line; comments inside stay in its text.
    fn line_expression(&mut self) -> Expr {
        let first = self.at;
        let expr = self.whole_expression(&super::expression::after_expression());
        self.leave_comments_in_text(first);
        expr
    }

    fn expectation(&mut self) -> Expectation {
        let mut comments = self.comments_above();
        let start = self.start();
        self.eat_keyword(Keyword::Expect);
        comments.extend(self.comments_behind());
        comments.extend(self.comments_above());
        let error = self.at_keyword(Keyword::Error)
            && self.peek_at(1).is_some_and(|token| matches!(token.kind, TokenKind::Text | TokenKind::OpenText));
        let kind = if error { self.failure() } else { ExpectationKind::Holds(self.line_expression()) };
        if error {
            comments.extend(self.comments_behind());
        }
        Expectation { comments, kind, span: self.span_from(start) }
    }

    /// `error "codigo" en DECISION`.
    fn failure(&mut self) -> ExpectationKind {
        self.eat_keyword(Keyword::Error);
        let code = self.take_text().unwrap_or_default();
        let named = self.expect_keyword(Keyword::In);
        let decision = if named { self.qualified_name() } else { Name { text: String::new(), span: self.gap() } };
        self.finish(&Message::new("una línea completa", "a complete line"));
        ExpectationKind::Fails { code, decision }
    }
}

fn replaced<T>(slot: &mut Option<T>, value: T) -> bool {
    slot.replace(value).is_some()
}
