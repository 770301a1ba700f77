//! `dictamen serve`: starts the service, says where it listens and how to try it, and stops it without losing anything.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, Command as Definition};
use dictamen_core::Limits;
use dictamen_decisions::http::{BatchSettings, HttpSettings, Service, on_lanes};
use dictamen_decisions::{Catalogue, Decisions, Ports, Settings};
use dictamen_platform::connections::{self, ConnectionLimits};
use dictamen_platform::identity::{DevelopmentSignIn, ensure_loopback};
use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::store::{Damage, StoreError, TraceLog};
use dictamen_platform::{Clock, Metrics, SystemClock};
use dictamen_value::Message;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::output::Output;
use crate::serving::{logs, trial};
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, rules};

pub(super) const COMMAND: Command = Command { name: "serve", usage: ("[OPCIONES]", "[OPTIONS]"), define, run };

/// The roles of whoever asks from this machine, where nothing is said.
const DEFAULT_ROLES: &str = "decisiones,trazas,auditoria,riesgos";

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Sirve decisiones por HTTP; cada una deja una traza antes de responderse.",
        "Serves decisions over HTTP; each leaves a trace before it is answered.",
    );
    Definition::new("serve").about(about).args(place_flags(define)).args(limit_flags(define)).args(log_flags(define))
}

fn place_flags(define: Definer) -> [Arg; 5] {
    let folder = define.say("CARPETA", "DIR");
    let data = define.say("la carpeta de datos: trazas, objetos, llaves", "the data folder: traces, objects, keys");
    let listen = define.say(
        "dónde escuchar; solo en la interfaz local; el puerto 0 toma uno libre",
        "where to listen; on the loopback interface only; port 0 takes a free one",
    );
    let rulesets = define.say("la carpeta de las reglas", "the folder of the rules");
    let roles = define.say(
        "los roles de quien entra desde esta máquina, separados por comas; sin auditoria ni riesgos no ve lo reservado",
        "the roles of whoever asks from this machine, separated by commas; without auditoria or riesgos nothing reserved is seen",
    );
    [
        define.flag_or("data", folder, "data", data),
        define.flag_or("listen", define.say("DIRECCION", "ADDRESS"), "127.0.0.1:8080", listen),
        define.flag_or("rulesets", folder, "rulesets", rulesets),
        define.zone(),
        define.flag_or("roles", define.say("ROLES", "ROLES"), DEFAULT_ROLES, roles),
    ]
}

fn limit_flags(define: Definer) -> [Arg; 11] {
    let (http, batch, limits) = (HttpSettings::default(), BatchSettings::default(), Limits::default());
    let evaluation = Settings::default().evaluation_time.as_millis();
    let flag = |name, default: u64, es, en| define.flag_or(name, "N", default, define.say(es, en));
    let number = |count: u128| u64::try_from(count).unwrap_or(u64::MAX);
    [
        flag(
            "max-body-bytes",
            http.body_bytes_max,
            "bytes del cuerpo de una petición",
            "bytes of the body of a request",
        ),
        flag("max-requests", http.requests_max as u64, "peticiones a la vez", "requests at once"),
        flag("max-connections", 4_096, "conexiones a la vez", "connections at once"),
        flag(
            "max-request-ms",
            number(http.request_time.as_millis()),
            "milisegundos de una petición",
            "milliseconds of a request",
        ),
        flag(
            "max-evaluation-ms",
            number(evaluation),
            "milisegundos de una evaluación",
            "milliseconds of an evaluation",
        ),
        flag("max-steps", limits.steps_max, "pasos de una evaluación", "steps of an evaluation"),
        flag("max-depth", u64::from(limits.depth_max), "niveles de una evaluación", "levels of an evaluation"),
        flag(
            "max-rows",
            limits.rows_max,
            "filas de tabla que prueba una evaluación",
            "table rows that an evaluation tests",
        ),
        flag(
            "max-value-bytes",
            limits.bytes_max,
            "bytes de valores de una evaluación",
            "bytes of values of an evaluation",
        ),
        flag("max-batch-lines", batch.lines_max, "líneas de un lote", "lines of a batch"),
        flag(
            "max-drain-ms",
            10_000,
            "milisegundos para terminar lo empezado al parar",
            "milliseconds to finish what has begun when stopping",
        ),
    ]
}

