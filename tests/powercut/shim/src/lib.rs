//! Preloaded into a process, stands between it and the disk: passes every call on, and writes down those that change files
//! under one directory, or make them durable.
//!
//! `LD_PRELOAD=libpowercut_shim.so POWERCUT_DIR=… POWERCUT_JOURNAL=… program`. Two more variables make the disk bad:
//! `POWERCUT_IGNORE_SYNC=1` answers every fsync without making anything durable (a store that doesn't fsync looks like
//! that), and `POWERCUT_FAIL_SYNC_AFTER=N` lets N fsyncs succeed and fails all further ones with EIO.
//!
//! Every call goes on as a raw system call, so that nothing here calls itself.

use std::collections::HashMap;
use std::ffi::{OsStr, c_char, c_int, c_long, c_void};
use std::fs;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use libc::{iovec, mode_t, off_t, size_t, ssize_t};
use powercut::identity::{entries_of, identity_of};
use powercut::journal::{Event, Identity};

static STATE: OnceLock<State> = OnceLock::new();

/// What the shim knows; absent if the process is not watched.
struct State {
    directory: PathBuf,
    ignore_sync: bool,
    /// How many more syncs succeed; negative once they fail, and the least number if they never do.
    syncs_left: AtomicI64,
    watch: Mutex<Watch>,
}

struct Watch {
    journal: c_int,
    events: u64,
    /// How often a directory was looked at to be made durable.
    looks: u64,
    /// What the open descriptors are, as far as it was needed; none for those that are not under the directory.
    known: HashMap<c_int, Option<Watched>>,
}

#[derive(Clone)]
struct Watched {
    identity: Identity,
    /// The path, if it is a directory.
    directory: Option<PathBuf>,
}

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

extern "C" fn start() {
    let variable = |name: &str| std::env::var_os(name);
    let (Some(directory), Some(journal)) = (variable("POWERCUT_DIR"), variable("POWERCUT_JOURNAL")) else { return };
    let limit = variable("POWERCUT_FAIL_SYNC_AFTER").and_then(|text| text.to_str()?.parse().ok()).unwrap_or(i64::MIN);
    match watch(Path::new(&directory), Path::new(&journal)) {
        Ok((directory, watch)) => {
            let ignore_sync = variable("POWERCUT_IGNORE_SYNC").is_some();
            let state = State { directory, ignore_sync, syncs_left: AtomicI64::new(limit), watch: Mutex::new(watch) };
            drop(STATE.set(state));
        }
        Err(error) => give_up(&error),
    }
}

/// Opens the journal and writes down what is there; all of it counts as durable.
fn watch(directory: &Path, journal: &Path) -> io::Result<(PathBuf, Watch)> {
    let directory = fs::canonicalize(directory)?;
    let file = fs::OpenOptions::new().create(true).truncate(true).write(true).open(journal)?;
    let journal = std::os::fd::IntoRawFd::into_raw_fd(file);
    let mut watch = Watch { journal, events: 0, looks: 0, known: HashMap::new() };
    watch.note(&Event::Root(identity_of(&fs::metadata(&directory)?)?))?;
    watch.note_base(&directory)?;
    Ok((directory, watch))
}

impl Watch {
    fn note_base(&mut self, directory: &Path) -> io::Result<()> {
        let entries = entries_of(directory)?;
        for entry in &entries {
            let path = directory.join(OsStr::from_bytes(&entry.name));
            if entry.is_directory {
                self.note_base(&path)?;
            } else {
                self.note(&Event::Base(entry.identity, fs::read(&path)?))?;
            }
        }
        self.note(&Event::Names(identity_of(&fs::metadata(directory)?)?, 0, entries))
    }

    fn note(&mut self, event: &Event) -> io::Result<()> {
        let record = event.encode();
        let mut rest = record.as_slice();
        while !rest.is_empty() {
            // SAFETY: the descriptor is ours and the pointer and length are of one slice.
            let count = unsafe { libc::syscall(libc::SYS_write, self.journal, rest.as_ptr(), rest.len()) };
            let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
            rest = rest.get(count..).unwrap_or_default();
        }
        self.events += 1;
        Ok(())
    }

    fn must_note(&mut self, event: &Event) {
        if let Err(error) = self.note(event) {
            give_up(&error);
        }
    }

    /// What a descriptor is, if it is under the directory.
    fn find(&mut self, state: &State, descriptor: c_int) -> Option<Watched> {
        if descriptor == self.journal {
            return None;
        }
        self.known.entry(descriptor).or_insert_with(|| look(&state.directory, descriptor)).clone()
    }
}

fn look(root: &Path, descriptor: c_int) -> Option<Watched> {
    let path = fs::read_link(format!("/proc/self/fd/{descriptor}")).ok()?;
    if !path.starts_with(root) {
        return None;
    }
    // SAFETY: the descriptor is open, and ManuallyDrop leaves it so.
    let file = ManuallyDrop::new(unsafe { fs::File::from_raw_fd(descriptor) });
    let metadata = file.metadata().ok()?;
    let directory = metadata.is_dir().then_some(path);
    Some(Watched { identity: identity_of(&metadata).ok()?, directory })
}

