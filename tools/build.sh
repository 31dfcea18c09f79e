#!/usr/bin/env bash
# Lays out the module in out/PeakS3Feed. Needs only the .NET SDK: build.sh [arguments for dotnet publish]
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet publish src/PeakS3Feed -c Release --nologo -v q "$@"
