//! IPv4 networks.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Smallest and largest prefix of a VPC. AWS takes /16 to /28; below /22 the 32 slots of the subnet plan are too small (output.md).
const VPC_PREFIXES: std::ops::RangeInclusive<u8> = 16..=22;

/// The private ranges: RFC 1918, and the shared address space of RFC 6598.
const PRIVATE: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
];

/// Reads any network; host bits are an error whose edit is the network's address.
pub(super) fn cidr(text: &str, span: Span) -> Result<Ipv4Net, Diagnostic> {
    let invalid = |label: &str, help: &str| {
        Err(Diagnostic::new(&codes::INVALID_CIDR, format!("`{text}` is no IPv4 network")).at(span, label).help(help.to_owned()))
    };
    // Some programs read `010` as ten and others as eight, which is how networks come to be open to the wrong addresses.
    let has_leading_zero = |number: &str| number.len() > 1 && number.starts_with('0');
    if text.split(['.', '/']).any(has_leading_zero) {
        return invalid("a number with a leading zero", "write the numbers without leading zeros");
    }
    let Ok(network) = text.parse::<Ipv4Net>() else {
        if text.parse::<Ipv4Addr>().is_ok() {
            return invalid(
                "an address without a prefix length",
                &format!("write `{text}/32` for this one address, or the network that holds it"),
            );
        }
        if text.contains(':') {
            return invalid("an IPv6 network", "only IPv4 networks are taken, such as `10.20.0.0/16`");
        }
        return invalid("expected four numbers of 0 to 255 and a prefix length", "write a network such as `10.20.0.0/16`");
    };
    if network.trunc() != network {
        let right = network.trunc().to_string();
        return Err(Diagnostic::new(&codes::CIDR_HOST_BITS, format!("`{text}` is an address inside a network, and not the network"))
            .at(span, format!("the network is `{right}`"))
            .help(format!("write `{right}`"))
            .fix(span, right));
    }
    Ok(network)
}

/// Reads the network of a VPC: private, /16 to /22.
pub(super) fn vpc_cidr(text: &str, span: Span) -> Result<Ipv4Net, Diagnostic> {
    let network = cidr(text, span)?;
    let prefix = network.prefix_len();
    if !PRIVATE.iter().any(|(address, length)| Ipv4Net::new(*address, *length).is_ok_and(|range| range.contains(&network))) {
        return Err(Diagnostic::new(&codes::CIDR_NOT_PRIVATE, format!("`{text}` is not a private network"))
            .at(span, "outside the private ranges")
            .help("take a network inside `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` or `100.64.0.0/10`, such as `10.20.0.0/16`"));
    }
    if !VPC_PREFIXES.contains(&prefix) {
        let is_large = prefix < *VPC_PREFIXES.start();
        let (size, nearest) = if is_large { ("too large", VPC_PREFIXES.start()) } else { ("too small", VPC_PREFIXES.end()) };
        let near = Ipv4Net::new(network.addr(), *nearest).map_or(network, |near| near.trunc());
        let others = if is_large { "smaller" } else { "larger" };
        return Err(Diagnostic::new(&codes::CIDR_SIZE, format!("`{text}` is {size} for a network"))
            .at(span, format!("a prefix of /{prefix}"))
            .help(format!("write `{near}` or a {others} one: a network has a prefix of /16 (65,536 addresses) to /22 (1,024 addresses)")));
    }
    Ok(network)
}
