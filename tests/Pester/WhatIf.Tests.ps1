BeforeDiscovery {
    . $PSScriptRoot/Setup.ps1
    # What each cmdlet that changes something is asked to do, and why it cannot.
    $cases = @(
        @{ Cmdlet = 'Add-S3FeedWatcher'; Does = { param($how) Add-S3FeedWatcher nobody -Event RunFailed -Url https://example.org/x @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Add-S3FeedWatcher'; Does = { param($how) Add-S3FeedWatcher orders -Event RunsLong -Url https://example.org/x @how }; Id = 'WatcherInvalid' }
        @{ Cmdlet = 'Clear-S3FeedRun'; Does = { param($how) Clear-S3FeedRun nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Clear-S3FeedRun'; Does = { param($how) Clear-S3FeedRun -Id ffffffff @how }; Id = 'RunNotFound' }
        @{ Cmdlet = 'Clear-S3FeedTable'; Does = { param($how) Clear-S3FeedTable orders -Vacuum @how }; Id = 'NotATableOnS3' }
        @{ Cmdlet = 'Clear-S3FeedTable'; Does = { param($how) Clear-S3FeedTable orders -Vacuum -OlderThan 1d @how }; Id = 'VacuumTooEarly' }
        @{ Cmdlet = 'Copy-S3Feed'; Does = { param($how) Copy-S3Feed nobody other @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Copy-S3Feed'; Does = { param($how) Copy-S3Feed orders a-b @how }; Id = 'FeedInvalid' }
        @{ Cmdlet = 'Disable-S3Feed'; Does = { param($how) Disable-S3Feed nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Disable-S3FeedTrigger'; Does = { param($how) Disable-S3FeedTrigger nobody @how }; Id = 'TriggerNotFound' }
        @{ Cmdlet = 'Enable-S3Feed'; Does = { param($how) Enable-S3Feed nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Disable-S3FeedWatcher'; Does = { param($how) Disable-S3FeedWatcher nobody @how }; Id = 'WatcherNotFound' }
        @{ Cmdlet = 'Enable-S3FeedWatcher'; Does = { param($how) Enable-S3FeedWatcher nobody @how }; Id = 'WatcherNotFound' }
        @{ Cmdlet = 'Set-S3FeedWatcher'; Does = { param($how) Set-S3FeedWatcher nobody -Event Rejects @how }; Id = 'WatcherNotFound' }
        @{ Cmdlet = 'Enable-S3FeedTrigger'; Does = { param($how) Enable-S3FeedTrigger nobody @how }; Id = 'TriggerNotFound' }
        @{ Cmdlet = 'Export-S3FeedDefinition'; Does = { param($how) Export-S3FeedDefinition -Path $env:PEAKS3FEED_HOME/definitions.json @how }; Id = 'FileExists' }
        @{ Cmdlet = 'Export-S3FeedDefinition'; Does = { param($how) Export-S3FeedDefinition -Path $env:PEAKS3FEED_HOME/no/such/folder/x.json @how }; Id = 'FileNotWritable' }
        @{ Cmdlet = 'Get-S3FeedTableDefinition'; Does = { param($how) Get-S3FeedTableDefinition orders -Register @how }; Id = 'NotATableOnS3' }
        @{ Cmdlet = 'Import-S3FeedDefinition'; Does = { param($how) '{ "feeds": [ { "name": "x" } ] }' | Import-S3FeedDefinition @how }; Id = 'ImportInvalid' }
        @{ Cmdlet = 'Invoke-S3Feed'; Does = { param($how) Invoke-S3Feed nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Invoke-S3FeedTrigger'; Does = { param($how) Invoke-S3FeedTrigger nobody @how }; Id = 'TriggerNotFound' }
        @{ Cmdlet = 'New-S3Connection'; Does = { param($how) New-S3Connection a-b bucket -Region eu-west-1 @how }; Id = 'ConnectionInvalid' }
        @{ Cmdlet = 'New-S3Connection'; Does = { param($how) New-S3Connection ACME bucket -Region eu-west-1 @how }; Id = 'NameInUse' }
        @{ Cmdlet = 'New-S3Feed'; Does = { param($how) New-S3Feed other nobody -FileType Csv @how }; Id = 'ConnectionNotFound' }
        @{ Cmdlet = 'New-S3Feed'; Does = { param($how) New-S3Feed ORDERS acme -FileType Csv @how }; Id = 'NameInUse' }
        @{ Cmdlet = 'New-S3Feed'; Does = { param($how) New-S3Feed other acme -FileType Csv -LoadType Upsert @how }; Id = 'FeedInvalid' }
        @{ Cmdlet = 'New-S3FeedDestination'; Does = { param($how) New-S3FeedDestination a-b -Sqlite -Path x.db @how }; Id = 'DestinationInvalid' }
        @{ Cmdlet = 'Optimize-S3FeedTable'; Does = { param($how) Optimize-S3FeedTable orders @how }; Id = 'NotATableOnS3' }
        @{ Cmdlet = 'Optimize-S3FeedTable'; Does = { param($how) Optimize-S3FeedTable nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Register-S3FeedTrigger'; Does = { param($how) Register-S3FeedTrigger nobody -Every 5m @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Register-S3FeedTrigger'; Does = { param($how) Register-S3FeedTrigger orders -Every 1s @how }; Id = 'TriggerInvalid' }
        @{ Cmdlet = 'Remove-S3Connection'; Does = { param($how) Remove-S3Connection nobody @how }; Id = 'ConnectionNotFound' }
        @{ Cmdlet = 'Remove-S3Connection'; Does = { param($how) Remove-S3Connection acme @how }; Id = 'ConnectionInUse' }
        @{ Cmdlet = 'Remove-S3Feed'; Does = { param($how) Remove-S3Feed nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Remove-S3FeedDestination'; Does = { param($how) Remove-S3FeedDestination nobody @how }; Id = 'DestinationNotFound' }
        @{ Cmdlet = 'Remove-S3FeedDestination'; Does = { param($how) Remove-S3FeedDestination local @how }; Id = 'NameReserved' }
        @{ Cmdlet = 'Remove-S3FeedWatcher'; Does = { param($how) Remove-S3FeedWatcher nobody @how }; Id = 'WatcherNotFound' }
        @{ Cmdlet = 'Rename-S3Feed'; Does = { param($how) Rename-S3Feed nobody other @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Rename-S3Feed'; Does = { param($how) Rename-S3Feed orders people @how }; Id = 'NameInUse' }
        @{ Cmdlet = 'Reset-S3Feed'; Does = { param($how) Reset-S3Feed nobody @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Set-S3Connection'; Does = { param($how) Set-S3Connection nobody -Region eu-west-1 @how }; Id = 'ConnectionNotFound' }
        @{ Cmdlet = 'Set-S3Connection'; Does = { param($how) Set-S3Connection acme -Region 'Europe!' @how }; Id = 'ConnectionInvalid' }
        @{ Cmdlet = 'Set-S3Feed'; Does = { param($how) Set-S3Feed nobody -Table x @how }; Id = 'FeedNotFound' }
        @{ Cmdlet = 'Set-S3Feed'; Does = { param($how) Set-S3Feed orders -LoadType Upsert @how }; Id = 'FeedInvalid' }
        @{ Cmdlet = 'Set-S3FeedDestination'; Does = { param($how) Set-S3FeedDestination nobody -Database x @how }; Id = 'DestinationNotFound' }
        @{ Cmdlet = 'Set-S3FeedTrigger'; Does = { param($how) Set-S3FeedTrigger nobody -Misfire Skip @how }; Id = 'TriggerNotFound' }
        @{ Cmdlet = 'Set-S3FeedTrigger'; Does = { param($how) Set-S3FeedTrigger often -Every 1s @how }; Id = 'TriggerInvalid' }
        @{ Cmdlet = 'Stop-S3FeedRun'; Does = { param($how) Stop-S3FeedRun ffffffff @how }; Id = 'RunNotFound' }
        @{ Cmdlet = 'Unregister-S3FeedTrigger'; Does = { param($how) Unregister-S3FeedTrigger nobody @how }; Id = 'TriggerNotFound' }
    )
    $commands = @((Get-Module PeakS3Feed).ExportedCmdlets.Values | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object { @{ Name = $_.Name; Tested = $cases.Cmdlet } })
}
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    $null = New-OrdersStore -Feeds @{ name = 'orders' }, @{ name = 'people' }
    $null = Register-S3FeedTrigger orders -Name often -Every 5m
    $script:definitions = Get-Content -Raw $env:PEAKS3FEED_HOME/definitions.json
    # Where nobody can be asked.
    $script:silent = [powershell]::Create()
    $null = $silent.AddScript("Import-Module '$ModulePath'").Invoke()
}
AfterAll { $silent.Dispose() }

Describe 'What cannot be done' {
    It 'is an error of <Cmdlet> with -WhatIf: <Id>' -ForEach $cases {
        $failed = Get-TestError { & $Does @{ WhatIf = $true } }
        $failed.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Get-Content -Raw $env:PEAKS3FEED_HOME/definitions.json | Should -Be $definitions
    }
    It 'is an error of <Cmdlet> before it asks: <Id>' -ForEach $cases {
        $silent.Commands.Clear()
        $silent.Streams.ClearStreams()
        $null = $silent.AddScript("& { $Does } @{ Confirm = `$true }").Invoke()
        $silent.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Get-Content -Raw $env:PEAKS3FEED_HOME/definitions.json | Should -Be $definitions
    }
    It 'is tested of <Name>' -ForEach $commands { $Tested | Should -Contain $Name }
}

Describe 'A question that nobody can answer' {
    BeforeAll {
        $silent.Commands.Clear()
        $silent.Streams.ClearStreams()
        Invoke-S3Feed orders
    }
    It 'is an error that says how to do without it' {
        $null = $silent.AddScript('Remove-S3Feed orders').Invoke()
        $failed = $silent.Streams.Error[0]
        $failed.FullyQualifiedErrorId | Should -BeLike 'ConfirmationNeeded,*'
        "$failed" | Should -BeLike '*-Force*'
        "$failed" | Should -BeLike '*-Confirm:$false*'
        "$failed" | Should -BeLike '*trigger often*'
        (Get-S3Feed orders).Name | Should -Be orders
    }
    It 'is none where nothing was loaded' {
        $silent.Commands.Clear()
        $silent.Streams.ClearStreams()
        $null = $silent.AddScript('Remove-S3Feed people').Invoke()
        $silent.Streams.Error | Should -BeNullOrEmpty
        (Get-S3Feed).Name | Should -Be orders
    }
    It 'is not asked with <How>' -ForEach @(@{ How = '-Force' }, @{ How = '-Confirm:$false' }) {
        $null = New-OrdersStore
        Invoke-S3Feed orders
        $silent.Commands.Clear()
        $silent.Streams.ClearStreams()
        $null = $silent.AddScript("Remove-S3Feed orders $How").Invoke()
        $silent.Streams.Error | Should -BeNullOrEmpty
        Get-S3Feed | Should -BeNullOrEmpty
    }
}
