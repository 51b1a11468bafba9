//! What a directory's documents say that must be reported about them, and what `terralet check` reports.
//!
//! fixtures/diagnose/README.md describes the marks.

use super::{package, terralet};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// The words that begin a mark.
const SEVERITIES: [&str; 3] = ["error", "warning", "advice"];

/// A diagnostic, as reported or as expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reported {
    /// The file of its primary label.
    pub file: Option<String>,
    /// The line of its primary label.
    pub line: Option<u64>,
    /// Its severity.
    pub severity: String,
    /// Its code.
    pub code: String,
    /// What it says; empty for what is expected.
    pub message: String,
}

impl Reported {
    /// True when both are at one line with one code and severity.
    fn is_at(&self, other: &Reported) -> bool {
        (&self.file, self.line, &self.severity, &self.code) == (&other.file, other.line, &other.severity, &other.code)
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file.as_deref().unwrap_or("-"))?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, "  {}: {}", self.severity, self.code)?;
        if self.message.is_empty() { Ok(()) } else { write!(out, "  ({})", self.message) }
    }
}

/// Every code with its severity, as `explain` lists them.
pub fn codes() -> BTreeMap<String, String> {
    let output = terralet(package(), &["explain", "--format", "json"]);
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(list.len() > 90, "`explain` lists {} codes only", list.len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.iter().map(|code| (text(&code["code"]), text(&code["severity"]))).collect()
}

/// The day of fixtures: rules of theirs have ended long before, or last long after.
pub const TODAY: &str = "2026-07-01";

/// Runs `check` in a directory. The exit status must say what the diagnostics say.
pub fn check(directory: &Path) -> Result<Vec<Reported>, String> {
    let output = terralet(directory, &["check", "--format", "json", "--today", TODAY]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let document: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no JSON was printed ({error}), exit status {:?}:\n{said}", output.status.code()))?;
    let reported: Vec<Reported> = document["diagnostics"].as_array().ok_or("no diagnostics in the JSON")?.iter().map(reported).collect();
    let errors = document["diagnostics"].as_array().into_iter().flatten().filter(|reported| reported["severity"] == "error");
    let expected = match errors.map(|reported| reported["customer"].is_null()).min() {
        None => 0,
        Some(false) => 1,
        // Errors that belong to no customer are the platform's.
        Some(true) => 2,
    };
    if output.status.code() != Some(expected) {
        return Err(format!("the exit status is {:?} and not {expected} after:\n{}\n{said}", output.status.code(), lines(&reported)));
    }
    Ok(reported)
}

fn reported(diagnostic: &Value) -> Reported {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let primary = diagnostic["labels"].as_array().into_iter().flatten().find(|label| label["primary"] == true);
    Reported {
        file: primary.map(|label| text(&label["file"])),
        line: primary.and_then(|label| label["line"].as_u64()),
        severity: text(&diagnostic["severity"]),
        code: text(&diagnostic["code"]),
        message: text(&diagnostic["message"]),
    }
}

/// The diagnostics that the marks in a directory's YAML and Terraform files and its `expected.txt` ask for.
pub fn expected(directory: &Path, codes: &BTreeMap<String, String>) -> Result<Vec<Reported>, String> {
    let mut expected = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(&below).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(directory).unwrap().to_string_lossy().replace('\\', "/");
            let kind = fs::symlink_metadata(&path).unwrap();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && [".yml", ".yaml", ".tf"].iter().any(|end| name.ends_with(end)) {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                for (index, line) in text.lines().enumerate() {
                    expected.extend(marks(line, index as u64 + 1, &name));
                }
            }
        }
    }
    if let Ok(list) = fs::read_to_string(directory.join("expected.txt")) {
        for line in list.lines().filter(|line| !line.is_empty()) {
            let (code, file) = line.split_once(' ').ok_or_else(|| format!("expected.txt: `{line}` is no code and file"))?;
            let severity = codes.get(code).cloned().unwrap_or_default();
            let file = (file != "-").then(|| file.to_owned());
            expected.push(Reported { file, line: None, severity, code: code.to_owned(), message: String::new() });
        }
    }
    match expected.iter().find(|reported| !codes.contains_key(&reported.code)) {
        Some(unknown) => Err(format!("unknown code `{}`", unknown.code)),
        None => Ok(expected),
    }
}

/// The place of a line's mark.
fn mark_start(line: &str) -> Option<(usize, &'static str, bool)> {
    let starts = line.match_indices("# ").filter_map(|(at, _)| {
        let word = line.get(at + 2..)?.split_once(':')?.0;
        let (word, next) = word.strip_suffix("-next-line").map_or((word, false), |word| (word, true));
        SEVERITIES.iter().find(|severity| **severity == word).map(|severity| (at, *severity, next))
    });
    starts.last()
}

fn marks(line: &str, number: u64, file: &str) -> Vec<Reported> {
    let Some((at, severity, next)) = mark_start(line) else { return Vec::new() };
    let codes = line.get(at..).and_then(|mark| mark.split_once(": ")).map_or("", |(_, codes)| codes);
    let reported = |code: &str| Reported {
        file: Some(file.to_owned()),
        line: Some(number + u64::from(next)),
        severity: severity.to_owned(),
        code: code.trim().to_owned(),
        message: String::new(),
    };
    codes.split(',').map(reported).collect()
}

/// A text without its marks: what a customer would have written.
pub fn without_marks(text: &str) -> String {
    let stripped = text.split_inclusive('\n').filter_map(|line| {
        let Some((at, _, next)) = mark_start(line) else { return Some(line.to_owned()) };
        let end = if line.ends_with('\n') { "\n" } else { "" };
        let kept = line.get(..at).unwrap_or("").trim_end();
        // The mark of a next line inside a block scalar stands on the line before it, which has a text of its own or is a comment alone.
        if next && kept.is_empty() { None } else { Some(format!("{kept}{end}")) }
    });
    stripped.collect()
}

/// What is reported and not expected, and what is expected and not reported; empty when both are the same.
pub fn difference(reported: &[Reported], expected: &[Reported]) -> String {
    let mut unexpected: Vec<Reported> = reported.to_vec();
    let mut missing = Vec::new();
    // What names its line takes its match first, then what names a file, then what names neither.
    let mut expected: Vec<&Reported> = expected.iter().collect();
    expected.sort_by_key(|expected| (expected.line.is_none(), expected.file.is_none()));
    for wanted in expected {
        let is_wanted = |reported: &Reported| match (&wanted.file, wanted.line) {
            (_, Some(_)) => reported.is_at(wanted),
            (Some(_), None) => reported.code == wanted.code && reported.severity == wanted.severity && reported.file == wanted.file,
            (None, None) => reported.code == wanted.code && reported.severity == wanted.severity,
        };
        match unexpected.iter().position(is_wanted) {
            Some(at) => {
                unexpected.remove(at);
            }
            None => missing.push(wanted.clone()),
        }
    }
    let line = |sign: &'static str| move |reported: &Reported| format!("{sign} {reported}\n");
    missing.iter().map(line("- expected, not reported:")).chain(unexpected.iter().map(line("+ reported, not expected:"))).collect()
}

/// One a line.
pub fn lines(reported: &[Reported]) -> String {
    reported.iter().map(|reported| format!("{reported}\n")).collect()
}
