BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    $script:files = @{
        'in/a.csv' = "Order Id,Price,Day,At,Ok,Text`n1,1.50,2026-01-02,2026-01-02T03:04:05Z,true,x`n2,,2026-01-03,2026-01-03T00:00:00Z,false,`"`"`n3,9.99,2026-01-04,2026-01-04T00:00:00Z,true,a`e[31mz`n"
    }
    # A store in which orders has run twice, and plain, whose table has no audit columns, once.
    function New-RowStore {
        $null = New-OrdersStore $files -Feeds @{ name = 'orders' }, @{ name = 'returns'; path = 'back/' }, @{ name = 'plain'; auditColumns = 'None' }
        $null = Invoke-S3Feed plain
        $script:run = Invoke-S3Feed orders
        $script:nothing = Invoke-S3Feed orders
    }
    # Changes a table as another program.
    function Edit-Table([string[]] $Sql) {
        $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Microsoft.Data.Sqlite' } | Select-Object -First 1
        $connection = $assembly.CreateInstance('Microsoft.Data.Sqlite.SqliteConnection')
        $connection.ConnectionString = "Data Source=$(Join-Path $env:PEAKS3FEED_HOME local.db);Pooling=False"
        $connection.Open()
        try {
            foreach ($statement in $Sql) {
                $command = $connection.CreateCommand()
                $command.CommandText = $statement
                $null = $command.ExecuteNonQuery()
            }
        }
        finally { $connection.Dispose() }
    }
}

