#!/usr/bin/env bash
# Lints the pages, or replays the contracts, and leaves the reports in a folder. How it ended is an output; `finish.sh` ends the job with it.
. "$(dirname "$0")/lib.sh"
: "${COMMAND?}" "${PATHS?}" "${CONFIGURATION?}" "${BASELINE?}" "${CHANGED_SINCE?}" "${FAIL_ON?}" "${ARGUMENTS?}" "${CATEGORY?}" "${BASE?}" "${TOKEN?}"

case $COMMAND in lint | replay) ;; *) stop "command: '$COMMAND' is not 'lint', 'replay' or 'install'" ;; esac
case $FAIL_ON in error | warning | never) ;; *) stop "fail-on: '$FAIL_ON' is not 'error', 'warning' or 'never'" ;; esac
category=${CATEGORY:-graph-contracts-$COMMAND}
[[ $category =~ ^[A-Za-z0-9._-]+$ ]] || stop "category: '$CATEGORY' has other characters than letters, digits, '.', '_' and '-'"
if [ "${GITHUB_EVENT_NAME:-}" = pull_request_target ]; then
    stop 'pull_request_target runs with the secrets of the repository, and checks out its base: let the workflow run on pull_request'
fi

arguments=()

# Adds each line that is not empty.
add_lines() {
    local line
    while IFS= read -r line; do
        line=${line%$'\r'}
        [ -z "$line" ] || arguments+=("$line")
    done <<<"$1"
}

# Fetches a commit: `fetch COMMIT [DEPTH]`. The token is used only if there is no other way; with that of actions/checkout it would be sent twice.
fetch() {
    local header
    git fetch --quiet --no-tags ${2:+--depth="$2"} origin "$1" 2>/dev/null && return
    header="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')"
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.$GITHUB_SERVER_URL/.extraheader GIT_CONFIG_VALUE_0=$header \
        git fetch --quiet --no-tags ${2:+--depth="$2"} origin "$1"
}

# Sets `since` to the commit since which the pull request has changed something; to nothing without a pull request.
find_base() {
    local depth=
    since=
    [ -n "$BASE" ] || return 0
    if [[ $GITHUB_REF == refs/pull/*/merge ]] && [ "$(git rev-parse HEAD)" = "$GITHUB_SHA" ]; then
        # GitHub's own merge of the pull request: its first parent is the base, which may be newer than the one of the event.
        git rev-parse --quiet --verify 'HEAD^2' >/dev/null || fetch "$GITHUB_SHA" 2 || stop "the base of the pull request cannot be fetched"
        since=$(git rev-parse --verify 'HEAD^1')
    else
        # The program finds where the two have parted, or says what it lacks for that. A whole clone stays one.
        [ "$(git rev-parse --is-shallow-repository)" = false ] || depth=1
        git cat-file -e "$BASE^{commit}" 2>/dev/null || fetch "$BASE" "$depth" || stop "the base of the pull request cannot be fetched"
        since=$BASE
    fi
}

report=$RUNNER_TEMP/graph-contracts/reports/$category
rm -rf "$report"
mkdir -p "$report"
arguments+=("$COMMAND" --report "$report")
[ -z "$CONFIGURATION" ] || arguments+=(--config "$CONFIGURATION")
if [ "$COMMAND" = lint ]; then
    since=$CHANGED_SINCE
    [ "$since" != auto ] || find_base
    [ -z "$since" ] || [ "$since" = none ] || arguments+=(--changed-since "$since")
    [ -z "$BASELINE" ] || arguments+=(--baseline "$BASELINE")
    [ "$FAIL_ON" != warning ] || arguments+=(--deny warnings)
fi
add_lines "$ARGUMENTS"
arguments+=(--)
add_lines "$PATHS"

# It writes the summary of the job and the annotations itself. What it reads are pages that anybody may have changed.
status=0
env -u TOKEN graph-contracts "${arguments[@]}" || status=$?
output exit-code "$status"
output report "$report"
output category "$category"
