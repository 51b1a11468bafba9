//! Keys whose literal value is a credential by their name, and values below them that are none.
//!
//! Names are compared word by word, however the words are joined: `db_password`, `db-password`, `DbPassword`, `DB.PASSWORD` and
//! `dbpassword` are one name.

use crate::clouds::CLOUDS;
use crate::syntax::{Plain, Scalar, plain};
use smol_str::SmolStr;

/// What a name of a secret ends with, its words written as one.
const SECRETS: [&str; 34] = [
    "password",
    "passwords",
    "passwd",
    "passwds",
    "pwd",
    "passphrase",
    "passphrases",
    "passcode",
    "secret",
    "secrets",
    "token",
    "tokens",
    "apikey",
    "apikeys",
    "accesskey",
    "accesskeys",
    "secretkey",
    "secretkeys",
    "privatekey",
    "privatekeys",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "accountkey",
    "sharedkey",
    "sessionkey",
    "hmackey",
    "authkey",
    "licensekey",
    "licencekey",
    "connectionstring",
    "credential",
    "credentials",
    "creds",
];

/// Of these the short `pass` is a password.
const WITH_PASS: [&str; 18] = [
    "db", "database", "smtp", "imap", "mail", "email", "ftp", "sftp", "ldap", "user", "admin", "root", "login", "redis", "mysql",
    "postgres", "proxy", "auth",
];

/// A number is taken for a password under these: it is how many of something under the others.
const NEVER_COUNTS: [&str; 5] = ["password", "passwd", "pwd", "passphrase", "passcode"];

/// Words behind a secret's name that say which one it is, or how it is written.
const BEHIND: [&str; 22] = [
    "value",
    "plain",
    "plaintext",
    "text",
    "raw",
    "base64",
    "b64",
    "hex",
    "string",
    "old",
    "new",
    "current",
    "previous",
    "next",
    "prod",
    "production",
    "staging",
    "dev",
    "test",
    "live",
    "primary",
    "secondary",
];

/// Words at the start of a name that make a question of it: `require_token`.
const QUESTIONS: [&str; 16] = [
    "enable", "enabled", "disable", "disabled", "use", "require", "requires", "has", "is", "rotate", "allow", "needs", "with", "without",
    "max", "min",
];

/// Words that end the name of what is said of a secret next to its value.
const SAID_OF_SECRETS: [&str; 46] = [
    "name",
    "names",
    "path",
    "paths",
    "arn",
    "arns",
    "id",
    "ids",
    "ref",
    "refs",
    "reference",
    "from",
    "provider",
    "store",
    "backend",
    "engine",
    "type",
    "kind",
    "version",
    "stage",
    "region",
    "account",
    "key",
    "field",
    "property",
    "file",
    "env",
    "variable",
    "policy",
    "rotation",
    "schedule",
    "ttl",
    "length",
    "description",
    "owner",
    "team",
    "user",
    "username",
    "login",
    "role",
    "host",
    "port",
    "url",
    "profile",
    "namespace",
    "enabled",
];

/// Values that say whether there is a secret.
const SETTINGS: [&str; 10] = ["true", "false", "required", "optional", "enabled", "disabled", "none", "always", "never", "auto"];

/// Schemes of texts that say where a secret is kept.
const REFERENCES: [&str; 11] =
    ["vault:", "sops:", "op:", "keyvault:", "azurekeyvault:", "gcp-sm:", "gcpsm:", "env:", "file:", "ref:", "secret:"];

/// True for keys whose literal value is a credential by their name.
pub fn key_names_secret(key: &str) -> bool {
    // Nearly no key has one of these, and all names of secrets do.
    let may_be = |at: usize, letter: u8| {
        let starts = |part: &str| key.as_bytes().get(at..at + part.len()).is_some_and(|found| found.eq_ignore_ascii_case(part.as_bytes()));
        match letter | 0x20 {
            b'p' => starts("pass") || starts("pwd"),
            b's' => starts("secret"),
            b't' => starts("token"),
            b'c' => starts("cred") || starts("connection"),
            b'k' => at > 0 && starts("key"),
            _ => false,
        }
    };
    key.bytes().enumerate().any(|(at, letter)| may_be(at, letter)) && Name::of(key).is_secret()
}

