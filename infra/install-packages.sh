#!/usr/bin/env bash
# Installs by apt what the tests need and this machine lacks: PostgreSQL (its programs only; the tests start servers of
# their own), a C linker for the native programs, git, and npm if claude is still to be fetched. Quick when all is there.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
command -v gcc >/dev/null || command -v clang >/dev/null || missing+=(gcc libc6-dev)
command -v git >/dev/null || missing+=(git ca-certificates)
[ -x "${ORLEANS_WORKFLOWS_CLAUDE:-}" ] \
  || compgen -G "${XDG_CACHE_HOME:-$HOME/.cache}/orleans-workflows/claude/*/claude" >/dev/null \
  || command -v npm >/dev/null || missing+=(npm)

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$EUID" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "install-packages: missing ${missing[*]}; install them by hand, or run as root on Debian or Ubuntu" >&2
  exit 1
fi

echo "install-packages: apt-get install ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2 >&2
apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >&2
