//! One ruleset becomes one document: its blocks in order, then what the blocks turned out to need.

use std::collections::HashSet;

use dictamen_syntax::tree::{
    Attribute, AttributeKey, Decision, Function, FunctionBody, Header, Input, Item, ItemKind, Name, Parameter, Table,
    TypeExpr,
};

use super::closures::{Closures, Need};
use super::ids::Ids;
use super::losses::{Loss, Losses};
use super::rewrite::Scope;
use super::rulesets::{Imported, Ruleset, Rulesets, SymbolKind};
use super::types::Types;
use crate::dmn::Version;
use crate::dmn::model::{
    BusinessKnowledgeModel, Decision as DmnDecision, Definitions, DmnElement, DrgElement, FunctionDefinition, Import,
    ImportKind, InformationItem, InputData, TypeRef,
};
use dictamen_syntax::Diagnostic;

/// What the document says that it was written by.
const EXPORTER: &str = "Dictamen";

/// A document that is being made.
pub(super) struct Document<'r, 'f> {
    pub(super) rulesets: &'r Rulesets<'f>,
    /// The number of its ruleset.
    pub(super) here: usize,
    pub(super) closures: &'r Closures<'f>,
    pub(super) scope: Scope<'r, 'f>,
    pub(super) types: Types,
    pub(super) losses: Losses,
    /// Names that in a filter may mean fields.
    pub(super) field_names: HashSet<String>,
    /// What is called, each time.
    pub(super) calls: Vec<(usize, &'f str)>,
    /// Functions whose table stands where they are called.
    pub(super) inlined: HashSet<&'f str>,
    /// The block that is written: what its unnamed types are named after.
    pub(super) owner: String,
    pub(super) ids: Ids,
    /// Knowledge sources: their names and identifiers.
    pub(super) sources: Vec<(String, String)>,
    /// Imports that the ruleset has, and those that its functions turned out to need.
    imports: Vec<Import>,
    /// Imports by the number of the ruleset: what it is called; `None` where its names are used as they are.
    aliases: Vec<(usize, Option<String>)>,
    elements: Vec<Slot<'f>>,
    pub(super) reads_as_of: bool,
}

/// A place among the elements.
enum Slot<'f> {
    Element(Box<DrgElement>),
    /// A function, unless its table stands where it is called.
    Function(&'f Function),
}

impl<'r, 'f> Document<'r, 'f> {
    /// An empty document of a ruleset.
    pub(super) fn new(rulesets: &'r Rulesets<'f>, here: usize, closures: &'r Closures<'f>) -> Document<'r, 'f> {
        let set = rulesets.sets.get(here);
        let mut ids = Ids::default();
        set.into_iter().flat_map(|set| &set.taken).for_each(|id| ids.take(id));
        let mut document = Document {
            rulesets,
            here,
            closures,
            scope: Scope::default(),
            types: Types::default(),
            losses: Losses::default(),
            field_names: rulesets.field_names(here),
            calls: Vec::new(),
            inlined: HashSet::new(),
            owner: String::new(),
            ids,
            sources: Vec::new(),
            imports: Vec::new(),
            aliases: Vec::new(),
            elements: Vec::new(),
            reads_as_of: false,
        };
        set.into_iter().flat_map(|set| &set.imports).for_each(|import| document.import(import));
        set.into_iter().for_each(|set| document.types.know(set.items()));
        document
    }

    /// The whole document, and what is lost in it.
    pub(super) fn finished(mut self) -> Option<(Definitions, Vec<Diagnostic>)> {
        let set = self.rulesets.sets.get(self.here)?;
        set.items().for_each(|item| self.item(item));
        let mut drg_elements = self.all_elements();
        drg_elements.extend(self.sources());
        if self.reads_as_of {
            drg_elements.insert(0, self.as_of_input());
        }
        let (element, name) = self.head(set);
        let mut item_definitions = std::mem::take(&mut self.types.definitions);
        item_definitions.iter_mut().for_each(|item| {
            item.element.id = Some(self.ids.fresh("type", &item.name));
        });
        let definitions = Definitions {
            element,
            name,
            namespace: set.namespace.clone(),
            version: Version::V1_5,
            expression_language: None,
            type_language: None,
            exporter: Some(EXPORTER.to_owned()),
            exporter_version: None,
            imports: self.imports,
            item_definitions,
            drg_elements,
            artifacts: Vec::new(),
            element_collections: Vec::new(),
            business_context: Vec::new(),
            diagrams: None,
        };
        Some((definitions, self.losses.finish()))
    }

