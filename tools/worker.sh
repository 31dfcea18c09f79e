#!/usr/bin/env bash
# Packs the program peaks3feed in out/worker, compiled to machine code for each platform:
#   worker.sh [linux-x64 | linux-arm64 | osx-x64 | osx-arm64 | win-x64 | win-arm64 ...]      without arguments: this machine's platform
# - a self-contained archive for each platform
# - a .NET tool. It consists of a package for each platform, one for any other platform, which is compiled as it runs, and the one that people
#   install: it names the others, and dotnet tool install takes the one that fits. All of them must be published.
set -euo pipefail
cd "$(dirname "$0")/.."
project=src/PeakS3Feed.Worker
out=$PWD/out/worker
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
platforms=("$@")
if ((${#platforms[@]} == 0)); then platforms=("$(dotnet --info | sed -n 's/^ *RID: *//p')"); fi
mkdir -p "$out"
rm -f "$out"/peaks3feed.*.nupkg
IFS=+
dotnet pack "$project" -c Release --nologo -v q -o "$out" "-p:ToolPlatforms=${platforms[*]}+any"
unset IFS
for platform in "${platforms[@]}"; do
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
