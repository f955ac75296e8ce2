//! Which columns of a table hold the names, the types and whether a property is required. Pages put them in any order, and translate
//! their heads, so that what stands in the cells decides; a head that is known settles what the cells leave open.

use std::sync::LazyLock;

use super::type_cell::{self, WrittenName, WrittenType};
use super::word_list::{WordList, WordSet, is_one_of};
use crate::page::{Cell, Table};

/// The columns of a property table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) name: usize,
    pub(super) of_type: usize,
    pub(super) required: Option<usize>,
}

/// Heads of columns with types, in lower case.
const TYPE_HEADS: &[&str] = &[
    "type",
    "data type",
    "typ",
    "datentyp",
    "tipo",
    "tipo de dados",
    "tipo de datos",
    "tipo di dati",
    "type de données",
    "тип",
    "тип данных",
    "类型",
    "数据类型",
    "類型",
    "資料類型",
    "型",
    "種類",
    "タイプ",
    "データ型",
    "형식",
    "유형",
    "데이터 형식",
];

/// Heads of columns with names, in lower case.
const NAME_HEADS: &[&str] = &[
    "property",
    "properties",
    "property name",
    "name",
    "parameter",
    "parameter name",
    "relationship",
    "field",
    "member",
    "eigenschaft",
    "beziehung",
    "propiedad",
    "nombre",
    "parámetro",
    "relación",
    "propriedade",
    "nome",
    "parâmetro",
    "relação",
    "propriété",
    "nom",
    "paramètre",
    "relation",
    "proprietà",
    "parametro",
    "свойство",
    "имя",
    "параметр",
    "属性",
    "名称",
    "参数",
    "关系",
    "プロパティ",
    "名前",
    "パラメーター",
    "속성",
    "이름",
    "매개 변수",
];

/// Words in heads of columns that say whether a property is required, in lower case.
const REQUIRED_HEADS: &[&str] = &[
    "required",
    "mandatory",
    "erforderlich",
    "obrigatóri",
    "necessári",
    "exigid",
    "obligatori",
    "requerid",
    "necesari",
    "requis",
    "obligatoire",
    "richiesto",
    "обязател",
    "必需",
    "必须",
    "必填",
    "必选",
    "需要",
    "必要",
    "必須",
    "필수",
];

static TYPES: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(TYPE_HEADS));
static NAMES: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(NAME_HEADS));
static REQUIRED: LazyLock<WordList> = LazyLock::new(|| WordList::of(REQUIRED_HEADS));

/// What a column says of a property that is required, and of one that is not, in lower case.
const YES: &[&str] =
    &["yes", "y", "true", "required", "ja", "sim", "sí", "si", "oui", "да", "是", "はい", "예", "✓", "✔", "x"];
const NO: &[&str] = &["no", "n", "false", "optional", "nein", "não", "non", "нет", "否", "いいえ", "아니요", "-", ""];

