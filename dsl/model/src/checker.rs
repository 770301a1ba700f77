//! The passes over a unit of files: header, names, signatures, bodies, and what needs the whole graph.

use std::borrow::Cow;

use dictamen_syntax::{Diagnostic, Severity, Source, Span, tree};
use dictamen_value::Message;

use crate::expressions::{fault, unknown};
use crate::graph::{Expr, Model};
use crate::symbols::Scope;
use crate::{bodies, cases, cycles, declarations, inheritance, letters, reach, reserves, services};

/// What is checked together: a ruleset, what it imports, and its cases.
#[derive(Debug)]
pub struct Unit<'a> {
    /// Texts; spans point into them by position.
    pub sources: &'a [Source],
    /// The root ruleset, all that it imports (one version each), and files of cases.
    pub files: Vec<&'a tree::File>,
    /// Position of the root ruleset in `files`.
    pub root: usize,
}

/// A model and what is wrong with it; it may run only where no diagnostic is an error.
#[derive(Debug)]
pub struct Checked {
    /// The graph, as far as it could be made out.
    pub model: Model,
    /// Problems, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a unit. Never fails: problems are diagnostics.
pub fn check(unit: &Unit<'_>) -> Checked {
    if unit.files.iter().all(|file| inheritance::named_cases(file).next().is_none()) {
        return check_laid(unit, Vec::new());
    }
    let mut files: Vec<tree::File> = unit.files.iter().map(|file| (*file).clone()).collect();
    let found = inheritance::lay_cases(&mut files.iter_mut().collect::<Vec<_>>());
    check_laid(&Unit { sources: unit.sources, files: files.iter().collect(), root: unit.root }, found)
}

/// Checks a unit whose cases have their facts in full.
fn check_laid(unit: &Unit<'_>, found: Vec<Diagnostic>) -> Checked {
    let mut checker = Checker {
        unit,
        model: Model::default(),
        scopes: Vec::new(),
        diagnostics: Vec::new(),
        types_in_progress: Vec::new(),
        last_fault: None,
        named_function: None,
    };
    found.into_iter().for_each(|diagnostic| checker.report(diagnostic));
    declarations::declare(&mut checker);
    bodies::check(&mut checker);
    cycles::check(&mut checker);
    services::check(&mut checker);
    reach::check(&mut checker);
    letters::check(&mut checker);
    reserves::check(&mut checker);
    cases::check(&mut checker);
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.dedup();
    Checked { model: checker.model, diagnostics }
}

/// What the passes share.
pub(crate) struct Checker<'a> {
    /// What is checked.
    pub(crate) unit: &'a Unit<'a>,
    /// What has been made out.
    pub(crate) model: Model,
    /// Names of each ruleset of the model.
    pub(crate) scopes: Vec<Scope<'a>>,
    /// Problems found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Types that are being resolved, to catch those that contain themselves.
    pub(crate) types_in_progress: Vec<(u32, String)>,
    /// DMN mode: the last problem that became a warning, for the null that stands for it ([`Checker::nothing`]).
    last_fault: Option<(&'static str, Message)>,
    /// DMN mode: the name that the function literal to be typed next is given.
    pub(crate) named_function: Option<String>,
}

impl Checker<'_> {
    /// Reports an error.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, es: impl Into<String>, en: impl Into<String>) {
        self.report(Diagnostic::error(code, span, Message::new(es, en)));
    }

    /// Reports a problem; keywords that its texts quote are spelled as the file spells them, whatever language one reads.
    pub(crate) fn report(&mut self, mut diagnostic: Diagnostic) {
        if self.model.dmn_mode && DYNAMIC.iter().any(|family| diagnostic.code.starts_with(family)) {
            diagnostic.severity = Severity::Warning;
            self.last_fault = Some((diagnostic.code, diagnostic.message.clone()));
        }
        let spelling = self.spelling(diagnostic.span);
        spell(&mut diagnostic.message, spelling);
        diagnostic.help.iter_mut().for_each(|help| spell(help, spelling));
        self.diagnostics.push(diagnostic);
    }

    /// What stands for an expression with a problem that was just reported: in DMN mode it is null when evaluated, with that
    /// problem as its diagnostic; natively it never runs.
    pub(crate) fn nothing(&mut self, span: Span) -> Expr {
        match self.last_fault.take() {
            Some((code, message)) if self.model.dmn_mode => fault(code, message, span),
            _ => unknown(span),
        }
    }

    /// How the file in which a span stands spells its keywords.
    fn spelling(&self, span: Span) -> tree::Spelling {
        let stands_in = |file: &&&tree::File| {
            let header = file.header.as_ref().map(|header| header.span);
            header.or_else(|| file.items.first().map(|item| item.span)).is_some_and(|known| known.source == span.source)
        };
        self.unit.files.iter().find(stands_in).map(|file| file.spelling).unwrap_or_default()
    }

    /// The text of a span, as people read it.
    pub(crate) fn text(&self, span: Span) -> Cow<'_, str> {
        let text = self.unit.sources.get(span.source.0 as usize).map(|source| source.reading(span)).unwrap_or_default();
        match text {
            Cow::Borrowed(text) => text.trim().into(),
            Cow::Owned(text) => text.trim().to_owned().into(),
        }
    }
}

/// Problems that DMN's dynamic rules turn into null while evaluating: in its mode they are warnings.
const DYNAMIC: [&str; 12] = [
    "tipos.",
    "nombres.desconocido",
    "nombres.ambiguo",
    "nombres.campo-desconocido",
    "nombres.argumento-desconocido",
    "nombres.repetido",
    "nombres.entrada-distinta",
    "nombres.tipo-desconocido",
    "expresion.",
    "tabla.",
    "limite.anidamiento",
    "decisiones.ciclo",
];

/// Keywords that messages quote, Spanish and English.
const KEYWORDS: [(&str, &str); 18] = [
    ("conocido", "known"),
    ("dado", "given"),
    ("desde", "from"),
    ("espera …", "expect …"),
    ("hasta", "to"),
    ("modo dmn", "mode dmn"),
    ("por_defecto", "default"),
    ("reglas", "rules"),
    ("reglas rut.iva", "rules rut.iva"),
    ("usa", "use"),
    ("valor", "value"),
    ("cualquiera", "any"),
    ("asunto", "subject"),
    ("carta", "letter"),
    ("decidimos", "decided"),
    ("puede_hacer", "options"),
    ("razones", "reasons"),
    ("reserva", "reserved"),
];

fn spell(message: &mut Message, spelling: tree::Spelling) {
    for (spanish, english) in KEYWORDS {
        match spelling {
            tree::Spelling::Spanish => {
                message.en = message.en.replace(&format!("`{english}`"), &format!("`{spanish}`"))
            }
            tree::Spelling::English => {
                message.es = message.es.replace(&format!("«{spanish}»"), &format!("«{english}»"))
            }
        }
    }
    match spelling {
        tree::Spelling::Spanish => message.en = message.en.replace("`use ", "`usa "),
        tree::Spelling::English => message.es = message.es.replace("«usa ", "«use "),
    }
}
