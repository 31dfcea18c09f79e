BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Ceph.ps1
    . $PSScriptRoot/Snowflake.ps1
    . $PSScriptRoot/Transcript.ps1
    $script:before = $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY
    $program = Join-Path $PSScriptRoot "../../src/PeakS3Feed.Worker/bin/Release/net10.0/peaks3feed$($IsWindows ? '.exe' : '')"

    # A store with a source, a staging connection that uses a role, and the destination dwh in a schema of the test's own.
    function New-SnowflakeStore {
        $null = New-TestStore
        $script:schema = "PESTER_$([guid]::NewGuid().ToString('N').Substring(0, 12).ToUpperInvariant())"
        Add-Snowflake schemas @{ Database = 'SALES'; Schema = $schema }
        Add-Snowflake roles/LOADER
        Add-Snowflake warehouses @{ Name = 'PESTER_WH'; State = 'SUSPENDED' }
        $env:PESTER_KEY = New-SnowflakeKey $schema
        $from = @{ Region = 'us-east-1'; EndpointUrl = $Ceph }
        $script:bucket = New-TestBucket @{}
        Add-Order orders/a.csv "id,customer,amount`n1,Ann,1.50`n2,Bo,2.00`n"
        Add-Order orders/b.csv "id,customer,amount`n2,Bo,2.50`n"
        $null = New-S3Connection shop shop -EndpointUrl $bucket
        $null = New-S3Connection staging (New-StagingBucket) -TrustedPrincipal arn:aws:iam:::user/platform @from
        $settings = @{
            Account = 'peaks3feed-test'; EndpointUrl = $Snowflake; Username = $schema.ToLowerInvariant(); PrivateKey = 'env:PESTER_KEY'; Role = 'loader'
            Warehouse = 'pester_wh'; Database = 'sales'; Schema = $schema.ToLowerInvariant(); StagingConnection = 'staging'; StagingPrefix = "$schema/"
        }
        $null = New-S3FeedDestination dwh -Snowflake @settings
        Add-Snowflake stages @{
            Name = "SALES.$schema.PEAKS3FEED_STAGE"; Url = "s3://$((Get-S3Connection staging).BucketName)/$schema/"; Integration = 'PESTER'
        }
        $script:role = $schema.ToLowerInvariant() -replace '_', '-' # this server takes no underscore in the name of a role
        Set-S3Connection staging -RoleArn (New-CephRole $role (Get-S3FeedPolicy dwh -For Staging))
    }
    function Remove-SnowflakeStore {
        Remove-SnowflakeSchema SALES $schema
        Remove-CephRole $role
    }
    function Add-Order([string] $Key, [string] $Text) {
        $file = Join-Path ([uri]$bucket).LocalPath in $Key
        $null = New-Item -ItemType Directory -Force (Split-Path $file)
        [IO.File]::WriteAllText($file, $Text)
        [IO.File]::SetLastWriteTimeUtc($file, $began.AddSeconds(++$script:files)) # the loading order
    }
    $began, $script:files = [datetime]::UtcNow.AddHours(-1), 0
    function Read-Snowflake([string] $Sql) { Invoke-Snowflake SALES $schema $Sql }
    # What the stand-in answers to statements that match, until it is removed.
    function Set-SnowflakeRule([string] $Match, [hashtable] $Answer) {
        Add-Snowflake rules (@{ Name = $schema; Match = $Match; Action = 'Fail'; Times = 99 } + $Answer)
    }
    function Clear-SnowflakeRule { $null = Invoke-RestMethod "$Snowflake/control/rules/$schema" -Method Delete -NoProxy }
    # The commands that an error suggests, as it shows them.
    function Get-Suggestion([Management.Automation.ErrorRecord] $Failure) {
        "$($Failure.ErrorDetails)" -match '(?s)Next: (?<next>.*)$' | Should -BeTrue -Because "$($Failure.ErrorDetails)"
        ($Matches.next.Trim() -split ', or: ').Trim()
    }
    function Get-FailedCheck([string] $Step) {
        $failed = @(Test-S3FeedDestination dwh -WarningAction SilentlyContinue | Where-Object Outcome -EQ Failed)
        $failed.Step | Should -Contain $Step
        $failed[0]
    }
    $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $PlatformKey, $PlatformSecret
}
AfterAll { $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $before }

