#requires -Version 7.6 -Modules PeakS3Feed
<#
.SYNOPSIS
Runs feeds unattended: every one that is enabled, or those that are named. One that fails does not keep the others from running.
.OUTPUTS
The runs. The exit code is 0 when all ended well and 1 otherwise; what failed is on the standard error stream.
#>
param(
    [Parameter(Mandatory)] [string] $StorePath,
    [string[]] $Name = '*'
)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText' # no colours in a log
Get-S3Feed $Name -StorePath $StorePath | Where-Object Enabled | Invoke-S3Feed -ErrorAction Continue -ErrorVariable failures
if ($failures) { exit 1 }