/// The columns of a table; `None` if it is not a table of properties.
pub(super) fn columns(table: &Table<'_>) -> Option<Columns> {
    let rows = &table.rows;
    if rows.is_empty() || is_of_query_options(table) {
        return None;
    }
    let width = table.head.len();
    let head = |column: usize| table.head[column].text.as_ref();
    let is_headed = |column: usize, heads: &WordSet| heads.has(head(column).trim_matches(['*', ' ', ':', '?']));
    let columns: Vec<Content> = (0..width).map(|column| Content::of(table, column)).collect();
    if columns.iter().any(|column| column.permissions * 2 >= rows.len()) {
        return None;
    }
    let may_hold_names = |column: &Content| column.names * 2 >= rows.len();
    let is_named = |column: usize| columns[column].names > 0 && is_headed(column, &NAMES);
    let of_names: Vec<usize> = (0..width).filter(|at| may_hold_names(&columns[*at]) || is_named(*at)).collect();
    // A table without names need not be searched for types, which takes longer.
    if of_names.is_empty() {
        return None;
    }
    let is_value: Vec<bool> = rows.iter().map(|row| is_of_values(row)).collect();
    let headed = (0..width).find(|column| is_headed(*column, &TYPES) && columns[*column].filled > 0);
    let of_type = headed.or_else(|| {
        // Of several columns that could be types, the one with types that nothing else is called like is.
        let may_hold = |column: &usize| columns[*column].filled * 2 >= rows.len();
        let rank = |column: usize| {
            let own = Types::of(table, column, &is_value);
            (own.certain > 0 && own.types * 2 >= rows.len()).then_some((own.certain, width - column, column))
        };
        // The only column of names cannot be that of the types, and is read as one only where another may be.
        let (names, others): (Vec<usize>, Vec<usize>) =
            (0..width).filter(may_hold).partition(|column| of_names == [*column]);
        let best = others.into_iter().filter_map(rank).max()?;
        names.into_iter().filter_map(rank).chain([best]).max().map(|(_, _, column)| column)
    })?;
    let holds_names = |column: usize| column != of_type && may_hold_names(&columns[column]);
    let named = (0..width).find(|column| *column != of_type && is_named(*column));
    // A name behind the type takes more to believe: tables of anything have links before words.
    let has_primitives = || {
        let mut types = Types::read(table, of_type, &is_value).flatten();
        types.any(|written| matches!(written.name, WrittenName::Primitive(_)))
    };
    let name = named.or_else(|| (0..of_type).rev().find(|column| holds_names(*column))).or_else(|| {
        let mut behind = of_type + 1..width;
        behind.find(|column| holds_names(*column)).filter(|_| has_primitives())
    })?;
    let required = (0..width).find(|column| {
        let are_answers = || rows.iter().all(|row| row.get(*column).is_some_and(is_any_answer));
        *column != of_type && *column != name && REQUIRED.is_in(head(*column)) && are_answers()
    });
    Some(Columns { name, of_type, required })
}

/// Whether a cell says yes.
pub(super) fn says_yes(cell: &Cell<'_>) -> bool {
    is_answer(cell, YES)
}

fn is_answer(cell: &Cell<'_>, answers: &[&str]) -> bool {
    is_one_of(cell.text.trim_matches(['.', ' ', '*']), answers)
}

/// Whether a table is of query options, which have types, too.
fn is_of_query_options(table: &Table<'_>) -> bool {
    table.rows.iter().filter_map(|row| row.first()).any(|cell| cell.text.starts_with('$'))
}

/// How many cells of a column are what.
struct Content {
    names: usize,
    filled: usize,
    permissions: usize,
}

impl Content {
    fn of(table: &Table<'_>, column: usize) -> Content {
        let mut content = Content { names: 0, filled: 0, permissions: 0 };
        for cell in table.rows.iter().filter_map(|row| row.get(column)) {
            let is_name = is_name(&cell.text);
            content.names += usize::from(if is_name { !is_truth(&cell.text) } else { is_word(cell) });
            content.filled += usize::from(!cell.text.is_empty());
            content.permissions += usize::from(is_name && is_permission(&cell.text));
        }
        content
    }
}

/// How many cells of a column read as types, and how many of them surely.
struct Types {
    types: usize,
    certain: usize,
}

impl Types {
    /// The types of a column, up to where more than half of its cells are not types.
    fn of(table: &Table<'_>, column: usize, is_value: &[bool]) -> Types {
        let (mut types, mut others) = (Types { types: 0, certain: 0 }, 0);
        for written in Types::read(table, column, is_value) {
            match written {
                Some(written) => {
                    types.types += 1;
                    types.certain += usize::from(written.is_certain());
                }
                None => others += 1,
            }
            if others * 2 > table.rows.len() {
                break;
            }
        }
        types
    }

    /// What the cells of a column read as. Those in rows of values do not count.
    fn read(table: &Table<'_>, column: usize, is_value: &[bool]) -> impl Iterator<Item = Option<WrittenType>> {
        table.rows.iter().zip(is_value).map(move |(row, is_value)| {
            row.get(column).filter(|cell| !*is_value && !is_any_answer(cell)).and_then(type_cell::read)
        })
    }
}

