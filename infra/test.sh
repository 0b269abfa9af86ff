#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test project, and ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build Orleans.Workflows.sln --configuration Release

passed=0 failed=0 broken=0
for project in test/*.Tests; do
  name=$(basename "$project")
  log=$(mktemp)
  echo "== $name"
  code=0
  "$project/bin/Release/net10.0/$name" --no-ansi --progress off >"$log" 2>&1 || code=$?
  cat "$log"
  p=$(sed -n 's/^ *succeeded: \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  f=$(sed -n 's/^ *failed: \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  rm -f "$log"
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
  # 8: a project without a test yet.
  if [ "$code" -ne 0 ] && [ "$code" -ne 8 ] && [ "${f:-0}" -eq 0 ]; then broken=1; failed=$((failed + 1)); fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ]
