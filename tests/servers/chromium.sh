#!/usr/bin/env bash
# The browser for the tests. Each test starts its own.
#   chromium.sh install
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

case ${1:-} in
  install) [ -x /usr/bin/chromium ] || bash "$here/packages.sh" chromium chromium fonts-dejavu-core ;;
  *) echo "usage: ${0##*/} install" >&2; exit 2 ;;
esac
