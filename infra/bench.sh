#!/usr/bin/env bash
# Measures the service on this machine; a JSON line a measurement.
#   infra/bench.sh                       all benchmarks on both databases
#   infra/bench.sh noop postgresql       one of them  [--runs N] [--trials N]
# Each has its floor in the same call. Nothing else should run on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bash infra/install-packages.sh >&2
dotnet build test/Orleans.Workflows.Benchmarks --configuration Release --verbosity quiet >&2
bench=test/Orleans.Workflows.Benchmarks/bin/Release/net10.0/Orleans.Workflows.Benchmarks
if [ $# -gt 0 ]; then
  exec "$bench" "$@" 2>/dev/null
fi
for database in sqlite postgresql; do
  for name in noop agent stream idle; do
    "$bench" "$name" "$database" 2>/dev/null | grep '^{' || echo "$name on $database failed" >&2
  done
done
