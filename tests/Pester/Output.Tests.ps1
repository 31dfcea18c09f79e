# What the objects of the cmdlets show, and what Export-Csv, ConvertTo-Json and Format-List make of them.
BeforeDiscovery {
    $kinds = 'Connection', 'Destination', 'SqliteDestination', 'Feed', 'Trigger', 'Watcher', 'Run', 'Plan', 'Reject', 'Fire', 'Delivery', 'FireTime', 'Check', 'Column', 'Policy', 'Step', 'Change', 'Store', 'Preview', 'Row' |
        ForEach-Object { @{ kind = $_ } }
    $widths = 80, 120, 200 | ForEach-Object { @{ width = $_ } }
}
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $long = 'customer_returns_of_the_whole_year'
    $store = New-TestStore
    $bucket = New-TestBucket @{ 'in/a.csv' = "id,region`n1,eu`n2,us`nx,eu`n" }
    $null = New-S3Connection $long acme-data -EndpointUrl $bucket
    $null = New-S3Connection staging acme-stage -Region eu-west-1
    $null = New-S3FeedDestination dwh -Redshift -HostName localhost -Database dev -Username u -Password env:PW -StagingConnection staging -IamRole arn:aws:iam::123456789012:role/copy -SortKey id, region
    $null = New-S3FeedDestination snow -Snowflake -Account acme-x -Database D -Username u -PrivateKey env:KEY -StagingConnection staging -Warehouse W
    $null = New-S3FeedDestination $long -Sqlite -Path (Join-Path $TestDrive "$long.db")
    $null = New-S3Feed $long $long -FileType Csv -Path in/ -LoadType Upsert -PrimaryKey region, id -Tag eu, sales -NullValue 'n/a' -FailedRowThreshold 1 -DestinationName $long -Schema @{ id = 'bigint' }
    $null = Register-S3FeedTrigger $long -Name $long -Weekly -DaysOfWeek Mon, Fri -At 7 -TimeZone Europe/Paris
    $hook = Register-S3FeedTrigger $long -Webhook
    $null = Add-S3FeedWatcher $long -Name $long -Event Rejects, RunFailed -Url https://localhost:1/x
    $null = Invoke-S3FeedTrigger $long -Force -WarningAction Ignore
    $run = Get-S3FeedRun
    $objects = @{
        Connection = Get-S3Connection $long; Destination = Get-S3FeedDestination dwh; SqliteDestination = Get-S3FeedDestination $long; Feed = Get-S3Feed; Trigger = Get-S3FeedTrigger $long
        Watcher = Get-S3FeedWatcher; Run = $run; Plan = Get-S3FeedPlan $long; Reject = Get-S3FeedReject $long; Fire = Get-S3FeedTrigger $long -History; Delivery = Get-S3FeedWatcher -History
        FireTime = Test-S3FeedTrigger $long -Count 1; Check = Test-S3FeedDestination $long; Column = Get-S3FeedSchema $long | Select-Object -First 1
        Policy = Get-S3FeedPolicy staging -TrustedPrincipal arn:aws:iam::111122223333:root -WarningAction Ignore; Step = Get-S3FeedSetup snow | Select-Object -First 1
        Change = Export-S3FeedDefinition | Import-S3FeedDefinition | Select-Object -First 1; Store = Get-S3FeedStore; Preview = Show-S3FeedPreview $long -First 1 -WarningAction Ignore; Row = Get-S3FeedRow $long -First 1
    }
    $names = @{
        Connection = $long; Destination = 'dwh'; SqliteDestination = $long; Feed = $long; Trigger = $long; Watcher = $long; Run = "$($run.Id)"; Plan = $long; Reject = 's3://acme-data/in/a.csv, line 4'
        Fire = "$($objects.Fire.Id)"; Delivery = "$($objects.Delivery.Id)"; FireTime = $long; Check = $long; Column = 'id'; Step = $objects.Step.Title; Change = $objects.Change.Name; Store = $store
        Preview = '1, eu'; Row = "$($objects.Row.PSObject.BaseObject)"; Policy = (Get-S3FeedPolicy staging -TrustedPrincipal arn:aws:iam::111122223333:root -As Json -WarningAction Ignore)
    }
    function Get-Parameter([string] $Cmdlet, [string[]] $But) {
        $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
        (Get-Command $Cmdlet).Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin $But -and $_ -ne 'StorePath' }
    }
}

