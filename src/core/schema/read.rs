//! One value, read by the type that its key takes.

use super::choices::choose;
use super::databases;
use super::engines::engine;
use super::formats;
use super::identifier::{identifier, slug};
use super::kinds::{line_of_block, not_on_one_line, not_one_script, not_one_value};
use super::meant::meant;
use super::network;
use super::numbers::integer;
use super::path_forms::{mount_path, url_path};
use super::template::{Template, Variables, not_taken};
use super::things::{ami, instance_class, instance_type, name_of_cloud, node_type, of_key_pair, region, tag_value, zone};
use super::{IdentifierKind, Type};
use crate::clouds::{CacheVersion, Cloud, CloudFacts};
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::Span;
use crate::syntax::{Node, Plain, Value, plain};
use ipnet::Ipv4Net;
use smol_str::SmolStr;

/// A value that has been read.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text, with templates filled in.
    Text(SmolStr),
    /// A network.
    Network(Ipv4Net),
    /// A list.
    List(Vec<Typed>),
    /// An object: its keys with their values, in the order of the language or of the document.
    Object(Vec<(SmolStr, Typed)>),
}

impl std::fmt::Display for Typed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Typed::Boolean(value) => write!(out, "{value}"),
            Typed::Integer(value) => write!(out, "{value}"),
            Typed::Text(value) => write!(out, "{value}"),
            Typed::Network(value) => write!(out, "{value}"),
            Typed::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(out, "[{}]", items.join(", "))
            }
            Typed::Object(entries) => {
                let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                write!(out, "{{{}}}", entries.join(", "))
            }
        }
    }
}

/// The most bytes of a text with templates.
const MAX_TEMPLATE: usize = 4096;

/// Reads a single value, which a cloud takes. Without `variables` a text whose templates are well-formed gives nothing: its value is known only in a deployment.
pub fn read(cloud: &dyn Cloud, kind: Type, key: &str, node: &Node, variables: Option<&Variables>) -> Result<Option<Typed>, Diagnostic> {
    if let Some(line) = line_of_block(kind, node) {
        return Err(not_on_one_line(key, line, node.span));
    }
    match kind {
        Type::Boolean => return boolean(key, node).map(Some),
        Type::Integer { .. } | Type::IntegerOf(..) => return integer(kind, key, node).map(Some),
        _ => {}
    }
    let Value::Scalar(scalar) = &node.value else {
        return Err(match kind {
            Type::Verbatim { .. } => not_one_script(key, node),
            _ => not_one_value(cloud, kind, key, node),
        });
    };
    if matches!(kind, Type::Verbatim { .. }) || !may_have_template(&scalar.text) {
        return read_text(cloud, kind, key, &scalar.text, node.span).map(Some);
    }
    if !kind.takes_templates() {
        return Err(not_taken(key, node.span));
    }
    // Templates are filled in for every deployment. No value that takes them may have nearly as many bytes.
    if scalar.text.len() > MAX_TEMPLATE {
        return Err(Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` has {} bytes", scalar.text.len()))
            .at(node.span, format!("expected at most {MAX_TEMPLATE} bytes where there are templates"))
            .help(format!("shorten it to {MAX_TEMPLATE} bytes")));
    }
    let template =
        Template::parse(&scalar.text, node.span).map_err(|diagnostic| proposing(cloud, kind, key, &scalar.text, node.span, diagnostic))?;
    match variables {
        None if !template.is_literal() => Ok(None),
        None => judge(cloud, kind, key, &template.expand(&Variables::default()).into(), node.span).map(Some),
        Some(variables) => judge(cloud, kind, key, &template.expand(variables).into(), node.span).map(Some),
    }
}

/// True for a single value that is the same in every deployment, since no template stands in it.
pub fn is_fixed(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| !may_have_template(&scalar.text))
}

/// True for text that templates may stand in.
fn may_have_template(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'{' | b'}')) && (text.contains("{{") || text.contains("}}}}"))
}

/// `wrong-type` for a value of another kind than expected.
pub fn wrong_type(expected: &str, key: &str, node: &Node) -> Diagnostic {
    Diagnostic::new(&codes::WRONG_TYPE, format!("`{key}` is {}", node.kind())).at(node.span, format!("expected {expected}")).help(
        match node.value {
            Value::Mapping(_) | Value::Sequence(_) => {
                format!("write `{key}:` and {expected} on one line; text with braces or brackets needs quotes")
            }
            Value::Null | Value::Scalar(_) => format!("`{key}` takes {expected}"),
        },
    )
}

fn boolean(key: &str, node: &Node) -> Result<Typed, Diagnostic> {
    let Some(scalar) = node.as_scalar() else { return Err(wrong_type(Type::Boolean.expected(), key, node)) };
    if scalar.plain
        && let Plain::Boolean(value) = plain(&scalar.text)
    {
        return Ok(Typed::Boolean(value));
    }
    // YAML 1.1 reads the first words of each as booleans; the others may have been meant for another key.
    let (meant, certain) = match scalar.text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => (Some("true"), true),
        "false" | "no" | "off" | "n" => (Some("false"), true),
        "enabled" | "enable" | "1" | "t" => (Some("true"), false),
        "disabled" | "disable" | "0" | "f" => (Some("false"), false),
        _ => (None, false),
    };
    let diagnostic = Diagnostic::new(&codes::WRONG_TYPE, format!("`{key}` takes `true` or `false`, not {}", written(node)));
    Err(match meant {
        Some(meant) => {
            let diagnostic = diagnostic
                .at(node.span, format!("write `{meant}`"))
                .help(format!("booleans are `true` and `false`, without quotes: `{key}: {meant}`"));
            if certain { diagnostic.fix(node.span, meant) } else { diagnostic.suggest(node.span, meant) }.unquoted()
        }
        None => diagnostic.at(node.span, "expected `true` or `false`").help(format!("write `{key}: true` or `{key}: false`")),
    })
}

/// What a person wrote, in the words of messages.
pub(super) fn written(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.plain => format!("`{}`", shown(&scalar.text)),
        Value::Scalar(scalar) => format!("the text `\"{}\"`", shown(&scalar.text)),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => node.kind().to_owned(),
    }
}

