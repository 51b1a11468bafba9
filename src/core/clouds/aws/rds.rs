//! RDS: instance classes, engines and engine versions.

use crate::clouds::table::{self, Table};
use crate::clouds::{Architecture, Engine};

use super::{family::Family, nearest, previous_generation};

pub use super::engines::{engine_version, newest_majors};

static CLASSES: &str = table::rows(include_str!("tables/rds-classes.txt"));
static CLASSES_BY_NAME: Table<&str> = Table::new(|| table::read(CLASSES, Some));

/// Every RDS instance class of the table, sorted by the bytes of the name. Source: `tables/rds-classes.txt`; it does
/// not say which engine takes which class, nor which region offers it.
pub fn classes() -> impl Iterator<Item = &'static str> {
    CLASSES.lines()
}

/// Whether the table has the class, written exactly so.
#[must_use]
pub fn is_known_class(name: &str) -> bool {
    CLASSES_BY_NAME.find(name).is_some()
}

/// Whether the text is built like a class: `db.<family>.<size>`, in lower-case letters, digits and `-`, a letter first in
/// the family; the classes with more memory have two more parts (`db.r5.2xlarge.tpc1.mem2x`). It need not exist.
#[must_use]
pub fn class_is_well_formed(name: &str) -> bool {
    let mut parts = name.split('.');
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    parts.next() == Some("db")
        && parts.next().is_some_and(|family| is_word(family) && family.starts_with(|c: char| c.is_ascii_lowercase()))
        && parts.next().is_some_and(is_word)
        && match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => true,
            (Some(threads), Some(memory), None) => threads.starts_with("tpc") && memory.starts_with("mem"),
            _ => false,
        }
}

/// Whether the class's family is one that AWS has replaced by newer ones, on [`super::AS_OF`]. Source:
/// `tables/previous-generation.txt`.
#[must_use]
pub fn is_previous_generation_class(name: &str) -> bool {
    name.starts_with("db.") && previous_generation::is_previous(name)
}

/// A present-day class of the same size for one of a previous generation: the first family in its row of
/// `tables/previous-generation.txt` that has the size. `None` for other classes, and where no family has the size.
#[must_use]
pub fn current_class_equivalent(name: &str) -> Option<&'static str> {
    previous_generation::successor(name, |candidate| CLASSES_BY_NAME.find(candidate).copied())
}

/// The architecture of the class, read from its name: `g` after the generation is Graviton. `None` when the text is not
/// built like a class.
#[must_use]
pub fn class_architecture(name: &str) -> Option<Architecture> {
    if !class_is_well_formed(name) {
        return None;
    }
    let family = Family::parse(name.split('.').nth(1)?);
    Some(if family.processor == 'g' { Architecture::Arm64 } else { Architecture::X86_64 })
}

/// Whether a database of this class can be encrypted at rest.
///
/// Source: RDS User Guide, "Encrypting Amazon RDS resources", "Availability of Amazon RDS encryption"
/// (github:awsdocs/amazon-rds-user-guide, `doc_source/Overview.Encryption.md` at `0598514c`): every class but db.m1.*,
/// db.m2.* and db.t2.micro. db.t1.micro is older than all three and was gone from the guide by then; it is counted among
/// them, since nothing says that it ever could be encrypted.
#[must_use]
pub fn class_supports_encryption(name: &str) -> bool {
    !(name.starts_with("db.m1.") || name.starts_with("db.m2.") || name == "db.t2.micro" || name == "db.t1.micro")
}

/// Families for much memory that Aurora does not have: EBS is not what it stores in.
const NOT_OF_AURORA: [&str; 4] = ["r3", "r4", "r5b", "r5d"];

/// Whether an engine takes a class of this name.
///
/// Source, for Aurora: Aurora user guide, "Supported DB engines for DB instance classes" (github:awsdocs/amazon-aurora-user-guide,
/// `doc_source/Concepts.DBInstanceClass.md` at `0181647f`): families with much memory (`r`, `x2g`), and of those that may burst `t3` and `t4g` in
/// `medium` and `large`; no `m` and no `c`. Families with much memory that came later are taken to be of it. For the other engines no source
/// says which takes what.
#[must_use]
pub fn takes_class(engine: Engine, name: &str) -> bool {
    let mut parts = name.split('.').skip(1);
    let (family, size) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if !engine.is_aurora() {
        return true;
    }
    match family {
        "t3" | "t4g" => matches!(size, "medium" | "large"),
        "x2g" => true,
        memory => memory.starts_with('r') && !NOT_OF_AURORA.contains(&memory) && parts.next().is_none(),
    }
}

/// The class for Aurora that comes nearest to one that it does not have: the smallest of the same line that it takes, or the one with much memory
/// of the same generation and size.
#[must_use]
pub fn class_of_aurora(name: &str) -> Option<&'static str> {
    let (family, size) = name.strip_prefix("db.")?.split_once('.')?;
    let rest = family.get(1..)?;
    let candidates = match family.chars().next()? {
        't' => [format!("db.{family}.medium"), "db.t4g.medium".to_owned()],
        _ => [format!("db.r{rest}.{size}"), format!("db.r7g.{size}")],
    };
    let taken = |candidate: &String| CLASSES_BY_NAME.find(candidate).copied().filter(|class| takes_class(Engine::AuroraMySql, class));
    candidates.iter().find_map(taken)
}

/// The classes that a name which is not in the table may have meant, best first, at most `limit`; chosen as
/// [`super::nearest_instance_types`] does. A name without its `db.` gets it. Classes with more memory (`tpc` in the name),
/// which Oracle alone takes, are suggested only to who wrote one.
#[must_use]
pub fn nearest_classes(name: &str, limit: usize) -> Vec<&'static str> {
    let query = name.trim().to_ascii_lowercase();
    let readings = readings_without_prefix(&query);
    let with_more_memory = query.contains("tpc");
    let names = classes().filter_map(|class| class.strip_prefix("db."));
    let ranked = nearest::rank(&readings, names, limit, |short| {
        let current = !previous_generation::is_previous(&format!("db.{short}"));
        let is_encrypted = class_supports_encryption(&format!("db.{short}"));
        (is_encrypted && (with_more_memory || !short.contains("tpc"))).then_some(usize::from(current))
    });
    ranked.into_iter().filter_map(|short| CLASSES_BY_NAME.find(&format!("db.{short}")).copied()).collect()
}

/// What stands after the `db.`, in each way in which the prefix may have been misspelt or left out.
fn readings_without_prefix(query: &str) -> Vec<&str> {
    if let Some(rest) = query.strip_prefix("db.") {
        return vec![rest];
    }
    let mut readings = vec![query];
    // `bd.`, `d.`, `dbb.`, `rds.` and the like.
    readings.extend(query.split_once('.').filter(|(_, rest)| rest.contains('.')).map(|(_, rest)| rest));
    // `dbt3.medium`, `db-t3.medium`, `d.bt3.medium`: the two letters are there, the dot is elsewhere.
    let separators: &[_] = &['.', '-', '_', ' '];
    readings.extend(
        query
            .strip_prefix('d')
            .and_then(|rest| rest.trim_start_matches(separators).strip_prefix('b'))
            .map(|rest| rest.trim_start_matches(separators)),
    );
    readings
}
