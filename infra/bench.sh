#!/usr/bin/env bash
# Measures the service on this machine; a JSON line a measurement. Nothing else should run on the machine.
#   infra/bench.sh                        all benchmarks on both databases, about 12 minutes
#   infra/bench.sh noop postgresql        one of them  [--runs N] [--trials N] [--warm-ups N] [--seconds N]
#   infra/bench.sh --check [--short]      fails if a figure is worse than infra/bench-baseline.json allows
#   infra/bench.sh --record [--short]     makes this machine's figures the baseline
# Each has its floor in the same call: a baseline holds ratios, because seconds differ from machine to machine.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bash infra/install-packages.sh >&2
dotnet build test/Orleans.Workflows.Benchmarks --configuration Release --verbosity quiet >&2
bench=test/Orleans.Workflows.Benchmarks/bin/Release/net10.0/Orleans.Workflows.Benchmarks
case ${1:-} in
  --check | --record)
    form=${1#--}
    shift
    exec "$bench" "$form" infra/bench-baseline.json "$@" 2>/dev/null
    ;;
  ?*)
    exec "$bench" "$@" 2>/dev/null
    ;;
esac
for database in sqlite postgresql; do
  for name in noop agent start stream idle; do
    "$bench" "$name" "$database" 2>/dev/null | grep '^{' || echo "$name on $database failed" >&2
  done
done
