//! The content of the document: its imports and types, then all else.

use super::Writing;
use crate::dmn::model::{Definitions, FunctionItem, Import, ImportKind, InformationItem, ItemDefinition, UnaryTests};
use crate::dmn::version::MODEL;

impl Writing {
    /// Everything inside the document.
    pub(super) fn content(&mut self, definitions: &Definitions) {
        self.inside(&definitions.element);
        for import in &definitions.imports {
            self.import("import", import);
            self.inside(&import.element);
            self.xml.end();
        }
        for item in &definitions.item_definitions {
            self.item_definition("itemDefinition", item);
        }
        self.graph(definitions);
        if let Some(diagrams) = &definitions.diagrams {
            self.diagrams(diagrams);
        }
    }

    /// Starts an import, or values that are imported.
    pub(super) fn import(&mut self, name: &str, import: &Import) {
        self.start(name, &import.element);
        self.xml.attribute("name", &import.name);
        self.xml.attribute("namespace", &import.namespace);
        self.optional("locationURI", import.location.as_deref());
        self.xml.attribute(
            "importType",
            match &import.kind {
                ImportKind::Dmn => MODEL,
                ImportKind::Other(uri) => uri,
            },
        );
    }

    fn item_definition(&mut self, name: &str, item: &ItemDefinition) {
        self.start(name, &item.element);
        self.xml.attribute("name", &item.name);
        self.language("typeLanguage", item.type_language.as_ref());
        if item.is_collection {
            self.xml.attribute("isCollection", "true");
        }
        self.inside(&item.element);
        self.optional_text("typeRef", item.type_ref.as_ref().map(|type_ref| type_ref.name.as_str()));
        self.optional_tests("allowedValues", item.allowed_values.as_ref());
        self.optional_tests("typeConstraint", item.type_constraint.as_ref());
        for component in &item.components {
            self.item_definition("itemComponent", component);
        }
        if let Some(function) = &item.function {
            self.function_item(function);
        }
        self.xml.end();
    }

    fn function_item(&mut self, function: &FunctionItem) {
        self.start("functionItem", &function.element);
        self.optional("outputTypeRef", function.output_type.as_ref().map(|output| output.name.as_str()));
        self.inside(&function.element);
        for parameter in &function.parameters {
            self.information_item("parameters", parameter);
        }
        self.xml.end();
    }

    /// A variable, parameter or column.
    pub(super) fn information_item(&mut self, name: &str, item: &InformationItem) {
        self.start(name, &item.element);
        self.xml.attribute("name", &item.name);
        self.type_ref(item.type_ref.as_ref());
        self.inside(&item.element);
        self.xml.end();
    }

    pub(super) fn variable(&mut self, variable: Option<&InformationItem>) {
        if let Some(variable) = variable {
            self.information_item("variable", variable);
        }
    }

    pub(super) fn optional_tests(&mut self, name: &str, tests: Option<&UnaryTests>) {
        if let Some(tests) = tests {
            self.unary_tests(name, tests);
        }
    }

    pub(super) fn unary_tests(&mut self, name: &str, tests: &UnaryTests) {
        self.start(name, &tests.element);
        self.type_ref(tests.type_ref.as_ref());
        self.language("expressionLanguage", tests.language.as_ref());
        self.inside(&tests.element);
        self.text("text", &tests.text.value);
        self.xml.end();
    }
}