/// Whether a row is of the value of `@odata.type`, which is the name of a type.
fn is_of_values(row: &[Cell<'_>]) -> bool {
    row.iter().any(|cell| cell.text.ends_with("@odata.type"))
}

/// No answer is longer, in bytes.
const LONGEST_ANSWER: usize = 24;

fn is_any_answer(cell: &Cell<'_>) -> bool {
    cell.text.len() <= LONGEST_ANSWER && (is_answer(cell, YES) || is_answer(cell, NO))
}

/// Whether a name is that of a permission, such as `Lamp.Read`: the namespaces of types begin in lower case.
fn is_permission(name: &str) -> bool {
    name.contains('.')
        && !name.starts_with("Edm.")
        && name.split('.').all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// Whether a cell may hold the translated name of a property.
fn is_word(cell: &Cell<'_>) -> bool {
    let is_translated = || {
        !cell.text.is_ascii() && !cell.text.contains(char::is_whitespace) && cell.text.chars().any(char::is_alphabetic)
    };
    cell.links.is_empty() && cell.text.len() <= 60 && is_translated()
}

/// Whether a name is a value of a property instead.
fn is_truth(name: &str) -> bool {
    ["true", "false", "yes", "no"].iter().any(|value| name.eq_ignore_ascii_case(value))
}

/// Whether a text is the name of a property, possibly of an annotation.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('@').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    /// The columns as `name type required`.
    #[track_caller]
    fn check(text: &str, expected: Option<(usize, usize, Option<usize>)>) {
        let page = Page::parse("p.md", text);
        let found = columns(page.tables().next().expect("a table"));
        assert_eq!(found.map(|columns| (columns.name, columns.of_type, columns.required)), expected, "{text}");
    }

    #[test]
    fn columns_are_known_by_their_heads_and_what_stands_in_them() {
        check("|Property|Type|\n|---|---|\n|a|String|\n", Some((0, 1, None)));
        check("|Eigenschaft|Typ|\n|---|---|\n|a|Zeichenfolge|\n|b|Farbe|\n", Some((0, 1, None)));
        check(
            "|Property|Required|Type|Description|\n|---|---|---|---|\n|a|Yes|String|x|\n|b|No|Int32|y|\n",
            Some((0, 2, Some(1))),
        );
        check("|Type|Property|Description|\n|---|---|---|\n|String|a|x|\n|Int32|b|y|\n", Some((1, 0, None)));
        check("|Description|Type|Property|\n|---|---|---|\n|The a.|String|a|\n", Some((2, 1, None)));
        check("|Group|Property|Type|\n|---|---|---|\n|x|a|String|\n", Some((1, 2, None)));
        check("|属性|说明|必需|类型|\n|---|---|---|---|\n|a|甲|是|字符串|\n|b|乙|否|布尔|\n", Some((0, 3, Some(2))));
        check("|Właściwość|Typ|\n|---|---|\n|a|ciąg|\n", Some((0, 1, None)));
        check("|P|Q|\n|---|---|\n|x|Double|\n|y|Double|\n", Some((0, 1, None)));
        check("|P|Q|\n|---|---|\n|a|Edm.Int32|\n", Some((0, 1, None)));
        check("|P|Q|\n|---|---|\n|a|lamp|\n|b|[lamp](lamp.md)|\n", Some((0, 1, None)));
    }

    #[test]
    fn other_tables_are_no_property_tables() {
        check("|Name|Value|\n|---|---|\n|$top|Int32|\n", None);
        check("|Permission type|Permissions|\n|---|---|\n|Application|Lamp.Read|\n", None);
        check("|Name|Value|\n|---|---|\n|@odata.type|microsoft.graph.lamp|\n|color|%red%|\n", None);
        check("|Resource|Version|\n|---|---|\n|[lamp](lamp.md)|GA|\n|[room](room.md)|GA|\n", None);
        check("|Type|Use|On|\n|---|---|---|\n|[lamps](#lamps)|Light in rooms.|`true`|\n", None);
        check("|Member|Value|\n|---|---|\n|red|0|\n|green|1|\n", None);
        check(
            "|Permission type|Permissions|Resource|\n|---|---|---|\n|Delegated|Lamp.Read|[lamp](lamp.md)|\n|Application|Lamp.Read|[lamp](lamp.md)|\n",
            None,
        );
        check("|Method|Return type|\n|---|---|\n|[Get lamp](get.md)|[lamp](lamp.md)|\n", None);
    }
}
