#!/usr/bin/env bash
# The mail server for the tests. Each test starts smtp.py itself.
#   smtp.sh install
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

case ${1:-} in
  install) /usr/bin/python3 -c 'import aiosmtpd.smtp' 2>/dev/null || bash "$here/packages.sh" smtp python3-aiosmtpd ;;
  *) echo "usage: ${0##*/} install" >&2; exit 2 ;;
esac
