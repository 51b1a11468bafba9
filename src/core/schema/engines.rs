//! What is said of a database's engine that is none: other words for one, and databases of other makers. And which keys of `database` say
//! something for some engines only.

use crate::clouds::{Cloud, Engine, VersionStatus};
use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess, or_list, shown};
use crate::source::Span;
use crate::syntax::Node;

/// A key of `database` that says something for some engines only.
#[derive(Debug)]
pub struct KeyOfEngines {
    /// The key.
    pub key: &'static str,
    /// True where it is of Aurora's engines, false where it is of all others.
    pub of_aurora: bool,
    /// Why it says nothing for the other engines: words for the place where it is written.
    pub reason: &'static str,
    /// What says it there, where something does.
    pub instead: Option<&'static str>,
}

/// The keys of `database` that say something for some engines only. All others hold for all, `multi_az` too: of Aurora it says that there are
/// two instances at least. Sources: the chapters on storage and on replicas of Aurora's user guide; `AllocatedStorage`, `Iops` and `StorageType`
/// of `CreateDBInstance` in the API of RDS, which say "not applicable" of Aurora.
pub static KEYS_OF_ENGINES: [KeyOfEngines; 6] = [
    KeyOfEngines {
        key: "allocated_storage",
        of_aurora: false,
        reason: "Aurora's storage has no size and grows automatically",
        instead: None,
    },
    KeyOfEngines { key: "storage_type", of_aurora: false, reason: "Aurora's storage is of a type of its own", instead: None },
    KeyOfEngines { key: "iops", of_aurora: false, reason: "nothing is provisioned of Aurora's storage", instead: None },
    KeyOfEngines {
        key: "max_allocated_storage",
        of_aurora: false,
        reason: "Aurora's storage has no size and grows automatically",
        instead: None,
    },
    KeyOfEngines {
        key: "replicas",
        of_aurora: false,
        reason: "in Aurora, all instances but one answer reads",
        instead: Some("`instances: 2` is one that writes, and one that answers reads"),
    },
    KeyOfEngines {
        key: "instances",
        of_aurora: true,
        reason: "only Aurora has several instances",
        instead: Some("`replicas` answer reads, and `multi_az: true` is a standby"),
    },
];

impl KeyOfEngines {
    /// True when the key says something for an engine.
    pub fn is_of(&self, engine: Engine) -> bool {
        self.of_aurora == engine.is_aurora()
    }
}

/// True where a key of `database` says nothing for the engine of this name.
pub fn is_key_of_other_engines(key: &str, engine: &str) -> bool {
    Engine::parse(engine).is_some_and(|engine| KEYS_OF_ENGINES.iter().any(|row| row.key == key && !row.is_of(engine)))
}

/// True for the name of an engine of Aurora.
pub fn is_engine_of_aurora(name: &str) -> bool {
    Engine::parse(name).is_some_and(Engine::is_aurora)
}

/// Databases that are none of the engines, by how their names start in RDS and elsewhere.
const OTHER_ENGINES: [&str; 19] = [
    "mssql",
    "sqlserver",
    "sql-server",
    "ms-sql",
    "oracle",
    "custom-",
    "db2",
    "docdb",
    "documentdb",
    "mongo",
    "neptune",
    "redis",
    "valkey",
    "memcache",
    "dynamo",
    "cassandra",
    "sqlite",
    "cockroach",
    "clickhouse",
];

/// Reads an engine's name.
pub(super) fn engine(text: &str, span: Span) -> Result<(), Diagnostic> {
    let all = || Engine::all().into_iter().map(|engine| engine.as_str());
    if all().any(|name| name == text) {
        return Ok(());
    }
    let meant = match text.to_ascii_lowercase().as_str() {
        "postgresql" | "pg" | "psql" => Some(Guess::synonym("postgres")),
        // Without more to its name it may be of either protocol: see `aurora`.
        "aurora" => None,
        // Other databases are near to an engine's name by chance.
        other if OTHER_ENGINES.iter().any(|name| other.starts_with(name)) => None,
        other if other.starts_with("aurora") && other.contains("postgres") => Some(Guess::synonym("aurora-postgresql")),
        other if other.starts_with("aurora") && other.contains("mysql") => Some(Guess::synonym("aurora-mysql")),
        _ => guess(text, all()),
    };
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENGINE, format!("unknown database engine `{}`", shown(text)));
    let help = format!("the engines are {}", and_list(all()));
    Err(match meant {
        Some(meant) => diagnostic.meant(span, &meant).help(format!("write {}; {help}", meant.names())),
        None => diagnostic.at(span, "not an engine").help(format!("write one of {}: there are modules for these alone", or_list(all()))),
    })
}

/// True for Aurora where its name does not say whose protocol it speaks.
pub(super) fn is_aurora(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.text.eq_ignore_ascii_case("aurora"))
}

/// `unknown-engine` for Aurora: the version next to it says which of its engines is meant.
pub(super) fn aurora(cloud: &dyn Cloud, node: &Node, version: Option<&Node>) -> Diagnostic {
    let version = version.and_then(Node::as_scalar).map(|scalar| scalar.text.as_str());
    let has =
        |engine: &Engine| version.is_some_and(|version| !matches!(cloud.engine_version(*engine, version), VersionStatus::Unknown { .. }));
    let of_aurora = || Engine::all().into_iter().filter(|engine| engine.is_aurora());
    let engines: Vec<&str> = of_aurora().filter(has).map(Engine::as_str).collect();
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENGINE, "unknown database engine `aurora`")
        .at(node.span, "Aurora is compatible with PostgreSQL or with MySQL");
    match (engines.as_slice(), version) {
        ([only], Some(version)) => {
            diagnostic.help(format!("write `{only}`, which has the version `{}`", shown(version))).suggest(node.span, *only)
        }
        _ => diagnostic.help(format!("write one of {}", or_list(of_aurora().map(Engine::as_str)))),
    }
}
