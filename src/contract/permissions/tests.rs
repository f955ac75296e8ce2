//! What pages state, as a contract of each has it.

use super::*;
use crate::page::IncludedFile;

/// What a page states of the operation on a path: `W: A+B|C; P: no; A: ?`, then how and where, as far as it is not a table in order.
fn stated(page: &Page<'_>, path: &str) -> String {
    let all = PagePermissions::of(page, [path].into_iter());
    shown(&all.of_path(path))
}

fn shown(own: &Permissions) -> String {
    let grant = |grant: &Grant| match grant {
        Grant::OneOf(sets) => sets.iter().map(|set| set.join("+")).collect::<Vec<_>>().join("|"),
        Grant::NotSupported => "no".to_owned(),
        Grant::NotStated => "?".to_owned(),
    };
    let grants = own.grants().map(|(_, own)| grant(own)).join(" ; ");
    let order = match own.order {
        Some(PrivilegeOrder::LeastToMost) => " <",
        Some(PrivilegeOrder::MostToLeast) => " >",
        None => "",
    };
    let how = match own.stated {
        Stated::Table => String::new(),
        Stated::Prose => format!(" prose {}", own.prose.join("|")),
        other => format!(" {other:?}"),
    };
    format!("{grants}{order}{how}")
}

#[track_caller]
fn check(text: &str, path: &str, expected: &str) {
    assert_eq!(stated(&Page::parse("lamp.md", text), path), expected, "{text}");
}

/// A section with a table, whose lines these are.
fn table(lines: &[&str]) -> String {
    let columns = lines[0].matches('|').count() - 1;
    let rows = lines[1..].join("\n");
    format!("# Get lamp\n\n## Permissions\n\n{}\n|{}\n{rows}\n\n## HTTP request\n", lines[0], "---|".repeat(columns))
}

const HEAD: &str = "|Permission type|Permissions (from least to most privileged)|";

#[test]
fn a_list_is_needed_together_where_no_other_row_has_it_as_alternatives() {
    let row = "|Application|Policy.Read.All, Policy.ReadWrite.Lamps and Lamp.Read|";
    let set = "Policy.Read.All+Policy.ReadWrite.Lamps+Lamp.Read";
    check(&table(&[HEAD, "|Delegated|Lamp.Read|", row]), "/lamps", &format!("Lamp.Read ; ? ; {set} <"));
    let alternatives = "|Delegated|Policy.Read.All, Policy.ReadWrite.Lamps|";
    check(&table(&[HEAD, alternatives, row]), "/lamps", "Policy.Read.All|Policy.ReadWrite.Lamps ; ? ; ? <");
}

#[test]
fn accounts_are_rows() {
    let own = [
        HEAD,
        "|Delegated (work or school account)|Lamp.Read, Lamp.Write|",
        "|Delegated (personal Microsoft account)|Not supported.|",
        "|Application|eLamp.Read.All|",
    ];
    check(&table(&own), "/lamps/{id}", "Lamp.Read|Lamp.Write ; no ; eLamp.Read.All <");
    let own = [
        "|Permission type|Permissions (from most to least privileged)|",
        "|Application|Lamp.Write, Lamp.Read|",
        "|Delegated|Lamp.Read|",
    ];
    check(&table(&own), "/lamps/{id}", "Lamp.Read ; ? ; Lamp.Write|Lamp.Read >");
    let own = [HEAD, "|Delegated (work or school account)|TODO|", "|Application||"];
    check(&table(&own), "/lamps/{id}", "? ; ? ; ? < Placeholder");
}

#[test]
fn the_columns_of_least_and_higher_privileges_both_count() {
    let own = [
        "|Permission type|Least privileged permissions|Higher privileged permissions|",
        "|Delegated (work or school account)|Lamp.Read.All|Lamp.ReadWrite.All, House.Read.All and Lamp.Read|",
        "|Delegated (personal Microsoft account)|Not supported.|Not supported.|",
        "|Application|Lamp.Read.All|Not available.|",
    ];
    // `A, B and C` is not clear, and the least privileged permission is.
    check(&table(&own), "/lamps", "Lamp.Read.All ; no ; Lamp.Read.All <");
    let own = [
        "|Permission type|Higher privileged permission|Least privileged permission|",
        "|Delegated (work or school account)|Lamp.ReadWrite.All and House.Read.All|Lamp.Read.All|",
        "|Application|Lamp.Write.All|Not available.|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read.All|Lamp.ReadWrite.All+House.Read.All ; ? ; Lamp.Write.All <");
}

