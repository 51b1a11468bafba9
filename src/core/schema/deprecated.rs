//! `deprecated-key`: a key that has another name now, and is still taken by its old one.

use super::Key;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Spanned;
use crate::syntax::Mapping;
use smol_str::SmolStr;

/// What is said of a key that is written by its old name, with the edit to the new one where that is not there as well.
pub(super) fn deprecated(key: &Key, written: &Spanned<SmolStr>, mapping: &Mapping) -> Option<Diagnostic> {
    let new = key.deprecated?;
    let diagnostic = Diagnostic::new(&codes::DEPRECATED_KEY, format!("`{}` is `{new}` now", key.name));
    Some(if mapping.get(new).is_some() {
        diagnostic.at(written.span, format!("`{new}` is there too")).help(format!("remove `{}`", key.name))
    } else {
        diagnostic.at(written.span, "the old name").help(format!("write `{new}`, which means the same")).fix(written.span, new)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::diagnostics::{Diagnostics, Report, Rules};
    use crate::schema::walk::check_keys;
    use crate::schema::{Default, Key, Poisoned, Shape, Type};
    use crate::source::{SourceFile, SourceMap};
    use crate::syntax;
    use std::sync::Arc;

    const KEYS: &[Key] = &[
        Key { name: "zones", shape: Shape::Scalar(COUNT), default: Default::None, since: "0.1.0", deprecated: Some("zone_count") },
        Key { name: "zone_count", shape: Shape::Scalar(COUNT), default: Default::None, since: "0.2.0", deprecated: None },
    ];
    const COUNT: Type = Type::Integer { min: 1, max: 8, unit: "zones" };

    /// What is said of a section with these keys.
    fn reports_of(text: &str) -> Vec<Report> {
        let source = Arc::new(SourceFile::new("variables.yml", text));
        let (mut diagnostics, mut poisoned) = (Diagnostics::new(), Poisoned::default());
        let root = syntax::parse(SourceMap::PLATFORM, text, &mut diagnostics).unwrap();
        check_keys("networking", KEYS, root.as_mapping().unwrap(), &mut diagnostics, &mut poisoned);
        diagnostics.finish(&SourceMap::new(source), &Rules::default(), None, &|_| None)
    }

    #[test]
    fn an_old_name_gets_an_advice_and_an_edit() {
        let reports = reports_of("zones: 2\n");
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert_eq!((report.code.name, report.severity.as_str(), report.certain), ("deprecated-key", "advice", true));
        let [edit] = report.edits.as_slice() else { panic!("{report:?}") };
        assert_eq!((edit.location.start, edit.location.end, edit.text.as_str()), (0, 5, "zone_count"));
        assert!(reports_of("zone_count: 2\n").is_empty());
    }

    #[test]
    fn both_names_are_one_too_many() {
        let reports = reports_of("zones: 2\nzone_count: 3\n");
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert!(report.edits.is_empty() && report.help.as_deref() == Some("remove `zones`"), "{report:?}");
    }

    #[test]
    fn the_value_of_an_old_name_is_judged_all_the_same() {
        let codes: Vec<&str> = reports_of("zones: 20\n").iter().map(|report| report.code.name).collect();
        assert!(codes.contains(&"out-of-range") && codes.contains(&"deprecated-key"), "{codes:?}");
    }
}
