//! The rule for a page's title: the operation that it names is the one that the page documents.

use std::collections::BTreeSet;

use super::Linter;
use crate::diagnostic::Code;
use crate::page::Heading;

/// What verbs of titles stand for: the methods by which such an operation is called, and the verbs, in lower case. An action may do anything by POST.
struct Verb {
    methods: &'static [&'static str],
    /// Those that begin a title, with a blank behind them.
    first: &'static [&'static str],
    /// Those of languages in which no blank need stand behind them.
    begins: &'static [&'static str],
    /// Those that end a title, where the verb is the last word.
    ends: &'static [&'static str],
}

/// The verbs in the languages in which documentation sets are published: English, Portuguese, Spanish, French, Italian and Russian; Chinese;
/// German, Japanese and Korean.
const VERBS: [Verb; 5] = [
    Verb {
        methods: &["DELETE", "POST", "PATCH"],
        first: &["delete", "excluir", "eliminar", "supprimer", "eliminare", "elimina", "удалить", "удаление"],
        begins: &["删除", "刪除"],
        ends: &[" löschen", "を削除する", "の削除", "를 삭제", "을 삭제", " 삭제"],
    },
    Verb {
        methods: &["GET", "HEAD", "POST"],
        first: &["get", "obter", "obtener", "obtenir", "ottenere", "получить", "получение"],
        begins: &["获取", "取得"],
        ends: &[" abrufen", "を取得する", "の取得", " 가져오기"],
    },
    Verb {
        methods: &["GET", "HEAD", "POST"],
        first: &["list", "listar", "enumerar", "répertorier", "lister", "elencare", "перечислить", "перечисление"],
        begins: &["列出"],
        ends: &[" auflisten", "を一覧表示する", "の一覧表示", " 나열"],
    },
    Verb {
        methods: &["POST", "PUT", "PATCH"],
        first: &["create", "criar", "crear", "créer", "creare", "создать", "создание"],
        begins: &["创建", "建立"],
        ends: &[" erstellen", "を作成する", "の作成", " 만들기"],
    },
    Verb {
        methods: &["PATCH", "PUT", "POST"],
        first: &["update", "atualizar", "actualizar", "mettre à jour", "aggiornare", "обновить", "обновление"],
        begins: &["更新"],
        ends: &[" aktualisieren", "を更新する", "の更新", " 업데이트"],
    },
];

impl Verb {
    /// The verb of a title, and how the title writes it. A title of one word, or `get: x`, is a name.
    fn of(title: &str) -> Option<(&'static Verb, String)> {
        let lower = title.to_lowercase();
        let rest = |verb: &str| lower.strip_prefix(verb).filter(|rest| !rest.trim().is_empty());
        let opens = |verb: &str| rest(verb).is_some_and(|rest| rest.starts_with(char::is_whitespace));
        // `创建或获取`: create or get.
        let begins = |verb: &str| rest(verb).is_some_and(|rest| !rest.contains(['或', '和', '并']));
        let ends = |verb: &str| lower.strip_suffix(verb).is_some_and(|rest| !rest.trim().is_empty());
        VERBS.iter().find_map(|own| {
            let first =
                own.first.iter().find(|verb| opens(verb)).or_else(|| own.begins.iter().find(|verb| begins(verb)));
            if let Some(verb) = first {
                return Some((own, title.chars().take(verb.chars().count()).collect()));
            }
            let last = own.ends.iter().find(|verb| ends(verb))?;
            Some((own, last.trim().to_owned()))
        })
    }
}

/// The verb of a title in English and in lower case, whatever language the title is in.
pub(super) fn verb(title: &Heading) -> Option<&'static str> {
    of_title(title).and_then(|(verb, _)| verb.first.first()).copied()
}

/// The verb of a title, and how the title writes it. The anchor of a translated title is the original one.
fn of_title(title: &Heading) -> Option<(&'static Verb, String)> {
    let original = title.anchor.as_ref().map(|anchor| anchor.replace('-', " "));
    Verb::of(original.as_ref().unwrap_or(&title.text).trim())
}

pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    let Some(title) = page.title() else { return };
    let Some((verb_of_title, verb)) = of_title(title) else { return };
    let expected = verb_of_title.methods;
    let mut methods = BTreeSet::new();
    for block in &page.blocks {
        methods.extend(block.message.request_lines().map(|line| &line.method));
    }
    let has_any = |own: &[&str]| methods.iter().any(|method| own.contains(&method.as_str()));
    let is_possible = has_any(expected) && !is_called_otherwise(page.path, verb_of_title, has_any);
    if methods.is_empty() || is_possible {
        return;
    }
    let shown: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    let message = format!("the title says \"{verb}\", but the page only has {} requests", shown.join(" and "));
    linter.report(Code::TitleContradictsMethod, title.line, message);
}