#[test]
fn columns_for_oneself_and_for_others_are_for_their_urls() {
    let own = [
        "|Permission type|Permissions on self|Permissions on others|",
        "|Delegated (work or school account)|Lamp.Read|Lamp.Read.All|",
        "|Application|Not supported.|Lamp.Read.All|",
    ];
    let own = table(&own);
    check(&own, "/me/lamps", "Lamp.Read ; ? ; no");
    check(&own, "/users/{id}/lamps", "Lamp.Read.All ; ? ; Lamp.Read.All");
    check(&own, "/lamps", "Lamp.Read|Lamp.Read.All ; ? ; Lamp.Read.All");
}

#[test]
fn what_is_needed_together_is_a_set() {
    let own = [
        HEAD,
        "|Delegated (work or school account)|Lamp.Read and House.Read, Site.Read|",
        "|Delegated (personal Microsoft account)|Lamp.Read<br>-and-<br>House.Read|",
        "|Application|Lamp.Read.</br>House.Read|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read+House.Read|Site.Read ; Lamp.Read+House.Read ; Lamp.Read|House.Read <");
}

#[test]
fn parts_of_a_cell_are_for_their_urls() {
    let own = [HEAD, "|Application|Lamp.Read.All for a lamp.</br>Shade.Read.All for a shade.|"];
    check(&table(&own), "/lamps/{id}", "? ; ? ; Lamp.Read.All <");
    check(&table(&own), "/houses/{id}", "? ; ? ; Lamp.Read.All|Shade.Read.All");
}

#[test]
fn resources_are_rows_below_an_account() {
    let own = [
        HEAD,
        "|Delegated (work or school account)||",
        "|&nbsp;&nbsp;Lamps|Lamp.Read|",
        "|&nbsp;&nbsp;Shades|Shade.Read|",
        "|Delegated (personal Microsoft account)|Not supported.|",
        "|Application||",
        "|&nbsp;&nbsp;Lamps|Lamp.Read.All|",
        "|&nbsp;&nbsp;Shades|Not supported.|",
    ];
    let of = |path: &str| {
        let text = table(&own);
        let page = Page::parse("lamp.md", &text);
        let paths = ["/house", "/house/lamps/{id}", "/house/shades/{id}"];
        shown(&PagePermissions::of(&page, paths.into_iter()).of_path(path))
    };
    assert_eq!(of("/house/lamps/{id}"), "Lamp.Read ; no ; Lamp.Read.All <");
    assert_eq!(of("/house/shades/{id}"), "Shade.Read ; no ; no <");
    // Nobody can tell which one is meant, and they have nothing in common.
    assert_eq!(of("/house"), "? ; no ; ?");
}

#[test]
fn tables_may_be_in_another_order() {
    let own = [
        "|Permissions|Permission type|",
        "|Lamp.Read|Delegated (work or school account)|",
        "|Application.Read.All|Application|",
        "|Lamp.Write|Application|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read ; ? ; Application.Read.All|Lamp.Write");
    let own = [
        "|Permission type|Description|Permissions|",
        "|Delegated (work, school or personal account)|For a user.|Lamp.Read|",
        "|Application|Without one.|Not supported|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read ; Lamp.Read ; no");
    let own = [
        "|Permission type|Permissions|",
        "|Application|Not supported.|",
        "|Delegated (personal Microsoft account)|Lamp.Read|",
        "|Delegated (work or school account)|`Lamp.Read`, **Lamp.Write**|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read|Lamp.Write ; Lamp.Read ; no");
    let own = [
        "|Permission type|Permissions|",
        "|Delegated (work or school account)|Lamp.Read<br/>Lamp.Write*<br>Lamp.Read.All (preview)|",
        "|Application|[Lamp.Read.All](/reference#lampreadall); Lamp.Write.All|",
    ];
    check(&table(&own), "/lamps", "Lamp.Read|Lamp.Write|Lamp.Read.All ; ? ; Lamp.Read.All|Lamp.Write.All");
}

