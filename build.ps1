<#
.SYNOPSIS
Builds the module in out/PeakS3Feed, and then does more with it.
.PARAMETER Task
Build: lay out the module. Test: run the tests that need no server, and those whose server the environment names. Package: make
out/PeakS3Feed.<version>.nupkg. Install: copy it to the user's modules. Docs: make the help in module/en-US from docs/en-US.
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
