//! The nearest of a list of names, for suggestions.

/// The nearest candidate to `text`, when one is near enough to be what was meant: compared without case and with `-`, `_` and `.`
/// alike, at most a third of the letters apart (two for short names), adjacent letters swapped counting as one.
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(text, candidates).into_iter().next()
}

/// All candidates that are near enough, best first; equal ones in the order given.
pub fn nearest_of<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let written = fold(text);
    if written.is_empty() {
        return Vec::new();
    }
    let mut scored: Vec<(usize, usize, &str)> = Vec::new();
    for candidate in candidates {
        let name = fold(candidate);
        let (own, other) = (written.chars().count(), name.chars().count());
        let length = own.max(other);
        let limit = if length <= 3 { 1 } else { (length / 3).max(2) };
        // No edit changes the length by more than one.
        let distance = if own.abs_diff(other) > limit { usize::MAX } else { strsim::osa_distance(&written, &name) };
        let common = written.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        // `prod` is `production`, `stage` is `staging`, `cidr` is `vpc_cidr`.
        let begins = common >= 4 || common == 3 && written.len() == 3;
        let contains = begins && written.len() <= name.len() && common + 1 >= written.len()
            || written.len() >= 4 && name.split('-').any(|word| word == written);
        if distance <= limit {
            scored.push((distance, length.abs_diff(own), candidate));
        } else if contains {
            scored.push((limit + 1, 0, candidate));
        }
    }
    scored.sort_by_key(|(distance, difference, _)| (*distance, *difference));
    scored.into_iter().map(|(_, _, candidate)| candidate).collect()
}

/// Folds spelling variants: `enableNatGateway`, `enable-nat-gateway` and `enable_nat_gateway` are one.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 4);
    let mut after_lower = false;
    for letter in text.chars().take(80) {
        if letter.is_uppercase() && after_lower {
            folded.push('-');
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
        match letter {
            '_' | '.' | ' ' => folded.push('-'),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

/// `a`, `b` or `c`, each in backticks; nothing for an empty list.
pub fn or_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    list(names, "or")
}

/// `a`, `b` and `c`, each in backticks; nothing for an empty list.
pub fn and_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    list(names, "and")
}

fn list<'n>(names: impl IntoIterator<Item = &'n str>, word: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}
