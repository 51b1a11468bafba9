//! IPv4 networks.

use crate::clouds::{Cloud, CloudFacts};
use crate::diagnostics::{Diagnostic, and_list, codes};
use crate::source::Span;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// The private ranges: RFC 1918, and the shared address space of RFC 6598.
const PRIVATE: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
];

/// How many networks of a range a message names.
const MOST_NETWORKS: usize = 4;

/// A range of addresses: `10.0.0.0-10.0.0.255`, `10.0.0.0 - 10.0.0.255`, `10.0.0.0-255`.
fn range(text: &str) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let (first, last) = text.split_once('-')?;
    let first: Ipv4Addr = first.trim().parse().ok()?;
    let last = match last.trim().parse::<Ipv4Addr>() {
        Ok(last) => last,
        Err(_) => {
            let [a, b, c, _] = first.octets();
            Ipv4Addr::new(a, b, c, last.trim().parse().ok()?)
        }
    };
    (first <= last).then_some((first, last))
}

/// Reads any network; host bits are an error whose edit is the network's address.
pub(super) fn cidr(text: &str, span: Span) -> Result<Ipv4Net, Diagnostic> {
    let invalid = |label: &'static str, help: &str| {
        Err(Diagnostic::new(&codes::INVALID_CIDR, format!("`{text}` is not a valid IPv4 network")).at(span, label).help(help.to_owned()))
    };
    // Some programs read `010` as ten and others as eight, which is how networks come to be open to the wrong addresses.
    let has_leading_zero = |number: &str| number.len() > 1 && number.starts_with('0');
    if text.split(['.', '/']).any(has_leading_zero) {
        return invalid("a number with a leading zero", "write the numbers without leading zeros");
    }
    let Ok(network) = text.parse::<Ipv4Net>() else {
        if text.parse::<Ipv4Addr>().is_ok() {
            return Err(without_prefix(text, span)
                .help(format!("write `{text}/32` for this one address, or the network that holds it"))
                .suggest(span, format!("{text}/32")));
        }
        if text.contains(':') {
            return invalid("an IPv6 network", "only IPv4 networks are taken, such as `10.20.0.0/16`");
        }
        if let Some((first, last)) = range(text) {
            let networks: Vec<String> =
                ipnet::Ipv4Subnets::new(first, last, 0).take(MOST_NETWORKS + 1).map(|network| network.to_string()).collect();
            let diagnostic =
                Diagnostic::new(&codes::INVALID_CIDR, format!("`{text}` is not a valid IPv4 network")).at(span, "a range of addresses");
            return Err(match networks.as_slice() {
                [only] => diagnostic.help(format!("write `{only}`")).suggest(span, only.clone()),
                _ if networks.len() > MOST_NETWORKS => diagnostic.help("write the network that holds the range"),
                _ => diagnostic.help(format!(
                    "write the networks of the range, each as an item of its own: {}",
                    and_list(networks.iter().map(String::as_str))
                )),
            });
        }
        return invalid("expected four numbers of 0 to 255 and a prefix length", "write a network such as `10.20.0.0/16`");
    };
    if network.trunc() != network {
        return Err(host_bits(text, network.trunc(), span, Ok(())));
    }
    Ok(network)
}

/// `invalid-cidr` for an address that stands for a network.
fn without_prefix(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::INVALID_CIDR, format!("`{text}` is not a valid IPv4 network")).at(span, "an address without a prefix length")
}

/// The network of a VPC that an address without a prefix length may have meant.
fn with_prefix(cloud: &dyn Cloud, address: Ipv4Addr, text: &str, span: Span) -> Diagnostic {
    let CloudFacts { network_prefixes, network_sizes, .. } = cloud.facts();
    let diagnostic = without_prefix(text, span);
    let prefix =
        network_prefixes.clone().find_map(|prefix| Ipv4Net::new(address, prefix).ok().filter(|network| network.trunc() == *network));
    match prefix.filter(|network| for_vpc(cloud, *network, text, span).is_ok()) {
        Some(network) => {
            diagnostic.help(format!("write `{network}`, or with another prefix of {network_sizes}")).suggest(span, network.to_string())
        }
        None => diagnostic.help("write a network such as `10.20.0.0/16`"),
    }
}

