//! What the platform says of AWS.

use super::NamePattern;
use super::fields::{Fields, bare_name, entries, invalid, no_pattern, text};
use super::version;
use crate::clouds::aws as catalog;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The provider version when the platform says none.
const PROVIDER_VERSION: &str = "~> 6.0";

/// AWS, as the platform has it.
#[derive(Clone, Debug)]
pub struct Aws {
    /// The regions that customers may use; nothing for every commercial one.
    pub regions: Option<Vec<Spanned<SmolStr>>>,
    /// This account's zone letters, by region.
    pub zones: BTreeMap<SmolStr, Spanned<String>>,
    /// Instance types that are known next to the catalogue.
    pub instance_types: Vec<Pattern>,
    /// The provider's version constraint.
    pub provider_version: SmolStr,
    /// The place of the constraint, when the platform says one.
    pub provider_version_place: Option<Span>,
    /// The role that the provider assumes, with `{{ account_id }}` in it.
    pub assume_role_arn: Option<Spanned<SmolStr>>,
    /// Images, by region and architecture.
    pub default_ami: BTreeMap<(SmolStr, &'static str), Spanned<SmolStr>>,
}

impl Default for Aws {
    fn default() -> Self {
        Aws {
            regions: None,
            zones: BTreeMap::new(),
            instance_types: Vec::new(),
            provider_version: SmolStr::new_static(PROVIDER_VERSION),
            provider_version_place: None,
            assume_role_arn: None,
            default_ami: BTreeMap::new(),
        }
    }
}

/// A pattern of instance types, with its place.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub text: Spanned<SmolStr>,
    pattern: NamePattern,
}

impl Pattern {
    /// True when a name matches.
    pub fn matches(&self, name: &str) -> bool {
        self.pattern.matches(name)
    }

    /// True when an instance type or a class of the catalogue matches.
    pub(super) fn matches_known(&self) -> bool {
        catalog::instance_type_names().chain(catalog::rds::classes()).any(|name| self.matches(name))
    }
}

/// Reads patterns such as `t3.*`.
pub(super) fn patterns(texts: Vec<Spanned<SmolStr>>, diagnostics: &mut Diagnostics) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in texts {
        match NamePattern::new(&text.value) {
            Ok(pattern) => patterns.push(Pattern { text, pattern }),
            Err(reason) => diagnostics.push(no_pattern(&text, &reason)),
        }
    }
    patterns
}

/// Reads `clouds`.
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Aws {
    let mut aws = Aws::default();
    let Some(entry) = entry else { return aws };
    let clouds = Fields::of(&entry.value, "`clouds`", &["aws"], diagnostics);
    let Some(entry) = clouds.get("aws") else { return aws };
    let keys = ["regions", "zones", "instance_types", "provider_version", "assume_role_arn", "default_ami"];
    let fields = Fields::of(&entry.value, "`clouds.aws`", &keys, diagnostics);
    aws.regions = fields.texts("regions", diagnostics);
    for name in aws.regions.iter().flatten() {
        region(name, diagnostics);
    }
    for entry in entries(fields.get("zones"), diagnostics) {
        region(&entry.key, diagnostics);
        if let Some(letters) = zone_letters(&entry.value, diagnostics) {
            aws.zones.insert(entry.key.value.clone(), letters);
        }
    }
    let types = fields.texts("instance_types", diagnostics).unwrap_or_default();
    aws.instance_types = patterns(types, diagnostics);
    if let Some(version) = fields.text("provider_version", diagnostics) {
        version::check_of_terraform(&version, "~> 6.0", diagnostics);
        aws.provider_version = version.value;
        aws.provider_version_place = Some(version.span);
    }
    aws.assume_role_arn = fields.text("assume_role_arn", diagnostics);
    if let Some(arn) = &aws.assume_role_arn {
        check_role(arn, diagnostics);
    }
    for entry in entries(fields.get("default_ami"), diagnostics) {
        region(&entry.key, diagnostics);
        bare_name(entry, "the entry of `default_ami` for", diagnostics);
        let images = Fields::of(&entry.value, "an entry of `default_ami`", &["x86_64", "arm64"], diagnostics);
        for architecture in [catalog::Architecture::X86_64, catalog::Architecture::Arm64] {
            if let Some(image) = images.text(architecture.as_str(), diagnostics) {
                if let Err(diagnostic) = crate::schema::read_text(crate::schema::Type::Ami, "default_ami", &image.value, image.span) {
                    diagnostics.push(diagnostic);
                }
                aws.default_ami.insert((entry.key.value.clone(), architecture.as_str()), image);
            }
        }
    }
    aws
}

/// `unknown-region` for a name in the platform file.
pub(super) fn region(name: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    if catalog::region(&name.value).is_some() {
        return;
    }
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_REGION, format!("there is no region `{}`", name.value));
    diagnostics.push(match guess(&name.value, catalog::regions().map(|region| region.name)) {
        Some(near) => diagnostic.meant(name.span, &near).help(format!("write {}", near.names())),
        None => diagnostic.at(name.span, "not a region").help("a region is a name such as `eu-west-1`"),
    });
}

/// Reads at least two distinct zone letters, kept in the order written.
pub(super) fn zone_letters(node: &Node, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let crate::syntax::Value::Sequence(items) = &node.value else {
        diagnostics.push(invalid(node.span, "zones are a list of letters", "write `[a, b, c]`"));
        return None;
    };
    let mut letters = String::new();
    for item in items {
        let letter = text("zones", item, diagnostics)?;
        match letter.value.chars().next() {
            Some(first @ 'a'..='h') if letter.value.len() == 1 && !letters.contains(first) => letters.push(first),
            _ => {
                let help = "a zone is one letter from `a` to `h`, each once; the region's name is not repeated";
                diagnostics.push(invalid(letter.span, format!("`{}` is not a zone letter", letter.value), help));
            }
        }
    }
    if items.len() < 2 {
        diagnostics.push(invalid(
            node.span,
            "fewer than two zones",
            "load balancers and databases need two zones: list at least two letters",
        ));
        return None;
    }
    // A letter that is none has been reported.
    (letters.len() == items.len()).then(|| Spanned::new(letters, node.span))
}

fn check_role(arn: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    let rest = arn.value.replace("{{ account_id }}", "").replace("{{account_id}}", "");
    if rest.contains("{{") || rest.contains("}}") {
        diagnostics.push(invalid(
            arn.span,
            "a template that `assume_role_arn` does not have",
            "the one template here is `{{ account_id }}`",
        ));
    }
    if !arn.value.starts_with("arn:") {
        diagnostics.push(invalid(
            arn.span,
            format!("`{}` is not a role's ARN", arn.value),
            "write `arn:aws:iam::{{ account_id }}:role/<name>`",
        ));
    }
}

impl Aws {
    /// The role of an account.
    pub fn role_of(&self, account: Option<&str>) -> Option<String> {
        let arn = &self.assume_role_arn.as_ref()?.value;
        let account = account.unwrap_or("");
        Some(arn.replace("{{ account_id }}", account).replace("{{account_id}}", account))
    }

    /// True when the role needs to know the account.
    pub fn role_needs_account(&self) -> Option<Span> {
        self.assume_role_arn.as_ref().filter(|arn| arn.value.contains("account_id")).map(|arn| arn.span)
    }
}
