//! The names of states where a backend takes no `/`, by docs/state-keys.md: a model, and as naive as that page.

use sha2::{Digest, Sha256};

/// The name of a key, which is given with its file: `shop/dev/terraform.tfstate`.
pub(crate) fn of_key(key: &str) -> String {
    let letters: String = key.chars().map(|letter| if letter == '.' { '-' } else { letter.to_ascii_lowercase() }).collect();
    let mut parts: Vec<&str> = letters.split('/').map(|part| part.trim_matches('-')).collect();
    parts.pop();
    while parts.join("-").len() > 90 - 17 {
        let longest = parts.iter().map(|part| part.len()).max().unwrap_or_default();
        for part in &mut parts {
            if part.len() == longest {
                *part = part[..longest - 1].trim_end_matches('-');
                break;
            }
        }
    }
    format!("{}-{}", parts.join("-"), hash(key))
}

/// The first 80 bits of a hash as 16 letters of base 32.
fn hash(key: &str) -> String {
    let bits: String = Sha256::digest(key).iter().take(10).map(|byte| format!("{byte:08b}")).collect();
    let letter =
        |at: usize| usize::from_str_radix(&bits[at..at + 5], 2).map_or('?', |number| b"abcdefghijklmnopqrstuvwxyz234567"[number].into());
    (0..80).step_by(5).map(letter).collect()
}
