//! `cidrhost`, `cidrnetmask` and `cidrsubnet`, for IPv4.

use super::functions::exactly;
use super::no_value::{NoValue, Outcome};
use super::value::TerraformValue;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// A network as Terraform reads it: bits behind the prefix may be set. IPv6, and numbers with leading zeros, are left to Terraform.
fn network(value: TerraformValue) -> Outcome<Ipv4Net> {
    let text = value.text()?;
    let has_leading_zero = text.split(['.', '/']).any(|part| part.len() > 1 && part.starts_with('0'));
    if text.contains(':') || has_leading_zero {
        return Err(NoValue::Undecided);
    }
    text.parse().map(|network: Ipv4Net| network.trunc()).or_else(|_| NoValue::error("an IPv4 network is needed, such as `10.0.0.0/16`"))
}

/// A whole number.
fn whole(value: TerraformValue) -> Outcome<i64> {
    value.number()?.as_whole().ok_or(NoValue::Error("a whole number is needed".to_owned()))
}

/// An address of a network by its number; those below zero count from the end.
pub(super) fn host(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let [prefix, number] = exactly(arguments)?;
    let (network, number) = (network(prefix)?, whole(number)?);
    let size = 1_i64 << (32 - network.prefix_len());
    let at = if number < 0 { size.checked_add(number) } else { Some(number) };
    let address = at.filter(|at| (0..size).contains(at)).and_then(|at| u32::try_from(i64::from(network.network().to_bits()) + at).ok());
    match address {
        Some(address) => Ok(TerraformValue::Text(Ipv4Addr::from_bits(address).to_string())),
        None => NoValue::error("the network has no address of this number"),
    }
}

/// The mask of a network.
pub(super) fn netmask(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let [prefix] = exactly(arguments)?;
    Ok(TerraformValue::Text(network(prefix)?.netmask().to_string()))
}

/// A part of a network by its number.
pub(super) fn subnet(arguments: Vec<TerraformValue>) -> Outcome<TerraformValue> {
    let [prefix, bits, number] = exactly(arguments)?;
    let (network, bits, number) = (network(prefix)?, whole(bits)?, whole(number)?);
    if number < 0 || bits < 0 {
        return Err(NoValue::Undecided);
    }
    let length = i64::from(network.prefix_len()).checked_add(bits).filter(|length| *length <= 32);
    let Some(length) = length.and_then(|length| u8::try_from(length).ok()) else {
        return NoValue::error("the network has not as many bits left");
    };
    if number >= 1_i64 << bits {
        return NoValue::error("the network has no part of this number");
    }
    let first = i64::from(network.network().to_bits()) + (number << (32 - length));
    let part = u32::try_from(first).ok().and_then(|first| Ipv4Net::new(Ipv4Addr::from_bits(first), length).ok());
    part.map(|part| TerraformValue::Text(part.to_string())).ok_or(NoValue::Undecided)
}
