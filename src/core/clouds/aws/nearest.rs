//! Which of many names of the form `<family>.<size>` a wrong one may have meant. It knows how such names are built
//! (`family.rs`), and not what they stand for.

use std::cmp::Reverse;

use super::family::{self, Family};

/// The longest text, in bytes, that may have meant one of the names.
const LONGEST: usize = 64;

/// The best `limit` of `names`, best first, for a query that may be read in several ways. `names` are sorted by their
/// bytes; `popularity` says how common a name is, to choose between names that are as near, or `None` for one that may
/// not be suggested.
pub(super) fn rank(
    readings: &[&str],
    names: impl Iterator<Item = &'static str>,
    limit: usize,
    popularity: impl Fn(&'static str) -> Option<usize>,
) -> Vec<&'static str> {
    // No name has nearly as many characters, and what is compared costs the product of the lengths.
    if readings.iter().any(|reading| reading.len() > LONGEST) {
        return Vec::new();
    }
    let names: Vec<_> = names.collect();
    let mut queries: Vec<_> = readings.iter().map(|reading| Query::understand(reading, &names)).collect();
    let mut ranked: Vec<(Cost, usize, &str)> = Vec::with_capacity(names.len());
    for name in names {
        let best = queries.iter_mut().enumerate().map(|(index, query)| (query.cost(name), index)).min();
        ranked.extend(best.map(|(cost, index)| (cost, index, name)));
    }
    ranked.sort_unstable();

    // Popularity is looked up for the head of the list only: whole groups of equal cost until there are enough.
    let mut head = Vec::new();
    for group in ranked.chunk_by(|left, right| left.0 == right.0) {
        if head.len() >= limit {
            break;
        }
        for (cost, index, name) in group {
            let (Some(popularity), Some(query)) = (popularity(name), queries.get(*index)) else { continue };
            let found = Family::parse(family::split(name).0);
            let wanted = Family::parse(&query.family);
            let other_line = found.line != wanted.line;
            let generations_apart = found.generation.abs_diff(wanted.generation);
            let capabilities_apart = found.capabilities_apart(&wanted);
            head.push((*cost, capabilities_apart, other_line, generations_apart, Reverse(popularity), *name));
        }
    }
    head.sort_unstable();
    head.into_iter().take(limit).map(|(.., name)| name).collect()
}

/// What is wrong first (nothing, then the part that could not be right), how wrong second.
type Cost = (u8, usize);

