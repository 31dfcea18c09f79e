<#
.SYNOPSIS
Builds the module in out/PeakS3Feed, and then tests, packs or installs it.
.PARAMETER Task
Build: lay out the module. Test: run the tests that need no server, and those whose servers are in environment variables. Package:
create out/PeakS3Feed.<version>.nupkg. Install: copy the module to the user's modules. Docs: create the help in module/en-US from docs/en-US.
.EXAMPLE
./build.ps1 -Task Test, Package
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Install', 'Docs')]
    [string[]] $Task = 'Build'
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
foreach ($step in @('Build') + $Task | Select-Object -Unique) {
    Write-Verbose $step
    & (Join-Path $PSScriptRoot "tools/$step.ps1")
}
