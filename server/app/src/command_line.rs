//! The command line as a whole: help in the reader's language, and the command that was called.

pub(crate) mod arguments;
pub(crate) mod language;
mod wrong_use;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches};
use dictamen_value::{Language, Message};

use self::arguments::Definer;
use crate::commands::{COMMANDS, Command};

/// What the arguments ask for.
pub(crate) enum Call {
    /// Run a command with what was given.
    Run(&'static Command, ArgMatches),
    /// Show a text: help or the version.
    Show(String),
}

/// Reads the arguments, the program's name first.
pub(crate) fn read(arguments: &[String], language: Language) -> Result<Call, Message> {
    let matches = match definition(Definer { language }).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) if is_text(&error) => return Ok(Call::Show(error.render().to_string())),
        Err(error) => return Err(wrong_use::message(&error)),
    };
    let called = matches.subcommand().and_then(|(name, given)| Some((command(name)?, given.clone())));
    let (command, given) = called.ok_or_else(|| Message::new("falta el comando", "the command is missing"))?;
    Ok(Call::Run(command, given))
}

fn command(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn is_text(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

fn definition(define: Definer) -> clap::Command {
    let about = define.say(
        "Dictamen: decisiones como reglas, cada una con su traza.",
        "Dictamen: decisions as rules, each with its trace.",
    );
    let usage = define.say("dictamen [OPCIONES] COMANDO", "dictamen [OPTIONS] COMMAND");
    let command = dressed(clap::Command::new("dictamen"), define, usage)
        .version(env!("CARGO_PKG_VERSION"))
        .about(about)
        .subcommand_required(true)
        .subcommand_help_heading(define.say("Comandos", "Commands"))
        .arg(version_flag(define))
        .arg(language_flag(define));
    COMMANDS.iter().fold(command, |whole, each| whole.subcommand(subcommand(each, define)))
}

fn subcommand(command: &'static Command, define: Definer) -> clap::Command {
    let own = (command.define)(define);
    let usage = format!("dictamen {} {}", command.name, define.say(command.usage.0, command.usage.1));
    let own = dressed(own, define, &usage).arg(json_flag(define));
    if own.get_arguments().any(|arg| arg.get_id() == "lang") { own } else { own.arg(language_flag(define)) }
}

fn dressed(command: clap::Command, define: Definer, usage: &str) -> clap::Command {
    let (uses, exits) = (define.say("Uso", "Usage"), exit_codes(define));
    command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .infer_long_args(false)
        .help_template(format!("{{about-with-newline}}\n{uses}: {usage}\n\n{{all-args}}\n\n{exits}"))
        .arg(help_flag(define))
}

fn exit_codes(define: Definer) -> &'static str {
    define.say(
        "Termina con 0 si todo está bien, 1 si lo que revisó no se cumple, 2 si se usó mal.\n",
        "Exits with 0 if all is well, 1 if what it checked does not hold, 2 on wrong use.\n",
    )
}

fn help_flag(define: Definer) -> Arg {
    let help = define.say("muestra esta ayuda", "shows this help");
    headed(Arg::new("help").short('h').long("help").action(ArgAction::Help).help(help), define)
}

fn version_flag(define: Definer) -> Arg {
    let help = define.say("muestra la versión", "shows the version");
    headed(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help), define)
}

fn json_flag(define: Definer) -> Arg {
    define.switch("json", define.say("responde en JSON, para programas", "answers in JSON, for programs"))
}

fn language_flag(define: Definer) -> Arg {
    let help = define.say("idioma de la ayuda y los mensajes: es o en", "language of help and messages: es or en");
    define.flag("lang", "es|en", help).value_parser(language::TAGS).hide_possible_values(true)
}

fn headed(arg: Arg, define: Definer) -> Arg {
    arg.help_heading(define.say("Opciones", "Options"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str, language: Language) -> Result<Call, Message> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        read(&arguments, language)
    }

    #[test]
    fn the_definition_is_sound_in_both_languages() {
        for language in [Language::Es, Language::En] {
            definition(Definer { language }).debug_assert();
        }
    }

    #[test]
    fn every_command_has_json_and_a_variable_for_every_flag() {
        let whole = definition(Definer { language: Language::Es });
        for command in whole.get_subcommands() {
            assert!(command.get_arguments().any(|arg| arg.get_id() == "json"), "{}", command.get_name());
            for arg in command.get_arguments().filter(|arg| arg.get_long().is_some() && arg.get_id() != "help") {
                assert!(arg.get_env().is_some(), "{} {}", command.get_name(), arg.get_id());
            }
        }
    }

    #[test]
    fn help_speaks_the_language_of_the_reader() {
        for (language, expected, other) in [(Language::Es, "Uso:", "Usage:"), (Language::En, "Usage:", "Uso:")] {
            let Ok(Call::Show(text)) = call("dictamen check --help", language) else { panic!("no help") };
            assert!(text.contains(expected) && !text.contains(other), "{text}");
        }
    }

    #[test]
    fn wrong_use_is_said_in_both_languages() {
        for (line, es, en) in [
            ("dictamen", "falta", "missing"),
            ("dictamen chekc", "¿quiso decir «check»?", "did you mean “check”?"),
            ("dictamen check", "falta", "missing"),
            ("dictamen check x --jsn", "no existe el argumento", "there is no argument"),
            ("dictamen check x --lang fr", "se esperaba uno de: es, en", "expected one of: es, en"),
        ] {
            let Err(message) = call(line, Language::Es) else { panic!("{line} was taken") };
            assert!(message.es.contains(es) && message.en.contains(en), "{line}: {message:?}");
        }
    }
}
