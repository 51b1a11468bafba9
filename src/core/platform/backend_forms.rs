//! The forms of a backend's arguments that a state is found by. Terraform takes any text there: what is wrong would show in each root at its
//! first `init`, or lead two roots to one place.

use crate::diagnostics::{Diagnostic, codes, shown};
use crate::schema::looks_secret;
use crate::source::Span;
use std::net::Ipv6Addr;

/// A form of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BackendForm {
    /// The address that the names of states are put behind.
    Address,
    /// A host, perhaps with its port.
    Host,
    /// An organization of HCP Terraform: letters, digits, `-` and `_`, as its address has it.
    Organization,
    /// A project there: the same, and spaces within.
    Project,
}

/// A text as it is written, and what it is once its templates are filled in.
pub(super) struct WrittenArgument<'w> {
    /// The argument's name.
    pub(super) key: &'w str,
    /// As it is written.
    pub(super) text: &'w str,
    /// With a letter for each template, whose values have no letter that no form takes, but for a repository's name, which may have a `.`.
    pub(super) filled: &'w str,
    /// True where a template stands for the repository's name.
    pub(super) has_repository: bool,
    /// Its place.
    pub(super) span: Span,
}

impl BackendForm {
    /// Judges a text.
    pub(super) fn judge(self, written: &WrittenArgument<'_>) -> Result<(), Diagnostic> {
        let WrittenArgument { key, text, filled, has_repository, span } = *written;
        if self == BackendForm::Address && authority(filled).is_some_and(|host| host.contains('@')) {
            let help = "take them out of the address, and set `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD` where Terraform runs";
            return Err(credential("the user and the password in the address are", span).help(help));
        }
        let Some(problem) = self.problem(filled, has_repository) else { return Ok(()) };
        let what = match self {
            BackendForm::Address => "an address",
            BackendForm::Host => "a host",
            BackendForm::Organization => "an organization",
            BackendForm::Project => "a project",
        };
        let help = match self {
            BackendForm::Address if problem.starts_with("`http://`") => {
                "write `https://`; `http://` is taken for this machine alone, such as `http://127.0.0.1:8080/states`"
            }
            BackendForm::Address => {
                "write the address that the names of states are put behind, such as `https://gitlab.example.com/api/v4/projects/42/terraform/state`"
            }
            _ if has_repository => "write `{{ customer_id }}` instead of `{{ repository }}`",
            BackendForm::Host => "write the host's name alone, such as `terraform.example.com`; without it, it is `app.terraform.io`",
            BackendForm::Organization => "write the organization's name as it is in its address: letters, digits, `-` and `_`",
            BackendForm::Project => "write the project's name: letters, digits, `-`, `_`, and spaces within",
        };
        let message = format!("`{}` is not {what} that `{key}` takes", shown(text));
        Err(Diagnostic::new(&codes::INVALID_SETTING, message).at(span, problem).help(help))
    }

    /// What is wrong with a text.
    fn problem(self, text: &str, has_repository: bool) -> Option<String> {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        match self {
            _ if text.is_empty() => Some("it is empty".to_owned()),
            BackendForm::Address => address(text),
            _ if has_repository => Some("a repository's name may have `.` in it, which is not taken here".to_owned()),
            BackendForm::Host if text.contains("//") => Some("it is an address, and a host's name alone is taken".to_owned()),
            BackendForm::Host => odd(text, |letter| is_name(letter) || matches!(letter, '.' | ':')).or_else(|| host(text)),
            BackendForm::Organization => odd(text, is_name),
            BackendForm::Project if text.trim() != text => Some("it starts or ends with a space".to_owned()),
            BackendForm::Project => odd(text, |letter| is_name(letter) || letter == ' '),
        }
    }
}

/// `secret-in-source` for text that looks like a credential, whatever argument it is of.
pub(super) fn known_credential(text: &str, span: Span) -> Option<Diagnostic> {
    let what = format!("{} is", looks_secret(text)?);
    Some(
        credential(&what, span).help("take it out of the file and of its history, revoke it, and give Terraform the new one where it runs"),
    )
}

/// `secret-in-source` for the value of a key that names a secret.
pub(super) fn named_credential(key: &str, span: Span) -> Diagnostic {
    let help = "take it out of the file and of its history, keep the new one in a secret store, and pass the name that it has there";
    credential(&format!("the value of `{key}` is"), span).help(help)
}

/// `secret-in-source` for the value of an argument that is a credential, with the environment variable that is for it.
pub(super) fn kept_elsewhere(key: &str, variable: &str, span: Span) -> Diagnostic {
    let of_host = match variable.strip_prefix("TF_TOKEN_") {
        Some(_) => ", or for another host the variable with its name, `_` for each `.` and `__` for each `-`",
        None => "",
    };
    credential(&format!("the value of `{key}` is"), span).help(format!("remove it, and set `{variable}` where Terraform runs{of_host}"))
}

fn credential(what_is: &str, span: Span) -> Diagnostic {
    let message = format!("{what_is} written in the platform file, and would be in every root");
    Diagnostic::new(&codes::SECRET_IN_SOURCE, message).at(span, "a credential; it is not shown here")
}

fn odd(text: &str, is_taken: impl Fn(char) -> bool) -> Option<String> {
    let letter = text.chars().find(|letter| !is_taken(*letter))?;
    Some(format!("`{}` is not taken in it", letter.escape_debug()))
}

/// The host of an address, with what is before and behind it.
fn authority(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// What is wrong with an address, behind which `/` and a name are put: what would end its path would make one address of all.
fn address(text: &str) -> Option<String> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let (Some(scheme @ ("https" | "http")), Some(authority)) = (scheme, authority(text)) else {
        return Some("it does not start with `https://`".to_owned());
    };
    if let Some(end) = text.chars().find(|letter| matches!(letter, '?' | '#')) {
        return Some(format!("a name is put behind it, and `{end}` ends the path"));
    }
    // RFC 3986, of what is a path or before one.
    let is_taken = |letter: char| letter.is_ascii_alphanumeric() || "-._~%:/@!$&'()*+,;=[]".contains(letter);
    if let Some(problem) = odd(text, is_taken) {
        return Some(problem);
    }
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.split('%').skip(1).any(|behind| !behind.get(..2).is_some_and(is_hex)) {
        return Some("`%` is not followed by two hexadecimal digits".to_owned());
    }
    let is_this_machine = matches!(with_port(authority).0, "localhost" | "127.0.0.1" | "[::1]");
    if scheme == "http" && !is_this_machine {
        return Some("`http://` sends states, and the secrets in them, as anyone on the way can read them".to_owned());
    }
    host(authority)
}

/// A host and its port, where it has one: an address of IPv6 has colons too.
fn with_port(text: &str) -> (&str, Option<&str>) {
    let parts = text.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    parts.map_or((text, None), |(name, port)| (name, Some(port)))
}

/// What is wrong with a host, perhaps with its port.
fn host(text: &str) -> Option<String> {
    let (name, port) = with_port(text);
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    if in_brackets.and_then(|address| address.parse::<Ipv6Addr>().ok()).is_none() {
        if let Some(problem) = odd(name, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.')) {
            return Some(problem);
        }
        let is_label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        if name.len() > 253 || !name.split('.').all(is_label) {
            return Some("it has no host's name in it".to_owned());
        }
    }
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    port.filter(|port| !is_port(port)).map(|port| format!("`{}` is not a port", shown(port)))
}
