//! Documented requests other than they were reviewed.

use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Member, Path};

/// Copies of the contract whose request differs in one thing, and where that has to be reported when a snapshot of the copy is
/// compared with a response to the original.
pub(super) fn reviewed(contract: &Contract) -> Vec<(At, Contract)> {
    let mut found = Vec::new();
    let mut add = |part: RequestPart, edit: &dyn Fn(&mut Contract)| {
        let mut other = contract.clone();
        edit(&mut other);
        found.push((At::Request(part), other));
    };
    add(RequestPart::Line, &|contract| contract.request.url.push_str("Reviewed"));
    add(RequestPart::Routes, &|contract| contract.routes[0].path.push_str("Reviewed"));
    for (index, header) in contract.request.headers.iter().enumerate() {
        let name = header.name.to_ascii_lowercase();
        let is_once =
            contract.request.headers.iter().filter(|other| other.name.eq_ignore_ascii_case(&name)).count() == 1;
        if is_once && name != "content-length" {
            let part = || RequestPart::Header(name.clone());
            add(part(), &|contract| contract.request.headers[index].value = "reviewed/otherwise".to_owned());
            add(part(), &|contract| drop(contract.request.headers.remove(index)));
        }
    }
    if let Some(Body::Json(Json::Object(members))) = &contract.request.body {
        for (index, member) in members.iter().enumerate() {
            let part = || RequestPart::Path(Path::root().member(&member.name));
            let edit = |contract: &mut Contract, edit: &dyn Fn(&mut Vec<Member>)| {
                if let Some(Body::Json(Json::Object(members))) = &mut contract.request.body {
                    edit(members);
                }
            };
            add(part(), &|contract| {
                edit(contract, &|members| members[index].value = Json::String("reviewed".to_owned()))
            });
            add(part(), &|contract| edit(contract, &|members| drop(members.remove(index))));
        }
    }
    found
}
