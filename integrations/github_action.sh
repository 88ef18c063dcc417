#!/usr/bin/env bash
# What action.yml runs: installs annostrat from the action's own checkout, checks, annotates, writes the job's summary
# and the outputs. Inputs come as variables; nothing of them is ever a part of a command.
set -euo pipefail

fail() {
  echo "::error title=annostrat::$1"
  echo "exit-code=2" >> "$GITHUB_OUTPUT"
  exit 2
}

truth() { # Says whether an input is true; anything but true or false is a mistake.
  case "$2" in
    true) return 0 ;;
    false | '') return 1 ;;
    *) fail "the input $1 is true or false" ;;
  esac
}

extra=''
options=()
if truth evidence "${ANNOSTRAT_EVIDENCE-}"; then extra='[measure]'; fi
if truth strict "${ANNOSTRAT_STRICT-}"; then options+=(--strict); fi
rules=${ANNOSTRAT_RULES_INPUT:-${ANNOSTRAT_RULES:-purpose_first}}
files=()
while IFS= read -r line || [ -n "$line" ]; do
  line=${line%$'\r'}
  if [ -n "${line//[[:space:]]/}" ]; then files+=("$line"); fi
done <<< "${ANNOSTRAT_FILES-}"
if [ "${#files[@]}" = 0 ]; then fail 'the input files names nothing to check'; fi

python=$(command -v python3 || command -v python) || fail 'there is no Python; put actions/setup-python before this step'
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail 'Python 3.11 or newer is needed; put actions/setup-python before this step'
temp=${RUNNER_TEMP:-/tmp}
work=$(mktemp -d "$temp/annostrat.XXXXXX")
# A job that uses the action twice installs it once.
venv=$temp/annostrat-venv-$(printf '%s' "$GITHUB_ACTION_PATH$extra" | cksum | tr -d ' ')
if [ ! -f "$venv/ready" ]; then
  "$python" -m venv "$venv"
fi
bin=$venv/bin
if [ -d "$venv/Scripts" ]; then bin=$venv/Scripts; fi
if [ ! -f "$venv/ready" ]; then
  "$bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH$extra" ||
    fail 'annostrat could not be installed'
  : > "$venv/ready"
fi

code=0
if [ -e "$rules" ]; then "$bin/annostrat" rules check --format github -- "$rules" || code=$?; fi
checked=0
report=$work/report.json
"$bin/annostrat" check --format github --report "json=$report" --report "markdown=$work/summary.md" \
  --report "sarif=$work/report.sarif" ${options[@]+"${options[@]}"} --rules "$rules" -- "${files[@]}" 2> "$work/errors.txt" || checked=$?
cat "$work/errors.txt" >&2
if [ "$checked" -gt "$code" ]; then code=$checked; fi

if [ ! -f "$report" ]; then fail "$(tail -n 1 "$work/errors.txt" | sed "s/^annostrat: //" | tr -d '\r' | sed 's/%/%25/g')"; fi
{
  echo '### annostrat'
  echo
  # A summary may have 1 MiB; of a longer one, the count at its end is what matters.
  if [ "$(wc -c < "$work/summary.md")" -lt 1000000 ]; then cat "$work/summary.md"; else tail -n 1 "$work/summary.md"; fi
} >> "$GITHUB_STEP_SUMMARY"
"$bin/python" - "$report" "$code" >> "$GITHUB_OUTPUT" << 'PYTHON'
import json
import sys

path, code = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    checked = json.load(file)
for name, count in checked["summary"].items():
    print(f"{name.replace('_', '-')}={int(count)}")
print(f"failed={sum(case['fails'] for case in checked['cases'])}")
print(f"exit-code={int(code)}")
print(f"report={path}")
print(f"sarif={path.removesuffix('json')}sarif")
PYTHON
exit "$code"
