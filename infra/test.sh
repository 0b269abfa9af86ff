#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test project and the short forms of the benchmarks' check and of the chaos
# harness (CHAOS=0: without), and ends with the line "N passed, N failed".
#   infra/test.sh                  everything
#   infra/test.sh Ledger Agents    only Orleans.Workflows.Ledger.Tests and Orleans.Workflows.Agents.Tests
#   infra/test.sh --coverage       everything, and fails where less than 95 % of the lines of the engine, the ledger, the
#                                  adapters or the supervisor ran; the report is artifacts/coverage/report/index.html
# PROJECT_TIMEOUT and TOTAL_TIMEOUT (seconds; 900 and 2700) bound a project and all of them: what runs longer is ended
# and counts as one failure. The whole output of each project is kept in artifacts/test-logs/.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
exec </dev/null

passed=0 failed=0 logs=artifacts/test-logs
mkdir -p "$logs"
rm -f "$logs"/*.log
finish() {
  # Named where the end of a long log is all that is seen.
  grep -h -A 12 '^failed ' "$logs"/*.log 2>/dev/null | cut -c 1-400
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}
give_up() {
  echo "$1" >&2
  failed=$((failed + 1))
  finish
}

coverage=0
if [ "${1:-}" = --coverage ]; then
  coverage=1
  shift
  rm -rf artifacts/coverage
  mkdir -p artifacts/coverage
  # Tests that compare times leave that out.
  export COVERAGE=1
fi

projects=()
if [ $# -eq 0 ]; then
  projects=(test/*.Tests)
fi
for wanted in "$@"; do
  for name in "$wanted" "$wanted.Tests" "Orleans.Workflows.$wanted.Tests" "Orleans.Workflows.$wanted"; do
    if [[ $name == *.Tests && -d test/$name ]]; then
      projects+=("test/$name")
      continue 2
    fi
  done
  give_up "no test project is named '$wanted'; there are: $(cd test && echo *.Tests)"
done

# What is missing fails the tests that need it when CI=true, and else skips them: it must not keep the others from running.
bash infra/install-packages.sh || echo "some tests will miss what could not be installed" >&2
if [ -z "${ORLEANS_WORKFLOWS_CLAUDE:-}" ]; then
  claude=$(bash infra/install-claude.sh) && export ORLEANS_WORKFLOWS_CLAUDE="$claude"
fi

if [ $# -eq 0 ]; then
  dotnet build Orleans.Workflows.sln --configuration Release || give_up "the build failed"
else
  for project in "${projects[@]}"; do
    dotnet build "$project" --configuration Release || give_up "the build of $project failed"
  done
fi

deadline=$((SECONDS + ${TOTAL_TIMEOUT:-2700}))
for project in "${projects[@]}"; do
  name=$(basename "$project")
  log=$logs/$name.log
  left=$((deadline - SECONDS))
  limit=${PROJECT_TIMEOUT:-900}
  [ "$left" -lt "$limit" ] && limit=$left
  if [ "$limit" -le 0 ]; then
    echo "== $name: not run, the time for all projects is used up"
    failed=$((failed + 1))
    continue
  fi

  with=()
  if [ "$coverage" = 1 ]; then
    with=(--coverage --coverage-settings "$PWD/infra/coverage.xml" --coverage-output-format cobertura --coverage-output "$PWD/artifacts/coverage/$name.xml")
  fi

  started=$SECONDS code=0
  timeout --kill-after=10 "$limit" "$project/bin/Release/net10.0/$name" --no-ansi --progress off "${with[@]}" >"$log" 2>&1 || code=$?
  count() { sed -n "s/^ *$1: \([0-9]*\)\$/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
  echo "== $name: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped, $((SECONDS - started)) s"

  # 8: a project without a test. Any other code without a failed test is a crash or the time limit.
  [ "$code" -eq 0 ] || [ "$code" -eq 8 ] && continue
  if [ "${f:-0}" -eq 0 ]; then
    failed=$((failed + 1))
    case $code in
      124 | 137) echo "   ended after $limit s" ;;
      *) echo "   exit code $code" ;;
    esac
  fi
  tail -n 300 "$log"
done

# Each measured part counts as a test.
if [ "$coverage" = 1 ]; then
  dotnet tool restore >/dev/null && dotnet reportgenerator "-reports:artifacts/coverage/*.xml" -targetdir:artifacts/coverage/report "-reporttypes:Html;TextSummary" -verbosity:Warning
  while read -r part covered total percent; do
    if [ "$total" -gt 0 ] && [ $((covered * 100)) -ge $((total * 95)) ]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
    fi
    echo "== coverage of $part: $percent % ($covered of $total lines), wanted 95 %"
  done < <(awk -v parts="src/Orleans.Workflows src/Orleans.Workflows.Ledger src/Orleans.Workflows.Agents src/Orleans.Workflows.Supervisor" -f infra/coverage.awk artifacts/coverage/*.xml)
fi

# Each figure counts as a test. Last, when nothing else runs.
if [ $# -eq 0 ] && [ "$coverage" = 0 ]; then
  started=$SECONDS log=$logs/benchmarks.log
  timeout --kill-after=10 600 bash infra/bench.sh --check --short >"$log" 2>&1
  p=$(grep -c '^passed ' "$log") f=$(grep -c '^failed ' "$log")
  [ $((p + f)) -gt 0 ] || f=1
  passed=$((passed + p)) failed=$((failed + f))
  echo "== Benchmarks: $p passed, $f failed, $((SECONDS - started)) s"
  [ "$f" -eq 0 ] || tail -n 50 "$log"
fi

# The chaos harness's short form counts as one test. CHAOS=0 leaves it out.
if [ $# -eq 0 ] && [ "$coverage" = 0 ] && [ "${CHAOS:-1}" = 1 ]; then
  started=$SECONDS log=$logs/chaos.log p=0 f=1
  timeout --kill-after=30 400 bash infra/chaos.sh --short >"$log" 2>&1 && p=1 f=0
  passed=$((passed + p)) failed=$((failed + f))
  echo "== Chaos: $p passed, $f failed, $((SECONDS - started)) s"
  [ "$f" -eq 0 ] || tail -n 50 "$log"
fi

finish
