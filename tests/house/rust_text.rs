//! Reads Rust source as far as the rules of the house need it: names behind `crate` and `super`, without comments and literals.

pub(crate) fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where a text stands that is no part of a longer name.
pub(crate) fn occurrences<'c>(code: &'c str, what: &'c str) -> impl Iterator<Item = (usize, &'c str)> {
    let starts_alone = |at: usize| !code[..at].ends_with(is_name);
    let ends_alone = move |at: usize| !what.ends_with(is_name) || !code[at + what.len()..].starts_with(is_name);
    code.match_indices(what).filter(move |(at, _)| starts_alone(*at) && ends_alone(*at))
}

/// True where a package's name starts a path or is named by a `use`, and is no field, variable or module of our own.
pub(crate) fn names_package(code: &str, at: usize, package: &str) -> bool {
    let before = code[..at].trim_end();
    let behind = code[at + package.len()..].trim_start();
    let in_path = before.ends_with("::") && !before.trim_end_matches("::").is_empty() && before.trim_end_matches("::").ends_with(is_name);
    !in_path && (behind.starts_with("::") || before.ends_with("use") || before.ends_with("extern crate"))
}

/// The first names behind a root such as `crate`: of `crate::a::b` it is `a`, of `crate::{a::b, c}` they are `a` and `c`.
pub(crate) fn heads(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in occurrences(code, root) {
        let Some(behind) = code[at + root.len()..].trim_start().strip_prefix("::") else { continue };
        let behind = behind.trim_start();
        let Some(group) = behind.strip_prefix('{') else {
            found.push((at, first_name(behind)));
            continue;
        };
        let mut depth = 0_usize;
        let mut item = String::new();
        for letter in group.chars() {
            match letter {
                '}' if depth == 0 => break,
                ',' if depth == 0 => {
                    found.push((at, first_name(item.trim())));
                    item.clear();
                    continue;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            item.push(letter);
        }
        if !item.trim().is_empty() {
            found.push((at, first_name(item.trim())));
        }
    }
    found
}

/// The name that a path starts with; a glob stands for itself, and is in no table.
fn first_name(path: &str) -> String {
    let name: String = path.chars().take_while(|letter| is_name(*letter)).collect();
    if name.is_empty() { path.chars().take(1).collect() } else { name }
}

/// The text with everything that is no code blanked, newlines and offsets kept.
pub(crate) fn without_comments_and_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = not_code(bytes, at);
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(code).unwrap()
}

/// The complement: comments and literals, with everything else a dot, newlines and blanks kept.
pub(crate) fn comments_and_literals(text: &str) -> String {
    let code = without_comments_and_literals(text);
    let pairs = text.bytes().zip(code.bytes());
    let kept = pairs.map(|(byte, code)| if byte == code && !byte.is_ascii_whitespace() { b'.' } else { byte }).collect();
    String::from_utf8(kept).unwrap()
}

/// The end of the comment or literal that starts here, or `at` where none does.
fn not_code(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let length = bytes.len();
    let until =
        |from: usize, end: &[u8]| bytes[from..].windows(end.len()).position(|window| window == end).map_or(length, |found| from + found);
    match rest {
        [b'/', b'/', ..] => until(at, b"\n"),
        [b'/', b'*', ..] => {
            let (mut depth, mut next) = (1, at + 2);
            while depth > 0 && next < length {
                match &bytes[next..] {
                    [b'/', b'*', ..] => (depth, next) = (depth + 1, next + 2),
                    [b'*', b'/', ..] => (depth, next) = (depth - 1, next + 2),
                    _ => next += 1,
                }
            }
            next
        }
        [b'r', b'"' | b'#', ..] if at == 0 || !is_name(char::from(bytes[at - 1])) || bytes[at - 1] == b'b' => {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return at;
            }
            let end = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
            (until(at + 2 + hashes, &end) + end.len()).min(length)
        }
        [b'"', ..] => {
            let mut next = at + 1;
            while next < length && bytes[next] != b'"' {
                next += if bytes[next] == b'\\' { 2 } else { 1 };
            }
            (next + 1).min(length)
        }
        // A character, and not a lifetime, which has no second quote.
        [b'\'', b'\\', ..] => (until(at + 3, b"'") + 1).min(length),
        [b'\'', first, ..] => {
            let width = match first {
                0..0x80 => 1,
                0x80..0xe0 => 2,
                0xe0..0xf0 => 3,
                _ => 4,
            };
            if bytes.get(at + 1 + width) == Some(&b'\'') { at + 2 + width } else { at }
        }
        _ => at,
    }
}
