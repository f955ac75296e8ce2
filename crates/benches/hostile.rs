//! Pages of any shape that nobody writes, and that an import from anywhere may hold: large, and all of one thing.

mod beside;
mod texts;
mod urls;

use std::fmt::Write as _;

/// A shape of page: what it is made of, and a page of that shape of about so many bytes.
pub type Shape = (&'static str, fn(usize) -> String);

/// All shapes.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    SHAPES.iter().chain(beside::SHAPES).chain(texts::SHAPES).chain(urls::SHAPES)
}

const SHAPES: &[Shape] = &[
    ("members on one line", |size| response(&object(size / 20, ",", |at| format!("\"m{at}\":\"x{at}\"")))),
    ("members of one name on one line", |size| response(&object(size / 8, ",", |_| "\"a\":1".to_owned()))),
    ("members on a line each", |size| response(&object(size / 20, ",\n", |at| format!("\"m{at}\":\"x{at}\"")))),
    ("members of one name on a line each", |size| response(&object(size / 8, ",\n", |_| "\"a\":1".to_owned()))),
    ("trailing commas", |size| response(&object(size / 8, ",", |_| "\"a\":[1,]".to_owned()))),
    ("missing commas", |size| response(&object(size / 8, " ", |_| "\"a\":1".to_owned()))),
    ("comments in JSON", |size| response(&object(size / 16, ",", |_| "/* a */\"a\":1".to_owned()))),
    ("no-break spaces in JSON", |size| response(&object(size / 12, ",\u{a0}", |_| "\"a\":1".to_owned()))),
    ("dots in JSON", |size| response(&format!("{{\"a\":1,{}}}", ".".repeat(size)))),
    ("deep arrays", |size| response(&format!("{}1{}", "[".repeat(size / 2), "]".repeat(size / 2)))),
    ("many values of the greatest depth", |size| {
        response(&format!("{}{}{}", "[".repeat(120), list(size / 2, ",", |_| "1".to_owned()), "]".repeat(120)))
    }),
    ("values that look like type names", |size| response(&object(size / 16, ",\n", |_| "\"a\":\"String\"".to_owned()))),
    ("a request and its echo", |size| {
        let body = object(size / 40, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        format!("{TITLE}{}{}", request(&body), answer(&body))
    }),
    ("a request and its echo in reverse", |size| {
        let count = size / 40;
        let body = object(count, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let back = object(count, ",\n", |at| format!("\"m{}\":\"y{at}\"", count - at));
        format!("{TITLE}{}{}", request(&body), answer(&back))
    }),
    ("a table of as many properties", |size| {
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let rows = list(size / 60, "", |at| format!("|m{at}|Int32|Text.|\n"));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("a table of other properties", |size| {
        let body = object(size / 60, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let rows = list(size / 60, "", |at| format!("|n{at}|Int32|Text.|\n"));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("one property in all rows", |size| {
        let rows = list(size / 20, "", |_| "|m|Int32|Text.|\n".to_owned());
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{}",
            request("{}"),
            answer("{}")
        )
    }),
    ("an enumeration of many values", |size| enumeration(size / 2, ", ", true)),
    ("an enumeration of many sentences", |size| enumeration(size / 2, ". Possible values are: ", true)),
    ("an enumeration without back quotes", |size| enumeration(size / 2, ", ", false)),
    ("a value of many flags", |size| {
        let table = enumeration(size / 2, ", ", true);
        let flags = list(size / 20, ",", |at| format!("v{at}"));
        format!("{table}{}{}", request(&format!("{{\"state\": \"{flags}\"}}")), answer("{}"))
    }),
    ("a cell of permissions", |size| permissions(&list(size / 12, ", ", |at| format!("User.A{at}")))),
    ("a cell of one permission", |size| permissions(&list(size / 11, ", ", |_| "User.Read".to_owned()))),
    ("a cell of permissions needed together", |size| {
        permissions(&list(size / 12, " and ", |at| format!("User.A{at}")))
    }),
    ("a table of many accounts", |size| {
        let rows = list(size / 40, "", |at| format!("|Application|User.A{at}.Read|\n"));
        format!(
            "{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n{rows}\n{}{}",
            request("{}"),
            answer("{}")
        )
    }),
    ("permissions and many pairs", |size| {
        let cell = list(size / 24, ", ", |at| format!("User.A{at}"));
        format!("{}{}", permissions(&cell), pairs(size / 2))
    }),
    ("a table of many accounts and many pairs", |size| {
        let rows = list(size / 80, "", |at| format!("|Application|User.A{at}.Read|\n"));
        format!("{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n{rows}\n{}", pairs(size / 2))
    }),
    ("permissions for many resources and many pairs", |size| {
        let rows = list(60, "", |at| {
            let cell = list(size / 2000, ", ", |own| format!("User.A{at}x{own}"));
            format!("|things{at}|{cell}|\n")
        });
        let pairs = list(size / 260, "\n", |at| {
            format!("```http\nGET https://graph.microsoft.com/v1.0/things{}/{at}\n```\n\n{}", at % 60, answer("{}"))
        });
        format!("{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Application||\n{rows}\n{pairs}")
    }),
    ("a long title and many pairs", |size| format!("# Get {}\n\n{}", "thing ".repeat(size / 12), pairs(size / 2))),
    ("a property table and many pairs with its members", |size| {
        let rows = list(size / 60, "", |at| format!("|m{at}|[room](room.md)|Text.|\n"));
        let pairs = list(size / 450, "\n", |at| {
            let body = format!("{{\"m{at}\": {{\"a\": 1}}}}");
            format!("{}{}", request(&body), answer(&body))
        });
        format!("{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{pairs}")
    }),
    ("a property table and many pairs", |size| {
        let rows = list(size / 40, "", |at| format!("|m{at}|Int32|Text.|\n"));
        format!("{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}", pairs(size / 2))
    }),
    ("many tables", |size| list(size / 60, "\n", |at| format!("|Property|Type|\n|---|---|\n|m{at}|Int32|\n\ntext\n"))),
    ("a table of many columns", |size| {
        let row = |cell: &str| format!("|{}", format!("{cell}|").repeat(size / 12));
        format!("{}\n{}\n{}\n", row("a"), row("---"), row("b"))
    }),
    ("many pairs", pairs),
    ("many pairs below headings", |size| {
        list(size / 160, "\n", |at| format!("## Example {at} of many\n\n{}{}", request("{}"), answer("{\"a\": 1}")))
    }),
    ("many pairs below headings of one name", |size| {
        list(size / 160, "\n", |_| format!("## Example of many\n\n{}{}", request("{}"), answer("{\"a\": 1}")))
    }),
    ("many responses to one request", |size| {
        format!("{TITLE}{}{}", request("{\"a\": 1}"), list(size / 70, "\n", |_| answer("{\"a\": 1}")))
    }),
    ("many responses to one large request", |size| {
        let body = object(size / 40, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        format!("{TITLE}{}{}", request(&body), list(size / 140, "\n", |_| answer("{\"a\": 1}")))
    }),
    ("many requests without a response", |size| list(size / 80, "\n", |_| request("{\"a\": 1}"))),
    ("many responses without a request", |size| list(size / 70, "\n", |_| answer("{\"a\": 1}"))),
    ("responses that share many requests", |size| {
        let requests = list(size / 240, "\n", |at| {
            format!("<!-- {{\"blockType\": \"request\", \"name\": \"r{at}\"}} -->\n{}", request("{}"))
        });
        let names = list(size / 60, ",", |at| format!("\"r{}\"", at + 1_000_000));
        let shared = format!("<!-- {{\"blockType\": \"response\", \"name\": [{names}]}} -->\n{}", answer("{}"));
        let few = format!("<!-- {{\"blockType\": \"response\", \"name\": [\"x\", \"y\"]}} -->\n{}", answer("{}"));
        format!("{TITLE}{requests}{shared}{}", few.repeat(size / 400))
    }),
    ("many templates", |size| {
        let templates = list(size / 20, "\n", |at| format!("GET /things/{{id}}/a{at}"));
        format!(
            "{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{}{}",
            request("{}"),
            answer("{}")
        )
    }),
    ("many templates and as many pairs", |size| {
        let templates = list(size / 300, "\n", |at| format!("GET /things/{{id}}/a{at}"));
        let pairs = list(size / 150, "\n", |at| {
            format!("```http\nGET https://graph.microsoft.com/v1.0/things/1/a{at}\n```\n\n{}", answer("{}"))
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("many templates and as many pairs on none", |size| {
        let templates = list(size / 300, "\n", |at| format!("GET /{{a}}/{{b}}/{{c}}/a{at}"));
        let pairs = list(size / 150, "\n", |at| {
            format!("```http\nGET https://graph.microsoft.com/v1.0/a/b/c/b{at}\n```\n\n{}", answer("{}"))
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("a template of many parameters", |size| {
        let template = list(size / 12, "", |at| format!("/a{{b{at}}}c"));
        let example = list(size / 12, "", |at| format!("/ab{at}c"));
        format!(
            "{TITLE}## HTTP request\n\n```http\nGET {template}\n```\n\n## Example\n\n```http\nGET {example}\n```\n\n{}",
            answer("{}")
        )
    }),
    ("a segment of many parameters", |size| {
        let template = list(size / 8, "", |at| format!("a{{b{at}}}"));
        format!(
            "{TITLE}## HTTP request\n\n```http\nGET /{template}\n```\n\n## Example\n\n```http\nGET /{}\n```\n\n{}",
            "a".repeat(size / 4),
            answer("{}")
        )
    }),
    ("a URL of many arguments", |size| url(&format!("/f({})", list(size / 12, ",", |at| format!("a{at}='{at}'"))))),
    ("a URL of many options", |size| url(&format!("/f?{}", list(size / 12, "&", |at| format!("$a{at}={at}"))))),
    ("a URL of blanks", |size| url(&format!("/f?$filter={}", "a eq b ".repeat(size / 7)))),
    ("a URL of parentheses", |size| url(&format!("/{}", "(".repeat(size)))),
    ("a URL of quotes", |size| url(&format!("/f?$filter={}", "'".repeat(size)))),
    ("a URL of braces", |size| url(&format!("/{}", "{".repeat(size)))),
    ("a URL of many segments", |size| url(&"/a".repeat(size / 2))),
    ("a URL over many lines", |size| url(&format!("/f(\n{}", "a,\n".repeat(size / 3)))),
    ("many request lines", |size| {
        let lines = "GET https://graph.microsoft.com/v1.0/users\n".repeat(size / 43);
        format!("{TITLE}```http\n{lines}```\n\n{}", answer("{}"))
    }),
    ("many request lines with blanks between them", |size| {
        let lines = "GET https://graph.microsoft.com/v1.0/users\n\n".repeat(size / 44);
        format!("{TITLE}```http\n{lines}```\n\n{}", answer("{}"))
    }),
    ("many header fields", |size| {
        let fields = list(size / 12, "", |at| format!("X-A{at}: b\n"));
        format!("{TITLE}{}```http\nHTTP/1.1 200 OK\n{fields}\n{{}}\n```\n", request("{}"))
    }),
    ("a header field over many lines", |size| {
        let fields = "  b\n".repeat(size / 4);
        format!("{TITLE}{}```http\nHTTP/1.1 200 OK\nX-A: b\n{fields}\n{{}}\n```\n", request("{}"))
    }),
    ("header fields that HTTP does not allow", |size| {
        let fields = "X-A: b\u{1}c\n".repeat(size / 10);
        format!("{TITLE}{}```http\nHTTP/1.1 200 OK\n{fields}\n{{}}\n```\n", request("{}"))
    }),
    ("a table of header fields and many pairs", |size| {
        let rows = list(size / 60, "", |_| "|Accept|application/json|\n".to_owned());
        format!("{TITLE}|Name|Value|\n|---|---|\n|Authorization|Bearer x|\n{rows}\n{}", pairs(size / 2))
    }),
    ("many headings", |size| list(size / 14, "\n", |at| format!("### H {at}\n"))),
    ("headings of all levels", |size| list(size / 14, "\n", |at| format!("{} H\n", "#".repeat(at % 6 + 1)))),
    ("many anchors", |size| list(size / 24, "\n", |at| format!("<a name=\"a{at}\"></a>text\n"))),
    ("many anchors in one heading", |size| format!("# {}\n", "<a name=\"a\"></a>".repeat(size / 16))),
    ("many comments", |size| list(size / 30, "\n", |at| format!("<!-- {{\"name\": \"a{at}\"}} -->\n"))),
    ("many comments on one line", |size| "<!-- {} -->".repeat(size / 11)),
    ("comments that never end", |size| "<!-- ".repeat(size / 5)),
    ("comments that are not JSON", |size| "<!-- { a = b } -->\n\n".repeat(size / 20)),
    ("a large metadata comment", |size| {
        let body = object(size / 20, ",", |at| format!("\"m{at}\":\"x{at}\""));
        format!("<!-- {body} -->\n{}{}", request("{}"), answer("{}"))
    }),
    ("many links", |size| "[a](../resources/user.md) ".repeat(size / 26)),
    ("many links in the response section", |size| {
        format!("{TITLE}## Response\n\n{}\n\n{}", "[a](../resources/a.md) ".repeat(size / 40), pairs(size / 2))
    }),
    ("many statuses in the prose", |size| {
        let statuses = "`200 OK` ".repeat(size / 18);
        format!("{TITLE}## Response\n\n{statuses}\n\n{}", pairs(size / 2))
    }),
    ("statuses in the prose that no pair has", |size| {
        let statuses = "`202 Accepted` ".repeat(size / 30);
        format!("{TITLE}## Response\n\n{statuses}\n\n{}", pairs(size / 2))
    }),
    ("code spans", |size| "`a` ".repeat(size / 4)),
    ("back quotes that are not closed", |size| list(size / 400, " ", |at| "`".repeat(at % 800))),
    ("a line of TODO", |size| format!("# T\n\n{}\n", "**TODO: x** ".repeat(size / 12))),
    ("lines of TODO", |size| format!("# T\n\n{}\n", "**TODO: x**\n".repeat(size / 12))),
    ("a line of generator leftovers", |size| format!("# T\n\n{}\n", "** Entity URI for ".repeat(size / 18))),
    ("quotes in quotes", |size| format!("{} a\n", ">".repeat(size.min(2000)))),
    ("lists in lists", |size| list(size / 200, "", |at| format!("{}- a\n", "  ".repeat(at % 100)))),
    ("a page without line ends", |size| "word ".repeat(size / 5)),
    ("line ends alone", |size| "\n".repeat(size)),
    ("carriage returns alone", |size| format!("# A\r\r{}", "a\r".repeat(size / 2))),
    ("opening brackets", |size| "[".repeat(size)),
    ("stars", |size| "*a ".repeat(size / 3)),
    ("tildes and fences", |size| "```\n\n".repeat(size / 5)),
    ("blocks that are not closed", |size| {
        "```http\nGET https://graph.microsoft.com/v1.0/users\n### Response\n\n".repeat(size / 70)
    }),
    ("a block with fences in it", |size| {
        format!("{TITLE}````http\nGET https://graph.microsoft.com/v1.0/users\n{}````\n", "```http\n".repeat(size / 8))
    }),
    ("zones", |size| {
        list(size / 200, "\n", |at| {
            format!(":::zone pivot=\"z{at}\"\n\n{}{}\n:::zone-end\n", request("{}"), answer("{}"))
        })
    }),
    ("spans of two languages", |size| {
        "<span data-ttu-id=\"1\">a</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">a</span></span> "
            .repeat(size / 98)
    }),
    ("JSON blocks", |size| list(size / 30, "\n", |at| format!("```json\n{{\"a{at}\": 1,}}\n```\n"))),
    ("wrong GUIDs", |size| {
        response(&object(size / 50, ",", |at| format!("\"g{at}\":\"11111111-2222-3333-4444-5555555555555\"")))
    }),
    ("wrong dates", |size| response(&object(size / 40, ",", |at| format!("\"d{at}\":\"2021-02-30T00:00:00Z\"")))),
    ("links to other versions", |size| {
        response(&object(size / 80, ",", |at| {
            format!("\"l{at}@odata.nextLink\":\"https://graph.microsoft.com/beta/users\"")
        }))
    }),
];

const TITLE: &str = "# Get thing\n\n";

fn list(count: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..count.max(1) {
        let _ = write!(text, "{}{}", if at == 0 { "" } else { separator }, item(at));
    }
    text
}

fn object(count: usize, separator: &str, member: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", list(count, separator, member))
}

fn request(body: &str) -> String {
    format!("```http\nPOST https://graph.microsoft.com/v1.0/things\nContent-Type: application/json\n\n{body}\n```\n\n")
}

fn answer(body: &str) -> String {
    format!("```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{body}\n```\n\n")
}

fn response(body: &str) -> String {
    format!("{TITLE}{}{}", request("{}"), answer(body))
}

fn pairs(size: usize) -> String {
    format!("{}{}", request("{\"a\": 1}"), answer("{\"a\": 1}")).repeat((size / 190).max(1))
}

fn url(path: &str) -> String {
    format!("{TITLE}```http\nGET https://graph.microsoft.com/v1.0{path}\n```\n\n{}", answer("{\"value\": []}"))
}

fn permissions(cell: &str) -> String {
    format!(
        "{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Delegated (work or school account)|{cell}|\n\
         |Delegated (personal Microsoft account)|Not supported.|\n|Application|{cell}|\n\n{}{}",
        request("{}"),
        answer("{}")
    )
}

fn enumeration(size: usize, separator: &str, is_code: bool) -> String {
    let quote = if is_code { "`" } else { "" };
    let values = list(size / 10, separator, |at| format!("{quote}v{at}{quote}"));
    format!(
        "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n\
         |state|String|Possible values are: {values}.|\n\n{}{}",
        request("{\"state\": \"none\"}"),
        answer("{}")
    )
}
