//! The document, its imports and its types.

use super::Reading;
use crate::dmn::Version;
use crate::dmn::model::{Definitions, FunctionItem, Import, ImportKind, InformationItem, ItemDefinition, UnaryTests};
use crate::dmn::problem;
use crate::xml::Element;

const ROOT_ATTRIBUTES: &[&str] =
    &["name", "namespace", "expressionLanguage", "typeLanguage", "exporter", "exporterVersion"];
const ROOT_CHILDREN: &[&str] = &[
    "import",
    "itemDefinition",
    "decision",
    "inputData",
    "businessKnowledgeModel",
    "decisionService",
    "knowledgeSource",
    "textAnnotation",
    "association",
    "group",
    "elementCollection",
    "performanceIndicator",
    "organizationUnit",
    "DMNDI",
];
const ITEM_ATTRIBUTES: &[&str] = &["name", "typeLanguage", "isCollection"];
const ITEM_CHILDREN: &[&str] = &["typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"];

impl Reading<'_> {
    /// The whole document.
    pub(super) fn definitions(&mut self, at: &Element) -> Definitions {
        let element = self.element(at, ROOT_ATTRIBUTES, ROOT_CHILDREN);
        self.own_namespace = self.required(at, "namespace");
        let imports: Vec<Import> = self.all(at, "import").map(|import| self.import(import)).collect();
        self.imports = imports.iter().map(|import| (import.namespace.clone(), import.name.clone())).collect();
        Definitions {
            element,
            name: self.required(at, "name"),
            namespace: self.own_namespace.clone(),
            version: self.version,
            expression_language: self.language(at, "expressionLanguage"),
            type_language: self.language(at, "typeLanguage"),
            exporter: self.text_attribute(at, "exporter"),
            exporter_version: self.text_attribute(at, "exporterVersion"),
            imports,
            item_definitions: self.all(at, "itemDefinition").map(|item| self.item_definition(item)).collect(),
            drg_elements: at.children.iter().filter_map(|child| self.drg_element(child)).collect(),
            artifacts: at.children.iter().filter_map(|child| self.artifact(child)).collect(),
            element_collections: self.all(at, "elementCollection").map(|set| self.element_collection(set)).collect(),
            business_context: at.children.iter().filter_map(|child| self.business_context(child)).collect(),
            diagrams: self.diagrams(at),
        }
    }

    fn import(&mut self, at: &Element) -> Import {
        let element = self.element(at, &["name", "namespace", "locationURI", "importType"], &[]);
        let namespace = self.required(at, "namespace");
        let kind = self.required(at, "importType");
        Import {
            element,
            name: self.import_name(at, &namespace),
            location: self.text_attribute(at, "locationURI").filter(|uri| !uri.is_empty()),
            kind: if Version::of_namespace(&kind).is_some() { ImportKind::Dmn } else { ImportKind::Other(kind) },
            namespace,
        }
    }

    /// What an import is called. DMN 1.1 has no names: there, the prefix of the namespace serves.
    fn import_name(&mut self, at: &Element, namespace: &str) -> String {
        if let Some(name) = self.text_attribute(at, "name") {
            return name;
        }
        let bindings = at.scope.bindings();
        let prefix = bindings.iter().find(|(prefix, bound)| !prefix.is_empty() && ***bound == *namespace);
        match prefix {
            Some((prefix, _)) if self.version == Version::V1_1 => (*prefix).to_owned(),
            _ if namespace.is_empty() => String::new(),
            _ => {
                self.problems.add(&at.origin, problem::nameless_import(at, namespace));
                String::new()
            }
        }
    }

    fn item_definition(&mut self, at: &Element) -> ItemDefinition {
        let element = self.element(at, ITEM_ATTRIBUTES, ITEM_CHILDREN);
        let type_ref = self.content_child(at, "typeRef");
        ItemDefinition {
            element,
            name: self.required(at, "name"),
            type_ref: type_ref.and_then(|text| self.type_name(at, &text.value, &text.origin)),
            type_language: self.language(at, "typeLanguage"),
            is_collection: self.flag(at, "isCollection").unwrap_or_default(),
            allowed_values: self.only(at, "allowedValues").map(|tests| self.unary_tests(tests)),
            type_constraint: self.only(at, "typeConstraint").map(|tests| self.unary_tests(tests)),
            components: self.all(at, "itemComponent").map(|component| self.item_definition(component)).collect(),
            function: self.only(at, "functionItem").map(|function| self.function_item(function)),
        }
    }

    fn function_item(&mut self, at: &Element) -> FunctionItem {
        FunctionItem {
            element: self.element(at, &["outputTypeRef"], &["parameters"]),
            parameters: self.all(at, "parameters").map(|parameter| self.information_item(parameter)).collect(),
            output_type: self.type_attribute(at, "outputTypeRef"),
        }
    }

    /// A variable, parameter or column.
    pub(super) fn information_item(&mut self, at: &Element) -> InformationItem {
        InformationItem {
            element: self.element(at, &["name", "typeRef"], &[]),
            name: self.required(at, "name"),
            type_ref: self.type_ref(at),
        }
    }

    /// The variable of an element.
    pub(super) fn variable(&mut self, at: &Element) -> Option<InformationItem> {
        self.only(at, "variable").map(|variable| self.information_item(variable))
    }

    /// Tests as text.
    pub(super) fn unary_tests(&mut self, at: &Element) -> UnaryTests {
        let element = self.element(at, &["typeRef", "expressionLanguage"], &["text"]);
        let text = self.content_child(at, "text");
        if text.is_none() {
            self.missing_element(at, &["text"]);
        }
        UnaryTests {
            element,
            type_ref: self.type_ref(at),
            language: self.language(at, "expressionLanguage"),
            text: text.unwrap_or_default(),
        }
    }
}