Describe 'Get-S3FeedRow' {
    BeforeAll { New-RowStore }

    It 'shows typed rows with all columns of the table, audit columns last' {
        $rows = Get-S3FeedRow orders
        $rows | Should -HaveCount 3
        $rows | Should -BeOfType PeakS3Feed.Cmdlets.Tables.S3FeedRow
        $rows[0].PSObject.Properties.Name | Should -Be order_id, price, day, at, ok, text, peakauditcreatedat, peakauditfilename, peakauditrequestid
        $rows[0].order_id | Should -BeOfType long
        $rows[0].price | Should -BeOfType decimal
        $rows[0].day | Should -Be ([DateOnly]::new(2026, 1, 2))
        $rows[0].at | Should -Be ([DateTimeOffset]::new(2026, 1, 2, 3, 4, 5, [TimeSpan]::Zero))
        $rows[0].ok | Should -BeOfType bool
        $rows[1].price | Should -BeNullOrEmpty
        $rows[1].text | Should -BeExactly ''
        $rows[2].text | Should -BeExactly "a`e[31mz"
        $rows[0].peakauditfilename | Should -Be s3://acme/in/a.csv
        ($rows | Where-Object price -GT 5).order_id | Should -Be 3
    }
    It 'exports the columns and nothing else' {
        (Get-S3FeedRow plain -First 1 | ConvertTo-Csv)[0] | Should -Be '"order_id","price","day","at","ok","text"'
        (Get-S3FeedRow plain -First 1 | ConvertTo-Json | ConvertFrom-Json).PSObject.Properties.Name | Should -Be order_id, price, day, at, ok, text
        "$(Get-S3FeedRow plain -First 1)" | Should -Be '1, 1.50, 2026-01-02, 2026-01-02 03:04:05Z, true, x'
    }
    It 'has a table that leaves out audit columns where they do not fit, and escapes control characters' {
        $lines = (Get-S3FeedRow orders | Out-String -Width 120).Trim() -split '\r?\n'
        $lines[0] | Should -Be 'orders in local'
        $lines | Should -Contain '(without 3 audit columns: Format-List shows all)'
        $lines | Should -Contain 'order_id price day        at                   ok    text'
        $lines | Should -Contain '       2  NULL 2026-01-03 2026-01-03 00:00:00Z false'
        $lines | Should -Contain '       3  9.99 2026-01-04 2026-01-04 00:00:00Z true  a\u001b[31mz'
        (Get-S3FeedRow orders -First 1).GetHeader(400) | Should -Match 'peakauditrequestid'
        Get-S3FeedRow orders -First 1 | Format-List | Out-String | Should -Match 'peakauditrequestid +: '
    }
    It 'takes a run: <how>' -ForEach @(
        @{ how = 'by its id'; rows = { Get-S3FeedRow -RunId $run.Id } }, @{ how = 'by the beginning'; rows = { Get-S3FeedRow -Run "$($run.Id)".Substring(0, 8) } }
        @{ how = 'as an object'; rows = { Get-S3FeedRow -Run $run } }, @{ how = 'with its feed'; rows = { Get-S3FeedRow orders -Run $run } }
        @{ how = 'from the pipeline'; rows = { $run | Get-S3FeedRow } }, @{ how = 'with a key'; rows = { Get-S3FeedRun orders | Get-S3FeedRow -Key in/a.csv } }
    ) {
        (& $rows).order_id | Should -Be 1, 2, 3
    }
    It 'takes feeds from the pipeline and goes on after one that fails' {
        ('nix', 'orders' | Get-S3FeedRow -ErrorVariable failed -ErrorAction SilentlyContinue) | Should -HaveCount 3
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        (Get-S3Feed orders | Get-S3FeedRow).order_id | Should -Be 1, 2, 3
        (Get-S3Feed orders, plain | Get-S3FeedRow -First 1).order_id | Should -Be 1, 1
    }
    It 'takes a key or a URI' {
        (Get-S3FeedRow orders -Key in/a.csv).order_id | Should -Be 1, 2, 3
        (Get-S3FeedRow orders -Key s3://acme/in/a.csv -First 2).order_id | Should -Be 1, 2
    }
    It 'says nothing of no rows, and why with -Verbose: <why>' -ForEach @(
        @{ why = 'no such key'; rows = { Get-S3FeedRow orders -Key in/nix.csv -Verbose 4>&1 }; says = 'orders in local has no rows of s3://acme/in/nix.csv.' }
        @{ why = 'a run that loaded nothing'; rows = { Get-S3FeedRow -Run $nothing -Verbose 4>&1 }; says = 'orders in local has no rows of run ????????. The run loaded none.' }
        @{ why = 'an unknown run'; rows = { Get-S3FeedRow orders -Run ([guid]::NewGuid()) -Verbose 4>&1 }; says = 'orders in local has no rows of run ????????.' }
    ) {
        "$(@(& $rows)[-1])" | Should -BeLike $says
        & ([scriptblock]::Create(("$rows" -replace '-Verbose 4>&1'))) | Should -BeNullOrEmpty
    }
    It 'completes the ids of runs' {
        $line = 'Get-S3FeedRow orders -RunId '
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Contain "$($run.Id)".Substring(0, 8)
    }
}

Describe 'Get-S3FeedRow where <What>' -ForEach @(
    @{ What = 'nothing is named'; Rows = { Get-S3FeedRow }; Id = 'FeedOrRunMissing'; Next = '' }
    @{ What = 'there is no such feed'; Rows = { Get-S3FeedRow order }; Id = 'FeedNotFound'; Next = '' }
    @{ What = 'there is no table yet'; Rows = { Get-S3FeedRow returns }; Id = 'TableMissing'; Next = 'Invoke-S3Feed -Name returns' }
    @{ What = 'there is no such run'; Rows = { Get-S3FeedRow -Run ffffffff }; Id = 'RunNotFound'; Next = '' }
    @{ What = 'the run is of another feed'; Rows = { Get-S3FeedRow plain -Run $run }; Id = 'RunOfOtherFeed'; Next = 'Get-S3FeedRow -RunId ????????' }
    @{ What = 'the table has no audit columns'; Rows = { Get-S3FeedRow plain -Key in/a.csv }; Id = 'RowsNotTraceable'; Next = 'Get-S3FeedRow -Name plain' }
    @{ What = 'the destination is not one of the feed'; Rows = { Get-S3FeedRow orders -DestinationName lake }; Id = 'DestinationNotOfFeed'; Next = '' }
    @{ What = 'no row is asked for'; Rows = { Get-S3FeedRow orders -First 0 }; Id = 'ParameterArgumentValidationError'; Next = '' }
) {
    BeforeAll { New-RowStore }

    It 'fails with the id <Id>' {
        $failed = Get-TestError $Rows
        $failed.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        if ($Next) { $failed.ErrorDetails.RecommendedAction | Should -BeLike $Next }
    }
}

Describe 'Get-S3FeedRow of a table with many rows' {
    It 'warns that there are more, unless a number is given' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n" + ((1..30) -join "`n") }
        $null = Invoke-S3Feed orders
        (Get-S3FeedRow orders -WarningVariable warned -WarningAction SilentlyContinue).id | Should -Be (1..20)
        "$warned" | Should -Be 'There are more rows in orders in local than the first 20. Next: Get-S3FeedRow -Name orders -First 1000'
        (Get-S3FeedRow orders -First 25 -WarningVariable warned).id | Should -Be (1..25)
        $warned | Should -BeNullOrEmpty
        (Get-S3FeedRow orders -First 1000).Count | Should -Be 30
        (Get-S3FeedRow orders | Select-Object -First 2).id | Should -Be 1, 2
    }
    It 'does not warn where there are as many as are shown' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n" + ((1..20) -join "`n") }
        $null = Invoke-S3Feed orders
        Get-S3FeedRow orders -WarningVariable warned | Should -HaveCount 20
        $warned | Should -BeNullOrEmpty
    }
}

