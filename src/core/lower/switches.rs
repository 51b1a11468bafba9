//! Switches say whether their section exists, whichever of the two the customer wrote: rules of the platform may ask for either.

use crate::ir::{Setting, Settings, Source};
use crate::schema::{SWITCHES, Typed};

/// Makes each switch say what its section is.
pub(super) fn switches(settings: &mut Settings) {
    for switch in SWITCHES {
        let written = settings.at(switch.index);
        let says = |value: bool| written.is_some_and(|setting| setting.value == Typed::Boolean(value));
        let setting = match (settings.section(switch.section), written) {
            (Some(section), _) if !says(true) => Setting { value: Typed::Boolean(true), span: section, source: Source::Written },
            (None, Some(setting)) if says(true) => Setting { value: Typed::Boolean(false), ..setting.clone() },
            _ => continue,
        };
        settings.insert_at(switch.index, setting);
    }
}
