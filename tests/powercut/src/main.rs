//! Rebuilds a directory as a power cut would have left it: `rebuild --journal FILE --dir DIR --seed N [--survivors PERCENT]`.

use std::path::PathBuf;
use std::process::ExitCode;

use powercut::{Chance, journal, rebuild};

fn main() -> ExitCode {
    match run() {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("rebuild: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn std::error::Error>> {
    let (mut file, mut directory, mut seed, mut survivors) = (None, None, 0, 50);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(format!("{name} needs a value"))?;
        match name.as_str() {
            "--journal" => file = Some(PathBuf::from(value)),
            "--dir" => directory = Some(PathBuf::from(value)),
            "--seed" => seed = value.parse()?,
            "--survivors" => survivors = value.parse()?,
            other => return Err(format!("{other} is not an option: --journal --dir --seed --survivors are").into()),
        }
    }
    let file = file.ok_or("--journal FILE is missing")?;
    let directory = directory.ok_or("--dir DIR is missing")?;
    let events = journal::read_all(std::fs::File::open(file)?)?;
    let done = rebuild(&events, &directory, &mut Chance::new(seed, survivors))?;
    Ok(format!(
        "events={} syncs={} undurable_bytes={} undurable_names={}",
        done.events, done.syncs, done.undurable_bytes, done.undurable_names
    ))
}
