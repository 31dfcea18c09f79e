# Lays out the module in out/PeakS3Feed, as tools/build.sh does where there is no PowerShell.
dotnet publish (Join-Path $PSScriptRoot ../src/PeakS3Feed) -c Release --nologo -v q
