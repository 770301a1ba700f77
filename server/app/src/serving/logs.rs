//! What the service logs: lines for people or JSON for programs, on standard error.

use std::io;

use dictamen_value::Message;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::stop::Stop;

/// Starts to log: `format` is `text` or `json`, `levels` is such as `info` or `warn,dictamen_decisions=debug`.
pub(crate) fn start(format: &str, levels: &str) -> Result<(), Stop> {
    let filter = EnvFilter::builder().parse(levels).map_err(|error| {
        Stop::WrongUse(Message::new(
            format!("--log (DICTAMEN_LOG): se esperaba algo como «info» o «warn,dictamen_decisions=debug», llegó «{levels}»: {error}"),
            format!("--log (DICTAMEN_LOG): expected something like “info” or “warn,dictamen_decisions=debug”, got “{levels}”: {error}"),
        ))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match format {
        "json" => builder.json().flatten_event(true).finish().try_init(),
        _ => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).finish().try_init(),
    };
    started.map_err(|error| {
        Stop::WrongUse(Message::new(format!("no se pudo registrar: {error}"), format!("could not log: {error}")))
    })
}
