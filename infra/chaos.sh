#!/usr/bin/env bash
# Three real servers on one PostgreSQL, load over REST, faults by a seeded schedule; then an independent checker judges each
# promise from the ledger, the agents' own journals and /proc. Prints one JSON line; ends with 0 only if all is zero.
#   infra/chaos.sh [--runs N] [--minutes M] [--seed S] [--json]     1,000 runs, each fault at least 10 times, 30 minutes at most
#   infra/chaos.sh --short                                          about 60 seconds
#   infra/chaos.sh --only siloKill,agentKill                        these faults instead of the usual ones
#   infra/chaos.sh --only none                                      no fault at all: then nothing may have to be put right either
#   infra/chaos.sh --with diskFull,partition,nodeLoss               these beside the usual ones (diskFull needs root to mount)
# Two callers run the real claude against a scripted model; without the program (infra/install-claude.sh) there are none of them and no modelCut.
# Violations and what was done go to stderr; servers' logs, the journal and the rows of violating runs to artifacts/chaos/SEED/.
# All that it starts ends with it, however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bash infra/install-packages.sh >&2
if [ -z "${ORLEANS_WORKFLOWS_CLAUDE:-}" ] && claude=$(bash infra/install-claude.sh); then
  export ORLEANS_WORKFLOWS_CLAUDE="$claude"
fi
dotnet build test/Orleans.Workflows.Chaos --configuration Release --verbosity quiet >&2
exec test/Orleans.Workflows.Chaos/bin/Release/net10.0/Orleans.Workflows.Chaos "$@"
