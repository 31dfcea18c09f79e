BeforeAll {
    . $PSScriptRoot/Setup.ps1

    # A store with a connection for tables, and a feed's connection.
    function New-TableStore {
        $store = New-TestStore -Made
        $null = New-S3Connection lake acme-lake -Region eu-west-1 -RootPath data/ -ExternalId ext-1 -TrustedPrincipal arn:aws:iam::111122223333:user/p
        $store
    }
    function New-Lake([hashtable] $With = @{}) { New-S3FeedDestination tables -S3External -ConnectionName lake -RootPath tables/ @With }
    function New-Orders([hashtable] $With = @{}) {
        $With.DestinationName ??= 'tables'
        New-S3Feed orders lake -FileType Csv -Path data/orders/ -Schema @(
            [pscustomobject]@{ Name = 'id'; Type = 'bigint' }, [pscustomobject]@{ Name = 'country'; Type = 'text' }, [pscustomobject]@{ Name = 'ordered_at'; Type = 'timestamp' }
        ) @With
    }
    function Complete([string] $Line) {
        ([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches.CompletionText
    }
    $program = Join-Path $PSScriptRoot "../../src/PeakS3Feed.Worker/bin/Release/net10.0/peaks3feed$($IsWindows ? '.exe' : '')"
    $key = 'arn:aws:kms:eu-west-1:444455556666:key/1b2c'
}

Describe 'A destination of tables on S3' {
    BeforeEach { $store = New-TableStore }

    It 'is created with every setting' {
        $settings = @{ Compression = 'Snappy'; FileSizeMiB = 64; RowGroupSizeMiB = 16; KmsKeyArn = $key; SpectrumManifest = $true }
        $made = New-Lake $settings
        $made | Should -BeOfType ([PeakS3Feed.Destinations.S3External.S3ExternalDestination])
        $made.ConnectionName, $made.RootPath | Should -Be lake, tables/
        foreach ($setting in $settings.GetEnumerator()) { "$($made.($setting.Key))" | Should -Be "$($setting.Value)" -Because $setting.Key }
        (Get-S3FeedDestination tables | ConvertTo-Json) | Should -Be ($made | ConvertTo-Json)
    }
    It 'has defaults' {
        $made = New-S3FeedDestination tables -S3External -ConnectionName lake
        "$($made.RootPath)", "$($made.Compression)", $made.FileSizeMiB, $made.RowGroupSizeMiB, $made.KmsKeyArn, $made.SpectrumManifest | Should -Be '', Zstd, 128, 16, $null, $false
    }
    It 'takes a connection from the pipeline of values, and one to a folder' {
        $connection = Get-S3Connection lake
        (New-S3FeedDestination tables -S3External -ConnectionName $connection).ConnectionName | Should -Be lake
        $null = New-S3Connection folder acme -EndpointUrl (New-TestBucket @{})
        (New-S3FeedDestination local_tables -S3External -ConnectionName folder).ConnectionName | Should -Be folder
    }
    It 'is refused with a reason: <wrong>' -ForEach @(
        @{ wrong = 'no folder'; given = @{ RootPath = 'tables' }; says = '*not a folder for tables*tables/*' }
        @{ wrong = 'no key'; given = @{ KmsKeyArn = 'alias/x' }; says = '*not the ARN of a KMS key*' }
        @{ wrong = 'no connection'; given = @{ ConnectionName = 'nowhere' }; says = '*does not exist. It has lake.*'; id = 'ConnectionNotFound' }
        @{ wrong = 'no compression'; given = @{ Compression = 'gzip' }; says = '*Zstd*Snappy*'; id = 'CannotConvertArgumentNoMessage' }
        @{ wrong = 'a size of none'; given = @{ FileSizeMiB = 0 }; says = '*minimum allowed range of 1*'; id = 'ParameterArgumentValidationError' }
    ) {
        $all = @{ ConnectionName = 'lake' }
        foreach ($setting in $given.GetEnumerator()) { $all[$setting.Key] = $setting.Value }
        $problem = Get-TestError { New-S3FeedDestination tables -S3External @all }
        $problem.FullyQualifiedErrorId | Should -BeLike "$($id ?? 'DestinationInvalid'),*NewS3FeedDestinationCommand"
        "$problem $($problem.ErrorDetails)" | Should -BeLike $says
        (Get-S3FeedDestination).Name | Should -Be local
    }
    It 'may not use an anonymous connection' {
        $null = New-S3Connection open acme-open -Region eu-west-1 -Anonymous
        $problem = Get-TestError { New-S3FeedDestination tables -S3External -ConnectionName open }
        "$problem" | Should -BeLike '*anonymous, so it cannot write tables*'
    }
    It 'is changed in what is given' {
        $null = New-Lake
        Set-S3FeedDestination tables -Compression Snappy | Should -BeNullOrEmpty
        $changed = Get-S3FeedDestination tables | Set-S3FeedDestination -RootPath '' -FileSizeMiB 32 -SpectrumManifest -KmsKeyArn $key -PassThru
        "$($changed.Compression)", $changed.RootPath, $changed.FileSizeMiB, $changed.SpectrumManifest, $changed.KmsKeyArn | Should -Be Snappy, '', 32, $true, $key
        $changed = Set-S3FeedDestination tables -SpectrumManifest:$false -KmsKeyArn $null -RowGroupSizeMiB 8 -PassThru
        $changed.SpectrumManifest, $changed.KmsKeyArn, $changed.RowGroupSizeMiB | Should -Be $false, $null, 8
    }
    It 'takes no settings of other kinds, and gives none to them' {
        $null = New-Lake
        foreach ($given in @{ Port = 1 }, @{ StagingPrefix = 'x/' }, @{ Warehouse = 'x' }, @{ Path = 'x' }, @{ Schema = 'x' }) {
            (Get-TestError { Set-S3FeedDestination tables @given }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*' -Because "$($given.Keys)"
        }
        $null = New-S3FeedDestination pg -PostgreSql -HostName h -Database d
        (Get-TestError { Set-S3FeedDestination pg -RootPath x/ }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
    }
    It 'keeps its connection from removal' {
        $null = New-Lake
        (Get-TestError { Remove-S3Connection lake }).FullyQualifiedErrorId | Should -BeLike 'ConnectionInUse,*'
        Remove-S3FeedDestination tables
        Remove-S3Connection lake
    }
    It 'is left alone by -WhatIf: <_>' -ForEach 'New', 'Set', 'Remove' {
        $null = New-Lake
        $before = Get-FileHash (Join-Path $store definitions.json)
        switch ($_) {
            New { New-S3FeedDestination other -S3External -ConnectionName lake -WhatIf }
            Set { Set-S3FeedDestination tables -Compression Snappy -WhatIf }
            Remove { Remove-S3FeedDestination tables -WhatIf }
        }
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $before.Hash
    }
    It 'comes back from an export of a feed, with its connection and the partitions' {
        $null = New-Lake @{ Compression = 'Snappy'; SpectrumManifest = $false }
        $null = New-Orders @{ PartitionBy = 'country', 'year(ordered_at)' }
        $document = Export-S3FeedDefinition orders
        $before = Get-S3FeedDestination tables | ConvertTo-Json
        $null = New-TestStore -Made
        $file = Join-Path $TestDrive tables.json
        Set-Content $file $document
        $null = Import-S3FeedDefinition $file
        Get-S3FeedDestination tables | ConvertTo-Json | Should -Be $before
        (Get-S3Feed orders).PartitionBy | Should -Be country, 'year(ordered_at)'
        (Import-S3FeedDefinition $file).Outcome | Should -Not -Contain Changed
    }
    It 'is changed by the program' {
        $null = New-Lake
        & $program set tables compression=snappy fileSizeMiB=64 spectrumManifest=true | Out-Null
        $LASTEXITCODE | Should -Be 0
        $changed = Get-S3FeedDestination tables
        "$($changed.Compression)", $changed.FileSizeMiB, $changed.SpectrumManifest | Should -Be Snappy, 64, $true
        $said = & $program set tables rootPath=x 2>&1
        $LASTEXITCODE | Should -Not -Be 0
        "$said" | Should -BeLike '*not a folder for tables*'
    }
    It 'is shown in <_> columns' -ForEach 80, 120 {
        $null = New-Lake @{ KmsKeyArn = $key }
        $lines = (Get-S3FeedDestination | Out-String -Width $_) -split '\r?\n'
        $lines -match '^tables +S3External +lake:tables/' | Should -HaveCount 1
        $list = Get-S3FeedDestination tables | Format-List | Out-String
        foreach ($shown in 'ConnectionName +: lake', 'RootPath +: tables/', 'Compression +: Zstd', 'FileSizeMiB +: 128', 'KmsKeyArn +: arn:aws:kms', 'SpectrumManifest +: False') { $list | Should -Match $shown }
    }
    It 'is refused beside Snowflake, with what to do instead' {
        $null = New-Lake
        $null = New-S3FeedDestination dwh -Snowflake -Account acme-sales -Database sales -StagingConnection lake -StagingPrefix stage/ -AccessToken env:T
        $problem = Get-TestError { New-Orders @{ DestinationName = 'dwh', 'tables' } }
        $problem.FullyQualifiedErrorId | Should -BeLike 'DestinationsDoNotCombine,*'
        "$problem $($problem.ErrorDetails)" | Should -BeLike '*not into both*let Snowflake read it there*'
    }
    It 'completes <line>' -ForEach @(
        @{ line = 'New-S3FeedDestination x -S3E'; to = '-S3External' }
        @{ line = 'New-S3FeedDestination x -S3External -ConnectionName '; to = 'lake' }
        @{ line = 'Set-S3FeedDestination tables -Compression '; to = 'Snappy', 'Zstd' }
        @{ line = 'Get-S3FeedPolicy -For Table -Name '; to = 'tables' }
        @{ line = 'Get-S3FeedTableDefinition orders -As '; to = 'Athena', 'Databricks', 'DuckDB', 'Snowflake', 'Spectrum', 'Trino' }
        @{ line = 'Get-S3FeedTableDefinition '; to = 'orders' }
        @{ line = 'Optimize-S3FeedTable '; to = 'orders' }
        @{ line = 'Set-S3Feed orders -PartitionBy c'; to = 'country' }
        @{ line = 'Set-S3Feed orders -PartitionBy "year'; to = '"year(ordered_at)"' }
        @{ line = 'Set-S3Feed orders -PartitionBy '; to = 'id', 'country', "'year(ordered_at)'", "'month(ordered_at)'", "'day(ordered_at)'", "'date(ordered_at)'" }
    ) {
        $null = New-Lake
        $null = New-Orders
        Complete $line | Where-Object { $_ -notlike '*.*' } | Should -Be $to
    }
}

Describe 'The partitions of a feed' {
    BeforeEach {
        $null = New-TableStore
        $null = New-Lake
    }

    It 'are set, shown and cleared' {
        (New-Orders @{ PartitionBy = 'country', 'year(ordered_at)' }).PartitionBy | Should -Be country, 'year(ordered_at)'
        Get-S3Feed orders | Format-List | Out-String | Should -Match 'PartitionBy +: \{country, year\(ordered_at\)\}'
        Set-S3Feed orders -PartitionBy $null -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*keeps its partitions*Reset-S3Feed -Name orders -DropTable*'
        (Get-S3Feed orders).PartitionBy | Should -BeNullOrEmpty
        Get-S3Feed orders | Format-List | Out-String | Should -Not -Match PartitionBy
    }
    It 'are set by the program' {
        $null = New-Orders
        & $program set orders 'partitionBy=country,date(ordered_at)' | Out-Null
        $LASTEXITCODE | Should -Be 0
        (Get-S3Feed orders).PartitionBy | Should -Be country, 'date(ordered_at)'
    }
    It 'are refused with a reason: <fields>' -ForEach @(
        @{ fields = 'region'; says = '*"region", which is not a column*' }
        @{ fields = 'hour(ordered_at)'; says = '*not a field of a partition*year(column)*' }
        @{ fields = 'ordered_at'; says = '*date(ordered_at)*' }
    ) {
        $problem = Get-TestError { New-Orders @{ PartitionBy = $fields } }
        $problem.FullyQualifiedErrorId | Should -BeLike 'FeedInvalid,*'
        "$problem $($problem.ErrorDetails)" | Should -BeLike $says
    }
    It 'need a table that can have them' {
        $problem = Get-TestError { New-S3Feed other lake -FileType Csv -Path data/other/ -PartitionBy country }
        "$problem $($problem.ErrorDetails)" | Should -BeLike '*local (SQLite) has no partitions*S3External*'
    }
}

Describe 'Get-S3FeedTableDefinition' {
    BeforeEach {
        $store = New-TableStore
        $null = New-Lake @{ SpectrumManifest = $true }
        $null = New-Orders
    }

    It 'prints the statements for <_>' -ForEach 'Athena', 'Spectrum', 'Snowflake', 'Databricks', 'Trino', 'DuckDB' {
        $text = Get-S3Feed orders | Get-S3FeedTableDefinition -As $_
        $text | Should -BeOfType string
        $text | Should -Match 's3://acme-lake/data/tables/'
        (& $program table orders --as $_) -join "`n" | Should -Be $text
    }
    It 'takes the database and the destination' {
        Get-S3FeedTableDefinition orders tables -As Databricks -Database main.sales | Should -Match ([regex]::Escape('`main`.`sales`.`orders`'))
        & $program table orders --destination tables --database sales --as Athena | Should -Contain 'CREATE DATABASE IF NOT EXISTS `sales`;'
        (Get-TestError { Get-S3FeedTableDefinition orders local -As Athena }).FullyQualifiedErrorId | Should -BeLike 'DestinationNotOfFeed,*'
    }
    It 'suggests a command that works as it is printed' {
        Set-S3FeedDestination tables -SpectrumManifest:$false
        $problem = Get-TestError { Get-S3FeedTableDefinition orders -As Spectrum }
        $problem.FullyQualifiedErrorId | Should -BeLike 'TableNotReadable,*'
        Invoke-Expression $problem.Exception.Remedies[0].Cmdlet
        Get-S3FeedTableDefinition orders -As Spectrum | Should -Match '"country" varchar\(65535\)'
        Set-S3FeedDestination tables -SpectrumManifest:$false
        & sh -c "PATH='$(Split-Path $program)':`$PATH; $($problem.Exception.Remedies[0].Shell)" | Out-Null
        (Get-S3FeedDestination tables).SpectrumManifest | Should -BeTrue
    }
    It 'registers nothing with -WhatIf' {
        Get-S3FeedTableDefinition orders -Register -Database sales -WhatIf | Should -BeNullOrEmpty
        $said = pwsh -NoProfile -Command "`$env:PEAKS3FEED_HOME = '$store'; Import-Module '$ModulePath'; Get-S3FeedTableDefinition orders -Register -Database sales -WhatIf"
        "$said" | Should -BeLike '*Create or update the table of the Glue catalog*table orders in the database sales of the Glue catalog in eu-west-1*'
    }
    It 'registers with the credentials and at the address that are given' {
        $key = [pscredential]::new('AKIAFAKE', (ConvertTo-SecureString 'hushhush' -AsPlainText))
        # Nobody listens on the port of discard, so the call gets no further.
        $problem = Get-TestError { Get-S3FeedTableDefinition orders -Register -EndpointUrl http://127.0.0.1:9 -Credential $key -Confirm:$false }
        $problem.FullyQualifiedErrorId | Should -BeLike 'GlueUnreachable,*'
        "$problem $($problem.ErrorDetails)" | Should -Not -Match hushhush
        (Get-TestError { Get-S3FeedTableDefinition orders -Register -EndpointUrl http://glue.example.org -WhatIf }).FullyQualifiedErrorId | Should -BeLike 'EndpointInvalid,*'
    }
    It 'takes either an engine or -Register' {
        (Get-TestError { Get-S3FeedTableDefinition orders -As Athena -Register }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
        foreach ($arguments in @(), @('--as', 'Athena', '--register'), @('--as', 'Athena', '--endpoint-url', 'https://x'), @('--as', 'Hive')) {
            & $program table orders @arguments 2>$null | Out-Null
            $LASTEXITCODE | Should -Be 2 -Because "$arguments"
        }
    }
    It 'is refused for a table of another kind' {
        Set-S3Feed orders -DestinationName local -WarningAction SilentlyContinue
        (Get-TestError { Get-S3FeedTableDefinition orders -As Athena }).FullyQualifiedErrorId | Should -BeLike 'NotATableOnS3,*'
    }
}

Describe 'The maintenance of tables on S3' {
    BeforeEach {
        $null = New-TableStore
        $null = New-Lake
        $null = New-Orders
    }

    It 'is refused for a table of another kind: <line>' -ForEach @(
        @{ line = 'Optimize-S3FeedTable orders'; verb = 'optimize' }
        @{ line = 'Clear-S3FeedTable orders -Vacuum'; verb = 'vacuum' }
    ) {
        Set-S3Feed orders -DestinationName local -WarningAction SilentlyContinue
        (Get-TestError { Invoke-Expression $line }).FullyQualifiedErrorId | Should -BeLike 'NotATableOnS3,*'
        $said = & $program $verb orders 2>&1
        $LASTEXITCODE | Should -Be 2
        "$said" | Should -BeLike '*local (SQLite), which is not a table on S3*'
    }
    It 'deletes nothing that may still be read' {
        (Get-TestError { Clear-S3FeedTable orders -Vacuum -OlderThan 6d }).FullyQualifiedErrorId | Should -BeLike 'VacuumTooEarly,*'
        "$(& $program vacuum orders --older-than 6d 2>&1)" | Should -BeLike '*younger than 7 days*'
    }
    It 'compacts nothing with -WhatIf' {
        Optimize-S3FeedTable orders -WhatIf | Should -BeNullOrEmpty
    }
}

Describe 'The policy of tables on S3' {
    BeforeEach {
        $null = New-TableStore
        $null = New-Lake
    }

    It 'has the writer, a reader, and what protects the logs' {
        $policy = Get-S3FeedPolicy tables -For Table -WarningVariable warned -WarningAction SilentlyContinue
        ($policy.PermissionPolicy | ConvertFrom-Json).Statement.Action | Should -Be 's3:ListBucket', 's3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject', 's3:DeleteObject'
        ($policy.ReaderPolicy | ConvertFrom-Json).Statement.Action | Should -Be 's3:ListBucket', 's3:GetObject'
        $deny = $policy.BucketPolicyStatement | ConvertFrom-Json
        $deny.Effect, $deny.Resource | Should -Be Deny, 'arn:aws:s3:::acme-lake/data/tables/*/_delta_log/*.json'
        $deny.Condition.Null.'s3:if-none-match' | Should -Be true
        "$warned" | Should -BeLike '*A bucket has one policy*'
        $policy | Format-List | Out-String | Should -Match 'ReaderPolicy +: '
    }
    It 'is the same from the program' {
        $document = & $program policy tables --for Table 2>$null | Out-String | ConvertFrom-Json
        $LASTEXITCODE | Should -Be 0
        $document.bucketPolicyStatement.Sid | Should -Be ProtectTableLogs
        $document.readerPolicy.Statement[1].Action | Should -Be s3:GetObject
    }
    It 'is refused for other purposes and names' {
        (Get-TestError { Get-S3FeedPolicy tables -For Staging }).FullyQualifiedErrorId | Should -BeLike 'PolicyNotNeeded,*'
        (Get-TestError { Get-S3FeedPolicy lake -For Table }).FullyQualifiedErrorId | Should -BeLike 'PolicyPurposeUnclear,*'
    }
}
