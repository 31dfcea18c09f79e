#!/usr/bin/env bash
# A stand-in for Redshift before the PostgreSQL of postgres.sh: PostgreSQL's protocol on 127.0.0.1:54390, and the Data API with the controls
# of tests on 127.0.0.1:54391. It reads staged files from the server of ceph.sh.
#   redshift.sh install | start | stop | status
# install builds tests/PeakS3Feed.RedshiftServer, unless it is built; start does so, too.
set -euo pipefail
umask 022
exec </dev/null

here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")/redshift
port=${PEAKS3FEED_TEST_REDSHIFT_PORT:-54390}
name=PeakS3Feed.RedshiftServer
built=$here/../$name/bin/Release/net10.0

die() { echo "redshift: $*" >&2; exit 1; }

install() { [ -x "$built/$name" ] || CI=true dotnet build "$here/../$name" -c Release -v q; }

pid_of() { # the process id of our running program; ignores an id that another program reuses
  local pid
  pid=$(cat "$home/pid" 2>/dev/null) || return 1
  [[ $(readlink "/proc/$pid/exe") == "$home/program/$name" ]] && echo "$pid"
}

answers() { curl -fs -m 2 -o /dev/null --noproxy '*' "http://127.0.0.1:$((port + 1))/control/statements"; }

status() {
  pid_of >/dev/null && answers || { echo "redshift: not running"; return 1; }
  echo "redshift: running at 127.0.0.1:$port, Data API at http://127.0.0.1:$((port + 1))"
}

start() {
  if status >/dev/null; then status; return; fi
  stop >/dev/null
  if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then die "port $port is taken by another program"; fi
  install
  bash "$here/ceph.sh" status >/dev/null && bash "$here/postgres.sh" status >/dev/null || die "Ceph and PostgreSQL must run first"
  rm -rf "$home/program"
  mkdir -p "$home"
  cp -r "$built" "$home/program" # a build does not change the program that runs
  eval "$(bash "$here/all.sh" env)"
  local certificate=() file=$home/../postgres/data/server
  if [ -r "$file.key" ]; then certificate=("$file.crt" "$file.key"); fi # PostgreSQL's: of the same authority, for the same host
  setsid "$home/program/$name" "$port" "$((port + 1))" "${certificate[@]}" >"$home/server.log" 2>&1 &
  echo $! >"$home/pid"
  local deadline=$((SECONDS + 30))
  until answers; do
    kill -0 $! 2>/dev/null && ((SECONDS < deadline)) || { tail -n 15 "$home/server.log" >&2; die "it did not start"; }
    sleep 0.1
  done
  status
}

stop() {
  local pid
  if pid=$(pid_of); then
    kill "$pid" || true
    local deadline=$((SECONDS + 5))
    while pid_of >/dev/null; do
      if ((SECONDS >= deadline)); then kill -KILL "$pid" || true; fi
      sleep 0.05
    done
  fi
  rm -f "$home/pid"
  echo "redshift: stopped"
}

case ${1:-} in
  install | start | stop | status) "$1" ;;
  *) echo "usage: ${0##*/} install|start|stop|status" >&2; exit 2 ;;
esac
