#!/usr/bin/env bash
# Installs Debian packages for one of the servers: packages.sh SERVER PACKAGE...
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "$1: missing packages; as root: apt-get install --no-install-recommends ${*:2}" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends "${@:2}" || {
  apt-get update && apt-get install -y --no-install-recommends "${@:2}"
}
