#!/usr/bin/env bash
# Packs the program peaks3feed in out/worker: as a .NET tool, and for each given platform as a self-contained archive:
#   worker.sh [linux-x64 | linux-arm64 | osx-x64 | osx-arm64 | win-x64 | win-arm64 ...]
set -euo pipefail
cd "$(dirname "$0")/.."
project=src/PeakS3Feed.Worker
out=$PWD/out/worker
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
mkdir -p "$out"
rm -f "$out/peaks3feed.$version.nupkg"
dotnet pack "$project" -c Release --nologo -v q -o "$out"
for platform in "$@"; do
  name=peaks3feed-$version-$platform
  rm -rf "${out:?}/$name" "$out/$name".{tar.gz,zip}
  dotnet publish "$project" -c Release --nologo -v q -r "$platform" --self-contained \
    -p:UseAppHost=true -o "$out/$name"
  rm -f "$out/$name"/*.pdb
  case $platform in
    win-*) (cd "$out" && python3 -m zipfile -c "$name.zip" "$name") ;;
    *) tar -C "$out" -czf "$out/$name.tar.gz" "$name" ;;
  esac
  rm -rf "${out:?}/$name"
done
ls -1 "$out"
