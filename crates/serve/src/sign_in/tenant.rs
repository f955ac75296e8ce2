//! The tenant that a path names, and who issues its tokens.

use uuid::Uuid;

use super::Asked;
use crate::claims::PERSONAL_TENANT;

/// The tenant, where a client names none by its id.
const TENANT: &str = "8f3a2c54-7d1e-4b6a-9c05-2e1d7f4b9a60";

/// The id of a tenant that a path names by its id, its domain, or as `common`.
pub(super) fn tenant_id(name: &str) -> String {
    match Uuid::try_parse(name) {
        Ok(id) => id.hyphenated().to_string(),
        Err(_) if name.eq_ignore_ascii_case("consumers") => PERSONAL_TENANT.to_owned(),
        Err(_) => TENANT.to_owned(),
    }
}

/// Who issues the tokens of a tenant.
pub(super) fn issuer(asked: &Asked<'_>) -> String {
    format!("{}/{}/v2.0", asked.request.base_url, tenant_id(asked.address.tenant))
}
