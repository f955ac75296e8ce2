//! Pages of tables, comments, zones, fences and text around the pairs.

use super::{Shape, TITLE, answer, enumeration, list, object, pairs, permissions, request, response};

pub(super) const SHAPES: &[Shape] = &[
    ("a long heading above many permission tables", |size| {
        let heading = words(size / 40, "word");
        let tables = list(size / 120, "\n", |at| {
            format!("|Permission type|Permissions|\n|---|---|\n|Application|User.A{at}|\n\ntext\n")
        });
        format!("{TITLE}## Permissions {heading}\n\n{tables}\n{}{}", request("{}"), answer("{}"))
    }),
    ("many headings above many permission tables", |size| {
        let tables = list(size / 100, "\n", |at| {
            format!("### For thing{at}\n\n|Permission type|Permissions|\n|---|---|\n|Application|User.A{at}|\n")
        });
        format!("{TITLE}## Permissions\n\n{tables}\n{}{}", request("{}"), answer("{}"))
    }),
    ("labels of words of the URLs and many pairs", |size| {
        let names = size / 20;
        let rows = list(60, "", |row| {
            format!("|{}|User.A{row}|\n", list(names / 60, " ", |at| format!("w{}x", (row * 7 + at * 13) % 900)))
        });
        let pairs = list(size / 220, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/w{}x/w{}x/{at}\n```\n\n{}",
                at % 900,
                (at * 3) % 900,
                answer("{}")
            )
        });
        format!("{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Application||\n{rows}\n{pairs}")
    }),
    ("permission columns for each account", |size| {
        let rows = list(size / 60, "", |at| format!("|thing{at}|User.A{at}|User.B{at}|Not supported.|\n"));
        format!(
            "{TITLE}## Permissions\n\n|Resource|Application|Delegated (work or school account)|Delegated (personal Microsoft account)|\n|---|---|---|---|\n{rows}\n{}",
            pairs(size / 3)
        )
    }),
    ("permissions in lines of a cell", |size| {
        permissions(&list(size / 60, "<br>", |at| format!("For thing{at}: User.A{at}")))
    }),
    ("properties of an enumeration with many members", |size| {
        let count = size / 90;
        let rows = list(count, "", |at| format!("|m{at}|color|x|\n"));
        let members = list(count, "", |at| format!("|v{at}|{at}|\n"));
        let body = object(count, ",\n", |at| format!("\"m{at}\":\"v{at}\""));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n### color values\n\n\
             |Member|Value|\n|---|---|\n{members}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("links in a cell of types", |size| {
        let cell = "[a](a.md) ".repeat(size / 10);
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|{cell}|x|\n\n{}{}",
            request("{\"m\": 1}"),
            answer("{}")
        )
    }),
    ("bold words in a cell of descriptions", |size| {
        let cell = "**a**, ".repeat(size / 7);
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|String|Possible values are: {cell}|\n\n{}{}",
            request("{\"m\": \"x\"}"),
            answer("{}")
        )
    }),
    ("a long description", |size| {
        let cell = "Required. Not null. Possible values are a. ".repeat(size / 43);
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|String|{cell}|\n\n{}{}",
            request("{\"m\": \"x\"}"),
            answer("{}")
        )
    }),
    ("a description of dots", |size| {
        let cell = ". ".repeat(size / 2);
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|String|Possible values are: `a`, {cell}|\n\n{}{}",
            request("{\"m\": \"x\"}"),
            answer("{}")
        )
    }),
    ("many introductions of lists", |size| {
        let cell = "possible values are: `a`, `b` not. ".repeat(size / 35);
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|String|{cell}|\n\n{}{}",
            request("{\"m\": \"x\"}"),
            answer("{}")
        )
    }),
    ("required members that are missing", |size| {
        let half = size / 70;
        let rows = list(half * 2, "", |at| format!("|member{at}|Int32|Required. Text.|\n"));
        let body = object(half, ",\n", |at| format!("\"member{}\":1", at));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("required members that are misspelled", |size| {
        let half = size / 70;
        let rows = list(half * 2, "", |at| format!("|m{at}|Int32|Required. Text.|\n"));
        let body =
            object(half, ",\n", |at| if at % 2 == 0 { format!("\"m{}\":1", at) } else { format!("\"q{}\":1", at) });
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("optional members of a comment", |size| {
        let third = size / 100;
        let rows = list(third * 2, "", |at| format!("|m{at}|Int32|Required. Text.|\n"));
        let body = object(third, ",\n", |at| format!("\"m{}\":1", at));
        let names = list(third, ",", |at| format!("\"m{}\"", at + third));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n<!-- {{\"blockType\": \"request\", \"optionalProperties\": [{names}]}} -->\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("a foreign table of other properties", |size| {
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let rows = list(size / 60, "", |at| format!("|nome{at}|Int32|Uma propriedade da lâmpada.|\n"));
        format!(
            "# Criar lâmpada\n\nCria uma nova lâmpada e retorna o objeto.\n\n## <a name=\"request-body\"></a>Corpo\n\n|Propriedade|Tipo|Descrição|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("a table of translated names", |size| {
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let rows = list(size / 60, "", |at| format!("|说明{at}|字符串|灯的说明。|\n"));
        format!(
            "# 创建灯\n\n创建一盏灯，并返回它的对象。\n\n## <a name=\"request-body\"></a>请求正文\n\n|属性|类型|说明|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("rows of enumerations and values of none", |size| {
        let rows = list(size / 100, "", |at| format!("|m{at}|t{at}|Possible values are: `a`, `b`, `c`.|\n"));
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":\"q{at}\""));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("an enumeration table", |size| {
        format!(
            "### color values\n\n|Member|Value|\n|---|---|\n{}\n{}",
            list(size / 40, "", |at| format!("|red{at}|{at}|\n")),
            enumeration(size / 2, ", ", true).replace("|String|", "|color|")
        )
    }),
    ("a wide and long table", |size| {
        let columns = (size as f64 / 8.0).sqrt() as usize;
        let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(columns));
        format!(
            "{TITLE}## Request body\n\n{}{}{}\n{}",
            row("Type"),
            row("---"),
            row("String").repeat(columns),
            pairs(1000)
        )
    }),
    ("a wide and long table of permissions", |size| {
        let columns = (size as f64 / 12.0).sqrt() as usize;
        let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(columns));
        format!(
            "{TITLE}## Permissions\n\n{}{}{}\n{}",
            row("Application"),
            row("---"),
            row("Lamp.Read").repeat(columns),
            pairs(1000)
        )
    }),
    ("objects of many types", |size| {
        response(&format!(
            "{{\"value\":[{}]}}",
            list(size / 60, ",\n", |at| format!("{{\"@odata.type\":\"#microsoft.graph.type{at}\",\"a\":1}}"))
        ))
    }),
    ("members of many dates", |size| {
        response(&object(size / 40, ",\n", |at| format!("\"aDateTime{at}\":\"2021-02-03T10:00:{:02}\"", at % 60)))
    }),
    ("fences of two kinds", |size| "```http\nGET /a\n~~~\n```\n~~~http\nGET /b\n```\n~~~\n\n".repeat(size / 48)),
    ("fences of growing length", |size| list((size as f64 * 2.0).sqrt() as usize, "\n", |at| "`".repeat(at + 3))),
    ("link definitions", |size| {
        format!(
            "{TITLE}{}\n{}",
            list(size / 60, "\n", |at| format!("[a{at}]: https://a/b")),
            list(size / 60, " ", |at| format!("[a{at}]"))
        )
    }),
    ("suppressions in many comments", |size| {
        list(size / 90, "\n", |_| {
            "<!-- {\"type\": \"#page.annotation\", \"suppressions\": [\"todo-left\", \"no-body\"]} -->\n".to_owned()
        })
    }),
    ("many suppressions in one comment", |size| {
        format!(
            "{TITLE}<!-- {{\"type\": \"#page.annotation\", \"suppressions\": [{}]}} -->\n",
            list(size / 20, ",", |at| format!("\"Warning: {at}\""))
        )
    }),
    ("suppressions at blocks with findings", |size| {
        list(size / 250, "\n", |at| {
            format!(
                "<!-- {{\"blockType\": \"request\", \"name\": \"n{at}\", \"suppressions\": [\"a\", \"b\"]}} -->\n{}{}",
                request("{\"a\": 1,}"),
                answer("{\"a\": 1,}")
            )
        })
    }),
    ("quotes within quotes with blocks", |size| {
        list(size / 400, "\n", |at| {
            format!("{0} ```http\n{0} GET https://graph.microsoft.com/v1.0/a\n{0} ```\n\n", ">".repeat(at % 60 + 1))
        })
    }),
    ("blocks in lists", |size| {
        list(size / 200, "", |at| {
            format!(
                "{0}- a\n\n{0}  ```http\n{0}  GET https://graph.microsoft.com/v1.0/a\n{0}  ```\n\n",
                "  ".repeat(at % 30)
            )
        })
    }),
    ("zones within zones", |size| {
        list(size / 260, "\n", |at| {
            format!(
                ":::zone pivot=\"a,b{at}\"\n\n:::moniker range=\">=graph-rest-1.0 || graph-rest-beta\"\n\n{}\n:::moniker-end\n\n{}\n:::zone-end\n",
                request("{}"),
                answer("{}")
            )
        })
    }),
    ("monikers", |size| list(size / 40, "\n", |at| format!("::: moniker range=\"a-{at}\"\n\n::: moniker-end\n"))),
    ("zones of many names", |size| {
        list(size / 600, "\n", |at| {
            format!(
                ":::zone pivot=\"{}\"\n\n{}{}\n:::zone-end\n",
                list(40, ",", |name| format!("n{}", name + at)),
                request("{}"),
                answer("{}")
            )
        })
    }),
    ("includes on one line", |size| {
        format!(
            "{TITLE}## Permissions\n\n{}\n",
            list(size / 40, " ", |at| format!("[!INCLUDE [a](includes/permissions/p{at}.md)]"))
        )
    }),
    ("includes for clouds", |size| {
        format!(
            "{TITLE}{}\n",
            list(size / 60, "\n\n", |at| format!("[!INCLUDE [national-cloud-support](../includes/global-us{at}.md)]"))
        )
    }),
    ("tables of clouds", |size| {
        "|Global service|US Government L4|China|\n|---|---|---|\n|✅|❌|✅|\n\ntext\n\n".repeat(size / 80)
    }),
    ("tabs", |size| {
        "# [HTTP](#tab/http)\n\n```http\nGET https://graph.microsoft.com/v1.0/a\n```\n\n---\n\n".repeat(size / 85)
    }),
    ("answers without a status line", |size| {
        list(size / 150, "\n", |_| {
            "## Response\n\n```http\nGET https://graph.microsoft.com/v1.0/a\n```\n\nThe response is `200 OK`.\n\n```json\n{\"a\": 1}\n```\n".to_owned()
        })
    }),
    ("a long text between a request and answers", |size| {
        let text = "word 200 ".repeat(size / 20);
        let answers = "```json\n{\"a\": 1}\n```\n\n".repeat(size / 50);
        format!("{TITLE}## Response\n\n{}{text}\n\n{answers}", request("{}"))
    }),
    ("tables that are paragraphs", |size| format!("{TITLE}{}", "text\n|a|b|\n|--|--|\n|c|d|\n\n".repeat(size / 26))),
    ("one table that is a paragraph", |size| {
        format!("{TITLE}text\n|Property|Type\n|--|--\n{}", "|c|String\n".repeat(size / 10))
    }),
    ("spans that are not closed", |size| "<span data-ttu-id=\"1\">a ".repeat(size / 24)),
    ("spans in a cell", |size| {
        format!(
            "|a|\n|---|\n|{}|\n",
            "<span data-ttu-id=\"1\">a</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">a</span></span> "
                .repeat(size / 98)
        )
    }),
    ("call-backs", |size| {
        list(size / 120, "\n", |at| {
            format!(
                "```http\nPOST https://bot{at}.contoso.com/callback\nContent-Type: application/json\n\n{{\"a\": 1}}\n```\n"
            )
        })
    }),
    ("misspelled hosts", |size| {
        list(size / 120, "\n", |at| {
            format!(
                "```http\nPOST https://graph.microsft.com/v1.0/a{at}\nContent-Type: application/json\n\n{{\"a\": 1}}\n```\n"
            )
        })
    }),
    ("hosts in values", |size| {
        response(&object(size / 50, ",\n", |at| format!("\"u{at}\":\"https://graph{at}.microsoft.con/v1.0\"")))
    }),
    ("a front matter that is all", |size| format!("---\n{}", "a: b\n".repeat(size / 5))),
    ("a table of statuses", |size| {
        format!(
            "{TITLE}## Response\n\n`200 OK`\n\n|Status|\n|---|\n{}\n{}",
            "|`202`|\n".repeat(size / 16),
            pairs(size / 2)
        )
    }),
    ("a body of request lines", |size| {
        format!(
            "{TITLE}```http\nPOST https://graph.microsoft.com/v1.0/a\n\n{{}}\n{}```\n",
            "GET /a\n\ntext\n".repeat(size / 13)
        )
    }),
    ("a body of typographic quotes", |size| response(&format!("{{{}}}", "\u{201c}a\u{201d}:1,".repeat(size / 10)))),
    ("base64", |size| {
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|m|Binary|x|\n|d|Duration|x|\n|t|DateTimeOffset|x|\n\n{}{}",
            request(&format!(
                "{{\"m\": \"{}\", \"d\": \"P{}\", \"t\": \"2021-02-03T{}\"}}",
                "QUJD".repeat(size / 16),
                "1D".repeat(size / 8),
                "0".repeat(size / 4)
            )),
            answer("{}")
        )
    }),
    ("request and response of many arrays", |size| {
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":[{{\"a\":{at}}}]"));
        let back = object(size / 60, ",\n", |at| format!("\"m{at}\":[{{\"a\":{}}}]", at + 1));
        format!("{TITLE}{}{}", request(&body), answer(&back))
    }),
    ("GUIDs in prose and values", |size| {
        list(size / 300, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/things/0f1e2d3c-4b5a-6978-8796-a5b4c3{at:06}\n```\n\n{}",
                answer(&format!("{{\"id\": \"0f1e2d3c-4b5a-6978-8796-a5b4c4{at:06}\"}}"))
            )
        })
    }),
    ("links to resources and types", |size| {
        let rows = list(size / 120, "", |at| format!("|m{at}|[thing{at}](../resources/thing{at}.md) collection|x|\n"));
        let body =
            object(size / 80, ",\n", |at| format!("\"m{at}\":[{{\"@odata.type\":\"#microsoft.graph.thing{at}\"}}]"));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer(&body)
        )
    }),
    ("shared responses with long bodies", |size| {
        let requests = list(60, "\n", |at| {
            format!("<!-- {{\"blockType\": \"request\", \"name\": \"r{at}\"}} -->\n{}", request("{}"))
        });
        let names = list(60, ",", |at| format!("\"r{at}\""));
        let body = object(size / 20, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        format!("{TITLE}{requests}<!-- {{\"blockType\": \"response\", \"name\": [{names}]}} -->\n{}", answer(&body))
    }),
];

fn words(count: usize, stem: &str) -> String {
    list(count, " ", |at| format!("{stem}{at}"))
}
