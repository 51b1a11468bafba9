//! What people call the environments on the way to production.

/// The words of each stage, in their order.
const STAGES: [&[&str]; 4] = [
    &["dev", "development", "develop", "devel", "sandbox"],
    &["test", "testing", "tst", "qa"],
    &["staging", "stage", "stg", "uat", "acceptance", "preprod", "pre-production"],
    &["production", "prod", "prd", "live"],
];

/// The position of production among the stages.
pub const PRODUCTION: usize = STAGES.len() - 1;

/// The position of the stage that is usually called by this name; nothing for other names.
pub fn stage(name: &str) -> Option<usize> {
    STAGES.iter().position(|words| words.contains(&name))
}
