//! The permissions that a page states: in a table by kind of account, in prose, or not at all. Nothing is invented.

use super::{Grant, Permissions, PrivilegeOrder, Stated};
use crate::page::{Cell, Element, Heading, Page, Table};

/// The permissions of a page.
pub(super) fn permissions(page: &Page<'_>) -> Permissions {
    let mut in_section = false;
    let mut prose = None;
    for element in &page.elements {
        match element {
            Element::Heading(heading) => in_section = is_permissions_heading(heading),
            Element::Table(table) => {
                if let Some(permissions) = from_table(table, in_section) {
                    return permissions;
                }
            }
            Element::Prose(text) if in_section && prose.is_none() => {
                let names = permission_names(text.text);
                if !names.is_empty() {
                    prose = Some((names, text.line));
                }
            }
            _ => {}
        }
    }
    let Some((prose, line)) = prose else { return Permissions::default() };
    Permissions { stated: Stated::Prose, line: Some(line), prose, ..Permissions::default() }
}

fn is_permissions_heading(heading: &Heading) -> bool {
    heading.opens("permissions") || heading.opens("prerequisites")
}

/// Reads the permissions table: three rows in a fixed order (work or school, personal, application), the second column of
/// which holds permissions. The rows' names are translated, so their order counts where they say nothing.
fn from_table(table: &Table, in_section: bool) -> Option<Permissions> {
    let is_named = table.head.first().is_some_and(|cell| cell.text.to_lowercase().contains("permission type"));
    if !(is_named || (in_section && table.rows.len() == 3 && table.head.len() >= 2)) {
        return None;
    }
    let mut permissions = Permissions {
        stated: Stated::Table,
        line: Some(table.line),
        order: table.head.get(1).and_then(|cell| order(&cell.text.to_lowercase())),
        ..Permissions::default()
    };
    let mut placeholder = false;
    for (index, row) in table.rows.iter().enumerate() {
        let Some(cell) = row.get(1) else { continue };
        let Some(grant) = grant_in(&mut permissions, row, index) else { continue };
        placeholder |= cell.text.contains("TODO");
        *grant = grant_of(cell);
    }
    if placeholder {
        permissions.stated = Stated::Placeholder;
    }
    Some(permissions)
}

/// The grant of the account in a row.
fn grant_in<'p>(permissions: &'p mut Permissions, row: &[Cell], index: usize) -> Option<&'p mut Grant> {
    let name = row.first()?.text.to_lowercase();
    let Permissions { delegated_work, delegated_personal, application, .. } = permissions;
    if name.contains("personal") || name.contains("msa") {
        Some(delegated_personal)
    } else if name.contains("work") {
        Some(delegated_work)
    } else if name.contains("application") {
        Some(application)
    } else {
        [delegated_work, delegated_personal, application].into_iter().nth(index)
    }
}

fn grant_of(cell: &Cell) -> Grant {
    let names = permission_names(&cell.text);
    if !names.is_empty() {
        Grant::OneOf(names.into_iter().map(|name| vec![name]).collect())
    } else if cell.text.is_empty() || cell.text.contains("TODO") {
        Grant::NotStated
    } else {
        // "Not supported.", in whatever language: there is text, and it names no permission.
        Grant::NotSupported
    }
}

fn order(head: &str) -> Option<PrivilegeOrder> {
    let orders = [("least to most", PrivilegeOrder::LeastToMost), ("most to least", PrivilegeOrder::MostToLeast)];
    orders.into_iter().find(|(words, _)| head.contains(words)).map(|(_, order)| order)
}

/// The names of permissions in a text, such as `User.Read.All`, in order and each once.
fn permission_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
        let word = word.trim_matches(|c| matches!(c, '.' | '-' | '_'));
        if is_permission(word) && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}

/// `Resource.Operation` with an optional constraint, each part beginning with a capital.
fn is_permission(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() >= 2 && parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()) && part.len() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, stated: Stated, expected: [&str; 3], prose: &[&str]) {
        let permissions = permissions(&Page::parse("p.md", text));
        assert_eq!(permissions.stated, stated);
        let Permissions { delegated_work, delegated_personal, application, .. } = &permissions;
        assert_eq!([delegated_work, delegated_personal, application].map(Grant::to_string), expected);
        assert_eq!(permissions.prose, prose);
    }

    fn table(head: &str, cells: [&str; 3]) -> String {
        let [work, personal, application] = cells;
        format!(
            "## Permissions\n\n|Permission type|{head}|\n|---|---|\n|Delegated (work or school account)|{work}|\n\
             |Delegated (personal Microsoft account)|{personal}|\n|Application|{application}|\n"
        )
    }

    #[test]
    fn a_table_states_permissions_by_account() {
        check(
            &table("Permissions", ["User.Read, User.Read.All", "Not supported.", "User.Read.All"]),
            Stated::Table,
            ["User.Read or User.Read.All", "not supported", "User.Read.All"],
            &[],
        );
    }

    #[test]
    fn a_translated_table_is_read_by_its_rows_order() {
        let text = "## <a name=\"permissions\"></a>Berechtigungen\n\n|Typ|Berechtigungen|\n|---|---|\n|Delegiert (Uni)|User.Read|\n\
                    |Delegiert (privat)|Nicht unterstützt.|\n|Anwendung|Nicht unterstützt.|\n";
        check(text, Stated::Table, ["User.Read", "not supported", "not supported"], &[]);
    }

    #[test]
    fn placeholders_are_said_to_be_placeholders() {
        let todo = "**TODO: Provide applicable permissions.**";
        check(&table("x", [todo, todo, todo]), Stated::Placeholder, ["not stated"; 3], &[]);
    }

    #[test]
    fn prose_names_permissions_without_an_account() {
        let text = "## Prerequisites\nOne of the following [scopes](https://a.Example.Org/X.Y):\n\n*Mail.Read* or *Mail.ReadWrite.All*\n";
        check(text, Stated::Prose, ["not stated"; 3], &["Mail.Read", "Mail.ReadWrite.All"]);
    }

    #[test]
    fn a_page_without_permissions_says_so() {
        check("# Title\n\nText about User.Read.\n", Stated::Nowhere, ["not stated"; 3], &[]);
    }

    #[test]
    fn the_order_is_taken_from_the_head() {
        let order = |head| permissions(&Page::parse("p", &table(head, ["A.Read", "", ""]))).order;
        assert_eq!(order("Permissions (from least to most privileged)"), Some(PrivilegeOrder::LeastToMost));
        assert_eq!(order("Permissions (from most to least privileged)"), Some(PrivilegeOrder::MostToLeast));
        assert_eq!(order("Permissions"), None);
    }
}
