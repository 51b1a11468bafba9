//! Rules over the IR. temp
mod checked;
mod interfaces;
mod zones;
pub use checked::*;
pub use interfaces::Interfaces;
pub struct Context<'c> { pub customer: &'c crate::ir::Customer, pub platform: &'c crate::platform::Platform, pub registration: Option<&'c crate::platform::Registration>, pub facts: &'c crate::schema::Facts, pub interfaces: &'c Interfaces }
pub fn check(_context: &Context<'_>, _diagnostics: &mut crate::diagnostics::Diagnostics) {}

#[derive(Debug)] pub struct FleetFacts;
pub fn facts(_c:&Context<'_>, _s:&crate::source::SourceMap)->FleetFacts{FleetFacts}
pub fn check_fleet(_f:&[&FleetFacts], _p:&crate::platform::Platform)->Vec<(usize, crate::diagnostics::Report)>{Vec::new()}
