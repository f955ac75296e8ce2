//! Whether what a page sends a POST to is an action.

use crate::contract::Contract;
use crate::url::{Template, without_namespace};

/// Whether a route of a contract may be that of an action. What is created is answered with 201, and so are some actions, which the page is called
/// after then (`message: createReply`); otherwise it is not known which of both it is.
pub(super) fn may_be_action(contract: &Contract, route: &Template) -> bool {
    let Some(last) = route.segments().last() else { return false };
    let name = without_namespace(&last.text);
    let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.');
    let is_called = || contract.title.rsplit(':').next().is_some_and(|title| title.trim().eq_ignore_ascii_case(name));
    contract.request.method == "POST" && is_word && (contract.response.status != 201 || is_called())
}
