# What each cmdlet makes of each kind of object from the pipeline; dot-source it after Setup.ps1. A table has a line for each cmdlet and a
# column for each kind. A cell says whose name the cmdlet took: c(onnection), d(estination), f(eed), t(rigger), w(atcher), r(un) or
# i(nput object, which the cmdlet itself looks at). A dot is an error that says what the cmdlet takes.
$PipingNames = @{ acme = 'c'; lite = 'd'; orders = 'f'; morning = 't'; ops = 'w' }

# A store with one of everything, and an object of each kind by its name.
function New-PipingStore {
    $null = New-TestStore
    $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'in/a.csv' = "id`n1`nx`n" })
    $null = New-S3FeedDestination lite -Sqlite -Path (Join-Path $TestDrive lite.db)
    $null = New-S3Feed orders acme -FileType Csv -Path in/ -DestinationName lite -Schema @{ id = 'bigint' } -FailedRowThreshold 1
    $null = Register-S3FeedTrigger orders -Name morning -Daily -At 7 -TimeZone UTC
    $null = Add-S3FeedWatcher orders -Name ops -Event Rejects -Url https://localhost:1/x
    $run = Invoke-S3FeedTrigger morning -Force -WarningAction Ignore
    $null = $PipingNames["$run"] = 'r'
    [ordered]@{
        Connection = Get-S3Connection acme; Destination = Get-S3FeedDestination lite; Feed = Get-S3Feed orders; Trigger = Get-S3FeedTrigger morning
        Watcher = Get-S3FeedWatcher ops; Run = Get-S3FeedRun orders; Plan = Get-S3FeedPlan orders -WarningAction Ignore; Reject = Get-S3FeedReject orders
        Fire = Get-S3FeedTrigger morning -History; Delivery = Get-S3FeedWatcher ops -History; FireTime = Test-S3FeedTrigger morning -Count 1
        Check = Test-S3Connection acme | Select-Object -First 1; Column = Get-S3FeedSchema orders | Select-Object -First 1
    }
}

# What else a cmdlet needs.
$PipingArguments = @{
    'Copy-S3Feed' = @{ NewName = 'other' }; 'Rename-S3Feed' = @{ NewName = 'other' }; 'Get-S3FeedTableDefinition' = @{ As = 'DuckDB' }; 'Clear-S3FeedTable' = @{ Vacuum = $true }
    'New-S3Feed' = @{ Name = 'other'; FileType = 'Csv' }; 'Register-S3FeedTrigger' = @{ Every = '5m' }; 'Add-S3FeedWatcher' = @{ Event = 'RunFailed'; Url = 'https://localhost:1/y' }
}

# The cell of one cmdlet and one object.
function Get-PipingCell([Management.Automation.CommandInfo] $Command, $Object) {
    $given = @{} + ($PipingArguments[$Command.Name] ?? @{})
    if ($Command.Parameters.ContainsKey('WhatIf')) { $given.WhatIf = $true }
    if ($Command.Noun -in 'S3FeedPreview', 'S3FeedSchema') { if ("$Object" -eq 'acme') { $given.FileType = 'Csv' } }
    $trace = New-TemporaryFile
    $failed, $unbound = @(), $null
    try {
        $null = Trace-Command -Name ParameterBinding -FilePath $trace -Force -Expression {
            $Object | & $Command @given -ErrorAction SilentlyContinue -ErrorVariable +failed -WarningAction Ignore 6>&1
        }
        $text = Get-Content -Raw $trace
    }
    catch { $unbound = $_ }
    finally { Remove-Item $trace }
    $failed += @($unbound | Where-Object { $_ })
    $problem = $failed | Where-Object { $_.FullyQualifiedErrorId -match '^(ParameterArgumentTransformationError|InputNotARun|InputObjectNotBound|.*Unbound|MissingMandatory|AmbiguousParameterSet)' } | Select-Object -First 1
    if ($problem) { return "$problem" -match 'The parameter takes (an?|objects) |neither a run nor a feed|without a run' ? '.' : "? $problem" }
    $bound = [regex]::Matches($text, '(?s)result returned from DATA GENERATION: ([^\r\n]*)(?:(?!DATA GENERATION).)*?BIND arg \[[^\r\n]*\] to param \[(\w+)\] SUCCESSFUL') |
        ForEach-Object { $_.Groups[1].Value } | Where-Object { $PipingNames.ContainsKey($_) } | Select-Object -First 1
    if ($bound) { return $PipingNames[$bound] }
    $text -match 'to param(eter)? \[InputObject\] SUCCESSFUL' ? 'i' : '?'
}

function Get-PipingTable([Collections.IDictionary] $Objects) {
    "$(' ' * 28)$($Objects.Keys -join ' ')"
    foreach ($command in (Get-Module PeakS3Feed).ExportedCmdlets.Values | Sort-Object Noun, Verb) {
        if (-not ($command.ParameterSets.Parameters | Where-Object ValueFromPipeline)) { continue }
        $cells = foreach ($kind in $Objects.Keys) { (Get-PipingCell $command $Objects[$kind]).PadRight($kind.Length) }
        "$($command.Name.PadRight(28))$($cells -join ' ')".TrimEnd()
    }
}
