BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $server = @{ HostName = 'db.example.com'; Database = 'warehouse' }
}

Describe 'A destination' {
    BeforeEach { $store = New-TestStore -Made }

    It 'is a PostgreSQL database with every setting' {
        $settings = @{
            Port = 6432; Username = 'loader'; Password = 'env:PGPASS_WH'; SslMode = 'Require'; RootCertificate = Join-Path $TestDrive ca.pem; Schema = 'staging'
        }
        $made = New-S3FeedDestination warehouse -PostgreSql @server @settings
        $made | Should -BeOfType ([PeakS3Feed.Destinations.PostgreSql.PostgreSqlDestination])
        $made.Host, $made.Database | Should -Be db.example.com, warehouse
        foreach ($setting in $settings.GetEnumerator()) { $made.($setting.Key) | Should -Be $setting.Value -Because $setting.Key }
        Get-S3FeedDestination warehouse | Should -Be $made
    }
    It 'has defaults, and -Host is -HostName' {
        $made = New-S3FeedDestination warehouse -PostgreSql -Host db.example.com -Database warehouse
        $made.Host, $made.Port, $made.SslMode, $made.Schema | Should -Be db.example.com, 5432, VerifyFull, public
        "$($made.Username)$($made.Password)" | Should -BeNullOrEmpty
    }
    It 'is a SQLite file, relative to the current location' {
        Push-Location $TestDrive
        try { $made = New-S3FeedDestination files -Sqlite -Path sub/files.db } finally { Pop-Location }
        $made | Should -BeOfType ([PeakS3Feed.Destinations.Sqlite.SqliteDestination])
        $made.Path | Should -Be (Join-Path $TestDrive sub files.db)
        (Set-S3FeedDestination files -Path TestDrive:\other.db -PassThru).Path | Should -Be (Join-Path $TestDrive other.db)
    }
    It 'takes a reference to a password, and never repeats what is none' {
        $said = @(& { New-S3FeedDestination warehouse -PostgreSql @server -Password hunter2 -Verbose -Debug } *>&1)
        $said[-1].FullyQualifiedErrorId | Should -BeLike 'DestinationInvalid,*NewS3FeedDestinationCommand'
        $said[-1].CategoryInfo.Category | Should -Be InvalidArgument
        "$($said[-1])" | Should -BeLike '*env:NAME*'
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        $said += & { Set-S3FeedDestination warehouse -Password hunter2 -Verbose -Debug } *>&1
        ($said | ForEach-Object { "$_ $($_.ErrorDetails) $($_.Exception) $($_.TargetObject)" }) -join ' ' | Should -Not -Match hunter2
        Get-Content (Join-Path $store definitions.json) -Raw | Should -Not -Match hunter2
    }
    It 'is refused with what is wrong: <wrong>' -ForEach @(
        @{ wrong = 'a database in memory'; id = 'DestinationInvalid'; given = @{ Name = 'x'; Sqlite = $true; Path = ':memory:' } }
        @{ wrong = 'a URI'; id = 'DestinationInvalid'; given = @{ Name = 'x'; Sqlite = $true; Path = 'file:x.db' } }
        @{ wrong = 'a folder'; id = 'DestinationInvalid'; given = @{ Name = 'x'; Sqlite = $true; Path = 'folder/' } }
        @{ wrong = 'a connection string'; id = 'DestinationInvalid'; given = @{ Name = 'x'; PostgreSql = $true; Host = 'Host=db;Password=p'; Database = 'd' } }
        @{ wrong = 'a way of encryption'; id = 'DestinationInvalid'; given = @{ Name = 'x'; PostgreSql = $true; Host = 'db'; Database = 'd'; SslMode = 'Maybe' } }
        @{ wrong = 'a name'; id = 'DestinationInvalid'; given = @{ Name = '1x'; PostgreSql = $true; Host = 'db'; Database = 'd' } }
        @{ wrong = 'the name local'; id = 'NameReserved'; given = @{ Name = 'LOCAL'; PostgreSql = $true; Host = 'db'; Database = 'd' } }
        @{ wrong = 'settings of two kinds'; id = 'AmbiguousParameterSet'; given = @{ Name = 'x'; PostgreSql = $true; Sqlite = $true; Path = 'x.db' } }
    ) {
        (Get-TestError { New-S3FeedDestination @given }).FullyQualifiedErrorId | Should -BeLike "$id,*"
        (Get-S3FeedDestination).Name | Should -Be local
    }
    It 'has a name of its own, regardless of case' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        (Get-TestError { New-S3FeedDestination WAREHOUSE -PostgreSql @server }).FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
    }
    It 'is found by name, by pattern and from the pipeline, local among them' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        $null = New-S3FeedDestination wares -Sqlite -Path (Join-Path $TestDrive wares.db)
        (Get-S3FeedDestination).Name | Should -Be local, warehouse, wares
        (Get-S3FeedDestination w*).Name | Should -Be warehouse, wares
        ('wares', 'local' | Get-S3FeedDestination).Name | Should -Be wares, local
        $found = 'missing', 'wares' | Get-S3FeedDestination -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be wares
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'DestinationNotFound,*'
        $problems[0].TargetObject | Should -Be missing
    }
    It 'is changed in what is given' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server -Username loader -Password env:WH
        Set-S3FeedDestination warehouse -Port 6432 | Should -BeNullOrEmpty
        $changed = Get-S3FeedDestination warehouse | Set-S3FeedDestination -Username $null -Host db2.example.com -PassThru
        $changed.Host, $changed.Port, $changed.Database, $changed.Password | Should -Be db2.example.com, 6432, warehouse, env:WH
        $changed.Username | Should -BeNullOrEmpty
    }
    It 'keeps its kind, and local stays as it is' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        (Get-TestError { Set-S3FeedDestination warehouse -Path x.db }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
        (Get-TestError { Set-S3FeedDestination local -Path x.db }).FullyQualifiedErrorId | Should -BeLike 'NameReserved,*'
        (Get-TestError { Remove-S3FeedDestination local }).FullyQualifiedErrorId | Should -BeLike 'NameReserved,*'
    }
    It 'is removed, unless a feed uses it' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        $null = New-S3FeedDestination files -Sqlite -Path (Join-Path $TestDrive files.db)
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $null = New-S3Feed orders acme -FileType Csv -DestinationName files
        Get-S3FeedDestination files, warehouse | Remove-S3FeedDestination -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'DestinationInUse,*'
        "$($problems[0])" | Should -BeLike '*orders*'
        (Get-S3FeedDestination).Name | Should -Be local, files
    }
    It 'is left alone by -WhatIf: <_>' -ForEach 'New', 'Set', 'Remove' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server
        $before = Get-FileHash (Join-Path $store definitions.json)
        switch ($_) {
            New { New-S3FeedDestination other -PostgreSql @server -WhatIf }
            Set { Set-S3FeedDestination warehouse -Port 1 -WhatIf }
            Remove { Remove-S3FeedDestination warehouse -WhatIf }
        }
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $before.Hash
    }
    It 'of a store that is named takes the store along' {
        $other = Join-Path $TestDrive other
        $null = New-S3FeedDestination warehouse -PostgreSql @server -StorePath $other
        Get-S3FeedDestination warehouse -StorePath $other | Set-S3FeedDestination -Port 6432
        (Get-S3FeedDestination warehouse -StorePath $other).Port | Should -Be 6432
        (Get-S3FeedDestination).Name | Should -Be local
    }
    It 'is shown in <_> columns' -ForEach 80, 120 {
        $null = New-S3FeedDestination warehouse -PostgreSql @server -Password env:WH
        $lines = (Get-S3FeedDestination | Out-String -Width $_) -split '\r?\n'
        $lines -match '^Name +Kind +Where' | Should -HaveCount 1
        $lines -match '^local +SQLite +local\.db' | Should -HaveCount 1
        $lines -match '^warehouse +PostgreSQL +db\.example\.com:5432/warehouse, schema public' | Should -HaveCount 1
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        (Get-S3FeedDestination warehouse | Format-List | Out-String) | Should -Match 'Password +: env:WH'
    }
}

