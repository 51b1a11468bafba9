//! Text that names a thing of a cloud: a tag, a key pair, an instance type, an image, a class of databases, a region, and the cloud itself.

use super::meant::key_pair;
use super::misplaced::SEVERAL_REGIONS;
use super::read::form;
use crate::clouds::{self, Cloud, NodeType};
use crate::diagnostics::{Diagnostic, Guess, and_list, codes, guess, or_list, shown};
use crate::source::Span;

pub(super) fn tag_value(cloud: &dyn Cloud, key: &str, text: &str, span: Span) -> Result<(), Diagnostic> {
    // Bytes are at least as many.
    let reason = if text.len() > 256 && text.chars().count() > 256 {
        "a tag's value has at most 256 characters".to_owned()
    } else if let Some(letter) = cloud.no_tag_letter(text) {
        format!("`{}` is not taken in a tag", letter.escape_debug())
    } else {
        return Ok(());
    };
    Err(Diagnostic::new(&codes::INVALID_TAG, format!("the value of tag `{}` is refused by the cloud", shown(key)))
        .at(span, reason)
        .help("a tag has letters, digits, spaces and `_ . : / = + - @` only"))
}

/// A key pair has the name that the cloud knows it by; where the key itself is does not matter.
pub(super) fn of_key_pair(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    let machines = cloud.facts().machines;
    let Some(name) = key_pair(text) else {
        let is_key = ["ssh-", "ecdsa-sha2-", "sk-ssh-"].iter().any(|start| text.starts_with(start)) && text.contains(' ');
        if !is_key {
            return Ok(());
        }
        return Err(Diagnostic::new(&codes::INVALID_IDENTIFIER, "the value is a public key, and not the name of a key pair")
            .at(span, "a key itself")
            .help(format!("import it in {machines} in each region, and write the name that it has there")));
    };
    let diagnostic = Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("`{}` is a file, and not the name of a key pair", shown(text)))
        .at(span, "the path of a file");
    Err(match name {
        "" => diagnostic.help(format!("write the name that the key pair has in {machines}")),
        name => diagnostic.help(format!("write `{name}`, or what else the key pair is called in {machines}")).suggest(span, name),
    })
}

pub(super) fn instance_type(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    if cloud.has_form_of_instance_type(text) {
        return Ok(());
    }
    if let Some(same) = cloud.of_other_cloud(text) {
        return Err(Diagnostic::new(&codes::UNKNOWN_INSTANCE_TYPE, format!("unknown instance type `{}`", shown(text)))
            .at(span, "a type of another cloud")
            .help(format!("write `{same}`, which has as many processors and as much memory for each"))
            .suggest(span, same));
    }
    // A size alone has no letters of a family to go by: any would do, and none is what was meant for certain.
    let of_size = format!("t3.{text}");
    // Where no type is the only one, the catalogue knows better which was meant.
    let likely = || cloud.nearest_instance_types(text, None, 1).into_iter().find_map(|near| guess(text, [near]));
    let near = guess(text, cloud.instance_type_names()).filter(Guess::is_certain).or_else(|| likely().map(Guess::uncertain));
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_INSTANCE_TYPE, format!("unknown instance type `{}`", shown(text)));
    Err(match near {
        Some(near) => diagnostic.meant(span, &near).help(format!("an instance type is a family and a size: {}", near.names())),
        None if cloud.instance_type(&of_size).is_some() => diagnostic
            .at(span, "a size without its family")
            .help(format!("an instance type is a family and a size, such as `{of_size}`"))
            .suggest(span, of_size),
        None => {
            diagnostic.at(span, "not an instance type").help("an instance type is a family and a size, such as `t3.small` or `m7g.large`")
        }
    })
}

pub(super) fn ami(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    form(
        cloud.has_form_of_image(text),
        &codes::INVALID_AMI,
        text,
        span,
        "an image id",
        "write an id such as `ami-0123456789abcdef0`, or remove the line to get the usual image; an id is `ami-` and 8 or 17 of the characters 0-9 and a-f",
    )
}

pub(super) fn instance_class(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    if cloud.has_form_of_class(text) {
        return Ok(());
    }
    let diagnostic =
        Diagnostic::new(&codes::INVALID_INSTANCE_CLASS, format!("`{}` is not an {} instance class", shown(text), cloud.facts().databases));
    let with_prefix = format!("db.{text}");
    let meant = if cloud.is_known_class(&with_prefix) {
        Some(Guess::synonym(&with_prefix))
    } else {
        let spelt = guess(text, cloud.classes()).filter(Guess::is_certain);
        // One that shares neither its letters, its family nor its size with what is written is anybody's guess.
        let is_near = |class: &str| {
            let written = text.to_ascii_lowercase();
            let mut parts = class.trim_start_matches("db.").split('.');
            guess(text, [class]).is_some()
                || parts.any(|part| part.len() > 1 && written.split(['.', '-', '_', ' ']).any(|word| word == part))
        };
        spelt.or_else(|| {
            let near = cloud.nearest_classes(text, 1).first().copied().filter(|class| is_near(class));
            near.map(|class| Guess::synonym(class).uncertain())
        })
    };
    Err(match meant {
        Some(meant) => diagnostic
            .meant(span, &meant)
            .help(format!("write {}: a class is `db.`, a family and a size, such as `db.t3.medium`", meant.names())),
        None => diagnostic.at(span, "not a class").help("a class is `db.`, a family and a size, such as `db.t3.medium`"),
    })
}

