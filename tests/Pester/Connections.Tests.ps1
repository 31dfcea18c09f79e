BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Ceph.ps1
}

Describe 'A connection' {
    BeforeEach { $store = New-TestStore }

    It 'is made as a draft with an external id' {
        $made = New-S3Connection acme acme-data -Region eu-west-1 -RootPath incoming/
        $made | Should -BeOfType ([PeakS3Feed.Connections.S3Connection])
        $made.Status | Should -Be Draft
        $made.ExternalId | Should -Match '^[0-9a-f]{32}$'
        (Get-S3Connection acme) | Should -Be $made
    }
    It 'keeps every setting' {
        $settings = @{
            RoleArn = 'arn:aws:iam::111122223333:role/in'; ExternalId = 'ext-1'; TrustedPrincipal = 'arn:aws:iam::444455556666:user/p'
            EndpointUrl = 'https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com'; StsEndpointUrl = 'https://sts.example.com'; ProfileName = 'data'
            KmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'; SessionDuration = [timespan]'02:00:00'
            Region = 'eu-west-1'; RootPath = 'in/'
        }
        $made = New-S3Connection acme acme-data @settings -ForcePathStyle -RequesterPays
        foreach ($setting in $settings.GetEnumerator()) { $made.($setting.Key) | Should -Be $setting.Value }
        $made.ForcePathStyle | Should -BeTrue
        $made.RequesterPays | Should -BeTrue
    }
    It 'is refused with what is wrong: <wrong>' -ForEach @(
        @{ wrong = 'a root path without a slash'; arguments = @{ RootPath = 'incoming' }; says = '*End it with a slash: incoming/' }
        @{ wrong = 'a root path that would widen the policy'; arguments = @{ RootPath = 'in*/' }; says = '*in\*/*' }
        @{ wrong = 'a bucket name'; arguments = @{ BucketName = 'Acme_Data' }; says = '*Acme_Data*' }
        @{ wrong = 'no connection'; arguments = @{ MaxConnections = 0 }; says = '*Choose 1 to 512, or none for 128.' }
        @{ wrong = 'a session of four days'; arguments = @{ SessionDuration = [timespan]'4' }; says = '*15 minutes to 12 hours.' }
    ) {
        $all = @{ Name = 'acme'; BucketName = 'acme-data'; Region = 'eu-west-1' } + @{}
        $arguments.GetEnumerator() | ForEach-Object { $all[$_.Key] = $_.Value }
        $problem = Get-TestError { New-S3Connection @all }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionInvalid,*NewS3ConnectionCommand'
        $problem.CategoryInfo.Category | Should -Be InvalidArgument
        "$problem" | Should -BeLike ($says -replace '\\\*', '`*')
        Get-S3Connection | Should -BeNullOrEmpty
    }
    It 'has a name of its own, regardless of case' {
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $problem = Get-TestError { New-S3Connection ACME other -Region eu-west-1 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        $problem.CategoryInfo.Category | Should -Be ResourceExists
    }
    It 'is found by name, by pattern and from the pipeline' {
        'acme', 'acme_eu', 'other' | ForEach-Object { $null = New-S3Connection $_ some-bucket -Region eu-west-1 }
        (Get-S3Connection acme*).Name | Should -Be acme, acme_eu
        (Get-S3Connection).Name | Should -Be acme, acme_eu, other
        ('other', 'acme' | Get-S3Connection).Name | Should -Be other, acme
        Get-S3Connection nothing* | Should -BeNullOrEmpty
    }
    It 'that is missing is an error of that name alone' {
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $found = 'missing', 'acme' | Get-S3Connection -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be acme
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionNotFound,*'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be missing
        "$($problems[0])" | Should -BeLike '*acme*'
    }
    It 'is changed in what is given' {
        $null = New-S3Connection acme acme-data -Region eu-west-1 -ProfileName data
        Set-S3Connection acme -RoleArn arn:aws:iam::111122223333:role/in | Should -BeNullOrEmpty
        $changed = Get-S3Connection acme | Set-S3Connection -ProfileName $null -RequesterPays -PassThru
        $changed.RoleArn | Should -Be arn:aws:iam::111122223333:role/in
        $changed.ProfileName | Should -BeNullOrEmpty
        $changed.RequesterPays | Should -BeTrue
        $changed.Region | Should -Be eu-west-1
    }
    It 'warns when the policy no longer fits' {
        $null = New-S3Connection acme acme-data -Region eu-west-1
        Set-S3Connection acme -RootPath incoming/ -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*Get-S3FeedPolicy -Name acme*'
        Set-S3Connection acme -ProfileName data -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }
    It 'is removed, unless a feed uses it' {
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $null = New-S3Connection other acme-data -Region eu-west-1
        $null = New-S3Feed orders -ConnectionName acme -FileType Csv
        $problem = Get-TestError { Remove-S3Connection acme -Confirm:$false }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ConnectionInUse,*'
        "$problem" | Should -BeLike '*orders*'
        Get-S3Connection other | Remove-S3Connection
        (Get-S3Connection).Name | Should -Be acme
    }
    It 'takes the duration of a session, and no number for it' {
        $null = New-S3Connection acme acme-data -Region eu-west-1 -SessionDuration 2h
        (Get-S3Connection acme).SessionDuration | Should -Be ([timespan]'02:00:00')
        "$(Get-TestError { Set-S3Connection acme -SessionDuration 3600 })" | Should -BeLike '*3600 has no unit. Write 3600s*'
        Set-S3Connection acme -SessionDuration 3600s
        (Get-S3Connection acme).SessionDuration | Should -Be ([timespan]'01:00:00')
    }
    It 'limits the connections that read' {
        (New-S3Connection acme acme-data -Region eu-west-1 -MaxConnections 8).MaxConnections | Should -Be 8
        Get-S3Connection acme | Format-List | Out-String | Should -Match 'MaxConnections +: 8'
        (Set-S3Connection acme -MaxConnections $null -PassThru).MaxConnections | Should -BeNullOrEmpty
        Get-S3Connection acme | Format-List | Out-String | Should -Not -Match 'MaxConnections'
    }
    It 'is left alone by -WhatIf: <_>' -ForEach 'New', 'Set', 'Remove' {
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $before = Get-FileHash (Join-Path $store definitions.json)
        switch ($_) {
            New { New-S3Connection other acme-data -Region eu-west-1 -WhatIf }
            Set { Set-S3Connection acme -RootPath in/ -WhatIf }
            Remove { Remove-S3Connection acme -WhatIf }
        }
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $before.Hash
    }
    It 'of a store that is named takes the store along' {
        $other = Join-Path $TestDrive other
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $null = New-S3Connection acme acme-data -Region eu-west-1 -StorePath $other
        Get-S3Connection -StorePath $other | Set-S3Connection -Region eu-west-3
        (Get-S3Connection acme).Region | Should -Be eu-west-1
        (Get-S3Connection acme -StorePath $other).Region | Should -Be eu-west-3
    }
    It 'of a store that is named is named with it in what to type next' {
        $other = Join-Path $TestDrive "the other's"
        $null = New-S3Connection acme acme-data -Region eu-west-1 -StorePath $other
        Set-S3Connection acme -RootPath in/ -StorePath $other -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*Get-S3FeedPolicy -Name acme -StorePath '*the other''s'"
        "$(Get-TestError { New-S3Connection acme acme-data -Region eu-west-1 -StorePath $other })" | Should -BeLike "* -StorePath '*the other''s' | Format-List"
    }
    It 'is shown as a table that fits' -ForEach 80, 120 {
        $null = New-S3Connection acme acme-data -Region eu-west-1 -RootPath incoming/
        $lines = (Get-S3Connection | Out-String -Width $_) -split '\r?\n'
        $lines -match '^Name +Status +Region +Bucket' | Should -Not -BeNullOrEmpty
        $lines -match '^acme +Draft +eu-west-1 +acme-data/incoming/' | Should -Not -BeNullOrEmpty
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        (Get-S3Connection | Format-List | Out-String) | Should -Match 'RootPath +: incoming/'
    }
}

Describe 'Test-S3Connection' {
    BeforeEach { $null = New-TestStore }

    It 'tells step by step of a folder that stands in for a bucket, and makes it Verified' {
        $null = New-S3Connection shop shop-bucket -EndpointUrl (New-TestBucket @{ 'a.csv' = "id`n1`n" })
        $checks = Test-S3Connection shop
        $checks.Step | Should -Be BaseCredentials, AssumeRole, Region, List, Read, Kms
        $checks.Outcome | Should -Not -Contain Failed
        (Get-S3Connection shop).Status | Should -Be Verified
        Get-S3Connection | Test-S3Connection -Quiet | Should -BeTrue
    }
    It 'tells what fails' {
        $null = New-S3Connection shop shop-bucket -EndpointUrl "$(New-TestBucket @{})/nothing"
        Test-S3Connection shop -Quiet | Should -BeFalse
        $failed = Test-S3Connection shop | Where-Object Outcome -EQ Failed
        $failed.Message | Should -Not -BeNullOrEmpty
        ($failed | Out-String -Width 80) | Should -Match 'Failed'
        (Get-S3Connection shop).Status | Should -Not -Be Verified
    }
    It 'tests a role on a real server, with credentials for this call alone' -Skip:(-not $env:PEAKS3FEED_TEST_S3) {
        $bucket = New-CephBucket
        Add-CephObject $bucket 'in/a.csv' "id`n1`n"
        $server = @{ Region = 'us-east-1'; EndpointUrl = $Ceph; ForcePathStyle = $true; RootPath = 'in/' }
        $null = New-S3Connection ceph $bucket @server -TrustedPrincipal arn:aws:iam:::user/platform
        $role = "pester-$([guid]::NewGuid().ToString('N'))"
        Set-S3Connection ceph -RoleArn (New-CephRole $role (Get-S3FeedPolicy ceph))
        try {
            Test-S3Connection ceph -Credential $Platform -Quiet | Should -BeTrue
            (Get-S3Connection ceph).Status | Should -Be Verified
            $wrong = [pscredential]::new($PlatformKey, (ConvertTo-SecureString wrong -AsPlainText -Force))
            $failed = Test-S3Connection ceph -Credential $wrong | Where-Object Outcome -EQ Failed
            $failed[0].ServiceCode | Should -Not -BeNullOrEmpty
        }
        finally { Remove-CephRole $role }
    }
}

Describe 'Get-S3FeedPolicy' {
    BeforeEach {
        $null = New-TestStore
        $null = New-S3Connection acme acme-data -Region eu-west-1 -RootPath incoming/ -ExternalId ext-1 -TrustedPrincipal arn:aws:iam::111122223333:user/p
    }

    It 'gives the documents' {
        $policy = Get-S3FeedPolicy acme
        ($policy.PermissionPolicy | ConvertFrom-Json).Statement.Action | Should -Be s3:ListBucket, s3:GetObject
        ($policy.TrustPolicy | ConvertFrom-Json).Statement.Condition.StringEquals.'sts:ExternalId' | Should -Be ext-1
        "$policy" | ConvertFrom-Json | ForEach-Object permissionPolicy | Should -Not -BeNullOrEmpty
    }
    It 'gives one text in the form asked for: <form>' -ForEach @(
        @{ form = 'Json'; has = '"permissionPolicy"' }, @{ form = 'CloudFormation'; has = 'AWS::IAM::Role' }
        @{ form = 'Terraform'; has = 'aws_iam_role' }, @{ form = 'AwsCli'; has = 'aws iam create-role' }
    ) {
        $text = Get-S3Connection acme | Get-S3FeedPolicy -As $form
        $text | Should -BeOfType string
        $text | Should -Match ([regex]::Escape($has))
    }
    It 'takes another principal for once' {
        (Get-S3FeedPolicy acme -TrustedPrincipal arn:aws:iam::999988887777:role/other).TrustPolicy | Should -Match '999988887777'
        (Get-S3Connection acme).TrustedPrincipal | Should -Match '111122223333'
    }
}

Describe 'Get-S3FeedPolicy for a destination' {
    BeforeEach {
        $null = New-TestStore
        $null = New-S3Connection lake acme-lake -Region eu-west-1 -RootPath in/ -ExternalId ext-1 -TrustedPrincipal arn:aws:iam::111122223333:user/p
        $warehouse = @{ WorkgroupName = 'sales-wg'; Region = 'eu-west-1'; Database = 'dev'; StagingConnection = 'lake'; StagingPrefix = 'stage/' }
        $null = New-S3FeedDestination -Redshift -Name dwh @warehouse -IamRole arn:aws:iam::444455556666:role/copy
    }

    It 'gives the documents for <purpose>' -ForEach @(
        @{ purpose = 'Staging'; actions = 's3:ListBucket', 's3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject', 's3:DeleteObject'; connection = 'lake' }
        @{ purpose = 'Copy'; actions = 's3:ListBucket', 's3:GetObject'; connection = 'lake' }
        @{
            purpose = 'DataApi'; connection = $null
            actions = 'redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement', 'redshift-data:DescribeStatement',
            'redshift-data:GetStatementResult', 'redshift-data:CancelStatement', 'redshift-serverless:GetCredentials'
        }
    ) {
        $policy = Get-S3FeedPolicy dwh -For $purpose -WarningAction SilentlyContinue
        ($policy.PermissionPolicy | ConvertFrom-Json).Statement.Action | Should -Be $actions
        $policy.DestinationName | Should -Be dwh
        $policy.ConnectionName | Should -Be $connection
        "$($policy.For)" | Should -Be $purpose
    }
    It 'names who may assume the role' {
        (Get-S3FeedPolicy dwh -For Staging).TrustedPrincipal | Should -Be arn:aws:iam::111122223333:user/p
        ((Get-S3FeedPolicy dwh -For Copy).TrustPolicy | ConvertFrom-Json).Statement.Principal.Service |
            Should -Be redshift.amazonaws.com, redshift-serverless.amazonaws.com
        (Get-S3FeedPolicy dwh -For DataApi -WarningAction SilentlyContinue).TrustPolicy | Should -BeNullOrEmpty
    }
    It 'gives one text for <purpose> as <form>' -ForEach @(
        foreach ($purpose in 'Staging', 'Copy', 'DataApi') {
            @{ purpose = $purpose; form = 'Json'; has = '"permissionPolicy"' }
            @{ purpose = $purpose; form = 'CloudFormation'; has = 'AWSTemplateFormatVersion' }
            @{ purpose = $purpose; form = 'Terraform'; has = 'resource "aws_iam_' }
            @{ purpose = $purpose; form = 'AwsCli'; has = 'aws iam ' }
        }
    ) {
        $text = Get-S3FeedDestination dwh | Get-S3FeedPolicy -For $purpose -As $form
        $text | Should -BeOfType string
        $text | Should -Match ([regex]::Escape($has))
    }
    It 'is shown without what it does not have' {
        $shown = Get-S3FeedPolicy dwh -For DataApi -WarningAction SilentlyContinue | Out-String
        $shown | Should -Match '(?m)^DestinationName +: dwh'
        $shown | Should -Not -Match 'TrustPolicy|ConnectionName|Roles'
        Get-S3FeedPolicy lake | Out-String | Should -Not -Match 'DestinationName|(?m)^For '
    }
    It 'warns of what the documents cannot say' {
        $null = Get-S3FeedPolicy dwh -For DataApi -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*get-workgroup --workgroup-name sales-wg *'
    }
    It 'says what to do if name and purpose do not fit' {
        $problem = Get-TestError { Get-S3FeedPolicy dwh }
        $problem.FullyQualifiedErrorId | Should -BeLike 'PolicyPurposeUnclear,*'
        "$problem" | Should -BeLike '*Get-S3FeedPolicy -Name dwh -For Staging*'
        "$(Get-TestError { Get-S3FeedPolicy lake -For Copy })" | Should -BeLike '*Get-S3FeedPolicy -Name dwh -For Copy*'
        (Get-TestError { Get-S3FeedPolicy local -For Copy }).FullyQualifiedErrorId | Should -BeLike 'PolicyNotNeeded,*'
        (Get-TestError { Get-S3FeedPolicy dwh -For Copy -TrustedPrincipal 111122223333 }).FullyQualifiedErrorId | Should -BeLike 'PrincipalUnusable,*'
    }
    It 'completes <line>' -ForEach @(
        @{ line = 'Get-S3FeedPolicy -For '; to = 'Copy', 'DataApi', 'Queue', 'Source', 'Staging', 'Table' }
        @{ line = 'Get-S3FeedPolicy '; to = 'lake' }, @{ line = 'Get-S3FeedPolicy -For Source -Name '; to = 'lake' }
        @{ line = 'Get-S3FeedPolicy -For Copy -Name '; to = 'dwh' }, @{ line = 'Get-S3FeedPolicy -For dataapi d'; to = 'dwh' }
    ) {
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
        $found.CompletionMatches.CompletionText | Should -Be $to
    }
}

Describe 'New-S3Connection -Folder' {
    BeforeAll {
        $null = New-TestStore
        $script:root = New-Item -ItemType Directory (Join-Path $TestDrive 'My Files')
        Set-Content (Join-Path $root a.csv) "id`n1"
        function Show-First([string] $Name) { (Show-S3FeedPreview -ConnectionName $Name -FileType Csv).id }
    }

    It 'takes a relative path, a home, a drive of the session and a folder object' {
        Push-Location $TestDrive
        try {
            $made = New-S3Connection relative -Folder './My Files'
            $made.BucketName | Should -Be my-files
            $made.EndpointUrl | Should -Be ([uri]"file://$root").AbsoluteUri
        }
        finally { Pop-Location }
        Show-First relative | Should -Be 1
        $null = New-S3Connection object -Folder (Get-Item $root)
        Show-First object | Should -Be 1
        $null = New-PSDrive Files FileSystem $TestDrive
        $null = New-S3Connection drive -Folder 'Files:/My Files' own-name
        (Get-S3Connection drive).BucketName | Should -Be own-name
        Show-First drive | Should -Be 1
        (New-S3Connection home -Folder '~' -WhatIf) | Should -BeNullOrEmpty
        $null = New-S3Connection home -Folder '~'
        (Get-S3Connection home).EndpointUrl | Should -Be ([uri]"file://$((Resolve-Path ~).Path)").AbsoluteUri
    }

    It 'warns of a folder that does not exist, and changes it with Set' {
        $null = New-S3Connection later -Folder (Join-Path $TestDrive not-yet) -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'The folder *not-yet does not exist yet.'
        $null = Set-S3Connection later -Folder $root -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        Show-First later | Should -Be 1
    }

    It 'does not take an endpoint beside it' {
        (Get-TestError { New-S3Connection both -Folder $root -EndpointUrl file:///x }).FullyQualifiedErrorId | Should -BeLike 'AmbiguousParameterSet,*'
        (Get-TestError { New-S3Connection provider -Folder env:/ }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
    }
}
