//! The ways a model can take before it runs: as it is, as `.regla` text, or as the DMN made of that text.

use std::collections::BTreeSet;

use dictamen_import::dmn::model::Definitions;
use dictamen_import::{Limits, dmn};
use dictamen_syntax::{Diagnostic, Severity, Source, SourceId, tree};
use dictamen_value::Message;

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The model as it is.
    Direct,
    /// Imported to `.regla`, written and read.
    Regla,
    /// The same, exported to DMN, written, read and imported.
    Export,
}

/// Models with the texts that their places point into.
pub(super) struct Documents {
    /// One text a document.
    pub(super) sources: Vec<Source>,
    /// The documents, the one that was asked for first.
    pub(super) definitions: Vec<Definitions>,
}

/// Rulesets with the texts that their places point into, the one that was asked for first.
pub(super) struct Unit {
    /// Texts.
    pub(super) sources: Vec<Source>,
    /// Trees.
    pub(super) files: Vec<tree::File>,
}

/// A model and all that it imports, directly or not, out of those at hand; first the model.
pub(crate) fn closure<'a>(root: &'a Definitions, at_hand: &[&'a Definitions]) -> Vec<&'a Definitions> {
    let mut found = vec![root];
    let mut seen: BTreeSet<&str> = BTreeSet::from([root.namespace.as_str()]);
    let mut next = 0_usize;
    while let Some(document) = found.get(next).copied() {
        for import in &document.imports {
            let imported = at_hand.iter().find(|known| known.namespace == import.namespace);
            if let Some(imported) = imported.filter(|known| seen.insert(&known.namespace)) {
                found.push(imported);
            }
        }
        next = next.saturating_add(1);
    }
    found
}

impl Route {
    /// Takes documents this way.
    ///
    /// # Errors
    /// What stops it on the way.
    pub(super) fn take(self, documents: Documents) -> Result<Unit, Message> {
        let direct = to_rules(documents)?;
        match self {
            Route::Direct => Ok(direct),
            Route::Regla => written(&direct),
            Route::Export => to_rules(exported(&written(&direct)?)?),
        }
    }
}

fn to_rules(documents: Documents) -> Result<Unit, Message> {
    let Documents { sources, definitions } = documents;
    let mapped = dmn::to_rules(&definitions.iter().collect::<Vec<_>>());
    refuse("se importa", "is imported", &mapped.diagnostics, &sources)?;
    let files = mapped.rules.into_iter().map(|rules| rules.file).collect();
    Ok(Unit { sources, files })
}

/// The trees as text, and read from it.
fn written(unit: &Unit) -> Result<Unit, Message> {
    let (mut sources, mut files) = (Vec::new(), Vec::new());
    for (file, number) in unit.files.iter().zip(0_u32..) {
        let source = Source::new(format!("{number}.regla"), dictamen_syntax::format(&Source::new("", ""), file, None));
        let parsed = dictamen_syntax::parse(&source, SourceId(number), &dictamen_model::names());
        sources.push(source);
        files.push(parsed.file);
        refuse("se lee del texto", "is read from the text", &parsed.diagnostics, &sources)?;
    }
    Ok(Unit { sources, files })
}

/// The rules as DMN, written and read.
fn exported(unit: &Unit) -> Result<Documents, Message> {
    let exported = dmn::from_rules(&unit.files.iter().collect::<Vec<_>>(), &dmn::namespace_of);
    refuse("se exporta", "is exported", &exported.diagnostics, &unit.sources)?;
    let mut documents = Documents { sources: Vec::new(), definitions: Vec::new() };
    for (mut definitions, number) in exported.documents.into_iter().zip(0_u32..) {
        dmn::lay_out(&mut definitions);
        let text = dmn::write(&definitions);
        let name = format!("{number}.dmn");
        let read = dmn::read(SourceId(number), &name, text.as_bytes(), &Limits::default());
        documents.sources.push(read.source.clone());
        refuse("se lee del DMN", "is read from the DMN", &read.diagnostics, &documents.sources)?;
        documents.definitions.extend(read.value);
    }
    Ok(documents)
}

/// The first error of a step, if there is one.
fn refuse(step_es: &str, step_en: &str, diagnostics: &[Diagnostic], sources: &[Source]) -> Result<(), Message> {
    let Some(error) = diagnostics.iter().find(|found| found.severity == Severity::Error) else { return Ok(()) };
    let place = sources.get(error.span.source.0 as usize).map(|source| source.place(error.span).to_string());
    let place = place.unwrap_or_default();
    Err(Message::new(
        format!("no {step_es}: {place}: {}", error.message.es),
        format!("it is not what {step_en}: {place}: {}", error.message.en),
    ))
}

/// The first error of reading, if there is one.
pub(super) fn refuse_unread(diagnostics: &[Diagnostic], sources: &[Source]) -> Result<(), Message> {
    refuse("se lee", "is read", diagnostics, sources)
}

/// The first error of a check, if there is one.
pub(super) fn refuse_unchecked(diagnostics: &[Diagnostic], sources: &[Source]) -> Result<(), Message> {
    refuse("pasa la revisión", "is accepted by the checker", diagnostics, sources)
}
