# Copies the module to the user's own modules, which come first in PSModulePath.
$module = Join-Path $PSScriptRoot ../out/PeakS3Feed
$version = (Import-PowerShellDataFile (Join-Path $module PeakS3Feed.psd1)).ModuleVersion
$target = Join-Path ($env:PSModulePath -split [IO.Path]::PathSeparator)[0] "PeakS3Feed/$version"
if (Test-Path $target) { Remove-Item -Recurse $target }
$null = New-Item -ItemType Directory $target
Copy-Item -Recurse (Join-Path $module *) $target
Get-Item $target
