//! What is said of cells that state no permission.

use super::*;

const HEAD: &str = "|Permission type|Permissions|";

/// A page whose section of permissions has a table with this head and these rows.
fn table(lines: &[&str]) -> String {
    let (head, rows) = lines.split_first().map_or(("", String::new()), |(head, rows)| (*head, rows.join("\n")));
    format!("# Get lamp\n\n## Permissions\n\n{head}\n|---|---|\n{rows}\n")
}

#[test]
fn what_a_cell_does_not_say_is_reported_at_the_cell() {
    let check = |cell: &str, expected: Option<&str>| {
        let page = table(&[HEAD, "|Delegated (work or school account)|Lamp.Read|", &format!("|Application|{cell}|")]);
        let page = Page::parse("a.md", &page);
        let found = PagePermissions::of(&page, ["/lamps"].into_iter()).diagnostics;
        let found: Vec<_> = found.iter().map(|own| (own.line, own.message.as_str())).collect();
        assert_eq!(found, expected.map(|message| (8, message)).into_iter().collect::<Vec<_>>(), "{cell}");
    };
    check("Not supported.", None);
    check("None.", None);
    check("Lamp.Read + House.Read", None);
    check(
        "See the note.",
        Some("the cell for an application names no permission, and does not say that the account is not supported"),
    );
    check(
        "Lamp.Read, House.Read and Site.Read",
        Some(
            "the cell for an application does not say which of its permissions are needed together and which are alternatives",
        ),
    );
    check("", Some("the cell for an application is empty"));
    check(
        "-",
        Some("the cell for an application names no permission, and does not say that the account is not supported"),
    );
    let many: String = (0..1001).map(|at| format!("Lamp.Read{at}, ")).collect();
    check(&many, Some("the cell for an application names more than 1000 permissions, which are not read"));
}

#[test]
fn a_cell_without_words_says_nothing_in_any_language() {
    let check = |head: &str, [work, application]: [&str; 2], cell: &str, expected: Option<&str>| {
        let page = table(&[head, &format!("|{work}|Lamp.Read|"), &format!("|{application}|{cell}|")]);
        let page = Page::parse("a.md", &page);
        let found = PagePermissions::of(&page, ["/lamps"].into_iter()).diagnostics;
        let found: Vec<_> =
            found.iter().map(|own| own.message.trim_start_matches("the cell for an application ")).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{head} {cell}");
    };
    let chinese = ("|权限类型|权限|", ["委派（工作或学校帐户）", "应用程序"], "不支持。");
    let portuguese = (
        "|Tipo de permissão|Permissões|",
        ["Delegado (conta corporativa ou de estudante)", "Aplicativo"],
        "Sem suporte.",
    );
    let japanese = (
        "|アクセス許可の種類|アクセス許可|",
        ["委任 (職場または学校のアカウント)", "アプリケーション"],
        "サポートされていません。",
    );
    let french = (
        "|Type d’autorisation|Autorisations|",
        ["Déléguée (compte professionnel ou scolaire)", "Application"],
        "Non prise en charge.",
    );
    for (head, rows, denied) in [chinese, portuguese, japanese, french] {
        check(head, rows, denied, None);
        check(head, rows, "", Some("is empty"));
        for dash in ["-", "—", "–", "－", "/"] {
            check(head, rows, dash, Some(cell::NO_PERMISSION));
        }
    }
    // What other words say is left to who reads them.
    check(chinese.0, chinese.1, "请参阅下面的说明。", None);
    check(portuguese.0, portuguese.1, "Consulte a observação.", None);
}
