//! Diagrams.

use dictamen_value::{Message, Number};

use super::Reading;
use crate::dmn::model::{
    Alignment, Bounds, Color, Diagram, DiagramElement, DiagramPart, Diagrams, Divider, Edge, Label, Point, Reference,
    Shape, Size, Style,
};
use crate::dmn::problem;
use crate::dmn::version::{DC, DI, is_dmndi};
use crate::xml::{Attribute, Element, is_xml_space};

const SHAPE_ATTRIBUTES: &[&str] = &["sharedStyle", "dmnElementRef", "isListedInputData", "isCollapsed"];
const EDGE_ATTRIBUTES: &[&str] = &["sharedStyle", "dmnElementRef", "sourceElement", "targetElement"];
const DIAGRAM_ATTRIBUTES: &[&str] =
    &["sharedStyle", "name", "documentation", "resolution", "useAlternativeInputDataShape"];
const STYLE_ATTRIBUTES: &[&str] = &[
    "fontFamily",
    "fontSize",
    "fontItalic",
    "fontBold",
    "fontUnderline",
    "fontStrikeThrough",
    "labelHorizontalAlignement",
    "labelHorizontalAlignment",
    "labelVerticalAlignment",
];
const ALIGNMENTS: &[(&str, Alignment)] =
    &[("start", Alignment::Start), ("end", Alignment::End), ("center", Alignment::Center)];

