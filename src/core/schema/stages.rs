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

/// The usual name that a name is one slip away from: a letter too many, too few or another one, or two that changed places. Short words have
/// too many others near them.
pub fn near_stage(name: &str) -> Option<&'static str> {
    const SHORTEST: usize = 6;
    let words = STAGES.iter().flat_map(|words| words.iter().copied()).filter(|word| word.len() >= SHORTEST);
    // `pre-prod` and `preproduction` are spellings, and no slips.
    let letters = |text: &str| text.replace('-', "");
    words.filter(|_| stage(name).is_none()).find(|word| strsim::osa_distance(name, word) == 1 && letters(name) != letters(word))
}
