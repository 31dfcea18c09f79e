#!/usr/bin/env bash
# Lays out the module in out/PeakS3Feed, with the .NET SDK alone: the loader, the manifest, views and help at its root, all else in lib.
set -euo pipefail
cd "$(dirname "$0")/.."
out=out/PeakS3Feed
rm -rf "$out"
mkdir -p "$out"
dotnet publish src/PeakS3Feed -c Release -o "$out/lib" --nologo -v q
dotnet build src/PeakS3Feed.Loader -c Release --nologo -v q
cp src/PeakS3Feed.Loader/bin/Release/net10.0/PeakS3Feed.Loader.dll "$out/"
cp -r module/* LICENSE "$out/"