/// Reads text without templates. What is refused and may have meant something that the type takes has that for an edit.
pub fn read_text(cloud: &dyn Cloud, kind: Type, key: &str, text: &SmolStr, span: Span) -> Result<Typed, Diagnostic> {
    judge(cloud, kind, key, text, span).map_err(|diagnostic| proposing(cloud, kind, key, text, span, diagnostic))
}

/// What is said of a refused text, with what it may have meant.
fn proposing(cloud: &dyn Cloud, kind: Type, key: &str, text: &str, span: Span, diagnostic: Diagnostic) -> Diagnostic {
    let length = (span.end - span.start) as usize;
    // A text with escapes, or of several lines, is not what stands in the document.
    let is_plain = length == text.len();
    if !diagnostic.edits.is_empty() || !(is_plain || length == text.len() + 2) {
        return diagnostic;
    }
    let is_taken = |text: &str| match Template::parse(text, span) {
        Ok(template) => judge(cloud, kind, key, &template.expand(&Variables::example()).into(), span).is_ok(),
        Err(_) => false,
    };
    let Some((meant, why)) = meant(kind, text).filter(|(meant, _)| meant != text && is_taken(meant)) else { return diagnostic };
    // Of a variable that does not exist, its own help says more.
    let has_help = diagnostic.code == &codes::UNKNOWN_TEMPLATE_VARIABLE;
    let diagnostic = if has_help { diagnostic } else { diagnostic.help(format!("write `{meant}`: {why}")) };
    let needs_quotes = is_plain && (meant.starts_with(['{', '*']) || plain(&meant) != Plain::Text);
    if needs_quotes { diagnostic.suggest(span, format!("\"{meant}\"")).unquoted() } else { diagnostic.suggest(span, meant) }
}

