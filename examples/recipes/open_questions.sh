#!/bin/sh
# Lists the use cases that are undecided, with the question whose answer settles most.
# Usage: open_questions.sh FILE...
set -eu
annostrat recommend "$@" --format jsonl |
  jq -r 'select(.decided | not) | [.name, .ask_next.question, .ask_next.why] | @tsv'
