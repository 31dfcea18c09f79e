#!/usr/bin/env bash
# The servers of the integration tests.
#   all.sh install | start | stop | status
#   eval "$(tests/servers/all.sh env)"     sets the variables with the addresses of the servers
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")

both() {
  local result=0
  bash "$here/ceph.sh" "$1" || result=$?
  bash "$here/postgres.sh" "$1" || result=$?
  return $result
}

variables() {
  local login="Database=peaks3feed_test;Username=peaks3feed;Password=peaks3feed-test"
  say PEAKS3FEED_TEST_S3 http://127.0.0.1:7480
  say PEAKS3FEED_TEST_POSTGRES "Host=127.0.0.1;Port=${PEAKS3FEED_TEST_POSTGRES_PORT:-54329};$login;SSL Mode=Disable"
  say PEAKS3FEED_TEST_POSTGRES_CA "$home/postgres/ca.crt"
  say PEAKS3FEED_TEST_SERVERS "$here"
}

say() { echo "export $1=${2@Q}"; }

case ${1:-} in
  install)
    both install
    for program in smtp chromium; do # a test that finds no such program is skipped by name
      bash "$here/$program.sh" install || echo "$program: not installed" >&2
    done
    ;;
  start | stop | status) both "$1" ;;
  env) variables ;;
  *) echo "usage: ${0##*/} install|start|stop|status|env" >&2; exit 2 ;;
esac
