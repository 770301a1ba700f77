//! Opening a chain for writing: an interrupted write is cut off and kept aside; damage makes the chain be left untouched.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use dictamen_value::Message;

use super::chain::{Chain, Hole};
use super::disk::{AtPath, sync_directory, write_durably};
use super::frame::HEADING_BYTES;
use super::layout::Layout;
use crate::clock::Timestamp;
use crate::store::{Damage, Head, StoreError};

/// What opening a chain found.
pub(crate) enum Opened {
    /// The chain can be continued; what a crash left half-written was set aside.
    Whole(Chain),
    /// The chain is damaged; nothing of it was touched.
    Damaged(Damage),
}

/// Reads a chain, compares it with the newest head, and mends what a crash may have left.
pub(crate) fn open_chain(mut chain: Chain, head: Option<&Head>, now: Timestamp) -> Result<Opened, StoreError> {
    chain.refresh()?;
    if let Some(damage) = judge(&chain, head, now)? {
        return Ok(Opened::Damaged(damage));
    }
    if let Some(hole) = chain.hole.take() {
        set_aside(&chain, &hole)?;
        let mut mended = Chain::unread(&chain.layout, chain.writer);
        mended.refresh()?;
        chain = mended;
    }
    sync_last_segment(&chain)?;
    Ok(Opened::Whole(chain))
}

/// The damage of a chain, if it is damaged.
fn judge(chain: &Chain, head: Option<&Head>, now: Timestamp) -> Result<Option<Damage>, StoreError> {
    let promised = head.map_or(0, |head| head.seq);
    if let Some(hole) = &chain.hole {
        let damaged = hole.was_durable || promised >= hole.expected;
        return Ok(damaged.then(|| hole_damage(chain, hole, promised, now)));
    }
    if promised > chain.last {
        return Ok(Some(cut_damage(chain, promised, now)));
    }
    let Some(head) = head else { return Ok(None) };
    let trace = chain.place(head.seq).map(|place| place.frame()).transpose()?.flatten();
    let agrees = trace.is_some_and(|(_, header)| header.link == head.link);
    Ok((!agrees).then(|| disagreeing_damage(chain, head.seq, now)))
}

/// Moves everything from the hole on to a file beside the segment, then cuts the segment there.
fn set_aside(chain: &Chain, hole: &Hole) -> Result<(), StoreError> {
    let path = chain.path(hole.segment);
    let aside = chain.layout.torn(chain.writer, hole.expected);
    let mut torn = Vec::new();
    let mut file = OpenOptions::new().read(true).write(true).open(&path).at(&path)?;
    file.seek(SeekFrom::Start(hole.offset)).and_then(|_| file.read_to_end(&mut torn)).at(&path)?;
    tracing::warn!(
        segment = %path.display(), offset = hole.offset, bytes = torn.len(), aside = %aside.display(),
        "a crash left an unfinished write that was never acknowledged; it was set aside"
    );
    if !torn.is_empty() {
        let aside = free_name(&aside);
        write_durably(&aside, &torn, 0o644)?;
    }
    cut(&path, &file, hole.offset)?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Cuts a segment; one that would keep no more than a heading is removed.
fn cut(path: &Path, file: &File, offset: u64) -> Result<(), StoreError> {
    if offset == 0 {
        return fs::remove_file(path).at(path);
    }
    file.set_len(offset).and_then(|()| file.sync_all()).at(path)
}

/// The path, or the path with a number if it is taken: what was set aside is never overwritten.
fn free_name(path: &Path) -> std::path::PathBuf {
    let numbered = (2_u32..).map(|number| path.with_extension(format!("{number}.bin")));
    std::iter::once(path.to_owned()).chain(numbered).find(|name| !name.exists()).unwrap_or_else(|| path.to_owned())
}

/// What a crash left whole may not be durable yet; it counts from now on.
fn sync_last_segment(chain: &Chain) -> Result<(), StoreError> {
    let Some(segment) = chain.segments.last() else { return Ok(()) };
    let path = chain.path(segment.first);
    File::open(&path).and_then(|file| file.sync_all()).at(&path)?;
    sync_directory(&chain.layout.chain(chain.writer))
}

fn hole_damage(chain: &Chain, hole: &Hole, promised: u64, now: Timestamp) -> Damage {
    let Hole { segment, offset, expected, message, .. } = hole;
    let (mut es, mut en) =
        (format!("en la traza {expected}: {}", message.es), format!("at trace {expected}: {}", message.en));
    if promised >= *expected {
        es.push_str(&format!("; una cabeza firmada promete hasta la {promised}"));
        en.push_str(&format!("; a signed head promises up to {promised}"));
    }
    damage_at(&chain.layout, chain, *segment, *offset, expected.saturating_sub(1), Message::new(es, en), now)
}

fn cut_damage(chain: &Chain, promised: u64, now: Timestamp) -> Damage {
    let last = chain.last;
    let message = Message::new(
        format!("el registro termina en la traza {last} y una cabeza firmada promete hasta la {promised}"),
        format!("the log ends at trace {last} and a signed head promises up to {promised}"),
    );
    let (segment, offset) = chain.segments.last().map_or((1, 0), |segment| (segment.first, segment.length));
    damage_at(&chain.layout, chain, segment, offset, last, message, now)
}

fn disagreeing_damage(chain: &Chain, seq: u64, now: Timestamp) -> Damage {
    let message = Message::new(
        format!("la cabeza firmada de la traza {seq} no coincide con la cadena: se reescribió"),
        format!("the signed head of trace {seq} disagrees with the chain: it was written anew"),
    );
    let segment = chain.segments.first().map_or(1, |segment| segment.first);
    let heading = u64::try_from(HEADING_BYTES).unwrap_or_default();
    damage_at(&chain.layout, chain, segment, heading, 0, message, now)
}

fn damage_at(
    layout: &Layout,
    chain: &Chain,
    segment: u64,
    offset: u64,
    last_good: u64,
    message: Message,
    found: Timestamp,
) -> Damage {
    let file = layout.relative(&chain.path(segment));
    Damage { writer: chain.writer, last_good, file, offset, found, message }
}
