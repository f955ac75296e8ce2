#!/usr/bin/env bash
# Installs graph-contracts: `install.sh find` takes the archive of a release, and says whether there is none and it has to be built; `install.sh build`
# builds it from the source of the action.
. "$(dirname "$0")/lib.sh"
: "${VERSION?}" "${ACTION_REPOSITORY?}"

source_version=$(sed -n 's/^version = "\(.*\)"\r\{0,1\}$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
wanted=${VERSION#v}
wanted=${wanted:-$source_version}
if [ "$wanted" != build ] && ! [[ $wanted =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$ ]]; then
    stop "version: '$VERSION' is no version such as 0.1.0, and not 'build'"
fi

# The platform for which releases have an archive; nothing if there is none.
target() {
    case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
        Linux-X64) echo x86_64-unknown-linux-musl ;;
        Linux-ARM64) echo aarch64-unknown-linux-musl ;;
        macOS-X64) echo x86_64-apple-darwin ;;
        macOS-ARM64) echo aarch64-apple-darwin ;;
        Windows-X64) echo x86_64-pc-windows-msvc ;;
    esac
}

# The repository of the action. In its steps, `github.action_repository` may be empty or that of another action (github.com/actions/runner/issues/2473);
# its folder is `…/_actions/OWNER/NAME/REF`, or it is in the repository of the workflow.
repository() {
    local path=${GITHUB_ACTION_PATH//\\//}
    case $path in
        */_actions/*/*/*) printf '%s' "${path##*/_actions/}" | cut -d / -f 1,2 ;;
        *) printf '%s' "${ACTION_REPOSITORY:-$GITHUB_REPOSITORY}" ;;
    esac
}

# macOS has no sha256sum.
sha256=(sha256sum)
command -v sha256sum >/dev/null || sha256=(shasum -a 256)

# The digest of the standard input.
digest() {
    "${sha256[@]}" | cut -d ' ' -f 1
}

# The digest of the source of the action. No name of its files has a blank.
digest_of_source() {
    (cd "$GITHUB_ACTION_PATH" && find Cargo.toml Cargo.lock src crates contracts/volatile.toml -type f | LC_ALL=C sort | xargs "${sha256[@]}") | digest
}

# Fetches a file of the release: `download NAME`. `status` is that of the response.
download() {
    status=$(curl --silent --show-error --location --proto-redir =https --max-time 300 --retry 3 --retry-delay "$seconds" \
        --output "$work/$1" --write-out '%{http_code}' "$release/$1") || status=000
}

find_program() {
    local platform name release status expected folder
    platform=$(target)
    [ "$wanted" != build ] && [ -n "$platform" ] || { to_build 'it is asked for, or releases have no archive for this platform'; return; }
    name=graph-contracts-v$wanted-$platform
    folder=$RUNNER_TEMP/graph-contracts/$name
    if ! [ -d "$folder" ]; then
        release=$GITHUB_SERVER_URL/$(repository)/releases/download/v$wanted
        download SHA256SUMS
        case $status in
            200) ;;
            404) to_build "there is no release v$wanted"; return ;;
            *) stop "$release/SHA256SUMS: cannot be fetched (status $status)" ;;
        esac
        expected=$(tr -d '\r' <"$work/SHA256SUMS" | awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }')
        [ -n "$expected" ] || { to_build "the release v$wanted has no archive for this platform"; return; }
        download "$name.tar.gz"
        [ "$status" = 200 ] || stop "$release/$name.tar.gz: cannot be fetched (status $status)"
        [ "$(digest <"$work/$name.tar.gz")" = "$expected" ] ||
            stop "$release/$name.tar.gz: is not the file whose digest the release states; nothing is installed"
        mkdir -p "$RUNNER_TEMP/graph-contracts"
        # From within, because tar takes `D:` for the name of a machine.
        (cd "$work" && tar -xzf "$name.tar.gz") && mv "$work/$name" "$folder"
    fi
    printf '%s\n' "$folder" >>"$GITHUB_PATH"
    output build false
    echo "graph-contracts $wanted is that of the release"
}

to_build() {
    [ "$wanted" = build ] || [ "$wanted" = "$source_version" ] ||
        stop "version: $1, and the source of the action is that of $source_version; leave out 'version', or name the action with another ref"
    echo "graph-contracts $source_version is built from the source of the action: $1"
    output build true
    output key "graph-contracts-${RUNNER_OS:-}-${RUNNER_ARCH:-}-$(digest_of_source)"
}

build() {
    local folder=$RUNNER_TEMP/graph-contracts/built
    # It is there if it was in the cache, or if an earlier step has built it.
    if ! [ -x "$folder/bin/graph-contracts" ] && ! [ -x "$folder/bin/graph-contracts.exe" ]; then
        command -v cargo >/dev/null || stop 'graph-contracts has to be built, and there is no cargo: install Rust in a step before this one'
        # In the folder of the action, so that no setting of the repository that is checked counts.
        (cd "$GITHUB_ACTION_PATH" && CARGO_TARGET_DIR=$RUNNER_TEMP/graph-contracts/target \
            cargo install --locked --path crates/cli --root "$folder") ||
            stop "graph-contracts cannot be built; it needs $(sed -n 's/^rust-version = "\(.*\)"\r\{0,1\}$/Rust \1 or later/p' "$GITHUB_ACTION_PATH/Cargo.toml")"
    fi
    printf '%s\n' "$folder/bin" >>"$GITHUB_PATH"
}

case ${1:-} in
    find) find_program ;;
    build) build ;;
    *) stop 'usage: install.sh find|build' ;;
esac
