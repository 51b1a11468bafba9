//! What a value that was refused may have meant, where its own form says: the quotes of a word processor, cron's five fields, an address with
//! its sign written out, the expressions of other tools.
//!
//! It proposes; whether the type takes what is proposed is for its reader.

use super::Type;
use super::template::NAMES;
use crate::clouds::CLOUDS;

/// The quotes that word processors put in place of `"` and `'`, by how they open.
const QUOTES: [(char, &[char]); 6] =
    [('“', &['”', '“']), ('„', &['“', '”']), ('”', &['”']), ('«', &['»']), ('‘', &['’', '‘']), ('’', &['’'])];

/// Other tools' names for what templates have, in snake case.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("env", "environment"),
    ("env_name", "environment"),
    ("environment_name", "environment"),
    ("stage", "environment"),
    ("workspace", "environment"),
    ("region_name", "region"),
    ("current_region", "region"),
    ("project", "project_name"),
    ("service_name", "service"),
    ("customer", "customer_id"),
    ("customer_name", "customer_id"),
    ("tenant", "customer_id"),
    ("tenant_id", "customer_id"),
    ("client_id", "customer_id"),
];

/// What a refused text may have meant, and why.
pub(super) fn meant(kind: Type, text: &str) -> Option<(String, &'static str)> {
    if matches!(kind, Type::Verbatim { .. }) {
        return None;
    }
    if let Some(inside) = in_quotes(text) {
        return Some((inside.to_owned(), "the quotes of a word processor are part of the text, and those of YAML are `\"` and `'`"));
    }
    if let Some(template) = kind.takes_templates().then(|| template(text)).flatten() {
        return Some((template, "templates are written so, and nothing else is filled in"));
    }
    match kind {
        Type::EngineVersion | Type::CacheVersion => version(text).map(|version| (version, "a version is its numbers alone")),
        Type::BucketName => Some((bucket(text), "a bucket's name has lower-case letters, digits, `.` and `-`")),
        Type::Email => email(text).map(|address| (address, "one address, with its `@`")),
        Type::Schedule => {
            cron(text).map(|schedule| (schedule, "it has six fields with one minute, one of the two days is `?`, and the last is the year"))
        }
        Type::UrlPath => url_path(text).map(|path| (path, "a path starts with `/`, without the host")),
        Type::MountPath => Some((mount_path(text), "a directory starts with `/`, and ends without one")),
        Type::Text { .. }
        | Type::Boolean
        | Type::Choice(_)
        | Type::Integer { .. }
        | Type::IntegerOf(..)
        | Type::Verbatim { .. }
        | Type::VpcCidr
        | Type::Cidr
        | Type::InstanceType
        | Type::Ami
        | Type::Zone
        | Type::Engine
        | Type::InstanceClass
        | Type::NodeType
        | Type::SecretReference
        | Type::CertificateArn
        | Type::Region
        | Type::Cloud
        | Type::Identifier(_)
        | Type::KeyPair
        | Type::DatabaseName
        | Type::Snapshot
        | Type::DailyWindow { .. }
        | Type::WeeklyWindow { .. }
        | Type::ParameterValue
        | Type::TagValue => None,
    }
}

/// The text inside the quotes of a word processor.
fn in_quotes(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    let (first, last) = (letters.next()?, letters.next_back()?);
    let (_, closing) = QUOTES.iter().find(|(open, _)| *open == first)?;
    let inside = letters.as_str();
    (closing.contains(&last) && !inside.is_empty() && !inside.contains(['"', '\\', '\n'])).then_some(inside)
}

/// A text with the expressions of Terraform, CloudFormation, shells, Helm and Ansible as templates, where each is one that templates have.
pub(super) fn template(text: &str) -> Option<String> {
    let (mut now, mut rest) = (String::with_capacity(text.len()), text);
    let mut count = 0;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("{{")).min() {
        let (before, from) = rest.split_at_checked(at)?;
        let close = if from.starts_with("${") { "}" } else { "}}" };
        let (inside, behind) = from.get(2..)?.split_once(close)?;
        now.push_str(before);
        now.push_str(&format!("{{{{ {} }}}}", variable(inside)?));
        count += 1;
        rest = behind;
    }
    now.push_str(rest);
    (count > 0).then_some(now)
}

