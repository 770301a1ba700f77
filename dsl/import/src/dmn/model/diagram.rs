//! Diagrams (DMN 1.5, chapter 13): where the elements are drawn.

use dictamen_value::Number;

use super::element::{DmnElement, Reference};

/// The diagrams of a document, with the styles that they share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagrams {
    /// The diagrams.
    pub diagrams: Vec<Diagram>,
    /// Styles that their parts name.
    pub styles: Vec<Style>,
}

/// What every part of a diagram may carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiagramPart {
    /// Identifier, extensions and foreign attributes.
    pub element: DmnElement,
    /// A style of its own.
    pub style: Option<Box<Style>>,
    /// The identifier of a shared style.
    pub shared_style: Option<String>,
}

/// A diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {
    /// What all parts have.
    pub part: DiagramPart,
    /// Its name.
    pub name: Option<String>,
    /// A text about it.
    pub documentation: Option<String>,
    /// Units of length to the inch.
    pub resolution: Option<Number>,
    /// Whether inputs are drawn with their other shape (DMN 1.5).
    pub alternative_input_shape: Option<bool>,
    /// Its size.
    pub size: Option<Size>,
    /// What is drawn, the hindmost first.
    pub elements: Vec<DiagramElement>,
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum DiagramElement {
    /// A box.
    Shape(Shape),
    /// A line.
    Edge(Edge),
}

/// A box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// What all parts have.
    pub part: DiagramPart,
    /// The element that it draws.
    pub drawn: Reference,
    /// Whether an input is written inside what uses it instead of drawn.
    pub is_listed_input_data: Option<bool>,
    /// Whether a decision service is drawn closed.
    pub is_collapsed: Option<bool>,
    /// Where it is.
    pub bounds: Option<Bounds>,
    /// What is written on it.
    pub label: Option<Box<Label>>,
    /// The line between the two parts of a decision service.
    pub divider: Option<Box<Divider>>,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// What all parts have.
    pub part: DiagramPart,
    /// The element that it draws.
    pub drawn: Reference,
    /// The shape at its start (DMN 1.3).
    pub source: Option<Reference>,
    /// The shape at its end (DMN 1.3).
    pub target: Option<Reference>,
    /// Its points.
    pub waypoints: Vec<Point>,
    /// What is written on it.
    pub label: Option<Box<Label>>,
}

/// What is written on a shape or an edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// What all parts have.
    pub part: DiagramPart,
    /// Where it is.
    pub bounds: Option<Bounds>,
    /// The text; the name of the element where it is missing.
    pub text: Option<String>,
}

/// The line between the two parts of a decision service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Divider {
    /// What all parts have.
    pub part: DiagramPart,
    /// Its points.
    pub waypoints: Vec<Point>,
}

/// A point, in units of length to the right and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: Number,
    /// Down.
    pub y: Number,
}

/// A size, in units of length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width: Number,
    /// From top to bottom.
    pub height: Number,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Its upper left corner.
    pub corner: Point,
    /// Its size.
    pub size: Size,
}

/// Colours and letters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// Identifier, extensions and foreign attributes.
    pub element: DmnElement,
    /// The colour inside.
    pub fill: Option<Color>,
    /// The colour of lines.
    pub stroke: Option<Color>,
    /// The colour of letters.
    pub font: Option<Color>,
    /// Names of fonts, separated by commas.
    pub font_family: Option<String>,
    /// The size of letters.
    pub font_size: Option<Number>,
    /// Slanted letters.
    pub italic: Option<bool>,
    /// Heavy letters.
    pub bold: Option<bool>,
    /// A line under the letters.
    pub underline: Option<bool>,
    /// A line through the letters.
    pub strike_through: Option<bool>,
    /// Where the label stands from left to right.
    pub horizontal: Option<Alignment>,
    /// Where the label stands from top to bottom.
    pub vertical: Option<Alignment>,
}

/// A colour by its parts, each from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// At the start.
    Start,
    /// At the end.
    End,
    /// In the middle.
    Center,
}