Describe 'Test-S3FeedDestination' {
    BeforeEach { $store = New-TestStore -Made }

    It 'tells step by step what works' {
        $checks = Test-S3FeedDestination local
        $checks | Should -BeOfType ([PeakS3Feed.Destinations.Loading.DestinationCheck])
        $checks.Passed | Should -Not -Contain $false
        $checks[0].DestinationName | Should -Be local
        Get-S3FeedDestination | Test-S3FeedDestination -Quiet | Should -BeTrue
    }
    It 'tells what fails, destination by destination' {
        $null = New-S3FeedDestination broken -Sqlite -Path (Join-Path $TestDrive missing folder x.db)
        $null = New-Item -ItemType File (Join-Path $TestDrive missing)
        $failed = 'broken', 'local' | Test-S3FeedDestination | Where-Object -Not Passed
        $failed.DestinationName | Should -Be broken
        $failed.Detail | Should -Not -BeNullOrEmpty
        Test-S3FeedDestination broken, local -Quiet | Should -Be $false, $true
        $text = Test-S3FeedDestination broken, local | Out-String -Width 80
        $text | Should -Match 'DestinationName: broken'
        $text | Should -Match 'Step +Passed +Found'
    }
    It 'says when the secret is not there' {
        $null = New-S3FeedDestination warehouse -PostgreSql @server -Password env:PEAKS3FEED_NOT_SET
        $problem = Get-TestError { Test-S3FeedDestination warehouse }
        $problem.FullyQualifiedErrorId | Should -BeLike 'SecretNotFound,*TestS3FeedDestinationCommand'
        $problem.CategoryInfo.Category | Should -Be ObjectNotFound
    }
    It 'tests a real server' -Skip:(-not $env:PEAKS3FEED_TEST_POSTGRES) {
        $given = [System.Data.Common.DbConnectionStringBuilder]::new()
        $given.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
        $env:PEAKS3FEED_TEST_PASSWORD = $given.Password
        $to = @{ HostName = $given.Host; Port = $given.Port; Database = $given.Database; Username = $given.Username; Password = 'env:PEAKS3FEED_TEST_PASSWORD' }
        $null = New-S3FeedDestination plain -PostgreSql @to -SslMode Disable
        $null = New-S3FeedDestination trusted -PostgreSql @to -RootCertificate $env:PEAKS3FEED_TEST_POSTGRES_CA
        $null = New-S3FeedDestination untrusted -PostgreSql @to
        (Test-S3FeedDestination plain).Passed | Should -Not -Contain $false
        Test-S3FeedDestination plain, trusted, untrusted -Quiet | Should -Be $true, $true, $false
    }
}
