//! What the platform says of each cloud.

use super::NamePattern;
use super::fields::{Fields, bare_name, entries, invalid, no_pattern, text, typed};
use super::grants::{self, Grants};
use super::version;
use crate::clouds::{Architecture, CLOUDS, Cloud, CloudFacts, Region};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess};
use crate::schema::{Type, Typed};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The key that says where backups are copied to.
pub const COPY_REGION: &str = "backup_copy_region";

/// A cloud, as the platform has it. By default there is nothing of its own.
#[derive(Clone, Debug, Default)]
pub struct CloudPolicy {
    /// The cloud's name.
    pub cloud: &'static str,
    /// The regions that customers may use; nothing for every commercial one.
    pub regions: Option<Vec<Spanned<SmolStr>>>,
    /// This account's zone letters, by region.
    pub zones: BTreeMap<SmolStr, Spanned<String>>,
    /// Instance types that are known next to the catalogue.
    pub instance_types: Vec<Pattern>,
    /// The provider's version constraint, where the platform says one.
    pub provider_version: Option<Spanned<SmolStr>>,
    /// The role that the provider assumes, with `{{ account_id }}` in it.
    pub role: Option<Spanned<SmolStr>>,
    /// Images, by region and architecture.
    pub images: BTreeMap<(SmolStr, &'static str), Spanned<SmolStr>>,
    /// Where backups are copied to, by the region that they are made in.
    pub copy_regions: BTreeMap<SmolStr, Spanned<SmolStr>>,
    /// What every customer may name.
    pub grants: Grants,
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

    /// True when an instance type, a class or a node type of the catalogue matches.
    pub(super) fn matches_known(&self) -> bool {
        let names = |cloud: &&dyn Cloud| {
            cloud.instance_type_names().chain(cloud.classes()).chain(cloud.node_types()).any(|name| self.matches(name))
        };
        CLOUDS.iter().any(names)
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
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Vec<CloudPolicy> {
    let Some(entry) = entry else { return Vec::new() };
    let names = CLOUDS.map(|cloud| cloud.facts().name);
    let clouds = Fields::of(&entry.value, "`clouds`", &names, diagnostics);
    CLOUDS.into_iter().filter_map(|cloud| Some(read_one(cloud, clouds.get(cloud.facts().name)?, diagnostics))).collect()
}

fn read_one(cloud: &dyn Cloud, entry: &Entry, diagnostics: &mut Diagnostics) -> CloudPolicy {
    let mut policy = CloudPolicy { cloud: cloud.facts().name, ..CloudPolicy::default() };
    let of_cloud = |name: &Spanned<SmolStr>, diagnostics: &mut Diagnostics| region_of(&[cloud], name, diagnostics);
    let CloudFacts { role_key, images_key, .. } = cloud.facts();
    let keys = ["regions", "zones", "instance_types", "provider_version", COPY_REGION, grants::KEY, *role_key, *images_key];
    let fields = Fields::of(&entry.value, &format!("`clouds.{}`", policy.cloud), &keys, diagnostics);
    policy.regions = fields.texts("regions", diagnostics);
    for name in policy.regions.iter().flatten() {
        of_cloud(name, diagnostics);
    }
    for entry in entries(fields.get("zones"), diagnostics) {
        of_cloud(&entry.key, diagnostics);
        if let Some(letters) = zone_letters(&entry.value, diagnostics) {
            policy.zones.insert(entry.key.value.clone(), letters);
        }
    }
    policy.copy_regions = copy_regions(cloud, &fields, policy.regions.as_deref(), diagnostics);
    let types = fields.texts("instance_types", diagnostics).unwrap_or_default();
    policy.instance_types = patterns(types, diagnostics);
    if let Some(version) = fields.text("provider_version", diagnostics) {
        version::check_of_terraform(&version, cloud.facts().provider.version, diagnostics);
        policy.provider_version = Some(version);
    }
    policy.grants = Grants::read(fields.get(grants::KEY), diagnostics);
    policy.role = fields.text(role_key, diagnostics);
    if let Some(role) = &policy.role {
        check_role(cloud, role, diagnostics);
    }
    for entry in entries(fields.get(images_key), diagnostics) {
        of_cloud(&entry.key, diagnostics);
        bare_name(entry, &format!("the entry of `{images_key}` for"), diagnostics);
        let images = Fields::of(&entry.value, &format!("an entry of `{images_key}`"), &["x86_64", "arm64"], diagnostics);
        for architecture in [Architecture::X86_64, Architecture::Arm64] {
            if let Some(image) = images.text(architecture.as_str(), diagnostics) {
                if let Err(diagnostic) = crate::schema::read_text(cloud, Type::Ami, images_key, &image.value, image.span) {
                    diagnostics.push(diagnostic);
                }
                policy.images.insert((entry.key.value.clone(), architecture.as_str()), image);
            }
        }
    }
    policy
}

/// Reads where backups are copied to. Copies are in another region, and where customers may be.
fn copy_regions(
    cloud: &dyn Cloud,
    fields: &Fields<'_>,
    allowed: Option<&[Spanned<SmolStr>]>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<SmolStr, Spanned<SmolStr>> {
    let mut regions = BTreeMap::new();
    for entry in entries(fields.get(COPY_REGION), diagnostics) {
        region_of(&[cloud], &entry.key, diagnostics);
        let read = typed(Type::Region, COPY_REGION, &entry.value, diagnostics);
        let Some(Spanned { value: Typed::Text(to), span }) = read else { continue };
        let to = Spanned::new(to, span);
        let is_commercial = |name: &str| cloud.region(name).map(Region::is_commercial);
        let wrong = if to.value == entry.key.value {
            Some(("backups are copied to the region that they are made in", "write another region: what takes this one away takes both"))
        } else if is_commercial(&to.value).zip(is_commercial(&entry.key.value)).is_some_and(|(one, other)| one != other) {
            Some(("backups are copied to a region of another partition", "write a region of the same one: nothing is copied between them"))
        } else if allowed.is_some_and(|allowed| !allowed.iter().any(|region| region.value == to.value)) {
            Some(("backups are copied to a region that customers may not use", "list it under `regions` too, or write one that is there"))
        } else {
            None
        };
        if let Some((message, help)) = wrong {
            diagnostics.push(invalid(to.span, message, help));
        }
        regions.insert(entry.key.value.clone(), to);
    }
    regions
}

/// `unknown-region` for a name in the platform file that no cloud has.
pub(super) fn region(name: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    region_of(&CLOUDS, name, diagnostics);
}

fn region_of(clouds: &[&dyn Cloud], name: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    if clouds.iter().any(|cloud| cloud.region(&name.value).is_some()) {
        return;
    }
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_REGION, format!("unknown region `{}`", name.value));
    diagnostics.push(match guess(&name.value, clouds.iter().flat_map(|cloud| cloud.regions()).map(|region| region.name)) {
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

fn check_role(cloud: &dyn Cloud, arn: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    let rest = arn.value.replace("{{ account_id }}", "").replace("{{account_id}}", "");
    if rest.contains("{{") || rest.contains("}}") {
        diagnostics.push(invalid(
            arn.span,
            format!("a template that `{}` does not have", cloud.facts().role_key),
            "the one template here is `{{ account_id }}`",
        ));
    }
    if !arn.value.starts_with("arn:") {
        diagnostics.push(invalid(arn.span, format!("`{}` is not a role's ARN", arn.value), cloud.facts().role_help));
    }
}

impl CloudPolicy {
    /// The role of an account.
    pub fn role_of(&self, account: Option<&str>) -> Option<String> {
        let arn = &self.role.as_ref()?.value;
        let account = account.unwrap_or("");
        Some(arn.replace("{{ account_id }}", account).replace("{{account_id}}", account))
    }

    /// True when the role needs to know the account.
    pub fn role_needs_account(&self) -> Option<Span> {
        self.role.as_ref().filter(|arn| arn.value.contains("account_id")).map(|arn| arn.span)
    }
}
