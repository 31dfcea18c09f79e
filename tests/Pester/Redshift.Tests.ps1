BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Ceph.ps1
    . $PSScriptRoot/Redshift.ps1
    . $PSScriptRoot/Transcript.ps1
    $script:before = $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_SHARED_CREDENTIALS_FILE

    # A store with a source, a staging connection that uses a role, and the destination dwh, reached in one of two ways.
    function New-RedshiftStore([string] $Way) {
        $null = New-TestStore
        $script:schema = "pester_$([guid]::NewGuid().ToString('N').Substring(0, 12))"
        $null = Invoke-Redshift "CREATE SCHEMA $schema"
        $from = @{ Region = 'us-east-1'; EndpointUrl = $Ceph }
        $null = New-S3Connection shop (New-CephBucket) -RootPath in/ -ProfileName warehouse @from
        $null = New-S3Connection staging (New-StagingBucket) -TrustedPrincipal arn:aws:iam:::user/platform @from
        $common = @{ Redshift = $true; Database = $Redshift.Database; Schema = $schema; StagingConnection = 'staging'; StagingPrefix = "$schema/" }
        $common.IamRole = 'arn:aws:iam::123456789012:role/copy'
        $null = if ($Way -eq 'wire') {
            New-S3FeedDestination dwh @common -HostName $Redshift.Host -Port $Redshift.Port -Username $Redshift.Username -Password env:PESTER_REDSHIFT `
                -RootCertificate $env:PEAKS3FEED_TEST_POSTGRES_CA
        }
        else { New-S3FeedDestination dwh @common -WorkgroupName analytics -Region eu-west-1 -ProfileName warehouse -EndpointUrl $RedshiftApi }
        $script:role = $schema -replace '_', '-' # this server takes no underscore in the name of a role
        Set-S3Connection staging -RoleArn (New-CephRole $role (Get-S3FeedPolicy dwh -For Staging))
    }
    function Add-Order([string] $Key, [string[]] $Line) {
        Add-CephObject (Get-S3Connection shop).BucketName "in/$Key" ((@('id,customer,amount') + $Line -join "`n") + "`n")
    }
    function Get-FailedCheck([string] $Step) {
        $failed = @(Test-S3FeedDestination dwh -WarningAction SilentlyContinue | Where-Object Outcome -EQ Failed)
        $failed.Step | Should -Contain $Step
        $failed[0]
    }
    if ($Redshift) {
        New-RedshiftProfile warehouse
        $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $PlatformKey, $PlatformSecret
        $env:PESTER_REDSHIFT = $Redshift.Password
    }
}
AfterAll {
    if ($Redshift) { Remove-Item $env:AWS_SHARED_CREDENTIALS_FILE }
    $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_SHARED_CREDENTIALS_FILE = $before
    $env:PESTER_REDSHIFT = $null
}

Describe 'A warehouse, <way>' -ForEach @{ way = 'wire' }, @{ way = 'Data API' } -Skip:(-not ($env:PEAKS3FEED_TEST_REDSHIFT -and $env:PEAKS3FEED_TEST_S3)) {
    BeforeAll { New-RedshiftStore $way }
    AfterAll {
        $null = Invoke-Redshift "DROP SCHEMA $schema CASCADE"
        Remove-CephRole $role
    }

    It 'passes its test and leaves nothing behind' {
        $checks = Test-S3FeedDestination dwh
        $checks.Step | Should -Be Connect, CreateTable, StagingWrite, StagingRead, Copy, StagingDelete
        $checks.Outcome | Should -Not -Contain Failed
        $checks.Remedies | Should -BeNullOrEmpty
        $checks[0].Message | Should -BeLike "Redshift 1.0.0 * as peaks3feed, $($way -eq 'wire' ? 'SslMode VerifyFull' : 'HTTPS')"
        Invoke-Redshift "SELECT COUNT(*) FROM svv_tables WHERE table_schema = '$schema'" | Should -Be 0
    }
    It 'loads, and loads nothing twice' {
        Add-Order a.csv '1,Ann,1.50', '2,Bo,2.00'
        Add-Order b.csv '2,Bo,2.50'
        $null = New-S3Feed orders shop -Path in/ -FileType Csv -LoadType Upsert -PrimaryKey id -DestinationName dwh
        $plan = Get-S3FeedPlan orders
        $plan.ObjectsToLoad | Should -Be 2
        $text = $plan | Out-String -Width 100
        $text | Should -BeLike "*CREATE TABLE IF NOT EXISTS ""$schema"".""orders"" (*COPY ""$schema"".""<staged_rows>""*FROM*'s3://pester-stage-*/<load>/<manifest>'*UPDATE*INSERT*"
        $text | Should -BeLike "*IAM_ROLE 'arn:aws:iam::123456789012:role/copy'*"
        Invoke-Redshift "SELECT COUNT(*) FROM svv_tables WHERE table_schema = '$schema'" | Should -Be 0

        $run = Invoke-S3Feed orders
        $run.RowsLoaded, $run.Commits | Should -Be 3, 1
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
        Invoke-Redshift "SELECT id, customer, amount FROM $schema.orders ORDER BY id" | Should -Be '1|Ann|1.50', '2|Bo|2.50'
    }
    It 'names the rows that are not loaded' {
        Add-Order c.csv '3,Cy,3.00', '4,Di,many', '5,Ed,5.00'
        Set-S3Feed orders -FailedRowThreshold 1
        $run = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        $run.Status | Should -Be SucceededWithRejects
        "$warned" | Should -BeLike '*Get-S3FeedReject*'
        $reject = Get-S3FeedRun -Last 1 | Get-S3FeedReject
        $reject.Object, $reject.Line, $reject.Column | Should -Be "s3://$((Get-S3Connection shop).BucketName)/in/c.csv", 3, amount
        Invoke-Redshift "SELECT id FROM $schema.orders ORDER BY id" | Should -Be 1, 2, 3, 5
    }
    It 'grows a VARCHAR, adds a column, and says so' {
        $long = 'x' * 300
        Add-CephObject (Get-S3Connection shop).BucketName in/d.csv "id,customer,amount,note`n6,$long,6.00,new`n"
        $null = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*Column note (text) was added*'
        Invoke-Redshift "SELECT octet_length(customer), note FROM $schema.orders WHERE id = 6" | Should -Be '300|new'
        Invoke-Redshift "SELECT character_maximum_length FROM svv_columns WHERE table_schema = '$schema' AND table_name = 'orders' AND column_name IN ('customer', 'note') ORDER BY column_name" |
            Should -Be 1024, 256
    }
    It 'names the rows that the warehouse refuses' {
        # A column with a default cannot become larger.
        $null = Invoke-Redshift "CREATE TABLE $schema.small (id BIGINT, note VARCHAR(5) DEFAULT '')"
        Add-CephObject (Get-S3Connection shop).BucketName in/small/a.csv "id,note`n1,short`n2,too long`n3,fits`n"
        $null = New-S3Feed small shop -Path in/small/ -FileType Csv -DestinationName dwh -AdoptTable -AuditColumns None -FailedRowThreshold 1
        $run = Invoke-S3Feed small -WarningAction SilentlyContinue
        $run.Status, $run.RowsLoaded | Should -Be SucceededWithRejects, 2
        $reject = $run | Get-S3FeedReject
        $reject.Line | Should -Be 3
        $reject.Reason | Should -BeLike 'Redshift: column note *'
        Invoke-Redshift "SELECT id FROM $schema.small ORDER BY id" | Should -Be 1, 3
        Remove-S3Feed small -DropTable -Confirm:$false
        Invoke-CephRequest DELETE "$((Get-S3Connection shop).BucketName)/in/small/a.csv"
    }
    It 'is reset, adopts its table, and is removed with it' {
        Reset-S3Feed orders -Confirm:$false
        (Get-TestError { Invoke-S3Feed orders }).ErrorDetails.Message | Should -BeLike '*Set-S3Feed -Name orders -AdoptTable*'
        Set-S3Feed orders -AdoptTable
        (Get-S3FeedPlan orders -WarningAction SilentlyContinue).ObjectsToLoad | Should -Be 0
        (Invoke-S3Feed orders -WarningAction SilentlyContinue).RowsLoaded | Should -Be 0
        Invoke-Redshift "SELECT COUNT(*) FROM $schema.orders" | Should -Be 5
        Invoke-Redshift "SELECT COUNT(*) FROM svv_tables WHERE table_schema = '$schema' AND table_name LIKE 'peaks3feed_stage%'" | Should -Be 0
        Remove-S3Feed orders -DropTable -Confirm:$false
        Invoke-Redshift "SELECT COUNT(*) FROM svv_tables WHERE table_schema = '$schema' AND table_name = 'orders'" | Should -Be 0
        Remove-S3FeedDestination dwh
        Remove-S3Connection staging
    }
}

Describe 'The test of a warehouse that a load cannot use, <way>' -ForEach @{ way = 'wire' }, @{ way = 'Data API' } -Skip:(-not ($env:PEAKS3FEED_TEST_REDSHIFT -and $env:PEAKS3FEED_TEST_S3)) {
    BeforeAll { New-RedshiftStore $way }
    BeforeEach { $saved = Get-S3FeedDestination dwh }
    AfterEach { $saved | Set-S3FeedDestination -IamRole $saved.IamRole -Schema $saved.Schema -Database $saved.Database -StagingPrefix $saved.StagingPrefix }
    AfterAll {
        $null = Invoke-Redshift "DROP SCHEMA $schema CASCADE"
        Remove-CephRole $role
    }

    It 'shows the policy of the COPY role' {
        Set-S3FeedDestination dwh -IamRole arn:aws:iam::123456789012:role/copy-denied
        $check = Get-FailedCheck Copy
        $check.Message | Should -BeLike '*could not read the staged files with the role arn:aws:iam::123456789012:role/copy-denied*'
        $check.Remedies.Cmdlet | Should -Be 'Get-S3FeedPolicy -Name dwh -For Copy'
        $check | Format-Table | Out-String -Width 200 | Should -Match 'Next: Get-S3FeedPolicy -Name dwh\s+-For Copy'
        $check | Format-List | Out-String -Width 200 | Should -Match 'Next +: Get-S3FeedPolicy -Name dwh -For Copy'
    }
    It 'says what to grant in the schema' {
        Set-S3FeedDestination dwh -Schema nowhere
        $check = Get-FailedCheck CreateTable
        $check.Message | Should -Be 'schema "nowhere" does not exist'
        $check.Hint | Should -Be 'Create schema "nowhere" unless it exists, and grant the database user USAGE and CREATE on it.'
    }
    It 'names the database that does not exist' {
        Set-S3FeedDestination dwh -Database nowhere
        $check = Get-FailedCheck Connect
        "$($check.Message) $($check.Hint)" | Should -BeLike '*database*nowhere*'
    }
    It 'shows the policy of staging, and leaves no table behind' {
        Set-S3FeedDestination dwh -StagingPrefix elsewhere/
        $check = Get-FailedCheck StagingWrite
        $check.Message | Should -BeLike 'Destination dwh could not write *access is denied.'
        $check.Remedies.Cmdlet | Should -Contain 'Get-S3FeedPolicy -Name dwh -For Staging'
        Invoke-Redshift "SELECT COUNT(*) FROM svv_tables WHERE table_schema = '$schema'" | Should -Be 0
    }
    It 'takes the store along in what it suggests' {
        Set-S3FeedDestination dwh -IamRole arn:aws:iam::123456789012:role/copy-denied
        $failed = Test-S3FeedDestination dwh -StorePath $env:PEAKS3FEED_HOME | Where-Object Outcome -EQ Failed
        $failed.Remedies.Cmdlet | Should -BeLike "Get-S3FeedPolicy -Name dwh -For Copy -StorePath *$(Split-Path -Leaf $env:PEAKS3FEED_HOME)*"
    }
}

Describe 'docs/redshift.md' -Skip:(-not ($env:PEAKS3FEED_TEST_REDSHIFT -and $env:PEAKS3FEED_TEST_S3)) {
    It 'shows what comes out' {
        $page = Join-Path $PSScriptRoot ../../docs/redshift.md
        $steps = Invoke-Transcript $page -Setup ([scriptblock]::Create(". $PSScriptRoot/RedshiftSetup.ps1"))
        $steps.Count | Should -BeGreaterThan 15
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
