#!/usr/bin/env bash
# Comments on the pull request: one comment, which each run edits. Whether that is possible does not change how the job ends.
. "$(dirname "$0")/lib.sh"
: "${REPORT?}" "${CATEGORY?}" "${EXIT_CODE?}" "${NUMBER?}" "${HEAD?}" "${HEAD_REPOSITORY?}" "${TOKEN?}"

# GitHub takes 65,536 characters; no text has more characters than bytes. The rest is for what comes around the summary.
most_bytes=64000
repository=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
marker="<!-- $CATEGORY -->"

[[ $NUMBER =~ ^[0-9]+$ ]] || { echo 'no comment: this is no run for a pull request'; exit 0; }

# What the comment says, as the body of a request.
{
    printf '%s\n' "$marker"
    if [ -f "$REPORT/summary.md" ]; then
        # Whole lines, so that no table is cut within a row.
        LC_ALL=C awk -v most="$most_bytes" '
            { bytes += length($0) + 1 }
            bytes > most { print "\n… and more: see [the summary of the run]('"$run"')."; exit }
            { print }' "$REPORT/summary.md"
    else
        printf '## ❌ graph-contracts could not run\n'
    fi
    printf '\n[The run](%s)%s\n' "$run" "${HEAD:+, for commit $HEAD}"
} >"$work/comment"
jq --null-input --rawfile body "$work/comment" '{ body: $body }' >"$work/body"

# Whether there is something to say where nothing has been said yet.
has_findings() {
    [ "$EXIT_CODE" = 1 ] || { [ -f "$REPORT/results.sarif" ] && jq --exit-status '[.runs[].results[]] | length > 0' "$REPORT/results.sarif" >/dev/null; }
}

# Says why there is no comment, and ends.
no_comment() {
    case $status in
        401 | 403 | 404) left_out notice "There is no comment on the pull request: $(refused 'pull-requests: write'); $(answer)." ;;
        *) left_out warning "There is no comment on the pull request: $(answer)." ;;
    esac
    exit 0
}

# Sets `own` to the address of the first comment of this token's user that has the marker; to nothing if there is none.
find_own() {
    local page=1
    own=
    while [ "$page" -le 100 ]; do
        api GET "$repository/issues/$NUMBER/comments?per_page=100&page=$page"
        [ "$status" = 200 ] || no_comment
        # shellcheck disable=SC2016 # They are variables of jq.
        own=$(text_of --arg user "$user" --arg marker "$marker" \
            'map(select(.user.login? == $user and ((.body // "") | startswith($marker)))) | first | .id // empty' <"$work/answer")
        [ -z "$own" ] || { own=$repository/issues/comments/$own; return 0; }
        [ "$(text_of length <"$work/answer")" = 100 ] || return 0
        page=$((page + 1))
    done
}

# The user of the token; only GraphQL tells that of an application, such as GitHub Actions.
jq --null-input '{ query: "{ viewer { login } }" }' >"$work/query"
api QUERY "$GITHUB_GRAPHQL_URL" "$work/query"
user=
[ "$status" != 200 ] || user=$(text_of '.data.viewer.login? // empty' <"$work/answer")
[ -n "$user" ] || no_comment

for _ in 1 2 3; do
    find_own
    if [ -n "$own" ]; then
        api PATCH "$own" "$work/body"
    elif has_findings; then
        api POST "$repository/issues/$NUMBER/comments" "$work/body"
    else
        echo 'no comment: there is nothing to report, and there has been none'
        exit 0
    fi
    case $status in
        200 | 201)
            echo "the comment is $(text_of '.html_url // empty' <"$work/answer")"
            exit 0
            ;;
        # It may have been deleted meanwhile; or it is there now, and the answer was lost.
        404) [ -n "$own" ] || no_comment ;;
        000 | 5??) sleep "$seconds" ;;
        *) no_comment ;;
    esac
done
no_comment
