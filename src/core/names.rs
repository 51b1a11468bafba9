//! Names that are cut to a length and end with a hash, so that what they name stays recognisable and no two are one.

/// RFC 4648's letters of base 32, in lower case.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The first letters of bytes in base 32, each of 5 bits.
pub fn base32(bytes: &[u8], letters: usize) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let number = |index: usize| (5 * index..5 * index + 5).fold(0, |number, at| number << 1 | bit(at));
    (0..letters).filter_map(|index| LETTERS.get(usize::from(number(index)))).map(|letter| char::from(*letter)).collect()
}

/// ASCII names joined by `-` within a length: the longest loses its last character first, so that each stays recognisable. Empty ones are
/// left out.
pub fn readable(names: &mut [&str], length: usize) -> String {
    let is_part = |name: &&str| !name.is_empty();
    while names.iter().copied().filter(is_part).map(|part| part.len() + 1).sum::<usize>() > length + 1 {
        let longest = names.iter().map(|part| part.len()).max().unwrap_or(0);
        let Some(part) = names.iter_mut().find(|part| part.len() == longest) else { break };
        // A `-` is never left at an end.
        *part = part.get(..longest.saturating_sub(1)).unwrap_or("").trim_end_matches('-');
    }
    let mut readable = String::with_capacity(length);
    for part in names.iter().copied().filter(is_part) {
        if !readable.is_empty() {
            readable.push('-');
        }
        readable.push_str(part);
    }
    readable
}
