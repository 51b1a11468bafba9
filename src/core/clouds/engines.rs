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
}

impl Engine {
    /// Every engine, in the order of the language's documentation.
    #[must_use]
    pub fn all() -> [Self; 3] {
        [Self::Postgres, Self::MySql, Self::MariaDb]
    }

    /// The name in the language, which is that of the API of RDS too.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }

    /// The engine of this name, written exactly so.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|engine| engine.as_str() == name)
    }

    /// The engine that a wrong name most likely meant: a part of the name goes before its letters (`aurora-postgresql`,
    /// `pg`, `maria`).
    #[must_use]
    pub fn nearest(name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase();
        let parts: [(&str, Self); 4] =
            [("maria", Self::MariaDb), ("mysql", Self::MySql), ("postgre", Self::Postgres), ("pg", Self::Postgres)];
        parts.into_iter().find(|(part, _)| name.contains(part)).map(|(_, engine)| engine).unwrap_or_else(|| {
            let [postgres, mysql, mariadb] = Self::all();
            let distance = |engine: Self| strsim::osa_distance(engine.as_str(), &name);
            let best = if distance(mysql) < distance(postgres) { mysql } else { postgres };
            if distance(mariadb) < distance(best) { mariadb } else { best }
        })
    }

    /// The TCP port that the engine listens on unless configured otherwise. Source: RDS API, `CreateDBInstance`, `Port`.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::MySql | Self::MariaDb => 3306,
        }
    }

    /// The major version of a version's text, as RDS counts: the first number for PostgreSQL from 10 on (`15` of `15.3`),
    /// two for older ones, MySQL and MariaDB (`8.0` of `8.0.36`). `None` when the text has too few numbers. What follows
    /// the major version is not looked at (`11.22-RDS.20241121`).
    #[must_use]
    pub fn major_of(self, version: &str) -> Option<&str> {
        let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let first = number(version);
        let major: u32 = version.get(..first)?.parse().ok()?;
        let rest = version.get(first..)?;
        if self == Self::Postgres && major >= 10 {
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
