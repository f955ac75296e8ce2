#!/usr/bin/env bash
# Packs a built program into the archive of a release: `package.sh PROGRAM TARGET FOLDER`. `action/install.sh` and `cargo binstall` read it by its name.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
program=$1 target=$2 folder=$3

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
if [ "${GITHUB_REF_TYPE:-}" = tag ] && [ "$GITHUB_REF_NAME" != "v$version" ]; then
    echo "the tag is $GITHUB_REF_NAME, and Cargo.toml has the version $version" >&2
    exit 1
fi
name=graph-contracts-v$version-$target
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
mkdir "$staged/$name"
case $program in *.exe) own=graph-contracts.exe ;; *) own=graph-contracts ;; esac
cp "$program" "$staged/$name/$own"
cp "$root/README.md" "$root/CHANGELOG.md" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$root/NOTICE" "$staged/$name/"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# From within, because tar takes `D:` for the name of a machine.
(cd "$staged" && tar -czf archive "$name")
mv "$staged/archive" "$folder/$name.tar.gz"
echo "$folder/$name.tar.gz"
