# Lays out the module in out/PeakS3Feed, like tools/build.sh, which needs no PowerShell.
dotnet publish (Join-Path $PSScriptRoot ../src/PeakS3Feed) -c Release --nologo -v q
