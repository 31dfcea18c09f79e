# Pages that show sessions, and whether the sessions go as the pages say. A session is a fenced block whose commands follow "PS> " (and ">> "
# where they go on) and whose other lines are what came of the command before them:
#
#   Invoke-Transcript docs/tour.md -Setup { ... }          gives, for each command, Command, Line, Expected and Actual
#   Invoke-Transcript docs/tour.md -Setup { ... } -Update  writes what came into the page
#
# The commands of a page run one after the other in a pwsh of their own, without a profile, after the setup.

function Get-TranscriptStep([string[]] $Lines) {
    $inBlock = $false
    $step = $null
    for ($i = 0; $i -lt $Lines.Count; $i++) {
        $line = $Lines[$i]
        if ($line -match '^```') {
            $inBlock = -not $inBlock
            $step
            $step = $null
        }
        elseif ($inBlock -and $line -match '^PS> (.*)') {
            $step
            $step = [pscustomobject]@{ Line = $i + 1; Command = $Matches[1]; First = $i + 1; Expected = @(); Actual = @() }
        }
        elseif ($step -and -not $step.Expected -and $line -match '^>> (.*)') {
            $step.Command += "`n" + $Matches[1]
            $step.First = $i + 1
        }
        elseif ($step) { $step.Expected += $line }
    }
}

function Invoke-Transcript([string] $Path, [scriptblock] $Setup = {}, [switch] $Update) {
    $lines = @(Get-Content -LiteralPath $Path)
    $steps = @(Get-TranscriptStep $lines)
    $mark = [guid]::NewGuid().ToString('N')
    # Only the host sees what -WhatIf says, so all goes to the host, in its order.
    $parts = foreach ($step in $steps) {
        "Write-Host '$mark'"
        ". { $($step.Command)`n} 2>&1 3>&1 | ForEach-Object { `$_ -is [Management.Automation.WarningRecord] ? `"WARNING: `$_`" : `$_ } | Out-String -Width 100 | Write-Host -NoNewline"
    }
    $script = Join-Path ([IO.Path]::GetTempPath()) "$mark.ps1"
    Set-Content -LiteralPath $script -Value (@('$PSStyle.OutputRendering = "PlainText"; $ProgressPreference = "SilentlyContinue"', $Setup.ToString()) + $parts)
    try { $text = @(pwsh -NoProfile -NonInteractive -File $script 2>&1 | ForEach-Object { "$_" }) -join "`n" } finally { Remove-Item $script }
    $answers = @($text -split "$mark\r?\n?" | Select-Object -Skip 1)
    for ($i = 0; $i -lt $steps.Count; $i++) {
        $answer = $i -lt $answers.Count ? $answers[$i] : '(the session ended before this command)'
        $steps[$i].Actual = @($answer.Trim("`r", "`n") -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ -or $answer.Trim() })
    }
    if ($Update) {
        for ($i = $steps.Count - 1; $i -ge 0; $i--) {
            $step = $steps[$i]
            $before = $lines[0..($step.First - 1)]
            $after = @($lines | Select-Object -Skip ($step.First + $step.Expected.Count))
            $gap = $i + 1 -lt $steps.Count -and $after -and $after[0] -like 'PS> *' -and $step.Actual ? @('') : @()
            $lines = @($before) + $step.Actual + $gap + $after
        }
        Set-Content -LiteralPath $Path -Value $lines
    }
    $steps
}

# A text without what is another one each time: ids, moments, durations, rates, ports and the width of columns.
function Get-StableText([string[]] $Text) {
    $stable = ($Text -join "`n").Trim() -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'ID' `
        -replace '\b[0-9a-f]{32}\b', 'ID' -replace '\b(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b', 'ID' -replace '\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?', 'MOMENT' `
        -replace '\d+(\.\d+)? (s|ms)\b', 'DURATION' -replace '\d+(\.\d+)? ?[kMG]?B/s', 'RATE' -replace '127\.0\.0\.1:\d+', 'SERVER' -replace 'tx0000[-0-9a-z]+', 'REQUEST' `
        -replace 'process \d+', 'process N' -replace '-{3,}', '---'
    ($stable -split '\n' | ForEach-Object { ($_ -replace '\s+', ' ').Trim() } | Where-Object { $_ }) -join "`n"
}
