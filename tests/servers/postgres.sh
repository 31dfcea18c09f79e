#!/usr/bin/env bash
# PostgreSQL 15 for the tests: a private cluster on 127.0.0.1:54329 (or PEAKS3FEED_TEST_POSTGRES_PORT), with and without TLS.
#   postgres.sh install | start | stop | restart [immediate] | status | url
# The cluster stays on disk between starts. The certificate of its authority is postgres/ca.crt under PEAKS3FEED_TEST_HOME.
set -euo pipefail
umask 022
exec </dev/null
unset "${!PG@}"

here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")/postgres
bin=/usr/lib/postgresql/15/bin
database=peaks3feed_test
export PGHOST=$home PGPORT=${PEAKS3FEED_TEST_POSTGRES_PORT:-54329} PGDATABASE=postgres PGUSER=peaks3feed PGPASSWORD=peaks3feed-test
cd / # a folder that every user can enter

die() { echo "postgres: $*" >&2; exit 1; }

install() {
  { [ -x $bin/postgres ] && type -P openssl >/dev/null; } || bash "$here/packages.sh" postgres postgresql openssl
}

as_server() { # PostgreSQL refuses to run as root; then it runs as the user that its package created
  if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi
}

control() { as_server $bin/pg_ctl --pgdata "$home/data" --log "$home/server.log" --silent --wait --timeout 120 "$@"; }

alive() { control status >/dev/null 2>&1; }

status() {
  alive && $bin/pg_isready -q || { echo "postgres: not running"; return 1; }
  echo "postgres: running at 127.0.0.1:$PGPORT"
}

make_certificates() { # an authority, whose key is deleted, and a server certificate for this host
  local ca=(-keyout "$home/ca.key" -out "$home/ca.crt" -subj "/CN=PeakS3Feed tests CA")
  local server=(-keyout "$1/server.key" -out "$1/server.crt" -subj /CN=localhost)
  local common=(-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650)
  as_server openssl req "${common[@]}" "${ca[@]}" -addext keyUsage=critical,keyCertSign,cRLSign &&
  as_server openssl req "${common[@]}" "${server[@]}" -CA "$home/ca.crt" -CAkey "$home/ca.key" \
    -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
    -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:localhost,IP:127.0.0.1 &&
  rm "$home/ca.key"
}

create_cluster() { # in a temporary folder first, so that an existing cluster is always complete
  local new=$home/data.new
  rm -rf "$new"
  as_server tee "$home/password" <<<"$PGPASSWORD" >/dev/null
  as_server $bin/initdb --pgdata "$new" --username "$PGUSER" --pwfile "$home/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; die "initdb failed"; }
  make_certificates "$new" 2>"$home/openssl.log" || { cat "$home/openssl.log" >&2; die "the certificates could not be created"; }
  as_server tee -a "$new/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $PGPORT
unix_socket_directories = '${home//\'/\'\'}'
max_connections = 50
fsync = on
synchronous_commit = on
ssl = on
CONF
  as_server tee "$new/pg_hba.conf" >/dev/null <<CONF
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
CONF
  mv "$new" "$home/data"
}

create_database() {
  local exists
  exists=$($bin/psql -X -Atc "SELECT 1 FROM pg_database WHERE datname = '$database'")
  [ "$exists" = 1 ] || $bin/createdb $database
}

kill_leftovers() { # a backend that executes a statement outlives a killed server, and prevents the next start
  local process
  for process in $(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$home/data" 2>/dev/null); do
    process=${process%/cwd}
    if [ "$(readlink "$process/exe")" = $bin/postgres ]; then kill -KILL "${process#/proc/}" || true; fi
  done
}

start() {
  if status >/dev/null; then status; return; fi
  if ! alive && (: </dev/tcp/127.0.0.1/$PGPORT) 2>/dev/null; then die "port $PGPORT is taken by another program"; fi
  mkdir -p "$home"
  [ -O "${home%/*}" ] || die "${home%/*} is another user's; set PEAKS3FEED_TEST_HOME to a folder of yours"
  if [ "$(id -u)" = 0 ]; then chown postgres: "$home"; fi
  as_server test -w "$home" || die "user postgres cannot reach $home; set PEAKS3FEED_TEST_HOME to a folder it can enter"
  [ -d "$home/data" ] || create_cluster
  local deadline=$((SECONDS + 15))
  until control start 2>>"$home/control.log" || status >/dev/null; do
    ((SECONDS < deadline)) || { tail -n 15 "$home/server.log" >&2; die "the server did not start"; }
    if ! alive; then kill_leftovers; fi
    sleep 0.2
  done
  create_database
  status
}

stop() {
  if alive; then
    { control stop --mode "${1:-fast}" || control stop --mode immediate || true; } 2>>"$home/control.log"
    if alive; then die "the server does not stop"; fi
  fi
  kill_leftovers
  echo "postgres: stopped"
}

case ${1:-} in
  install | start | stop | status) "$1" ;;
  restart) stop "${2:-fast}" && start ;;
  url) echo "postgresql://$PGUSER:$PGPASSWORD@127.0.0.1:$PGPORT/$database" ;;
  *) echo "usage: ${0##*/} install|start|stop|restart [immediate]|status|url" >&2; exit 2 ;;
esac