#[test]
fn workflows_below_an_account_are_alternatives() {
    let own = [
        "|Permission&nbsp;type&nbsp;(by&nbsp;workflow)|Permissions (from most to least privileged)|",
        "|Delegated (work or school account)||",
        "|&nbsp;&nbsp;**Lamps for Work**|Lamp.Write, Lamp.Read|",
        "|&nbsp;&nbsp;**Application shades**|Shade.Write|",
        "|&nbsp;&nbsp;**House management**|House.Write|",
        "|Delegated (personal Microsoft account)|Not supported.|",
        "|Application|Not supported.|",
    ];
    check(&table(&own), "/houseManagement", "Lamp.Write|Lamp.Read|Shade.Write|House.Write ; no ; no");
    let own = [
        "|权限&nbsp;类型&nbsp;(按&nbsp;工作流)|权限（从最高特权到最低特权）|",
        "|委派（工作或学校帐户）||",
        "|&nbsp;&nbsp;**适用于工作的灯**|Lamp.Write、Lamp.Read|",
        "|&nbsp;&nbsp;**灯罩**|Shade.Write|",
        "|委派（个人 Microsoft 帐户）|不支持。|",
        "|应用程序||",
        "|&nbsp;&nbsp;**应用程序管理**|App.Write|",
        "|&nbsp;&nbsp;**灯罩**|Shade.Write.All|",
    ];
    check(&table(&own), "/houseManagement", "Lamp.Write|Lamp.Read|Shade.Write ; no ; App.Write|Shade.Write.All");
}

#[test]
fn accounts_are_columns() {
    let own = [
        "|Supported resource|Delegated (work or school account)|Delegated (personal Microsoft account)|Application|",
        "|[lamp](../resources/lamp.md)|Lamp.Read|Not supported|Lamp.Read.All|",
        "|[house lamp](../resources/lamp.md)|House.Read|House.Read|House.Read.All|",
        "|[mail folder](../resources/mailfolder.md)|Mail.Read|Mail.Read|Mail.Read, House.Read.All|",
    ];
    check(&table(&own), "/me/lamps/{id}", "Lamp.Read ; no ; Lamp.Read.All");
    check(&table(&own), "/houses/{id}/lamps/{id}", "House.Read ; House.Read ; House.Read.All");
    check(&table(&own), "/me/mailFolders/inbox", "Mail.Read ; Mail.Read ; Mail.Read|House.Read.All");
    let own = ["|Delegated|Application|", "|Lamp.Read|Lamp.Read.All|"];
    check(&table(&own), "/me", "Lamp.Read ; ? ; Lamp.Read.All");
}

#[test]
fn several_tables_are_for_their_operations() {
    let text = "# Get\n\n## Permissions\n\n### For me\n\n|Permission type|Permissions|\n|---|---|\n|Delegated (work or school account)|Lamp.Read|\n|Application|Not supported.|\n\n\
        ### For `/users/{id}`\n\n|Permission type|Permissions|\n|---|---|\n|Delegated (work or school account)|Lamp.Read.All, All.Read|\n|Application|Lamp.Read.All|\n";
    let page = Page::parse("lamp.md", text);
    let own = PagePermissions::of(&page, ["/me/lamps", "/users/{id}/lamps"].into_iter());
    let check = |path: &str, line: u32, expected: &str| {
        let own = own.of_path(path);
        assert_eq!((own.line, shown(&own).as_str()), (Some(line), expected), "{path}");
    };
    check("/me/lamps", 7, "Lamp.Read ; ? ; no");
    check("/users/1/lamps", 14, "Lamp.Read.All|All.Read ; ? ; Lamp.Read.All");
    check("/houses/1/lamps", 7, "? ; ? ; ?");
}

