//! The engines of databases that the language takes, and what a cloud's table says of a version.

use std::fmt;

/// A database engine of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// PostgreSQL, `postgres`.
    Postgres,
    /// MySQL, `mysql`.
    MySql,
    /// MariaDB, `mariadb`.
    MariaDb,
    /// Aurora with the protocol of PostgreSQL, `aurora-postgresql`.
    AuroraPostgres,
    /// Aurora with the protocol of MySQL, `aurora-mysql`.
    AuroraMySql,
}

impl Engine {
    /// Every engine, in the order of the language's documentation.
    #[must_use]
    pub fn all() -> [Self; 5] {
        [Self::Postgres, Self::MySql, Self::MariaDb, Self::AuroraPostgres, Self::AuroraMySql]
    }

    /// The name in the language, which is that of the API of RDS too.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::AuroraPostgres => "aurora-postgresql",
            Self::AuroraMySql => "aurora-mysql",
        }
    }

    /// The engine of this name, written exactly so.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|engine| engine.as_str() == name)
    }

    /// True for a cluster of Aurora: several instances on one storage of no size.
    #[must_use]
    pub fn is_aurora(self) -> bool {
        matches!(self, Self::AuroraPostgres | Self::AuroraMySql)
    }

    /// The engine whose protocol and words it has: of Aurora, the one that it is made from.
    #[must_use]
    pub fn dialect(self) -> Self {
        match self {
            Self::Postgres | Self::AuroraPostgres => Self::Postgres,
            Self::MySql | Self::AuroraMySql => Self::MySql,
            Self::MariaDb => Self::MariaDb,
        }
    }

    /// The engine that a wrong name most likely meant: a part of the name goes before its letters (`aurora_postgres`, `pg`, `maria`).
    #[must_use]
    pub fn nearest(name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase();
        let parts: [(&str, Self); 4] =
            [("maria", Self::MariaDb), ("mysql", Self::MySql), ("postgre", Self::Postgres), ("pg", Self::Postgres)];
        let named = parts.into_iter().find(|(part, _)| name.contains(part)).map(|(_, engine)| engine);
        let near = named.unwrap_or_else(|| {
            let distance = |engine: Self| strsim::osa_distance(engine.as_str(), &name);
            let best = if distance(Self::MySql) < distance(Self::Postgres) { Self::MySql } else { Self::Postgres };
            if distance(Self::MariaDb) < distance(best) { Self::MariaDb } else { best }
        });
        let is_it = |engine: &Self| engine.is_aurora() == name.contains("aurora") && engine.dialect() == near;
        Self::all().into_iter().find(is_it).unwrap_or(near)
    }

    /// The TCP port that the engine listens on unless configured otherwise. Source: RDS API, `CreateDBInstance` and `CreateDBCluster`, `Port`.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self.dialect() {
            Self::Postgres => 5432,
            _ => 3306,
        }
    }

    /// The major version of a version's text, as RDS counts: the first number for PostgreSQL from 10 on (`15` of `15.3`),
    /// two for older ones, MySQL and MariaDB (`8.0` of `8.0.36`). Aurora's are those of its dialect. `None` when the text
    /// has too few numbers. What follows the major version is not looked at (`11.22-RDS.20241121`,
    /// `8.0.mysql_aurora.3.08.0`).
    #[must_use]
    pub fn major_of(self, version: &str) -> Option<&str> {
        let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let first = number(version);
        let major: u32 = version.get(..first)?.parse().ok()?;
        let rest = version.get(first..)?;
        if self.dialect() == Self::Postgres && major >= 10 {
            return matches!(rest.as_bytes().first(), None | Some(b'.' | b'-')).then(|| version.get(..first))?;
        }
        let second = number(rest.strip_prefix('.')?);
        let end = first + 1 + second;
        let ends_there = matches!(version.as_bytes().get(end), None | Some(b'.' | b'-'));
        (second > 0 && ends_there).then(|| version.get(..end))?
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How the cloud supported a major version on the day of its table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SupportStatus {
    /// In standard support.
    Standard,
    /// In extended support, which the cloud charges for.
    Extended,
    /// In no support: the cloud upgrades databases that still run it.
    Ended,
}

/// A major version of an engine, as the cloud has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EngineVersion {
    /// The engine.
    pub engine: Engine,
    /// The major version, as [`Engine::major_of`] gives it: `15`, `8.0`, `10.11`.
    pub major: &'static str,
    /// The support on the day of the table.
    pub status: SupportStatus,
    /// The last day of standard support, as `YYYY-MM-DD`; `None` when the sources do not give it.
    pub standard_support_ends: Option<&'static str>,
    /// The last day of extended support, as `YYYY-MM-DD`; `None` when there is none or the sources do not give it.
    pub extended_support_ends: Option<&'static str>,
}

/// What the table says of a version that somebody wrote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VersionStatus {
    /// Its major version is in standard support.
    Supported(&'static EngineVersion),
    /// Its major version is in extended support.
    Extended(&'static EngineVersion),
    /// The support of its major version has ended.
    Ended(&'static EngineVersion),
    /// The table has no such major version.
    Unknown {
        /// The one to suggest: the newest in standard support whose first number is the same (`8.4` for `8`), else the
        /// newest in standard support.
        suggestion: Option<&'static EngineVersion>,
    },
}
