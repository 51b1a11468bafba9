//! The eight layers of language.md section 2 against an independent model of RFC 7396: every value, its layer and place, what it overrode,
//! which sections exist, and what reaches the typed IR.

use crate::common::layer_agreement::agrees_with_the_model;
use crate::common::tape;
use proptest::test_runner::TestRunner;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// TERRALET_LAYER_CASES says how many repositories are generated, TERRALET_LAYER_SEED which.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[test]
fn layers_merge_as_the_model_says() {
    let mut won = BTreeMap::new();
    let counted = RefCell::new(&mut won);
    let (cases, seed) = (setting("TERRALET_LAYER_CASES", 300), setting("TERRALET_LAYER_SEED", 2));
    TestRunner::new(tape::config(u32::try_from(cases).unwrap(), seed))
        .run(&tape::numbers(1600), |numbers| agrees_with_the_model(numbers, &mut counted.borrow_mut()))
        .unwrap();
    let kinds = ["defaults of tier", "base", "base, environment", "region overlay", "region overlay, environment", "service overlay"];
    let kinds = kinds.into_iter().chain(["service overlay, environment", "service overlay, region", "region overlay, service"]);
    for kind in kinds.chain(["changed list", "named database"]) {
        assert!(won.get(kind).copied().unwrap_or(0) > 100, "`{kind}` has to win often for this test to mean something: {won:?}");
    }
}