#[test]
fn what_all_tables_allow_is_enough() {
    let rows = "|Permission type|Permissions (from least to most privileged)|\n|---|---|\n|Application|";
    let text = format!(
        "## Permissions\n\nFor lamps:\n\n{rows}Lamp.Read, All.Read|\n\nFor shades:\n\n{rows}Shade.Read, All.Read|\n"
    );
    check(&text, "/things/{id}", "? ; ? ; All.Read");
    check(&text, "/shades/{id}", "? ; ? ; Shade.Read|All.Read <");
}

#[test]
fn a_section_goes_to_the_next_heading_of_its_level() {
    let rows = "|T|P|\n|---|---|\n|委派（工作或学校帐户）|Lamp.Read、Lamp.Write|\n|委派（个人 Microsoft 帐户）|不支持。|\n|应用程序|不可用。|\n";
    check(
        &format!("# A\n\n## <a name=\"permissions\"></a>权限\n\n### 自行操作\n\n{rows}"),
        "/me/lamps",
        "Lamp.Read|Lamp.Write ; no ; no",
    );
    check(
        "# A\n\n## Permissions\n\n### Details\n\nNeeds Lamp.Read.\n\n## Other\n\nNeeds Lamp.Write.\n",
        "/lamps",
        "? ; ? ; ? prose Lamp.Read",
    );
    check("# A\n\n## Permissions\n\n## Other\n\nNeeds Lamp.Write.\n", "/lamps", "? ; ? ; ? Nowhere");
}

#[test]
fn rows_are_known_by_their_order_where_their_words_are_not() {
    let rows = "|Leyfi|Heimildir|\n|---|---|\n|Vinna|Lamp.Read|\n|Einka|Ekki|\n|Forrit|Lamp.Read.All|\n";
    let with = |heading: &str| format!("# A\n\n## {heading}\n\n{rows}");
    check(&with("<a name=\"permissions\"></a>Heimildir"), "/lamps", "Lamp.Read ; ? ; Lamp.Read.All");
    check(
        &format!("# A\n\n<!-- {{ \"blockType\": \"permissions\", \"name\": \"x\" }} -->\n{rows}"),
        "/lamps",
        "Lamp.Read ; ? ; Lamp.Read.All",
    );
    // Anywhere else three rows may be anything.
    check(&with("Heimildir"), "/lamps", "? ; ? ; ? Nowhere");
    check("## Permissions\n\n|Role|Right|\n|---|---|\n|Reader|Lamp.Read|\n", "/lamps", "? ; ? ; ? Nowhere");
}

