//! `metric-needs-agent`: memory is measured inside of the instance, and only an image with the CloudWatch agent does so.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        let Some(threshold) = context.valid(&compute.memory_threshold, "memory_threshold") else { continue };
        // Of an image of the customer's own nobody here knows what is in it.
        if compute.ami_id.is_some() || deployment.unread.contains(&("compute", "ami_id")) {
            continue;
        }
        let message = format!("`memory_threshold` is `{}`, and the platform's image may not measure memory", threshold.value);
        let subject = (deployment, "scaling", "memory_threshold");
        let label = "needs the CloudWatch agent in the image".to_owned();
        let diagnostic = context.of_value(&codes::METRIC_NEEDS_AGENT, message, subject, threshold, label);
        context.report(diagnostic.help(
            "write the `compute.ami_id` of an image that runs the agent, or install it in `compute.user_data_script`; or remove `memory_threshold`",
        ));
    }
}
