<#
.SYNOPSIS
Builds the module in out/PeakS3Feed, and then tests, packs or installs it.
.PARAMETER Task
Build: lay out the module. Test: run the tests that need no server, and those whose servers are in environment variables. Package:
create out/PeakS3Feed.<version>.nupkg, whose assemblies are compiled to machine code for linux-x64, linux-arm64, win-x64 and osx-arm64.
Install: copy the module to the user's modules. Docs: create the help in module/en-US from docs/en-US.
.PARAMETER Platform
The only platform that the module is for, for example linux-x64; by default it runs on all six. A module for one platform is much smaller, because each has
its own native libraries.
.EXAMPLE
./build.ps1 -Task Test, Package
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Install', 'Docs')]
    [string[]] $Task = 'Build',

    [ValidateSet('win-x64', 'win-arm64', 'linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64')]
    [string] $Platform
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
foreach ($step in @('Build') + $Task | Select-Object -Unique) {
    Write-Verbose $step
    $arguments = @{}
    if ($step -eq 'Build') {
        if ($Platform) { $arguments.Platform = $Platform }
        $arguments.Package = 'Package' -in $Task
    }
    & (Join-Path $PSScriptRoot "tools/$step.ps1") @arguments
}
