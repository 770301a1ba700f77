//! Makes a directory what a power cut could have left of it.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::identity::{entries_of, identity_of};
use crate::journal::{Entry, Event, Identity};

/// Disks write whole sectors.
const SECTOR_BYTES: u64 = 512;

/// Decides what survives of what was not durable: a small generator of pseudo-random numbers (xorshift64*), from a seed.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
    survivors_percent: u64,
}

impl Chance {
    /// A generator; of what is not durable, about so many pieces in a hundred survive. 100 keeps everything, 0 nothing.
    pub fn new(seed: u64, survivors_percent: u64) -> Chance {
        Chance { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, survivors_percent }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % limit.max(1)
    }

    fn survives(&mut self) -> bool {
        self.below(100) < self.survivors_percent
    }
}

/// How many things were durable and how many were left to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events in the journal.
    pub events: u64,
    /// Calls that made a file durable.
    pub syncs: u64,
    /// Bytes written that were not durable at the cut.
    pub undurable_bytes: u64,
    /// Names that were not durable at the cut, or whose removal was not.
    pub undurable_names: u64,
}

/// Makes `directory`, which a killed process left, what a power cut at that moment could have left.
pub fn rebuild(events: &[Event], directory: &Path, chance: &mut Chance) -> io::Result<Summary> {
    let model = Model::of(events)?;
    let mut summary = Summary { events: events.len() as u64, syncs: model.syncs, ..Summary::default() };
    let rebuilt = directory.with_extension("rebuilt");
    if rebuilt.exists() {
        fs::remove_dir_all(&rebuilt)?;
    }
    let root = identity_of(&fs::metadata(directory)?)?;
    if model.root != Some(root) {
        return Err(io::Error::other("the journal is of another directory"));
    }
    model.rebuild_directory(root, Some(directory), &rebuilt, chance, &mut summary)?;
    fs::remove_dir_all(directory)?;
    fs::rename(&rebuilt, directory)?;
    Ok(summary)
}

/// What happened to a file, in order.
#[derive(Default)]
struct History {
    changes: Vec<(u64, Change)>,
    /// Changes before this event are durable.
    durable_before: u64,
}

enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

struct Model {
    root: Option<Identity>,
    files: HashMap<Identity, History>,
    /// The names of each directory that were made durable, as of the latest look at them.
    names: HashMap<Identity, (u64, Vec<Entry>)>,
    syncs: u64,
    /// The file that was being written when the process was killed; what arrived of that write is lost.
    under_way: Option<Identity>,
}

impl Model {
    fn of(events: &[Event]) -> io::Result<Model> {
        let mut model = Model { root: None, files: HashMap::new(), names: HashMap::new(), syncs: 0, under_way: None };
        for (number, event) in (0_u64..).zip(events) {
            model.take(number, event);
        }
        Ok(model)
    }

    fn take(&mut self, number: u64, event: &Event) {
        self.under_way = None;
        match event {
            Event::Begin(identity) => self.under_way = Some(*identity),
            Event::Root(identity) => self.root = Some(*identity),
            Event::Base(identity, bytes) => {
                let history = self.files.entry(*identity).or_default();
                history.changes.push((number, Change::Write(0, bytes.clone())));
                history.durable_before = number + 1;
            }
            Event::Names(identity, look, entries) => {
                let (latest, names) = self.names.entry(*identity).or_default();
                if *look >= *latest {
                    (*latest, *names) = (*look, entries.clone());
                }
            }
            Event::Write(identity, offset, bytes) => {
                let change = Change::Write(*offset, bytes.clone());
                self.files.entry(*identity).or_default().changes.push((number, change));
            }
            Event::Truncate(identity, length) => {
                self.files.entry(*identity).or_default().changes.push((number, Change::Truncate(*length)));
            }
            Event::Sync(identity, before) => {
                let history = self.files.entry(*identity).or_default();
                history.durable_before = history.durable_before.max(*before);
                self.syncs += 1;
            }
        }
    }

    /// Writes a directory; `actual` is where it is now, if it still is.
    fn rebuild_directory(
        &self,
        identity: Identity,
        actual: Option<&Path>,
        target: &Path,
        chance: &mut Chance,
        summary: &mut Summary,
    ) -> io::Result<()> {
        fs::create_dir(target)?;
        for (name, entry) in self.surviving_names(identity, actual, chance, summary)? {
            let path = target.join(OsStr::from_bytes(&name));
            let now = actual.map(|actual| actual.join(OsStr::from_bytes(&name)));
            let now = now.filter(|now| same(now, entry.identity));
            if entry.is_directory {
                self.rebuild_directory(entry.identity, now.as_deref(), &path, chance, summary)?;
            } else {
                self.rebuild_file(entry.identity, now.as_deref(), &path, chance, summary)?;
            }
        }
        Ok(())
    }

