//! Names that customers choose, which become parts of state keys, of names in the cloud, and of directories.

/// Which name it is: some have rules of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierKind {
    /// `project_name`.
    ProjectName,
    /// `customer_id`.
    CustomerId,
    /// An environment's name.
    Environment,
    /// A service's name.
    Service,
    /// A tier's name.
    Tier,
    /// A volume's name.
    Volume,
    /// The name of a network that exists already, in the registry.
    Network,
    /// The name of an entry of `databases`.
    Database,
    /// The name that such an entry had, or `database` for what was the section of that name.
    FormerDatabase,
}

impl IdentifierKind {
    /// The name in the words of messages.
    pub fn name(self) -> &'static str {
        match self {
            IdentifierKind::ProjectName => "a project_name",
            IdentifierKind::CustomerId => "a customer_id",
            IdentifierKind::Environment => "an environment's name",
            IdentifierKind::Service => "a service's name",
            IdentifierKind::Tier => "a tier's name",
            IdentifierKind::Volume => "a volume's name",
            IdentifierKind::Network => "a network's name",
            IdentifierKind::Database | IdentifierKind::FormerDatabase => "a database's name in `databases`",
        }
    }
}

/// What has, or will have, outputs such as `cache_endpoint`: the outputs of an entry of `databases` start with its name too.
const OTHER_OUTPUTS: [&str; 10] =
    ["backup", "cache", "cache-reader", "cdn", "dns", "load-balancer", "notifications", "queue", "search", "storage"];

/// What is wrong with a name, or nothing: lower-case letters, digits and `-`, 2 to 32 characters, no `-` at either end, no `--`; a
/// project's name starts with a letter (language.md section 4). What a cloud keeps for its own names is its own.
pub fn identifier(kind: IdentifierKind, text: &str) -> Result<(), String> {
    if let Some(letter) = text.chars().find(|letter| !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || *letter == '-')) {
        let letter = letter.escape_debug();
        return Err(format!("it has the character `{letter}`, and only lower-case letters, digits and `-` are taken"));
    }
    if !(2..=32).contains(&text.len()) {
        return Err(format!("it has {} characters, and 2 to 32 are taken", text.len()));
    }
    if text.starts_with('-') {
        return Err("it starts with `-`".into());
    }
    // Databases, their parameter groups and subnet groups are named with the project first, and RDS takes a letter there.
    if kind == IdentifierKind::ProjectName && text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err("names in the cloud start with it, and those of databases have to start with a letter".into());
    }
    if matches!(kind, IdentifierKind::Database | IdentifierKind::FormerDatabase) && text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err("outputs start with it, and those have to start with a letter".into());
    }
    if text.ends_with('-') {
        return Err("it ends with `-`".into());
    }
    if text.contains("--") {
        return Err("it has `--` in it".into());
    }
    match kind {
        IdentifierKind::CustomerId if text == "modules" => Err("`modules` is the directory of the shared modules".into()),
        IdentifierKind::Service if text == "app" => Err("`app` stands for what a customer's services share".into()),
        IdentifierKind::Database if text == "database" => Err("`database` is the section of the one without a name".into()),
        IdentifierKind::Database if OTHER_OUTPUTS.contains(&text) => Err(format!("the outputs of `{text}` are another thing's")),
        IdentifierKind::Database
        | IdentifierKind::FormerDatabase
        | IdentifierKind::ProjectName
        | IdentifierKind::CustomerId
        | IdentifierKind::Service
        | IdentifierKind::Environment
        | IdentifierKind::Volume
        | IdentifierKind::Network
        | IdentifierKind::Tier => Ok(()),
    }
}

/// The nearest legal name: lower case, every run of other characters one `-`, ends trimmed. Nothing when none is left.
pub fn slug(text: &str) -> Option<String> {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = letter.to_ascii_lowercase();
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    (!slug.is_empty()).then_some(slug)
}

/// What is wrong with a repository's directory name, or nothing (platform.md).
pub fn repository_name(text: &str) -> Result<(), String> {
    if text.is_empty() || text.chars().count() > 100 {
        return Err("it has to have 1 to 100 characters".into());
    }
    if let Some(letter) = text.chars().find(|letter| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-'))) {
        return Err(format!("it has the character `{}`, and only `A-Z`, `a-z`, `0-9`, `.`, `_` and `-` are taken", letter.escape_debug()));
    }
    if text.starts_with(['.', '-']) {
        return Err("it starts with `.` or `-`".into());
    }
    if text.eq_ignore_ascii_case("default") || text.eq_ignore_ascii_case("modules") {
        return Err("that name is reserved".into());
    }
    Ok(())
}
