//! Flags and places of the command line: how one is defined (help, environment, default) and how its value is read.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Arg, ArgAction, ArgMatches};
use dictamen_decisions::port::ServiceZone;
use dictamen_value::{Date, DateTime, Language, Message};

use crate::stop::Stop;

/// Where Dictamen is at home: Colombia, all year round.
const DEFAULT_ZONE: &str = "-05:00";

/// Defines arguments in one language.
#[derive(Clone, Copy)]
pub(crate) struct Definer {
    pub(crate) language: Language,
}

impl Definer {
    /// One of two texts.
    pub(crate) fn say(self, es: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Es => es,
            Language::En => en,
        }
    }

    /// `--name VALUE`, also given by `DICTAMEN_NAME`.
    pub(crate) fn flag(self, name: &'static str, value: &'static str, help: &str) -> Arg {
        self.flag_by(name, value, variable(name), help)
    }

    /// `--name VALUE` with another variable than `DICTAMEN_NAME`, where that one already means something else.
    pub(crate) fn flag_by(self, name: &'static str, value: &'static str, variable: String, help: &str) -> Arg {
        let text = format!("{help} [{variable}]");
        self.dressed(Arg::new(name).long(name).value_name(value).env(leaked(variable)).hide_env(true)).help(text)
    }

    /// `--name VALUE` with what holds where it is not given.
    pub(crate) fn flag_or(self, name: &'static str, value: &'static str, default: impl Display, help: &str) -> Arg {
        let text = format!("{help} [{}; {} {default}]", variable(name), self.say("por defecto", "by default"));
        self.flag(name, value, help).default_value(leaked(default.to_string())).hide_default_value(true).help(text)
    }

    /// `--name`, on or off; `DICTAMEN_NAME=1` turns it on too.
    pub(crate) fn switch(self, name: &'static str, help: &str) -> Arg {
        let variable = variable(name);
        let text = format!("{help} [{variable}=1]");
        let arg = Arg::new(name).long(name).action(ArgAction::SetTrue).env(leaked(variable)).hide_env(true);
        self.dressed(arg).value_parser(clap::builder::FalseyValueParser::new()).help(text)
    }

    /// Something given by its place: required, once.
    pub(crate) fn place(self, name: &'static str, value: &'static str, help: &str) -> Arg {
        let heading = self.say("Argumentos", "Arguments");
        Arg::new(name).value_name(value).required(true).help_heading(heading).help(help.to_owned())
    }

    /// One path or several, given by their place.
    pub(crate) fn paths(self) -> Arg {
        let help = self.say(
            "archivos .regla, o carpetas con ellos, también en sus subcarpetas",
            ".regla files, or folders with such files, at any depth",
        );
        self.place("path", self.say("RUTA", "PATH"), help).num_args(1..)
    }

    /// `--zone ±HH:MM`: which day today is, where nothing says as of which day to decide.
    pub(crate) fn zone(self) -> Arg {
        let help = self.say("la diferencia horaria que dice qué día es hoy", "the offset that says which day today is");
        self.flag_or("zone", "±HH:MM", DEFAULT_ZONE, help)
    }

    fn dressed(self, arg: Arg) -> Arg {
        arg.help_heading(self.say("Opciones", "Options"))
    }
}

/// The environment variable of a flag: `DICTAMEN_` and its name in capitals.
pub(crate) fn variable(name: &str) -> String {
    format!("DICTAMEN_{}", name.replace('-', "_").to_ascii_uppercase())
}

/// clap keeps names of variables and defaults for as long as the program runs; there are some fifty, made once.
fn leaked(name: String) -> &'static str {
    Box::leak(name.into_boxed_str())
}

/// What was given, read as what it must be.
pub(crate) struct Given<'a>(pub(crate) &'a ArgMatches);

impl Given<'_> {
    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.0.get_flag(name)
    }

    /// A text, if it was given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get_one::<String>(name).map(String::as_str)
    }

    /// A path, if it was given.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// A path that clap has required or that has a default.
    pub(crate) fn required_path(&self, name: &str) -> PathBuf {
        self.path(name).unwrap_or_default()
    }

    /// The paths given by their place.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.0.get_many::<String>("path").into_iter().flatten().map(PathBuf::from).collect()
    }

    /// A whole number that is at least 1.
    pub(crate) fn number<T: FromStr + PartialOrd + From<u8>>(&self, name: &str) -> Result<T, Stop> {
        let text = self.text(name).unwrap_or_default();
        text.parse::<T>()
            .ok()
            .filter(|number| *number >= T::from(1))
            .ok_or_else(|| wrong(name, text, "un número entero de 1 en adelante", "a whole number from 1 up"))
    }

    /// A percentage from 0 to 100 with at most one decimal, as tenths of a percent, if it was given.
    pub(crate) fn per_mille(&self, name: &str) -> Result<Option<usize>, Stop> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let tenths = format!("{whole}{tenth}").parse().ok().filter(|tenths| *tenths <= 1_000);
        let tenths = tenths.filter(|_| plain(whole) && plain(tenth) && tenth.len() == 1);
        tenths.map(Some).ok_or_else(|| {
            wrong(name, text, "un porcentaje de 0 a 100, como 99.5", "a percentage from 0 to 100, such as 99.5")
        })
    }

    /// The offset of `--zone`.
    pub(crate) fn zone(&self) -> Result<ServiceZone, Stop> {
        self.text("zone").unwrap_or_default().parse().map_err(Stop::WrongUse)
    }

    /// A date, if it was given.
    pub(crate) fn date(&self, name: &str) -> Result<Option<Date>, Stop> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let date = Date::parse(text).ok();
        date.map(Some).ok_or_else(|| wrong(name, text, "una fecha como 2026-03-01", "a date such as 2026-03-01"))
    }

    /// An instant: a date and time with offset, or a date, which means its first instant in UTC.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<DateTime>, Stop> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let instant = DateTime::parse(text).or_else(|_| DateTime::parse(&format!("{text}T00:00:00Z"))).ok();
        instant.map(Some).ok_or_else(|| {
            wrong(
                name,
                text,
                "una fecha como 2026-03-01, o una fecha y hora como 2026-03-01T09:30:00-05:00",
                "a date such as 2026-03-01, or a date and time such as 2026-03-01T09:30:00-05:00",
            )
        })
    }
}

fn wrong(name: &str, received: &str, expected_es: &str, expected_en: &str) -> Stop {
    let variable = variable(name);
    Stop::WrongUse(Message::new(
        format!("--{name} ({variable}): se esperaba {expected_es}, llegó «{received}»"),
        format!("--{name} ({variable}): expected {expected_en}, got “{received}”"),
    ))
}
