# Starts and stops a stand-in: a program of this repository before the PostgreSQL of postgres.sh. redshift.sh and snowflake.sh include it.
# They set: name (the folder and the program), title, short (the name in messages and of the folder for data), port (the one that nobody else may
# have), control (the port of the controls), and the functions addresses (for status) and arguments (fills the array of the program's arguments).
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")/$short
built=$here/../$name/bin/Release/net10.0

die() { echo "$short: $*" >&2; exit 1; }

install() { [ -x "$built/$name" ] || CI=true dotnet build "$here/../$name" -c Release -v q; }

pid_of() { # the process id of our running program; ignores an id that another program reuses
  local pid
  pid=$(cat "$home/pid" 2>/dev/null) || return 1
  [[ $(readlink "/proc/$pid/exe") == "$home/program/$name" ]] && echo "$pid"
}

answers() { curl -fs -m 2 -o /dev/null --noproxy '*' "http://127.0.0.1:$control/control/statements"; }

status() {
  pid_of >/dev/null && answers || { echo "$short: not running"; return 1; }
  echo "$short: running at $(addresses)"
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
  local arguments=()
  arguments
  setsid "$home/program/$name" "${arguments[@]}" >"$home/server.log" 2>&1 &
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
  echo "$short: stopped"
}

case ${1:-} in
  install | start | stop | status) "$1" ;;
  *) echo "usage: ${0##*/} install|start|stop|status" >&2; exit 2 ;;
esac