/// A test whose model is wrong must not go on.
fn give_up(error: &io::Error) -> ! {
    let text = format!("powercut shim: {error}\n");
    // SAFETY: the pointer and length are of one text; printing it otherwise would come back here.
    unsafe { libc::syscall(libc::SYS_write, 2, text.as_ptr(), text.len()) };
    std::process::abort()
}

fn lock(state: &State) -> MutexGuard<'_, Watch> {
    state.watch.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets what a descriptor is, for its number is used anew.
fn forget(descriptor: c_long) {
    if let (Some(state), Ok(descriptor)) = (STATE.get(), c_int::try_from(descriptor)) {
        lock(state).known.remove(&descriptor);
    }
}

/// Keeps errno over the shim's own work.
fn keeping_errno<T>(work: impl FnOnce() -> T) -> T {
    // SAFETY: errno's place is valid for the whole life of the thread.
    let before = unsafe { *libc::__errno_location() };
    let done = work();
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = before };
    done
}

/// Makes a write and notes the bytes that arrived; `offset` is none for the descriptor's own position.
fn written(
    descriptor: c_int,
    offset: Option<off_t>,
    make: impl FnOnce() -> c_long,
    bytes: impl FnOnce(usize) -> Vec<u8>,
) -> ssize_t {
    let Some(state) = STATE.get() else { return make() as ssize_t };
    let mut watch = lock(state);
    let watched = keeping_errno(|| watch.find(state, descriptor));
    let Some(watched) = watched else {
        drop(watch);
        return make() as ssize_t;
    };
    keeping_errno(|| watch.must_note(&Event::Begin(watched.identity)));
    let count = make();
    if count > 0 {
        keeping_errno(|| {
            let length = usize::try_from(count).unwrap_or_default();
            // SAFETY: asking for a position changes nothing.
            let end = || unsafe { libc::syscall(libc::SYS_lseek, descriptor, 0, libc::SEEK_CUR) };
            let from = offset.unwrap_or_else(|| end() - count);
            let from = u64::try_from(from).unwrap_or_default();
            watch.must_note(&Event::Write(watched.identity, from, bytes(length)));
        });
    }
    count as ssize_t
}

/// The first bytes of some buffers.
///
/// # Safety
/// The buffers must be valid, as they are for the call they were passed to.
unsafe fn gather(buffers: *const iovec, count: c_int, length: usize) -> Vec<u8> {
    // SAFETY: the caller passed them to the system call, which read them.
    let buffers = unsafe { std::slice::from_raw_parts(buffers, usize::try_from(count).unwrap_or_default()) };
    let mut all = Vec::with_capacity(length);
    for buffer in buffers {
        // SAFETY: as above.
        all.extend_from_slice(unsafe { std::slice::from_raw_parts(buffer.iov_base.cast::<u8>(), buffer.iov_len) });
    }
    all.truncate(length);
    all
}

fn synchronised(descriptor: c_int, call: c_long) -> c_int {
    // SAFETY: the descriptor is the caller's; a bad one is answered with an error.
    let make = || unsafe { libc::syscall(call, descriptor) as c_int };
    let Some(state) = STATE.get() else { return make() };
    let mut watch = lock(state);
    let Some(watched) = keeping_errno(|| watch.find(state, descriptor)) else {
        drop(watch);
        return make();
    };
    if state.ignore_sync {
        return 0;
    }
    if state.syncs_left.load(Ordering::Relaxed) != i64::MIN && state.syncs_left.fetch_sub(1, Ordering::Relaxed) <= 0 {
        // SAFETY: errno's place is valid for the whole life of the thread.
        unsafe { *libc::__errno_location() = libc::EIO };
        return -1;
    }
    let before = watch.events;
    watch.looks += 1;
    let look = watch.looks;
    let entries = watched.directory.as_deref().map(|directory| keeping_errno(|| entries_of(directory)));
    drop(watch);
    let made = make();
    if made == 0 {
        keeping_errno(|| match entries {
            None => lock(state).must_note(&Event::Sync(watched.identity, before)),
            Some(Ok(entries)) => lock(state).must_note(&Event::Names(watched.identity, look, entries)),
            Some(Err(error)) => give_up(&error),
        });
    }
    made
}

fn truncated(descriptor: c_int, length: off_t) -> c_int {
    // SAFETY: the descriptor is the caller's; a bad one is answered with an error.
    let make = || unsafe { libc::syscall(libc::SYS_ftruncate, descriptor, length) as c_int };
    let Some(state) = STATE.get() else { return make() };
    let mut watch = lock(state);
    let watched = keeping_errno(|| watch.find(state, descriptor));
    if let Some(watched) = &watched {
        keeping_errno(|| watch.must_note(&Event::Begin(watched.identity)));
    }
    let made = make();
    if let (Some(watched), 0) = (watched, made) {
        keeping_errno(|| {
            watch.must_note(&Event::Truncate(watched.identity, u64::try_from(length).unwrap_or_default()))
        });
    }
    made
}

