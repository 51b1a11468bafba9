//! What standard error can show: its columns, colours, and whether lines are drawn in ASCII.

use super::style::Color;
use std::io::IsTerminal;

/// Columns where there is no terminal to ask.
const USUAL_WIDTH: usize = 100;
/// Fewer columns break every message to pieces, and lines of more are hard to read.
const NARROWEST: usize = 60;
const WIDEST: usize = 140;

/// A screen, or a file or a log in place of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    /// Columns, from 60 to 140.
    pub(super) width: usize,
    /// True when colours are shown.
    pub(super) colour: bool,
    /// True when lines are drawn with what ASCII does not have.
    pub(super) unicode: bool,
}

impl Screen {
    /// Standard error, in the environment of the run.
    pub(super) fn of_errors(color: Color) -> Screen {
        let is_terminal = std::io::stderr().is_terminal();
        let terminal = || terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0));
        let width = set("COLUMNS").and_then(|columns| columns.trim().parse().ok()).or_else(|| if is_terminal { terminal() } else { None });
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_ascii_lowercase();
        Screen {
            width: width.filter(|width| *width > 0).unwrap_or(USUAL_WIDTH).clamp(NARROWEST, WIDEST),
            colour: colour(color, is_terminal, set),
            unicode: locale.contains("utf-8") || locale.contains("utf8"),
        }
    }
}

/// Whether colours are shown: <https://no-color.org> and <https://bixense.com/clicolors>.
fn colour(color: Color, is_terminal: bool, set: impl Fn(&str) -> Option<String>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR").is_some() => false,
        Color::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Color::Auto if set("CLICOLOR").is_some_and(|value| value == "0") => false,
        Color::Auto => is_terminal && set("TERM").is_none_or(|terminal| terminal != "dumb"),
    }
}

/// A variable of the environment; an empty one counts as none.
fn set(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Color, colour};

    #[test]
    fn the_environment_decides_where_the_call_does_not() {
        type Variables<'v> = &'v [(&'v str, &'v str)];
        let cases: [(Color, bool, Variables<'_>, bool); 12] = [
            (Color::Auto, true, &[], true),
            (Color::Auto, false, &[], false),
            (Color::Auto, true, &[("CLICOLOR", "0")], false),
            (Color::Auto, true, &[("CLICOLOR", "1")], true),
            (Color::Auto, false, &[("CLICOLOR", "1")], false),
            (Color::Auto, true, &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], true),
            (Color::Auto, true, &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "0")], false),
            (Color::Auto, true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
            (Color::Auto, true, &[("TERM", "dumb")], false),
            (Color::Always, false, &[("CLICOLOR", "0")], true),
            (Color::Always, false, &[("NO_COLOR", "1")], true),
            (Color::Never, true, &[("CLICOLOR_FORCE", "1")], false),
        ];
        for (color, is_terminal, variables, expected) in cases {
            let set = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(colour(color, is_terminal, set), expected, "{color:?}, terminal: {is_terminal}, {variables:?}");
        }
    }
}
