//! What a change of a root that is already there does to a network or a database: `destructive-change`.
//!
//! The old root is read back from the `main.tf` that an earlier run wrote. What is compared is data; where it is reported, the caller knows.

use crate::terraform::{Expression, RootModule};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression as Written, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use std::cmp::Ordering;
use std::ops::Range;

/// An argument of a shared module that cannot be changed without harm.
#[derive(Debug)]
pub struct Harmful {
    /// The module.
    pub module: &'static str,
    /// Its argument.
    pub argument: &'static str,
    /// The section and key of the customer's documents that it follows from; the top level is `""`.
    pub written: (&'static str, &'static str),
    /// Which changes do harm.
    pub when: When,
    /// What happens then, as the end of a sentence.
    pub effect: &'static str,
    /// How the customer gets what is wanted all the same.
    pub help: &'static str,
}

/// Which changes of an argument do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Any.
    Changed,
    /// Only to a smaller number.
    Smaller,
    /// Only to an older version.
    Older,
}

/// Every argument that cannot be changed without harm, for the resources that the built-in modules make; a provider's own modules of the
/// same names are taken to make the same. "ForceNew" is what hashicorp/aws calls an argument whose change replaces the resource; its
/// documentation says "Forces new resource".
pub static HARMFUL: [Harmful; 6] = [
    // aws_vpc: `cidr_block` is ForceNew, since the cloud changes the range of no existing VPC (VPC User Guide, "VPC CIDR blocks");
    // everything in the network hangs on the VPC's id. A database does not move along: its subnet group takes no subnets of another VPC
    // (hashicorp/terraform-provider-aws, issue 16419).
    Harmful {
        module: "customer-vpc",
        argument: "vpc_cidr",
        written: ("networking", "vpc_cidr"),
        when: When::Changed,
        effect: "the network is replaced, and with it everything in it; a database cannot move along",
        help: "revert the change; to move to other addresses, deploy a second environment or region, carry the data over, and remove this one",
    },
    // aws_db_instance: `engine` is ForceNew; no call of the RDS API turns one of our three engines into another.
    Harmful {
        module: "customer-database",
        argument: "engine",
        written: ("database", "engine"),
        when: When::Changed,
        effect: "the database is replaced by an empty one",
        help: "revert the change; to move to another engine, make a second database, and carry the data over",
    },
    // aws_db_subnet_group: `name` is ForceNew. RDS deletes no subnet group that has instances (RDS API, DeleteDBSubnetGroup), and moves
    // no instance to another group of the same VPC (InvalidVPCNetworkStateFault; hashicorp/terraform-provider-aws, issue 512).
    Harmful {
        module: "customer-database",
        argument: "name",
        written: ("", "project_name"),
        when: When::Changed,
        effect: "the database is renamed, and its subnet group would have to be replaced, which the cloud refuses while the database is in it",
        help: "revert the change of `project_name` or `customer_id`, which the name is made of",
    },
    // aws_lb: `name` is ForceNew, and so is aws_autoscaling_group's.
    Harmful {
        module: "customer-compute",
        argument: "name",
        written: ("", "project_name"),
        when: When::Changed,
        effect: "the load balancer and all instances are replaced, and the load balancer gets another address",
        help: "revert the change of `project_name` or `customer_id`, which the name is made of",
    },
    // RDS reduces the storage of no instance (RDS User Guide, "Working with storage for Amazon RDS DB instances").
    Harmful {
        module: "customer-database",
        argument: "allocated_storage",
        written: ("database", "allocated_storage"),
        when: When::Smaller,
        effect: "the storage of a database cannot be made smaller, and the cloud refuses it",
        help: "write the old number or a larger one",
    },
    // RDS takes no instance back to an earlier version (RDS User Guide, "Upgrading a DB instance engine version").
    Harmful {
        module: "customer-database",
        argument: "engine_version",
        written: ("database", "engine_version"),
        when: When::Older,
        effect: "a database cannot go back to an older version, and the cloud refuses it",
        help: "write the old version or a newer one; an older one takes a new database, restored from a dump",
    },
];