    /// The durable names, with those that came or went since left to chance.
    fn surviving_names(
        &self,
        identity: Identity,
        actual: Option<&Path>,
        chance: &mut Chance,
        summary: &mut Summary,
    ) -> io::Result<BTreeMap<Vec<u8>, Entry>> {
        let by_name = |entries: Vec<Entry>| entries.into_iter().map(|entry| (entry.name.clone(), entry));
        let durable: BTreeMap<_, _> = by_name(self.names.get(&identity).cloned().unwrap_or_default().1).collect();
        let now: BTreeMap<_, _> = match actual {
            Some(actual) => by_name(entries_of(actual)?).collect(),
            None => durable.clone(),
        };
        let mut surviving = durable.clone();
        // A rename is one step: the old name goes when the new one comes.
        let mut moved: HashMap<Identity, bool> = HashMap::new();
        let all: std::collections::BTreeSet<_> = durable.keys().chain(now.keys()).cloned().collect();
        for name in all {
            let (before, after) = (durable.get(&name), now.get(&name));
            if before == after {
                continue;
            }
            summary.undurable_names += 1;
            let of = after.or(before).map(|entry| entry.identity).unwrap_or(identity);
            if *moved.entry(of).or_insert_with(|| chance.survives()) {
                match after {
                    Some(entry) => drop(surviving.insert(name, entry.clone())),
                    None => drop(surviving.remove(&name)),
                }
            }
        }
        Ok(surviving)
    }

    fn rebuild_file(
        &self,
        identity: Identity,
        actual: Option<&Path>,
        target: &Path,
        chance: &mut Chance,
        summary: &mut Summary,
    ) -> io::Result<()> {
        let none = History::default();
        let history = self.files.get(&identity).unwrap_or(&none);
        if let Some(actual) = actual.filter(|_| self.under_way != Some(identity)) {
            check_complete(history, actual)?;
        }
        let mut bytes = Vec::new();
        let (durable, rest): (Vec<_>, Vec<_>) =
            history.changes.iter().partition(|(number, _)| *number < history.durable_before);
        durable.iter().for_each(|(_, change)| apply(&mut bytes, change));
        let rest: Vec<&Change> = rest.into_iter().map(|(_, change)| change).collect();
        summary.undurable_bytes += rest.iter().map(|change| written(change)).sum::<u64>();
        survive(&mut bytes, &rest, chance);
        fs::write(target, bytes)
    }
}

/// Fails unless all that was written down gives what the file really holds: then something writes past the shim.
fn check_complete(history: &History, actual: &Path) -> io::Result<()> {
    let mut bytes = Vec::new();
    history.changes.iter().for_each(|(_, change)| apply(&mut bytes, change));
    let found = fs::read(actual)?;
    // A file may have been emptied by being opened, just before the process was killed.
    if found == bytes || found.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!("{} was written past the shim: the model would be wrong", actual.display())))
}

/// Applies what survives of changes that were not durable: in one of three ways, by chance.
fn survive(bytes: &mut Vec<u8>, rest: &[&Change], chance: &mut Chance) {
    if chance.survivors_percent >= 100 {
        return rest.iter().for_each(|change| apply(bytes, change));
    }
    match chance.below(3) {
        0 => in_order_with_a_torn_end(bytes, rest, chance),
        1 => rest.iter().filter(|_| chance.survives()).for_each(|change| apply(bytes, change)),
        _ => rest.iter().for_each(|change| sector_by_sector(bytes, change, chance)),
    }
}

/// The first changes survive, and a part of the next one.
fn in_order_with_a_torn_end(bytes: &mut Vec<u8>, rest: &[&Change], chance: &mut Chance) {
    for change in rest {
        if chance.survives() {
            apply(bytes, change);
            continue;
        }
        if let (Change::Write(offset, written), true) = (change, chance.survivors_percent > 0) {
            let kept = usize::try_from(chance.below(written.len() as u64)).unwrap_or_default();
            apply(bytes, &Change::Write(*offset, written[..kept].to_vec()));
        }
        return;
    }
}

/// Each sector survives or doesn't; where a later one does, the file is so long, with zeros between.
fn sector_by_sector(bytes: &mut Vec<u8>, change: &Change, chance: &mut Chance) {
    let Change::Write(offset, written) = change else {
        if chance.survives() {
            apply(bytes, change);
        }
        return;
    };
    let mut from = 0_usize;
    while from < written.len() {
        let at = offset + from as u64;
        let room = usize::try_from(SECTOR_BYTES - at % SECTOR_BYTES).unwrap_or(1);
        let to = written.len().min(from + room);
        if chance.survives() {
            apply(bytes, &Change::Write(at, written[from..to].to_vec()));
        }
        from = to;
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(length) => bytes.resize(usize::try_from(*length).unwrap_or_default(), 0),
        Change::Write(_, written) if written.is_empty() => {}
        Change::Write(offset, written) => {
            let from = usize::try_from(*offset).unwrap_or_default();
            let to = from + written.len();
            if bytes.len() < to {
                bytes.resize(to, 0);
            }
            bytes[from..to].copy_from_slice(written);
        }
    }
}

fn written(change: &Change) -> u64 {
    match change {
        Change::Write(_, bytes) => bytes.len() as u64,
        Change::Truncate(_) => 0,
    }
}

fn same(path: &Path, identity: Identity) -> bool {
    fs::symlink_metadata(path).and_then(|metadata| identity_of(&metadata)).is_ok_and(|found| found == identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_looks_at_a_directory_the_later_counts_whichever_is_noted_last() {
        let directory = Identity { inode: 1, birth: 1 };
        let file = |name: &[u8]| Entry { name: name.to_vec(), identity: directory, is_directory: false };
        let names = |look, entries| Event::Names(directory, look, entries);
        let later = vec![file(b"one"), file(b"two")];
        let noted = [names(0, Vec::new()), names(2, later.clone()), names(1, vec![file(b"one")])];
        let model = Model::of(&noted).unwrap();
        assert_eq!(model.names[&directory].1, later);
    }
}
