//! Writes a population of taxpayers, one a line, as `dictamen eval rulesets rut.… --data` reads them: `taxpayers --rows N --seed S`.
#![allow(clippy::panic, reason = "a tool of the tests fails loudly")]

use std::io::{self, BufWriter, Write};

use dictamen_tests::taxpayers::taxpayer;

fn main() -> io::Result<()> {
    let (rows, seed) = (number("--rows").unwrap_or(1_000), number("--seed").unwrap_or(1));
    let mut out = BufWriter::new(io::stdout().lock());
    for row in 0..rows {
        match serde_json::to_writer(&mut out, &taxpayer(seed, row)).map_err(io::Error::from) {
            // Whoever reads has enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// The number behind a flag, where it is given.
fn number(flag: &str) -> Option<u64> {
    let value = std::env::args().skip_while(|argument| argument != flag).nth(1)?;
    Some(value.parse().unwrap_or_else(|_| panic!("{flag} takes a whole number, got {value}")))
}