/// True for keys that say something of a secret next to its value, such as where it is kept.
pub(super) fn key_describes_secret(key: &str) -> bool {
    Name::of(key).words.last().is_some_and(|word| SAID_OF_SECRETS.contains(&word.as_str()))
}

/// True for a value that is a credential when its key says so: text that is not a reference to a place where secrets are kept.
pub fn is_literal_secret(key: &str, scalar: &Scalar) -> bool {
    let text = scalar.text.trim();
    if text.is_empty() || is_setting(text) || is_reference(text) {
        return false;
    }
    match plain(&scalar.text) {
        Plain::Text => true,
        Plain::Null | Plain::Boolean(_) => false,
        Plain::Integer(_) | Plain::Float => !scalar.plain || Name::of(key).ends_with(&NEVER_COUNTS),
    }
}

/// True for a word that says whether there is a secret, and for what stands where one is to be written: `<password>`, `***`.
fn is_setting(text: &str) -> bool {
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b' ' | b'_' | b'-'));
    let is_asked = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).is_some_and(|name| is_word(&name.to_ascii_lowercase()));
    is_asked || text.bytes().all(|byte| byte == b'*') || SETTINGS.contains(&text)
}

/// True for a value that SOPS encrypted (`ENC[AES256_GCM,data:...,type:str]`).
pub(super) fn is_encrypted(text: &str) -> bool {
    let inside = text.trim().strip_prefix("ENC[").and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| inside.split(',').count() > 2 && inside.contains("data:") && !inside.contains(char::is_whitespace))
}

/// True for a text that says where a secret is kept: an ARN, a URI of a store, or one template. A template with a value to fall back to,
/// such as `${PASSWORD:-letmein}`, has a literal in it.
pub(super) fn is_reference(text: &str) -> bool {
    let falls_back =
        text.strip_prefix("${").and_then(|rest| rest.split_once(":-")).is_some_and(|(_, default)| !matches!(default, "}" | ""));
    if falls_back {
        return false;
    }
    let is_one = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|inside| !inside.contains(['{', '}']))
    };
    let is_place = |scheme: &&str| {
        let place = text.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).and_then(|_| text.get(scheme.len()..));
        place.is_some_and(|place| place.contains(['/', ':']) || *scheme == "env:") && !text.contains(char::is_whitespace)
    };
    let of_clouds = CLOUDS.iter().flat_map(|cloud| cloud.facts().secret_references);
    is_one("{{", "}}") || is_one("${", "}") || REFERENCES.iter().chain(of_clouds).any(is_place)
}

/// A key as words in lower case.
struct Name {
    words: Vec<SmolStr>,
}

impl Name {
    fn of(key: &str) -> Name {
        let mut words: Vec<String> = vec![String::new()];
        let letters: Vec<char> = key.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let next = letters.get(at + 1);
            // `apiKey`, and the `K` of `APIKey`.
            let starts = letter.is_uppercase()
                && before
                    .is_some_and(|before| before.is_lowercase() || before.is_uppercase() && next.is_some_and(|next| next.is_lowercase()));
            if starts || !letter.is_alphanumeric() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
                word.extend(letter.to_lowercase());
            }
        }
        Name { words: words.into_iter().filter(|word| !word.is_empty()).map(SmolStr::from).collect() }
    }

    fn is_secret(&self) -> bool {
        let asks = self.words.len() > 1 && self.words.first().is_some_and(|word| QUESTIONS.contains(&word.as_str()));
        let is_of_all = self.words.iter().any(|word| word == "public");
        !asks && !is_of_all && (self.ends_with(&SECRETS) || self.is_pass())
    }

    /// The words as one, without those that only say which one it is.
    fn joined(&self) -> String {
        let is_behind = |word: &SmolStr| BEHIND.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit());
        let kept = self.words.iter().rposition(|word| !is_behind(word)).map_or(self.words.len(), |last| last + 1);
        let joined: String = self.words.iter().take(kept).map(SmolStr::as_str).collect();
        joined.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned()
    }

    fn ends_with(&self, endings: &[&str]) -> bool {
        let (joined, whole) = (self.joined(), self.words.concat());
        endings.iter().any(|ending| joined.ends_with(ending) || whole.ends_with(ending))
    }

    fn is_pass(&self) -> bool {
        let joined = self.joined();
        joined.strip_suffix("pass").is_some_and(|before| WITH_PASS.iter().any(|known| before.ends_with(known)))
    }
}