#[test]
fn tables_in_other_languages_are_read() {
    let check = |heading: &str, lines: &[&str], expected: &str| {
        let text = table(lines).replace("Permissions\n", &format!("{heading}\n"));
        check(&text, "/lamps/{id}", expected);
    };
    check(
        "权限",
        &[
            "|权限类型|最低特权权限|更高特权权限|",
            "|委派（工作或学校帐户）|Lamp.Read.All|Lamp.ReadWrite.All|",
            "|委派（个人 Microsoft 帐户）|不支持。|不支持。|",
            "|应用程序|Lamp.Read.All|不可用。|",
        ],
        "Lamp.Read.All|Lamp.ReadWrite.All ; no ; Lamp.Read.All <",
    );
    check(
        "Permissões",
        &[
            "|Tipo de permissão|Permissões com menos privilégios|Permissões com privilégios superiores|",
            "|Delegado (conta corporativa ou de estudante)|Lamp.Read e House.Read|Lamp.Write|",
            "|Delegado (conta pessoal da Microsoft)|Sem suporte.|Sem suporte.|",
            "|Aplicativo|Não disponível.|Não disponível.|",
        ],
        "Lamp.Read+House.Read|Lamp.Write ; no ; no <",
    );
    check(
        "Berechtigungen",
        &[
            "|Berechtigungstyp|Berechtigungen (von der mit den meisten zu der mit den geringsten Rechten)|",
            "|Delegiert (Geschäfts-, Schul- oder Unikonto)|Lamp.Write und House.Read, Lamp.Read|",
            "|Delegiert (persönliches Microsoft-Konto)|Nicht unterstützt.|",
            "|Anwendung|Lamp.Write|",
        ],
        "Lamp.Write+House.Read|Lamp.Read ; no ; Lamp.Write >",
    );
    check(
        "アクセス許可",
        &[
            "|アクセス許可の種類|アクセス許可 (特権の小さいものから大きいものへ)|",
            "|委任 (職場または学校のアカウント)|Lamp.Read、Lamp.Write|",
            "|委任 (個人用 Microsoft アカウント)|サポートされていません。|",
            "|アプリケーション|Lamp.Read.All|",
        ],
        "Lamp.Read|Lamp.Write ; no ; Lamp.Read.All <",
    );
    check(
        "Autorisations",
        &[
            "|Type d’autorisation|Autorisations (de celle qui offre le moins de privilèges à celle qui en offre le plus)|",
            "|Déléguée (compte professionnel ou scolaire)|Lamp.Read ou Lamp.Write|",
            "|Déléguée (compte Microsoft personnel)|Non prise en charge.|",
            "|Application|Lamp.Read et House.Read|",
        ],
        "Lamp.Read|Lamp.Write ; no ; Lamp.Read+House.Read <",
    );
    // A word that no list has says nothing.
    check(
        "Permissões",
        &[
            "|Tipo de permissão|Permissões|",
            "|Delegado (conta corporativa)|Lamp.Read|",
            "|Delegado (conta pessoal)|De modo algum|",
            "|Aplicativo|Nenhuma.|",
        ],
        "Lamp.Read ; ? ; ",
    );
}

#[test]
fn other_tables_state_nothing() {
    check(
        "# A\n\n|Property|Type|Description|\n|---|---|---|\n|application|String|See Lamp.Read.|\n|work|String|n/a|\n|owner|String|n/a|\n",
        "/lamps",
        "? ; ? ; ? Nowhere",
    );
    check(
        "# A\n\n## Permissions\n\n|Name|Description|\n|---|---|\n|Authorization|Bearer|\n|Accept|n/a|\n|Prefer|n/a|\n",
        "/lamps",
        "? ; ? ; ? Nowhere",
    );
}

fn inclusion(line: u32, files: &[(&str, &str)], problems: &[&str]) -> Inclusion {
    let files = files.iter().map(|(path, text)| IncludedFile { path: (*path).to_owned(), text: (*text).to_owned() });
    let target = if line == 5 { "../includes/permissions/a.md" } else { "../includes/rbac/b.md" };
    let include = Include { target: target.to_owned(), line, column: 1, ..Include::default() };
    Inclusion {
        include,
        files: files.collect(),
        problems: problems.iter().map(|problem| (*problem).to_owned()).collect(),
    }
}

