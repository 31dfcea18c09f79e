#!/usr/bin/env bash
# A stand-in for Snowflake's SQL API before the PostgreSQL of postgres.sh, with the controls of tests, on 127.0.0.1:54392. It reads staged files from
# the server of ceph.sh.
#   snowflake.sh install | start | stop | status
# install builds tests/PeakS3Feed.SnowflakeServer, unless it is built; start does so, too.
set -euo pipefail
umask 022
exec </dev/null

here=$(cd "$(dirname "$0")" && pwd)
short=snowflake
name=PeakS3Feed.SnowflakeServer
port=${PEAKS3FEED_TEST_SNOWFLAKE_PORT:-54392}
control=$port

addresses() { echo "http://127.0.0.1:$port"; }

arguments() { arguments=("$port"); }

. "$here/stand-in.sh"