Describe 'A feed into Snowflake' -Skip:(-not ($env:PEAKS3FEED_TEST_SNOWFLAKE -and $env:PEAKS3FEED_TEST_S3)) {
    BeforeAll { New-SnowflakeStore }
    AfterAll { Remove-SnowflakeStore }

    It 'has a destination that passes its test, which leaves nothing behind' {
        $checks = Test-S3FeedDestination dwh
        $checks.Step | Should -Be Connect, Role, Warehouse, CreateTable, StagingWrite, StagingRead, Stage, StageList, Copy, StagingDelete
        $checks.Outcome | Should -Not -Contain Failed
        $checks.Remedies | Should -BeNullOrEmpty
        $checks[0].Message | Should -BeLike "Snowflake * as $schema, with a key pair"
        $checks[2].Message | Should -Be 'PESTER_WH (X-Small), suspended; resumes by itself, and suspends after 60 s without work; 1 credit an hour, and at least one minute each time it resumes'
        (Test-S3FeedDestination dwh | Where-Object Step -EQ Warehouse).Message | Should -BeLike 'PESTER_WH (X-Small), started; suspends after*'
        Read-Snowflake "SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = '$schema'" | Should -BeNullOrEmpty
    }
    It 'shows in its plan what it will do, and does nothing with -WhatIf' {
        $null = New-S3Feed orders shop -Path in/orders/ -FileType Csv -LoadType Upsert -PrimaryKey id -DestinationName dwh
        $plan = Get-S3FeedPlan orders
        $plan.ObjectsToLoad | Should -Be 2
        $plan.Statements | Should -HaveCount 4
        $plan.Statements[0] | Should -BeLike 'CREATE TABLE IF NOT EXISTS "ORDERS" (*"ID" NUMBER(38,0) NOT NULL,*"CUSTOMER" VARCHAR,*"AMOUNT" NUMBER(38,2),*"PEAKAUDITCREATEDAT" TIMESTAMP_TZ*'
        $plan.Statements[1] | Should -BeLike '-- each request names the database and the schema; *<COMMIT_RECORDS>*'
        $plan.Statements[2] | Should -BeLike 'COPY INTO "<STAGED_ROWS>" FROM @"PEAKS3FEED_STAGE"/*ON_ERROR = ABORT_STATEMENT *'
        $plan.Statements[3] | Should -BeLike 'MERGE INTO "ORDERS" t*"<STAGED_ROWS>"*"<COMMIT_RECORDS>"*WHEN MATCHED THEN UPDATE SET*WHEN NOT MATCHED THEN INSERT*'
        $plan | Out-String | Should -BeLike "*Upsert into ""orders"" in Snowflake SALES.$schema in peaks3feed-test*"
        Invoke-S3Feed orders -WhatIf
        Read-Snowflake "SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = '$schema'" | Should -BeNullOrEmpty
        Get-S3FeedRun | Should -BeNullOrEmpty
    }
    It 'loads, and loads nothing twice' {
        $run = Invoke-S3Feed orders
        $run.Status, $run.RowsLoaded, $run.Commits | Should -Be Succeeded, 3, 1
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
        Read-Snowflake 'SELECT "ID", "CUSTOMER", "AMOUNT" FROM "ORDERS" ORDER BY "ID"' | Should -Be '1|Ann|1.50', '2|Bo|2.50'
        Add-Order orders/c.csv "id,customer,amount,note`n1,Ann Lee,3.00,new`n3,Cy,1.00,`n"
        $null = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*Column NOTE (text) was added*'
        Read-Snowflake 'SELECT "ID", "CUSTOMER", "AMOUNT", "NOTE" FROM "ORDERS" ORDER BY "ID"' | Should -Be '1|Ann Lee|3.00|new', '2|Bo|2.50|', '3|Cy|1.00|'
    }
    It 'names the rows that are not loaded' {
        Add-Order orders/d.csv "id,customer,amount`n4,Di,many`n5,Ed,5.00`n"
        $failure = Get-TestError { Invoke-S3Feed orders -WarningAction SilentlyContinue }
        "$failure" | Should -BeLike '*1 of 2 rows could not be loaded, and the feed allows 0; nothing was committed*'
        $show, $allow = Get-Suggestion $failure
        Invoke-Expression $show | ForEach-Object { $_.Line, $_.Column } | Should -Be 2, amount
        Invoke-Expression $allow
        $run = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        $run.Status, $run.RowsLoaded | Should -Be SucceededWithRejects, 1
        "$warned" -match 'Next: (?<next>Get-S3FeedRun .*Get-S3FeedReject)' | Should -BeTrue
        (Invoke-Expression $Matches.next).Line | Should -Be 2
    }
    It 'makes a reject with its line of a row that Snowflake refuses, and says once why a column stays small' {
        $null = Read-Snowflake 'CREATE TABLE "SMALL" ("ID" NUMBER(5,0), "NOTE" VARCHAR(5))'
        Add-Order small/a.csv "id,note`n1,short`n2,much too long`n3,fits`n"
        $null = New-S3Feed small shop -Path in/small/ -FileType Csv -DestinationName dwh -AdoptTable -AuditColumns None -FailedRowThreshold 1
        Set-SnowflakeRule 'SET DATA TYPE VARCHAR' @{ State = '0A000'; Code = '003601'; Message = 'Cannot change column NOTE because it is used by a policy.' }
        try { $run = Invoke-S3Feed small -WarningVariable warned -WarningAction SilentlyContinue } finally { Clear-SnowflakeRule }
        $run.Status, $run.RowsLoaded | Should -Be SucceededWithRejects, 2
        @("$warned" -split 'Column NOTE of small stays VARCHAR\(5\)') | Should -HaveCount 2
        $reject = $run | Get-S3FeedReject
        $reject.Line | Should -Be 3
        $reject.Reason | Should -BeLike 'Snowflake: column NOTE: *much too long*'
        Read-Snowflake 'SELECT "ID", "NOTE" FROM "SMALL" ORDER BY "ID"' | Should -Be '1|short', '3|fits'
    }
    It 'refuses a column with a quoted name in lower case, with commands that help' {
        $null = Read-Snowflake 'CREATE TABLE "QUOTED" ("id" NUMBER(38,0))'
        Add-Order quoted/a.csv "id`n1`n"
        $null = New-S3Feed quoted shop -Path in/quoted/ -FileType Csv -DestinationName dwh -AuditColumns None
        (Get-S3FeedPlan quoted | Out-String -Width 300) | Should -BeLike '*Column "id" of "quoted" was created with a quoted name*'
        $failure = Get-TestError { Invoke-S3Feed quoted }
        (Get-S3FeedRun quoted).ErrorId | Should -Be ColumnCaseDiffers
        "$($failure.ErrorDetails)" -match '(?<rename>ALTER TABLE .*?);' | Should -BeTrue
        $rename = $Matches.rename
        Invoke-Expression (Get-Suggestion $failure)
        (Invoke-S3Feed quoted).Status | Should -Be Succeeded
        Set-S3Feed quoted -Table quoted
        $null = Read-Snowflake $rename
        (Invoke-S3Feed quoted).Status | Should -Be Succeeded
        Read-Snowflake 'SELECT id FROM quoted' | Should -Be 1
    }
    It 'names what the role may not do, with the command that shows the grants' {
        Add-Order orders/e.csv "id,customer,amount`n6,Fay,6.00`n"
        Set-SnowflakeRule 'CREATE TRANSIENT TABLE' @{ State = '42501'; Code = '003001'; Message = "SQL access control error: Insufficient privileges to operate on schema '$schema'" }
        try { $failure = Get-TestError { Invoke-S3Feed orders } } finally { Clear-SnowflakeRule }
        (Get-S3FeedRun orders -Last 1).ErrorId | Should -Be DestinationRefused
        "$($failure.ErrorDetails)" | Should -BeLike "*Insufficient privileges to operate on schema*Grant role LOADER what the message names*USAGE and CREATE TABLE on schema ""SALES"".""$schema""*"
        Get-Suggestion $failure | Should -Be 'Get-S3FeedSetup -Name dwh'
        (Invoke-S3Feed orders).RowsLoaded | Should -Be 1
    }
    It 'is reset, adopts its table, and is removed with it' {
        Reset-S3Feed orders -WhatIf
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
        Reset-S3Feed orders -Confirm:$false
        $adopt, $drop = Get-Suggestion (Get-TestError { Invoke-S3Feed orders })
        $adopt, $drop | Should -Be 'Set-S3Feed -Name orders -AdoptTable', 'Reset-S3Feed -Name orders -DropTable'
        Invoke-Expression $adopt
        (Get-S3FeedPlan orders -WarningAction SilentlyContinue).ObjectsToLoad | Should -Be 0
        (Invoke-S3Feed orders -WarningAction SilentlyContinue).RowsLoaded | Should -Be 0
        Read-Snowflake 'SELECT COUNT(*) FROM "ORDERS"' | Should -Be 5
        Invoke-Expression "$drop -Confirm:`$false"
        (Invoke-S3Feed orders -WarningAction SilentlyContinue).RowsLoaded | Should -BeGreaterThan 5
        Read-Snowflake 'SELECT COUNT(*) FROM "ORDERS"' | Should -Be 5
        Read-Snowflake "SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = '$schema' AND LEFT(table_name, CAST(16 AS INTEGER)) = 'PEAKS3FEED_STAGE'" |
            Should -BeNullOrEmpty
        'orders', 'small', 'quoted' | ForEach-Object { Remove-S3Feed $_ -DropTable -Confirm:$false }
        Read-Snowflake "SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = '$schema' AND LEFT(table_name, CAST(10 AS INTEGER)) <> 'PEAKS3FEED'" |
            Should -Be QUOTED_2
    }
    It 'runs by the program: <_>' -Skip:$IsWindows -ForEach 'test', 'run' {
        if (-not (Get-S3Feed | Where-Object Name -EQ byprogram)) { $null = New-S3Feed byprogram shop -Path in/orders/ -FileType Csv -DestinationName dwh -FailedRowThreshold 1 }
        if ($_ -eq 'test') {
            $said = & $program test dwh
            $LASTEXITCODE | Should -Be 0
            $said -match 'passed' | Should -HaveCount 10
        }
        else {
            (& $program run byprogram --plan) -join "`n" | Should -BeLike '*INSERT INTO "BYPROGRAM"*'
            & $program run byprogram | Out-Null
            $LASTEXITCODE | Should -Be 0
            Read-Snowflake 'SELECT COUNT(*) FROM "BYPROGRAM"' | Should -Be 7
        }
    }
}

