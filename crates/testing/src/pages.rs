//! Pages to cut and to garble.

use crate::project;

/// Pieces that pages are made of, well-formed and not.
pub const PIECES: [&str; 54] = [
    "# Title\n",
    "## HTTP request\n",
    "## Request body\n",
    "## Response\n",
    "### Example 2: x\n",
    "# [HTTP](#tab/http)\n",
    "```http\n",
    "```\n",
    "``` http\n",
    "~~~\n",
    "````\n",
    "> ```\n",
    "- ```http\n",
    "  ```\n",
    "<!--\n",
    "-->\n",
    "<!-- { \"blockType\": \"request\", \"name\": \"a\" } -->\n",
    "<!-- { \"name\": [\"a\", \"b\"], \"truncated\": \"true\", } -->\n",
    "GET /a/{id}\n",
    "POST https://graph.microsoft.com/v1.0/a/{id}/b('x')?$filter=c eq 'd'\n",
    "DELETE me/x\n",
    "GET\n",
    "post: /a\n",
    "https://graph.microsoft.com/v1.0/a\n",
    "curl https://graph.microsoft.com/v1.0/a\n",
    "HTP/1.1 2ä0 OK\n",
    ":::zone pivot=\"a\"\n\n",
    ":::zone-end\n\n",
    "The response is `200 OK`.\n\n",
    "```json\n{}\n```\n",
    "HTTP/1.1 200 OK\n",
    "HTTP 204\n",
    "HTTP/1.1 999\n",
    "HTTP/1.1 100 Continue\n",
    "Content-Type: application/json\n",
    "Content-Type: text/plain\n",
    "Content-Length: 3\n",
    "Prefer: \u{1b}[31m\n",
    "\n",
    "\r\n",
    "\t",
    "  ",
    "\u{feff}",
    "---\n",
    "{\n",
    "}\n",
    "\"id\": \"0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f\",\n",
    "\"a\": [1, 2.50, null, \"Integer\"],\n",
    "[[[[\n",
    "...\n",
    "|Property|Type|\n|---|---|\n|id|String|\n|id|Int32 collection|\n",
    "'x': \u{a0}1\n",
    "\u{202e}ä\u{0}\n",
    "<a name=\"../x\"></a>",
];

/// The pages written for the tests; documentation pages beside the project, if there are any, come on top.
#[expect(clippy::print_stderr, reason = "a test says what it leaves out")]
pub fn real_pages() -> Vec<String> {
    let mut pages = Vec::new();
    for folder in ["tests/pages", "../shared/seeds"] {
        let folder = project(folder);
        if !folder.exists() {
            eprintln!("no pages in {}: only the project's own are cut and garbled", folder.display());
        }
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        pages.extend(files.filter_map(|file| std::fs::read_to_string(file.path()).ok()));
    }
    pages.sort();
    pages
}