/// `cidr-host-bits`. Where the network is refused alone, writing it would only change the mistake: that is reported with it.
fn host_bits(text: &str, network: Ipv4Net, span: Span, judged: Result<(), Diagnostic>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&codes::CIDR_HOST_BITS, format!("`{text}` is an address inside a network, and not the network"))
        .at(span, format!("the network is `{network}`"));
    match judged {
        Ok(()) => diagnostic.help(format!("write `{network}`")).fix(span, network.to_string()),
        Err(next) => {
            let way_out = next.help.as_deref().map(|help| format!(": {help}")).unwrap_or_default();
            diagnostic.help(format!("{}{way_out}", next.message))
        }
    }
}

/// Reads the network of a deployment: private, and of a size that the cloud and its subnet plan take.
pub(super) fn vpc_cidr(cloud: &dyn Cloud, text: &str, span: Span) -> Result<Ipv4Net, Diagnostic> {
    let network = match cidr(text, span) {
        Ok(network) => network,
        Err(diagnostic) => {
            if let Ok(address) = text.parse::<Ipv4Addr>() {
                return Err(with_prefix(cloud, address, text, span));
            }
            let Some(network) = text.parse::<Ipv4Net>().ok().filter(|written| written.trunc() != *written) else { return Err(diagnostic) };
            let network = network.trunc();
            return Err(host_bits(text, network, span, for_vpc(cloud, network, &network.to_string(), span)));
        }
    };
    for_vpc(cloud, network, text, span).map(|()| network)
}

/// Judges a network that has no host bits.
fn for_vpc(cloud: &dyn Cloud, network: Ipv4Net, text: &str, span: Span) -> Result<(), Diagnostic> {
    let CloudFacts { network_prefixes, network_sizes, .. } = cloud.facts();
    let prefix = network.prefix_len();
    if !PRIVATE.iter().any(|(address, length)| Ipv4Net::new(*address, *length).is_ok_and(|range| range.contains(&network))) {
        let diagnostic =
            Diagnostic::new(&codes::CIDR_NOT_PRIVATE, format!("`{text}` is not a private network")).at(span, "outside the private ranges");
        // The same network behind another first number: two that differ stay two.
        let [_, second, third, _] = network.addr().octets();
        let private = Ipv4Net::new(Ipv4Addr::new(10, second, third, 0), prefix).map(|private| private.trunc());
        let example = private.ok().filter(|private| network_prefixes.contains(&prefix) && private.prefix_len() == prefix);
        let shown = example.map_or_else(|| "10.20.0.0/16".to_owned(), |example| example.to_string());
        let diagnostic = diagnostic
            .help(format!("take a network inside `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` or `100.64.0.0/10`, such as `{shown}`"));
        return Err(if example.is_some() { diagnostic.suggest(span, shown) } else { diagnostic });
    }
    if !network_prefixes.contains(&prefix) {
        let is_large = prefix < *network_prefixes.start();
        let (size, nearest) = if is_large { ("too large", network_prefixes.start()) } else { ("too small", network_prefixes.end()) };
        let near = Ipv4Net::new(network.addr(), *nearest).map_or(network, |near| near.trunc());
        let others = if is_large { "smaller" } else { "larger" };
        return Err(Diagnostic::new(&codes::CIDR_SIZE, format!("`{text}` is {size} for a network"))
            .at(span, format!("a prefix of /{prefix}"))
            .help(format!("write `{near}` or a {others} one: a network has a prefix of {network_sizes}"))
            .suggest(span, near.to_string()));
    }
    Ok(())
}