/// An argument of a shared module with entries that are things of their own.
#[derive(Debug)]
pub struct Listed {
    /// The module.
    pub module: &'static str,
    /// Its argument, a list of text or an object.
    pub argument: &'static str,
    /// The section and key of the customer's documents that it follows from.
    pub written: (&'static str, &'static str),
    /// True where what goes is destroyed; else it only loses a right.
    pub is_destroyed: bool,
    /// What it means that entries go, as the end of a sentence.
    pub effect: &'static str,
    /// How the customer gets what is wanted all the same.
    pub help: &'static str,
}

/// Every argument whose entries do not go in silence.
pub static LISTED: [Listed; 2] = [
    // aws_subnet has a zone for life. EC2 deletes no subnet in which network interfaces are (VPC User Guide, "Delete your subnet"), and the
    // other subnets of these zones go with the public ones.
    Listed {
        module: "customer-vpc",
        argument: "public_subnets",
        written: ("networking", "availability_zones"),
        is_destroyed: true,
        effect: "the subnets of these zones are destroyed, which the cloud refuses while they are in use",
        help: "revert the change, and keep `availability_zones` as it was",
    },
    Listed {
        module: "customer-compute",
        argument: "allowed_cidr_blocks",
        written: ("security", "allowed_cidr_blocks"),
        is_destroyed: false,
        effect: "what is in these networks can no longer reach the load balancer",
        help: "where they should still reach it, write them again under `security.allowed_cidr_blocks`; a list replaces that of a lower layer, and the two are never joined",
    },
];

/// A harm that a change does.
#[derive(Debug)]
pub struct Harm {
    /// What it is.
    pub kind: HarmKind,
    /// Where the old value or block stands in the old `main.tf`, in bytes.
    pub place: Range<usize>,
}

/// What does harm.
#[derive(Debug)]
pub enum HarmKind {
    /// A module is not called any more.
    CallGone(&'static str),
    /// An argument has another value.
    Changed {
        /// The argument.
        harmful: &'static Harmful,
        /// The value on disk.
        old: String,
        /// The value now.
        new: String,
    },
    /// The provider is held to another account, or to none any more.
    AccountChanged {
        /// The account on disk.
        old: String,
        /// The account now.
        new: Option<String>,
    },
    /// Entries of an argument are gone.
    EntriesGone {
        /// The argument.
        listed: &'static Listed,
        /// The entries.
        gone: Vec<String>,
    },
}

/// What the cloud would replace, destroy or refuse when `old`, the text of a `main.tf`, becomes `new`. Nothing where the text is none that
/// terralet wrote.
pub fn harms(old: &str, new: &RootModule) -> Vec<Harm> {
    let Ok(body) = old.parse::<Body>() else { return Vec::new() };
    let mut harms = Vec::new();
    for module in crate::modules::NAMES {
        let Some(block) = call(&body, module) else { continue };
        let place = block.labels.first().and_then(|label| label.span()).or_else(|| block.span()).unwrap_or(0..0);
        let Some(call) = new.calls.iter().find(|call| call.module == module) else {
            harms.push(Harm { kind: HarmKind::CallGone(module), place });
            continue;
        };
        for listed in LISTED.iter().filter(|listed| listed.module == module) {
            let Some(attribute) = block.body.get_attribute(listed.argument) else { continue };
            let now = call.arguments.iter().find(|(name, _)| *name == listed.argument).map(|(_, value)| entries(value)).unwrap_or_default();
            let was = written_entries(&attribute.value);
            let gone: Vec<String> = was.into_iter().filter(|entry| !now.contains(&entry.as_str())).collect();
            if !gone.is_empty() {
                let place = attribute.value.span().unwrap_or_else(|| place.clone());
                harms.push(Harm { kind: HarmKind::EntriesGone { listed, gone }, place });
            }
        }
        let engine_changed = differs(block, &call.arguments, "engine");
        for harmful in HARMFUL.iter().filter(|harmful| harmful.module == module) {
            // Versions of two engines are not older or newer than each other.
            if harmful.when == When::Older && engine_changed {
                continue;
            }
            let Some(attribute) = block.body.get_attribute(harmful.argument) else { continue };
            let now = call.arguments.iter().find(|(name, _)| *name == harmful.argument).and_then(|(_, value)| literal(value));
            let (Some(was), Some(now)) = (written(&attribute.value), now) else { continue };
            if does_harm(harmful.when, &was, &now) {
                let place = attribute.value.span().unwrap_or_else(|| place.clone());
                harms.push(Harm { kind: HarmKind::Changed { harmful, old: was, new: now }, place });
            }
        }
    }
    harms
}

/// The change of the account that a root is held to, between two texts of its `providers.tf`, with its place in the old one. Of a root that
/// was held to none nobody knows where it is.
pub fn account_changed(old: &str, new: &str) -> Option<Harm> {
    let (was, now) = (account(old)?, account(new).map(|(account, _)| account.to_owned()));
    let (account, place) = was;
    (now.as_deref() != Some(account)).then(|| Harm { kind: HarmKind::AccountChanged { old: account.to_owned(), new: now }, place })
}

/// The account of a `providers.tf`, with its place. A customer's text is a literal within a line and starts none.
fn account(text: &str) -> Option<(&str, Range<usize>)> {
    const ARGUMENT: &str = "allowed_account_ids";
    let starts_a_line = |at: &usize| text.get(..*at).is_some_and(|before| before.trim_end_matches(' ').ends_with('\n'));
    let at = text.match_indices(ARGUMENT).map(|(at, _)| at).find(starts_a_line)?;
    let start = at + text.get(at..)?.find('"')? + 1;
    let account = text.get(start..)?.split('"').next()?;
    Some((account, start..start + account.len()))
}

fn call<'b>(body: &'b Body, module: &str) -> Option<&'b Block> {
    body.iter().find_map(|structure| match structure {
        Structure::Block(block) => {
            let is_it =
                block.ident.as_str() == "module" && block.labels.first().is_some_and(|label| label.as_str() == module.replace('-', "_"));
            is_it.then_some(block)
        }
        Structure::Attribute(_) => None,
    })
}

