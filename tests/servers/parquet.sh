#!/usr/bin/env bash
# The readers of Parquet files for the tests, from npm: hyparquet and parquet-wasm.
#   parquet.sh install
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

case ${1:-} in
  install)
    if ! type -P npm >/dev/null || ! type -P node >/dev/null; then bash "$here/packages.sh" parquet npm nodejs; fi
    # Not npm ci: it asks for the packages of other systems, too.
    [ "$here/parquet/node_modules/.package-lock.json" -nt "$here/parquet/package-lock.json" ] ||
      (cd "$here/parquet" && npm install --no-save --no-audit --no-fund --loglevel=error)
    ;;
  *) echo "usage: ${0##*/} install" >&2; exit 2 ;;
esac
