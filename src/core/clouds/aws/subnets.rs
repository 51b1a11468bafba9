//! The subnet plan (output.md): a VPC is 32 equal slots; public subnets in slots 0 to 7, private 8 to 15, database 16 to 23, the rest
//! spare. Slot i of a band belongs to zone letter i, so that one more zone renumbers nothing.

use crate::modules::Band;
use ipnet::Ipv4Net;
use smol_str::{SmolStr, SmolStrBuilder, format_smolstr};
use std::net::Ipv4Addr;

/// How many bits longer than a VPC's prefix that of its subnets is: a VPC is cut into 32 equal slots.
pub(super) const SLOT_BITS: u8 = 5;

/// Subnets by the name of their zone, sorted.
pub(super) fn plan(vpc: Ipv4Net, region: &str, zones: &str, band: Band) -> Vec<(SmolStr, SmolStr)> {
    let name = |zone| {
        let mut name = SmolStrBuilder::new();
        name.push_str(region);
        name.push(zone);
        name.finish()
    };
    let mut subnets: Vec<(SmolStr, SmolStr)> = zones.chars().map(|zone| (name(zone), subnet(vpc, zone, band))).collect();
    subnets.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    subnets
}

fn subnet(vpc: Ipv4Net, zone: char, band: Band) -> SmolStr {
    let prefix = vpc.prefix_len() + SLOT_BITS;
    let index = u32::from(zone).saturating_sub(u32::from('a')) & 7;
    let slot = band as u32 + index;
    let size = 1_u32 << (32 - u32::from(prefix.min(31)));
    let address = Ipv4Addr::from(u32::from(vpc.network()) + slot * size);
    format_smolstr!("{address}/{prefix}")
}
