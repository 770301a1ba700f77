//! Warns where a name means the nearest thing of that name while something else outside has it, too: the field of an
//! element in brackets, or an earlier entry in braces. FEEL takes the nearest (DMN 1.5, clause 10.3.2.5); its author often did not.

use dictamen_syntax::{Diagnostic, Span, tree};
use dictamen_value::Message;

use crate::checker::Checker;
use crate::frame::{Frame, Names, Variable};
use crate::symbols::{self, Lookup, Symbol};

impl Checker<'_> {
    /// Whether an entry of a context takes its name from something outside; not where it only hands that on (`{ a: a }`).
    pub(crate) fn hides_another(&self, frame: &Frame, name: &str, value: &tree::Expr) -> bool {
        let hands_on = matches!(&value.kind, tree::ExprKind::Name(given) if given == name);
        !self.model.dmn_mode && !hands_on && (frame.find(name).is_some() || self.is_declared(frame, name))
    }

    /// Warns of the use of an entry that hides something.
    pub(crate) fn hidden_by_entry(&mut self, name: &str, span: Span) {
        let (es, en) = (
            format!(
                "«{name}» es aquí lo que estas llaves llaman así más arriba, no lo que se llama así fuera de ellas"
            ),
            format!("`{name}` is what these braces call so further up, not what is called so outside"),
        );
        let remedy = Message::new("cambie uno de los dos nombres", "change one of the two names");
        self.report(Diagnostic::warning("nombres.oculto", span, Message::new(es, en)).with_help(remedy));
    }

    /// Warns of the use of a field of the element in brackets that hides something.
    pub(crate) fn hidden_by_field(&mut self, frame: &Frame, element: &Variable, name: &str, span: Span) {
        if self.model.dmn_mode || !(has_another(frame, element, name) || self.is_declared(frame, name)) {
            return;
        }
        let (es, en) = (
            format!("«{name}» es aquí el campo de cada elemento, no lo que se llama así fuera de los corchetes"),
            format!("`{name}` is the field of each element here, not what is called so outside the brackets"),
        );
        let remedy = Message::new(
            format!("escriba item.{name} si es el campo; si es lo de fuera, dele antes otro nombre con «sea»"),
            format!("write item.{name} for the field; for what is outside, give it another name before with `let`"),
        );
        self.report(Diagnostic::warning("nombres.oculto", span, Message::new(es, en)).with_help(remedy));
    }

    /// Whether a fact, a parameter or a decision has the name.
    fn is_declared(&self, frame: &Frame, name: &str) -> bool {
        match symbols::lookup(&self.scopes, frame.ruleset, name) {
            Lookup::Found(symbol) => !matches!(symbol, Symbol::Function(_)),
            Lookup::Ambiguous(..) => true,
            Lookup::Unknown => false,
        }
    }
}

/// Whether a variable other than the element, or an open field of one, has the name.
fn has_another(frame: &Frame, element: &Variable, name: &str) -> bool {
    frame.variables.iter().filter(|variable| variable.local != element.local).any(|variable| {
        let open = (variable.names != Names::Own).then(|| variable.ty.fields()).flatten().unwrap_or_default();
        &*variable.name == name || open.iter().any(|field| &*field.name == name)
    })
}
