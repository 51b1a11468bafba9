//! What nobody sees, by Unicode's data and not by the product's own opinion.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The ranges of unseen.txt, in order.
pub(crate) static UNSEEN: LazyLock<Vec<RangeInclusive<char>>> = LazyLock::new(|| {
    let letter = |hex: &str| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap();
    let range = |line: &str| {
        let (range, _) = line.split_once(' ').unwrap();
        let (first, last) = range.split_once("..").unwrap_or((range, range));
        letter(first)..=letter(last)
    };
    include_str!("unseen.txt").lines().filter(|line| !line.starts_with('#')).map(range).collect()
});

/// True for a character of the table.
pub(crate) fn is_unseen(letter: char) -> bool {
    let after = UNSEEN.partition_point(|range| *range.start() <= letter);
    after.checked_sub(1).is_some_and(|at| UNSEEN[at].contains(&letter))
}
