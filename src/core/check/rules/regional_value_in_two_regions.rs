//! `regional-value-in-two-regions`: an image has its id in one region only.

use crate::check::context::{RuleContext, place};
use crate::diagnostics::{and_list, codes};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    let scopes = context.scopes();
    let mut uses: BTreeMap<&SmolStr, Vec<usize>> = BTreeMap::new();
    for (index, scope) in scopes.iter().enumerate() {
        let image = scope.deployment.compute.as_ref().and_then(|compute| context.valid(&compute.ami_id, "ami_id"));
        if let Some(image) = image.filter(|_| context.has_valid_region(scope.deployment)) {
            uses.entry(&image.value).or_default().push(index);
        }
    }
    for (image, indices) in uses {
        let used = || {
            let of = |index: &usize| {
                let deployment = scopes.get(*index)?.deployment;
                let setting = deployment.compute.as_ref()?.ami_id.as_ref()?;
                Some((deployment, setting))
            };
            indices.iter().filter_map(of)
        };
        let mut regions: Vec<&str> = Vec::new();
        for (deployment, _) in used() {
            if !regions.contains(&deployment.region.value.as_str()) {
                regions.push(&deployment.region.value);
            }
        }
        let Some((first, first_setting)) = used().next() else { continue };
        let Some((later, setting)) = used().find(|(deployment, _)| deployment.region.value != first.region.value) else { continue };
        let message = format!("the image `{image}` is used in {} regions, and an image is in one", regions.len());
        let subject = (later, "compute", "ami_id");
        let label = format!("used in {}", and_list(regions.iter().copied()));
        let mut diagnostic = context.of_value(&codes::REGIONAL_VALUE_IN_TWO_REGIONS, message, subject, setting, label);
        if first_setting.span != setting.span {
            diagnostic = diagnostic.at(place(first, "compute", first_setting), format!("in `{}` too", first.region.value));
        }
        let diagnostic = diagnostic.help(
            "copy the image to each region, and write each copy's id as `compute.ami_id` of its region: in a region overlay, or in a service's `regions`",
        );
        let poisoned: Vec<_> = used().map(|(_, setting)| (setting.span, "ami_id")).collect();
        context.report_and_poison(diagnostic, &poisoned);
    }
}
