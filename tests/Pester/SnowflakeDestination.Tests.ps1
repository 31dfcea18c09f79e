BeforeAll {
    . $PSScriptRoot/Setup.ps1

    # What a definition needs besides its login.
    function New-StagingStore {
        $store = New-TestStore -Made
        $null = New-S3Connection staging acme-staging -Region eu-west-1 -RootPath load/ -ExternalId ext-1 -TrustedPrincipal arn:aws:iam::111122223333:user/p
        $store
    }
    function Complete([string] $Line) {
        ([System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)).CompletionMatches.CompletionText
    }
    $common = @{ Snowflake = $true; Account = 'acme-sales'; Database = 'sales'; StagingConnection = 'staging' }
    $token = $common + @{ AccessToken = 'env:SFTOKEN' }
    $program = Join-Path $PSScriptRoot "../../src/PeakS3Feed.Worker/bin/Release/net10.0/peaks3feed$($IsWindows ? '.exe' : '')"
    $user, $externalId = 'arn:aws:iam::999900001111:user/abc1-b-self1234', 'ACME_SFCRole=2_a1b2+c3/d4='
}

Describe 'A Snowflake destination' {
    BeforeEach { $store = New-StagingStore }

    It 'logs in with a key pair, with every setting' {
        $settings = @{
            EndpointUrl = 'https://acme-sales.privatelink.snowflakecomputing.com'; Username = 'loader'; PrivateKey = 'env:SFKEY'; PrivateKeyPassphrase = 'env:SFPASS'
            Role = 'load'; Warehouse = '"Load wh"'; Schema = 'raw'; Stage = 'ops."Stage"'; StagingPrefix = 'tmp/'; PartSizeMiB = 200; SourceStage = 'ops.objects'; LoadPath = 'Direct'
            IntegrationRole = 'arn:aws:iam::123456789012:role/copy'
        }
        $made = New-S3FeedDestination dwh @common @settings
        $made | Should -BeOfType ([PeakS3Feed.Destinations.Snowflake.SnowflakeDestination])
        $made.Account, $made.Database, $made.StagingConnection | Should -Be acme-sales, sales, staging
        foreach ($setting in $settings.GetEnumerator()) { $made.($setting.Key) | Should -Be $setting.Value -Because $setting.Key }
        (Get-S3FeedDestination dwh | ConvertTo-Json) | Should -Be ($made | ConvertTo-Json)
    }
    It 'logs in with a token, and has defaults: <login>' -ForEach @{ login = 'OAuthToken' }, @{ login = 'AccessToken' } {
        $given = @{ $login = 'env:SFTOKEN' }
        $made = New-S3FeedDestination dwh @common @given
        $made.$login | Should -Be env:SFTOKEN
        $made.Schema, $made.Stage, $made.StagingPrefix, $made.PartSizeMiB, $made.LoadPath | Should -Be PUBLIC, PEAKS3FEED_STAGE, peaks3feed-staging/, 128, Auto
        "$($made.EndpointUrl)$($made.Username)$($made.PrivateKey)$($made.Role)$($made.Warehouse)$($made.IntegrationRole)" | Should -BeNullOrEmpty
    }
    It 'takes an account of a government region by its locator' {
        $null = New-S3FeedDestination dwh @token
        foreach ($account in 'xy12345.fhplus.us-gov-west-1.aws', 'https://xy12345.dod.us-gov-west-1.aws.snowflakecomputing.com') {
            (Set-S3FeedDestination dwh -Account $account -PassThru).Account | Should -Be $account
        }
    }
    It 'is refused with a reason: <wrong>' -ForEach @(
        @{ wrong = 'no login'; given = @{}; says = '*login is missing*PrivateKey*OAuthToken*AccessToken*' }
        @{ wrong = 'two logins'; given = @{ OAuthToken = 'env:A'; AccessToken = 'env:B' }; says = '*2 logins: OAuthToken and AccessToken*' }
        @{ wrong = 'a key without a user'; given = @{ PrivateKey = 'env:K' }; says = '*user name is missing*' }
        @{ wrong = 'a key itself'; given = @{ Username = 'u'; PrivateKey = '-----BEGIN hunter2' }; says = '*only a reference*' }
        @{ wrong = 'a token itself'; given = @{ AccessToken = 'hunter2' }; says = '*only a reference*' }
        @{ wrong = 'another host'; given = @{ AccessToken = 'env:T'; Account = 'https://proxy.example.com' }; says = '*not a host of Snowflake*' }
        @{ wrong = 'database and schema in one'; given = @{ AccessToken = 'env:T'; Database = 'sales.raw' }; says = '*not one name*' }
        @{ wrong = 'no ARN'; given = @{ AccessToken = 'env:T'; IntegrationRole = 'copy' }; says = '*not the ARN*' }
        @{ wrong = 'no connection'; given = @{ AccessToken = 'env:T'; StagingConnection = 'nowhere' }; says = '*does not exist. It has staging.*'; id = 'ConnectionNotFound' }
    ) {
        $all = $common.Clone()
        foreach ($setting in $given.GetEnumerator()) { $all[$setting.Key] = $setting.Value }
        $problem = Get-TestError { New-S3FeedDestination dwh @all }
        $problem.FullyQualifiedErrorId | Should -BeLike "$($id ?? 'DestinationInvalid'),*NewS3FeedDestinationCommand"
        "$problem $($problem.ErrorDetails)" | Should -BeLike $says
        "$problem $($problem.ErrorDetails)" | Should -Not -Match hunter2
        (Get-S3FeedDestination).Name | Should -Be local
    }
    It 'is changed in what is given' {
        $null = New-S3FeedDestination dwh @token
        $null = New-S3Connection other acme-other -Region eu-west-1
        Set-S3FeedDestination dwh -Role load -Warehouse wh | Should -BeNullOrEmpty
        $changed = Get-S3FeedDestination dwh | Set-S3FeedDestination -StagingConnection other -StagingPrefix '' -PartSizeMiB 64 -PassThru
        $changed.Role, $changed.Warehouse, $changed.StagingConnection, $changed.StagingPrefix, $changed.PartSizeMiB | Should -Be load, wh, other, '', 64
        $changed = Set-S3FeedDestination dwh -Schema raw -Database other -Role $null -PassThru
        $changed.Schema, $changed.Database, $changed.Role | Should -Be raw, other, $null
        (Set-S3FeedDestination dwh -EndpointUrl https://proxy.example.com -PassThru).EndpointUrl | Should -Be https://proxy.example.com
        (Set-S3FeedDestination dwh -Account acme-hr -PassThru).Account | Should -Be acme-hr
    }
    It 'changes its login' {
        $null = New-S3FeedDestination dwh @token
        $changed = Set-S3FeedDestination dwh -AccessToken $null -Username loader -PrivateKey file:/run/secrets/key -PassThru
        $changed.AccessToken, $changed.Username, $changed.PrivateKey | Should -Be $null, loader, file:/run/secrets/key
        (Get-TestError { Set-S3FeedDestination dwh -Username $null }).FullyQualifiedErrorId | Should -BeLike 'DestinationInvalid,*'
    }
    It 'shares settings with other kinds, and takes no others' {
        $null = New-S3FeedDestination dwh @token
        $null = New-S3FeedDestination rs -Redshift -WorkgroupName analytics -Region eu-west-1 -Database dev -StagingConnection staging
        $null = New-S3FeedDestination pg -PostgreSql -HostName h -Database d
        (Set-S3FeedDestination dwh, rs -StagingPrefix tmp/ -PartSizeMiB 32 -PassThru).PartSizeMiB | Should -Be 32, 32
        (Set-S3FeedDestination dwh, rs -LoadPath Staged -PassThru).LoadPath | Should -Be Staged, Staged
        (Set-S3FeedDestination dwh, rs, pg -Database other -PassThru).Database | Should -Be other, other, other
        foreach ($given in @{ Port = 1 }, @{ HostName = 'h' }, @{ Password = 'env:P' }, @{ SslMode = 'Require' }, @{ RootCertificate = 'x' }, @{ SliceCount = 2 }, @{ Path = 'x' }) {
            (Get-TestError { Set-S3FeedDestination dwh @given }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*' -Because "$($given.Keys)"
        }
        foreach ($given in @{ StagingPrefix = 'x/' }, @{ PartSizeMiB = 2 }, @{ EndpointUrl = 'https://x' }, @{ StagingConnection = 'staging' }, @{ Warehouse = 'x' }) {
            (Get-TestError { Set-S3FeedDestination pg @given }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*' -Because "$($given.Keys)"
        }
        (Get-TestError { Set-S3FeedDestination rs -Account x }).FullyQualifiedErrorId | Should -BeLike 'SettingInvalid,*'
    }
    It 'keeps its connection from removal' {
        $null = New-S3FeedDestination dwh @token
        (Get-TestError { Remove-S3Connection staging }).FullyQualifiedErrorId | Should -BeLike 'ConnectionInUse,*'
        Remove-S3FeedDestination dwh
        Remove-S3Connection staging
    }
    It 'is left alone by -WhatIf: <_>' -ForEach 'New', 'Set', 'Remove' {
        $null = New-S3FeedDestination dwh @token
        $before = Get-FileHash (Join-Path $store definitions.json)
        switch ($_) {
            New { New-S3FeedDestination other @token -WhatIf }
            Set { Set-S3FeedDestination dwh -Role r -WhatIf }
            Remove { Remove-S3FeedDestination dwh -WhatIf }
        }
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $before.Hash
    }
    It 'comes back from an export of a feed, with its connection' {
        $null = New-S3FeedDestination dwh @token -Stage 'ops."Stage"'
        $null = New-S3Connection shop acme-shop -Region eu-west-1
        $null = New-S3Feed orders shop -FileType Csv -DestinationName dwh
        $document = Export-S3FeedDefinition orders
        $before = Get-S3FeedDestination dwh | ConvertTo-Json
        $null = New-TestStore -Made
        $file = Join-Path $TestDrive snowflake.json
        Set-Content $file $document
        $null = Import-S3FeedDefinition $file
        Get-S3FeedDestination dwh | ConvertTo-Json | Should -Be $before
        (Get-S3Connection).Name | Should -Be staging, shop
        (Import-S3FeedDefinition $file).Outcome | Should -Not -Contain Changed
    }
    It 'is changed by the program' {
        $null = New-S3FeedDestination dwh @token
        & $program set dwh 'warehouse="Load wh"' partSizeMiB=200 role=load | Out-Null
        $LASTEXITCODE | Should -Be 0
        $changed = Get-S3FeedDestination dwh
        $changed.Warehouse, $changed.PartSizeMiB, $changed.Role | Should -Be '"Load wh"', 200, load
        $said = & $program set dwh role=a.b 2>&1
        $LASTEXITCODE | Should -Not -Be 0
        "$said" | Should -BeLike '*not one name*'
    }
    It 'is shown in <_> columns' -ForEach 80, 120 {
        $null = New-S3FeedDestination dwh @token -Role load
        $lines = (Get-S3FeedDestination | Out-String -Width $_) -split '\r?\n'
        $lines -match '^dwh +Snowflake +acme-sales/sales, schema PUBLIC' | Should -HaveCount 1
        $list = Get-S3FeedDestination dwh | Format-List | Out-String
        foreach ($shown in 'Account +: acme-sales', 'AccessToken +: env:SFTOKEN', 'Role +: load', 'Stage +: PEAKS3FEED_STAGE', 'PartSizeMiB +: 128') { $list | Should -Match $shown }
        $list | Should -Not -Match 'Username|PrivateKey|Warehouse|EndpointUrl|IntegrationRole|SslMode'
    }
    It 'loads together with no other database' {
        $null = New-S3FeedDestination dwh @token
        $problem = Get-TestError { New-S3Feed orders staging -FileType Csv -DestinationName dwh, local }
        $problem.FullyQualifiedErrorId | Should -BeLike 'DestinationsDoNotCombine,*'
    }
    It 'completes <line>' -ForEach @(
        @{ line = 'New-S3FeedDestination x -Snow'; to = '-Snowflake' }
        @{ line = 'New-S3FeedDestination x -Snowflake -StagingConnection '; to = 'staging' }
        @{ line = 'Set-S3FeedDestination '; to = 'dwh', 'local' }
        @{ line = 'Get-S3FeedPolicy -For Copy -Name '; to = 'dwh' }
        @{ line = 'Get-S3FeedPolicy -For DataApi -Name '; to = $null }
        @{ line = 'Get-S3FeedSetup '; to = 'dwh' }
        @{ line = 'Get-S3FeedSetup dwh -As '; to = 'Sql' }
    ) {
        $null = New-S3FeedDestination dwh @token
        Complete $line | Where-Object { $_ -notlike '*.*' } | Should -Be $to
    }
}

Describe 'The policies of a Snowflake destination' {
    BeforeEach {
        $null = New-StagingStore
        $null = New-S3FeedDestination dwh @token
    }

    It 'gives the documents for <purpose>' -ForEach @(
        @{ purpose = 'Staging'; actions = 's3:ListBucket', 's3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject', 's3:DeleteObject' }
        @{ purpose = 'Copy'; actions = 's3:ListBucket', 's3:GetObject', 's3:GetObjectVersion', 's3:GetBucketLocation' }
    ) {
        $policy = Get-S3FeedPolicy dwh -For $purpose -WarningAction SilentlyContinue
        ($policy.PermissionPolicy | ConvertFrom-Json).Statement.Action | Should -Be $actions
        $policy.DestinationName, $policy.ConnectionName | Should -Be dwh, staging
    }
    It 'trusts nobody, then the user of the integration' {
        $policy = Get-S3FeedPolicy dwh -For Copy -WarningVariable warned -WarningAction SilentlyContinue
        ($policy.TrustPolicy | ConvertFrom-Json).Statement.Effect | Should -Be Deny
        "$warned" | Should -BeLike '*STORAGE_AWS_IAM_USER_ARN*STORAGE_AWS_EXTERNAL_ID*'
        Set-S3FeedDestination dwh -IntegrationRole arn:aws:iam::444455556666:role/copy
        $trust = ((Get-S3FeedPolicy dwh -For Copy -TrustedPrincipal $user -ExternalId $externalId -WarningVariable warned).TrustPolicy | ConvertFrom-Json).Statement
        $trust.Effect, $trust.Principal.AWS, $trust.Condition.StringEquals.'sts:ExternalId' | Should -Be Allow, $user, $externalId
        $warned | Should -BeNullOrEmpty
        (Get-TestError { Get-S3FeedPolicy dwh -For Copy -ExternalId $externalId }).FullyQualifiedErrorId | Should -BeLike 'PrincipalUnusable,*'
        (Get-TestError { Get-S3FeedPolicy dwh -For DataApi }).FullyQualifiedErrorId | Should -BeLike 'PolicyNotNeeded,*'
    }
    It 'are the same from the program' {
        $document = & $program policy dwh --for Copy --trusted-principal $user --external-id $externalId 2>$null | Out-String | ConvertFrom-Json
        $LASTEXITCODE | Should -Be 0
        $document.trustPolicy.Statement.Condition.StringEquals.'sts:ExternalId' | Should -Be $externalId
    }
}

Describe 'Get-S3FeedSetup' {
    BeforeEach {
        $store = New-StagingStore
        $null = New-S3FeedDestination dwh @common -Username loader -PrivateKey env:SFKEY
    }

    It 'gives the steps in order' {
        $steps = Get-S3FeedSetup dwh
        $steps | Should -BeOfType ([PeakS3Feed.Destinations.S3FeedSetupStep])
        $steps.Number | Should -Be (1..12)
        $steps.RunsIn | ForEach-Object { "$_" } |
            Should -Be PeakS3Feed, AwsCli, Database, Database, AwsCli, Database, Database, Database, Database, Shell, Database, PeakS3Feed
        $steps.Text | Where-Object { $_ -match 'CREATE OR REPLACE' } | Should -BeNullOrEmpty
    }
    It 'is one text as SQL, with comments for all that runs elsewhere' {
        $text = Get-S3FeedDestination dwh | Get-S3FeedSetup -As Sql
        $text | Should -BeOfType string
        # The step of the schema has comments of its own: the grants that readers need.
        $statements = $text -split '\n' -notmatch '^(--|$)' -join "`n"
        $statements | Should -Be ((Get-S3FeedSetup dwh | Where-Object RunsIn -EQ Database).Text -split '\n' -notmatch '^--' -join "`n")
        $text -split '\n' | Should -Contain '-- GRANT SELECT ON FUTURE TABLES IN SCHEMA "SALES"."PUBLIC" TO ROLE <READER>;'
        $text | Should -Match '(?m)^-- aws iam create-role'
    }
    It 'gives the program the same text, with its own commands' {
        $text = & $program setup dwh
        $LASTEXITCODE | Should -Be 0
        $text -notmatch '^--   ' | Should -Be ((Get-S3FeedSetup dwh -As Sql) -split '\n' -notmatch '^--   ')
        $text -match '^--   ' | Should -BeLike '--   peaks3feed *'
    }
    It 'grants what loads need, and the role of the tables to SYSADMIN' {
        $lines = (Get-S3FeedSetup dwh -As Sql) -split '\n'
        foreach ($line in 'GRANT ROLE "PEAKS3FEED_DWH" TO ROLE SYSADMIN;', 'GRANT USAGE ON INTEGRATION "PEAKS3FEED_DWH" TO ROLE "PEAKS3FEED_DWH";', '  AUTOCOMMIT = TRUE') {
            $lines | Should -Contain $line
        }
    }
    It 'puts the values of the integration in their places' {
        $steps = Get-S3FeedSetup dwh -IamUserArn $user -ExternalId $externalId
        $steps[4].Text | Should -Match ([regex]::Escape($user))
        $steps[4].Text | Should -Match 'sts:ExternalId'
        $steps[4].Replace | Should -BeNullOrEmpty
        & $program setup dwh --iam-user-arn $user --external-id $externalId | Should -Contain "-- $($steps[4].Text)"
        (Get-TestError { Get-S3FeedSetup dwh -IamUserArn $user }).FullyQualifiedErrorId | Should -BeLike 'PrincipalUnusable,*'
        (Get-TestError { Get-S3FeedSetup dwh -IamUserArn x -ExternalId y1 }).FullyQualifiedErrorId | Should -BeLike 'ConnectionInvalid,*'
    }
    It 'suggests commands that work as they are printed' {
        $steps = Get-S3FeedSetup dwh
        $commands = $steps.Remedies.Cmdlet
        $commands | Should -HaveCount 4
        (Invoke-Expression $commands[0]).For | Should -Be Staging
        Invoke-Expression $commands[1].Replace('<ARN>', 'arn:aws:iam::444455556666:role/copy')
        (Get-S3FeedDestination dwh).IntegrationRole | Should -Be arn:aws:iam::444455556666:role/copy
        $again = Invoke-Expression $commands[2].Replace('<STORAGE_AWS_IAM_USER_ARN>', $user).Replace('<STORAGE_AWS_EXTERNAL_ID>', $externalId)
        $again[2].Text | Should -Match "STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::444455556666:role/copy'"
        $again[4].Text | Should -Match '--role-name ''copy'''
        $commands[3] | Should -Be 'Test-S3FeedDestination -Name dwh'
    }
    It 'suggests commands of the program that work as they are printed' -Skip:$IsWindows {
        $folder = Split-Path $program
        $lines = (& $program setup dwh) -match '^--   ' -replace '^--   '
        & sh -c "PATH='$folder':`$PATH; $($lines[0]) >/dev/null 2>&1"
        $LASTEXITCODE | Should -Be 0
        & sh -c "PATH='$folder':`$PATH; $($lines[1].Replace('<ARN>', 'arn:aws:iam::444455556666:role/copy'))" | Out-Null
        $LASTEXITCODE | Should -Be 0
        $again = & sh -c "PATH='$folder':`$PATH; $($lines[2].Replace('<STORAGE_AWS_IAM_USER_ARN>', $user).Replace('<STORAGE_AWS_EXTERNAL_ID>', $externalId))"
        $again | Should -Contain "  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::444455556666:role/copy'"
    }
    It 'takes the store along in what it suggests' {
        $copy = Join-Path $TestDrive other
        Copy-Item -Recurse $store $copy
        Get-S3FeedSetup dwh -StorePath $copy | ForEach-Object Remedies | ForEach-Object Cmdlet | Should -BeLike '* -StorePath *other*'
        Get-S3FeedSetup dwh -StorePath $copy -As Sql | Should -BeLike '*Test-S3FeedDestination -Name dwh -StorePath *other*'
    }
    It 'creates a key pair whose public key a shell prints in one line: <how>' -Skip:(-not (Get-Command openssl -ErrorAction Ignore)) -ForEach @{ how = 'sh' }, @{ how = 'pwsh' } {
        $step = Get-S3FeedSetup dwh | Where-Object RunsIn -EQ Shell
        Push-Location $TestDrive
        try {
            $shown = $how -eq 'sh' ? (& sh -ec $step.Text 2>$null) : (& pwsh -NoProfile -Command $step.Text 2>$null)
            $key = [Security.Cryptography.RSA]::Create()
            $null = $key.ImportSubjectPublicKeyInfo([Convert]::FromBase64String("$shown".Trim()), [ref] 0)
            $key.KeySize | Should -Be 3072
            $private = [Security.Cryptography.RSA]::Create()
            $private.ImportFromPem((Get-Content -Raw peaks3feed-dwh.p8))
            $private.ExportSubjectPublicKeyInfo() | Should -Be $key.ExportSubjectPublicKeyInfo()
        }
        finally { Pop-Location }
    }
    It 'is shown in full, and as a table in <_> columns' -ForEach 80, 120 {
        $list = Get-S3FeedSetup dwh | Out-String -Width 300
        $list | Should -Match 'Step +: 3\. Create the storage integration'
        $list | Should -Match 'Replace +: Replace <ACCOUNT>'
        $list | Should -Match 'Next +: Test-S3FeedDestination -Name dwh'
        $table = Get-S3FeedSetup dwh | Format-Table | Out-String -Width $_
        $table | Should -Match '(?m)^ 4 Database +Show the two values'
    }
    It 'is refused for other kinds, with the commands that help' {
        $null = New-S3FeedDestination rs -Redshift -WorkgroupName analytics -Region eu-west-1 -Database dev -StagingConnection staging
        $problem = Get-TestError { Get-S3FeedSetup rs }
        $problem.FullyQualifiedErrorId | Should -BeLike 'SetupNotNeeded,*'
        "$problem" | Should -BeLike '*Get-S3FeedPolicy -Name rs -For Staging*Test-S3FeedDestination -Name rs*'
        (Invoke-Expression 'Get-S3FeedPolicy -Name rs -For Copy' 3> $null).For | Should -Be Copy
        (Get-TestError { Get-S3FeedSetup local }).FullyQualifiedErrorId | Should -BeLike 'SetupNotNeeded,*'
        (Get-TestError { Get-S3FeedSetup nobody }).FullyQualifiedErrorId | Should -BeLike 'DestinationNotFound,*'
        (& $program setup local 2>&1) -join ' ' | Should -BeLike '*SQLite, which needs no set-up*peaks3feed test local*'
    }
}
