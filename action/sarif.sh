#!/usr/bin/env bash
# Uploads the findings to code scanning. Whether that is possible does not change how the job ends.
. "$(dirname "$0")/lib.sh"
: "${REPORT?}" "${CATEGORY?}" "${EXIT_CODE?}" "${HEAD?}" "${HEAD_REPOSITORY?}" "${TOKEN?}"

# The most bytes of an upload (docs.github.com: SARIF support for code scanning).
most_bytes=10485760
findings=$REPORT/results.sarif

if [ -f "$findings" ]; then
    jq --arg id "$CATEGORY/" '.runs[].automationDetails.id = $id' "$findings" >"$work/sarif"
elif [ "$EXIT_CODE" = 0 ]; then
    # Closes what an earlier run has found.
    jq --null-input --arg id "$CATEGORY/" '{ version: "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        runs: [{ tool: { driver: { name: "graph-contracts" } }, automationDetails: { id: $id }, results: [] }] }' >"$work/sarif"
else
    echo 'nothing for code scanning: no finding is on a page of this repository'
    exit 0
fi

gzip -c "$work/sarif" >"$work/packed"
bytes=$(wc -c <"$work/packed" | tr -d ' ')
if [ "$bytes" -gt "$most_bytes" ]; then
    left_out warning "The findings are not in code scanning: with $bytes bytes, they are more than the $most_bytes that GitHub takes. Lint fewer pages at a time, each with a category of its own."
    exit 0
fi

# A workflow may check out the head of a pull request instead of GitHub's merge.
commit=$GITHUB_SHA
ref=$GITHUB_REF
if [[ $ref == refs/pull/*/merge ]] && [ -n "$HEAD" ] && [ "$(git rev-parse HEAD 2>/dev/null)" = "$HEAD" ]; then
    commit=$HEAD
    ref=${ref%/merge}/head
fi
base64 <"$work/packed" | tr -d '\r\n' >"$work/text"
jq --null-input --arg commit "$commit" --arg ref "$ref" --rawfile sarif "$work/text" \
    '{ commit_sha: $commit, ref: $ref, sarif: $sarif, tool_name: "graph-contracts" }' >"$work/upload"

uploads=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/code-scanning/sarifs
api POST "$uploads" "$work/upload"
case $status in
    202) ;;
    413)
        left_out warning "The findings are not in code scanning: they are more than GitHub takes. Lint fewer pages at a time, each with a category of its own."
        exit 0
        ;;
    401 | 403 | 404)
        left_out notice "The findings are not in code scanning: $(refused 'security-events: write'), and see that code scanning is available in the repository; $(answer)."
        exit 0
        ;;
    *)
        left_out warning "The findings are not in code scanning: $(answer)."
        exit 0
        ;;
esac

id=$(text_of '.id // empty' <"$work/answer")
[[ $id =~ ^[0-9A-Za-z-]+$ ]] || exit 0
for try in 1 2 3 4 5 6; do
    sleep "$((seconds * (try - 1)))"
    api GET "$uploads/$id"
    [ "$status" = 200 ] || break
    case $(text_of '.processing_status // empty' <"$work/answer") in
        complete)
            echo 'the findings are in code scanning'
            exit 0
            ;;
        failed)
            left_out warning "Code scanning does not take the findings: $(text_of '[.errors[]?] | join("; ") | .[0:500]' <"$work/answer")"
            exit 0
            ;;
    esac
done
echo 'the findings are uploaded; code scanning has not read them yet'