    /// The elements in order. Functions come last to be made: what calls them may have taken their tables.
    fn all_elements(&mut self) -> Vec<DrgElement> {
        let slots = std::mem::take(&mut self.elements);
        let made: Vec<(Option<&str>, DrgElement)> = slots
            .into_iter()
            .map(|slot| match slot {
                Slot::Element(element) => (None, *element),
                Slot::Function(function) => (Some(function.name.text.as_str()), self.knowledge_model(function)),
            })
            .collect();
        let stays = |name: &Option<&str>| !name.is_some_and(|name| self.inlined.contains(name));
        made.into_iter().filter(|(name, _)| stays(name)).map(|(_, element)| element).collect()
    }

    /// Adds a block.
    pub(super) fn item(&mut self, item: &'f Item) {
        if let Some(comment) = item.comments.first() {
            self.losses.add(Loss::Comments, comment.span);
        }
        match &item.kind {
            ItemKind::Import(_) => {}
            ItemKind::Type(declaration) => self.declared_type(declaration),
            ItemKind::Input(input) => self.input(input),
            ItemKind::Parameter(parameter) => self.parameter(parameter),
            ItemKind::Decision(decision) => self.decision(decision),
            ItemKind::Table(table) => self.table_decision(table),
            ItemKind::Function(function) => self.elements.push(Slot::Function(function)),
            ItemKind::Service(service) => self.service(service),
            ItemKind::Letter(_) => self.losses.add(Loss::Letters, item.span),
            ItemKind::Glossary(_) => self.losses.add(Loss::Glossaries, item.span),
            ItemKind::Case(_) => self.losses.add(Loss::Cases, item.span),
            ItemKind::Error(_) => self.losses.add(Loss::Unreadable, item.span),
        }
    }

    /// The word of the ruleset's own spelling.
    pub(super) fn word(&self, spanish: &'static str, english: &'static str) -> &'static str {
        self.rulesets.sets.get(self.here).map_or(spanish, |set| set.word(spanish, english))
    }

