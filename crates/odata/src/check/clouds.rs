//! Checks a contract: all of it against the metadata that its page documents, and in the other clouds that the page names, whether the
//! operation is there.

use super::Metadata;
use super::contract::{Checker, Presence, check_in, metadata_of, of_cloud};
use super::finding::Finding;
use graph_contracts::at::At;
use graph_contracts::contract::{Availability, Cloud, Clouds, Contract, Route};
use graph_contracts::diagnostic::Code;

/// What is found on each of a contract's routes. What is wrong in several clouds is said once, of the one that the page documents: the
/// global one, unless the page denies it.
pub fn check_contract(contract: &Contract, metadata: &[Metadata<'_>]) -> Vec<Vec<Finding>> {
    let documented = metadata_of(contract, metadata);
    let mut found = check_in(contract, documented.as_ref().copied());
    let Some(clouds) = contract.clouds else { return found };
    let documented = documented.ok();
    let others = stated(&clouds).into_iter().filter(|(cloud, _)| documented.is_none_or(|own| own.cloud != *cloud));
    let others = others.filter_map(|(cloud, own)| Some((metadata_in(contract, metadata, documented, cloud)?, own)));
    let checker = documented.map(|own| Checker::new(contract, &own.csdl));
    for (cloud, stated) in others {
        let (line, documented) = (clouds.line, checker.as_ref());
        let check = CloudCheck { contract, line, cloud, checker: Checker::new(contract, &cloud.csdl), documented };
        for (route, found) in contract.routes.iter().zip(&mut found) {
            found.extend(check.route(route, stated));
        }
    }
    found
}

/// The clouds of which a page says something that no metadata at hand can confirm or contradict.
pub(super) fn unknown_clouds<'m>(
    contract: &'m Contract,
    metadata: &'m [Metadata<'_>],
) -> impl Iterator<Item = Cloud> + 'm {
    let documented = metadata_of(contract, metadata).ok();
    let stated = contract.clouds.iter().flat_map(stated).map(|(cloud, _)| cloud);
    let is_other = move |cloud: &Cloud| *cloud != Cloud::Global && documented.is_none_or(|own| own.cloud != *cloud);
    stated.filter(is_other).filter(move |cloud| metadata_in(contract, metadata, documented, *cloud).is_none())
}

/// The clouds of which something is said.
fn stated(clouds: &Clouds) -> Vec<(Cloud, Availability)> {
    let all = Cloud::ALL.into_iter().map(|cloud| (cloud, clouds.of(cloud)));
    all.filter(|(_, own)| *own != Availability::Unknown).collect()
}

/// The metadata of a contract's version in a cloud.
fn metadata_in<'m, 'x>(
    contract: &Contract,
    metadata: &'m [Metadata<'x>],
    documented: Option<&Metadata<'_>>,
    cloud: Cloud,
) -> Option<&'m Metadata<'x>> {
    let version = contract.api_version.as_deref().or(documented.map(|own| own.version))?;
    of_cloud(metadata, cloud).find(|own| own.version.eq_ignore_ascii_case(version))
}

/// A contract in one cloud.
struct CloudCheck<'k, 'm, 'x> {
    contract: &'m Contract,
    /// The line of the page that names the cloud.
    line: u32,
    cloud: &'m Metadata<'x>,
    checker: Checker<'m, 'x>,
    /// The same where the page documents it, if that metadata is at hand.
    documented: Option<&'k Checker<'m, 'x>>,
}

impl CloudCheck<'_, '_, '_> {
    /// Whether the operation on a route is there as stated.
    fn route(&self, route: &Route, stated: Availability) -> Option<Finding> {
        let documented = self.documented.map(|own| own.presence(route));
        if let Some(Presence::Lacks(_) | Presence::Unknown) = documented {
            return None;
        }
        let presence = self.checker.presence(route);
        let operation = format!("{} {}", self.contract.request.method, route.path);
        let title = self.cloud.cloud.title();
        let name = self.cloud.cloud.name();
        let (code, message, subject, declared) = match (stated, presence) {
            (Availability::Available, Presence::Lacks(remark)) => {
                let message = format!("the page names {title}, whose metadata lacks the operation: {}", remark.message);
                (Code::OperationNotInCloud, message, remark.subject, remark.declared)
            }
            (Availability::Available, Presence::Has(calls)) => {
                // What is an operation in the documented cloud is a key here, for want of the operation.
                let Some(Presence::Has(documented)) = documented else { return None };
                let lost = documented.iter().find(|own| !calls.contains(own))?;
                let lacks = "whose metadata lacks the operation";
                let message = format!("the page names {title}, {lacks}: `{}` is not declared there", lost.1);
                (Code::OperationNotInCloud, message, lost.1.to_owned(), None)
            }
            (Availability::NotAvailable, Presence::Has(calls)) => {
                if let Some(Presence::Has(documented)) = documented
                    && documented.iter().any(|own| !calls.contains(own))
                {
                    return None;
                }
                let message = format!("the page denies {title}, whose metadata has the operation");
                (Code::OperationInDeniedCloud, message, operation.clone(), None)
            }
            _ => return None,
        };
        Some(Finding {
            code,
            contract: self.contract.id.clone(),
            route: operation,
            at: At::Cloud(name.to_owned()),
            message,
            source: self.contract.source_line(self.line),
            metadata: declared.map(|at| self.cloud.csdl.source_line(at)),
            subject: format!("{name}: {subject}"),
            accepted: false,
        })
    }
}
