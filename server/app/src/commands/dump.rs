//! `dictamen dump`: shows what Dictamen makes of rules: their tree, their typed model or their plan.

use std::sync::Arc;

use clap::Command as Definition;
use dictamen_decisions::port::Refusal;
use dictamen_decisions::{Catalogue, Selection};
use dictamen_value::Message;
use serde_json::json;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, rules};

pub(super) const COMMAND: Command = Command {
    name: "dump",
    usage: ("[OPCIONES] RUTA... --stage syntax|model|plan", "[OPTIONS] PATH... --stage syntax|model|plan"),
    define,
    run,
};

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Muestra lo que Dictamen entiende de unas reglas, etapa por etapa.",
        "Shows what Dictamen makes of rules, stage by stage.",
    );
    let help = define.say(
        "la etapa: syntax (el árbol), model (nombres y tipos) o plan (lo que se ejecuta)",
        "the stage: syntax (the tree), model (names and types) or plan (what runs)",
    );
    let stage = define.flag("stage", "syntax|model|plan", help).value_parser(["syntax", "model", "plan"]);
    Definition::new("dump").about(about).arg(define.paths()).arg(stage.hide_possible_values(true).required(true))
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let catalogue = rules::load(&given.paths())?;
    let stage = given.text("stage").unwrap_or_default();
    if stage == "syntax" {
        return syntax(&catalogue, output);
    }
    if catalogue.error_count() > 0 {
        // Only a tree can be made of rules with errors.
        diagnostics::show(catalogue.sources(), catalogue.diagnostics(), output)?;
        return Ok(Verdict::DoesNotHold);
    }
    for ruleset in catalogue.rulesets() {
        for version in ruleset.versions {
            let day = version.chosen_on.ok_or_else(|| Stop::WrongUse(never_chosen(&ruleset.id, &version.version)))?;
            let selection = Selection { day, version: Some(&version.version) };
            dump(&catalogue, stage, &ruleset.id, &selection, output)?;
        }
    }
    Ok(Verdict::Holds)
}

fn syntax(catalogue: &Catalogue, output: &mut Output) -> Result<Verdict, Stop> {
    for (source, tree) in catalogue.trees() {
        let text = dictamen_syntax::dump(tree);
        text_of(source.name(), &text, output)?;
    }
    Ok(Verdict::Holds)
}

fn dump(
    catalogue: &Catalogue,
    stage: &str,
    id: &Arc<str>,
    selection: &Selection<'_>,
    output: &mut Output,
) -> Result<(), Stop> {
    let unresolved = |why| Stop::WrongUse(Refusal::from(why).message());
    if stage == "model" {
        let model = catalogue.model(id, selection).map_err(unresolved)?;
        return text_of(id, &dictamen_model::dump(&model), output);
    }
    let ready = catalogue.resolve(id, selection).map_err(unresolved)?;
    Ok(output.document(ready.plan.plan())?)
}

/// A listing for people, or the same in a JSON document.
fn text_of(name: &str, text: &str, output: &mut Output) -> Result<(), Stop> {
    if output.is_json() {
        return Ok(output.document(&json!({ "name": name, "text": text }))?);
    }
    Ok(output.text(text)?)
}

fn never_chosen(id: &str, version: &str) -> Message {
    Message::new(
        format!("la versión {version} de {id} no rige ningún día, así que no tiene plan"),
        format!("version {version} of {id} holds on no day, so it has no plan"),
    )
}