#[test]
fn included_tables_are_those_of_the_page() {
    let text = "# A\n\n## Permissions\n\n[!INCLUDE [table](../includes/permissions/a.md)]\n\n> [!NOTE]\n> Old.Write is for old lamps.\n\n[!INCLUDE [rbac](../includes/rbac/b.md)]\n";
    let read = |inclusions: Vec<Inclusion>| {
        let mut page = Page::parse("v1.0/api/a.md", text);
        page.inclusions = inclusions;
        let own = PagePermissions::of(&page, ["/lamps"].into_iter());
        (own.of_path("/lamps"), own.diagnostics)
    };
    let table = "---\nx: y\n---\n<!-- c -->\n|Permission type|Least privileged permissions|Higher privileged permissions|\n|---|---|---|\n|Application|Lamp.Read|Lamp.Write|\n";
    let notes = "The role needs Role.Read.\n\n|Role|Right|x|\n|---|---|---|\n|a|Role.Read|x|\n|b|Role.Read|n/a|\n|c|Role.Read|n/a|\n";
    let (own, diagnostics) = read(vec![
        inclusion(5, &[("v1.0/includes/permissions/a.md", table)], &[]),
        inclusion(10, &[("v1.0/includes/rbac/b.md", notes)], &[]),
    ]);
    assert_eq!(shown(&own), "? ; ? ; Lamp.Read|Lamp.Write <");
    assert_eq!((own.line, own.file.as_deref()), (Some(5), Some("v1.0/includes/permissions/a.md")));
    assert_eq!(diagnostics, []);
    let (own, diagnostics) = read(vec![inclusion(5, &[], &["the included file x does not exist"])]);
    assert_eq!(shown(&own), "? ; ? ; ? NotRead");
    let found = diagnostics.first().map(|own| (own.code, own.line, own.column));
    assert_eq!(found, Some((Code::IncludeNotRead, 5, 1)));
    assert_eq!(shown(&read(Vec::new()).0), "? ; ? ; ? NotRead");
    // A note that is missing takes nothing from the table.
    let note = inclusion(10, &[], &["the included file y does not exist"]);
    let files = [("v1.0/includes/permissions/a.md", table)];
    let (own, diagnostics) = read(vec![inclusion(5, &files, &[]), note]);
    assert_eq!((shown(&own).as_str(), diagnostics.len()), ("? ; ? ; Lamp.Read|Lamp.Write <", 0));
}

#[test]
fn a_route_has_the_permissions_that_the_page_states_for_it() {
    use super::super::{PageName, TypeIndex, build};
    let table = |names: &str| format!("|Permission type|Permissions|\n|---|---|\n|Application|{names}|\n\n");
    let example = "## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/me/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
    let page = |first: &str, second: &str| {
        format!(
            "# List lamps\n\n## Permissions\n\n### On `/me`\n\n{}### On `/users/{{id}}`\n\n{}## HTTP request\n\n\
             ```http\nGET /me/lamps\nGET /users/{{id}}/lamps\n```\n\n{example}",
            table(first),
            table(second)
        )
    };
    let check = |first: &str, second: &str, expected: &[&str], has_own: bool| {
        let text = page(first, second);
        let page = Page::parse("v1.0/lamp-list.md", &text);
        let contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
        let own: Vec<String> =
            contract.routes.iter().map(|route| shown(contract.permissions_on(&route.path))).collect();
        assert_eq!(own, expected, "{first} and {second}");
        assert_eq!(contract.all_permissions().count(), if has_own { 2 } else { 1 });
    };
    check("Lamp.Read", "Lamp.Read.All", &["? ; ? ; Lamp.Read", "? ; ? ; Lamp.Read.All"], true);
}

#[test]
fn the_permissions_of_another_page_are_not_known_but_stated() {
    let check = |cell: &str, expected: &[u32]| {
        let text = table(&[HEAD, "|Delegated|Lamp.Read|", &format!("|Application|{cell}|")]);
        let page = Page::parse("lamp.md", &text);
        let own = PagePermissions::of(&page, std::iter::empty::<&str>());
        let lines: Vec<u32> = own.diagnostics.iter().map(|own| own.line).collect();
        assert_eq!(lines, expected, "{cell}");
        assert_eq!(stated(&page, "/lamps"), "Lamp.Read ; ? ; ? <", "{cell}");
    };
    check("Role required to [create a lamp](lamp-post.md).", &[]);
    check("与 [创建灯](../api/lamp-post.md) 相同。", &[]);
    check("Those of [create a lamp](/graph/api/lamp-post?view=graph-rest-1.0).", &[]);
    check("See [permissions](/graph/permissions-reference).", &[8]);
    check("See [below](#notes).", &[8]);
    check("Those that create a lamp.", &[8]);
}

#[test]
fn a_table_whose_cells_all_lead_to_another_page_states_permissions() {
    let row = "Those of [create a lamp](lamp-post.md).";
    let text = table(&[HEAD, &format!("|Delegated|{row}|"), &format!("|Application|{row}|")]);
    let page = Page::parse("lamp.md", &text);
    assert_eq!(PagePermissions::of(&page, std::iter::empty::<&str>()).diagnostics, []);
    check(&text, "/lamps", "? ; ? ; ? <");
}
