//! What a run takes of the processor and of memory.
//!
//! A process begins with the peak of the one that starts it, and this one holds what its other tests hold. So each run is started by a process
//! of this binary that does nothing else.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use wait4::Wait4;

/// Has the arguments of the run that is to be measured, with blanks between.
const ASKED: &str = "TERRALET_TEST_MEASURE";
/// The test that measures it.
const LAUNCHER: &str = "limits::measured::a_run_is_measured_where_it_is_asked_for";
/// Files of the workspace: what the run says, and what it took.
pub(super) const SAID: &str = "said";
const TAKEN: &str = "taken";
/// A run that hangs is killed after so many seconds of processor time.
const PATIENCE: u32 = 600;

pub(super) struct Taken {
    /// Of processor time.
    pub(super) seconds: f64,
    /// At the peak.
    pub(super) megabytes: f64,
    pub(super) status: i32,
}

/// Runs the binary in a directory, in which a file then has what it printed.
pub(super) fn run(what: &str, directory: &Path, arguments: &str) -> Taken {
    let mut launcher = Command::new(std::env::current_exe().unwrap());
    let output = launcher.args(["--exact", LAUNCHER]).current_dir(directory).env(ASKED, arguments).output().unwrap();
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stdout));
    let taken = fs::read_to_string(directory.join(TAKEN)).unwrap();
    let [seconds, megabytes, status, signal] = taken.split(' ').collect::<Vec<_>>()[..] else { panic!("{taken}") };
    let status = status.parse().unwrap_or_else(|_| panic!("{what}: ended by {signal}"));
    Taken { seconds: seconds.parse().unwrap(), megabytes: megabytes.parse().unwrap(), status }
}

#[test]
fn a_run_is_measured_where_it_is_asked_for() {
    let Some(arguments) = std::env::var_os(ASKED).and_then(|asked: OsString| asked.into_string().ok()) else { return };
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -t {PATIENCE}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_terralet")]).args(arguments.split(' '));
    let used = shell.stdin(Stdio::null()).stdout(File::create(SAID).unwrap()).stderr(Stdio::null()).spawn().unwrap().wait4().unwrap();
    let seconds = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    let megabytes = used.rusage.maxrss as f64 / (1 << 20) as f64;
    let status = used.status.code().map_or_else(|| "none".to_owned(), |status| status.to_string());
    fs::write(TAKEN, format!("{seconds} {megabytes} {status} signal-{}", used.status.signal().unwrap_or(0))).unwrap();
}
