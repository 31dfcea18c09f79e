#!/usr/bin/env bash
# Makes the fixtures of this folder with a program of version 0.1 (commit 2f8a522): make.sh PEAKS3FEED
# They are what that version left behind, so they are not to be made with a newer one. PostgreSQL: tests/servers/postgres.sh.
set -euo pipefail
program=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PEAKS3FEED_HOME=$work/store WAREHOUSE_PASSWORD=peaks3feed-test
url=$(bash "$here/../../servers/postgres.sh" url)

wave() { # number: its files become part of the bucket, each newer than the one before
  local file
  mkdir -p "$work/bucket"
  while IFS= read -r file; do
    mkdir -p "$work/bucket/$(dirname "$file")"
    cp "$here/bucket/$1/$file" "$work/bucket/$file"
    touch -d "2026-01-0$1 00:00:00Z + $((++seconds)) seconds" "$work/bucket/$file"
  done < <(cd "$here/bucket/$1" && find . -type f -printf '%P\n' | LC_ALL=C sort)
}

run() {
  "$program" run '*' || [ $? = 1 ] # one feed fails in each wave
}

seconds=0
psql -qc 'DROP SCHEMA IF EXISTS made_by_0_1 CASCADE; CREATE SCHEMA made_by_0_1' "$url"
sed "s|BUCKET|file://$work/bucket|" "$here/definitions.json" >"$work/definitions.json"
"$program" import "$work/definitions.json"
wave 1
run
sqlite3 "$PEAKS3FEED_HOME/state.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -rf "$here/store" && mkdir "$here/store"
sed "s|$work/bucket|/BUCKET|" "$PEAKS3FEED_HOME/definitions.json" >"$here/store/definitions.json"
cp "$PEAKS3FEED_HOME"/{state,local}.db "$here/store/"
dump() { pg_dump --schema=made_by_0_1 --no-owner --inserts "$url" | grep -v '^\\'; }
dump >"$here/warehouse.sql"
wave 2
run
cp "$PEAKS3FEED_HOME/local.db" "$here/local-after.db"
dump >"$here/warehouse-after.sql"
psql -qc 'DROP SCHEMA made_by_0_1 CASCADE' "$url"
