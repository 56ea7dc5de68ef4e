#!/bin/sh
# A file of requests in several batches at once, by GNU parallel:
#
#   examples/wide/parallel.sh resource.json < requests.jsonl > answers.jsonl
#
# What follows the resource goes to parallel: `--jobs 8`, or `--sshlogin host1,host2` for other machines, where the
# program and the resource have to be in the same places. Answers come in any order, each a whole line; `line` counts
# within a batch, so tell them apart by `id`. Exit code 0 when every line succeeded, else 1.
set -eu
resource=$1
shift
# Blocks go to the batches in turn, so that each keeps its token and its connections to the end.
parallel --pipe --round-robin --block 16k --line-buffer --jobs 4 "$@" --quote \
  "${ZOOM_RUNNER:-zoom-runner}" batch --workers 8 --resource "$resource" || exit 1
