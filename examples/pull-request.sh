#!/bin/sh
# A documentation set with old defects, and a pull request that adds one: sh pull-request.sh PAGES COPIES FOLDER
# The set consists of so many copies of the pages. Every command but the first is the one that the command before it has printed. `graph-contracts` and `git` have to be on the PATH.
set -eu
[ "$#" = 3 ] && [ -d "$1" ] || { echo "usage: sh pull-request.sh PAGES COPIES FOLDER, a folder of pages, how often they are copied, and a folder that is made" >&2; exit 2; }
pages=$(cd "$1" && pwd) copies=$2
mkdir -p "$3"
cd "$3"
git init --quiet .
git config user.name reader
git config user.email reader@example.com
copy=0
while [ "$copy" -lt "$copies" ]; do
    copy=$((copy + 1))
    mkdir -p "docs/set-$copy"
    cp -R "$pages"/. "docs/set-$copy"
done

step() {
    printf '\n$ %s\n' "$*"
    status=0
    "$@" >output.txt || status=$?
    tail -n 15 output.txt
}
expect() {
    [ "$status" = "$1" ] || { echo "exit code $status instead of $1" >&2; exit 1; }
}

# The command that the last one has printed, of this name, with more arguments.
next() {
    next=$(sed -n "s/^  graph-contracts \($1.*\)$/\1/p" output.txt | head -n 1)
    [ -n "$next" ] || { echo "no command \`$1\` was printed" >&2; exit 1; }
    shift
    # shellcheck disable=SC2086 # Words of a command.
    step graph-contracts $next "$@"
}

step graph-contracts init
expect 0
next lint
expect 1
next 'lint --update-baseline'
expect 0
git add .
git commit --quiet --message 'documentation with a baseline'
# What a clone of a repository has.
git update-ref refs/remotes/origin/main HEAD
git checkout --quiet -b pull-request

# A page gets a new defect, and an old page with defects moves down by two lines.
new=docs/set-1/get-label.md
sed 's/^HTTP\/1.1 204 No Content$/HTTP\/1.1 204 Nothing/' "$new" >changed
mv changed "$new"
old=docs/set-1/open-locker.md
awk 'NR == 2 { print "\nA sentence that was not there." } { print }' "$old" >changed
mv changed "$old"
git commit --quiet --all --message 'a new defect'

next 'lint --changed-since' --json lint.json --report report --sarif lint.sarif
expect 1
