//! `open-to-the-world`: everybody may come, and nothing is encrypted on the way.

use crate::check::context::RuleContext;
use crate::diagnostics::codes;
use crate::ir::{Deployment, Setting};
use crate::source::SourceMap;
use ipnet::Ipv4Net;

pub(super) fn run(context: &mut RuleContext<'_, '_>) {
    for scope in context.scopes().iter() {
        let deployment = scope.deployment;
        let Some(compute) = &deployment.compute else { continue };
        if context.valid(&compute.load_balancer, "load_balancer").is_none_or(|balancer| balancer.value != "public" && decides(context)) {
            continue;
        }
        let Some(blocks) = context.valid(&compute.allowed_cidr_blocks, "allowed_cidr_blocks") else { continue };
        let certificate = compute.ssl_certificate_arn.is_some() || deployment.unread.contains(&("security", "ssl_certificate_arn"));
        if certificate || !is_everybody(&blocks.value) {
            continue;
        }
        let widest = widest(deployment, blocks);
        let message = format!("{} is open to every address, without a certificate", deployment.name());
        let subject = (deployment, "security", "allowed_cidr_blocks");
        let label = "everybody, over plain HTTP".to_owned();
        let diagnostic = context.of_value(&codes::OPEN_TO_THE_WORLD, message, subject, &widest, label);
        context.report(diagnostic.help(
            "write the `security.ssl_certificate_arn` of a certificate, so that the load balancer serves HTTPS; or list only the networks of those who need it",
        ));
    }
}

/// True where the platform's module takes what the customer says of the load balancer; one that does not makes a public one.
pub(super) fn decides(context: &RuleContext<'_, '_>) -> bool {
    let taken = context.cloud().facts().taken_by(("compute", "load_balancer"));
    taken.is_some_and(|(module, input)| context.input.interfaces.takes(module, input.name))
}

/// True when networks hold every address; `0.0.0.0/1` and `128.0.0.0/1` together do too.
fn is_everybody(networks: &[Ipv4Net]) -> bool {
    let addresses: u64 = networks.iter().map(|network| 1_u64 << (32 - network.prefix_len())).sum();
    addresses >= 1 << 32 && Ipv4Net::aggregate(&networks.to_vec()).iter().any(|network| network.prefix_len() == 0)
}

/// The widest network of the list, at its own place where that is known.
fn widest(deployment: &Deployment, blocks: &Setting<Vec<Ipv4Net>>) -> Setting<()> {
    let items = deployment.items.get(&("security", "allowed_cidr_blocks"));
    let widest = blocks.value.iter().enumerate().min_by_key(|(_, network)| network.prefix_len()).map(|(index, _)| index);
    let span = items.zip(widest).and_then(|(items, index)| items.get(index)).copied();
    let span = span.filter(|span| span.file != SourceMap::PLATFORM).unwrap_or(blocks.span);
    Setting { value: (), span, source: blocks.source }
}
