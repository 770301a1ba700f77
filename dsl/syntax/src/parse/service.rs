//! Services: decisions offered as one function, and what they take.

use dictamen_value::Message;

use super::cursor::Parser;
use crate::keyword::Keyword;
use crate::problem;
use crate::token::Symbol;
use crate::tree::{Name, Service};

impl Parser<'_, '_> {
    /// `servicio nombre : T` and its lists of names.
    pub(super) fn service(&mut self) -> Service {
        let name = self.name();
        let ty = self.optional_type();
        self.finish(&Message::new("el nombre del servicio", "the name of the service"));
        let mut service = Service {
            name,
            ty,
            attributes: Vec::new(),
            outputs: Vec::new(),
            encloses: Vec::new(),
            inputs: Vec::new(),
            input_decisions: Vec::new(),
        };
        self.each_line(|parser, keyword| parser.service_line(keyword, &mut service));
        service.attributes = self.take_attributes();
        service
    }

    fn service_line(&mut self, keyword: Keyword, service: &mut Service) {
        let span = self.span_here();
        self.eat_keyword(keyword);
        let names = match keyword {
            Keyword::Outputs => &mut service.outputs,
            Keyword::Encloses => &mut service.encloses,
            Keyword::TakesInputs => &mut service.inputs,
            _ => &mut service.input_decisions,
        };
        if !names.is_empty() {
            self.note(problem::repeated(span, keyword.text(self.session.spelling), None));
        }
        names.extend(self.names());
        self.finish(&Message::new(
            "una lista de nombres separados por comas",
            "a list of names with commas between them",
        ));
    }

    /// Names with commas between them.
    fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            names.push(if self.at_line() { self.no_name() } else { self.qualified_name() });
            if !self.eat(Symbol::Comma) {
                return names;
            }
        }
    }
}