impl Reading<'_> {
    /// The diagrams of a document.
    pub(super) fn diagrams(&mut self, root: &Element) -> Option<Diagrams> {
        let at = self.part(root, "DMNDI")?;
        self.check(at, &[], &["DMNDiagram", "DMNStyle"]);
        Some(Diagrams {
            diagrams: parts(at, "DMNDiagram").map(|diagram| self.diagram(diagram)).collect(),
            styles: parts(at, "DMNStyle").map(|style| self.style(style)).collect(),
        })
    }

    /// The child of that name of the namespaces of diagrams.
    fn part<'e>(&mut self, at: &'e Element, name: &'static str) -> Option<&'e Element> {
        self.first(at, parts(at, name).collect())
    }

    fn diagram_part(&mut self, at: &Element, attributes: &[&str], children: &[&str]) -> DiagramPart {
        DiagramPart {
            element: self.element(at, attributes, &[&["DMNStyle"], children].concat()),
            style: self.part(at, "DMNStyle").map(|style| Box::new(self.style(style))),
            shared_style: self.text_attribute(at, "sharedStyle"),
        }
    }

    fn diagram(&mut self, at: &Element) -> Diagram {
        Diagram {
            part: self.diagram_part(at, DIAGRAM_ATTRIBUTES, &["Size", "DMNShape", "DMNEdge"]),
            name: self.text_attribute(at, "name"),
            documentation: self.text_attribute(at, "documentation"),
            resolution: self.number(at, "resolution"),
            alternative_input_shape: self.flag(at, "useAlternativeInputDataShape"),
            size: self.part(at, "Size").map(|size| self.size(size)),
            elements: at.children.iter().filter_map(|child| self.diagram_element(child)).collect(),
        }
    }

    fn diagram_element(&mut self, at: &Element) -> Option<DiagramElement> {
        if !at.namespace.as_deref().is_some_and(is_dmndi) {
            return None;
        }
        match at.local.as_str() {
            "DMNShape" => Some(DiagramElement::Shape(self.shape(at))),
            "DMNEdge" => Some(DiagramElement::Edge(self.edge(at))),
            _ => None,
        }
    }

    fn shape(&mut self, at: &Element) -> Shape {
        const CHILDREN: &[&str] = &["Bounds", "DMNLabel", "DMNDecisionServiceDividerLine"];
        Shape {
            part: self.diagram_part(at, SHAPE_ATTRIBUTES, CHILDREN),
            drawn: self.drawn(at),
            is_listed_input_data: self.flag(at, "isListedInputData"),
            is_collapsed: self.flag(at, "isCollapsed"),
            bounds: self.part(at, "Bounds").map(|bounds| self.bounds(bounds)),
            label: self.part(at, "DMNLabel").map(|label| Box::new(self.label(label))),
            divider: self.part(at, "DMNDecisionServiceDividerLine").map(|divider| Box::new(self.divider(divider))),
        }
    }

    fn edge(&mut self, at: &Element) -> Edge {
        Edge {
            part: self.diagram_part(at, EDGE_ATTRIBUTES, &["waypoint", "DMNLabel"]),
            drawn: self.drawn(at),
            source: at.attribute("sourceElement").map(|attribute| self.qualified_reference(at, attribute)),
            target: at.attribute("targetElement").map(|attribute| self.qualified_reference(at, attribute)),
            waypoints: self.waypoints(at),
            label: self.part(at, "DMNLabel").map(|label| Box::new(self.label(label))),
        }
    }

    fn label(&mut self, at: &Element) -> Label {
        let text = self.part(at, "Text").map(|text| text.text.value.clone());
        Label {
            part: self.diagram_part(at, &["sharedStyle"], &["Bounds", "Text"]),
            bounds: self.part(at, "Bounds").map(|bounds| self.bounds(bounds)),
            text,
        }
    }

    fn divider(&mut self, at: &Element) -> Divider {
        Divider { part: self.diagram_part(at, &["sharedStyle"], &["waypoint"]), waypoints: self.waypoints(at) }
    }

    fn waypoints(&mut self, at: &Element) -> Vec<Point> {
        parts(at, "waypoint").map(|point| self.point(point, &["x", "y"])).collect()
    }

    fn point(&mut self, at: &Element, attributes: &[&str]) -> Point {
        self.check(at, attributes, &[]);
        Point { x: self.length(at, "x"), y: self.length(at, "y") }
    }

    fn size(&mut self, at: &Element) -> Size {
        self.check(at, &["x", "y", "width", "height"], &[]);
        Size { width: self.length(at, "width"), height: self.length(at, "height") }
    }

    fn bounds(&mut self, at: &Element) -> Bounds {
        Bounds { corner: self.point(at, &["x", "y", "width", "height"]), size: self.size(at) }
    }

    /// A number that must be there.
    fn length(&mut self, at: &Element, name: &str) -> Number {
        if at.attribute(name).is_none() {
            self.problems.add(&at.origin, problem::missing_attribute(at, name));
        }
        self.number(at, name).unwrap_or_default()
    }

    /// The element that a part draws.
    fn drawn(&mut self, at: &Element) -> Reference {
        let Some(attribute) = at.attribute("dmnElementRef") else {
            self.problems.add(&at.origin, problem::missing_attribute(at, "dmnElementRef"));
            return Reference { origin: at.origin.clone(), ..Reference::default() };
        };
        self.qualified_reference(at, attribute)
    }

    /// A reference by a qualified name: `id`, or `prefix:id` for an element of another document.
    fn qualified_reference(&mut self, at: &Element, attribute: &Attribute) -> Reference {
        let value = &attribute.value;
        let written = value.value.trim_matches(is_xml_space);
        let (namespace, id) = match at.qualified(written) {
            Some((namespace, id)) => (namespace, id),
            None => {
                self.problems.add(&value.origin, problem::reference_prefix(value));
                (None, written)
            }
        };
        let namespace = namespace.map(|namespace| namespace.to_string());
        let namespace = namespace.filter(|namespace| *namespace != self.own_namespace);
        Reference { namespace, id: id.to_owned(), origin: value.origin.clone() }
    }

    fn style(&mut self, at: &Element) -> Style {
        Style {
            element: self.element(at, STYLE_ATTRIBUTES, &["FillColor", "StrokeColor", "FontColor"]),
            fill: self.part(at, "FillColor").map(|color| self.color(color)),
            stroke: self.part(at, "StrokeColor").map(|color| self.color(color)),
            font: self.part(at, "FontColor").map(|color| self.color(color)),
            font_family: self.text_attribute(at, "fontFamily"),
            font_size: self.number(at, "fontSize"),
            italic: self.flag(at, "fontItalic"),
            bold: self.flag(at, "fontBold"),
            underline: self.flag(at, "fontUnderline"),
            strike_through: self.flag(at, "fontStrikeThrough"),
            horizontal: self.horizontal_alignment(at),
            vertical: self.one_of(at, "labelVerticalAlignment", ALIGNMENTS),
        }
    }

    /// The schemas spell it `labelHorizontalAlignement`, and tools also as one should.
    fn horizontal_alignment(&mut self, at: &Element) -> Option<Alignment> {
        let as_in_the_schema = self.one_of(at, "labelHorizontalAlignement", ALIGNMENTS);
        as_in_the_schema.or_else(|| self.one_of(at, "labelHorizontalAlignment", ALIGNMENTS))
    }

    fn color(&mut self, at: &Element) -> Color {
        self.check(at, &["red", "green", "blue"], &[]);
        Color { red: self.shade(at, "red"), green: self.shade(at, "green"), blue: self.shade(at, "blue") }
    }

    fn shade(&mut self, at: &Element, name: &str) -> u8 {
        let Some(attribute) = at.attribute(name) else {
            self.problems.add(&at.origin, problem::missing_attribute(at, name));
            return 0;
        };
        let value = &attribute.value;
        value.value.trim_matches(is_xml_space).parse().unwrap_or_else(|_| {
            let allowed = Message::new("un número entero de 0 a 255", "a whole number from 0 to 255");
            self.problems.add(&value.origin, problem::bad_value(name, value, &allowed));
            0
        })
    }
}

/// Children of that name of the namespaces of diagrams, in order.
fn parts<'e>(at: &'e Element, name: &'static str) -> impl Iterator<Item = &'e Element> {
    at.children.iter().filter(move |child| {
        let namespace = child.namespace.as_deref();
        child.local == name && namespace.is_some_and(|namespace| is_dmndi(namespace) || [DC, DI].contains(&namespace))
    })
}