fn differs(block: &Block, arguments: &[(&'static str, Expression)], name: &str) -> bool {
    let was = block.body.get_attribute(name).and_then(|attribute| written(&attribute.value));
    was != arguments.iter().find(|(argument, _)| *argument == name).and_then(|(_, value)| literal(value))
}

/// The texts of a list, or the keys of an object, as they stand in a file.
fn written_entries(value: &Written) -> Vec<String> {
    match value {
        Written::Array(items) => items.iter().filter_map(written).collect(),
        Written::Object(object) => object
            .iter()
            .filter_map(|(key, _)| match key {
                ObjectKey::Expression(key) => written(key),
                ObjectKey::Ident(key) => Some(key.to_string()),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The same of a value that will be written.
fn entries(value: &Expression) -> Vec<&str> {
    match value {
        Expression::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Expression::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        Expression::Object(entries) | Expression::Record(entries) => entries.iter().map(|(key, _)| key.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn written(value: &Written) -> Option<String> {
    match value {
        Written::String(text) => Some(text.as_str().to_owned()),
        Written::Number(number) => Some(number.value().to_string()),
        _ => None,
    }
}

fn literal(value: &Expression) -> Option<String> {
    match value {
        Expression::Text(text) => Some(text.to_string()),
        Expression::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn does_harm(when: When, old: &str, new: &str) -> bool {
    match when {
        When::Changed => old != new,
        When::Smaller => matches!((old.parse::<i64>(), new.parse::<i64>()), (Ok(old), Ok(new)) if new < old),
        When::Older => is_older(new, old),
    }
}

/// True when a version is older than another. A version that leaves the end out means any: `15` is not older than `15.4`.
fn is_older(one: &str, other: &str) -> bool {
    let numbers = |version: &str| version.split('.').map(str::parse::<u64>).collect::<Result<Vec<_>, _>>();
    let (Ok(one), Ok(other)) = (numbers(one), numbers(other)) else { return false };
    one.iter().zip(&other).map(|(one, other)| one.cmp(other)).find(|order| *order != Ordering::Equal) == Some(Ordering::Less)
}
