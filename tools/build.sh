#!/usr/bin/env bash
# Lays out the module in out/PeakS3Feed. Needs only the .NET SDK: build.sh [--platform PLATFORM] [arguments for dotnet publish]
# A platform, for example linux-x64, keeps the native libraries of that platform only; by default the module runs on all six. It is compiled to machine
# code for that platform, or for this machine's.
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=()
while (($# > 0)); do
  case $1 in
    --platform) arguments+=("-p:ModulePlatform=${2:?build.sh: --platform needs a platform, for example linux-x64}") && shift ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
dotnet publish src/PeakS3Feed -c Release --nologo -v q ${arguments[@]+"${arguments[@]}"}
