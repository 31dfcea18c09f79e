BeforeAll {
    . $PSScriptRoot/Setup.ps1

    # A store with a connection named acme, to a folder with one CSV file.
    function New-Acme {
        $script:store = New-TestStore
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'in/a.csv' = "id,zip`n1,01234`n2,04321`n" })
    }
    function Get-StoreHash { (Get-FileHash (Join-Path $store definitions.json)).Hash }
}

Describe 'New-S3Feed' {
    BeforeEach { New-Acme }

    It 'makes a feed with the defaults' {
        $made = New-S3Feed orders acme -FileType Csv
        $made | Should -BeOfType ([PeakS3Feed.Cmdlets.Feeds.S3FeedInfo])
        $made.Enabled | Should -BeTrue
        $made.LoadType | Should -Be Incremental
        $made.DestinationName | Should -Be local
        $made.Table | Should -Be orders
        $made.Separator | Should -BeNullOrEmpty -Because 'it follows the extension of each file'
        (Get-S3Feed orders).Id | Should -Be $made.Id
    }
    It 'keeps every setting' {
        $null = New-S3FeedDestination files -Sqlite -Path (Join-Path $TestDrive files.db)
        $settings = @{
            Path = 'in/'; Separator = 'Pipe'; Quote = "'"; Escape = '\'; ColumnName = 'id', 'zip'; SkipRows = 2; NullValue = '\N', 'NULL'; DateFormat = 'dd/MM/yyyy'
            HistoricalDate = '2026-01-31'; Include = '*.txt'; Exclude = 'old*'; LoadType = 'Upsert'; PrimaryKey = 'id', 'zip'; DestinationName = 'files'; Table = 'target'
            SchemaEvolution = 'Strict'; FailedRowThreshold = '0.5%'; OnBadFile = 'Skip'; OnChangedObject = 'Append'; CommitEveryBytes = 1GB; CommitEveryObjects = 7
            AuditColumns = 'None'; Tag = 'eu', "it's mine"
        }
        $null = New-S3Feed orders acme -FileType Csv -NoHeader -AllowEmpty -AdoptTable -Disabled @settings
        $feed = Get-S3Feed orders
        foreach ($same in 'Path', 'LoadType', 'PrimaryKey', 'Table', 'SchemaEvolution', 'OnBadFile', 'OnChangedObject', 'CommitEveryBytes', 'CommitEveryObjects', 'AuditColumns', 'Include', 'Exclude') {
            $feed.$same | Should -Be $settings[$same] -Because $same
        }
        $feed.Separator, $feed.Quote, $feed.Escape, $feed.SkipRows, $feed.NoHeader | Should -Be '|', "'", '\', 2, $true
        $feed.ColumnName | Should -Be id, zip
        $feed.NullValue | Should -Be '\N', 'NULL'
        $feed.DateFormat | Should -Be dd/MM/yyyy
        $feed.HistoricalDate | Should -Be ([DateOnly]'2026-01-31')
        $feed.DestinationName | Should -Be files
        "$($feed.FailedRowThreshold)" | Should -Be '0.5%'
        $feed.Tag | Should -Be eu, "it's mine"
        $feed.AllowEmpty, $feed.AdoptTable, $feed.Enabled | Should -Be $true, $true, $false
    }
    It 'keeps how lines, values and encodings are read' {
        $settings = @{
            Encoding = 'Windows1252'; CommentPrefix = '#'; TrimValues = $true; EmptyAsNull = $true; SkipLastRows = 2; BooleanValue = '1/0', 'Y/N'; DecimalSeparator = ','; GroupSeparator = '.'
        }
        $null = New-S3Feed orders acme -FileType Csv @settings
        $feed = Get-S3Feed orders
        "$($feed.Encoding)" | Should -Be Windows1252
        $feed.CommentPrefix, $feed.TrimValues, $feed.EmptyAsNull, $feed.SkipLastRows, $feed.DecimalSeparator, $feed.GroupSeparator | Should -Be '#', $true, $true, 2, ',', '.'
        $feed.BooleanValue | Should -Be '1/0', 'Y/N'
        $list = ($feed | Format-List | Out-String -Width 200) -split '\r?\n'
        foreach ($line in 'Encoding           : Windows1252', 'CommentPrefix      : #', 'TrimValues         : True', 'EmptyAsNull        : True', 'SkipLastRows       : 2', 'BooleanValue       : {1/0, Y/N}',
            'DecimalSeparator   : ,', 'GroupSeparator     : .') {
            $list | Should -Contain $line
        }
        Set-S3Feed orders -Encoding Utf8 -CommentPrefix $null -TrimValues:$false -EmptyAsNull:$false -SkipLastRows 0 -BooleanValue $null -DecimalSeparator . -GroupSeparator None
        $plain = Get-S3Feed orders
        "$($plain.Encoding)" | Should -Be Utf8
        foreach ($setting in 'CommentPrefix', 'BooleanValue') { $plain.$setting | Should -BeNullOrEmpty -Because $setting }
        $plain.DecimalSeparator, $plain.GroupSeparator | Should -Be '.', 'None'
        ($plain | Format-List | Out-String) | Should -Not -Match 'Encoding|Comment|Trim|EmptyAs|SkipLast|Boolean|Decimal|Group'
    }
    It 'makes older programs refuse a store with <_>' -ForEach 'Encoding', 'CommentPrefix', 'TrimValues', 'EmptyAsNull', 'SkipLastRows', 'BooleanValue', 'DecimalSeparator', 'GroupSeparator' {
        $given = @{ Encoding = 'Utf16'; CommentPrefix = '#'; TrimValues = $true; EmptyAsNull = $true; SkipLastRows = 1; BooleanValue = 'Y/N'; DecimalSeparator = ','; GroupSeparator = ',' }
        function Get-FormatVersion { (Get-Content -Raw (Join-Path $store definitions.json) | ConvertFrom-Json).formatVersion }
        $null = New-S3Feed orders acme -FileType Csv
        Get-FormatVersion | Should -Be '1.2'
        $one = @{ $_ = $given[$_] }
        Set-S3Feed orders @one
        Get-FormatVersion | Should -Be '2.0'
        Remove-S3Feed orders -Confirm:$false
        Get-FormatVersion | Should -Be '1.2'
    }
    It 'refuses <_> for JSON' -ForEach 'CommentPrefix', 'TrimValues', 'EmptyAsNull', 'SkipLastRows', 'BooleanValue', 'DecimalSeparator', 'GroupSeparator' {
        $given = @{ CommentPrefix = '#'; TrimValues = $true; EmptyAsNull = $true; SkipLastRows = 1; BooleanValue = 'Y/N'; DecimalSeparator = ','; GroupSeparator = ',' }
        $one = @{ $_ = $given[$_] }
        $problem = Get-TestError { New-S3Feed orders acme -FileType Json @one }
        $problem.FullyQualifiedErrorId | Should -BeLike 'FeedInvalid,*'
        "$problem" | Should -BeLike "*$($_)* is for CSV files; this feed reads Json.*"
        $null = New-S3Feed orders acme -FileType Csv @one
        (Set-S3Feed orders -FileType Ndjson -PassThru).FileType | Should -Be Ndjson -Because 'a feed of another type has none of the settings of CSV'
    }
    It 'takes an encoding for JSON' {
        "$((New-S3Feed orders acme -FileType Ndjson -Encoding Utf16).Encoding)" | Should -Be Utf16
    }
    It 'refuses what contradicts itself: <says>' -ForEach @(
        @{ given = @{ CommentPrefix = '"x' }; says = 'The comment prefix begins with the quote' }
        @{ given = @{ BooleanValue = 'Y' }; says = '"Y" is not a pair.' }
        @{ given = @{ BooleanValue = '1/0', '0/1' }; says = '"0" means both true and false.' }
        @{ given = @{ GroupSeparator = '.' }; says = 'The group separator and the decimal separator are the same.' }
        @{ given = @{ DecimalSeparator = '5' }; says = 'The decimal separator must be one character that cannot be part of a number.' }
    ) {
        "$(Get-TestError { New-S3Feed orders acme -FileType Csv @given })" | Should -BeLike "*$says*"
    }
    It 'takes the day as <name>' -ForEach @(
        @{ name = 'text'; day = '2026-01-31' }, @{ name = 'DateTime'; day = [datetime]'2026-01-31T23:59:59' }
        @{ name = 'DateTimeOffset'; day = [DateTimeOffset]'2026-01-31T23:59:59-11:00' }, @{ name = 'DateOnly'; day = [DateOnly]'2026-01-31' }
    ) {
        (New-S3Feed orders acme -FileType Csv -HistoricalDate $day).HistoricalDate | Should -Be ([DateOnly]'2026-01-31')
    }
    It 'refuses a day that could be read in two ways' {
        $problem = Get-TestError { New-S3Feed orders acme -FileType Csv -HistoricalDate 01/02/2026 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        "$problem" | Should -BeLike '*yyyy-MM-dd*'
    }
    It 'takes a size with a unit' {
        (New-S3Feed orders acme -FileType Csv -CommitEveryBytes 10GB).CommitEveryBytes | Should -Be 10737418240
    }
    It 'takes the connection from the pipeline, and its name for nothing else' {
        $made = Get-S3Connection acme | New-S3Feed -Name orders -FileType Csv
        $made.Name, $made.ConnectionName | Should -Be orders, acme
        { Get-S3Connection acme | New-S3Feed -FileType Csv } | Should -Throw -ErrorId 'MissingMandatoryParameter,*' -Because 'a feed is not named after its connection'
    }
    It 'is refused with what is wrong: <id>' -ForEach @(
        @{ id = 'FeedInvalid'; given = @{ LoadType = 'Upsert' }; category = 'InvalidArgument' }
        @{ id = 'FeedInvalid'; given = @{ Path = 'in' }; category = 'InvalidArgument' }
        @{ id = 'FailedRowThresholdInvalid'; given = @{ FailedRowThreshold = 'few' }; category = 'InvalidArgument' }
        @{ id = 'ConnectionNotFound'; given = @{ ConnectionName = 'missing' }; category = 'ObjectNotFound' }
        @{ id = 'DestinationNotFound'; given = @{ DestinationName = 'missing' }; category = 'ObjectNotFound' }
    ) {
        $all = @{ ConnectionName = 'acme' }
        $given.GetEnumerator() | ForEach-Object { $all[$_.Key] = $_.Value }
        $problem = Get-TestError { New-S3Feed orders -FileType Csv @all }
        $problem.FullyQualifiedErrorId | Should -BeLike "$id,*NewS3FeedCommand"
        $problem.CategoryInfo.Category | Should -Be $category
        $problem.TargetObject | Should -Be orders
        Get-S3Feed | Should -BeNullOrEmpty
    }
    It 'has a name of its own, regardless of case' {
        $null = New-S3Feed orders acme -FileType Csv
        (Get-TestError { New-S3Feed ORDERS acme -FileType Csv }).FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
    }
}

Describe 'Get-S3Feed' {
    BeforeEach {
        New-Acme
        $null = New-S3Connection other other-data -Region eu-west-1
        $null = New-S3Feed orders acme -FileType Csv -Tag eu, daily
        $null = New-S3Feed orders_us other -FileType Csv -Tag '[us]'
        $null = New-S3Feed customers acme -FileType Json
    }

    It 'finds by name, by pattern, by several and from the pipeline' {
        (Get-S3Feed).Name | Should -Be orders, orders_us, customers
        (Get-S3Feed ord*, CUSTOMERS).Name | Should -Be orders, orders_us, customers
        ('customers', 'ord?rs' | Get-S3Feed).Name | Should -Be customers, orders
        (Get-S3Feed orders* | Get-S3Feed).Name | Should -Be orders, orders_us
        Get-S3Feed nothing* | Should -BeNullOrEmpty
    }
    It 'finds by connection and tag' {
        (Get-S3Feed -ConnectionName acm*).Name | Should -Be orders, customers
        (Get-S3Feed -Tag DAILY, x).Name | Should -Be orders
        (Get-S3Feed -Tag '[us]').Name | Should -Be orders_us
        (Get-S3Feed -Tag *).Name | Should -Be orders, orders_us
        Get-S3Feed orders -ConnectionName other | Should -BeNullOrEmpty
    }
    It 'tells of a missing one alone' {
        $found = 'missing', 'orders' | Get-S3Feed -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be orders
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*GetS3FeedCommand'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be missing
    }
    It 'shows tables that fit <_> columns, and lists' -ForEach 80, 120 {
        $null = New-S3Feed customers_of_the_world acme -FileType Ndjson -Path in/
        $lines = (Get-S3Feed | Out-String -Width $_) -split '\r?\n'
        $lines -match '^Name +Enabled +LoadType +Type +From +Into' | Should -HaveCount 1
        $lines -match '^orders +True +Incremental +Csv +acme: +local\.orders' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        $list = Get-S3Feed orders | Format-List | Out-String -Width $_
        $list | Should -Match 'Separator +: By file extension'
        $list | Should -Match 'CommitEvery +: 10\.0 GB'
        $list | Should -Not -Match 'HistoricalDate|AllowEmpty'
    }
}

Describe 'Set-S3Feed' {
    BeforeEach {
        New-Acme
        $null = New-S3Feed orders acme -FileType Csv -Tag eu -HistoricalDate 2026-01-31 -Table target -Separator Tab -FailedRowThreshold 5
    }

    It 'changes what is given, and nothing else' {
        $before = Get-S3Feed orders
        Set-S3Feed orders -OnBadFile Skip | Should -BeNullOrEmpty
        $after = Get-S3Feed orders
        $after.OnBadFile | Should -Be Skip
        foreach ($property in $before.PSObject.Properties.Name -ne 'OnBadFile') { "$($after.$property)" | Should -Be "$($before.$property)" -Because $property }
    }
    It 'goes back to the default for null' {
        $after = Set-S3Feed orders -HistoricalDate $null -Tag $null -Table $null -FailedRowThreshold $null -DestinationName $null -PassThru -WarningAction SilentlyContinue
        $after.HistoricalDate | Should -BeNullOrEmpty
        $after.Tag | Should -BeNullOrEmpty
        $after.Table | Should -Be orders
        $after.FailedRowThreshold | Should -Be '0'
        $after.DestinationName | Should -Be local
    }
    It 'takes feeds and names from the pipeline, and one that fails does not stop the others' {
        $null = New-S3Feed second acme -FileType Csv
        Get-S3Feed | Set-S3Feed -OnBadFile Skip
        'missing', 'second' | Set-S3Feed -SkipRows 3 -ErrorVariable problems -ErrorAction SilentlyContinue
        (Get-S3Feed).OnBadFile | Should -Be Skip, Skip
        (Get-S3Feed second).SkipRows | Should -Be 3
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        $problems[0].TargetObject | Should -Be missing
    }
    It 'warns of another ledger, and says what later runs will fetch' {
        Set-S3Feed orders -Table elsewhere -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*elsewhere*ledger*'
        $told = Set-S3Feed orders -Path in/ -WarningVariable warnings -Verbose 4>&1
        $warnings | Should -BeNullOrEmpty
        "$told" | Should -BeLike '*later runs*'
        Set-S3Feed orders -Tag x -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }
    It 'refuses what breaks a rule, and changes nothing then' {
        $hash = Get-StoreHash
        (Get-TestError { Set-S3Feed orders -LoadType Upsert -Tag new }).FullyQualifiedErrorId | Should -BeLike 'FeedInvalid,*'
        Get-StoreHash | Should -Be $hash
    }
}

Describe 'Copy-, Rename-, Enable- and Disable-S3Feed' {
    BeforeEach {
        New-Acme
        $orders = New-S3Feed orders acme -FileType Csv -Tag eu
    }

    It 'copies under another id, name and table' {
        $copy = Copy-S3Feed orders orders_two
        $copy.Id | Should -Not -Be $orders.Id
        $copy.Table, $copy.Tag | Should -Be orders_two, eu
        (Get-S3Feed orders | Copy-S3Feed -NewName { "$($_.Name)_three" }).Name | Should -Be orders_three
        (Get-TestError { Copy-S3Feed orders orders_two }).FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
    }
    It 'renames, and keeps id and table' {
        Rename-S3Feed orders sales | Should -BeNullOrEmpty
        $sales = Get-S3Feed sales | Rename-S3Feed -NewName sold -PassThru
        $sales.Id, $sales.Table | Should -Be $orders.Id, orders
        (Get-TestError { Get-S3Feed orders }).FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        (Get-TestError { Rename-S3Feed sold 1st }).FullyQualifiedErrorId | Should -BeLike 'FeedInvalid,*'
    }
    It 'disables and enables what fits a condition' {
        $null = New-S3Feed keyed acme -FileType Csv -LoadType Upsert -PrimaryKey id
        Get-S3Feed | Where-Object LoadType -EQ Upsert | Disable-S3Feed | Should -BeNullOrEmpty
        (Get-S3Feed).Enabled | Should -Be $true, $false
        (Enable-S3Feed keyed, orders -PassThru).Enabled | Should -Be $true, $true
    }
}

Describe 'What changes feeds' {
    BeforeEach {
        New-Acme
        $null = New-S3Feed orders acme -FileType Csv
    }

    It 'changes nothing with -WhatIf: <command>' -ForEach @(
        @{ command = 'New-S3Feed'; given = @{ Name = 'second'; ConnectionName = 'acme'; FileType = 'Csv' } }
        @{ command = 'Set-S3Feed'; given = @{ Name = 'orders'; Table = 'other' } }
        @{ command = 'Copy-S3Feed'; given = @{ Name = 'orders'; NewName = 'other' } }
        @{ command = 'Rename-S3Feed'; given = @{ Name = 'orders'; NewName = 'other' } }
        @{ command = 'Disable-S3Feed'; given = @{ Name = 'orders' } }
        @{ command = 'Enable-S3Feed'; given = @{ Name = 'orders' } }
        @{ command = 'Remove-S3Feed'; given = @{ Name = 'orders'; Force = $true } }
        @{ command = 'Remove-S3Feed'; given = @{ Name = 'orders'; Force = $true; DropTable = $true } }
        @{ command = 'Reset-S3Feed'; given = @{ Name = 'orders'; Force = $true; DropTable = $true } }
    ) {
        if ($command -eq 'Enable-S3Feed') { Disable-S3Feed orders }
        $hash = Get-StoreHash
        & $command @given -WhatIf | Should -BeNullOrEmpty
        & { $WhatIfPreference = $true; & $command @given } | Should -BeNullOrEmpty
        Get-StoreHash | Should -Be $hash
        Test-Path (Join-Path $store local.db) | Should -BeFalse
    }
    It 'finds the store that was named again' {
        $other = Join-Path $TestDrive other
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{}) -StorePath $other
        Get-S3Connection -StorePath $other | New-S3Feed -Name orders -FileType Csv | Set-S3Feed -Table elsewhere -WarningAction SilentlyContinue
        (Get-S3Feed orders -StorePath $other | Get-S3Feed).Table | Should -Be elsewhere
        (Get-S3Feed orders).Table | Should -Be orders
    }
    It 'says what it writes' -ForEach 'New', 'Get', 'Set', 'Copy', 'Rename', 'Enable', 'Disable' {
        (Get-Command "$_-S3Feed").OutputType.Type | Should -Be ([PeakS3Feed.Cmdlets.Feeds.S3FeedInfo])
    }
}
