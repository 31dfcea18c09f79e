BeforeDiscovery {
    . $PSScriptRoot/Setup.ps1
    # How each cmdlet is called on a store; those that may make one are told apart.
    $calls = @{
        'New-S3Connection' = { param($s) New-S3Connection made acme -Region eu-west-1 -StorePath $s }
        'New-S3FeedDestination' = { param($s) New-S3FeedDestination made -Sqlite -Path x.db -StorePath $s }
        'Import-S3FeedDefinition' = { param($s) '{"connections":[{"name":"made","bucketName":"acme","region":"eu-west-1"}]}' | Import-S3FeedDefinition -StorePath $s }
        'Export-S3FeedDefinition' = { param($s) Export-S3FeedDefinition -StorePath $s }
        'New-S3Feed' = { param($s) New-S3Feed made -ConnectionName acme -FileType Csv -StorePath $s }
        'Copy-S3Feed' = { param($s) Copy-S3Feed x y -StorePath $s }
        'Rename-S3Feed' = { param($s) Rename-S3Feed x y -StorePath $s }
        'Register-S3FeedTrigger' = { param($s) Register-S3FeedTrigger x -Daily -At 02:30 -StorePath $s }
        'Add-S3FeedWatcher' = { param($s) Add-S3FeedWatcher x -Event RunFailed -Url https://example.org/ -StorePath $s }
        'Set-S3FeedDestination' = { param($s) Set-S3FeedDestination x -Database y -StorePath $s }
        'Get-S3FeedStore' = { param($s) Get-S3FeedStore -StorePath $s }
        'Get-S3FeedReject' = { param($s) Get-S3FeedReject -RunId 0123456789abcdef0123456789abcdef -StorePath $s }
        'Get-S3FeedRun' = { param($s) Get-S3FeedRun -StorePath $s }
        'Clear-S3FeedRun' = { param($s) Clear-S3FeedRun -OlderThan 30.00:00:00 -Force -StorePath $s }
        'Clear-S3FeedTable' = { param($s) Clear-S3FeedTable x -Vacuum -Confirm:$false -StorePath $s }
        'Get-S3FeedTableDefinition' = { param($s) Get-S3FeedTableDefinition x -As Athena -StorePath $s }
        'Stop-S3FeedRun' = { param($s) Stop-S3FeedRun -Id 0123456789abcdef0123456789abcdef -StorePath $s }
        'Invoke-S3FeedTrigger' = { param($s) Invoke-S3FeedTrigger -StorePath $s }
        'Test-S3FeedTrigger' = { param($s) Test-S3FeedTrigger x -StorePath $s }
        'Remove-S3Feed' = { param($s) Remove-S3Feed x -Confirm:$false -StorePath $s }
        'Reset-S3Feed' = { param($s) Reset-S3Feed x -Confirm:$false -StorePath $s }
    }
    $makers = 'New-S3Connection', 'New-S3FeedDestination', 'Import-S3FeedDefinition'
    $cmdlets = foreach ($command in Get-Command -Module PeakS3Feed -CommandType Cmdlet) {
        $name = $command.Name
        @{ Name = $name; Makes = $name -in $makers; Call = $calls[$name] ?? [scriptblock]::Create("param(`$s) $name x -StorePath `$s") }
    }
}

BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe 'A store that is named and missing' {
    BeforeEach { $missing = Join-Path $TestDrive "missing-$([guid]::NewGuid().ToString('N').Substring(0, 8))" }

    It 'is an error of <Name> that names the path, and nothing is made' -ForEach ($cmdlets | Where-Object { -not $_.Makes }) {
        $failure = Get-TestError { & $Call $missing }
        $failure.FullyQualifiedErrorId | Should -BeLike 'StoreNotFound,*'
        "$failure" | Should -BeLike "There is no store at $missing*"
        Test-Path $missing | Should -BeFalse
    }
    It 'is made by <Name>' -ForEach ($cmdlets | Where-Object Makes) {
        & $Call $missing | Should -Not -BeNullOrEmpty
        Test-Path $missing/definitions.json | Should -BeTrue
    }
    It 'is an error when PEAKS3FEED_HOME names it' {
        $env:PEAKS3FEED_HOME = $missing
        $failure = Get-TestError { Get-S3Feed }
        $failure.FullyQualifiedErrorId | Should -BeLike 'StoreNotFound,*'
        "$failure" | Should -BeLike '*PEAKS3FEED_HOME*'
        $null = New-S3Connection made acme -Region eu-west-1
        Get-S3Connection | ForEach-Object Name | Should -Be made
    }
    It 'fails the preflight, which makes nothing' {
        $checks = Test-S3FeedTrigger -Preflight -StorePath $missing -ErrorAction SilentlyContinue -ErrorVariable failures
        $checks.Outcome | Should -Be Failed, Failed
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'StoreNotFound,*'
        Test-S3FeedTrigger -Preflight -Quiet -StorePath $missing | Should -BeFalse
        Test-Path $missing | Should -BeFalse
    }
    It 'is completed to nothing, silently' {
        $line = "Get-S3Feed -StorePath $missing -Name "
        (TabExpansion2 $line $line.Length).CompletionMatches.Count | Should -Be 0
        Test-Path $missing | Should -BeFalse
    }
    It 'is not made by -WhatIf' {
        Get-TestError { New-S3Connection made acme -Region eu-west-1 -StorePath $missing -WhatIf } | Should -BeNullOrEmpty
        Test-Path $missing | Should -BeFalse
    }
}

Describe 'A relative -StorePath' {
    BeforeEach {
        $null = New-Item -ItemType Directory "$TestDrive/here", "$TestDrive/elsewhere" -Force
        Push-Location $TestDrive/here
        Remove-Item store -Recurse -ErrorAction Ignore
        $bucket = New-TestBucket @{ 'in/a.csv' = "id`n1`n" }
    }
    AfterEach { Pop-Location }

    It 'is made absolute where it is given, at the location of PowerShell' {
        $made = New-S3Connection lake lake -EndpointUrl $bucket -StorePath store
        $made.StorePath | Should -Be "$TestDrive/here/store"
        Test-Path $TestDrive/here/store/definitions.json | Should -BeTrue
        $connection = Get-S3Connection lake -StorePath ./store
        Set-Location ../elsewhere
        $feed = $connection | New-S3Feed orders -Path in/ -FileType Csv
        $feed.StorePath | Should -Be "$TestDrive/here/store"
        ($feed | Invoke-S3Feed).RowsLoaded | Should -Be 1
        Test-Path $TestDrive/elsewhere/store | Should -BeFalse
    }
    It 'is absolute in the commands that are suggested' {
        $null = New-S3Connection lake lake -Region eu-west-1 -StorePath store
        "$(Get-TestError { New-S3Connection lake lake -Region eu-west-1 -StorePath store })" | Should -BeLike "*Get-S3Connection -Name lake -StorePath $TestDrive/here/store*"
    }
    It 'is not taken from another provider' {
        "$(Get-TestError { Get-S3Feed -StorePath Env:PATH })" | Should -BeLike '*Give a folder of the file system*'
    }
    It 'works the same for PEAKS3FEED_HOME' {
        $env:PEAKS3FEED_HOME = 'store'
        $null = New-S3Connection lake lake -Region eu-west-1
        Test-Path $TestDrive/here/store/definitions.json | Should -BeTrue
    }
}

Describe 'Get-S3FeedStore' {
    It 'shows where an empty store is, and makes nothing' {
        $path = New-TestStore -Made
        $store = Get-S3FeedStore
        $store.ConfigDirectory | Should -Be $path
        $store.Feeds | Should -Be 0
        Get-ChildItem $path | Should -BeNullOrEmpty
    }
}
