//! Pages of long URLs, and of URL templates and examples that are compared with each other.

use super::{Shape, TITLE, answer, list};

pub(super) const SHAPES: &[Shape] = &[
    ("long URLs of segments", |size| urls(size, &"/a".repeat(3900))),
    ("long URLs of options", |size| urls(size, &format!("?{}", list(600, "&", |at| format!("$select=a{at}"))))),
    ("long URLs of blanks", |size| urls(size, &format!("?$filter={}", "a eq b ".repeat(1100)))),
    ("long URLs of arguments", |size| urls(size, &format!("/f({})", list(700, ",", |at| format!("a{at}='{at}'"))))),
    ("long URLs of parentheses", |size| urls(size, &"(".repeat(7900))),
    ("long URLs of closed parentheses", |size| urls(size, &format!("{}{}", "(".repeat(3900), ")".repeat(3900)))),
    ("long URLs of quotes", |size| urls(size, &format!("?$filter={}", "'a".repeat(3900)))),
    ("long URLs of braces", |size| urls(size, &"{a}".repeat(2600))),
    ("long URLs of nested braces", |size| urls(size, &format!("/{}{}", "{".repeat(3900), "}".repeat(3900)))),
    ("long URLs of angles", |size| urls(size, &"<".repeat(7900))),
    ("long URLs of percents", |size| urls(size, &"%27".repeat(2600))),
    ("long URLs of colons", |size| urls(size, &"/a:".repeat(2600))),
    ("long URLs of dates", |size| urls(size, &"/2021-02-30".repeat(700))),
    ("long URLs of a filter of parentheses", |size| {
        urls(size, &format!("?$filter={}a{}", "(".repeat(3900), ")".repeat(3900)))
    }),
    ("long URLs of a filter of any", |size| urls(size, &format!("?$filter={}", "a/any(b:".repeat(900)))),
    ("long URLs of nested expands", |size| urls(size, &format!("?$expand={}", "a($expand=".repeat(700)))),
    ("long templates and long examples", |size| {
        let count = size / 16_000;
        let templates = list(count, "\n", |at| format!("GET /things{at}{}", "/{a}".repeat(1900)));
        let pairs = list(count, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/things{}{}\n```\n\n{}",
                at + 1,
                "/a".repeat(1900),
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("long templates of functions and long examples", |size| {
        let count = size / 16_000;
        let templates = list(count, "\n", |at| format!("GET /things{at}{}", "/f(a={a},b={b},c={c})".repeat(300)));
        let pairs = list(count, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/things{}{}\n```\n\n{}",
                at,
                "/f(c=1,a=2,b=3)".repeat(300),
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("templates with values", |size| {
        let templates = list(size / 60, "\n", |at| format!("GET /things/acdefc6b-2dc6-4e71-b1e9-6d98{at:08}/a"));
        let pairs = list(size / 300, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/things/acdefc6b-2dc6-4e71-b1e9-7d98{at:08}/a\n```\n\n{}",
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("templates of parameters alone and pairs", |size| {
        let templates = list(900, "\n", |at| format!("GET /{{a}}{}", "/{b}".repeat(at % 30 + 1)));
        let pairs = list(size / 200, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/a{}\n```\n\n{}",
                "/b".repeat(at % 40 + 31),
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("templates that begin alike and pairs", |size| {
        let templates =
            list(900, "\n", |at| format!("GET /things/{{a}}{}/f(a={{a}},b={{b}})", "/things".repeat(at % 30 + 1)));
        let pairs = list(size / 300, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/things/1{}/f(b=1,a=2)\n```\n\n{}",
                "/things".repeat(at % 40 + 1),
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("drive paths", |size| {
        let templates = list(200, "\n", |at| format!("PUT /drives/{{a}}/items/{{b}}:/{{c{at}}}:/content"));
        let pairs = list(size / 300, "\n", |at| {
            format!(
                "```http\nPUT https://graph.microsoft.com/v1.0/me/drive/root:/{}x{at}:/content\n```\n\n{}",
                "a/".repeat(40),
                answer("{}")
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("a table of parameters and functions", |size| {
        let rows = list(size / 60, "", |at| format!("|p{at}|String|\n"));
        let pairs = list(size / 300, "\n", |at| {
            format!(
                "```http\nGET https://graph.microsoft.com/v1.0/f(p{at}='x',p{}='y')\n```\n\n{}",
                at + 1,
                answer("{}")
            )
        });
        format!(
            "{TITLE}## HTTP request\n\n```http\nGET /f\n```\n\n## Parameters\n\n|Name|Type|\n|---|---|\n{rows}\n{pairs}"
        )
    }),
];

/// Pairs with URLs that end with this.
fn urls(size: usize, path: &str) -> String {
    let count = (size / (path.len() + 140)).max(1);
    let pairs = list(count, "\n", |at| {
        format!("```http\nGET https://graph.microsoft.com/v1.0/things{at}{path}\n```\n\n{}", answer("{\"value\": []}"))
    });
    format!("{TITLE}## HTTP request\n\n```http\nGET /things{{id}}\nGET /others\n```\n\n## Example\n\n{pairs}")
}