pub(super) fn node_type(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    const FORM: &str = "a node type is `cache.`, a family and a size, such as `cache.t4g.small`";
    match cloud.node_type(text) {
        NodeType::Known | NodeType::Unknown => Ok(()),
        NodeType::Refused(reason) => {
            let size = text.rsplit('.').next().unwrap_or_default();
            let instead = cloud.node_types().find(|known| known.contains("7g.") && known.ends_with(&format!(".{size}")));
            let instead = instead.unwrap_or("cache.t4g.small");
            Err(Diagnostic::new(&codes::INVALID_INSTANCE_CLASS, format!("no cache can be made of `{}`", shown(text)))
                .at(span, reason)
                .help(format!("take another node type, such as `{instead}`")))
        }
        NodeType::Malformed => {
            let diagnostic =
                Diagnostic::new(&codes::INVALID_INSTANCE_CLASS, format!("`{}` is not an {} node type", shown(text), cloud.facts().caches));
            let with_prefix = format!("cache.{}", text.strip_prefix("db.").unwrap_or(text));
            let meant = match cloud.node_type(&with_prefix) {
                NodeType::Known => Some(Guess::synonym(&with_prefix)),
                _ => guess(text, cloud.node_types()),
            };
            Err(match meant {
                Some(meant) => diagnostic.meant(span, &meant).help(format!("write {}: {FORM}", meant.names())),
                None => diagnostic.at(span, "not a node type").help(FORM),
            })
        }
    }
}

pub(super) fn region(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    if cloud.region(text).is_some() { Ok(()) } else { Err(unknown_region(cloud, text, span)) }
}

/// `unknown-region`, with the nearest.
pub(super) fn unknown_region(cloud: &dyn Cloud, text: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_REGION, format!("unknown region `{}`", shown(text)));
    let mut names = text.split([',', ';', ' ', '/', '|']).filter(|name| !name.is_empty());
    if text.contains([',', ';', ' ', '/', '|']) && names.all(|name| cloud.region(name).is_some()) {
        return diagnostic.at(span, "several regions").help(SEVERAL_REGIONS);
    }
    let labelled: Vec<&str> = cloud.regions_of_label(text).iter().map(|region| region.name).collect();
    if !labelled.is_empty() {
        let diagnostic = diagnostic.at(span, "a region's name has a number behind it");
        let first = labelled.first().copied().unwrap_or_default();
        return diagnostic.help(format!("write one of {}", or_list(labelled.iter().copied()))).suggest(span, first);
    }
    let zone = text.strip_suffix(|letter: char| letter.is_ascii_lowercase()).filter(|region| cloud.region(region).is_some());
    if let Some(region) = zone {
        return diagnostic.at(span, format!("this is a zone of `{region}`")).help(format!("write `{region}`")).fix(span, region);
    }
    let at_place: Vec<&str> = cloud.regions_of_place(text).iter().map(|region| region.name).collect();
    if let Some((first, others)) = at_place.split_first() {
        let diagnostic = diagnostic.at(span, format!("did you mean {}?", or_list(at_place.iter().copied())));
        let near = Guess::synonym(first).uncertain();
        let description = cloud.region(first).map(|region| region.description).unwrap_or_default();
        let help = match others {
            [] => format!("write {}, which is {description}", near.names()),
            _ => format!("write {}", or_list(at_place.iter().copied())),
        };
        return diagnostic.help(help).suggest(span, *first);
    }
    match guess(text, cloud.regions().map(|region| region.name)) {
        Some(near) => diagnostic.meant(span, &near).help(format!("write {}", near.names())),
        None => diagnostic.at(span, "not a region").help("a region is a name such as `eu-west-1` or `us-east-1`"),
    }
}

pub(super) fn name_of_cloud(text: &str, span: Span) -> Result<(), Diagnostic> {
    if clouds::NAMES.contains(&text) {
        return Ok(());
    }
    let meant = clouds::of_other_name(text).map(Guess::synonym).or_else(|| guess(text, clouds::NAMES));
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_CLOUD, format!("unknown cloud `{}`", shown(text)));
    let help = format!("the clouds are {}", and_list(clouds::NAMES));
    Err(match meant {
        Some(meant) => diagnostic.meant(span, &meant).help(format!("write {}; {help}", meant.names())),
        None => diagnostic.at(span, "not a cloud").help(help),
    })
}

/// A zone's letter; a zone's whole name has it at its end.
pub(super) fn zone(cloud: &dyn Cloud, text: &str, span: Span) -> Result<(), Diagnostic> {
    let mut letters = text.chars();
    if let (Some('a'..='z'), None) = (letters.next(), letters.next()) {
        return Ok(());
    }
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_ZONE, format!("unknown zone `{}`", shown(text)));
    let name = text.strip_suffix(|letter: char| letter.is_ascii_lowercase()).filter(|region| cloud.region(region).is_some());
    Err(match (name, text.chars().last()) {
        (Some(_), Some(letter)) => diagnostic
            .at(span, "the region is the deployment's")
            .help(format!("write the zone's letter: `{letter}`"))
            .suggest(span, letter.to_string()),
        _ => diagnostic.at(span, "not a zone's letter").help("a zone is written as its letter, such as `a` for `eu-west-1a`"),
    })
}