fn log_flags(define: Definer) -> [Arg; 3] {
    let strict = define.say(
        "no queda listo (/health/ready) mientras algún conjunto de reglas tenga errores",
        "is not ready (/health/ready) while any ruleset has errors",
    );
    let format = define.say("formato del registro: text o json", "format of the log: text or json");
    let levels = define.say("qué se registra: error, warn, info, debug", "what is logged: error, warn, info, debug");
    [
        define.switch("strict", strict),
        define
            .flag_or("log-format", "text|json", "text", format)
            .value_parser(["text", "json"])
            .hide_possible_values(true),
        define.flag_or("log", define.say("NIVELES", "LEVELS"), "info", levels),
    ]
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let address = address(given)?;
    let settings = settings(given)?;
    let http = http_settings(given)?;
    let connections = connection_limits(given, &http)?;
    logs::start(given.text("log-format").unwrap_or_default(), given.text("log").unwrap_or_default())?;
    let catalogue = Arc::new(rules::load(&[given.required_path("rulesets")])?);
    if catalogue.error_count() > 0 {
        warn_of_errors(&catalogue, output);
    }
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let threads = threads.map_err(|error| failed("arrancar", "start", &error))?;
    threads.block_on(async {
        // Bound before the data directory is touched: a port that is taken changes nothing.
        let listener = TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        let stop_signals = Signals::listen()?;
        let store = Store::open(&given.required_path("data"))?;
        store.warn_of_damage(output);
        let service = service(&catalogue, &store, settings, http, roles(given))?;
        greet(&listener, given, &catalogue, output)?;
        let finished =
            connections::serve(listener, on_lanes(service, threads.handle().clone()), connections, stop_signals.any());
        let finished = finished.await.map_err(|error| failed("arrancar", "start", &error))?;
        store.close(finished, output)
    })
}

/// The address to listen on, refused where others than this machine could reach it.
fn address(given: &Given<'_>) -> Result<SocketAddr, Stop> {
    let text = given.text("listen").unwrap_or_default();
    let address: SocketAddr = text.parse().map_err(|_| {
        Stop::WrongUse(Message::new(
            format!(
                "--listen (DICTAMEN_LISTEN): se esperaba una dirección y un puerto como 127.0.0.1:8080, llegó «{text}»"
            ),
            format!("--listen (DICTAMEN_LISTEN): expected an address and a port such as 127.0.0.1:8080, got “{text}”"),
        ))
    })?;
    ensure_loopback(address).map_err(|refused| Stop::WrongUse(refused.message()))?;
    Ok(address)
}

fn settings(given: &Given<'_>) -> Result<Settings, Stop> {
    let limits = Limits {
        steps_max: given.number("max-steps")?,
        depth_max: given.number("max-depth")?,
        rows_max: given.number("max-rows")?,
        bytes_max: given.number("max-value-bytes")?,
    };
    Ok(Settings {
        zone: given.zone()?,
        limits,
        evaluation_time: milliseconds(given, "max-evaluation-ms")?,
        ..Settings::default()
    })
}

fn http_settings(given: &Given<'_>) -> Result<HttpSettings, Stop> {
    Ok(HttpSettings {
        body_bytes_max: given.number("max-body-bytes")?,
        requests_max: given.number("max-requests")?,
        request_time: milliseconds(given, "max-request-ms")?,
        batch: BatchSettings { lines_max: given.number("max-batch-lines")?, ..BatchSettings::default() },
        strict: given.is_on("strict"),
        ..HttpSettings::default()
    })
}

fn connection_limits(given: &Given<'_>, http: &HttpSettings) -> Result<ConnectionLimits, Stop> {
    Ok(ConnectionLimits {
        connections_max: given.number("max-connections")?,
        head_time: http.request_time,
        // Room for a head over its limit, so that it is answered with an error and not with a closed connection.
        head_bytes_max: http.header_bytes_max.saturating_mul(2),
        drain_time: milliseconds(given, "max-drain-ms")?,
        lanes: connections::lanes_of_this_machine(),
    })
}

fn milliseconds(given: &Given<'_>, name: &str) -> Result<Duration, Stop> {
    Ok(Duration::from_millis(given.number(name)?))
}

/// The stores of the service, its clock and what it measures.
struct Store {
    embedded: Embedded,
    clock: Arc<SystemClock>,
    metrics: Arc<Metrics>,
}

impl Store {
    fn open(data: &Path) -> Result<Store, Stop> {
        let clock = Arc::new(SystemClock::new());
        let metrics = Arc::new(Metrics::new().map_err(|error| failed("medir", "measure", &error))?);
        let options = Options { observer: metrics.clone(), ..Options::default() };
        let embedded = Embedded::open(data, &options, clock.clone()).map_err(not_opened)?;
        Ok(Store { embedded, clock, metrics })
    }

    fn traces(&self) -> Arc<dyn TraceLog> {
        self.embedded.traces()
    }

    fn ports(&self) -> Ports {
        Ports {
            traces: self.traces(),
            objects: self.embedded.objects(),
            records: self.embedded.records(),
            clock: self.clock.clone() as Arc<dyn Clock>,
        }
    }

