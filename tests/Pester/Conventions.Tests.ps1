BeforeDiscovery {
    . $PSScriptRoot/Setup.ps1
    $commands = @((Get-Module PeakS3Feed).ExportedCmdlets.Values | ForEach-Object { @{ command = $_ } })
    $types = @($commands.command.OutputType.Type | Where-Object Namespace -Like 'PeakS3Feed*' | Sort-Object FullName -Unique | ForEach-Object { @{ type = $_ } })
}
BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe '<command>' -ForEach $commands {
    It 'says of every parameter what it is for' {
        $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
            $parameter.Attributes.HelpMessage | Where-Object { $_ } | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) is asked for at a prompt"
        }
    }
    It 'takes a store' { $command.Parameters.Keys | Should -Contain StorePath }
    It 'can be asked what it would do, if it changes something' {
        if ($command.Verb -notin 'Get', 'Show', 'Test') { $command.Parameters.Keys | Should -Contain WhatIf }
    }
    It 'has a verb that is approved' { (Get-Verb).Verb | Should -Contain $command.Verb }
}

Describe 'The view of <type>' -ForEach $types {
    It 'is one of ours' { (Get-FormatData -TypeName $type.FullName -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition | Should -Not -BeNullOrEmpty }
}

Describe 'What each cmdlet makes of an object from the pipeline' {
    BeforeAll {
        # In a session without a screen, so that -WhatIf shows nothing.
        $script:shell = [powershell]::Create()
        $null = $shell.AddScript({
                param($folder, $drive)
                . $folder/Setup.ps1
                . $folder/Piping.ps1
                $TestDrive = $drive
                Get-PipingTable (New-PipingStore)
            }).AddArgument($PSScriptRoot).AddArgument("$TestDrive")
        $script:table = $shell.Invoke()
    }
    AfterAll { $shell.Dispose() }

    # The letters are those of Piping.ps1. A cmdlet that deletes something takes only the thing itself.
    It 'is the name of the thing that the object is about, or an error that says what it takes' {
        $shell.Streams.Error | Should -BeNullOrEmpty
        $table -join "`n" | Should -Be (@'
                            Connection Destination Feed Trigger Watcher Run Plan Reject Fire Delivery FireTime Check Column
Get-S3Connection            c          .           c    .       .       .   .    .      .    .        .        c     .
Remove-S3Connection         c          .           .    .       .       .   .    .      .    .        .        .     .
Set-S3Connection            c          .           c    .       .       .   .    .      .    .        .        c     .
Test-S3Connection           c          .           c    .       .       .   .    .      .    .        .        c     .
Copy-S3Feed                 .          .           f    .       .       .   .    .      .    .        .        .     .
Disable-S3Feed              .          .           f    f       f       f   f    f      f    f        f        .     f
Enable-S3Feed               .          .           f    f       f       f   f    f      f    f        f        .     f
Get-S3Feed                  c          .           f    f       f       f   f    f      f    f        f        .     f
Invoke-S3Feed               .          .           f    f       f       f   f    f      f    f        f        .     f
New-S3Feed                  c          .           c    .       .       .   .    .      .    .        .        c     .
Remove-S3Feed               .          .           f    .       .       .   .    .      .    .        .        .     .
Rename-S3Feed               .          .           f    .       .       .   .    .      .    .        .        .     .
Reset-S3Feed                .          .           f    .       .       .   .    .      .    .        .        .     .
Set-S3Feed                  .          .           f    f       f       f   f    f      f    f        f        .     f
Export-S3FeedDefinition     .          .           f    f       f       f   f    f      f    f        f        .     f
Import-S3FeedDefinition     .          .           .    .       .       .   .    .      .    .        .        .     .
Get-S3FeedDestination       .          d           d    .       .       .   .    .      .    .        .        .     .
Remove-S3FeedDestination    .          d           .    .       .       .   .    .      .    .        .        .     .
Set-S3FeedDestination       .          d           d    .       .       .   .    .      .    .        .        .     .
Test-S3FeedDestination      .          d           d    .       .       .   .    .      .    .        .        .     .
Get-S3FeedPlan              .          .           f    f       f       f   f    f      f    f        f        .     f
Get-S3FeedPolicy            c          d           c    t       .       .   .    .      t    .        .        c     .
Show-S3FeedPreview          c          .           f    f       f       f   f    f      f    f        f        .     f
Get-S3FeedReject            .          .           f    f       f       r   f    r      r    r        f        .     f
Get-S3FeedRow               .          .           f    f       f       r   f    r      r    r        f        .     f
Clear-S3FeedRun             .          .           i    .       .       i   .    .      .    .        .        .     .
Get-S3FeedRun               .          .           f    f       f       r   f    r      r    r        f        .     f
Stop-S3FeedRun              .          .           .    .       .       r   .    r      r    r        .        .     .
Get-S3FeedSchema            c          .           f    f       f       f   f    f      f    f        f        .     f
Get-S3FeedSetup             .          d           d    .       .       .   .    .      .    .        .        .     .
Clear-S3FeedTable           .          .           f    f       f       f   f    f      f    f        f        .     f
Optimize-S3FeedTable        .          .           f    f       f       f   f    f      f    f        f        .     f
Get-S3FeedTableDefinition   .          .           f    f       f       f   f    f      f    f        f        .     f
Disable-S3FeedTrigger       .          .           .    t       .       .   .    .      t    .        .        .     .
Enable-S3FeedTrigger        .          .           .    t       .       .   .    .      t    .        .        .     .
Get-S3FeedTrigger           .          .           f    t       f       f   f    f      t    f        f        .     f
Invoke-S3FeedTrigger        .          .           .    t       .       .   .    .      t    .        .        .     .
Register-S3FeedTrigger      .          .           f    f       f       f   f    f      f    f        f        .     f
Set-S3FeedTrigger           .          .           .    t       .       .   .    .      t    .        .        .     .
Test-S3FeedTrigger          .          .           .    t       .       .   .    .      t    .        .        .     .
Unregister-S3FeedTrigger    .          .           .    t       .       .   .    .      .    .        .        .     .
Add-S3FeedWatcher           .          .           f    f       f       f   f    f      f    f        f        .     f
Disable-S3FeedWatcher       .          .           .    .       w       .   .    .      .    w        .        .     .
Enable-S3FeedWatcher        .          .           .    .       w       .   .    .      .    w        .        .     .
Get-S3FeedWatcher           .          .           f    f       w       f   f    f      f    w        f        .     f
Remove-S3FeedWatcher        .          .           .    .       w       .   .    .      .    .        .        .     .
Set-S3FeedWatcher           .          .           .    .       w       .   .    .      .    w        .        .     .
Test-S3FeedWatcher          .          .           .    .       w       .   .    .      .    w        .        .     .
'@ -replace '\r')
    }
}

Describe 'Objects that are copies, or of a person''s own' {
    BeforeAll {
        . $PSScriptRoot/Piping.ps1
        $script:objects = New-PipingStore
    }

    It 'are taken as the objects themselves: <how>' -ForEach @(
        @{ how = 'from Export-Clixml'; copy = { $args[0] | Export-Clixml (Join-Path $TestDrive copy.xml); Import-Clixml (Join-Path $TestDrive copy.xml) } }
        @{ how = 'from a job'; copy = { Start-ThreadJob { $using:args | Select-Object * } | Receive-Job -Wait -AutoRemoveJob } }
        @{ how = 'from Select-Object'; copy = { $args[0] | Select-Object Name, FeedName, Id, RunId } }
    ) {
        (& $copy $objects.Feed | Get-S3FeedTrigger).Name | Should -Be morning
        (& $copy $objects.Trigger | Get-S3Feed).Name | Should -Be orders
        (& $copy $objects.Run | Get-S3FeedRun).Id | Should -Be $objects.Run.Id
        (& $copy $objects.Fire | Get-S3FeedRun).Id | Should -Be $objects.Run.Id
    }
    It 'are named by a property, or by an id of a run' {
        ([pscustomobject]@{ Name = 'orders' } | Get-S3Feed).Name | Should -Be orders
        ([pscustomobject]@{ FeedName = 'orders'; Name = 'morning' } | Get-S3Feed).Name | Should -Be orders
        ([pscustomobject]@{ ConnectionName = 'acme' } | Get-S3Connection).Name | Should -Be acme
        ($objects.Run.Id | Get-S3FeedRun).Id | Should -Be $objects.Run.Id
        (Get-S3Connection acme | Show-S3FeedPreview -Path in/ -FileType Csv -WarningAction Ignore).id | Should -Be 1, 'x'
    }
    It 'are an error without a name, and no text of an object is taken for one: <what>' -ForEach @{ what = @{ Name = 'orders' } }, @{ what = [pscustomobject]@{ X = 1 } }, @{ what = [version]'1.2' } {
        $problem = Get-TestError { $what | Invoke-S3Feed }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        "$problem" | Should -BeLike '*The parameter takes a feed, its name or an object with a FeedName.'
    }
    It 'are an error if a fire has no run, which says so' {
        $fire = [pscustomobject]@{ PSTypeName = 'PeakS3Feed.Triggers.Fires.S3FeedFire'; State = 'Skipped'; FeedName = 'orders'; RunId = $null }
        "$(Get-TestError { $fire | Get-S3FeedRun })" | Should -BeLike '*fire without a run*'
    }
}