/// Whether the page's file is called after another operation than its title, and the methods are those of that one: an action may delete
/// something by a PATCH, but not under the name of an update.
fn is_called_otherwise(path: &str, title: &Verb, has_any: impl Fn(&[&str]) -> bool) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = file.split('.').next().unwrap_or(file);
    let of_file = NAMES.iter().find(|(own, _, _)| name.rsplit('-').next() == Some(own));
    let Some((_, verb, methods)) = of_file else { return false };
    let usual: &[&str] = match title.first.first() {
        Some(&"delete") => &["DELETE"],
        Some(&"get" | &"list") => &["GET", "HEAD"],
        _ => return false,
    };
    title.first.first() != Some(verb) && has_any(methods) && !has_any(usual)
}

/// What the files of pages about changes end with, the verb of their titles, and their methods.
const NAMES: [(&str, &str, &[&str]); 3] =
    [("update", "update", &["PATCH", "PUT"]), ("patch", "update", &["PATCH"]), ("create", "create", &["POST", "PUT"])];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;
    use crate::lint::lint_page;
    use crate::page::Page;

    #[track_caller]
    fn check(title: &str, methods: &[&str], is_wrong: bool) {
        let blocks: String = methods.iter().map(|method| format!("```http\n{method} /lamps\n```\n\n")).collect();
        let text = format!("# {title}\n\n## HTTP request\n\n{blocks}");
        let found = lint_page(&Page::parse("lamp.md", &text), &TypeIndex::default(), None).diagnostics;
        let found: Vec<u32> =
            found.iter().filter(|own| own.code == Code::TitleContradictsMethod).map(|own| own.line).collect();
        assert_eq!(found, if is_wrong { vec![1] } else { vec![] }, "{title} {methods:?}");
    }

    #[test]
    fn the_verb_of_a_title_is_that_of_a_method() {
        check("Delete lamp", &["GET"], true);
        check("Get lamp", &["DELETE", "PATCH"], true);
        check("List lamps", &["PUT"], true);
        check("Create lamp", &["GET"], true);
        check("Update lamp", &["DELETE"], true);
        check("Update lamp", &["GET"], true);
    }

    #[test]
    fn what_an_action_may_do_or_another_title_is_not_judged() {
        check("Delete lamp", &["DELETE"], false);
        check("Delete lamp", &["GET", "DELETE"], false);
        check("Delete lamps", &["POST"], false);
        check("Get lamps by place", &["POST"], false);
        check("Create lamp", &["PUT"], false);
        check("Update lamp", &["POST"], false);
        check("lamp: delete", &["POST"], false);
        check("Deleted lamps", &["GET"], false);
        check("Create", &["GET"], false);
        check("Delete lamp", &[], false);
    }

    #[test]
    fn the_name_of_the_file_may_say_that_the_title_is_wrong() {
        let check = |file: &str, title: &str, method: &str, is_wrong: bool| {
            let text = format!("# {title}\n\n## HTTP request\n\n```http\n{method} /lamps\n```\n");
            let found = lint_page(&Page::parse(file, &text), &TypeIndex::default(), None).diagnostics;
            let found = found.iter().any(|own| own.code == Code::TitleContradictsMethod);
            assert_eq!(found, is_wrong, "{file} {title} {method}");
        };
        check("v1.0/api/lamp-update.md", "Delete lamp", "PATCH", true);
        check("lamp-create.md", "List lamps", "POST", true);
        check("lamp-patch.md", "删除灯", "PATCH", true);
        check("lamp-delete.md", "Delete lamp", "PATCH", false);
        check("lamp-post-delete.md", "Delete lamps", "POST", false);
        check("lamp-update.md", "Update lamp", "PATCH", false);
        check("lamp-update.md", "Create lamp", "PUT", false);
        check("lamp-update.md", "Delete lamp", "POST", false);
    }

    #[test]
    fn titles_in_other_languages_have_their_verbs_at_the_beginning_or_at_the_end() {
        for title in [
            "Excluir lâmpada",
            "删除灯",
            "删除 lamp",
            "lamp を削除する",
            "Lampe löschen",
            "램프 삭제",
            "Удаление лампы",
        ] {
            check(title, &["GET"], true);
            check(title, &["DELETE"], false);
            check(title, &["POST"], false);
        }
        check("Mettre à jour la lampe", &["GET"], true);
        check("创建灯", &["GET"], true);
        check("<a name=\"delete-lamp\"></a>Smazat lampu", &["GET"], true);
        // What the verb is about may be something else, and what has no verb is a name.
        check("创建或获取灯", &["GET"], false);
        check("删除", &["GET"], false);
        check("已删除的灯", &["GET"], false);
        check("<a name=\"lamp-dim\"></a>Delete", &["GET"], false);
        check("Smazat lampu", &["GET"], false);
    }
}
