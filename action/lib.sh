# shellcheck shell=bash
# What the steps of the action have in common. It keeps to bash 3.2, which macOS has.
set -euo pipefail

work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/graph-contracts.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The most seconds to wait for GitHub at a time, how often a request is sent, and the seconds before it is sent again.
most_seconds=60
most_tries=4
seconds=${RETRY_SECONDS:-2}

# Says something beside the job: `say notice|warning|error TEXT`.
say() {
    local text=${2//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=graph-contracts::%s\n' "$1" "$text"
}

# Ends the step: what is asked for is not possible.
stop() {
    say error "$1"
    exit 2
}

# Says in the summary of the job, and in its log, what was left out, and why.
left_out() {
    say "$1" "$2"
    if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
        # On one line, and nothing that GitHub or others said is markup.
        printf '\n> %s\n' "$(printf '%s' "$2" | tr '\r\n<>`@[]' '  ()" ()')" >>"$GITHUB_STEP_SUMMARY"
    fi
}

# Sets an output of the step.
output() {
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# What jq gives as text; on Windows, jq ends lines with CR LF.
text_of() {
    jq --raw-output "$@" | tr -d '\r'
}

# A header field of the last response, in lower case.
field() {
    tr -d '\r' <"$work/headers" | awk -F ': *' -v name="$1" 'tolower($1) == name { value = $2 } END { print value }'
}

# How many seconds GitHub asks to wait (docs.github.com: rate limits for the REST API); nothing if it does not.
wait_asked() {
    local after reset
    after=$(field retry-after)
    reset=$(field x-ratelimit-reset)
    if [[ $after =~ ^[0-9]+$ ]]; then
        printf '%s' "$after"
    elif [ "$(field x-ratelimit-remaining)" = 0 ] && [[ $reset =~ ^[0-9]+$ ]]; then
        printf '%s' $((reset > $(date +%s) ? reset - $(date +%s) : 0))
    fi
}

# Sends a request once: `send METHOD URL [FILE]`. The token is in no command line.
send() {
    : >"$work/headers"
    : >"$work/answer"
    printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" | curl --config - --silent --show-error --max-time 60 \
        --request "$1" --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
        ${3:+--header 'Content-Type: application/json' --data-binary "@$3"} \
        --dump-header "$work/headers" --output "$work/answer" --write-out '%{http_code}' "$2" || true
}

# Asks GitHub: `api METHOD URL [FILE]`. `status` is that of the response, or 000, and its body is the file `answer`. A request that was refused because of
# a rate limit is sent again, and one that failed if it is `GET` or `QUERY`: whether another was carried out is not known.
api() {
    local method=$1 try=1 pause
    [ "$method" != QUERY ] || method=POST
    [[ $TOKEN =~ ^[A-Za-z0-9_.-]+$ ]] || stop 'token: this is no token of GitHub'
    while :; do
        status=$(send "$method" "${@:2}")
        pause=$(wait_asked)
        case $status in
            429) pause=${pause:-$((seconds * try))} ;;
            403) [ -n "$pause" ] || return 0 ;;
            000 | 5??)
                case $1 in GET | QUERY) ;; *) return 0 ;; esac
                pause=${pause:-$((seconds * try))}
                ;;
            *) return 0 ;;
        esac
        if [ "$try" -ge "$most_tries" ] || [ "$pause" -gt "$most_seconds" ]; then
            return 0
        fi
        sleep "$pause"
        try=$((try + 1))
    done
}

# What GitHub said of a request that was not carried out.
answer() {
    local message
    message=$(text_of '.message? // empty | strings | .[0:200]' <"$work/answer" 2>/dev/null) || message=
    printf 'GitHub answered %s%s' "$status" "${message:+ ($message)}"
}

# Why a token may not write, and what to do: `refused PERMISSION`.
refused() {
    if [ -n "${HEAD_REPOSITORY:-}" ] && [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then
        printf 'the pull request is from a fork, and the token of its run may only read'
    else
        printf 'give the job the permission %s' "$1"
    fi
}
