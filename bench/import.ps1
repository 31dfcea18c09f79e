<#
.SYNOPSIS
What Import-Module PeakS3Feed costs more than importing a binary module with one empty cmdlet.
.DESCRIPTION
Each import is the first thing that a new pwsh does; the two modules take turns, so that whatever else the machine does meets both.
.EXAMPLE
pwsh -NoProfile -File bench/import.ps1 -Rounds 15
#>
param(
    [ValidateRange(1, 1000)] [int] $Rounds = 9,
    [string] $ModulePath = (Join-Path $PSScriptRoot ../out/PeakS3Feed)
)
$ErrorActionPreference = 'Stop'
$folder = Join-Path ([IO.Path]::GetTempPath()) "peaks3feed-import-$PID"
$empty = Join-Path $folder Empty.dll
$measure = {
    $ErrorActionPreference = 'Stop' # an import that fails costs little
    $process = [Diagnostics.Process]::GetCurrentProcess()
    $cpu = $process.TotalProcessorTime
    $watch = [Diagnostics.Stopwatch]::StartNew()
    Import-Module $args[0]
    $wall = $watch.Elapsed
    $process.Refresh()
    [pscustomobject]@{ Wall = $wall.TotalMilliseconds; Cpu = ($process.TotalProcessorTime - $cpu).TotalMilliseconds }
}
function Measure-Import([string] $Path) {
    pwsh -NoProfile -NonInteractive -OutputFormat XML -Command $measure -args (Resolve-Path $Path).Path
    if ($LASTEXITCODE -ne 0) { throw "The import of $Path failed." }
}
function Get-Median([double[]] $Values) { @($Values | Sort-Object)[[Math]::Floor($Values.Count / 2)] }

$null = New-Item -ItemType Directory $folder
try {
    Add-Type -OutputAssembly $empty -TypeDefinition @'
using System.Management.Automation;
[Cmdlet("Get", "Nothing")] public sealed class GetNothingCommand : PSCmdlet { }
'@
    $null = Measure-Import $empty; $null = Measure-Import $ModulePath # what the disk gives is in memory from now on
    $runs = for ($i = 0; $i -lt $Rounds; $i++) {
        [pscustomobject]@{ Empty = Measure-Import $empty; Ours = Measure-Import $ModulePath }
    }
    foreach ($clock in 'Wall', 'Cpu') {
        $ours = Get-Median $runs.Ours.$clock
        $none = Get-Median $runs.Empty.$clock
        [pscustomobject]@{ Clock = $clock; Rounds = $Rounds; EmptyMs = [Math]::Round($none); OursMs = [Math]::Round($ours); MoreMs = [Math]::Round($ours - $none) }
    }
}
finally { Remove-Item -Recurse $folder }
