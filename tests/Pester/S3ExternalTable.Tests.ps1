BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
}

Describe 'A table on S3, in a folder' {
    BeforeEach {
        $null = New-TestStore
        $bucket = New-TestBucket @{ 'in/1.csv' = "id,country,placed`n1,DE,2026-01-03`n2,FR,2026-02-04`n" }
        $folder = ([uri]$bucket).LocalPath
        $null = New-S3Connection acme acme -EndpointUrl $bucket
        $null = New-S3Connection lake lake -EndpointUrl (New-TestBucket @{})
        $null = New-S3FeedDestination tables -S3External -ConnectionName lake -RootPath tables/
        $lake = ([uri](Get-S3Connection lake).EndpointUrl).LocalPath
        $null = New-S3Feed orders acme -FileType Csv -Path in/ -DestinationName tables -LoadType Upsert -PrimaryKey id
        $table = Join-Path $lake tables/orders

        # The data files that the newest version of a table has, by its log alone.
        function Get-DataFile([string] $Table) {
            $active = [ordered]@{}
            foreach ($entry in Get-ChildItem $Table/_delta_log -Filter *.json | Sort-Object Name) {
                foreach ($action in Get-Content $entry | ConvertFrom-Json) {
                    if ($action.add) { $active[[uri]::UnescapeDataString($action.add.path)] = ($action.add.stats | ConvertFrom-Json).numRecords }
                    if ($action.remove) { $active.Remove([uri]::UnescapeDataString($action.remove.path)) }
                }
            }
            $active.GetEnumerator() | ForEach-Object { [pscustomobject]@{ Path = $_.Key; Rows = $_.Value } }
        }
        function Get-RowCount([string] $Table) { (Get-DataFile $Table | Measure-Object Rows -Sum).Sum }
        function Add-Orders([string] $Name, [string[]] $Line) { Set-Content (Join-Path $folder in $Name) (@('id,country,placed') + $Line) }
    }

    It 'can be loaded, step by step' {
        $checks = Test-S3FeedDestination tables
        $checks.Step | Should -Be Write, ConditionalWrite, Read, List, Parquet, Delete
        $checks.Outcome | Should -Not -Contain Failed
        Get-ChildItem $lake -Recurse -File | Should -BeNullOrEmpty

        $plan = Get-S3FeedPlan orders
        $text = $plan | Out-String
        $text | Should -Match 'steps:'
        $text | Should -Match 'commit one entry of the Delta log\r?\n'
        $plan.Destinations[0].Statements | Should -Contain 'rewrite the files that hold rows with the same id, without these rows'
        Get-ChildItem $lake -Recurse -File | Should -BeNullOrEmpty -Because 'a plan writes nothing'

        (Invoke-S3Feed orders).RowsLoaded | Should -Be 2
        Get-RowCount $table | Should -Be 2
        Get-DataFile $table | ForEach-Object { Join-Path $table $_.Path } | Should -Exist
        "$((Invoke-S3Feed orders).Status)" | Should -Be NothingToDo
        @(Get-ChildItem $table/_delta_log -Filter *.json).Count | Should -Be 1 -Because 'a run with nothing to do writes nothing'
    }
    It 'has each key once after an Upsert, and fewer files after a compaction' {
        $null = Invoke-S3Feed orders
        Add-Orders 2.csv '2,FR,2026-03-01', '3,DE,2026-03-02'
        (Invoke-S3Feed orders).RowsLoaded | Should -Be 2
        Get-RowCount $table | Should -Be 3
        $before = @(Get-DataFile $table)
        $before.Count | Should -BeGreaterThan 1

        Optimize-S3FeedTable orders -WhatIf | Should -BeNullOrEmpty
        @(Get-DataFile $table).Path | Should -Be $before.Path
        $done = Optimize-S3FeedTable orders
        $done.FilesRemoved, $done.FilesAdded, $done.Version | Should -Be $before.Count, 1, 2
        Get-RowCount $table | Should -Be 3
        @(Get-DataFile $table).Count | Should -Be 1
        $done | Format-List | Out-String | Should -Match 'FilesAdded +: 1'

        $again = Optimize-S3FeedTable orders
        $again.FilesRemoved, $again.Version | Should -Be 0, $null
        $again | Format-List | Out-String | Should -Not -Match 'FilesAdded|Version'
    }
    It 'keeps what may still be read, and loses what nothing refers to' {
        $null = Invoke-S3Feed orders
        Add-Orders 2.csv '2,FR,2026-03-01'
        $null = Invoke-S3Feed orders
        $files = @(Get-ChildItem $table -Recurse -File -Filter part-*).Count
        (Clear-S3FeedTable orders -Vacuum -Confirm:$false).FilesRemoved | Should -Be 0

        # What a run that ended early has left.
        $orphan = Join-Path $table "part-00009-$([guid]::NewGuid()).zstd.parquet"
        Set-Content $orphan 'not a file of the table'
        (Get-Item $orphan).LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-8)
        Clear-S3FeedTable orders -Vacuum -WhatIf | Should -BeNullOrEmpty
        $orphan | Should -Exist
        (Clear-S3FeedTable orders -Vacuum -OlderThan 9d -Confirm:$false).FilesRemoved | Should -Be 0
        (Clear-S3FeedTable orders -Vacuum -Confirm:$false).FilesRemoved | Should -Be 1
        $orphan | Should -Not -Exist
        @(Get-ChildItem $table -Recurse -File -Filter part-*).Count | Should -Be $files
    }
    It 'is divided into partitions, and keeps them' {
        Set-S3Feed orders -PartitionBy country, 'year(placed)' -WarningAction Ignore
        $null = Invoke-S3Feed orders
        @(Get-DataFile $table).Path | Split-Path | Sort-Object | Should -Be 'country=DE/placed_year=2026', 'country=FR/placed_year=2026'
        Set-S3Feed orders -PartitionBy country -WarningAction Ignore
        Add-Orders 2.csv '3,DE,2026-03-02'
        Invoke-S3Feed orders -ErrorAction SilentlyContinue | Should -HaveCount 1
        (Get-S3FeedRun orders -Last 1).ErrorId | Should -Be PartitionsDiffer
        Get-RowCount $table | Should -Be 2
        Reset-S3Feed orders -DropTable -Confirm:$false
        $null = Invoke-S3Feed orders
        @(Get-DataFile $table).Path | Split-Path | Sort-Object -Unique | Should -Be country=DE, country=FR
        Get-RowCount $table | Should -Be 3
    }
    It 'has a definition for DuckDB, and for no engine that needs a bucket' {
        $null = Invoke-S3Feed orders
        $text = Get-S3FeedTableDefinition orders -As DuckDB
        $text | Should -Match ([regex]::Escape("delta_scan('$([uri]::new("file://$table"))')"))
        $text | Should -Not -Match SECRET
        foreach ($engine in 'Athena', 'Spectrum', 'Snowflake', 'Databricks', 'Trino') {
            (Get-TestError { Get-S3FeedTableDefinition orders -As $engine }).FullyQualifiedErrorId | Should -BeLike 'TableNotReadable,*' -Because $engine
        }
    }
    It 'is loaded together with a database' {
        $null = Invoke-S3Feed orders
        Set-S3Feed orders -DestinationName local, tables -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*now loads into the destination local, with its own ledger*'
        $plan = Get-S3FeedPlan orders
        $plan.ObjectsToLoad, $plan.ObjectsChanged | Should -Be 1, 0 -Because 'local has no version of the object, and the table has this one'
        $run = Invoke-S3Feed orders
        $run.Destinations.Name | Should -Be local, tables
        $run.Destinations.RowsLoaded | Should -Be 2, 0
        Get-RowCount $table | Should -Be 2

        Add-Orders 2.csv '3,DE,2026-03-02'
        (Invoke-S3Feed orders).Destinations.RowsLoaded | Should -Be 1, 1
        Get-RowCount $table | Should -Be 3
        Set-S3Feed orders -DestinationName tables, local -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }
    It 'is not loaded together with Snowflake' {
        $null = New-S3Connection stage acme-stage -Region eu-west-1
        $null = New-S3FeedDestination dwh -Snowflake -Account acme-eu1 -Database SHOP -Warehouse LOAD -Username LOADER -PrivateKey env:KEY -StagingConnection stage
        $problem = Get-TestError { Set-S3Feed orders -DestinationName dwh, tables }
        "$problem $($problem.ErrorDetails)" | Should -BeLike '*either into Snowflake or into a table on S3*'
        $problem.Exception.Remedies.Cmdlet | Should -Be 'Set-S3Feed -Name orders -DestinationName dwh', 'Set-S3Feed -Name orders -DestinationName tables'
    }
}

Describe 'The sessions of docs/s3-table.md in a shell' -Skip:($IsWindows -or -not ($env:PEAKS3FEED_TEST_S3 -and $env:PEAKS3FEED_TEST_POSTGRES)) {
    It 'show what comes out' {
        $steps = Invoke-Transcript (Join-Path $PSScriptRoot ../../docs/s3-table.md) -Setup ([scriptblock]::Create(". '$PSScriptRoot/S3TableShellSetup.ps1'")) -Language sh
        $steps.Count | Should -BeGreaterThan 8
        $progress = '^parcels: \d+/\d+ objects, ' # how many of these lines there are depends on the time that the run takes
        foreach ($step in $steps) {
            Get-StableText ($step.Actual -notmatch $progress) | Should -Be (Get-StableText ($step.Expected -notmatch $progress)) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
