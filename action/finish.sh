#!/usr/bin/env bash
# Ends the job as the command ended.
. "$(dirname "$0")/lib.sh"
: "${EXIT_CODE?}" "${FAIL_ON?}"

if [ "$EXIT_CODE" = 1 ] && [ "$FAIL_ON" = never ]; then
    echo 'the job does not fail: fail-on is never'
    exit 0
fi
exit "$EXIT_CODE"
