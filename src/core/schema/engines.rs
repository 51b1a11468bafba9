//! What is said of a database's engine that is none: other words for one, and databases of other makers.

use crate::clouds::{Cloud, Engine, VersionStatus};
use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess, or_list, shown};
use crate::source::Span;
use crate::syntax::Node;

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
        // Aurora is another service, which happens to speak the same protocol; without more to its name it may be either's.
        "aurora" => None,
        // Other databases are near to an engine's name by chance.
        other if OTHER_ENGINES.iter().any(|name| other.starts_with(name)) => None,
        other if other.starts_with("aurora-postgres") => Some(Guess::synonym("postgres").uncertain()),
        other if other.starts_with("aurora-mysql") => Some(Guess::synonym("mysql").uncertain()),
        _ => guess(text, all()),
    };
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENGINE, format!("unknown database engine `{}`", shown(text)));
    let help = format!("the engines are {}", and_list(all()));
    Err(match meant {
        Some(meant) => diagnostic.meant(span, &meant).help(format!("write {}; {help}", meant.names())),
        None => diagnostic.at(span, "not an engine").help(format!("write one of {}: there are modules for these alone", or_list(all()))),
    })
}

/// True for Aurora where its name does not say which engine's protocol it speaks.
pub(super) fn is_aurora(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.text.eq_ignore_ascii_case("aurora"))
}

/// `unknown-engine` for Aurora: the version next to it says which engine is meant.
pub(super) fn aurora(cloud: &dyn Cloud, node: &Node, version: Option<&Node>) -> Diagnostic {
    let version = version.and_then(Node::as_scalar).map(|scalar| scalar.text.as_str());
    let has =
        |engine: &Engine| version.is_some_and(|version| !matches!(cloud.engine_version(*engine, version), VersionStatus::Unknown { .. }));
    let engines: Vec<&str> = Engine::all().into_iter().filter(has).map(|engine| engine.as_str()).collect();
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ENGINE, "unknown database engine `aurora`")
        .at(node.span, format!("another service of {}", cloud.facts().label));
    match (engines.as_slice(), version) {
        ([only], Some(version)) => {
            diagnostic.help(format!("write `{only}`, which has the version `{}`", shown(version))).suggest(node.span, *only)
        }
        _ => diagnostic.help(format!("write one of {}", or_list(Engine::all().into_iter().map(|engine| engine.as_str())))),
    }
}
