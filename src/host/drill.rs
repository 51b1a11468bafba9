//! Where tests of debug builds come between: a run dies before a step, or meets its test at a point. Release builds know none
//! of it.

#[cfg(not(debug_assertions))]
pub(crate) use release::{meet, step};

#[cfg(debug_assertions)]
pub(crate) use debug::{meet, step};

#[cfg(not(debug_assertions))]
mod release {
    use std::ffi::OsStr;
    use std::path::Path;

    pub(crate) fn step() {}

    pub(crate) fn meet(_: &str, _: &Path, _: &OsStr) {}
}

#[cfg(debug_assertions)]
mod debug {
    use std::ffi::OsStr;
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::time::{Duration, Instant};

    /// How long a run waits for a test that does not come.
    const PATIENCE: Duration = Duration::from_secs(300);

    /// A step that changes the disk is about to be taken. Dies before step N, counted from 1, when `TERRALET_TEST_DIE_AT` is N:
    /// tests/cli/crash.rs kills a run at each of its steps in turn. An abort runs no destructor and flushes nothing, as SIGKILL does.
    pub(crate) fn step() {
        static TAKEN: AtomicU64 = AtomicU64::new(0);
        let taken = TAKEN.fetch_add(1, Ordering::Relaxed) + 1;
        if std::env::var("TERRALET_TEST_DIE_AT").is_ok_and(|at| at.parse() == Ok(taken)) {
            std::process::abort();
        }
    }

    /// A point in the way of one path: reading it, locking it, putting another in its place. `TERRALET_TEST_MEET` is `point|end of the path|directory`: at the first such place the run makes
    /// the file `here` in the directory, and goes on when there is a file `go`, so that a test changes the disk right then.
    pub(crate) fn meet(point: &str, directory: &Path, name: &OsStr) {
        static MET: AtomicBool = AtomicBool::new(false);
        let Ok(place) = std::env::var("TERRALET_TEST_MEET") else { return };
        let [at, end, meeting] = place.split('|').collect::<Vec<_>>()[..] else { return };
        if at != point || !directory.join(name).ends_with(end) || MET.swap(true, Ordering::Relaxed) {
            return;
        }
        let meeting = Path::new(meeting);
        let started = Instant::now();
        let _made = fs::write(meeting.join("here"), "");
        while !meeting.join("go").exists() && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
