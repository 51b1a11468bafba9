//! Platforms from the text of a `terralet.yml`.

use std::sync::Arc;
use terralet_core::diagnostics::{Diagnostics, Severity};
use terralet_core::platform::{self, Date, Platform};
use terralet_core::source::SourceFile;

/// The platform of a `terralet.yml`, which has to be free of errors, on a day that no test depends on.
pub(crate) fn platform(text: &str) -> Platform {
    let mut diagnostics = Diagnostics::new();
    let platform = platform::read(Arc::new(SourceFile::new("terralet.yml", text)), Date::after_1970(0), &mut diagnostics);
    let errors: Vec<&str> =
        diagnostics.iter().filter(|found| found.code.severity == Severity::Error).map(|found| &*found.message).collect();
    assert!(errors.is_empty(), "{errors:?} in\n{text}");
    platform
}