/// Opens a file; one that is emptied by it was cut to nothing.
///
/// # Safety
/// The path must be a valid C string.
unsafe fn opened(directory: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: passed on as it came.
    let descriptor = unsafe { libc::syscall(libc::SYS_openat, directory, path, flags, mode) };
    if descriptor >= 0 {
        keeping_errno(|| {
            forget(descriptor);
            if flags & libc::O_TRUNC != 0 {
                note_emptied(descriptor as c_int);
            }
        });
    }
    descriptor as c_int
}

fn note_emptied(descriptor: c_int) {
    if let Some(state) = STATE.get() {
        let mut watch = lock(state);
        if let Some(watched) = watch.find(state, descriptor) {
            watch.must_note(&Event::Truncate(watched.identity, 0));
        }
    }
}

macro_rules! interpose {
    ($($(#[$meta:meta])* fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty $body:block)*) => {$(
        $(#[$meta])*
        /// # Safety
        /// As for the call of the same name in libc.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> $result $body
    )*};
}

interpose! {
    /// Opens a file. The mode is only read when the flags create one.
    fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
        // SAFETY: passed on as it came.
        unsafe { opened(libc::AT_FDCWD, path, flags, mode) }
    }

    /// Opens a file.
    fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
        // SAFETY: passed on as it came.
        unsafe { opened(libc::AT_FDCWD, path, flags | libc::O_LARGEFILE, mode) }
    }

    /// Opens a file beside a directory.
    fn openat(directory: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
        // SAFETY: passed on as it came.
        unsafe { opened(directory, path, flags, mode) }
    }

    /// Opens a file beside a directory.
    fn openat64(directory: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
        // SAFETY: passed on as it came.
        unsafe { opened(directory, path, flags | libc::O_LARGEFILE, mode) }
    }

    /// Closes a descriptor.
    fn close(descriptor: c_int) -> c_int {
        keeping_errno(|| forget(c_long::from(descriptor)));
        // SAFETY: passed on as it came.
        unsafe { libc::syscall(libc::SYS_close, descriptor) as c_int }
    }

    /// Writes bytes.
    fn write(descriptor: c_int, buffer: *const c_void, count: size_t) -> ssize_t {
        // SAFETY: passed on as it came; the bytes that arrived are within the buffer.
        written(descriptor, None, || unsafe { libc::syscall(libc::SYS_write, descriptor, buffer, count) },
            |length| unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), length) }.to_vec())
    }

    /// Writes bytes at an offset.
    fn pwrite(descriptor: c_int, buffer: *const c_void, count: size_t, offset: off_t) -> ssize_t {
        // SAFETY: passed on as it came; the bytes that arrived are within the buffer.
        written(descriptor, Some(offset), || unsafe { libc::syscall(libc::SYS_pwrite64, descriptor, buffer, count, offset) },
            |length| unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), length) }.to_vec())
    }

    /// Writes bytes at an offset.
    fn pwrite64(descriptor: c_int, buffer: *const c_void, count: size_t, offset: off_t) -> ssize_t {
        // SAFETY: passed on as it came.
        unsafe { pwrite(descriptor, buffer, count, offset) }
    }

    /// Writes the bytes of several buffers.
    fn writev(descriptor: c_int, buffers: *const iovec, count: c_int) -> ssize_t {
        // SAFETY: passed on as it came; the bytes that arrived are within the buffers.
        written(descriptor, None, || unsafe { libc::syscall(libc::SYS_writev, descriptor, buffers, count) },
            |length| unsafe { gather(buffers, count, length) })
    }

    /// Writes the bytes of several buffers at an offset.
    fn pwritev(descriptor: c_int, buffers: *const iovec, count: c_int, offset: off_t) -> ssize_t {
        // SAFETY: passed on as it came; the bytes that arrived are within the buffers.
        written(descriptor, Some(offset), || unsafe { libc::syscall(libc::SYS_pwritev, descriptor, buffers, count, offset, 0) },
            |length| unsafe { gather(buffers, count, length) })
    }

    /// Writes the bytes of several buffers at an offset.
    fn pwritev64(descriptor: c_int, buffers: *const iovec, count: c_int, offset: off_t) -> ssize_t {
        // SAFETY: passed on as it came.
        unsafe { pwritev(descriptor, buffers, count, offset) }
    }

    /// Cuts or extends a file.
    fn ftruncate(descriptor: c_int, length: off_t) -> c_int {
        truncated(descriptor, length)
    }

    /// Cuts or extends a file.
    fn ftruncate64(descriptor: c_int, length: off_t) -> c_int {
        truncated(descriptor, length)
    }

    /// Makes a file or the names of a directory durable.
    fn fsync(descriptor: c_int) -> c_int {
        synchronised(descriptor, libc::SYS_fsync)
    }

    /// Makes the bytes of a file durable.
    fn fdatasync(descriptor: c_int) -> c_int {
        synchronised(descriptor, libc::SYS_fdatasync)
    }
}
