//! Unified diffs, as `patch` and `git apply` take them, and which lines of two texts are the same. A line ends at a line feed alone.

use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::{DiffOp, DiffTag, group_diff_ops};
use std::ops::Range;

/// How many lines that are the same stand around a change.
const CONTEXT: usize = 3;

/// A unified diff of a file; nothing where its texts are the same.
pub fn unified(file: &str, old: &str, new: &str) -> String {
    let (old, new) = (lines(old), lines(new));
    let hunks = group_diff_ops(steps(&old, &new), CONTEXT);
    if hunks.is_empty() {
        return String::new();
    }
    let mut text = format!("--- {file}\n+++ {file}\n");
    for hunk in &hunks {
        push_hunk(&mut text, hunk, &old, &new);
    }
    text
}

/// The line of `new` that a line of `old` is, when it stands in both. Lines count from 1.
pub fn line_in(new: &str, old: &str, line: usize) -> Option<usize> {
    let index = line.checked_sub(1)?;
    let steps = steps(&lines(old), &lines(new));
    let same = steps.iter().find(|step| step.tag() == DiffTag::Equal && step.old_range().contains(&index))?;
    Some(same.new_range().start + (index - same.old_range().start) + 1)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What makes the new lines of the old ones.
fn steps(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut found = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut found, old, 0..old.len(), new, 0..new.len());
    found.into_inner().into_inner().into_ops()
}

fn push_hunk(text: &mut String, hunk: &[DiffOp], old: &[&str], new: &[&str]) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let removed = numbers(first.old_range().start..last.old_range().end);
    let added = numbers(first.new_range().start..last.new_range().end);
    text.push_str(&format!("@@ -{removed} +{added} @@\n"));
    for step in hunk {
        if step.tag() == DiffTag::Equal {
            push_lines(text, ' ', old, step.old_range());
        } else {
            push_lines(text, '-', old, step.old_range());
            push_lines(text, '+', new, step.new_range());
        }
    }
}

/// The lines of a hunk as its head has them: the first and how many, which is left out for one. No line is said to be after the one before.
fn numbers(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn push_lines(text: &mut String, mark: char, lines: &[&str], range: Range<usize>) {
    for line in lines.get(range).unwrap_or_default() {
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}
