//! `unknown-instance-class`: the dated table of RDS classes does not have it. A warning, since AWS adds classes.

use crate::check::pass::{Pass, is_verbatim};
use crate::clouds::aws::{self as catalog, rds};
use crate::diagnostics::{codes, or_list};
use crate::platform::Platform;

/// How many candidates a help names.
const NAMED: usize = 3;

/// True for classes of the catalogue and of the platform's patterns.
pub(super) fn is_known(platform: &Platform, name: &str) -> bool {
    rds::is_known_class(name) || platform.aws.instance_types.iter().any(|pattern| pattern.matches(name))
}

pub(super) fn run(pass: &mut Pass<'_, '_>) {
    for site in pass.sites().iter() {
        let deployment = site.deployment;
        let Some(database) = &deployment.database else { continue };
        let Some(setting) = pass.sound(&database.instance_class, "instance_class") else { continue };
        if is_known(pass.platform(), &setting.value) {
            continue;
        }
        let candidates = rds::nearest_classes(&setting.value, NAMED);
        let label = candidates.first().map_or_else(|| "not in the table".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("the table of {} has no RDS class `{}`", catalog::AS_OF, setting.value);
        let subject = (deployment, "database", "instance_class");
        let diagnostic = pass.of_value(&codes::UNKNOWN_INSTANCE_CLASS, message, subject, setting, label);
        let diagnostic = match candidates.first() {
            Some(near) => {
                let help = format!("write {}, or leave it where AWS has it by now", or_list(candidates.iter().copied()));
                let diagnostic = diagnostic.help(help);
                if is_verbatim(setting) { diagnostic.suggest(setting.span, *near) } else { diagnostic }
            }
            None => diagnostic.help("a class is `db.`, a family and a size, such as `db.t4g.medium`"),
        };
        pass.blame(diagnostic, &[(setting.span, "instance_class")]);
    }
}
