//! A fleet that is too large to be held until it is written: what is prepared early takes its place as anything else does, and nothing is
//! left of what a rule across customers keeps back.

use crate::harness::{Sandbox, expect, read_tree};
use crate::workload::Workload;
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::fs;

/// The output of so many is well above what a run holds (src/cli/plan.rs).
const CUSTOMERS: usize = 1_300;

#[test]
fn a_large_fleet_is_written_as_a_small_one_is() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.path().join("fleet");
    let fleet = Workload { seed: 7, customers: CUSTOMERS, registered: 5 };
    fleet.write(&workspace).unwrap();
    // The last two claim one id: their changes are prepared when that is found.
    let [first, second] = [CUSTOMERS - 2, CUSTOMERS - 1].map(|index| fleet.repository(index));
    let claim = workspace.join("customers").join(&second).join("infra/variables.yml");
    let honest = fs::read_to_string(&claim).unwrap();
    let own = format!("customer_id: customer-{:06}", CUSTOMERS - 1);
    fs::write(&claim, honest.replace(&own, &format!("customer_id: customer-{:06}", CUSTOMERS - 2))).unwrap();
    let said = expect(&workspace, &["compile", "--output", "one", "--jobs", "1"], 1);
    assert!(said.contains("customer-id-conflict"), "{said}");
    let tree = read_tree(&workspace.join("one"));
    assert!(tree.values().map(String::len).sum::<usize>() > 18 << 20, "the fleet is too small to show anything");
    assert!(!tree.keys().any(|name| name.contains(".terralet-")), "something prepared was left");
    for kept in [&first, &second] {
        assert!(!workspace.join("one").join(kept).exists(), "`{kept}` was written");
    }
    // The same bytes on more threads, and from shards, which hold less each.
    expect(&workspace, &["compile", "--output", "two", "--jobs", "3"], 1);
    assert_eq!(read_tree(&workspace.join("two")), tree);
    fs::write(&claim, honest).unwrap();
    expect(&workspace, &["compile", "--output", "two"], 0);
    let mut sharded = BTreeMap::new();
    for shard in ["1/2", "2/2"] {
        expect(&workspace, &["compile", "--output", "shard", "--shard", shard], 0);
        sharded.extend(read_tree(&workspace.join("shard")));
    }
    assert_eq!(sharded, read_tree(&workspace.join("two")));
    expect(&workspace, &["compile", "--output", "shard", "--check"], 0);
}
