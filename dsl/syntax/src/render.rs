//! Shows a diagnostic to people: the place, the message, the line with the stretch underlined, and what would mend it.

use dictamen_value::Language;

use crate::{Diagnostic, Place, Severity, Source, Span};

/// A diagnostic as text of several lines, without a line break at the end.
///
/// `sources` are those that spans count through: the first has `SourceId(0)`.
pub fn render(diagnostic: &Diagnostic, sources: &[Source], language: Language, colour: bool) -> String {
    let paint = Paint { colour };
    let words = words(language);
    let (word, style) = match diagnostic.severity {
        Severity::Error => (words.error, "1;31"),
        Severity::Warning => (words.warning, "1;33"),
    };
    let title = paint.with(style, &format!("{word}[{}]", diagnostic.code));
    let message = paint.with("1", diagnostic.message.text(language));
    let mut lines = vec![format!("{}{title}: {message}", place(sources, diagnostic.span))];
    lines.extend(underlined(sources, diagnostic.span, style, &paint));
    if let Some(help) = &diagnostic.help {
        lines.push(format!("  = {}: {}", paint.with("1;36", words.help), help.text(language)));
    }
    for (span, message) in &diagnostic.related {
        lines.push(format!(
            "  = {}: {}{}",
            paint.with("1;34", words.note),
            place(sources, *span),
            message.text(language)
        ));
    }
    lines.join("\n")
}

/// The words of one language.
struct Words {
    error: &'static str,
    warning: &'static str,
    help: &'static str,
    note: &'static str,
}

fn words(language: Language) -> Words {
    match language {
        Language::Es => Words { error: "error", warning: "aviso", help: "ayuda", note: "nota" },
        Language::En => Words { error: "error", warning: "warning", help: "help", note: "note" },
    }
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, style: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn source(sources: &[Source], span: Span) -> Option<&Source> {
    sources.get(usize::try_from(span.source.0).ok()?)
}

fn place(sources: &[Source], span: Span) -> String {
    source(sources, span).map(|source| format!("{}: ", source.place(span))).unwrap_or_default()
}

/// Characters of a source line that are shown; longer lines are cut around the place.
const SHOWN: usize = 120;

/// The line of a span and the underline below it.
fn underlined(sources: &[Source], span: Span, style: &str, paint: &Paint) -> Vec<String> {
    let Some(source) = source(sources, span) else { return Vec::new() };
    let Place::Text { line: number, column, .. } = source.place(span);
    let line = source.line(span).trim_end();
    let before = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let rest = line.chars().count().saturating_sub(before);
    let width = source.slice(span).lines().next().unwrap_or_default().chars().count().clamp(1, rest.max(1));
    let skipped = if before.saturating_add(width) > SHOWN { before.saturating_sub(SHOWN / 3) } else { 0 };
    let shown: String = line.chars().skip(skipped).take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let width = width.min(SHOWN);
    let number = number.to_string();
    let margin = " ".repeat(number.len());
    let caret = format!("{}{}", " ".repeat(before.saturating_sub(skipped)), paint.with(style, &"^".repeat(width)));
    vec![format!(" {number} | {shown}"), format!(" {margin} | {caret}")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceId;
    use dictamen_value::Message;

    #[test]
    fn a_diagnostic_points_at_its_place() {
        let source = Source::new("a.regla", "uno\n\tdos número\n");
        let span = Span::new(SourceId(0), 9, 16);
        let diagnostic = Diagnostic::error("sintaxis.tipo", span, Message::new("mal", "bad"))
            .with_help(Message::new("así", "so"))
            .with_related(Span::new(SourceId(0), 0, 3), Message::new("aquí", "here"));
        let expected = "a.regla:2:6: error[sintaxis.tipo]: bad\n 2 |  dos número\n   |      ^^^^^^\n  = help: so\n  = note: a.regla:1:1: here";
        assert_eq!(render(&diagnostic, &[source], Language::En, false), expected);
    }

    #[test]
    fn a_source_that_is_missing_leaves_the_message() {
        let diagnostic = Diagnostic::warning("sintaxis.tipo", Span::default(), Message::new("mal", "bad"));
        assert_eq!(render(&diagnostic, &[], Language::Es, false), "aviso[sintaxis.tipo]: mal");
    }
}