Describe 'The test of a Snowflake destination that a load cannot use' -Skip:(-not ($env:PEAKS3FEED_TEST_SNOWFLAKE -and $env:PEAKS3FEED_TEST_S3)) {
    BeforeAll { New-SnowflakeStore }
    BeforeEach { $saved = Get-S3FeedDestination dwh }
    AfterEach {
        $saved | Set-S3FeedDestination -Schema $saved.Schema -Database $saved.Database -Role $saved.Role -Warehouse $saved.Warehouse -Stage $saved.Stage `
            -StagingPrefix $saved.StagingPrefix -PrivateKey $saved.PrivateKey -PrivateKeyPassphrase $null
    }
    AfterAll { Remove-SnowflakeStore }

    It 'names what does not exist, and the command that shows how to create it: <setting>' -ForEach @(
        @{ setting = 'Schema'; what = 'schema NOWHERE' }, @{ setting = 'Database'; what = 'database NOWHERE' }
        @{ setting = 'Role'; what = 'role NOWHERE' }, @{ setting = 'Warehouse'; what = 'warehouse NOWHERE' }
    ) {
        $change = @{ $setting = 'nowhere' }
        Set-S3FeedDestination dwh @change
        $check = Get-FailedCheck Connect
        $check.Hint | Should -BeLike "Check that these exist, and that the user may use them: *$what*"
        $check.Remedies.Cmdlet | Should -Be 'Get-S3FeedSetup -Name dwh'
        $check | Format-List | Out-String -Width 200 | Should -Match 'Next +: Get-S3FeedSetup -Name dwh'
        (Invoke-Expression $check.Remedies[0].Cmdlet).Number | Should -Be (1..8)
    }
    It 'says how to resume a virtual warehouse that does not resume by itself' {
        Add-Snowflake warehouses @{ Name = "STUCK$schema"; State = 'SUSPENDED'; Size = 'Large'; AutoSuspend = 0; AutoResume = $false }
        Set-S3FeedDestination dwh -Warehouse "stuck$schema"
        $check = Get-FailedCheck Warehouse
        $check.Message | Should -BeLike '* (Large), suspended; does not resume by itself, and never suspends by itself; 8 credits an hour*'
        $check.Hint | Should -BeLike "*ALTER WAREHOUSE ""STUCK$schema"" RESUME;*SET AUTO_RESUME = TRUE;"
    }
    It 'finds a stage that is missing, once' {
        Set-S3FeedDestination dwh -Stage nowhere
        $failed = @(Test-S3FeedDestination dwh | Where-Object Outcome -EQ Failed)
        $failed.Step | Should -Be Stage
        $failed.Message | Should -BeLike '*does not exist*'
        $failed.Remedies.Cmdlet | Should -Be 'Get-S3FeedSetup -Name dwh', 'Get-S3FeedPolicy -Name dwh -For Copy'
        (Invoke-Expression $failed.Remedies[1].Cmdlet 3> $null).For | Should -Be Copy
    }
    It 'shows the statement that changes the URL of a stage for another place' {
        Add-Snowflake stages @{ Name = "SALES.$schema.OTHER"; Url = 's3://acme-other/x/'; Integration = 'PESTER' }
        Set-S3FeedDestination dwh -Stage other
        $check = Get-FailedCheck Stage
        $place = "s3compat://$((Get-S3Connection staging).BucketName)/$schema/" # the bucket is not on Amazon S3
        $check.Message | Should -Be "Stage other has the URL s3://acme-other/x/, but the files are staged at $place."
        $check.Hint | Should -BeLike "*ALTER STAGE ""OTHER"" SET URL = '$place';*"
    }
    It 'shows the policy of a COPY role that may not read' {
        Add-Snowflake stages @{ Name = "SALES.$schema.DENIED"; Url = "s3://$((Get-S3Connection staging).BucketName)/$schema/"; Integration = 'PESTER_DENIED' }
        Set-S3FeedDestination dwh -Stage denied
        (Get-FailedCheck Copy).Remedies.Cmdlet | Should -Contain 'Get-S3FeedPolicy -Name dwh -For Copy'
    }
    It 'shows the policy of staging' {
        Set-S3FeedDestination dwh -StagingPrefix elsewhere/
        (Get-FailedCheck StagingWrite).Remedies.Cmdlet | Should -Contain 'Get-S3FeedPolicy -Name dwh -For Staging'
    }
    It 'gives the user the key that Snowflake does not know' {
        $rsa = [Security.Cryptography.RSA]::Create(2048)
        $env:PESTER_OTHER = $rsa.ExportPkcs8PrivateKeyPem()
        Set-S3FeedDestination dwh -PrivateKey env:PESTER_OTHER
        (Get-FailedCheck Connect).Hint | Should -BeLike "*ALTER USER ""$schema"" SET RSA_PUBLIC_KEY='$([Convert]::ToBase64String($rsa.ExportSubjectPublicKeyInfo()))';*"
    }
    It 'takes an encrypted key with its passphrase only' {
        $env:PESTER_OTHER = New-SnowflakeKey $schema 'open sesame'
        Set-S3FeedDestination dwh -PrivateKey env:PESTER_OTHER
        (Get-FailedCheck Connect).Hint | Should -BeLike '*PrivateKeyPassphrase*'
        $env:PESTER_PASSPHRASE = 'wrong'
        Set-S3FeedDestination dwh -PrivateKeyPassphrase env:PESTER_PASSPHRASE
        (Get-FailedCheck Connect).Message | Should -BeLike '*the passphrase does not decrypt it*'
        $env:PESTER_PASSPHRASE = 'open sesame'
        (Test-S3FeedDestination dwh).Outcome | Should -Not -Contain Failed
    }
}

Describe 'docs/snowflake.md' -Skip:(-not ($env:PEAKS3FEED_TEST_SNOWFLAKE -and $env:PEAKS3FEED_TEST_S3)) {
    It 'shows what comes out' {
        $page = Join-Path $PSScriptRoot ../../docs/snowflake.md
        $steps = Invoke-Transcript $page -Setup ([scriptblock]::Create(". $PSScriptRoot/SnowflakeSetup.ps1"))
        $steps.Count | Should -BeGreaterThan 15
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
