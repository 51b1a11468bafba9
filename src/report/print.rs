//! Printing, and whether all of it could be printed.

use super::clean::clean;
use super::escape;
use serde::Serialize;
use std::io::Write;
use std::sync::OnceLock;

/// Prints a value as JSON on standard output.
pub fn print_json<T: Serialize>(value: &T) {
    out(&escape::pretty(value));
    out("\n");
}

/// Prints text on standard output. A reader that went away is not an error.
pub fn out(text: &str) {
    let mut out = std::io::stdout().lock();
    // What is left in the buffer at the end of the process is written without anybody asking whether it could be.
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Why something could not be printed, the first of it.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// Notes that something could not be printed. A reader that went away is not an error.
pub(super) fn written(result: std::io::Result<()>) {
    if let Err(error) = result
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.get_or_init(|| error.to_string());
    }
}

/// Notes whether something that others print could be printed.
pub fn printed(result: std::io::Result<()>) {
    written(result.and_then(|()| std::io::stdout().flush()));
}

/// Why something that the run had to say could not be printed; nothing where all of it was.
pub fn unwritten() -> Option<&'static str> {
    UNWRITTEN.get().map(String::as_str)
}

/// Prints a line on standard error.
pub fn note(text: &str) {
    written(writeln!(std::io::stderr().lock(), "{}", clean(text)));
}

/// Prints rows with their columns aligned.
pub fn table<const N: usize>(rows: &[[String; N]]) {
    let mut widths = [0_usize; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    out(&clean(&text));
}
