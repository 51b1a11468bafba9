//! The first line of every generated file: whose it is, and a digest of the rest, so that an edit by hand shows. Files of the built-in
//! modules have one too, which names the module, so that they are never taken for a root's.

use crate::terraform::RootIdentity;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::fmt::Write;

const START: &str = "# Made by terralet, do not edit:";
/// Markdown has comments of its own.
const COMMENT_START: &str = "<!-- ";
const COMMENT_END: &str = " -->";

/// The first line, without the mark that some editors put before it.
fn first_line(text: &str) -> Option<&str> {
    text.strip_prefix('\u{feff}').unwrap_or(text).lines().next()
}

/// The first line, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The deployment that the file belongs to.
    pub identity: RootIdentity,
    /// The digest of the rest as it was made.
    pub digest: String,
}

impl Header {
    /// Reads the first line of a file; nothing when the file is not ours.
    pub fn parse(text: &str) -> Option<Header> {
        let line = first_line(text)?.strip_prefix(START)?;
        let mut fields = line.split_ascii_whitespace();
        let mut field =
            |name: &str| fields.next().and_then(|field| field.strip_prefix(name)).and_then(|rest| rest.strip_prefix('=')).map(SmolStr::new);
        let repository = field("repository")?;
        let environment = field("environment")?;
        let region = field("region")?;
        let service = field("service").map(|service| (service != "-").then_some(service))?;
        let digest = field("digest")?.to_string();
        // Whatever else a line says, nobody knows what it means.
        if fields.next().is_some() {
            return None;
        }
        Some(Header { identity: RootIdentity { repository, environment, region, service }, digest })
    }

    /// True when the rest of a file is what was made.
    pub fn fits(&self, text: &str) -> bool {
        body_fits(text, &self.digest)
    }
}

/// The first word in a file's first line that this version does not know: a newer one wrote it, and what it means nobody here can say. A line
/// that was cut off or spoilt has no such word.
pub fn unknown_word(text: &str) -> Option<&str> {
    let line = first_line(text)?;
    let words = line.strip_prefix(COMMENT_START).unwrap_or(line).strip_prefix(START)?;
    let words = words.strip_suffix(COMMENT_END).unwrap_or(words).split_ascii_whitespace();
    let mut names = words.filter_map(|word| word.split_once('=')).map(|(name, _)| name);
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_name = |name: &str| name.starts_with(|first: char| first.is_ascii_lowercase()) && name.bytes().all(is_letter);
    names.find(|name| is_name(name) && !WORDS.contains(name))
}

/// The words of a first line.
const WORDS: [&str; 6] = ["repository", "environment", "region", "service", "digest", "module"];

/// The first line of a file of a built-in module, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleHeader {
    /// The digest of the rest as it was made.
    pub digest: String,
}

impl ModuleHeader {
    /// Reads the first line of a file; nothing when the file is not a built-in module's.
    pub fn parse(text: &str) -> Option<ModuleHeader> {
        let line = first_line(text)?;
        let line = line.strip_prefix(COMMENT_START).unwrap_or(line).strip_prefix(START)?;
        let (_, digest) = line.trim_start().strip_prefix("module=")?.split_once(" digest=")?;
        Some(ModuleHeader { digest: digest.strip_suffix(COMMENT_END).unwrap_or(digest).to_owned() })
    }

    /// True when the rest of a file is what was made.
    pub fn fits(&self, text: &str) -> bool {
        body_fits(text, &self.digest)
    }
}

fn body_fits(text: &str, digest: &str) -> bool {
    body_digest(text.split_once('\n').map_or("", |(_, body)| body)) == digest
}

/// The digest of a file's text behind its first line: the first 64 bits of SHA-256 over it with LF line ends, as hex.
pub fn body_digest(body: &str) -> String {
    let mut out = String::with_capacity(DIGEST_LETTERS);
    if body.contains('\r') {
        push_digest(&mut out, &body.replace("\r\n", "\n"))
    } else {
        push_digest(&mut out, body)
    }
    out
}

/// How many hexadecimal digits a digest has.
const DIGEST_LETTERS: usize = 16;

fn push_digest(out: &mut String, body: &str) {
    let number = Sha256::digest(body.as_bytes()).first_chunk().copied().map_or(0, u64::from_be_bytes);
    let written = write!(out, "{number:016x}");
    // Writing to a string cannot fail.
    debug_assert!(written.is_ok());
}

/// Puts the first line before a body.
pub fn with_header(identity: &RootIdentity, body: &str) -> String {
    let mut text = FirstLine::new(identity, body.len());
    text.text.push_str(&body_digest(body));
    text.text.push('\n');
    text.text.push_str(body);
    text.text
}

/// The first line of a root's files, to be put before one body after the other.
pub(super) struct FirstLine {
    text: String,
    /// Where what is the same of all files ends.
    end: usize,
}

impl FirstLine {
    /// The first line of a root, with room for a body of some length.
    pub(super) fn new(identity: &RootIdentity, room: usize) -> Self {
        let RootIdentity { repository, environment, region, service } = identity;
        let service = service.as_deref().unwrap_or("-");
        let parts = [START, " repository=", repository, " environment=", environment, " region=", region, " service=", service, " digest="];
        let end = parts.iter().map(|part| part.len()).sum();
        let mut text = String::with_capacity(end + DIGEST_LETTERS + 1 + room);
        text.extend(parts);
        FirstLine { text, end }
    }

    /// The text of a file with a printed body, in which every carriage return is an escape.
    pub(super) fn before(&mut self, body: &str) -> &str {
        self.text.truncate(self.end);
        push_digest(&mut self.text, body);
        self.text.push('\n');
        self.text.push_str(body);
        &self.text
    }
}

/// Puts the first line before a file of a built-in module; `path` is below the modules' directory, such as `<cloud>/customer-vpc/main.tf`.
pub fn module_file(path: &str, body: &str) -> String {
    let module = path.rsplit_once('/').map_or(path, |(module, _)| module);
    let (open, close) = if path.ends_with(".md") { (COMMENT_START, COMMENT_END) } else { ("", "") };
    format!("{open}{START} module={module} digest={}{close}\n{body}", body_digest(body))
}