Describe 'An object of the kind <kind>' -ForEach $kinds {
    BeforeAll { $object = @($objects[$kind])[0] }

    It 'is its name in text' { "$object" | Should -Be $names[$kind] }
    It 'has arrays for lists' {
        foreach ($property in $object.PSObject.Properties | Where-Object { $_.Value -is [Collections.IEnumerable] -and $_.Value -isnot [string] }) {
            if ($property.Name -in 'Objects', 'Skipped') { continue } # read from a file each time
            $property.Value -is [array] | Should -BeTrue -Because $property.Name
        }
    }
    It 'loses nothing in CSV, and shows no type there' {
        $row = $object | ConvertTo-Csv | ConvertFrom-Csv
        foreach ($property in $object.PSObject.Properties) {
            $text = $row.($property.Name)
            $text | Should -Not -Match 'PeakS3Feed\.|System\.|\[\]|^\w+ \{' -Because $property.Name
            foreach ($item in $property.Value | Where-Object { $_ -is [string] -or $_ -is [enum] }) { $text | Should -BeLike "*$([wildcardpattern]::Escape("$item"))*" -Because $property.Name }
        }
    }
    It 'shows nothing internal in CSV, JSON and lists' {
        $json = $object | ConvertTo-Json -Depth 5 -WarningAction Ignore
        $list = $object | Format-List | Out-String
        foreach ($text in $json, $list, ($object | ConvertTo-Csv)[0], ($object | Format-List * | Out-String)) {
            $text | Should -Not -Match 'SecretHash|\bSpec\b|\bDefinition\b|\bUnknown\b|RootPrefix|IsOnAmazon|WatchesAll|IsSeparatorUnset|List`1|TargetSite'
        }
        $list.Trim() | Should -Not -BeNullOrEmpty
        foreach ($property in $object.PSObject.Properties.Name) { ($json | ConvertFrom-Json).PSObject.Properties.Name | Should -Contain $property }
    }
    It 'is readable after an object of another kind' {
        $shown = Get-S3FeedStore; $text = @($shown, $object) | Out-String -Width 120
        $text | Should -Not -Match 'PeakS3Feed\.Cmdlets|SecretHash|List`1'
        ($text -split '\r?\n').Count | Should -BeLessThan 60
    }
}

