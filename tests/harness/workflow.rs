//! Workflow commands, read as the runner of GitHub Actions reads them.

use std::collections::BTreeMap;

/// A command of a log.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    pub name: String,
    pub properties: BTreeMap<String, String>,
    pub message: String,
}

/// The commands of a log. A line that is none fails.
pub fn read(log: &str) -> Vec<Command> {
    log.lines().map(|line| command(line).unwrap_or_else(|| panic!("no command: {line}"))).collect()
}

/// The command of a line: `::name key=value,key=value::message`.
pub fn command(line: &str) -> Option<Command> {
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|property| property.split_once('='));
    Some(Command {
        name: name.to_owned(),
        properties: properties.map(|(key, value)| (key.to_owned(), unescaped(value, &[("%3A", ":"), ("%2C", ",")]))).collect(),
        message: unescaped(message, &[]),
    })
}

/// The older form, which the runner finds anywhere in a line, and that of Azure Pipelines.
pub fn has_older_form(line: &str) -> bool {
    line.match_indices("##").any(|(at, _)| {
        let rest = line[at..].trim_start_matches('#').trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        rest.starts_with('[')
    })
}

fn unescaped(text: &str, also: &[(&str, &str)]) -> String {
    let mut text = text.replace("%0D", "\r").replace("%0A", "\n");
    for (escaped, plain) in also {
        text = text.replace(escaped, plain);
    }
    text.replace("%25", "%")
}
