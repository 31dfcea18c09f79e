BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
}

Describe 'Export-S3FeedDefinition and Import-S3FeedDefinition' {
    BeforeEach {
        $script:made = New-OrdersStore -Feeds @{ name = 'orders' }, @{ name = 'people'; loadType = 'TruncateInsert' }
        $script:file = Join-Path $TestDrive "$([guid]::NewGuid()).json"
    }

    It 'carries definitions from one store to another, with their ids' {
        Export-S3FeedDefinition -Path $file | Should -BeNullOrEmpty
        $ids = (Get-S3Feed).Id
        $null = New-TestStore
        $changes = Import-S3FeedDefinition $file
        $changes | Should -BeOfType PeakS3Feed.Store.ImportChange
        $changes.Outcome | Should -Be Added, Added, Added
        $changes.Name | Should -Be acme, orders, people
        (Get-S3Feed).Id | Should -Be $ids
        (Import-S3FeedDefinition $file).Outcome | Should -Be Unchanged, Unchanged, Unchanged
        $changes | Out-String -Width 80 | Should -Match '(?m)^Added +connection +acme\r?$'
    }

    It 'exports some feeds with what they need: by name, pattern and pipeline' {
        (Export-S3FeedDefinition orders | ConvertFrom-Json).feeds.name | Should -Be orders
        (Export-S3FeedDefinition orders | ConvertFrom-Json).connections.name | Should -Be acme
        (Export-S3FeedDefinition P*, orders | ConvertFrom-Json).feeds.name | Should -Be people, orders
        (Get-S3Feed | Where-Object LoadType -EQ TruncateInsert | Export-S3FeedDefinition | ConvertFrom-Json).feeds.name | Should -Be people
        Get-S3Feed nobody* | Export-S3FeedDefinition | Should -BeNullOrEmpty
        (Get-TestError { Export-S3FeedDefinition nobody }).FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
    }

    It 'reads text from the pipeline, in one piece and line by line' {
        $text = Export-S3FeedDefinition
        $text | Should -BeOfType string
        $null = New-TestStore
        ($text | Import-S3FeedDefinition).Outcome | Should -Be Added, Added, Added
        $text | Set-Content $file
        (Get-Content $file | Import-S3FeedDefinition).Outcome | Should -Be Unchanged, Unchanged, Unchanged
    }

    It 'reads files by wildcard, by literal path and from Get-ChildItem' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive "[1] $([guid]::NewGuid())")
        Export-S3FeedDefinition -Path (Join-Path $folder a.json)
        (Import-S3FeedDefinition -LiteralPath (Join-Path $folder a.json)).Count | Should -Be 3
        (Get-ChildItem -LiteralPath $folder | Import-S3FeedDefinition).Count | Should -Be 3
        (Import-S3FeedDefinition (Join-Path ([WildcardPattern]::Escape($folder)) *.json)).Count | Should -Be 3
    }

    It 'overwrites a file only when told to' {
        Export-S3FeedDefinition -Path $file
        $failed = Get-TestError { Export-S3FeedDefinition orders -Path $file }
        $failed.FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        $failed.CategoryInfo.Category | Should -Be ResourceExists
        (Export-S3FeedDefinition orders -Path $file -Force -PassThru).FullName | Should -Be $file
        (Get-Content $file -Raw | ConvertFrom-Json).feeds.name | Should -Be orders
        (Get-TestError { Export-S3FeedDefinition -Path (Join-Path $TestDrive no/such/folder.json) }).FullyQualifiedErrorId | Should -BeLike 'FileNotWritable,*'
    }

    It 'changes nothing with -WhatIf' {
        Export-S3FeedDefinition -Path $file -WhatIf
        $file | Should -Not -Exist
        Export-S3FeedDefinition -Path $file
        $store = New-TestStore
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; Import-S3FeedDefinition '$file' -WhatIf" | Out-String
        $said | Should -BeLike '*What if: Import *add connection acme*add feed orders*add feed people*'
        Test-Path $store | Should -BeFalse
    }

    It 'says everything that is wrong, and takes nothing of it' {
        '{ "connections": [{ "name": "new", "bucketName": "b" }], "feeds": [{ "name": "f", "connectionName": "x", "nam": 1 }, { "name": "2" }] }' | Set-Content $file
        $failed = Get-TestError { Import-S3FeedDefinition $file }
        $failed.FullyQualifiedErrorId | Should -BeLike 'ImportInvalid,*'
        $failed.TargetObject | Should -Be $file
        "$failed" | Should -BeLike '*was not imported: line 1, $.feeds`[0`].nam: nam is not known. Did you mean name?'
        Get-TestError { Import-S3FeedDefinition $file -WhatIf } | Should -Not -BeNullOrEmpty
        (Get-S3Connection).Name | Should -Be acme
        (Get-TestError { Import-S3FeedDefinition (Join-Path $TestDrive none.json) }).FullyQualifiedErrorId | Should -BeLike 'FileNotReadable,*'
    }

    It 'warns of a policy that the import makes wrong' {
        '{ "connections": [{ "name": "far", "bucketName": "one", "region": "eu-west-1" }] }' | Import-S3FeedDefinition | Should -HaveCount 1
        $null = '{ "connections": [{ "name": "far", "bucketName": "two", "region": "eu-west-1" }] }' |
            Import-S3FeedDefinition -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike 'The policy of far is out of date, *Next: Get-S3FeedPolicy -Name far'
    }
}
