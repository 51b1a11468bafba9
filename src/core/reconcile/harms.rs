//! The words for what the cloud replaces, destroys or refuses.

use crate::diagnostics::{Code, and_list, codes};
use crate::modules::When;
use crate::terraform::RootIdentity;
use crate::tree::{Harm, HarmKind};

/// What is reported of a harm.
pub struct HarmWords {
    /// The code.
    pub code: &'static Code,
    /// What happens.
    pub message: String,
    /// Of the place on disk.
    pub was: String,
    /// The way out.
    pub help: &'static str,
}

/// The words for a harm to a deployment.
pub fn harm_words(harm: &Harm, identity: &RootIdentity) -> HarmWords {
    let of = match &harm.entry {
        Some(entry) => format!("the database `{entry}` of {identity}"),
        None => identity.to_string(),
    };
    match &harm.kind {
        HarmKind::CallGone(_) if harm.entry.is_some() => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: format!("{of} is gone: everything that it has is destroyed"),
            was: "it was called here".to_owned(),
            help: "write its entry in `databases` again to keep it; where it has another name now, write `formerly:` with the old one there; what it holds has to be saved before the plan is applied",
        },
        HarmKind::CallGone(module) => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: format!("`{module}` of {identity} is gone: everything that it made is destroyed"),
            was: "it was called here".to_owned(),
            help: "to keep it, write its section again, or what switches it on; what it holds has to be saved before the plan is applied",
        },
        HarmKind::Changed { argument, old, new } => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: match old {
                Some(old) => format!("`{}` of {of} changes from `{old}` to `{new}`: {}", argument.name, argument.on_change.effect),
                None => format!("`{}` of {of}, which was not set, becomes `{new}`: {}", argument.name, argument.on_change.effect),
            },
            was: match old {
                Some(old) => format!("it is `{old}`"),
                None => "it is not set here".to_owned(),
            },
            help: argument.on_change.help,
        },
        HarmKind::AccountChanged { old, new } => HarmWords {
            code: &codes::DESTRUCTIVE_CHANGE,
            message: match new {
                Some(new) => format!(
                    "the account of {identity} changes from `{old}` to `{new}`: everything is built a second time there, and what is in `{old}` is forgotten"
                ),
                None => format!(
                    "{identity} is no longer held to the account `{old}`: the plan is applied in whichever account the credentials belong to"
                ),
            },
            was: format!("it is in `{old}`"),
            help: "the service provider reverts the change of the registry; to move to another account, deploy there as another environment, carry the data over, and remove this one",
        },
        HarmKind::EntriesGone { argument, gone } => HarmWords {
            code: match argument.on_change.when {
                When::EntriesRemoved => &codes::LIST_ENTRY_REMOVED,
                _ => &codes::DESTRUCTIVE_CHANGE,
            },
            message: format!(
                "{} {} of `{}` of {of}: {}",
                some_of(gone),
                if gone.len() == 1 { "goes out" } else { "go out" },
                argument.name,
                argument.on_change.effect
            ),
            was: "as it is".to_owned(),
            help: argument.on_change.help,
        },
    }
}

/// The first of several entries, as a list of words.
fn some_of(entries: &[String]) -> String {
    const MOST_NAMED: usize = 5;
    let named = and_list(entries.iter().take(MOST_NAMED).map(String::as_str));
    match entries.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}

/// True where the instances of a root without a service go.
pub(super) fn moves_instances(kind: &HarmKind) -> bool {
    matches!(kind, HarmKind::CallGone("customer-compute"))
}

/// What is said where a customer without services gets some: from then on each service has instances, and what they share has none.
pub(super) fn to_services(service: &str, identity: &RootIdentity) -> HarmWords {
    HarmWords {
        code: &codes::DESTRUCTIVE_CHANGE,
        message: format!("with the service `{service}` the instances of {identity} move to services: all that are there are destroyed"),
        was: "they are here".to_owned(),
        help: "as soon as there is one service, every instance belongs to one, with a load balancer, a name and an address of its own; to keep what is there, remove the service",
    }
}
