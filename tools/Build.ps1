# Lays out the module in out/PeakS3Feed, like tools/build.sh, which needs no PowerShell. For a package, it is compiled for the platforms that most people have.
param([string] $Platform, [switch] $Package)
$arguments = @(
    if ($Platform) { "-p:ModulePlatform=$Platform" }
    if ($Package) { '-p:ModulePackage=true' }
)
dotnet publish (Join-Path $PSScriptRoot ../src/PeakS3Feed) -c Release --nologo -v q @arguments
