#!/bin/sh
# Lists the use cases that are not decided, with their status and the question whose answer settles most.
# Usage: open_questions.sh FILE...
set -eu
annostrat recommend "$@" --format jsonl |
  jq -r 'select(.decided | not) | [.name, .status, .ask_next.question] | @tsv'
