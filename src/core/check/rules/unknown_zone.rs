//! `unknown-zone`: zones that the customer names and the region does not have; and a list of them that is empty or has one twice.

use crate::check::context::RuleContext;
use crate::check::zones::{is_within, named, zones};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(network) = &deployment.network else { continue };
        let Some(written) = context.valid(&network.zones, "zones") else { continue };
        let poisoned = [(written.span, "zones"), (written.span, "availability_zones")];
        let places = deployment.items.get(&("networking", "zones")).map(Vec::as_slice).unwrap_or_default();
        let place = |at: usize| places.get(at).copied().unwrap_or(written.span);
        if written.value.is_empty() {
            let diagnostic = Diagnostic::new(&codes::OUT_OF_RANGE, "`zones` is empty").at(written.span, "expected at least one zone");
            context.report_and_poison(diagnostic.help("write the letter of a zone, or remove `zones`"), &poisoned);
            continue;
        }
        let letters: Vec<char> = written.value.chars().collect();
        let twice = letters.iter().enumerate().find_map(|(at, letter)| {
            let first = letters.iter().position(|other| other == letter)?;
            (first < at).then_some((*letter, first, at))
        });
        if let Some((letter, first, again)) = twice {
            let diagnostic = Diagnostic::new(&codes::DUPLICATE_KEY, format!("two items of `zones` are `{letter}`"));
            let diagnostic = diagnostic.at(place(again), "again here").at(place(first), "first here").help("write each zone once");
            context.report_and_poison(diagnostic, &poisoned);
            continue;
        }
        let (environment, region) = (&deployment.environment.value, &deployment.region);
        let known = zones(context.cloud(), context.platform(), context.input.registration, environment, &region.value);
        if is_within(&written.value, &known) || !context.has_valid_region(deployment) {
            continue;
        }
        let unknown = letters.iter().enumerate().find(|(_, letter)| !known.letters.contains(**letter));
        let (letter, span): (char, Span) = unknown.map_or(('a', written.span), |(at, letter)| (*letter, place(at)));
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_ZONE, format!("unknown zone `{letter}` in `{}`", region.value))
            .at(span, format!("used for {}", deployment.name()))
            .help(format!("the zones here are {}", named(known.letters.chars())));
        context.report_and_poison(diagnostic, &poisoned);
    }
}
