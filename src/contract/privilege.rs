//! Which permissions include others.

/// Whether a permission includes another one, by their names, which differ by more than their case: it is the same, or of
/// `resource.operation.constraint`, `ReadWrite` allows what `Read` does, `Read` what `ReadBasic` does, and `All` is for all resources of the kind
/// (Microsoft Graph documentation, "Overview of Microsoft Graph permissions", naming pattern). Of other names, nothing is known.
pub fn includes(own: &str, needed: &str) -> bool {
    if own.eq_ignore_ascii_case(needed) {
        return true;
    }
    let parts = |name: &str| {
        let mut parts = name.splitn(3, '.').map(str::to_ascii_lowercase);
        Some((parts.next()?, parts.next()?, parts.next()))
    };
    let rank = |operation: &str| ["readbasic", "read", "readwrite"].iter().position(|own| *own == operation);
    let (Some((resource, operation, constraint)), Some((of, wanted, wanted_constraint))) = (parts(own), parts(needed))
    else {
        return false;
    };
    let allows = operation == wanted || rank(&operation).zip(rank(&wanted)).is_some_and(|(own, wanted)| own >= wanted);
    let is_wide =
        constraint == wanted_constraint || (constraint.as_deref() == Some("all") && wanted_constraint.is_none());
    resource == of && allows && is_wide
}

/// Whether each permission of a set, which are needed together, is one of these, or included in one of them.
pub fn include_all(permissions: &[String], set: &[String]) -> bool {
    set.iter().all(|needed| permissions.iter().any(|own| includes(own, needed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_includes_others_by_their_names() {
        let check =
            |own: &str, needed: &str, expected: bool| assert_eq!(includes(own, needed), expected, "{own} {needed}");
        check("Lamp.Read", "lamp.read", true);
        check("Lamp.ReadWrite", "Lamp.Read", true);
        check("Lamp.ReadWrite.All", "Lamp.ReadBasic.All", true);
        check("Lamp.Read.All", "Lamp.Read", true);
        check("Lamp.Read", "Lamp.Read.All", false);
        check("Lamp.Read.All", "Lamp.ReadWrite.All", false);
        check("Lamp.Read.All", "Room.Read.All", false);
        check("Lamp.Read.Group", "Lamp.Read", false);
        check("Lamp.Manage.All", "Lamp.Read.All", false);
        check("user_impersonation", "Lamp.Read", false);
        check("user_impersonation", "User_Impersonation", true);
    }

    #[test]
    fn a_set_is_included_as_a_whole() {
        let names = |text: &str| text.split('+').map(str::to_owned).collect::<Vec<_>>();
        let check = |own: &str, set: &str, expected: bool| {
            assert_eq!(include_all(&names(own), &names(set)), expected, "{own} {set}");
        };
        check("Lamp.ReadWrite.All+Room.Read", "Lamp.Read.All+Room.Read", true);
        check("Lamp.ReadWrite.All", "Lamp.Read.All+Room.Read", false);
    }
}
