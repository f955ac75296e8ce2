#!/bin/sh
# From an empty repository to a green run, over a red one and its review: sh first-steps.sh PAGES FOLDER
# Every command but the first is the one that the command before it has printed. `graph-contracts` has to be on the PATH.
set -eu
[ "$#" = 2 ] && [ -d "$1" ] || { echo "usage: sh first-steps.sh PAGES FOLDER, a folder of pages and one that is made" >&2; exit 2; }
pages=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
git init --quiet .
cp -R "$pages" docs

step() {
    printf '\n$ %s\n' "$*"
    status=0
    # The output of the last command, for its reader and for the next step.
    "$@" >output.txt || status=$?
    cat output.txt
}
expect() {
    [ "$status" = "$1" ] || { echo "exit code $status instead of $1" >&2; exit 1; }
}
# The command that the last one has printed, of this name, and how its questions are answered.
next() {
    next=$(sed -n "s/^  graph-contracts \($1.*\)$/\1/p" output.txt | head -n 1)
    [ -n "$next" ] || { echo "no command \`$1\` was printed" >&2; exit 1; }
    shift
    # shellcheck disable=SC2086 # Words of a command.
    step graph-contracts $next "$@"
}

step graph-contracts init
expect 0
next import
expect 0
# Nothing is reviewed yet.
next replay
expect 1
next review --accept
expect 0

# A contract changes: here by hand, usually by a page that is imported again.
contract=$(find contracts -name '*.json' ! -name schema.json | sort | head -n 1)
awk '/"response": \{$/ { inside = 1 } inside && /"status": / { sub(/"status": [0-9]+/, "\"status\": 299") } { print }' "$contract" >changed
mv changed "$contract"
printf '\n%s: the response has another status now\n' "$contract"

next replay
expect 1
next review --accept
expect 0
next replay
expect 0
