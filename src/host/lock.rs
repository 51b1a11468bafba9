//! The lock of an output directory: one writer at a time. Writes nothing but its own file, whatever stands under that name.

use super::drill::{meet, step};
use super::output::Output;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use terralet_core::failure::Failure;

/// The file that is locked.
const LOCK: &str = ".terralet-lock";

/// Holds the output directory for one writer at a time; the lock ends with its process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, waiting for another compile to end; `waits` gets a sentence to print when it has to.
    pub fn take(output: &Output, waits: impl FnOnce(&str)) -> Result<Lock, Failure> {
        step();
        fs::create_dir_all(&output.root).map_err(|error| Failure::io("make", &output.root, error))?;
        let path = output.root.join(LOCK);
        step();
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = match open(&path, flags, Mode::from_raw_mode(0o666)) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP | Errno::MLINK) => return Err(not_ours(&path, "a link")),
            Err(error) => return Err(Failure::io("open", &path, std::io::Error::from(error))),
        };
        if !file.metadata().map_err(|error| Failure::io("look at", &path, error))?.is_file() {
            return Err(not_ours(&path, "no plain file"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(Failure::io("lock", &path, error)),
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&file).unwrap_or_default();
                let holder = if is_holder(&holder) && !holder.is_empty() { format!(" ({holder})") } else { String::new() };
                waits(&format!("another terralet{holder} is writing here; waiting for it to end"));
                file.lock().map_err(|error| Failure::io("lock", &path, error))?;
            }
        }
        // A file under this name that terralet did not make may be somebody's, and may have another name elsewhere.
        if !is_holder(&holder(&file).map_err(|error| Failure::io("read", &path, error))?) {
            return Err(not_ours(&path, "a file that terralet did not make"));
        }
        // Who holds it is for people to read; the lock itself is the operating system's.
        let held = format!("process {}", std::process::id());
        let written = file.set_len(0).and_then(|()| file.write_all_at(held.as_bytes(), 0));
        written.map_err(|error| Failure::io("write", &path, error))?;
        meet("lock", &output.root, OsStr::new(".terralet-lock"));
        Ok(Lock { _file: file })
    }
}

/// What a lock says of who holds it, or of who held it last.
fn holder(file: &File) -> io::Result<String> {
    let mut bytes = [0; 64];
    let mut length = 0;
    loop {
        match file.read_at(bytes.get_mut(length..).unwrap_or_default(), length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    // A power cut may leave the length of a text without the text.
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
    Ok(text.trim_matches('\0').trim().to_owned())
}

/// True for what terralet writes into a lock, or for the beginning of it.
fn is_holder(text: &str) -> bool {
    let number = text.strip_prefix("process ");
    "process ".starts_with(text) || number.is_some_and(|number| number.len() < 20 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn not_ours(path: &Path, what: &str) -> Failure {
    Failure::usage(
        format!("`{}` is {what}, so the output cannot be locked", path.display()),
        "move it away: terralet makes its lock itself, and writes through no link",
    )
}
