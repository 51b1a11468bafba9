//! Runs the binary as a process, and counts what it takes: time on the clock, time on the processors, memory.
//!
//! Clock time says what a user waits for, and depends on what else the machine does. Processor time does so far less, which is why both
//! are printed.

#![allow(unreachable_pub)]

use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// The first argument of the process that starts the binary and gets from the operating system what it took. It is a process of its own
/// since Linux counts to a process what the one that starts it holds until then, and the bench holds whole trees.
pub const COUNTED: &str = "--counted";

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Seconds on the clock.
    pub clock: f64,
    /// Seconds on all processors together.
    pub processor: f64,
    /// The most memory held, in MB of a million bytes; 0 for what ran in the bench itself.
    pub peak: f64,
}

impl Taken {
    /// The same work a part of it: of one customer of many.
    pub fn divided_by(self, parts: usize) -> Taken {
        let parts = parts as f64;
        Taken { clock: self.clock / parts, processor: self.processor / parts, ..self }
    }
}

/// The binary under test.
#[derive(Debug)]
pub struct Binary {
    /// Where it is.
    pub path: PathBuf,
    /// On how many threads it runs.
    pub threads: usize,
}

impl Binary {
    /// Runs the binary in a workspace. Anything but success is an error.
    pub fn run(&self, workspace: &Path, arguments: &[&str]) -> io::Result<Taken> {
        self.run_on(self.threads, workspace, arguments)
    }

    /// The same on another number of threads.
    pub fn run_on(&self, threads: usize, workspace: &Path, arguments: &[&str]) -> io::Result<Taken> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(COUNTED).arg(&self.path).arg("-C").arg(workspace).arg("--quiet").args(arguments);
        command.env("RAYON_NUM_THREADS", threads.to_string());
        let output = command.stdin(Stdio::null()).output()?;
        let failure = || {
            let said = String::from_utf8_lossy(&output.stderr).chars().take(2000).collect::<String>();
            io::Error::other(format!("terralet {arguments:?} ended with {}: {said}", output.status))
        };
        if !output.status.success() {
            return Err(failure());
        }
        let reported: Value = serde_json::from_slice(&output.stdout)?;
        let number = |name: &str| reported[name].as_f64().ok_or_else(failure);
        Ok(Taken { clock: number("clock")?, processor: number("processor")?, peak: number("peak")? })
    }
}

/// What a process that was started with [`COUNTED`] does: runs a program, and prints what it took. Gives the program's exit code.
pub fn counted(arguments: &[String]) -> io::Result<i32> {
    let (program, arguments) = arguments.split_first().ok_or_else(|| io::Error::other("no program to run"))?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let clock = started.elapsed().as_secs_f64();
    let processor = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    #[allow(clippy::print_stdout)]
    {
        print!("{}", json!({"clock": clock, "processor": processor, "peak": ended.rusage.maxrss as f64 / 1e6}));
    }
    Ok(ended.status.code().unwrap_or(-1))
}

/// Runs something in this process.
pub fn here<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<Taken> {
    let (started, before) = (Instant::now(), processor());
    std::hint::black_box(work()?);
    Ok(Taken { clock: started.elapsed().as_secs_f64(), processor: processor() - before, peak: 0.0 })
}

/// Seconds that this process has spent on all processors.
fn processor() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The figures of several runs.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

impl Spread {
    /// Of at least one value.
    pub fn of(values: &[f64]) -> Spread {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        Spread { min: at(0), median: at(sorted.len() / 2), max: at(sorted.len().saturating_sub(1)) }
    }

    /// Of something of each run.
    pub fn of_each(taken: &[Taken], figure: impl Fn(&Taken) -> f64) -> Spread {
        Spread::of(&taken.iter().map(figure).collect::<Vec<_>>())
    }

    /// Of the ratios of runs that were made in turn, pair by pair, so that a machine that slows down does so for both.
    pub fn of_ratios(taken: &[Taken], floors: &[Taken], figure: impl Fn(&Taken) -> f64) -> Spread {
        Spread::of(&taken.iter().zip(floors).map(|(taken, floor)| figure(taken) / figure(floor)).collect::<Vec<_>>())
    }

    /// `minimum / median / maximum`.
    pub fn text(self) -> String {
        let digits = match self.median {
            median if median >= 100.0 => 0,
            median if median >= 10.0 => 1,
            median if median >= 1.0 => 2,
            _ => 3,
        };
        format!("{:.digits$} / {:.digits$} / {:.digits$}", self.min, self.median, self.max)
    }

    pub fn json(self) -> Value {
        json!({"min": self.min, "median": self.median, "max": self.max})
    }
}
