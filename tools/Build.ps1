# Lays out the module in out/PeakS3Feed, like tools/build.sh, which needs no PowerShell.
param([string] $Platform)
$arguments = if ($Platform) { "-p:ModulePlatform=$Platform" }
dotnet publish (Join-Path $PSScriptRoot ../src/PeakS3Feed) -c Release --nologo -v q @arguments
