//! The subnet plan (output.md): a VPC is 32 equal slots; public subnets in slots 0 to 7, private 8 to 15, database 16 to 23, the rest
//! spare. Slot i of a band belongs to zone letter i, so that one more zone renumbers nothing.

use crate::schema::SLOT_BITS;
use crate::terraform::Expression;
use ipnet::Ipv4Net;
use smol_str::{SmolStr, SmolStrBuilder};

/// A band of slots.
#[derive(Clone, Copy)]
pub(super) enum Band {
    Public = 0,
    Private = 8,
    Database = 16,
}

/// A map from zone name to subnet.
pub(super) fn plan(vpc: Ipv4Net, region: &str, zones: &str, band: Band) -> Expression {
    let name = |zone| {
        let mut name = SmolStrBuilder::new();
        name.push_str(region);
        name.push(zone);
        name.finish()
    };
    let mut entries: Vec<(SmolStr, Expression)> =
        zones.chars().map(|zone| (name(zone), Expression::Text(subnet(vpc, zone, band)))).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Expression::Object(entries)
}

fn subnet(vpc: Ipv4Net, zone: char, band: Band) -> SmolStr {
    let prefix = vpc.prefix_len() + SLOT_BITS;
    let index = u32::from(zone).saturating_sub(u32::from('a')) & 7;
    let slot = band as u32 + index;
    let size = 1_u32 << (32 - u32::from(prefix.min(31)));
    let address = u32::from(vpc.network()) + slot * size;
    // A network has three for each zone, and to format one takes several times as long as this.
    let mut text = String::with_capacity(18);
    let [first, rest @ ..] = address.to_be_bytes();
    push_number(&mut text, first);
    for octet in rest {
        text.push('.');
        push_number(&mut text, octet);
    }
    text.push('/');
    push_number(&mut text, prefix);
    SmolStr::new(text)
}

fn push_number(out: &mut String, number: u8) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + number % 10));
}
