#!/usr/bin/env bash
# The servers of the integration tests.
#   all.sh install | start | stop | status
#   eval "$(tests/servers/all.sh env)"     sets the variables with the addresses of the servers
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")

each() { # command, servers: all of them, even if one fails
  local result=0 server
  for server in "${@:2}"; do bash "$here/$server.sh" "$1" || result=$?; done
  return $result
}

variables() {
  local redshift=${PEAKS3FEED_TEST_REDSHIFT_PORT:-54390}
  local snowflake=${PEAKS3FEED_TEST_SNOWFLAKE_PORT:-54392}
  local login="Database=peaks3feed_test;Username=peaks3feed;Password=peaks3feed-test"
  say PEAKS3FEED_TEST_S3 http://127.0.0.1:7480
  say PEAKS3FEED_TEST_POSTGRES "Host=127.0.0.1;Port=${PEAKS3FEED_TEST_POSTGRES_PORT:-54329};$login;SSL Mode=Disable"
  say PEAKS3FEED_TEST_POSTGRES_CA "$home/postgres/ca.crt"
  say PEAKS3FEED_TEST_REDSHIFT "Host=127.0.0.1;Port=$redshift;Database=peaks3feed_redshift;Username=peaks3feed;Password=peaks3feed-test;SSL Mode=Disable"
  say PEAKS3FEED_TEST_REDSHIFT_API "http://127.0.0.1:$((redshift + 1))"
  say PEAKS3FEED_TEST_SNOWFLAKE "http://127.0.0.1:$snowflake"
  say PEAKS3FEED_TEST_SERVERS "$here"
}

say() { echo "export $1=${2@Q}"; }

case ${1:-} in
  install)
    each install ceph postgres # the stand-ins come from the build
    for program in smtp chromium parquet; do # a test that finds no such program is skipped by name
      bash "$here/$program.sh" install || echo "$program: not installed" >&2
    done
    ;;
  start | status) each "$1" ceph postgres redshift snowflake ;;
  stop) each stop snowflake redshift ceph postgres ;;
  env) variables ;;
  *) echo "usage: ${0##*/} install|start|stop|status|env" >&2; exit 2 ;;
esac