Describe 'The settings of a definition' {
    It 'are properties with the names of the parameters: <cmdlet>' -ForEach @(
        @{ cmdlet = 'New-S3Feed'; get = { Get-S3Feed }; but = @('Disabled') }
        @{ cmdlet = 'New-S3Connection'; get = { Get-S3Connection staging }; but = @() }
        @{ cmdlet = 'Add-S3FeedWatcher'; get = { Get-S3FeedWatcher }; but = @() }
        @{ cmdlet = 'Register-S3FeedTrigger'; get = { Get-S3FeedTrigger }; but = 'Daily', 'Weekly', 'Once', 'Webhook', 'Disabled', 'AsScript', 'Scheduler' }
    ) {
        $properties = @(& $get)[0].PSObject.Properties.Name
        foreach ($parameter in Get-Parameter $cmdlet $but) { $properties | Should -Contain $parameter }
    }
    It 'come through: keys, tags and what is in the files' {
        $feed = Get-S3Feed
        $feed.PrimaryKey[1], $feed.Tag[0], $feed.NullValue[0], $feed.Schema[0].Type | Should -Be id, eu, n/a, bigint
        $row = $feed | ConvertTo-Csv | ConvertFrom-Csv
        $row.PrimaryKey, $row.Tag, $row.Schema, $row.DestinationName | Should -Be 'region, id', 'eu, sales', 'id bigint, region text', $long
        $copy = $feed | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $copy.PrimaryKey + $copy.Tag | Should -Be region, id, eu, sales
        (Get-S3FeedTrigger $long | ConvertTo-Csv | ConvertFrom-Csv).DaysOfWeek | Should -Be 'Monday, Friday'
        (Get-S3FeedDestination dwh | ConvertTo-Csv | ConvertFrom-Csv).SortKey | Should -Be 'id, region'
    }
    It 'can be given back' {
        $feed = Get-S3Feed
        $before = Get-Content -Raw (Join-Path $store definitions.json)
        Set-S3Feed $feed -PrimaryKey $feed.PrimaryKey -Tag $feed.Tag -Quote $feed.Quote -Escape $feed.Escape -NullValue $feed.NullValue -FailedRowThreshold $feed.FailedRowThreshold -Schema $feed.Schema -DestinationName $feed.DestinationName
        Get-Content -Raw (Join-Path $store definitions.json) | Should -Be $before
    }
}

Describe 'Views' {
    It 'show a name of <width> columns'' length in full, or lose its end' -ForEach $widths {
        foreach ($kind in 'Connection', 'SqliteDestination', 'Feed', 'Trigger', 'Watcher', 'Run', 'Fire', 'Delivery', 'FireTime', 'Check') {
            $text = $objects[$kind] | Out-String -Width $width
            $text | Should -Match ($width -ge 120 -or $kind -ne 'Run' ? $long : ' customer_ret') -Because $kind
            $text -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual $width }
        }
    }
    It 'carry a zone with each time' {
        foreach ($object in $objects.GetEnumerator()) {
            foreach ($text in ($object.Value | Out-String -Width 200), ($object.Value | Format-List | Out-String -Width 200)) {
                foreach ($line in $text -split '\r?\n' | Where-Object { $_ -match '\d{4}-\d\d-\d\d[ T]\d\d:\d\d' }) {
                    "$line $($text -match ', UTC|\bUTC\b' ? 'UTC' : '')" | Should -Match '\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC| [-+]\d\d:\d\d)|UTC' -Because $object.Key
                }
            }
        }
    }
    It 'show words of status that one can filter by' {
        $shown = (Get-S3FeedRun | Out-String -Width 200).Trim() -split '\r?\n' | Select-Object -Skip 2 | ForEach-Object { ($_ -split ' +')[1] }
        $shown | Should -Be SucceededWithRejects
        (Get-S3FeedRun -Status $shown).Id | Should -Be $run.Id
        (Get-S3FeedRun | Format-List | Out-String) | Should -Match 'Status +: SucceededWithRejects'
    }
    It 'escape control characters, and properties hold the values' {
        $tag = "a`e[31mb`tc`nd"
        $null = Set-S3Feed $long -Tag $tag
        try {
            $text = Get-S3Feed | Format-List | Out-String -Width 200
            $text | Should -Match ([regex]::Escape('a\u001b[31mb\tc\nd'))
            $text | Should -Not -Match "`e\[31m"
            (Get-S3Feed).Tag[0] | Should -BeExactly $tag
        }
        finally { $null = Set-S3Feed $long -Tag eu, sales }
        $other = New-TestBucket @{ "in/a`e[2J`tb.csv" = "id`n`e[31mx`n" }
        $null = New-S3Connection raw acme-raw -EndpointUrl $other
        $null = New-S3Feed raw raw -FileType Csv -Path in/ -Schema @{ id = 'bigint' } -FailedRowThreshold 1 -DestinationName $long
        foreach ($shown in { Get-S3FeedPlan raw }, { (Get-S3FeedPlan raw).Objects }, { $null = Invoke-S3Feed raw -WarningAction Ignore; Get-S3FeedReject raw }, { Get-S3FeedReject raw | Format-List }) {
            $text = & $shown | Out-String -Width 200
            $text | Should -Match ([regex]::Escape('\u001b[2J')) -Because "$shown"
            $text -replace "`e\[[0-9;]*m" | Should -Not -Match "`e" -Because "$shown"
        }
        (Get-S3FeedReject raw).Object | Should -BeExactly "s3://acme-raw/in/a`e[2J`tb.csv"
    }
}

