//! What is said of a wish that came to nothing.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

/// How many keys a message names.
const NAMED: usize = 4;
/// How many places a message shows.
const LABELLED: usize = 3;

/// What became of a wish.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// No module has it.
    Untaken,
    /// The same, and a list of addresses for mail does it too.
    ByMail,
    /// The platform has no such module, or holds it back.
    LacksModule(&'static str),
    /// The platform's module has no such input.
    LacksInput(&'static str),
    /// What is made cannot be used: the platform's module of instances takes nothing of it.
    LacksRight(&'static str),
    /// The alarms of the platform's module notify nobody of it.
    Unheard(&'static str),
    /// It speaks of alarms, and there are none that it could hear of.
    WithoutAlarms,
    /// It speaks of instances, and there are none that it could reach.
    Unreached,
    /// It is about what a root has, and no root has any of it.
    NothingToActOn,
    /// It leaves a bucket out, which keeps no versions.
    Unversioned,
    /// It leaves out what the platform's module does not say that it makes.
    Untold(&'static str),
    /// It asks for copies, and without a platform file nobody knows where they go.
    NowhereToCopy,
}

/// The keys of a section, or the section itself, as messages name them.
fn in_words(section: &str, names: &[&str]) -> String {
    let mut words = String::with_capacity(64);
    for (index, key) in names.iter().take(NAMED).enumerate() {
        words.push_str(match index {
            0 => "`",
            last if last + 1 == names.len() => " and `",
            _ => ", `",
        });
        words.extend([section, ".", key, "`"]);
    }
    match names.len() {
        0 => format!("`{section}`"),
        1..=NAMED => words,
        all => format!("{words} and {} more of `{section}`", all - NAMED),
    }
}

pub(super) fn diagnostic(section: &'static str, names: &[&str], places: &[Span], fate: Fate) -> Diagnostic {
    let what = in_words(section, names);
    let diagnostic = |message: String, label: &'static str, help: &'static str| {
        let mut diagnostic = Diagnostic::new(&codes::SECTION_WITHOUT_MODULE, message).help(help).about(section);
        for (index, span) in places.iter().take(LABELLED).enumerate() {
            let more = places.len().saturating_sub(LABELLED);
            diagnostic = match (index, more) {
                (0, _) => diagnostic.at(*span, label),
                (last, 1..) if last + 1 == LABELLED => diagnostic.at(*span, format!("nor this, nor {more} more")),
                _ => diagnostic.at(*span, "nor this"),
            };
        }
        diagnostic
    };
    match fate {
        Fate::Untaken => diagnostic(
            format!("no shared module takes {what} yet"),
            "no module uses this",
            "the values are checked and kept; ask your service provider when a module will take them, or remove them",
        ),
        Fate::ByMail => diagnostic(
            format!("no shared module takes {what} yet"),
            "no module uses this",
            "the values are checked and kept; Slack gives a channel an e-mail address, and PagerDuty a service: write it into `email_list`, whose addresses hear of alarms",
        ),
        Fate::LacksModule(module) => diagnostic(
            format!("the platform has no module `{module}`, which {what} needs"),
            "no module uses this",
            "the values are checked and kept; ask your service provider to add the module, or remove what asks for it",
        ),
        Fate::LacksInput(module) => diagnostic(
            format!("the platform's module `{module}` does not take {what}"),
            "no module uses this",
            "ask your service provider to add the input to the module, or remove the value",
        ),
        Fate::LacksRight(module) => diagnostic(
            format!("the platform's module `{module}` gives instances no right to use what {what} makes"),
            "instances cannot use it",
            "ask your service provider to add the input to the module, or remove the value",
        ),
        Fate::Unheard(module) => diagnostic(
            format!("the alarms of the platform's module `{module}` do not reach {what}"),
            "nobody here hears of them",
            "ask your service provider to add the input `alarm_topic_arns` to the module, or remove the value",
        ),
        Fate::WithoutAlarms => diagnostic(
            format!("{what} is about alarms, and there are none that it could hear of"),
            "nobody here hears of anything",
            "write `monitoring: {enable_cloudwatch: true}`, which gives alarms to instances that have a load balancer or can become more, or `queue:`, `cache:` or `backup:`, which have some; or remove the section",
        ),
        Fate::Unreached => diagnostic(
            format!("{what} is about instances, and there are none that it could reach"),
            "no module uses this",
            "write `compute:` with an `instance_type:`, or remove the value",
        ),
        Fate::NothingToActOn => diagnostic(
            format!("{what} is about databases and a bucket, and there are none that it could reach"),
            "nothing is backed up",
            "write the section of a database, or `storage:`; or remove this one: instances, which are made from their image again, are not backed up",
        ),
        Fate::Unversioned => diagnostic(
            format!("{what} leaves out the bucket, which keeps no versions"),
            "the bucket is not backed up",
            "write `versioning_enabled: true` under `storage:`, without which the cloud makes no backup of a bucket",
        ),
        Fate::Untold(module) => diagnostic(
            format!("{what} leaves out what the platform's module `{module}` makes, since it does not say what that is"),
            "it is not backed up",
            "ask your service provider to add the output to the module, or remove the section",
        ),
        Fate::NowhereToCopy => diagnostic(
            format!("{what} asks for copies, and without a platform file nobody knows where they go"),
            "nothing is copied",
            "check with the file that your service provider exports, `terralet --platform <file> check`, which says so",
        ),
    }
}
