//! Diagrams.

use dictamen_value::Number;

use super::Writing;
use crate::dmn::model::{
    Alignment, Bounds, Color, Diagram, DiagramElement, DiagramPart, Diagrams, Edge, Label, Point, Reference, Shape,
    Style,
};

impl Writing {
    pub(super) fn diagrams(&mut self, diagrams: &Diagrams) {
        self.namespaces.with_diagrams = true;
        self.xml.start("dmndi:DMNDI");
        for diagram in &diagrams.diagrams {
            self.diagram(diagram);
        }
        for style in &diagrams.styles {
            self.style(style);
        }
        self.xml.end();
    }

    /// Starts a part of a diagram.
    fn part(&mut self, name: &str, part: &DiagramPart) {
        self.start(name, &part.element);
        self.optional("sharedStyle", part.shared_style.as_deref());
    }

    /// What all parts of diagrams have inside.
    fn inside_part(&mut self, part: &DiagramPart) {
        self.extensions("di:extension", &part.element);
        if let Some(style) = &part.style {
            self.style(style);
        }
    }

    fn diagram(&mut self, diagram: &Diagram) {
        self.part("dmndi:DMNDiagram", &diagram.part);
        self.optional("name", diagram.name.as_deref());
        self.optional("documentation", diagram.documentation.as_deref());
        self.optional_number("resolution", diagram.resolution);
        self.optional_flag("useAlternativeInputDataShape", diagram.alternative_input_shape);
        self.inside_part(&diagram.part);
        if let Some(size) = &diagram.size {
            self.xml.start("dmndi:Size");
            self.number("width", size.width);
            self.number("height", size.height);
            self.xml.end();
        }
        for element in &diagram.elements {
            match element {
                DiagramElement::Shape(shape) => self.shape(shape),
                DiagramElement::Edge(edge) => self.edge(edge),
            }
        }
        self.xml.end();
    }

    fn shape(&mut self, shape: &Shape) {
        self.part("dmndi:DMNShape", &shape.part);
        self.qualified("dmnElementRef", &shape.drawn);
        self.optional_flag("isListedInputData", shape.is_listed_input_data);
        self.optional_flag("isCollapsed", shape.is_collapsed);
        self.inside_part(&shape.part);
        self.bounds(shape.bounds.as_ref());
        self.label(shape.label.as_deref());
        if let Some(divider) = &shape.divider {
            self.part("dmndi:DMNDecisionServiceDividerLine", &divider.part);
            self.inside_part(&divider.part);
            self.waypoints(&divider.waypoints);
            self.xml.end();
        }
        self.xml.end();
    }

    fn edge(&mut self, edge: &Edge) {
        self.part("dmndi:DMNEdge", &edge.part);
        self.qualified("dmnElementRef", &edge.drawn);
        for (name, end) in [("sourceElement", &edge.source), ("targetElement", &edge.target)] {
            if let Some(end) = end {
                self.qualified(name, end);
            }
        }
        self.inside_part(&edge.part);
        self.waypoints(&edge.waypoints);
        self.label(edge.label.as_deref());
        self.xml.end();
    }

    fn label(&mut self, label: Option<&Label>) {
        let Some(label) = label else { return };
        self.part("dmndi:DMNLabel", &label.part);
        self.inside_part(&label.part);
        self.bounds(label.bounds.as_ref());
        self.optional_text("dmndi:Text", label.text.as_deref());
        self.xml.end();
    }

    fn waypoints(&mut self, points: &[Point]) {
        for point in points {
            self.xml.start("di:waypoint");
            self.number("x", point.x);
            self.number("y", point.y);
            self.xml.end();
        }
    }

    fn bounds(&mut self, bounds: Option<&Bounds>) {
        let Some(Bounds { corner, size }) = bounds else { return };
        self.xml.start("dc:Bounds");
        self.number("x", corner.x);
        self.number("y", corner.y);
        self.number("width", size.width);
        self.number("height", size.height);
        self.xml.end();
    }

    fn style(&mut self, style: &Style) {
        self.start("dmndi:DMNStyle", &style.element);
        self.optional("fontFamily", style.font_family.as_deref());
        self.optional_number("fontSize", style.font_size);
        self.optional_flag("fontItalic", style.italic);
        self.optional_flag("fontBold", style.bold);
        self.optional_flag("fontUnderline", style.underline);
        self.optional_flag("fontStrikeThrough", style.strike_through);
        self.optional("labelHorizontalAlignement", style.horizontal.map(alignment));
        self.optional("labelVerticalAlignment", style.vertical.map(alignment));
        self.extensions("di:extension", &style.element);
        self.color("dmndi:FillColor", style.fill);
        self.color("dmndi:StrokeColor", style.stroke);
        self.color("dmndi:FontColor", style.font);
        self.xml.end();
    }

    fn color(&mut self, name: &str, color: Option<Color>) {
        let Some(color) = color else { return };
        self.xml.start(name);
        self.xml.attribute("red", &color.red.to_string());
        self.xml.attribute("green", &color.green.to_string());
        self.xml.attribute("blue", &color.blue.to_string());
        self.xml.end();
    }

    /// A reference by a qualified name.
    fn qualified(&mut self, name: &str, reference: &Reference) {
        match &reference.namespace {
            None => self.xml.attribute(name, &reference.id),
            Some(namespace) => {
                let prefix = self.namespaces.prefix_of(namespace);
                self.xml.attribute(name, &format!("{prefix}:{}", reference.id));
            }
        }
    }

    fn number(&mut self, name: &str, number: Number) {
        self.xml.attribute(name, &number.to_string());
    }

    fn optional_number(&mut self, name: &str, number: Option<Number>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    fn optional_flag(&mut self, name: &str, flag: Option<bool>) {
        self.optional(name, flag.map(|flag| if flag { "true" } else { "false" }));
    }
}

fn alignment(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::Start => "start",
        Alignment::End => "end",
        Alignment::Center => "center",
    }
}
