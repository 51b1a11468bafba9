//! What a machine type of another cloud is here: its line by what it has of memory for each processor, its size by their number.
//!
//! Sources: "Azure virtual machine sizes naming conventions" (family letter, number of vCPUs, additive features) and "General-purpose machine
//! family for Compute Engine" with its sisters (family, `standard`, `highmem` or `highcpu`, number of vCPUs), as known in November 2026. Types
//! with graphics processors and those of which a share is paid for are not translated.

use super::instance_types::instance_type;

/// The families of Google's general and optimised machines, with those of Arm processors.
const OF_GOOGLE: [&str; 10] = ["n1", "n2", "n2d", "n4", "e2", "c2", "c3", "c4", "t2d", "c3d"];
const OF_GOOGLE_ON_ARM: [&str; 3] = ["t2a", "c4a", "n4a"];

/// The instance type with the processors and the memory of another cloud's type, as `n2-standard-4` and `Standard_D4s_v5`.
#[must_use]
pub fn of_other_cloud(name: &str) -> Option<&'static str> {
    let folded = name.trim().to_ascii_lowercase();
    let (line, processors, is_arm) = of_google(&folded).or_else(|| of_azure(&folded))?;
    let size = match processors {
        2 => "large".to_owned(),
        4 => "xlarge".to_owned(),
        8.. if processors % 4 == 0 => format!("{}xlarge", processors / 4),
        _ => return None,
    };
    let generation = if is_arm { "7g" } else { "6i" };
    instance_type(&format!("{line}{generation}.{size}")).map(|found| found.name)
}

/// The line, the number of processors, and whether they are Arm.
type Machine = (char, u32, bool);

fn of_google(name: &str) -> Option<Machine> {
    let mut parts = name.split('-');
    let (family, kind, processors) = (parts.next()?, parts.next()?, parts.next()?);
    let is_arm = OF_GOOGLE_ON_ARM.contains(&family);
    let line = match kind {
        "standard" => 'm',
        "highmem" => 'r',
        "highcpu" => 'c',
        _ => return None,
    };
    let is_known = parts.next().is_none() && (is_arm || OF_GOOGLE.contains(&family));
    is_known.then(|| processors.parse().ok().map(|processors| (line, processors, is_arm)))?
}

fn of_azure(name: &str) -> Option<Machine> {
    let rest = name.strip_prefix("standard_")?;
    let line = match rest.chars().next()? {
        'd' => 'm',
        'e' => 'r',
        'f' => 'c',
        _ => return None,
    };
    let rest = rest.get(1..)?;
    let (size, _version) = rest.split_once("_v")?;
    let end = size.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(size.len());
    let (processors, features) = size.split_at_checked(end)?;
    let is_plain = features.chars().all(|letter| matches!(letter, 'a' | 'd' | 'l' | 'p' | 's' | 'm'));
    is_plain.then(|| processors.parse().ok().map(|processors| (line, processors, features.contains('p'))))?
}
