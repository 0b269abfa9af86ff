#!/usr/bin/env bash
# Installs the claude program that the tests run, pinned, into a cache outside the tree, and prints its path. Quick when
# it is there. Only the native binary's own package is taken: the tests need neither its launcher nor node at run time.
set -euo pipefail

version=2.1.330
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64)
    package=claude-code-linux-x64
    sha512=f469fe57b0ed27c3359f3b4ff42783565f60dd1b6b7a923bace153c8f4519d97bc0facde6c81ca982ecebc16aeb9cb803f45f493ce520cdfcb3d56728ec19ecd
    ;;
  Linux-aarch64)
    package=claude-code-linux-arm64
    sha512=578c9a9c0639100e54a70c113ed8d27ea0db36a0255097959f7358670d808264478dda52b0bb470336f14577e40276e3c135f3134b9e763431518d360113dcb0
    ;;
  *)
    echo "install-claude: no claude binary for $(uname -s) $(uname -m)" >&2
    exit 1
    ;;
esac

cache=${XDG_CACHE_HOME:-$HOME/.cache}/orleans-workflows/claude
target=$cache/$version
if [ -x "$target/claude" ]; then
  echo "$target/claude"
  exit 0
fi

if ! command -v npm >/dev/null; then
  echo "install-claude: npm is missing, and it brings claude $version (Debian: apt-get install npm)" >&2
  exit 1
fi

mkdir -p "$cache"
partial=$(mktemp -d "$cache/.partial-XXXXXX")
trap 'rm -rf "$partial"' EXIT
# npm's own cache would keep the 175 MB a second time.
(cd "$partial" && timeout 900 npm pack --silent --cache "$partial/npm" "@anthropic-ai/$package@$version" >&2)
archive=$partial/anthropic-ai-$package-$version.tgz
echo "$sha512  $archive" | sha512sum --check --quiet >&2
mkdir "$partial/ready"
tar --extract --gzip --file "$archive" --directory "$partial/ready" --strip-components 1 --no-same-owner package/claude
chmod 755 "$partial/ready" "$partial/ready/claude"
# A rename shows all or nothing. Losing a race to another installer is fine: the content is the same.
mv --no-target-directory "$partial/ready" "$target" 2>/dev/null || [ -x "$target/claude" ]
echo "$target/claude"
