//! The two forms of paths that the language has: what a load balancer asks instances for, and where a volume is mounted.

use super::read::length;
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::Span;

/// The most characters of a mount. Linux takes 4096 bytes; nobody reads a path of more than a line.
const MOST_OF_A_MOUNT: usize = 255;

/// Directories that the system has files in: a volume over one hides them.
const OF_SYSTEM: [&str; 10] = ["/home", "/opt", "/root", "/tmp", "/usr/local", "/var", "/var/lib", "/var/log", "/var/run", "/var/tmp"];

/// Directories in which nothing is mounted either.
const WHOLLY_OF_SYSTEM: [&str; 22] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home/ec2-user",
    "/lib",
    "/lib32",
    "/lib64",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/cache",
    "/var/lib/cloud",
    "/var/lib/dnf",
    "/var/lib/rpm",
    "/var/lib/systemd",
    "/var/log/journal",
    "/var/run",
    "/var/tmp",
];

/// The path of a URL, perhaps with a query.
pub(super) fn url_path(cloud: &dyn Cloud, key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    length(key, text.chars().count(), 1, cloud.facts().longest_health_check_path, "characters", span)?;
    let invalid = |reason: String| {
        let diagnostic = Diagnostic::new(&codes::INVALID_PATH, format!("`{}` is not a path that `{key}` takes", shown(text)));
        diagnostic.at(span, reason).help("write a path such as `/health` or `/status?full=1`: it starts with `/`, and has no host")
    };
    if !text.starts_with('/') {
        return Err(invalid("it does not start with `/`".into()));
    }
    match cloud.no_health_check_letter(text) {
        Some(letter) => Err(invalid(format!("`{}` is not taken in it", letter.escape_debug()))),
        None => Ok(()),
    }
}

/// A directory for a volume: letters, digits and `_ . - /`, in a place where the system has nothing of its own.
pub(super) fn mount_path(key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    length(key, text.chars().count(), 1, MOST_OF_A_MOUNT, "characters", span)?;
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '_' | '.' | '-');
    let reason = if let Some(letter) = text.chars().find(|letter| !is_letter(*letter)) {
        format!("it has the character `{}`, and only letters, digits and `_ . - /` are taken", letter.escape_debug())
    } else if !text.starts_with('/') {
        "it does not start with `/`".into()
    } else if text == "/" {
        "the root of the file system has a volume of its own".into()
    } else if text.ends_with('/') {
        "it ends with `/`".into()
    } else if text.split('/').skip(1).any(|part| matches!(part, "" | "." | "..")) {
        "each part of it needs a name: not nothing, `.` or `..`".into()
    } else if let Some(system) = of_system(text) {
        format!("the system keeps its own files in `{system}`")
    } else {
        return Ok(());
    };
    Err(Diagnostic::new(&codes::INVALID_PATH, format!("nothing can be mounted at `{}`", shown(text)))
        .at(span, reason)
        .help("write a directory of its own, such as `/data`, `/srv/files` or `/var/lib/postgresql`"))
}

/// The directory of the system that a path is, or is in.
fn of_system(text: &str) -> Option<&'static str> {
    let is_in = |directory: &&&str| text.strip_prefix(**directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let exactly = OF_SYSTEM.iter().find(|directory| **directory == text);
    exactly.or_else(|| WHOLLY_OF_SYSTEM.iter().find(is_in).filter(|_| !text.starts_with("/usr/local/"))).copied()
}
