//! Keys that take one of a few words, and what is said of another word.

use crate::diagnostics::{Diagnostic, Guess, codes, guess, shown};
use crate::source::Span;

/// A closed list of words.
#[derive(Debug, PartialEq, Eq)]
pub struct WordChoice {
    /// The words.
    pub words: &'static [&'static str],
    /// The same in the words of messages.
    pub expected: &'static str,
    /// The word that is right where nothing else of the section is written.
    pub usual: &'static str,
    /// Words of other tools, in lower case, each with the one of the list that it may mean.
    pub others: &'static [(&'static str, &'static str)],
}

/// Where the load balancer of instances stands.
pub(super) static LOAD_BALANCERS: WordChoice = WordChoice {
    words: &["public", "internal", "none"],
    expected: "`public`, `internal` or `none`",
    usual: "public",
    others: &[
        ("internet-facing", "public"),
        ("external", "public"),
        ("true", "public"),
        ("private", "internal"),
        ("false", "none"),
        ("no", "none"),
        ("off", "none"),
        ("disabled", "none"),
    ],
};

/// How many NAT gateways a network has.
pub(super) static NAT_GATEWAYS: WordChoice = WordChoice {
    words: &["none", "single", "per_zone"],
    expected: "`none`, `single` or `per_zone`",
    usual: "single",
    others: &[
        ("0", "none"),
        ("false", "none"),
        ("no", "none"),
        ("off", "none"),
        ("disabled", "none"),
        ("1", "single"),
        ("one", "single"),
        ("shared", "single"),
        ("true", "single"),
        ("multi", "per_zone"),
        ("multiple", "per_zone"),
        ("all", "per_zone"),
        ("per_az", "per_zone"),
        ("one_per_az", "per_zone"),
    ],
};

/// The engines of caches.
pub(super) static CACHE_ENGINES: WordChoice = WordChoice {
    words: &["valkey", "redis"],
    expected: "`valkey` or `redis`",
    usual: "valkey",
    others: &[("redis-oss", "redis"), ("redis_oss", "redis"), ("elasticache", "valkey")],
};

/// What a cache throws away when its memory is full (`maxmemory-policy` of Valkey and Redis).
pub(super) static EVICTION_POLICIES: WordChoice = WordChoice {
    words: &[
        "volatile-lru",
        "allkeys-lru",
        "volatile-lfu",
        "allkeys-lfu",
        "volatile-random",
        "allkeys-random",
        "volatile-ttl",
        "noeviction",
    ],
    expected: "a policy such as `allkeys-lru` or `noeviction`",
    usual: "allkeys-lru",
    others: &[
        ("lru", "allkeys-lru"),
        ("lfu", "allkeys-lfu"),
        ("random", "allkeys-random"),
        ("ttl", "volatile-ttl"),
        ("none", "noeviction"),
        ("false", "noeviction"),
        ("no", "noeviction"),
    ],
};

/// The types of volumes.
pub(super) static VOLUME_TYPES: WordChoice = WordChoice {
    words: &["gp3", "io2", "st1", "sc1"],
    expected: "`gp3`, `io2`, `st1` or `sc1`",
    usual: "gp3",
    others: &[("gp2", "gp3"), ("ssd", "gp3"), ("io1", "io2"), ("hdd", "st1"), ("standard", "st1")],
};

/// The types of storage of databases: `gp3` and `io2` of RDS ("DB instance storage" in its user guide).
pub(super) static STORAGE_TYPES: WordChoice = WordChoice {
    words: &["gp3", "io2"],
    expected: "`gp3` or `io2`",
    usual: "gp3",
    others: &[("gp2", "gp3"), ("ssd", "gp3"), ("standard", "gp3"), ("magnetic", "gp3"), ("io1", "io2")],
};

/// Reads one of the words.
pub(super) fn choose(choice: &'static WordChoice, key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    if choice.words.contains(&text) {
        return Ok(());
    }
    let folded = text.to_ascii_lowercase();
    let other = choice.others.iter().find(|(other, _)| *other == folded).map(|(_, word)| Guess::synonym(word).uncertain());
    let diagnostic = Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` cannot be `{}`", shown(text)));
    Err(match other.or_else(|| guess(text, choice.words.iter().copied())) {
        Some(meant) => diagnostic.meant(span, &meant).help(format!("write {}; `{key}` takes {}", meant.names(), choice.expected)),
        None => {
            let help = format!("write one of them, such as `{key}: {}`", choice.usual);
            diagnostic.at(span, format!("expected {}", choice.expected)).help(help)
        }
    })
}