Describe 'Get-S3FeedRow of a table that other programs changed' {
    BeforeEach {
        $script:long = 'x' * 100000
        $null = New-OrdersStore @{ 'in/a.csv' = "id,text`n1,$long`n" }
        $null = Invoke-S3Feed orders
    }

    It 'shows columns whose names PowerShell cannot tell from its own' {
        Edit-Table @(foreach ($column in 'psobject', 'Count', 'ToString', 'GetType', 'PSStandardMembers', 'a b', 'has.dot', 'Equals') { "ALTER TABLE orders ADD COLUMN ""$column"" TEXT DEFAULT 'v-$column'" })
        $row = Get-S3FeedRow orders -WarningVariable warned -WarningAction SilentlyContinue
        $row.psobject_2, $row.Count, $row.ToString, $row.PSStandardMembers_2, $row.'a b', $row.'has.dot' | Should -Be v-psobject, v-Count, v-ToString, v-PSStandardMembers, 'v-a b', v-has.dot
        $warned.Count | Should -Be 2
        "$($warned[0])" | Should -BeLike '*"psobject" is the property psobject_2*'
        $row | Select-Object Count, ToString | Format-Table | Out-String | Should -Match 'v-Count +v-ToString'
        $row | Out-String -Width 60 | Should -Match 'v-GetType'
        ($row | ConvertTo-Csv | ConvertFrom-Csv).GetType | Should -Be v-GetType
        ($row | ConvertTo-Json | ConvertFrom-Json).Equals | Should -Be v-Equals
    }
    It 'shows bytes, and cuts long texts in the view alone' {
        Edit-Table 'ALTER TABLE orders ADD COLUMN raw BLOB', "UPDATE orders SET raw = x'00ff'"
        $row = Get-S3FeedRow orders
        $row.text | Should -BeExactly $long
        $row.raw | Should -Be 0, 255
        $text = $row | Out-String -Width 120
        $text | Should -Match '0x00FF'
        $text.Length | Should -BeLessThan 2000
    }
    It 'shows a table without rows as nothing' {
        Edit-Table 'DELETE FROM orders'
        Get-S3FeedRow orders -WarningVariable warned | Should -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
        "$(Get-S3FeedRow orders -Verbose 4>&1)" | Should -BeLike '*orders in local has no rows.'
    }
}

Describe 'Get-S3FeedRow of a feed with a table on a server' -Skip:(-not $env:PEAKS3FEED_TEST_POSTGRES) {
    BeforeAll {
        $given = [System.Data.Common.DbConnectionStringBuilder]::new()
        $given.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
        $env:PEAKS3FEED_TEST_PASSWORD, $env:PGPASSWORD = $given.Password, $given.Password
        $script:table = "rows_$([guid]::NewGuid().ToString('N').Substring(0, 8))"
        function Invoke-Psql([string] $Sql) {
            $null = $Sql | psql -X -q -v ON_ERROR_STOP=1 -h $given.Host -p $given.Port -U $given.Username -d $given.Database 2>&1
            if ($LASTEXITCODE) { throw "psql failed: $Sql" }
        }
        $null = New-OrdersStore @{ 'in/a.csv' = "id,name`n1,Ann`n" }
        $null = New-S3FeedDestination server -PostgreSql -HostName $given.Host -Port $given.Port -Database $given.Database -Username $given.Username -Password env:PEAKS3FEED_TEST_PASSWORD -SslMode Disable
        $null = New-S3FeedDestination tables -S3External -ConnectionName (New-S3Connection lake lake -EndpointUrl (New-TestBucket @{ 'empty/x' = '' })).Name
        Set-S3Feed orders -DestinationName server, tables -Table $table -WarningAction Ignore
        $null = Invoke-S3Feed orders
    }
    AfterAll { Reset-S3Feed orders -DropTable -Force }

    It 'reads the first destination, or the one that is named' {
        (Get-S3FeedRow orders | Out-String -Width 80) | Should -BeLike "*$table in server*"
        (Get-S3FeedRow orders -DestinationName tables | Out-String -Width 80) | Should -BeLike "*$table in tables*"
        (Get-S3FeedRow orders -DestinationName server).name, (Get-S3FeedRow orders -DestinationName tables).name | Should -Be Ann, Ann
    }
    It 'gives columns that differ in case alone names of their own' {
        Invoke-Psql "ALTER TABLE $table ADD COLUMN ""ID"" text DEFAULT 'other', ADD COLUMN ""Id_2"" text DEFAULT 'third'"
        $row = Get-S3FeedRow orders -WarningVariable warned -WarningAction SilentlyContinue
        $row.id, $row.ID_3, $row.Id_2 | Should -Be 1, other, third
        "$warned" | Should -BeLike '*Column "ID" is the property ID_3*'
    }
}