Describe 'Test- cmdlets' {
    It 'return one shape: <_>' -ForEach 'Test-S3Connection', 'Test-S3FeedDestination', 'Test-S3FeedTrigger', 'Test-S3FeedWatcher' {
        $types = (Get-Command $_).OutputType.Type | Where-Object { $_ -ne [bool] }
        $types | Should -Not -BeNullOrEmpty
        foreach ($type in $types) { [PeakS3Feed.Cmdlets.Output.S3FeedCheck].IsAssignableFrom($type) | Should -BeTrue }
    }
    It 'say what they tested, the step, its outcome and a message' {
        $checks = @(Test-S3Connection $long; Test-S3FeedDestination $long; Test-S3FeedTrigger $long -Count 1; Test-S3FeedTrigger -Preflight; Test-S3FeedWatcher $long)
        foreach ($check in $checks) {
            foreach ($property in 'Name', 'Step', 'Message') { $check.$property | Should -Not -BeNullOrEmpty }
            $check.Outcome | Should -BeIn Passed, Failed, Skipped
        }
        ($checks | Group-Object Kind).Name | Should -Be Connection, Destination, Store, Trigger, Watcher
    }
}

Describe 'Times' {
    It 'are taken as the module gives them: -Since <how>' -ForEach @(
        @{ how = 'its own StartedAt'; since = { $run.StartedAt } }, @{ how = 'a run'; since = { $run } }, @{ how = 'a DateTimeOffset'; since = { [DateTimeOffset]::UtcNow.AddHours(-1) } }
        @{ how = 'a DateTime'; since = { [datetime]::Now.AddHours(-1) } }, @{ how = 'text with a zone'; since = { $run.StartedAt.ToOffset([timespan]'05:30').ToString('o') } }
        @{ how = 'text of CSV'; since = { ($run | ConvertTo-Csv | ConvertFrom-Csv).StartedAt } }, @{ how = 'text of JSON'; since = { ($run | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json).StartedAt } }
    ) {
        (Get-S3FeedRun $long -Since (& $since)).Id | Should -Be $run.Id
        (Get-Command Get-S3FeedRun).Parameters.Since.ParameterType, (Get-Command Clear-S3FeedRun).Parameters.Before.ParameterType | Should -Be ([DateTimeOffset]), ([DateTimeOffset])
    }
    It 'are taken from the pipeline, and an instant later finds nothing' {
        ($long | Get-S3FeedRun -Since { $run.StartedAt }).Id | Should -Be $run.Id
        Get-S3FeedRun $long -Since $run.StartedAt.AddTicks(10000000) | Should -BeNullOrEmpty
        Clear-S3FeedRun $long -Before $run.StartedAt -Force -PassThru | Should -Be 0
    }
}

Describe 'An error' {
    It 'has its command as the recommended action' {
        Disable-S3Feed $long
        try {
            $problem = Get-TestError { Invoke-S3Feed $long }
            $problem.ErrorDetails.RecommendedAction | Should -Be "Enable-S3Feed -Name $long"
            "$problem" | Should -BeLike "*Next: $($problem.ErrorDetails.RecommendedAction)*"
            $null = Invoke-Expression $problem.ErrorDetails.RecommendedAction
            (Get-S3Feed $long).Enabled | Should -BeTrue
        }
        finally { Enable-S3Feed $long }
    }
}
