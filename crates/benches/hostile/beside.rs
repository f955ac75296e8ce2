//! Pages of much of one thing beside much of another that it is compared with.

use super::{Shape, TITLE, answer, list, object, pairs, request, response};

pub(super) const SHAPES: &[Shape] = &[
    ("comments that accept findings", |size| {
        let comments = "<!-- graph-contracts-ignore no-body: a reason -->\n\n".repeat(size / 52);
        format!("{TITLE}{comments}{}{}", request("{}"), answer("{}"))
    }),
    ("required header fields and many pairs", |size| {
        let rows = list(size / 60, "", |at| format!("|X-A{at}|Required. Text.|\n"));
        format!(
            "{TITLE}## HTTP request\n\n```http\nPOST /things\n```\n\n## Request headers\n\n|Name|Description|\n|---|---|\n{rows}\n{}",
            pairs(size / 2)
        )
    }),
    ("prose of the response and many comments of responses", |size| {
        let text = "It returns the thing, and more words.\n\n".repeat(size / 80);
        let pairs = list(size / 500, "\n", |_| {
            format!(
                "{}<!-- {{\"blockType\": \"response\", \"isCollection\": false, \"@odata.type\": \"microsoft.graph.thing\"}} -->\n{}",
                request("{}"),
                answer("{\"value\": [{\"a\": 1}]}")
            )
        });
        format!("# Get thing\n\n## Response\n\n{text}\n## Example\n\n{pairs}")
    }),
    ("one template and many pairs on none", |size| {
        let pairs = list(size / 100, "\n", |at| format!("```\nGET /a{at}/{at}\n```\n```\nHTTP/1.1 204\n```\n"));
        format!("{TITLE}## HTTP request\n\n```http\nGET /things\n```\n\n## Example\n\n{pairs}")
    }),
    ("many templates and pairs of another method", |size| {
        let templates = list(size / 60, "\n", |at| format!("GET /things/{{id}}/a{at}"));
        let pairs =
            list(size / 200, "\n", |at| format!("```\nPUT /things/1/a{at}/{at}\n```\n```\nHTTP/1.1 204\n```\n"));
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("many templates that are nearly those of many pairs", |size| {
        let templates = list(size / 60, "\n", |at| format!("GET /users/{{id}}/things/{{id}}/parts{at}"));
        let pairs =
            list(size / 200, "\n", |at| format!("```\nGET /me/things/1/parst{at}\n```\n```\nHTTP/1.1 204\n```\n"));
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("templates with values of examples", |size| {
        let templates = list(size / 120, "\n", |at| format!("GET /things/{at}/parts/contoso{at}.com"));
        let pairs = list(size / 200, "\n", |at| {
            format!("```\nGET /things/{}/parts/contoso.com\n```\n```\nHTTP/1.1 204\n```\n", at + 1)
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("templates whose names all paths have", |size| {
        let templates =
            list(900, "\n", |at| format!("GET /a/b/c/d/{}", "{x}/".repeat(at % 60 + 1).trim_end_matches('/')));
        let pairs = list(size / 200, "\n", |at| {
            format!("```\nGET /a/b/c/d{}/{at}\n```\n```\nHTTP/1.1 204\n```\n", "/x".repeat(at % 60 + 61))
        });
        format!("{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n{pairs}")
    }),
    ("many property tables and many pairs", |size| {
        let tables = list(size / 200, "\n", |at| {
            format!("## Thing{at} properties\n\n|Property|Type|Description|\n|---|---|---|\n|m{at}|Int32|Text.|\n")
        });
        let pairs = list(size / 500, "\n", |at| {
            let body = format!("{{\"m{at}\": {at}, \"n{at}\": \"a\"}}");
            format!("{}{}", request(&body), answer(&body))
        });
        format!("{TITLE}{tables}\n## Example\n\n{pairs}")
    }),
    ("many tables of enumerations and many properties", |size| {
        let tables = list(size / 200, "\n", |at| {
            format!("### color{at} values\n\n|Member|Value|\n|---|---|\n|red{at}|0|\n|blue{at}|1|\n")
        });
        let rows =
            list(size / 120, "", |at| format!("|m{at}|color{at}|Possible values are: `red{at}`, `blue{at}`.|\n"));
        let body = object(size / 120, ",\n", |at| format!("\"m{at}\":\"green{at}\""));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{tables}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("a property table of some rows and many pairs", |size| {
        let rows = list(100, "", |at| format!("|m{at}|Int32|Text.|\n"));
        format!("{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}", pairs(size))
    }),
    ("many types of objects and many properties of each", |size| {
        let objects = list(size / 200, ",\n", |at| {
            format!(
                "{{\"@odata.type\":\"#microsoft.graph.type{at}\",{}}}",
                list(8, ",", |own| format!("\"m{at}x{own}\":1"))
            )
        });
        response(&format!("{{\"value\":[{objects}]}}"))
    }),
    ("many hosts and many requests", |size| {
        list(size / 200, "\n", |at| format!("```http\nGET https://host{at}.contoso.com/a\n```\n\n{}", answer("{}")))
    }),
    ("suppressions and many findings", |size| {
        let names = list(size / 80, ",", |at| {
            format!("\"Expected type Double but actual was Int64. Property: w{at}, actual value: 4\"")
        });
        let blocks = "```json\n{\"a\": [1,]}\n```\n".repeat(size / 50);
        format!("{TITLE}<!-- {{\"type\": \"#page.annotation\", \"suppressions\": [{names}]}} -->\n\n{blocks}")
    }),
    ("findings on one long line", |size| {
        response(&object(size / 50, ",", |at| format!("\"a{at}\":\"2021-02-30T00:00:00Z\",\"b{at}\":[1,]")))
    }),
    ("a table of many findings on one line", |size| {
        let cell = list(size / 20, " ", |at| format!("**TODO:** a{at}"));
        format!("{TITLE}|Property|Type|Description|\n|---|---|---|\n|m|String|{cell}|\n")
    }),
    ("permissions in prose and many pairs", |size| {
        let text = list(size / 40, "\n\n", |at| format!("You need User.A{at}.Read or more."));
        format!("{TITLE}## Permissions\n\n{text}\n\n{}", pairs(size / 2))
    }),
    ("includes of permissions and many pairs", |size| {
        let includes = list(size / 80, "\n\n", |at| format!("[!INCLUDE [p](../includes/permissions/p{at}.md)]"));
        format!("{TITLE}## Permissions\n\n{includes}\n\n{}", pairs(size / 2))
    }),
    ("labels of permissions and pairs of as many names", |size| {
        let rows = list(60, "", |at| format!("|name{at}|User.A{at}|\n"));
        let pairs = list(size / 120, "\n", |at| {
            format!("```\nGET /name{}/{at}/name{}\n```\n```\nHTTP/1.1 204\n```\n", at % 60, at % 7)
        });
        format!("{TITLE}## Permissions\n\n|Permission type|Permissions|\n|---|---|\n|Application||\n{rows}\n{pairs}")
    }),
    ("tables of permissions below headings, and many pairs", |size| {
        let tables = list(size / 200, "\n", |at| {
            format!("### For name{at}\n\n|Permission type|Permissions|\n|---|---|\n|Application|User.A{at}|\n")
        });
        let pairs = list(size / 200, "\n", |at| format!("```\nGET /name{at}/{at}\n```\n```\nHTTP/1.1 204\n```\n"));
        format!("{TITLE}## Permissions\n\n{tables}\n## Example\n\n{pairs}")
    }),
    ("links in the request section and many pairs", |size| {
        let links = list(size / 60, " ", |at| format!("[a{at}](../resources/a{at}.md)"));
        format!("{TITLE}## Request body\n\n{links}\n\n{}", pairs(size / 2))
    }),
    ("comments of many types and many properties", |size| {
        let blocks = list(size / 300, "\n", |at| {
            format!(
                "<!-- {{\"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.type{at}\"}} -->\n{}",
                answer("{\"a\": 1}")
            )
        });
        let rows = list(size / 60, "", |at| format!("|m{at}|type{at}|Text.|\n"));
        let body = object(size / 100, ",\n", |at| format!("\"m{at}\":{{}}"));
        format!(
            "{TITLE}## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n{}{blocks}",
            request(&body)
        )
    }),
    ("names of one request on many blocks", |size| {
        let blocks = list(size / 400, "\n", |at| {
            format!(
                "<!-- {{\"blockType\": \"request\", \"name\": [\"r\", \"r{at}\"]}} -->\n{}<!-- {{\"blockType\": \"response\", \"name\": [\"r\", \"r{at}\"]}} -->\n{}",
                request("{}"),
                answer("{}")
            )
        });
        format!("{TITLE}{blocks}")
    }),
    ("requests in a row, and responses in a row", |size| {
        let requests = "```\nGET /a\n```\n".repeat(size / 32);
        let responses = "```\nHTTP/1.1 204\n```\n".repeat(size / 40);
        format!("{TITLE}{requests}{responses}")
    }),
    ("clouds in many tables and many includes", |size| {
        let table = "|Global service|US Government L4|China|\n|---|---|---|\n|✅|❌|✅|\n\n[!INCLUDE [national-cloud-support](../includes/all-clouds.md)]\n\n";
        format!("{TITLE}{}{}", table.repeat(size / 300), pairs(size / 2))
    }),
    ("front matter, headings and pairs", |size| {
        let matter = list(size / 30, "", |at| format!("key{at}: value\n"));
        let headings = list(size / 60, "", |at| format!("{} Heading {at}\n\n", "#".repeat(at % 6 + 1)));
        format!("---\n{matter}---\n{TITLE}{headings}{}", pairs(size / 3))
    }),
    ("monikers and zones around many pairs", |size| {
        let blocks = list(size / 500, "\n", |at| {
            format!(
                ":::moniker range=\"graph-rest-{at} || >=graph-rest-1.0\"\n\n:::zone pivot=\"p{at},q{}\"\n\n{}{}\n:::zone-end\n\n:::moniker-end\n",
                at % 70,
                request("{}"),
                answer("{}")
            )
        });
        format!("{TITLE}{blocks}")
    }),
    ("many header fields in each of many messages", |size| {
        let fields = list(20, "", |at| format!("X-Field{at}: b\n"));
        let pair =
            format!("```http\nPOST /a\n{fields}\n{{}}\n```\n\n```http\nHTTP/1.1 200 OK\n{fields}\n{{}}\n```\n\n");
        format!("{TITLE}{}", pair.repeat(size / 700))
    }),
    ("statuses in prose before many extra responses", |size| {
        let responses = list(size / 100, "\n", |_| "It returns `202`.\n\n```\nHTTP/1.1 204\n```\n".to_owned());
        format!("{TITLE}## Response\n\n`200 OK`\n\n{}{responses}", request("{}"))
    }),
    ("objects that repeat the identifiers of the URL", |size| {
        let pairs = list(size / 400, "\n", |at| {
            let members = list(6, ",\n", |own| format!("\"k{own}\": \"A1b2C3d4E5f6G7h{at}x{own}\""));
            format!(
                "```http\nGET /things/A1b2C3d4E5f6G7h{at}\n```\n\n{}",
                answer(&format!(
                    "{{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#thigns/$entity\", \"id\": \"A1b2C3d4E5f6G7i{at}\", {members}}}"
                ))
            )
        });
        format!("{TITLE}## HTTP request\n\n```http\nGET /things/{{id}}\n```\n\n## Example\n\n{pairs}")
    }),
    ("a request of many members and many answers to it", |size| {
        let body = object(size / 80, ",\n", |at| format!("\"m{at}\":\"x{at}\""));
        let back = object(40, ",\n", |at| format!("\"m{at}\":\"y{at}\""));
        format!("{TITLE}{}{}", request(&body), list(size / 2000, "\n", |_| answer(&back)))
    }),
    ("a translated table and as many members", |size| {
        let rows = list(size / 90, "", |at| format!("|名称{at}|字符串|名称 {at} 的值。|\n"));
        let body = object(size / 60, ",\n", |at| format!("\"name{at}\":\"x\""));
        format!(
            "# 更新灯\n\n更新一盏灯的属性。\n\n## <a name=\"request-body\"></a>请求正文\n\n|属性|类型|说明|\n|---|---|---|\n{rows}\n{}{}",
            request(&body),
            answer("{}")
        )
    }),
    ("call-backs and JSON blocks", |size| {
        let blocks = list(size / 150, "\n", |at| {
            format!(
                "```json\n{{\"id\": \"{at:08}-aaaa-bbbb-cccc-00000000000g\", \"d\": \"2021-13-{:02}\"}}\n```\n",
                at % 28
            )
        });
        format!("{TITLE}{blocks}")
    }),
    ("parameters of functions in tables and templates", |size| {
        let rows = list(size / 60, "", |at| format!("|p{at}|String|\n"));
        let templates = list(size / 120, "\n", |at| format!("GET /things/f(p{at}={{p{at}}},q={{q}})"));
        let pairs = list(size / 200, "\n", |at| {
            format!("```\nGET /things/f(q=1,p{at}='a')/{at}\n```\n```\nHTTP/1.1 204\n```\n")
        });
        format!(
            "{TITLE}## HTTP request\n\n```http\n{templates}\n```\n\n## Parameters\n\n|Name|Type|\n|---|---|\n{rows}\n{pairs}"
        )
    }),
    ("many header fields that nobody knows", |size| {
        let rows = list(16, "", |at| format!("|If-Thing{at}|Required. Text.|\n"));
        let fields = list(20, "", |at| format!("Field-of-a-thing-{at}: b\n"));
        let pair =
            format!("```http\nPOST /a\n{fields}\n{{}}\n```\n\n```http\nHTTP/1.1 200 OK\n{fields}\n{{}}\n```\n\n");
        format!(
            "{TITLE}## HTTP request\n\n```http\nPOST /a\n```\n\n## Request headers\n\n|Name|Description|\n|---|---|\n{rows}\n{}",
            pair.repeat(size / 900)
        )
    }),
];
