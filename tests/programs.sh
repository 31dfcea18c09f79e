#!/usr/bin/env bash
# The programs that tests start hundreds of times, compiled to machine code so that a start takes a third of the time. Needs a Release build.
#   programs.sh make    compiles them to artifacts/programs
#   eval "$(programs.sh env)"    lets the tests start these instead of the built ones; prints nothing where they are not made
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/artifacts/programs
framework=net10.0

make() {
  local platform publish
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    *) echo "programs.sh: no compiler for $(uname -sm); the tests start the built programs" >&2; return ;;
  esac
  # The built assemblies are compiled as they are. A lock file of the platform's own is written beside them, and the project's is left alone.
  publish=(src/PeakS3Feed.Worker "-p:RuntimeIdentifier=$platform" -p:Configuration=Release -p:AppendRuntimeIdentifierToOutputPath=false
    -p:SelfContained=false -p:UseAppHost=true "-p:CustomAfterMicrosoftCommonTargets=$PWD/tests/Programs.targets" --nologo -v q)
  rm -rf "$out"
  mkdir -p "$out"
  dotnet restore "${publish[@]}"
  dotnet publish "${publish[@]}" --no-build -o "$out/worker"
  # Another program with the same libraries: it takes the compiled ones.
  cp -r "tests/PeakS3Feed.CrashHost/bin/Release/$framework" "$out/crash-host"
  local library
  for library in "$out"/worker/*.dll; do
    if [ -f "$out/crash-host/${library##*/}" ]; then cp "$library" "$out/crash-host/"; fi
  done
}

case ${1:-} in
  make) make ;;
  env) if [ -x "$out/worker/peaks3feed" ] && [ -d "$out/crash-host" ]; then echo "export PEAKS3FEED_TEST_PROGRAMS=${out@Q}"; fi ;;
  *) echo "usage: ${0##*/} make|env" >&2; exit 2 ;;
esac
