#!/bin/sh
# A documentation set with old defects, and a pull request that adds one: sh pull-request.sh PAGES COPIES FOLDER
# The set consists of so many copies of the pages. `graph-contracts` and `git` have to be on the PATH.
set -eu
pages=$1 copies=$2
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
    "$@" >output.txt 2>&1 || status=$?
    tail -n 15 output.txt
}
expect() {
    [ "$status" = "$1" ] || { echo "exit code $status instead of $1" >&2; exit 1; }
}

step graph-contracts init
expect 0
step graph-contracts lint --update-baseline
expect 0
git add .
git commit --quiet --message 'documentation with a baseline'
git checkout --quiet -b pull-request

# A page gets a new defect, and an old page with defects moves down by two lines.
new=docs/set-1/get-label.md
sed 's/^HTTP\/1.1 204 No Content$/HTTP\/1.1 204 Nothing/' "$new" >changed
mv changed "$new"
old=docs/set-1/open-locker.md
awk 'NR == 2 { print "\nA sentence that was not there." } { print }' "$old" >changed
mv changed "$old"
git commit --quiet --all --message 'a new defect'

step graph-contracts lint --changed-since HEAD~1 --deny warnings --json lint.json --report report --sarif lint.sarif
expect 1
