# Pages that show sessions, and whether the sessions go as the pages say. A session is a block fenced as powershell whose commands follow
# "PS> " (and ">> " where they go on) and whose other lines are what came of the command before them:
#
#   Invoke-Transcript docs/tour.md -Setup { ... }          gives, for each command, Page, Command, Line, Expected and Actual
#   Invoke-Transcript docs/tour.md -Setup { ... } -Update  writes what came into the page
#
# With -Language sh, the blocks are fenced as sh, and each command, which follows "$ ", is given to sh.
#
# The commands of a page run one after the other, after the setup, in an empty folder; all pages of one call in one pwsh without a profile.
# The folder is shown under the same name everywhere, which is as long as its own on Linux, so that tables look the same.
$ShownFolder = '/srv/acme/feeds'

function Get-TranscriptStep([string] $Page, [string] $Language) {
    $lines = @(Get-Content -LiteralPath $Page)
    $prompt = $Language -eq 'sh' ? '\$ ' : 'PS> '
    $inBlock = $false
    $step = $null
    for ($i = 0; $i -lt $lines.Count; $i++) {
        $line = $lines[$i]
        if ($line -match '^```') {
            $inBlock = $line -eq "``````$Language"
            $step
            $step = $null
        }
        elseif ($inBlock -and $line -match "^$prompt(.*)") {
            $step
            $step = [pscustomobject]@{ Page = $Page; Line = $i + 1; Command = $Matches[1]; First = $i + 1; Expected = @(); Actual = @() }
        }
        elseif ($step -and -not $step.Expected -and $line -match '^>> (.*)') {
            $step.Command += "`n" + $Matches[1]
            $step.First = $i + 1
        }
        elseif ($step) { $step.Expected += $line }
    }
}

# The script that runs all steps, page by page. Each command is compiled by itself, so that its errors look as they do at a prompt.
function Get-TranscriptScript([object[]] $Steps, [scriptblock] $Setup, [string] $Folder, [string] $Mark, [string] $Language) {
    '$PSStyle.OutputRendering = "PlainText"; $ProgressPreference = "SilentlyContinue"'
    $pages, $number = 0, 0
    foreach ($page in $Steps | Group-Object Page) {
        "Set-Location (New-Item -ItemType Directory '$(Join-Path $Folder ('{0:d2}' -f ++$pages))')"
        "try { & { `n$Setup"
        foreach ($step in $page.Group) {
            "Write-Host '$Mark $((++$number))'"
            $command = $Language -eq 'sh' ? "sh -c '$($step.Command -replace "'", "''")'" : $step.Command
            # Only the host sees what -WhatIf says, so all goes to the host, in its order.
            ". ([scriptblock]::Create('$($command -replace "'", "''")')) 2>&1 3>&1 |"
            '    ForEach-Object { $_ -is [Management.Automation.WarningRecord] ? "WARNING: $_" : $_ } | Out-String -Width 100 | Write-Host -NoNewline'
        }
        "} } catch { Write-Host `"The session ended: `$_`" }"
    }
}

function Invoke-Transcript([string[]] $Path, [scriptblock] $Setup = {}, [string] $Language = 'powershell', [switch] $Update) {
    $steps = @($Path | Sort-Object | ForEach-Object { Get-TranscriptStep $_ $Language } | Where-Object { $_ })
    $mark = [guid]::NewGuid().ToString('N')
    # A path as short as the one that is shown: tables are as wide as their paths.
    $folder = Join-Path $(if (Test-Path /tmp) { '/tmp' } else { [IO.Path]::GetTempPath() }) $mark.Substring(0, 7)
    $null = New-Item -ItemType Directory $folder
    $script = Join-Path $folder transcript.ps1
    Set-Content -LiteralPath $script -Value (Get-TranscriptScript $steps $Setup $folder $mark $Language)
    $text = @(pwsh -NoProfile -NonInteractive -File $script 2>&1 | ForEach-Object { "$_" }) -join "`n"
    Remove-Item -Recurse -Force $folder
    $text = $text -replace "$([regex]::Escape($folder))[/\\]\d\d", $ShownFolder
    $first, $rest = $text -split "$mark (?=\d+)"
    $answers = @{}
    foreach ($answer in @($rest) -match '^\d+\r?(\n|$)') { $answers[[int]($answer -split '\r?\n')[0]] = $answer -replace '^\d+\r?\n?' }
    for ($i = 0; $i -lt $steps.Count; $i++) {
        $answer = $answers[$i + 1] ?? "(the session ended before this command) $first"
        $steps[$i].Actual = @($answer.Trim("`r", "`n") -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ -or $answer.Trim() })
    }
    if ($Update) { $steps | Group-Object Page | ForEach-Object { Set-TranscriptPage $_.Name $_.Group } }
    $steps
}

# Writes what came of a page's commands into it.
function Set-TranscriptPage([string] $Page, [object[]] $Steps) {
    $lines = @(Get-Content -LiteralPath $Page)
    for ($i = $Steps.Count - 1; $i -ge 0; $i--) {
        $step = $Steps[$i]
        $before = $lines[0..($step.First - 1)]
        $after = @($lines | Select-Object -Skip ($step.First + $step.Expected.Count))
        $gap = $i + 1 -lt $Steps.Count -and $after -and $after[0] -match '^(PS>|\$) ' -and $step.Actual ? @('') : @()
        $lines = @($before) + $step.Actual + $gap + $after
    }
    Set-Content -LiteralPath $Page -Value $lines
}

# A text without what is another one each time: ids, moments, durations, rates, ports and the width of columns.
function Get-StableText([string[]] $Text) {
    $stable = ($Text -join "`n").Trim() -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'ID' `
        -replace '\b[0-9a-f]{32}\b', 'ID' -replace '\b(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b', 'ID' -replace '\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?', 'MOMENT' `
        -replace '(Mon|Tue|Wed|Thu|Fri|Sat|Sun) MOMENT [-+]\d\d:\d\d', 'MOMENT' -replace '/hooks/[-\w]{22}', '/hooks/ID' -replace '(?<=Secret\s+: )[-\w]{43}', 'SECRET' `
        -replace '\d+(\.\d+)? (s|ms)\b', 'DURATION' -replace '\d+(\.\d+)? ?[kMG]?B/s', 'RATE' -replace '127\.0\.0\.1:\d+', 'SERVER' -replace 'tx0000[-0-9a-z]+', 'REQUEST' `
        -replace 'peaks3feed_test_[0-9a-f\s]{32,}\.csv', 'peaks3feed_test_ID.csv' -replace '(?<=/)[0-9a-f]{16}(?=/)', 'ID' `
        -replace 'process \d+', 'process N' -replace 'PostgreSQL \d+\.\d+', 'PostgreSQL N' -replace '-{3,}', '---'
    ($stable -split '\n' | ForEach-Object { ($_ -replace '\s+', ' ').Trim() } | Where-Object { $_ }) -join "`n"
}
