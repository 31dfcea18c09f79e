#!/usr/bin/env bash
# A stand-in for Redshift before the PostgreSQL of postgres.sh: PostgreSQL's protocol on 127.0.0.1:54390, and the Data API with the controls
# of tests on 127.0.0.1:54391. It reads staged files from the server of ceph.sh.
#   redshift.sh install | start | stop | status
# install builds tests/PeakS3Feed.RedshiftServer, unless it is built; start does so, too.
set -euo pipefail
umask 022
exec </dev/null

here=$(cd "$(dirname "$0")" && pwd)
short=redshift
name=PeakS3Feed.RedshiftServer
port=${PEAKS3FEED_TEST_REDSHIFT_PORT:-54390}
control=$((port + 1))

addresses() { echo "127.0.0.1:$port, Data API at http://127.0.0.1:$control"; }

arguments() {
  local file=$home/../postgres/data/server
  arguments=("$port" "$control")
  if [ -r "$file.key" ]; then arguments+=("$file.crt" "$file.key"); fi # PostgreSQL's: of the same authority, for the same host
}

. "$here/stand-in.sh"
