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

Describe 'A Redshift destination' {
    BeforeEach {
        $store = New-TestStore -Made
        $null = New-S3Connection staging acme-staging -Region eu-west-1 -RootPath load/
        $common = @{ Redshift = $true; Database = 'dev'; StagingConnection = 'staging' }
        $serverless = $common + @{ WorkgroupName = 'analytics'; Region = 'eu-west-1' }
    }

    It 'is reached over its host, with every setting' {
        $settings = @{
            Port = 5440; Username = 'loader'; Password = 'env:RSPASS'; SslMode = 'Require'; RootCertificate = Join-Path $TestDrive ca.pem; Schema = 'raw'
            StagingPrefix = 'tmp/'; IamRole = 'arn:aws:iam::123456789012:role/copy'; SliceCount = 16; PartSizeMiB = 128; LoadPath = 'Direct'; DistKey = 'id'; SortKey = 'at', 'id'
        }
        $made = New-S3FeedDestination dwh @common -HostName dwh.example.com @settings
        $made | Should -BeOfType ([PeakS3Feed.Destinations.Redshift.RedshiftDestination])
        $made.Host, $made.Database, $made.StagingConnection | Should -Be dwh.example.com, dev, staging
        foreach ($setting in $settings.GetEnumerator()) { $made.($setting.Key) | Should -Be $setting.Value -Because $setting.Key }
        (Get-S3FeedDestination dwh | ConvertTo-Json) | Should -Be ($made | ConvertTo-Json)
    }
    It 'is reached over its host with temporary passwords' {
        $settings = @{ ClusterIdentifier = 'dwh'; DbUser = 'loader'; Region = 'eu-west-1'; ProfileName = 'work'; EndpointUrl = 'https://vpce.example.com' }
        $made = New-S3FeedDestination dwh @common -Host dwh.example.com @settings
        foreach ($setting in $settings.GetEnumerator()) { $made.($setting.Key) | Should -Be $setting.Value -Because $setting.Key }
    }
    It 'is reached through the Data API, and has defaults' {
        $secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:loader-AbCdEf'
        $made = New-S3FeedDestination dwh @serverless -SecretArn $secret
        $made.WorkgroupName, $made.Region, $made.SecretArn | Should -Be analytics, eu-west-1, $secret
        $made.Schema, $made.SslMode, $made.StagingPrefix, $made.SliceCount, $made.PartSizeMiB, $made.LoadPath | Should -Be public, VerifyFull, peaks3feed-staging/, 1, 64, Auto
        "$($made.Host)$($made.IamRole)$($made.DistKey)$($made.SortKey)" | Should -BeNullOrEmpty
    }
    It 'takes a connection in place of its name' {
        $null = $serverless.Remove('StagingConnection')
        (New-S3FeedDestination dwh @serverless -StagingConnection (Get-S3Connection staging)).StagingConnection | Should -Be staging
    }
    It 'is refused with a reason: <wrong>' -ForEach @(
        @{ wrong = 'no way in'; given = @{}; says = '*names no warehouse*' }
        @{ wrong = 'no login'; given = @{ HostName = 'h' }; says = '*login is missing*' }
        @{ wrong = 'no region'; given = @{ WorkgroupName = 'analytics' }; says = '*names no region*' }
        @{ wrong = 'two logins'; given = @{ HostName = 'h'; Username = 'u'; Password = 'env:P'; WorkgroupName = 'analytics'; Region = 'eu-west-1' }; says = '*two logins*' }
        @{ wrong = 'a host name as the workgroup'; given = @{ WorkgroupName = 'wg.1.redshift-serverless.amazonaws.com'; Region = 'eu-west-1' }; says = '*Give only the name, for example wg;*' }
        @{ wrong = 'a connection string'; given = @{ HostName = 'Host=h;Password=hunter2'; Username = 'u'; Password = 'env:P' }; says = '*not a connection string*' }
        @{ wrong = 'the word default'; given = @{ WorkgroupName = 'analytics'; Region = 'eu-west-1'; IamRole = 'default' }; says = '*Leave it out for the default role*' }
    ) {
        $problem = Get-TestError { New-S3FeedDestination dwh @common @given }
        $problem.FullyQualifiedErrorId | Should -BeLike 'DestinationInvalid,*NewS3FeedDestinationCommand'
        "$problem $($problem.ErrorDetails)" | Should -BeLike $says
        "$problem $($problem.ErrorDetails)" | Should -Not -Match hunter2
        (Get-S3FeedDestination).Name | Should -Be local
    }
    It 'stages with a connection that exists and may write' {
        $null = $serverless.Remove('StagingConnection')
        $problem = Get-TestError { New-S3FeedDestination dwh @serverless -StagingConnection stagings }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionNotFound,*'
        "$problem" | Should -BeLike '*names the connection "stagings", which does not exist. Did you mean staging`? It has staging.'
        $null = New-S3Connection open public-data -Region eu-west-1 -Anonymous
        $null = New-S3Connection folder bucket -EndpointUrl (New-TestBucket @{})
        foreach ($name in 'open', 'folder') {
            (Get-TestError { New-S3FeedDestination dwh @serverless -StagingConnection $name }).FullyQualifiedErrorId | Should -BeLike 'DestinationInvalid,*'
        }
    }
    It 'keeps its connection from removal, and from a change that ends its use' {
        $null = New-S3FeedDestination dwh @serverless
        $problem = Get-TestError { Remove-S3Connection staging }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionInUse,*'
        "$problem" | Should -BeLike '*the destination dwh uses it*'
        $problem = Get-TestError { Set-S3Connection staging -Anonymous -ExternalId $null }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionInvalid,*'
        "$problem" | Should -BeLike '*The destination dwh uses this connection*'
        Remove-S3FeedDestination dwh
        Remove-S3Connection staging
        Get-S3Connection | Should -BeNullOrEmpty
    }
    It 'is changed in what is given' {
        $null = New-S3FeedDestination dwh @serverless
        $null = New-S3Connection other acme-other -Region eu-west-1
        Set-S3FeedDestination dwh -SliceCount 4 -SortKey at | Should -BeNullOrEmpty
        $changed = Get-S3FeedDestination dwh | Set-S3FeedDestination -StagingConnection other -StagingPrefix '' -Schema raw -PassThru
        $changed.SliceCount, $changed.SortKey, $changed.StagingConnection, $changed.StagingPrefix, $changed.Schema | Should -Be 4, at, other, '', raw
        $changed = Set-S3FeedDestination dwh -SortKey $null -HostName h -PassThru
        $changed.SortKey | Should -BeNullOrEmpty
        $changed.Host, $changed.WorkgroupName | Should -Be h, analytics
    }
    It 'changes its way in' {
        $null = New-S3FeedDestination dwh @common -HostName h -Username u -Password env:P
        $changed = Set-S3FeedDestination dwh -HostName $null -Username $null -Password $null -ClusterIdentifier dwh -Region eu-west-1 -PassThru
        "$($changed.Host)$($changed.Username)$($changed.Password)" | Should -BeNullOrEmpty
        $changed.Place | Should -Be 'dwh/dev, schema public'
    }
    It 'shares settings with PostgreSQL, and no others' {
        $null = New-S3FeedDestination dwh @common -HostName h -Username u -Password env:P
        $null = New-S3FeedDestination pg -PostgreSql @server
        (Set-S3FeedDestination dwh -Port 5440 -PassThru).Port | Should -Be 5440
        (Set-S3FeedDestination dwh, pg -Database other -PassThru).Database | Should -Be other, other
        (Set-S3FeedDestination dwh -LoadPath Staged -PassThru).LoadPath | Should -Be Staged
        (Get-TestError { Set-S3FeedDestination pg -LoadPath Direct }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
        (Get-TestError { Set-S3FeedDestination pg -SliceCount 4 }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
        (Get-TestError { Set-S3FeedDestination dwh -Path x.db }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
        (Get-TestError { Set-S3FeedDestination pg -HostName $null }).FullyQualifiedErrorId | Should -BeLike 'DestinationInvalid,*'
    }
    It 'is left alone by -WhatIf: <_>' -ForEach 'New', 'Set', 'Remove' {
        $null = New-S3FeedDestination dwh @serverless
        $before = Get-FileHash (Join-Path $store definitions.json)
        switch ($_) {
            New { New-S3FeedDestination other @serverless -WhatIf }
            Set { Set-S3FeedDestination dwh -SliceCount 2 -WhatIf }
            Remove { Remove-S3FeedDestination dwh -WhatIf }
        }
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $before.Hash
    }
    It 'comes back from an export of a feed, with its connection' {
        $null = New-S3FeedDestination dwh @serverless -SortKey at, id
        $null = New-S3Connection shop acme-shop -Region eu-west-1
        $null = New-S3Connection unused acme-unused -Region eu-west-1
        $null = New-S3Feed orders shop -FileType Csv -DestinationName dwh
        $document = Export-S3FeedDefinition orders
        $before = Get-S3FeedDestination dwh | ConvertTo-Json
        $null = New-TestStore -Made
        $file = Join-Path $TestDrive redshift.json
        Set-Content $file $document
        $null = Import-S3FeedDefinition $file
        Get-S3FeedDestination dwh | ConvertTo-Json | Should -Be $before
        (Get-S3Connection).Name | Should -Be staging, shop
        (Import-S3FeedDefinition $file).Outcome | Should -Not -Contain Changed
    }
    It 'is shown in <_> columns' -ForEach 80, 120 {
        $null = New-S3FeedDestination dwh @serverless
        $lines = (Get-S3FeedDestination | Out-String -Width $_) -split '\r?\n'
        $lines -match '^dwh +Redshift +analytics/dev, schema public' | Should -HaveCount 1
        $list = Get-S3FeedDestination dwh | Format-List | Out-String
        $list | Should -Match 'StagingConnection +: staging'
        $list | Should -Match 'PartSizeMiB +: 64'
        $list | Should -Match 'LoadPath +: Auto'
        $list | Should -Not -Match 'Port|SslMode|Username|SortKey'
        $null = New-S3FeedDestination wire @common -HostName h -Username u -Password env:P -SortKey at, id
        $list = Get-S3FeedDestination wire | Format-List | Out-String
        $list | Should -Match 'Port +: 5439'
        $list | Should -Match 'SortKey +: \{at, id\}'
    }
}

Describe 'Test-S3FeedDestination' {
    BeforeEach { $store = New-TestStore -Made }

    It 'tells step by step what works' {
        $checks = Test-S3FeedDestination local
        $checks | Should -BeOfType ([PeakS3Feed.Cmdlets.Output.S3FeedCheck])
        $checks.Outcome | Should -Not -Contain Failed
        $checks[0].Name | Should -Be local
        Get-S3FeedDestination | Test-S3FeedDestination -Quiet | Should -BeTrue
    }
    It 'tells what fails, destination by destination' {
        $null = New-S3FeedDestination broken -Sqlite -Path (Join-Path $TestDrive missing folder x.db)
        $null = New-Item -ItemType File (Join-Path $TestDrive missing)
        $failed = 'broken', 'local' | Test-S3FeedDestination | Where-Object Outcome -EQ Failed
        $failed.Name | Should -Be broken
        $failed.Message | Should -Not -BeNullOrEmpty
        Test-S3FeedDestination broken, local -Quiet | Should -Be $false, $true
        $text = Test-S3FeedDestination broken, local | Out-String -Width 80
        $text | Should -Match '(?m)^broken +\w+ +Failed'
        $text | Should -Match 'Name +Step +Outcome +Message'
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
        (Test-S3FeedDestination plain).Outcome | Should -Not -Contain Failed
        Test-S3FeedDestination plain, trusted, untrusted -Quiet | Should -Be $true, $true, $false
    }
}
