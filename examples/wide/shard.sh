#!/bin/sh
# One shard of a file of requests: every SHARDS-th line of $REQUESTS, from line JOB_COMPLETION_INDEX on, answered in
# $ANSWERS/INDEX.jsonl. Run again, it goes on: what that file holds as a success is not asked again. job.yaml runs it.
#
# Exit codes, which the Job's pod failure policy knows:
#   0   every line succeeded
#   75  lines failed that may succeed later: run it again
#   1   lines failed that will not; or a change may have been made though it failed, which a person has to look at
#   2   it cannot be run like this: a wrong resource, a missing file
set -eu
answers=$ANSWERS/$JOB_COMPLETION_INDEX.jsonl
mkdir -p "$ANSWERS"
: >> "$answers"
before=$(wc -c < "$answers")

awk -v shards="$SHARDS" -v own="$JOB_COMPLETION_INDEX" '(NR - 1) % shards == own' < "$REQUESTS" |
  "${ZOOM_RUNNER:-zoom-runner}" batch --workers "${WORKERS:-8}" --resource "$RESOURCE" --skip-done "$answers" \
    >> "$answers" &
batch=$!
# A pod is stopped by a signal to this shell. The batch then finishes what runs and answers the rest as cancelled.
trap 'kill -TERM "$batch" 2>/dev/null || true' TERM INT

code=0
wait "$batch" || code=$?
if [ "$code" -gt 128 ] && kill -0 "$batch" 2>/dev/null; then
  # The signal ended the wait, not the batch.
  code=0
  wait "$batch" || code=$?
fi
[ "$code" -eq 1 ] || exit "$code"

failed=$(tail -c "+$((before + 1))" "$answers" | grep '"status":"failed"' || true)
case $failed in
  *'"change":"unknown"'* | *'"change":"partial"'* | *'"change":"applied"'*) exit 1 ;;
  *'"retryable":true'*) exit 75 ;;
esac
exit 1
