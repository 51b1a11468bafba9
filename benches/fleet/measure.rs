//! Running the binary as a process, and figures of several runs.

#![allow(unreachable_pub)]

use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// GNU time, which tells the peak memory that the operating system accounts to a finished process.
const TIME: &str = "/usr/bin/time";

/// The binary under test.
#[derive(Debug)]
pub struct Binary {
    /// Where it is.
    pub path: PathBuf,
    /// On how many threads it runs.
    pub threads: usize,
}

impl Binary {
    /// Runs the binary in a workspace; returns how long the whole process took. Findings in the customers' input are no failure.
    pub fn time(&self, workspace: &Path, arguments: &[&str]) -> io::Result<f64> {
        self.time_on(self.threads, workspace, arguments)
    }

    /// The same on another number of threads.
    pub fn time_on(&self, threads: usize, workspace: &Path, arguments: &[&str]) -> io::Result<f64> {
        let mut command = Command::new(&self.path);
        command.env("RAYON_NUM_THREADS", threads.to_string()).arg("-C").arg(workspace).arg("--quiet").args(arguments);
        let started = Instant::now();
        let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
        let elapsed = started.elapsed().as_secs_f64();
        expect_success(&output.stderr, output.status.code(), arguments)?;
        Ok(elapsed)
    }

    /// The most memory that a run holds, in MB. Without GNU time the process is looked at every few milliseconds, which may miss the peak.
    pub fn peak(&self, workspace: &Path, arguments: &[&str]) -> io::Result<f64> {
        let report = std::env::temp_dir().join(format!("terralet-bench-{}", std::process::id()));
        let has_time = Path::new(TIME).exists();
        let mut command = Command::new(if has_time { Path::new(TIME) } else { &self.path });
        if has_time {
            command.args(["-f", "%M", "-o"]).arg(&report).arg(&self.path);
        }
        command.env("RAYON_NUM_THREADS", self.threads.to_string()).arg("-C").arg(workspace).arg("--quiet").args(arguments);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut polled = 0.0_f64;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            polled = polled.max(resident(child.id()).unwrap_or(0.0));
            std::thread::sleep(Duration::from_millis(3));
        };
        expect_success(b"", status.code(), arguments)?;
        if !has_time {
            return Ok(polled);
        }
        let text = fs::read_to_string(&report)?;
        fs::remove_file(&report)?;
        let kilobytes: f64 = text.lines().last().and_then(|line| line.trim().parse().ok()).ok_or_else(|| io::Error::other(text.clone()))?;
        Ok(kilobytes / 1024.0)
    }
}

fn expect_success(said: &[u8], code: Option<i32>, arguments: &[&str]) -> io::Result<()> {
    if code == Some(0) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(said).chars().take(2000).collect::<String>();
    Err(io::Error::other(format!("terralet {arguments:?} ended with {code:?}: {said}")))
}

/// The peak of a process that runs, as Linux tells it.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

/// How long something takes in this process.
pub fn time<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<f64> {
    let started = Instant::now();
    std::hint::black_box(work()?);
    Ok(started.elapsed().as_secs_f64())
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

    /// Of the ratios of values that were measured in turn, pair by pair, so that a machine that slows down does so for both.
    pub fn of_ratios(values: &[f64], floors: &[f64]) -> Spread {
        Spread::of(&values.iter().zip(floors).map(|(value, floor)| value / floor).collect::<Vec<_>>())
    }

    fn json(self) -> Value {
        json!({"min": self.min, "median": self.median, "max": self.max})
    }
}

/// One line of the table.
#[derive(Debug)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// `s`, `ms`, `MB` or nothing for a ratio.
    pub unit: &'static str,
    /// The figure.
    pub figure: Spread,
    /// What it is compared with.
    pub floor: Option<(String, Spread)>,
    /// The ratio of both, pair by pair.
    pub ratio: Option<Spread>,
    /// What is to be reached, of the ratio where there is one, else of the figure.
    pub goal: Option<f64>,
    /// True where more is better.
    pub at_least: bool,
}

impl Line {
    /// True when the median reaches what is to be reached; nothing where there is no goal.
    pub fn holds(&self) -> Option<bool> {
        let median = self.ratio.unwrap_or(self.figure).median;
        self.goal.map(|goal| if self.at_least { median >= goal } else { median <= goal })
    }

    /// The line as text.
    pub fn text(&self) -> String {
        let spread = |spread: &Spread, unit: &str| {
            let digits = if spread.median >= 100.0 { 0 } else { 2 };
            format!("{:.digits$} / {:.digits$} / {:.digits$}{unit}", spread.min, spread.median, spread.max)
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let mut text = format!("{}\n    {}", self.what, spread(&self.figure, &unit));
        if let Some((name, floor)) = &self.floor {
            text.push_str(&format!("\n    {name}: {}", spread(floor, &unit)));
        }
        if let Some(ratio) = &self.ratio {
            text.push_str(&format!("\n    ratio {}", spread(ratio, "")));
        }
        if let (Some(goal), Some(holds)) = (self.goal, self.holds()) {
            let word = if self.at_least { "at least" } else { "at most" };
            text.push_str(&format!("\n    to reach: {word} {goal}: {}", if holds { "holds" } else { "DOES NOT HOLD" }));
        }
        text
    }

    /// The line as JSON.
    pub fn json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit,
            "figure": self.figure.json(),
            "floor": self.floor.as_ref().map(|(name, floor)| json!({"what": name, "figure": floor.json()})),
            "ratio": self.ratio.map(Spread::json),
            "goal": self.goal,
            "goal_is_a_minimum": self.at_least,
            "holds": self.holds(),
        })
    }
}
