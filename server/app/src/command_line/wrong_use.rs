//! What clap finds wrong with a command line, said in the reader's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use dictamen_value::Message;

/// The message of an error of clap; its help and version texts are not errors and never come here.
pub(crate) fn message(error: &clap::Error) -> Message {
    let said = match error.kind() {
        ErrorKind::UnknownArgument => unknown_argument(error),
        ErrorKind::InvalidSubcommand => unknown_command(error),
        ErrorKind::MissingRequiredArgument => missing(error),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => value(error),
        ErrorKind::ArgumentConflict => conflict(error),
        ErrorKind::MissingSubcommand => Message::new("falta el comando", "the command is missing"),
        ErrorKind::InvalidUtf8 => Message::new("un argumento no es texto UTF-8", "an argument is not UTF-8 text"),
        _ => numbers(error),
    };
    let hint = Message::new("; `--help` explica el uso", "; `--help` explains the use");
    Message::new(said.es + &hint.es, said.en + &hint.en)
}

fn unknown_argument(error: &clap::Error) -> Message {
    let argument = context(error, ContextKind::InvalidArg);
    suggesting(
        Message::new(format!("no existe el argumento «{argument}»"), format!("there is no argument “{argument}”")),
        &context(error, ContextKind::SuggestedArg),
    )
}

fn unknown_command(error: &clap::Error) -> Message {
    let command = context(error, ContextKind::InvalidSubcommand);
    suggesting(
        Message::new(format!("no existe el comando «{command}»"), format!("there is no command “{command}”")),
        &context(error, ContextKind::SuggestedSubcommand),
    )
}

fn missing(error: &clap::Error) -> Message {
    let arguments = context(error, ContextKind::InvalidArg);
    Message::new(format!("falta {arguments}"), format!("{arguments} is missing"))
}

fn value(error: &clap::Error) -> Message {
    let argument = context(error, ContextKind::InvalidArg);
    let received = context(error, ContextKind::InvalidValue);
    let valid = context(error, ContextKind::ValidValue);
    if received.is_empty() {
        return Message::new(format!("falta el valor de {argument}"), format!("the value of {argument} is missing"));
    }
    let (es, en) = match valid.as_str() {
        "" => (String::new(), String::new()),
        valid => (format!("; se esperaba uno de: {valid}"), format!("; expected one of: {valid}")),
    };
    Message::new(
        format!("el valor «{received}» no sirve para {argument}{es}"),
        format!("the value “{received}” does not fit {argument}{en}"),
    )
}

fn conflict(error: &clap::Error) -> Message {
    let (one, other) = (context(error, ContextKind::InvalidArg), context(error, ContextKind::PriorArg));
    if other.is_empty() || one == other {
        return Message::new(format!("{one} se dio más de una vez"), format!("{one} was given more than once"));
    }
    Message::new(format!("{one} y {other} no van juntos"), format!("{one} and {other} do not go together"))
}

fn numbers(error: &clap::Error) -> Message {
    let argument = context(error, ContextKind::InvalidArg);
    Message::new(
        format!("la cantidad de valores de {argument} no es la esperada"),
        format!("the number of values of {argument} is not the expected one"),
    )
}

fn suggesting(said: Message, suggestion: &str) -> Message {
    if suggestion.is_empty() {
        return said;
    }
    Message::new(
        format!("{}; ¿quiso decir «{suggestion}»?", said.es),
        format!("{}; did you mean “{suggestion}”?", said.en),
    )
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => plain(text).to_owned(),
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| plain(text)).collect::<Vec<&str>>().join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// An argument without the angle brackets that clap puts around whole ones.
fn plain(argument: &str) -> &str {
    argument.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(argument)
}
