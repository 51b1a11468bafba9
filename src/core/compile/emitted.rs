//! How much is emitted of one repository: a few large values in many deployments are small to read and huge to write.

use crate::assemble::{Assembler, CompileContext};
use crate::check::{CheckedCall, CheckedCustomer, CheckedDeployment};
use crate::diagnostics::{Diagnostic, codes};
use crate::emit;
use crate::schema::Typed;

/// The most bytes of all files of a repository's roots together (language.md, Limits). A thousand deployments take 8 MiB with little in
/// them, and 24 MiB when each has the longest start script.
const MAX_EMITTED: usize = 32 * 1024 * 1024;

/// What a root takes at most in addition to what the customer wrote.
const ROOT: usize = 16 * 1024;
/// The most bytes that one byte of a customer's text is written with: a control character becomes `\u0001`.
const ESCAPED: usize = 6;
/// What the call and the outputs of a named database take at most in addition to that; a former name takes less.
const NAMED_DATABASE: usize = 4 * 1024;
/// How often a root has the tags: in its provider, and in the call of the module that tags what it starts.
const TAG_COPIES: usize = 2;
/// The most bytes of a network in a list.
const CIDR: usize = 24;
/// The most bytes of an entry of an object without its key's name and its text: indentation, `=`, and a number.
const ENTRY: usize = 48;

/// `document-too-large` where the roots have more bytes than they may. Nearly always a bound says that they have not; else they are printed
/// one after the other and counted, as far as to the limit, and none is held.
pub(super) fn too_much(customer: &CheckedCustomer, surroundings: &CompileContext<'_>) -> Option<Diagnostic> {
    if customer.deployments.iter().map(bound).sum::<usize>() <= MAX_EMITTED {
        return None;
    }
    let mut bytes = 0;
    for root in Assembler::new(*surroundings).roots(customer) {
        emit::each_file(&root, |_, text| bytes += text.len());
        if bytes > MAX_EMITTED {
            let count = customer.deployments.len();
            let message =
                format!("the {count} root modules of `{}` have more than {} MiB together", customer.repository, MAX_EMITTED >> 20);
            let help = "make start scripts shorter, such as by fetching what is long, or tags fewer; or split the repository into several";
            let place = customer.deployments.first()?.place;
            return Some(Diagnostic::new(&codes::DOCUMENT_TOO_LARGE, message).at(place, "the first of the deployments").help(help));
        }
    }
    None
}

/// No fewer bytes than a root has.
fn bound(deployment: &CheckedDeployment) -> usize {
    let tags: usize = deployment.tags.iter().map(|(key, value)| key.len() + value.len() + CIDR).sum();
    let values = deployment.calls.iter().flat_map(CheckedCall::values).flatten();
    let named = deployment.calls.iter().map(|call| usize::from(call.entry.is_some()) + call.formerly.len()).sum::<usize>();
    ROOT + named * NAMED_DATABASE + TAG_COPIES * ESCAPED * tags + values.map(bound_of_value).sum::<usize>()
}

fn bound_of_value(value: &Typed) -> usize {
    match value {
        Typed::Text(text) => text.len() * ESCAPED,
        Typed::List(items) => items.iter().map(|item| CIDR + bound_of_value(item)).sum(),
        Typed::Object(entries) => entries.iter().map(|(key, value)| ENTRY + key.len() * ESCAPED + bound_of_value(value)).sum(),
        Typed::Boolean(_) | Typed::Integer(_) | Typed::Network(_) => 0,
    }
}
