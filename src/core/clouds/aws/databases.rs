//! What RDS takes inside of a database: storage, the name of the first database, snapshots and parameters.

use crate::clouds::table::{self, Table};
use crate::clouds::{Engine, StorageFacts};

/// Types of storage, for MariaDB, MySQL and PostgreSQL. Source: "Amazon RDS DB instance storage" in the RDS user guide (gp3 is striped, and
/// takes IOPS, from 400 GiB on; io2 always has them), and `AllocatedStorage` of `CreateDBInstance` in the RDS API.
static STORAGE: [StorageFacts; 2] = [
    // 64,000 IOPS are 160 for each of 400 GiB, so that the ratio of 500 that RDS takes at the most never counts.
    StorageFacts {
        name: "gp3",
        least_storage: 20,
        iops: 12_000..=64_000,
        least_storage_of_iops: 400,
        most_iops_of_gib: 500,
        least_iops_of_two_gib: 0,
        needs_iops: false,
    },
    StorageFacts {
        name: "io2",
        least_storage: 100,
        iops: 1000..=256_000,
        least_storage_of_iops: 100,
        most_iops_of_gib: 1000,
        least_iops_of_two_gib: 1,
        needs_iops: true,
    },
];

static RESERVED: &str = table::rows(include_str!("tables/rds-reserved-names.txt"));
static RESERVED_BY_NAME: Table<&str> = Table::new(|| table::read(RESERVED, |line| line.split_once('\t').map(|(_, engines)| engines)));

/// What a type of storage takes.
pub(super) fn storage(storage_type: &str) -> Option<&'static StorageFacts> {
    STORAGE.iter().find(|facts| facts.name == storage_type)
}

/// The form of a database's name, which is right for each of the engines (`DBName` of `CreateDBInstance` in the RDS API: PostgreSQL takes 63
/// characters, MySQL and MariaDB 64).
pub(super) fn name(text: &str) -> Result<(), &'static str> {
    let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match text.as_bytes() {
        [] => Err("it is empty"),
        [first, ..] if !first.is_ascii_alphabetic() => Err("it does not start with a letter"),
        all if !all.iter().copied().all(is_taken) => Err("it has other characters than letters, digits and `_`"),
        all if all.len() > 63 => Err("it has more than 63 characters"),
        _ => Ok(()),
    }
}

/// Whether an engine keeps a name for itself.
pub(super) fn is_reserved(engine: Engine, name: &str) -> bool {
    let engines = RESERVED_BY_NAME.find(&name.to_ascii_lowercase());
    engines.is_some_and(|engines| engines.split(' ').any(|known| known == engine.dialect().as_str()))
}

/// A snapshot's name, with `rds:` before it where it is an automatic one, or the ARN of one ("Restoring to a DB instance" in the RDS user
/// guide; `DBSnapshotIdentifier` of `CreateDBSnapshot` in its API). Names of snapshots of clusters have the same form, and another ARN.
pub(super) fn snapshot(text: &str) -> Result<(), &'static str> {
    let name = if text.starts_with("arn:") { of_arn(text).ok_or(NO_ARN)?.1 } else { text };
    let name = name.strip_prefix("rds:").unwrap_or(name);
    let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    match name.as_bytes() {
        [] => Err("it is empty"),
        [first, ..] if !first.is_ascii_alphabetic() => Err("its name does not start with a letter"),
        all if !all.iter().copied().all(is_taken) => Err("its name has other characters than letters, digits and `-`"),
        all if all.len() > 255 => Err("its name has more than 255 characters"),
        all if all.ends_with(b"-") || name.contains("--") => Err("its name ends with `-`, or has two in a row"),
        _ => Ok(()),
    }
}

const NO_ARN: &str = "an ARN that is not a snapshot's, which is `arn:aws:rds:<region>:<account>:snapshot:<name>`, or of a cluster `...:cluster-snapshot:<name>`";

/// What ARNs of snapshots have in them, and those of clusters.
const KINDS: [&str; 2] = [":snapshot:", ":cluster-snapshot:"];

/// True for the ARN of a snapshot of a cluster: an instance cannot be restored from it.
pub(super) fn is_snapshot_of_cluster(text: &str) -> bool {
    of_arn(text).is_some() && text.contains(KINDS[1])
}

/// The region of a snapshot's ARN.
pub(super) fn region_of_snapshot(text: &str) -> Option<&str> {
    of_arn(text).map(|(region, _)| region)
}

/// The region and the name in a snapshot's ARN.
fn of_arn(arn: &str) -> Option<(&str, &str)> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(":rds:")?;
    let (place, name) = KINDS.iter().find_map(|kind| rest.split_once(kind))?;
    let (region, account) = place.split_once(':')?;
    let is_region = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(partition, "aws" | "aws-cn" | "aws-us-gov") && is_region && is_account).then_some((region, name))
}