/// One reading of what was written, and the costs already known.
struct Query {
    /// Only the letters and digits.
    letters: String,
    family: String,
    size: String,
    family_exists: bool,
    size_exists: bool,
    /// Names come sorted by family.
    last_family: Option<(&'static str, usize)>,
    /// There are few sizes.
    sizes: Vec<(&'static str, usize)>,
}

impl Query {
    fn understand(reading: &str, names: &[&str]) -> Self {
        let text: String =
            reading.trim().chars().map(|c| if c.is_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' }).collect();
        let family_exists = |family: &str| {
            let start = format!("{family}.");
            let first = names.partition_point(|name| *name < start.as_str());
            names.get(first).is_some_and(|name| name.starts_with(&start))
        };
        let size_exists = |size: &str| names.iter().any(|name| family::split(name).1 == size);
        let (family, size) = split_anywhere(&text, family_exists, size_exists);
        let family_exists = family_exists(&family);
        // A size that many families have is taken at its word, and so is one that a family of the line has; a rare one
        // is not: `c5.112xlarge` is a slip for `c5.12xlarge`, although the largest machines have that size.
        let line = Family::parse(&family).line;
        let with_size = || names.iter().map(|name| family::split(name)).filter(|(_, found)| *found == size);
        let families = names.chunk_by(|left, right| family::split(left).0 == family::split(right).0).count();
        let size_exists = matches!(&*size, "nano" | "micro" | "small" | "medium" | "large" | "xlarge")
            || with_size().count() * 10 >= families
            || with_size().any(|(found, _)| !family_exists || Family::parse(found).line == line);
        Self { letters: letters_of(&text), family, size, family_exists, size_exists, last_family: None, sizes: Vec::new() }
    }

    fn cost(&mut self, name: &'static str) -> Cost {
        if same_letters(name, &self.letters) {
            return (0, 0);
        }
        let (family, size) = family::split(name);
        // The part that exists was meant; the other one is the mistake.
        let group = match (self.family_exists, self.size_exists) {
            (true, _) => 1 + u8::from(family != self.family),
            (false, true) => 1 + u8::from(size != self.size),
            (false, false) => 1,
        };
        (group, self.family_cost(family) + self.size_cost(size))
    }

    fn family_cost(&mut self, family: &'static str) -> usize {
        if let Some((_, cost)) = self.last_family.filter(|(known, _)| *known == family) {
            return cost;
        }
        let cost = slip_cost(&self.family, family);
        self.last_family = Some((family, cost));
        cost
    }

    fn size_cost(&mut self, size: &'static str) -> usize {
        if let Some((_, cost)) = self.sizes.iter().find(|(known, _)| *known == size) {
            return *cost;
        }
        let cost = if self.size_exists { size_apart(&self.size, size) } else { slip_cost(&self.size, size) };
        self.sizes.push((size, cost));
        cost
    }
}

/// The family and the size of a query that may have another separator than the dot, or none.
fn split_anywhere(text: &str, family_exists: impl Fn(&str) -> bool, size_exists: impl Fn(&str) -> bool) -> (String, String) {
    if let Some((family, size)) = text.split_once('.') {
        return (family.to_owned(), size.trim_matches('.').to_owned());
    }
    let parts = |index: usize| {
        let (family, size) = text.split_at(index);
        (family.trim_end_matches('-'), size.trim_start_matches('-'))
    };
    let at_separator = |index: &usize| text.as_bytes().get(*index) == Some(&b'-');
    let inner = || (1..text.len()).filter(|index| text.is_char_boundary(*index));
    // Of the places to split, the first that makes both parts exist, else the size, else the longest family.
    let place = inner()
        .find(|index| family_exists(parts(*index).0) && size_exists(parts(*index).1))
        .or_else(|| inner().find(|index| size_exists(parts(*index).1)))
        .or_else(|| inner().rev().find(|index| family_exists(parts(*index).0)))
        .or_else(|| inner().find(at_separator));
    let (family, size) = place.map_or((text, ""), parts);
    (family.to_owned(), size.to_owned())
}

/// Three for each slip (two letters that changed places, one left out, doubled or changed), one more where the letters
/// are not as many, two more where one was changed: fingers slip more often than they find another letter.
fn slip_cost(written: &str, meant: &str) -> usize {
    let slips = strsim::osa_distance(written, meant);
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let kind = match (written.len() == meant.len(), slips) {
        (_, 0) => 0,
        (false, _) => 1,
        (true, _) if sorted(written) == sorted(meant) => 0,
        (true, _) => 2,
    };
    3 * slips + kind
}

/// How far two sizes that both exist are apart: twice the doublings between them, and more between bare metal and others.
fn size_apart(wanted: &str, other: &str) -> usize {
    if wanted == other {
        return 0;
    }
    match (family::size_in_quarters(wanted), family::size_in_quarters(other)) {
        (Some(wanted), Some(other)) => {
            let doublings = (f64::from(wanted) / f64::from(other)).log2().abs();
            // At most 2 * 32, so that no digit is lost.
            1 + (2.0 * doublings).round() as usize
        }
        (None, None) => slip_cost(wanted, other),
        _ => 100,
    }
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same_letters(name: &str, letters: &str) -> bool {
    name.bytes().filter(u8::is_ascii_alphanumeric).eq(letters.bytes())
}