/// Judges text whose templates are filled in.
fn judge(cloud: &dyn Cloud, kind: Type, key: &str, text: &SmolStr, span: Span) -> Result<Typed, Diagnostic> {
    let typed = || Typed::Text(text.clone());
    match kind {
        Type::Boolean | Type::Integer { .. } | Type::IntegerOf(..) => Ok(typed()),
        Type::Text { min, max } => length(key, text.chars().count(), min, max, "characters", span).map(|()| typed()),
        Type::KeyPair => {
            length(key, text.chars().count(), 1, 255, "characters", span).and_then(|()| of_key_pair(cloud, text, span)).map(|()| typed())
        }
        Type::Verbatim { max_bytes } => length(key, text.len(), 0, max_bytes, "bytes", span).map(|()| typed()),
        Type::TagValue => tag_value(cloud, key, text, span).map(|()| typed()),
        Type::VpcCidr => network::vpc_cidr(cloud, text, span).map(Typed::Network),
        Type::Cidr => network::cidr(text, span).map(Typed::Network),
        Type::InstanceType => instance_type(cloud, text, span).map(|()| typed()),
        Type::Zone => zone(cloud, text, span).map(|()| typed()),
        Type::Ami => ami(cloud, text, span).map(|()| typed()),
        Type::Engine => engine(text, span).map(|()| typed()),
        Type::EngineVersion => form(
            cloud.has_form_of_version(text),
            &codes::INVALID_VERSION,
            text,
            span,
            "an engine version",
            "write numbers with dots between, such as `15` or `15.3`",
        )
        .map(|()| typed()),
        Type::InstanceClass => instance_class(cloud, text, span).map(|()| typed()),
        Type::CacheVersion => form(
            cloud.cache_engines().any(|engine| engine.version(text) != CacheVersion::Malformed),
            &codes::INVALID_VERSION,
            text,
            span,
            "a version of a cache",
            "write a major and a minor number, such as `8.2`",
        )
        .map(|()| typed()),
        Type::NodeType => node_type(cloud, text, span).map(|()| typed()),
        Type::BucketName => cloud.bucket_name(text).map(|()| typed()).map_err(|reason| {
            Diagnostic::new(&codes::INVALID_BUCKET_NAME, format!("`{}` cannot be a bucket's name", shown(text)))
                .at(span, reason)
                .help("a bucket's name has 3 to 63 lower-case letters, digits, `.` and `-`, with a letter or digit at both ends")
        }),
        Type::Email => form(
            formats::email(text),
            &codes::INVALID_EMAIL,
            text,
            span,
            "an e-mail address",
            "write one address, such as `team@example.com`",
        )
        .map(|()| typed()),
        Type::SecretReference => cloud.secret_reference(text).map(|_| typed()).map_err(|reason| {
            Diagnostic::new(&codes::INVALID_SECRET_REFERENCE, format!("`{key}` takes a reference to a secret"))
                .at(span, reason)
                .help(cloud.facts().secret_help)
        }),
        Type::Schedule => cloud.schedule(text).map(Typed::Text).map_err(|reason| {
            Diagnostic::new(&codes::INVALID_SCHEDULE, format!("`{}` is not a valid schedule", shown(text)))
                .at(span, reason)
                .help("write `rate(1 day)` for every day, or `cron(0 5 * * ? *)` for 05:00 UTC every day")
        }),
        Type::CertificateArn => cloud.certificate(text).map(|_| typed()).map_err(|reason| {
            Diagnostic::new(&codes::INVALID_ARN, format!("`{}` is not a certificate's ARN", shown(text)))
                .at(span, reason)
                .help(cloud.facts().certificate_help)
        }),
        Type::Choice(choice) => choose(choice, key, text, span).map(|()| typed()),
        Type::UrlPath => url_path(cloud, key, text, span).map(|()| typed()),
        Type::MountPath => mount_path(key, text, span).map(|()| typed()),
        Type::DatabaseName => databases::name(cloud, text, span).map(|()| typed()),
        Type::Snapshot => databases::snapshot(cloud, text, span).map(|()| typed()),
        Type::DailyWindow { .. } | Type::WeeklyWindow { .. } => databases::of_window(kind, key, text, span).map(|()| typed()),
        Type::ParameterValue => databases::parameter_value(cloud, key, text, span).map(|()| typed()),
        Type::Region => region(cloud, text, span).map(|()| typed()),
        Type::Cloud => name_of_cloud(text, span).map(|()| typed()),
        Type::Identifier(which) => {
            let is_taken = |text: &str| identifier_in(cloud, which, text);
            is_taken(text).map(|()| typed()).map_err(|reason| invalid_identifier(cloud, which, text, span, &reason))
        }
    }
}

pub(super) fn form(
    fits: bool,
    code: &'static crate::diagnostics::Code,
    text: &str,
    span: Span,
    what: &str,
    help: &'static str,
) -> Result<(), Diagnostic> {
    if fits {
        return Ok(());
    }
    Err(Diagnostic::new(code, format!("`{}` is not {what}", shown(text))).at(span, format!("expected {what}")).help(help))
}

pub(super) fn length(key: &str, length: usize, min: usize, max: usize, unit: &str, span: Span) -> Result<(), Diagnostic> {
    if (min..=max).contains(&length) {
        return Ok(());
    }
    Err(Diagnostic::new(&codes::OUT_OF_RANGE, format!("`{key}` has {length} {unit}"))
        .at(span, format!("expected {min} to {max} {unit}"))
        .help(if length > max { format!("shorten it to {max} {unit}") } else { "write something, or remove the key".into() }))
}

/// What is wrong with a name, or nothing; names in the cloud start with the project's.
fn identifier_in(cloud: &dyn Cloud, kind: IdentifierKind, text: &str) -> Result<(), String> {
    identifier(kind, text)?;
    let CloudFacts { label, reserved_prefixes, .. } = cloud.facts();
    // A `-` follows it in those names.
    let is_reserved = |prefix: &&&str| text.starts_with(**prefix) || prefix.strip_suffix('-') == Some(text);
    match reserved_prefixes.iter().find(is_reserved).filter(|_| kind == IdentifierKind::ProjectName) {
        Some(prefix) => Err(format!("names in the cloud start with it, and {label} keeps those that start with `{prefix}`")),
        None => Ok(()),
    }
}

/// `invalid-identifier` for a name.
pub(super) fn invalid_identifier(cloud: &dyn Cloud, kind: IdentifierKind, text: &str, span: Span, reason: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("`{}` cannot be {}", shown(text), kind.name())).at(span, reason.to_owned());
    let candidate = slug(text).filter(|slug| slug != text && identifier_in(cloud, kind, slug).is_ok());
    match candidate {
        Some(slug) => diagnostic.help(format!("write `{slug}`: a name has 2 to 32 lower-case letters, digits and `-`")).suggest(span, slug),
        None if kind == IdentifierKind::ProjectName => {
            diagnostic.help("a project_name starts with a letter and has 2 to 32 lower-case letters, digits and single `-`, not at the end")
        }
        None if matches!(kind, IdentifierKind::Database | IdentifierKind::FormerDatabase) => diagnostic
            .help("write another name: it starts with a letter, and has 2 to 32 lower-case letters, digits and single `-`, not at the end"),
        None => diagnostic.help("a name has 2 to 32 lower-case letters, digits and single `-`, not at the start or the end"),
    }
}
