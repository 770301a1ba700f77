//! What elements require: the inputs, decisions, functions and services that their texts use, and those of services.

use dictamen_syntax::tree::{Name, Service};

use super::document::Document;
use super::rewrite::Scope;
use super::rulesets::{Symbol, SymbolKind};
use crate::dmn::model::{
    DecisionService, DmnElement, DrgElement, InformationRequirement, KnowledgeRequirement, Reference,
    RequiredInformation,
};

impl<'r, 'f> Document<'r, 'f> {
    /// Adds a decision service.
    pub(super) fn service(&mut self, service: &Service) {
        self.owner.clone_from(&service.name.text);
        let references = |names: &[Name]| {
            let symbols = names.iter().filter_map(|name| self.rulesets.resolve_text(self.here, &name.text));
            symbols.map(|symbol| self.reference_to(symbol)).collect::<Vec<_>>()
        };
        let (output_decisions, encapsulated_decisions) = (references(&service.outputs), references(&service.encloses));
        let (input_data, input_decisions) = (references(&service.inputs), references(&service.input_decisions));
        let variable = Some(self.variable(&service.name.text, service.ty.as_ref(), &service.name.text));
        let element = self.element(&service.name, &service.attributes);
        let name = service.name.text.clone();
        self.add(DrgElement::DecisionService(DecisionService {
            element,
            name,
            variable,
            output_decisions,
            encapsulated_decisions,
            input_decisions,
            input_data,
        }));
    }

    /// The inputs and decisions that a body uses.
    pub(super) fn information(&mut self, scope: &Scope<'r, 'f>, own: &str) -> Vec<InformationRequirement> {
        let mut requirements: Vec<InformationRequirement> = Vec::new();
        for symbol in &scope.used {
            let reference = self.reference_to(symbol);
            let required = match symbol.kind {
                SymbolKind::Input => RequiredInformation::Input(reference),
                SymbolKind::Decision if !self.is_own(symbol, own) => RequiredInformation::Decision(reference),
                _ => continue,
            };
            requirements.push(InformationRequirement { element: self.identified("uses", own), required });
        }
        if scope.as_of {
            self.reads_as_of = true;
            let reference = Reference { id: self.as_of_id(), ..Reference::default() };
            let required = RequiredInformation::Input(reference);
            requirements.push(InformationRequirement { element: self.identified("uses", own), required });
        }
        requirements
    }

    /// The functions and services that a body uses.
    pub(super) fn knowledge(&mut self, scope: &Scope<'r, 'f>, own: &str) -> Vec<KnowledgeRequirement> {
        let mut requirements = Vec::new();
        for symbol in &scope.used {
            let inlined = symbol.ruleset == self.here && self.inlined.contains(symbol.name);
            let known = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Parameter | SymbolKind::Service);
            if known && !inlined && !self.is_own(symbol, own) {
                let required = self.reference_to(symbol);
                requirements.push(KnowledgeRequirement { element: self.identified("calls", own), required });
            }
        }
        requirements
    }

    fn is_own(&self, symbol: &Symbol<'f>, own: &str) -> bool {
        symbol.ruleset == self.here && symbol.name == own
    }

    pub(super) fn identified(&mut self, kind: &str, owner: &str) -> DmnElement {
        DmnElement { id: Some(self.ids.fresh(kind, owner)), ..DmnElement::default() }
    }

    fn reference_to(&self, symbol: &Symbol<'f>) -> Reference {
        let elsewhere = self.rulesets.sets.get(symbol.ruleset).filter(|_| symbol.ruleset != self.here);
        Reference {
            namespace: elsewhere.map(|set| set.namespace.clone()),
            id: symbol.id.clone(),
            ..Reference::default()
        }
    }
}