/// The form of a parameter's name (`ParameterName` of `ModifyDBParameterGroup` in the RDS API; names of the engines are small).
pub(super) fn parameter_name(text: &str) -> Result<(), &'static str> {
    let is_taken = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    match text.as_bytes() {
        [] => Err("it is empty"),
        all if !all.iter().copied().all(is_taken) => Err("it has other characters than small letters, digits, `_` and `.`"),
        all if all.len() > 255 => Err("it has more than 255 characters"),
        _ => Ok(()),
    }
}

/// A parameter's value: there is one, and a provider's plan shows it on a line.
pub(super) fn parameter_value(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("an empty value is kept as none, so that each plan would set it again");
    }
    if text.chars().any(char::is_control) {
        return Err("it has a line break or another control character");
    }
    Ok(())
}

/// Parameters that would take protection away, by name or by how their names start, each with why it is not a customer's to set.
///
/// Parameters of auditing (`pgaudit.*`, `log_*`, `general_log`) are not among them: all that they audit is off unless they are set.
/// `rds.logical_replication` opens nothing to somebody who cannot connect and has no right to replicate.
const REFUSED: [(&str, &str); 18] = [
    ("rds.force_ssl", ENCRYPTED),
    ("require_secure_transport", ENCRYPTED),
    ("ssl*", ENCRYPTED),
    ("tls_*", ENCRYPTED),
    ("admin_ssl*", ENCRYPTED),
    ("admin_tls_*", ENCRYPTED),
    ("have_ssl", ENCRYPTED),
    ("password_encryption", LOGIN),
    ("rds.accepted_password_auth_method", LOGIN),
    ("rds.restrict_password_commands", LOGIN),
    ("default_authentication_plugin", LOGIN),
    ("authentication_policy", LOGIN),
    ("old_passwords", LOGIN),
    ("secure_auth", LOGIN),
    ("skip_*", "it switches off what the engine checks when somebody connects"),
    ("init_*", "it runs statements in the name of whoever connects or replicates"),
    ("local_infile", FILES),
    ("secure_file_priv", FILES),
];

const ENCRYPTED: &str = "it decides how connections are encrypted, and none that is not encrypted may come in";
const LOGIN: &str = "it decides how passwords are kept and checked";
const FILES: &str = "it lets statements read or write files outside of the database";

/// Why a parameter is not a customer's to set.
pub(super) fn refused_parameter(name: &str) -> Option<&'static str> {
    let is_it = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    };
    REFUSED.iter().find(|(pattern, _)| is_it(pattern)).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, name, parameter_name, refused_parameter, snapshot};
    use crate::clouds::Engine;

    #[test]
    fn names_of_databases() {
        for text in ["orders", "Orders_2", "a"] {
            assert_eq!(name(text), Ok(()), "{text}");
        }
        for text in ["", "2orders", "_orders", "orders-2", "orders.2", "größe", &"a".repeat(64)] {
            assert!(name(text).is_err(), "{text}");
        }
        assert!(
            is_reserved(Engine::AuroraPostgres, "User")
                && is_reserved(Engine::Postgres, "rdsadmin")
                && !is_reserved(Engine::Postgres, "groups")
        );
        assert!(is_reserved(Engine::MySql, "groups") && is_reserved(Engine::MariaDb, "mysql") && !is_reserved(Engine::MySql, "orders"));
    }

    #[test]
    fn snapshots() {
        for text in [
            "before-upgrade",
            "rds:shop-2026-11-20-03-10",
            "arn:aws:rds:eu-west-1:123456789012:snapshot:before-upgrade",
            "arn:aws:rds:eu-west-1:123456789012:snapshot:rds:shop-2026-11-20",
            "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:shop",
        ] {
            assert_eq!(snapshot(text), Ok(()), "{text}");
        }
        for text in ["", "1st", "a--b", "a-", "a_b", "arn:aws:rds:eu-west-1:123456789012:db:shop", "arn:aws:rds:eu-west-1:1:snapshot:shop"]
        {
            assert!(snapshot(text).is_err(), "{text}");
        }
    }

    #[test]
    fn parameters_that_protect_are_refused() {
        for text in ["rds.force_ssl", "ssl", "ssl_min_protocol_version", "tls_version", "skip_name_resolve", "init_connect", "local_infile"]
        {
            assert!(refused_parameter(text).is_some(), "{text}");
        }
        for text in ["rds.logical_replication", "log_statement", "shared_buffers", "max_connections", "pgaudit.log", "general_log"] {
            assert_eq!(refused_parameter(text), None, "{text}");
            assert_eq!(parameter_name(text), Ok(()), "{text}");
        }
        assert!(parameter_name("log-statement").is_err() && parameter_name("").is_err());
    }
}
