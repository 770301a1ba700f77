//! The frame of every page: landmarks, a skip link, readable contrast in light and dark, nothing loaded from elsewhere.

use dictamen_value::{Language, Message};

/// Colours meet WCAG 2.2 AA contrast in both schemes.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--link:#0b4f9e;--line:#8a8a94;--soft:#f2f2f5}\
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#17171b;--link:#9cc7ff;--line:#7d7d88;--soft:#25252b}}\
body{font:1rem/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:0 auto;padding:1rem}\
a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}\
.skip{position:absolute;left:-99rem}.skip:focus{position:static}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{border:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}\
pre{background:var(--soft);padding:.75rem;overflow-x:auto}code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}\
section{margin:1.5rem 0}.verify{border-left:.3rem solid currentColor;padding-left:.6rem;font-weight:600}";

/// A whole page.
pub(super) fn layout(title: &str, body: &str, language: Language) -> String {
    let skip = Message::new("Saltar al contenido", "Skip to content");
    let title = escaped(title);
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><a class=\"skip\" href=\"#main\">{}</a><header><a href=\"/\">Dictamen</a></header><main id=\"main\" tabindex=\"-1\"><h1>{title}</h1>{body}</main></body></html>",
        language.tag(),
        skip.text(language),
    )
}

/// A text that may stand in HTML, also within attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_written_by_an_analyst_becomes_markup() {
        assert_eq!(escaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
        assert!(!layout("<script>", "", Language::Es).contains("<script>"));
    }
}