    /// Says which chains were left because they are damaged: new traces go to a new chain, and the old one stays as evidence.
    fn warn_of_damage(&self, output: &Output) {
        for damage in self.traces().damage() {
            let Damage { writer, last_good, file, offset, message, .. } = damage;
            let place = format!("{}:{offset}", file.display());
            output.notice(&Message::new(
                format!("la cadena {writer} está dañada después de la traza {last_good} ({place}): {}; se dejó como está y se escribe en una nueva", message.es),
                format!("chain {writer} is damaged after trace {last_good} ({place}): {}; it was left as it is and a new one is written", message.en),
            ));
        }
    }

    /// Makes everything durable, signs how far the chain has come, and says so.
    fn close(&self, finished: bool, output: &Output) -> Result<Verdict, Stop> {
        self.embedded.close().map_err(not_opened)?;
        if !finished {
            output.notice(&Message::new(
                "se agotó el tiempo para terminar lo empezado; lo que no se respondió no cuenta como hecho",
                "the time to finish what had begun ran out; what was not answered does not count as done",
            ));
        }
        let last = self.traces().last().map_or_else(|| "-".to_owned(), |id| id.to_string());
        output.notice(&Message::new(
            format!("Dictamen paró; trazas firmadas hasta {last}"),
            format!("Dictamen has stopped; traces signed up to {last}"),
        ));
        Ok(Verdict::Holds)
    }
}

fn service(
    catalogue: &Arc<Catalogue>,
    store: &Store,
    settings: Settings,
    http: HttpSettings,
    roles: Vec<String>,
) -> Result<Arc<Service>, Stop> {
    let decisions = Decisions::new(catalogue.clone(), store.ports(), settings);
    let decisions = Arc::new(decisions.map_err(|error| failed("arrancar", "start", &error))?);
    let identity = Arc::new(DevelopmentSignIn::with_roles(roles));
    Ok(Service::new(decisions, identity, store.metrics.clone(), http))
}

/// The roles of the development sign-in.
fn roles(given: &Given<'_>) -> Vec<String> {
    let named = given.text("roles").unwrap_or_default().split(',').map(str::trim);
    named.filter(|role| !role.is_empty()).map(str::to_owned).collect()
}

/// Says where the service listens and gives a line to try it with; an empty line ends the greeting.
fn greet(listener: &TcpListener, given: &Given<'_>, catalogue: &Catalogue, output: &mut Output) -> Result<(), Stop> {
    let address = listener.local_addr().map_err(|error| failed("arrancar", "start", &error))?;
    let curl = trial::curl_line(catalogue, address);
    let (data, rulesets) = (given.required_path("data"), given.required_path("rulesets"));
    let (data, rulesets, count) = (data.display(), rulesets.display(), catalogue.ids().count());
    if output.is_json() {
        output.record(&json!({ "listening": format!("http://{address}/"), "rulesets": count, "curl": curl }))?;
    } else {
        output.message(&Message::new(
            format!(
                "Dictamen escucha en http://{address}/ con {count} conjuntos de reglas de {rulesets}; datos en {data}"
            ),
            format!("Dictamen listens on http://{address}/ with {count} rulesets of {rulesets}; data in {data}"),
        ))?;
        if let Some(curl) = curl {
            output.message(&Message::new("Pruébelo:", "Try it:"))?;
            output.line(curl)?;
        }
        output.line("")?;
    }
    Ok(output.flush()?)
}

fn warn_of_errors(catalogue: &Catalogue, output: &Output) {
    diagnostics::complain_of(catalogue.sources(), catalogue.diagnostics(), output.language());
    let count = catalogue.error_count();
    output.notice(&Message::new(
        format!("hay {count} errores en las reglas: los conjuntos que los tienen no deciden; los demás sí"),
        format!("there are {count} errors in the rules: the rulesets that have them do not decide; the others do"),
    ));
}

/// The signals that ask a service to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Signals, Stop> {
        let on = |kind| signal(kind).map_err(|error| failed("arrancar", "start", &error));
        Ok(Signals { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn any(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Stop {
    let (es, en) = match error.kind() {
        std::io::ErrorKind::AddrInUse => (
            "otro programa escucha ahí; elija otro puerto con --listen, o el 0 para uno libre".to_owned(),
            "another program listens there; choose another port with --listen, or 0 for a free one".to_owned(),
        ),
        std::io::ErrorKind::PermissionDenied => (
            "falta permiso; los puertos desde 1024 no lo piden".to_owned(),
            "permission is missing; ports from 1024 up do not need it".to_owned(),
        ),
        _ => (error.to_string(), error.to_string()),
    };
    Stop::WrongUse(Message::new(
        format!("no se pudo escuchar en {address}: {es}"),
        format!("could not listen on {address}: {en}"),
    ))
}

fn not_opened(error: StoreError) -> Stop {
    Stop::WrongUse(error.message())
}

fn failed(doing_es: &str, doing_en: &str, error: &dyn std::fmt::Display) -> Stop {
    Stop::WrongUse(Message::new(format!("no se pudo {doing_es}: {error}"), format!("could not {doing_en}: {error}")))
}
