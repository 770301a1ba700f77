//! A letter as text: short lines under headings, read from top to bottom.

use dictamen_value::Language;

use super::{Figure, Letter, Reason, words};

/// Writes a letter.
pub(super) fn write(letter: &Letter) -> String {
    let mut out = String::new();
    for line in opening(letter) {
        put(&mut out, &line);
    }
    for part in parts(letter) {
        put(&mut out, "");
        put(&mut out, &part.heading.to_uppercase());
        let mark = if part.is_list { "- " } else { "" };
        part.lines.iter().for_each(|line| put(&mut out, &format!("{mark}{line}")));
    }
    out
}

fn put(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// A part of a letter: what it says under a heading.
pub(super) struct Part {
    pub(super) heading: &'static str,
    pub(super) lines: Vec<String>,
    /// Whether the lines are items of a list, and not sentences one after another.
    pub(super) is_list: bool,
    /// Whether they are the ruleset's, and so in its language.
    pub(super) is_of_ruleset: bool,
}

/// Date, subject and NIT.
pub(super) fn opening(letter: &Letter) -> Vec<String> {
    let date = words::date(letter.date, letter.language);
    let mut lines = vec![format!("{}: {date}", letter.say("Fecha", "Date"))];
    lines.push(format!("{}: {}", letter.say("Asunto", "Subject"), letter.subject.trim_end_matches('.')));
    lines.extend(letter.nit.as_ref().map(|nit| format!("NIT: {nit}")));
    lines
}

/// The parts that have something to say, in order.
pub(super) fn parts(letter: &Letter) -> Vec<Part> {
    let all = [
        part(letter.say("Qué decidimos", "What we decided"), letter.decided.clone(), letter.decided.len() > 1, true),
        part(letter.say("Por qué", "Why"), reasons(letter), true, true),
        part(letter.say("Con qué normas y cifras", "By which norms and figures"), norms(letter), true, false),
        part(letter.say("Qué puede hacer usted", "What you can do"), letter.options.clone(), true, true),
        part(
            letter.say("Lo que aún se está verificando", "What is still being verified"),
            to_verify(letter),
            true,
            true,
        ),
        part(letter.say("Qué quieren decir estas palabras", "What these words mean"), glossary(letter), true, true),
        part(letter.say("Número de esta decisión", "Number of this decision"), number(letter), false, false),
    ];
    all.into_iter().filter(|part| !part.lines.is_empty()).collect()
}

fn part(heading: &'static str, lines: Vec<String>, is_list: bool, is_of_ruleset: bool) -> Part {
    Part { heading, lines, is_list, is_of_ruleset }
}

fn reasons(letter: &Letter) -> Vec<String> {
    let mut lines: Vec<String> = letter.reasons.iter().map(reason).collect();
    if let Some(reserved) = &letter.reserved {
        let (count, norms) = (reserved.criteria, reserved.norms.join("; "));
        lines.push(match letter.language {
            Language::Es => format!("En decisiones como esta pueden contar criterios que la norma no deja divulgar ({count}): {norms}."),
            Language::En => format!("In decisions like this one, criteria that the norm does not let us disclose may count ({count}): {norms}."),
        });
    }
    lines
}

fn reason(reason: &Reason) -> String {
    match &reason.legal_basis {
        Some(basis) => words::sentence(&format!("{} ({basis})", reason.text.trim_end_matches('.'))),
        None => reason.text.clone(),
    }
}

fn norms(letter: &Letter) -> Vec<String> {
    let figures = letter.figures.named.iter().map(|figure| self::figure(letter, figure));
    let mut lines: Vec<String> = letter.norms.named.iter().cloned().chain(figures).collect();
    let more = letter.norms.more.saturating_add(letter.figures.more);
    if more > 0 {
        lines.push(match letter.language {
            Language::Es if more == 1 => {
                "También miramos otra norma o cifra; puede pedirla con el número de esta decisión.".to_owned()
            }
            Language::En if more == 1 => {
                "We looked at one more norm or figure; ask for it with the number of this decision.".to_owned()
            }
            Language::Es => {
                format!("También miramos {more} normas y cifras más; puede pedirlas con el número de esta decisión.")
            }
            Language::En => {
                format!("We looked at {more} more norms and figures; ask for them with the number of this decision.")
            }
        });
    }
    lines
}

/// `Valor de la UVT: $N, desde el 1 de enero de 2026 (Res. DIAN 238/2025)`.
fn figure(letter: &Letter, figure: &Figure) -> String {
    let from = words::date(figure.from, letter.language);
    let to = figure.to.map(|to| words::date(to, letter.language));
    let holds = match (letter.language, to) {
        (Language::Es, Some(to)) => format!("desde el {from} hasta el {to}"),
        (Language::Es, None) => format!("desde el {from}"),
        (Language::En, Some(to)) => format!("from {from} to {to}"),
        (Language::En, None) => format!("from {from}"),
    };
    let basis = figure.legal_basis.as_ref().map(|basis| format!(" ({basis})")).unwrap_or_default();
    format!("{}: {}, {holds}{basis}", figure.name, figure.value)
}

fn to_verify(letter: &Letter) -> Vec<String> {
    let told = letter.to_verify.named.iter().map(|doubt| format!("{}: {}", doubt.about, doubt.text));
    let more = match (letter.language, letter.to_verify.more) {
        (_, 0) => None,
        (Language::Es, 1) => Some("Y una duda más sobre otra regla que miramos.".to_owned()),
        (Language::En, 1) => Some("And one more doubt about another rule that we looked at.".to_owned()),
        (Language::Es, more) => Some(format!("Y {more} dudas más sobre reglas que también miramos.")),
        (Language::En, more) => Some(format!("And {more} more doubts about rules that we looked at.")),
    };
    told.chain(more).collect()
}

fn glossary(letter: &Letter) -> Vec<String> {
    letter.glossary.iter().map(|one| words::sentence(&format!("{}: {}", one.term, one.meaning))).collect()
}

fn number(letter: &Letter) -> Vec<String> {
    let how = match &letter.trace_id {
        Some(_) => letter.say(
            "Guarde este número. Con él puede pedir que repitan la decisión y comprueben que da lo mismo.",
            "Keep this number. With it you can ask that the decision be made again, to check that it comes out the same.",
        ),
        None => letter.say(
            "Esta carta es un ensayo. La decisión no quedó registrada y no tiene número.",
            "This letter is a trial. The decision was not recorded and has no number.",
        ),
    };
    letter.trace_id.iter().cloned().chain([how.to_owned()]).collect()
}