    /// The name of the input that holds the as-of date.
    pub(super) fn as_of_name(&self) -> &'static str {
        self.word("fecha_decision", "decision_date")
    }

    /// Whether the ruleset follows the rules of DMN already.
    pub(super) fn is_dmn_mode(&self) -> bool {
        self.rulesets.sets.get(self.here).is_some_and(Ruleset::dmn_mode)
    }

    /// What another ruleset is called here, which is imported for it where it was not; `None` where no prefix is needed.
    pub(super) fn alias_of(&mut self, ruleset: usize) -> Option<String> {
        if ruleset == self.here {
            return None;
        }
        if let Some((_, alias)) = self.aliases.iter().find(|(known, _)| *known == ruleset) {
            return alias.clone();
        }
        let set = self.rulesets.sets.get(ruleset)?;
        let alias = set.id.replace('.', "_");
        self.imports.push(imported(&alias, &set.namespace));
        self.aliases.push((ruleset, Some(alias.clone())));
        Some(alias)
    }

    /// The logic of a function, in its own scope, with the scope as it is then.
    pub(super) fn function_logic(
        &mut self,
        function: &'f Function,
        needs: Vec<(Need<'f>, String)>,
    ) -> (FunctionDefinition, Scope<'r, 'f>) {
        self.owner.clone_from(&function.name.text);
        let mut parameters = self.parameters(&function.parameters);
        parameters.extend(needs.iter().map(|(need, name)| InformationItem {
            name: name.clone(),
            type_ref: self.type_of_need(need),
            ..InformationItem::default()
        }));
        self.scope = Scope::of_function(needs);
        function.parameters.iter().for_each(|(name, _)| self.scope.bind(&name.text));
        let logic = match &function.body {
            FunctionBody::Expression(locals, body) => FunctionDefinition {
                body: Some(Box::new(self.body(locals, body, function.ty.as_ref()))),
                parameters,
                ..FunctionDefinition::default()
            },
            FunctionBody::Table(body) => FunctionDefinition {
                body: Some(Box::new(self.table_expression(body, function.ty.as_ref(), &function.name))),
                parameters,
                ..FunctionDefinition::default()
            },
            FunctionBody::External { class, method } => {
                FunctionDefinition { parameters, ..super::boxes::java(class, method) }
            }
        };
        (logic, std::mem::take(&mut self.scope))
    }

    /// Parameters with their types.
    pub(super) fn parameters(&mut self, parameters: &[(Name, Option<TypeExpr>)]) -> Vec<InformationItem> {
        let items = parameters.iter().map(|(name, ty)| self.variable(&name.text, ty.as_ref(), &name.text));
        items.collect()
    }

    /// A variable with its type; a type without a name gets one after `hint`.
    pub(super) fn variable(&mut self, name: &str, ty: Option<&TypeExpr>, hint: &str) -> InformationItem {
        let type_ref = ty.map(|ty| self.type_ref(ty, hint));
        InformationItem { name: name.to_owned(), type_ref, ..InformationItem::default() }
    }

    /// Adds an element.
    pub(super) fn add(&mut self, element: DrgElement) {
        self.elements.push(Slot::Element(Box::new(element)));
    }

    /// The element of the document and its name: the title that the identifier was made from, or the identifier.
    fn head(&mut self, set: &Ruleset<'f>) -> (DmnElement, String) {
        let Some(header) = set.files.first().and_then(|file| file.header.as_ref()) else {
            return (DmnElement::default(), set.id.to_owned());
        };
        self.tell_header(header);
        let titles = header.attributes.iter().filter(|attribute| attribute.key == AttributeKey::Title);
        let title = titles.map(|title| title.text.as_str()).find(|title| is_made_from(set.id, title));
        let id = Some(self.ids.fresh("rules", &header.id.text));
        let element = DmnElement { id, ..self.header_element(header, title.is_some()) };
        (element, title.unwrap_or(set.id).to_owned())
    }

    fn tell_header(&mut self, header: &Header) {
        if let Some(comment) = header.comments.first() {
            self.losses.add(Loss::Comments, comment.span);
        }
        if header.in_force.is_some() || header.published.is_some() {
            self.losses.add(Loss::Force, header.span);
        }
        if !header.dmn_mode {
            self.losses.add(Loss::Errors, header.span);
        }
    }

    fn import(&mut self, import: &Imported<'f>) {
        if import.target.is_none() {
            self.losses.add(Loss::UnknownImport, import.item.span);
        }
        let namespace =
            import.target.and_then(|target| self.rulesets.sets.get(target)).map(|set| set.namespace.clone());
        let namespace = namespace.unwrap_or_else(|| super::namespace_of(import.id));
        self.imports.push(imported(import.alias, &namespace));
        if let Some(target) = import.target {
            let alias = Some(import.alias.to_owned()).filter(|alias| !alias.is_empty());
            self.aliases.push((target, alias));
        }
    }

    fn input(&mut self, input: &Input) {
        self.owner.clone_from(&input.name.text);
        self.tell_shared(&input.name);
        let variable = self.variable(&input.name.text, Some(&input.ty), &input.name.text);
        let element = self.element(&input.name, &input.attributes);
        let name = input.name.text.clone();
        self.add(DrgElement::InputData(InputData { element, name, variable: Some(variable) }));
    }

    /// Tells where one fact becomes two.
    fn tell_shared(&mut self, name: &Name) {
        let imports = self.rulesets.sets.get(self.here).into_iter().flat_map(|set| &set.imports);
        let mut sets = imports.filter_map(|import| self.rulesets.sets.get(import.target?));
        let shared = sets.any(|set| set.symbol(&name.text).is_some_and(|symbol| symbol.kind == SymbolKind::Input));
        if shared && !self.is_dmn_mode() {
            self.losses.add(Loss::SharedInput, name.span);
        }
    }

    fn as_of_input(&mut self) -> DrgElement {
        let name = self.as_of_name().to_owned();
        let variable = InformationItem {
            name: name.clone(),
            type_ref: Some(TypeRef { name: "date".to_owned(), ..TypeRef::default() }),
            ..InformationItem::default()
        };
        let label = self.word("Fecha de la decisión", "As-of date").to_owned();
        let element = DmnElement { id: Some(self.as_of_id()), label: Some(label), ..DmnElement::default() };
        DrgElement::InputData(InputData { element, name, variable: Some(variable) })
    }

    /// The identifier of the input that holds the as-of date.
    pub(super) fn as_of_id(&self) -> String {
        format!("as-of-{}", self.as_of_name())
    }

    fn decision(&mut self, decision: &'f Decision) {
        self.owner.clone_from(&decision.name.text);
        let variable = self.variable(&decision.name.text, decision.ty.as_ref(), &decision.name.text);
        self.scope = Scope::default();
        let expression = Some(self.body(&decision.locals, &decision.body, decision.ty.as_ref()));
        self.add_decision(&decision.name, &decision.attributes, variable, expression);
    }

    fn table_decision(&mut self, table: &'f Table) {
        self.owner.clone_from(&table.name.text);
        let variable = self.table_variable(table);
        self.scope = Scope::default();
        let expression = Some(self.table_expression(&table.body, table.ty.as_ref(), &table.name));
        self.add_decision(&table.name, &table.attributes, variable, expression);
    }

    fn add_decision(
        &mut self,
        name: &Name,
        attributes: &[Attribute],
        variable: InformationItem,
        expression: Option<crate::dmn::model::Expression>,
    ) {
        let scope = std::mem::take(&mut self.scope);
        if scope.as_of {
            self.losses.add(Loss::AsOf, name.span);
        }
        let (element, authority) = self.authorised(name, attributes);
        let (information, knowledge) = (self.information(&scope, &name.text), self.knowledge(&scope, &name.text));
        let name = name.text.clone();
        let variable = Some(variable);
        let decision = DmnDecision {
            element,
            name,
            variable,
            information,
            knowledge,
            authority,
            expression,
            ..DmnDecision::default()
        };
        self.add(DrgElement::Decision(Box::new(decision)));
    }

    fn knowledge_model(&mut self, function: &'f Function) -> DrgElement {
        let closures = self.closures;
        let symbol = self.rulesets.sets.get(self.here).and_then(|set| set.symbol(&function.name.text));
        let needs =
            symbol.and_then(|symbol| closures.of(symbol)).map(|closure| closure.needs.clone()).unwrap_or_default();
        self.tell_needs(function, &needs);
        let (logic, scope) = self.function_logic(function, needs);
        let (element, authority) = self.authorised(&function.name, &function.attributes);
        let variable = self.function_variable(function);
        let knowledge = self.knowledge(&scope, &function.name.text);
        DrgElement::BusinessKnowledgeModel(BusinessKnowledgeModel {
            element,
            name: function.name.text.clone(),
            variable: Some(variable),
            logic: Some(logic),
            knowledge,
            authority,
        })
    }

    /// A dated parameter: see [`super::parameters`].
    fn parameter(&mut self, parameter: &Parameter) {
        self.owner.clone_from(&parameter.name.text);
        let model = self.dated(parameter);
        self.add(DrgElement::BusinessKnowledgeModel(model));
    }
}

fn imported(alias: &str, namespace: &str) -> Import {
    Import {
        element: DmnElement::default(),
        name: alias.to_owned(),
        namespace: namespace.to_owned(),
        location: None,
        kind: ImportKind::Dmn,
    }
}

/// Whether the identifier of a ruleset is the one that reading a document of that name gives.
fn is_made_from(id: &str, name: &str) -> bool {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join("_").to_lowercase();
    let id = id.strip_prefix("modelo_").filter(|_| !words.starts_with("modelo")).unwrap_or(id);
    let numbered = id.strip_prefix(&words).and_then(|rest| rest.strip_prefix('_'));
    !words.is_empty()
        && (id == words || numbered.is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit())))
}
