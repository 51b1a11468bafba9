//! temp
use crate::platform::{Platform, Registration};
pub struct Zones { pub letters: String, pub given: bool, pub verified: bool }
pub fn zones(platform: &Platform, registration: Option<&Registration>, region: &str) -> Zones {
    if let Some(z) = registration.and_then(|r| r.zones.get(region)) { return Zones{letters:z.value.clone(),given:true,verified:true}; }
    if let Some(z) = platform.aws.zones.get(region) { return Zones{letters:z.value.clone(),given:true,verified:true}; }
    match crate::catalog::region(region).and_then(|r| r.usable_zones()) { Some(z)=>Zones{letters:z.to_owned(),given:false,verified:true}, None=>Zones{letters:"abc".into(),given:false,verified:false} }
}
pub fn private_zones(zones: &Zones, count: i64) -> &str { zones.letters.get(..(count.max(0) as usize).min(zones.letters.len())).unwrap_or("") }