/// The variable that another tool's expression names: `var.environment`, `.Values.projectName`, and a region of CloudFormation.
fn variable(expression: &str) -> Option<&'static str> {
    let last = expression.trim().rsplit(['.', ':']).next()?.trim();
    let is_name = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let mut name = String::new();
    let mut after_lower = false;
    for letter in last.chars().filter(|_| is_name) {
        if letter.is_ascii_uppercase() && after_lower {
            name.push('_');
        }
        after_lower = letter.is_ascii_lowercase();
        name.push(if letter == '-' { '_' } else { letter.to_ascii_lowercase() });
    }
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, known)| *known);
    let of_cloud = || CLOUDS.iter().any(|cloud| cloud.facts().region_variables.contains(&name.as_str())).then_some("region");
    let other = other.or_else(of_cloud);
    NAMES.iter().copied().find(|known| *known == name || Some(*known) == other)
}

/// The numbers of `v16.4`, `postgres:16`, `PostgreSQL 16.4` and `16.x`.
fn version(text: &str) -> Option<String> {
    let folded = text.trim().to_ascii_lowercase();
    let mut rest = folded.as_str();
    for name in ["postgresql", "postgres", "mysql", "mariadb", "version"] {
        rest = rest.strip_prefix(name).map_or(rest, |rest| rest.trim_start_matches([' ', ':', '-', '_', '@']));
    }
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let rest = [".x", ".*", "+", "-alpine", "-latest"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    Some(rest.to_owned()).filter(|rest| *rest != text)
}

/// A bucket's name of an address, and with the letters that it may have.
fn bucket(text: &str) -> String {
    let mut addresses = CLOUDS.iter().flat_map(|cloud| cloud.facts().bucket_addresses);
    let name = addresses.find_map(|start| text.strip_prefix(start)).unwrap_or(text);
    let letter = |letter: char| if matches!(letter, '_' | ' ' | '/') { '-' } else { letter.to_ascii_lowercase() };
    name.trim_end_matches('/').chars().map(letter).collect()
}

/// The path of a whole URL, or one whose first `/` is missing.
fn url_path(text: &str) -> Option<String> {
    let behind_host = text.split_once("://").map(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"));
    match behind_host {
        Some(path) => Some(path.to_owned()),
        None => (!text.is_empty() && !text.starts_with('/')).then(|| format!("/{text}")),
    }
}

/// A directory with its first `/`, and without one at its end.
fn mount_path(text: &str) -> String {
    format!("/{}", text.trim_matches('/'))
}

/// An address whose sign is written out, or that stands behind a name or a scheme.
fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let mut address = text.to_owned();
    for (words, sign) in [(["(at)", "[at]", "{at}", " at "], "@"), (["(dot)", "[dot]", "{dot}", " dot "], ".")] {
        for word in words {
            address = address.replace(word, sign);
        }
    }
    Some(address.split_whitespace().collect::<String>()).filter(|_| !address.trim().contains(' '))
}

/// The five fields of cron in the form that the cloud takes, in UTC like every schedule here. Nothing where both days are given, which cron
/// takes for either of them.
fn cron(text: &str) -> Option<String> {
    let inside = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    let fields: Vec<&str> = inside.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    // `*/5` counts from the least value that the field has.
    let every = |field: &str, least: u32| field.strip_prefix("*/").map_or_else(|| field.to_owned(), |step| format!("{least}/{step}"));
    let (minute, hour, month) = (every(minute, 0), every(hour, 0), every(month, 1));
    // A schedule has one minute: what asks for more is once an hour.
    let minute = minute.split([',', '-', '/']).next().filter(|first| *first != "*").unwrap_or("0");
    match (*day, *weekday) {
        (day, "*" | "?") => Some(format!("cron({minute} {hour} {} {month} ? *)", every(day, 1))),
        ("*" | "?", weekday) => Some(format!("cron({minute} {hour} ? {month} {} *)", weekdays(weekday)?)),
        _ => None,
    }
}

/// Days of the week by their names: cron counts them from Sunday as 0, and the cloud as 1.
fn weekdays(field: &str) -> Option<String> {
    const NAMES: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    let day = |text: &str| match text.parse::<usize>() {
        Ok(number) => NAMES.get(number).map(|name| (*name).to_owned()),
        Err(_) => Some(text.to_ascii_uppercase()).filter(|name| NAMES.contains(&name.as_str())),
    };
    let part = |text: &str| match text.split_once('-') {
        Some((first, last)) => Some(format!("{}-{}", day(first)?, day(last)?)),
        None => day(text),
    };
    field.split(',').map(part).collect::<Option<Vec<_>>>().map(|days| days.join(","))
}

/// The name that a key pair has, of the path of its file. A name alone may end as files do.
pub(super) fn key_pair(text: &str) -> Option<&str> {
    let is_path = ["~/", "/", "./", "../", "$HOME", "${HOME}"].iter().any(|start| text.starts_with(start)) || text.contains("/.ssh/");
    let ends = [".pem", ".ppk", ".pub", ".key"];
    let name = text.rsplit('/').next()?;
    is_path.then(|| ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
}
