//! `terralet_version`: which versions of terralet may read the platform file, as `>= 0.2, < 0.4`.

use super::fields::invalid;
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::schema::{Type, Typed, read as read_value};
use crate::source::Spanned;
use crate::syntax::Node;
use smol_str::SmolStr;
use std::cmp::Ordering;

/// The key of the platform file.
pub(super) const KEY: &str = "terralet_version";

/// This version.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Numbers of a version, most significant first.
type Numbers = Vec<u64>;

/// Reads the constraint of a platform file. Nothing where this version does not fit it, or nobody can say: then nothing else of the file is
/// judged, since it may well be right for the version that it is written for.
pub(super) fn read(root: &Node, diagnostics: &mut Diagnostics) -> Option<Option<Spanned<SmolStr>>> {
    let Some(entry) = root.as_mapping().and_then(|mapping| mapping.get(KEY)).filter(|entry| !entry.value.is_null()) else {
        return Some(None);
    };
    let written = match read_value(default_cloud(), Type::Verbatim { max_bytes: 200 }, KEY, &entry.value, None) {
        Ok(Some(Typed::Text(text))) => Spanned::new(text, entry.value.span),
        Ok(_) => return None,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return None;
        }
    };
    match fits(&written.value, OWN) {
        Some(true) => Some(Some(written)),
        Some(false) => {
            let message = format!("the platform file needs terralet `{}`, and this is {OWN}", written.value);
            diagnostics.push(
                Diagnostic::new(&codes::UNSUPPORTED_TERRALET_VERSION, message)
                    .at(written.span, "required here")
                    .help("install a version that it allows; `terralet --version` prints the one that runs"),
            );
            None
        }
        None => {
            let message = format!("`{}` is not a valid version constraint", written.value);
            diagnostics.push(invalid(
                written.span,
                message,
                "write comparisons with `=`, `!=`, `>`, `>=`, `<`, `<=` or `~>`, separated by commas, such as `>= 0.2, < 0.4`",
            ));
            None
        }
    }
}

/// `invalid-setting` for a constraint that Terraform does not take.
pub(super) fn check_of_terraform(written: &Spanned<SmolStr>, example: &str, diagnostics: &mut Diagnostics) {
    if is_of_terraform(&written.value) {
        return;
    }
    let message = format!("`{}` is not a valid version constraint", written.value);
    let help = "write comparisons with `=`, `!=`, `>`, `>=`, `<`, `<=` or `~>`, separated by commas, such as";
    diagnostics.push(invalid(written.span, message, format!("{help} `{example}`")));
}

/// True for comparisons with 1 to 3 numbers and perhaps a pre-release, separated by commas.
fn is_of_terraform(constraint: &str) -> bool {
    constraint.split(',').all(|comparison| {
        let comparison = comparison.trim();
        let Some(at) = comparison.find(|letter: char| letter.is_ascii_digit()) else { return false };
        let (operator, version) = comparison.split_at(at);
        let version = version.split_once('+').map_or(version, |(version, _)| version);
        let (release, before) = version.split_once('-').map_or((version, None), |(release, before)| (release, Some(before)));
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        matches!(operator.trim(), "" | "=" | "!=" | ">" | ">=" | "<" | "<=" | "~>")
            && numbers(release).is_some()
            && before.is_none_or(|before| before.split('.').all(is_word))
    })
}

/// Whether a version fits each comparison; nothing where the constraint cannot be read. A pre-release counts as its release.
fn fits(constraint: &str, version: &str) -> Option<bool> {
    let version = numbers(version.split(['-', '+']).next()?)?;
    let mut fits = true;
    for comparison in constraint.split(',') {
        let comparison = comparison.trim();
        let operator = comparison.find(|letter: char| letter.is_ascii_digit()).and_then(|at| comparison.get(..at))?;
        let wanted = numbers(comparison.get(operator.len()..)?)?;
        let order = compare(&version, &wanted);
        fits &= match operator.trim() {
            "" | "=" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            ">" => order == Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            // All but the last number stay.
            "~>" => {
                order != Ordering::Less && wanted.iter().zip(&version).take(wanted.len().saturating_sub(1)).all(|(one, other)| one == other)
            }
            _ => return None,
        };
    }
    Some(fits)
}

fn numbers(text: &str) -> Option<Numbers> {
    let numbers: Option<Numbers> = text.trim().split('.').map(number).collect();
    numbers.filter(|numbers| (1..=3).contains(&numbers.len()))
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The order of two versions; a number that is not there is 0.
fn compare(one: &[u64], other: &[u64]) -> Ordering {
    let at = |numbers: &[u64], index: usize| numbers.get(index).copied().unwrap_or(0);
    (0..3).map(|index| at(one, index).cmp(&at(other, index))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::{fits, is_of_terraform};

    #[test]
    fn constraints_of_terraform_are_known() {
        for right in ["~> 6.0", "6.1.2", ">= 5, < 7", "= 6.0.0-beta.1", "!=6.2", "0.4.0-rc1+build.5"] {
            assert!(is_of_terraform(right), "{right}");
        }
        for wrong in ["latest", "", "^6.0", "6.x", "v6.0", ">= 6.0 < 7", "1.2.3.4", "~> 6.0,", "6.0-", "=> 6.0", "1..2", "6."] {
            assert!(!is_of_terraform(wrong), "{wrong}");
        }
    }

    #[test]
    fn constraints_are_read_as_terraform_reads_them() {
        let cases = [
            (">= 0.2, < 0.4", "0.2.0", Some(true)),
            (">= 0.2, < 0.4", "0.3.9", Some(true)),
            (">= 0.2, < 0.4", "0.4.0", Some(false)),
            (">= 0.2, < 0.4", "0.1.9", Some(false)),
            (">=0.2,<0.4", "0.3.0-rc.1", Some(true)),
            ("0.2", "0.2.0", Some(true)),
            ("= 0.2.1", "0.2.0", Some(false)),
            ("!= 0.2.1", "0.2.1", Some(false)),
            ("~> 0.2", "0.9.0", Some(true)),
            ("~> 0.2", "1.0.0", Some(false)),
            ("~> 0.2.1", "0.2.9", Some(true)),
            ("~> 0.2.1", "0.3.0", Some(false)),
            ("> 0", "0.0.1", Some(true)),
            ("<= 1", "1.0.1", Some(false)),
            ("", "0.1.0", None),
            (">= 0.2,", "0.1.0", None),
            ("newest", "0.1.0", None),
            ("^0.2", "0.2.0", None),
            (">= 0.2.x", "0.2.0", None),
            (">= 0.2 < 0.4", "0.2.0", None),
            (">= 1.2.3.4", "0.2.0", None),
            (">= 99999999999999999999999", "0.2.0", None),
        ];
        for (constraint, version, expected) in cases {
            assert_eq!(fits(constraint, version), expected, "{constraint} for {version}");
        }
    }
}
