//! Decision services (DMN 1.5, clauses 6.3.8 and 10.4).

use dictamen_syntax::tree::{ItemKind, Name, Service};

use super::identifiers::{given, spelled};
use super::mapping::{self, Mapping};
use super::{attributes, problem};
use crate::dmn::model::{DecisionService, Reference};

impl Mapping<'_, '_> {
    pub(super) fn service(&mut self, service: &DecisionService) -> ItemKind {
        self.check_variable(service.variable.as_ref(), &service.name);
        let type_ref = service.variable.as_ref().and_then(|variable| variable.type_ref.as_ref());
        let result = match type_ref.map(|ty| (ty, self.structure_of(ty).and_then(|item| item.function.as_ref()))) {
            Some((_, Some(function))) => function.output_type.as_ref(),
            Some((ty, None)) => Some(ty),
            None => None,
        };
        ItemKind::Service(Service {
            name: mapping::name(&service.name, &service.element.origin),
            ty: result.map(|ty| self.named_type(ty)),
            attributes: attributes::of_element(&service.element, &service.name),
            outputs: self.names_of(&service.output_decisions),
            encloses: self.names_of(&service.encapsulated_decisions),
            inputs: self.names_of(&service.input_data),
            input_decisions: self.names_of(&service.input_decisions),
        })
    }

    fn names_of(&mut self, references: &[Reference]) -> Vec<Name> {
        references.iter().filter_map(|reference| self.name_of(reference)).collect()
    }

    /// What rules of this document call an element.
    fn name_of(&mut self, reference: &Reference) -> Option<Name> {
        let Some((home, element)) = self.library.element(self.document, reference) else {
            let origin = &reference.origin;
            // Reading tells of those in the document itself.
            if let Some(namespace) = &reference.namespace {
                self.problems.add(origin, problem::missing_import(origin, namespace));
            }
            return None;
        };
        let imports = &self.document.definitions.imports;
        let import = imports.iter().find(|import| import.namespace == home.definitions.namespace);
        let alias = import.map(|import| import.name.as_str()).filter(|alias| !alias.is_empty());
        let text = match alias.filter(|_| !std::ptr::eq(home, self.document)) {
            Some(alias) => format!("{}.{}", spelled(alias), given(element.name())),
            None => element.name().to_owned(),
        };
        Some(mapping::name(&text, &reference.origin))
    }
}
