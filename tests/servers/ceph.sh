#!/usr/bin/env bash
# A real S3 and STS server for the tests: one Ceph Object Gateway on 127.0.0.1:7480.
#   ceph.sh install | start | stop | status
#   ceph.sh make-role NAME TRUST_POLICY ACCESS_POLICY | delete-role NAME | admin ARGUMENTS_OF_RADOSGW_ADMIN
# Objects are in memory: each start has the users and the role below, and no bucket.
set -euo pipefail
umask 022
exec </dev/null
unset "${!CEPH@}"

here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")/ceph
endpoint=http://127.0.0.1:7480
monitor=v1:127.0.0.1:16789
sts_min_seconds=${RGW_STS_MIN:-5}       # the shortest session of AssumeRole; AWS requires 900
daemons=(radosgw ceph-osd ceph-mon)     # in the order of stopping
cluster_id=7a3e1b52-90c4-4d0f-8a55-6d2c1f0e9b01
osd_id=7a3e1b52-90c4-4d0f-8a55-6d2c1f0e9b02
export CEPH_CONF=$home/ceph.conf

trust_policy='{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"AWS": ["arn:aws:iam:::user/platform"]}}]}'
access_policy='{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::acme-data"],
   "Condition": {"StringLike": {"s3:prefix": ["incoming/*"]}}},
  {"Effect": "Allow", "Action": ["s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::acme-data"]},
  {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::acme-data/incoming/*"]}]}'

die() { echo "ceph: $*" >&2; exit 1; }

give_up() { # prints the ends of the logs and stops all daemons
  tail -n 15 "$home"/log/* >&2 || true
  kill_daemons
  die "$*"
}

install() {
  type -P radosgw ceph-mon ceph-osd ceph monmaptool curl >/dev/null || bash "$here/packages.sh" ceph radosgw ceph-mon ceph-osd ceph-common curl
}

pid_of() { # the process id of our running daemon; ignores an id that another program reuses
  local pid program
  pid=$(cat "$home/run/$1.pid" 2>/dev/null) || return 1
  program=$(readlink "/proc/$pid/exe") || return 1
  [[ ${program% (deleted)} == */"$1" ]] && echo "$pid"
}

answers() { curl -fs -m 2 -o /dev/null --noproxy '*' "$endpoint/"; }

status() {
  local daemon
  for daemon in "${daemons[@]}"; do
    pid_of "$daemon" >/dev/null || { echo "ceph: not running ($daemon is down)"; return 1; }
  done
  answers || { echo "ceph: not running ($endpoint does not answer)"; return 1; }
  echo "ceph: running at $endpoint"
}

write_configuration() {
  cat >"$CEPH_CONF" <<CONF
[global]
fsid = $cluster_id
mon host = $monitor
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
admin socket =
run dir = $home/run
log file = $home/log/\$name.log
log to stderr = false
mon cluster log file = $home/log/cluster.log
crash dir = $home/crash
mon data = $home/mon
osd data = $home/osd
rgw data = $home/rgw
osd objectstore = memstore
memstore device bytes = 8589934592
osd memory target = 1073741824
osd op num shards = 2
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
paxos propose interval = 0.02
paxos min wait = 0.01
# Sent by start: the OSD would send these to the monitor before it knows the cluster's id, and sometimes fail.
osd class update on start = false
osd crush update on start = false

[client.rgw]
rgw frontends = beast endpoint=${endpoint#http://} tcp_nodelay=1
rgw thread pool size = 64
rgw s3 auth use sts = true
rgw s3 auth order = local, sts
rgw sts key = 0123456789abcdef
rgw sts min session duration = $sts_min_seconds
rgw override bucket index max shards = 1
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = testkey-1=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
rgw run sync thread = false
rgw enable quota threads = false
rgw enable lc threads = false
rgw dynamic resharding = false
CONF
}

launch() { # program, arguments
  setsid "$1" -f "${@:2}" >"$home/log/$1.out" 2>&1 &
  echo $! >"$home/run/$1.pid"
}

start_cluster() {
  monmaptool --create --fsid "$cluster_id" --addv a "[$monitor]" "$home/monmap" &&
  ceph-mon -i a --mkfs --monmap "$home/monmap" &&
  launch ceph-mon -i a &&
  timeout 30 ceph osd new "$osd_id" &&
  timeout 30 ceph osd crush add osd.0 1.0 root=default host=localhost &&
  ceph-osd -i 0 --mkfs --osd-uuid "$osd_id" &&
  launch ceph-osd -i 0
}

admin() { timeout 60 radosgw-admin -n client.rgw "$@"; }

provision() {
  admin user create --uid platform --display-name Platform \
    --access-key PLATFORMACCESSKEY001 --secret-key platformSecretKey0000000000000000000001 &&
  admin user create --uid customer --display-name Customer --caps 'roles=*' \
    --access-key CUSTOMERACCESSKEY001 --secret-key customerSecretKey0000000000000000000001 &&
  make_role ingest "$trust_policy" "$access_policy"
}

make_role() { # name, trust policy, access policy
  admin role create --role-name "$1" --path / --assume-role-policy-doc "$2" &&
  admin role-policy put --role-name "$1" --policy-name access --policy-doc "$3"
}

delete_role() {
  admin role-policy delete --role-name "$1" --policy-name access &&
  admin role delete --role-name "$1"
}

start() {
  if status >/dev/null; then status; return; fi
  kill_daemons
  if answers; then die "$endpoint is taken by another program"; fi
  mkdir -p "$home"
  [ -O "${home%/*}" ] || die "${home%/*} is another user's; set PEAKS3FEED_TEST_HOME to a folder of yours"
  rm -rf "$home"
  mkdir "$home" "$home"/{log,run,crash,mon,osd,rgw}
  write_configuration
  start_cluster >"$home/log/setup.out" 2>&1 || give_up "the cluster did not start"
  provision >>"$home/log/setup.out" 2>&1 || give_up "the users and the role could not be made"
  launch radosgw -n client.rgw
  local deadline=$((SECONDS + 45))
  until answers; do
    pid_of radosgw >/dev/null && ((SECONDS < deadline)) || give_up "the gateway did not start"
    sleep 0.05
  done
  status
}

kill_daemons() { # SIGKILL, because there is no data on disk
  local daemon pid
  for daemon in "${daemons[@]}"; do
    if pid=$(pid_of "$daemon"); then
      kill -KILL "$pid" || true
      while pid_of "$daemon" >/dev/null; do sleep 0.02; done
    fi
    rm -f "$home/run/$daemon.pid"
  done
}

case ${1:-} in
  install | start | status) "$1" ;;
  stop) kill_daemons; echo "ceph: stopped" ;;
  make-role) make_role "${@:2:3}" ;;
  delete-role) delete_role "$2" ;;
  admin) admin "${@:2}" ;;
  *) echo "usage: ${0##*/} install|start|stop|status|make-role|delete-role|admin" >&2; exit 2 ;;
esac
