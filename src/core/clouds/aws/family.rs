//! How AWS names are built: `m7gd.2xlarge` is the line `m`, the generation 7, the processor `g`, the capability `d`,
//! and the size `2xlarge`. EC2 types and RDS classes (behind `db.`) follow it alike.
//! AWS describes the pattern under "Amazon EC2 instance type naming conventions" in its Instance Types guide; that it
//! gives the architecture of every type in the table but a1's is checked in `tests/compiler/catalog_tables.rs`.

/// A family's name in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Family<'a> {
    /// The letters before the generation: `m`, `im`, `hpc`.
    pub(super) line: &'a str,
    /// The number of the generation; 0 where the name has none.
    pub(super) generation: u32,
    /// The maker of the processor: `a` AMD, `g` Graviton, `i` Intel. Names without a letter are Intel's up to the
    /// sixth generation and have one since.
    pub(super) processor: char,
    /// The letters after the processor: `d` local disks, `n` network, `-flex` and so on.
    pub(super) capabilities: &'a str,
}

impl<'a> Family<'a> {
    pub(super) fn parse(name: &'a str) -> Self {
        let line_end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        let (line, rest) = name.split_at(line_end);
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (generation, attributes) = rest.split_at(digits);
        let (processor, capabilities) = match attributes.as_bytes().first() {
            Some(letter @ (b'a' | b'g' | b'i')) => (char::from(*letter), &attributes[1..]),
            _ => ('i', attributes),
        };
        Self { line, generation: generation.parse().unwrap_or(0), processor, capabilities }
    }

    /// How many capabilities one of the two has and the other lacks.
    pub(super) fn capabilities_apart(&self, other: &Self) -> usize {
        let lacking = |from: &str, to: &str| from.chars().filter(|letter| !to.contains(*letter)).count();
        lacking(self.capabilities, other.capabilities) + lacking(other.capabilities, self.capabilities)
    }
}

/// The family and the size of a name: what stands before and after its first dot.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or((name, ""))
}

/// How big a size is, in quarters of a `small`: EC2's normalisation factors (nano 0.25, small 1, xlarge 8, `N`xlarge 8 N)
/// times four, as "Modifying Reserved Instances" in the EC2 User Guide gives them. `None` for bare metal
/// and for words that are not a size.
pub(super) fn size_in_quarters(size: &str) -> Option<u32> {
    // RDS has classes with more memory for their size (`2xlarge.tpc1.mem2x`).
    let (size, _) = split(size);
    match size {
        "nano" => Some(1),
        "micro" => Some(2),
        "small" => Some(4),
        "medium" => Some(8),
        "large" => Some(16),
        "xlarge" => Some(32),
        _ => size.strip_suffix("xlarge")?.parse::<u32>().ok()?.checked_mul(32),
    }
}
