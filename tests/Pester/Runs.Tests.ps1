BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
}

Describe 'Get-S3FeedRun' {
    BeforeAll {
        $null = New-OrdersStore -Feeds @{ name = 'orders' }, @{ name = 'ordinals' }, @{ name = 'people' }
        $script:runs = 'orders', 'ordinals', 'people', 'orders' | Invoke-S3Feed
    }

    It 'gets all runs, the newest first' {
        (Get-S3FeedRun).Id | Should -Be $runs[3].Id, $runs[2].Id, $runs[1].Id, $runs[0].Id
    }

    It 'finds by feed: name, pattern, pipeline, property' {
        (Get-S3FeedRun orders).Id | Should -Be $runs[3].Id, $runs[0].Id
        (Get-S3FeedRun ORD*).FeedName | Should -Be orders, ordinals, orders
        (Get-S3FeedRun ord* -Last 2).FeedName | Should -Be orders, ordinals
        ('people', 'orders' | Get-S3FeedRun -Last 1).Id | Should -Be $runs[2].Id, $runs[3].Id
        ([pscustomobject]@{ Name = 'people' } | Get-S3FeedRun).Id | Should -Be $runs[2].Id
        Get-S3FeedRun nothing* | Should -BeNullOrEmpty
        (Get-TestError { Get-S3FeedRun nobody }).FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
    }

    It 'finds by status, number and time' {
        (Get-S3FeedRun -Status NothingToDo).Id | Should -Be $runs[3].Id
        (Get-S3FeedRun -Status Failed, Succeeded).Count | Should -Be 3
        (Get-S3FeedRun -Last 1).Id | Should -Be $runs[3].Id
        (Get-S3FeedRun -Since $runs[2].StartedAt.LocalDateTime).Id | Should -Be $runs[3].Id, $runs[2].Id
        Get-S3FeedRun -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        "$(Get-TestError { Get-S3FeedRun -Since 2026 })" | Should -BeLike '*"2026" is not a date.*'
        (Get-S3FeedRun -Since ([DateTimeOffset]$runs[2].StartedAt)).Id | Should -Be $runs[3].Id, $runs[2].Id
        { Get-S3FeedRun -Last 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'finds by the id or its beginning' {
        (Get-S3FeedRun -Id $runs[0].Id).Id | Should -Be $runs[0].Id
        (Get-S3FeedRun -Id $runs[1].Id.ToString().Substring(0, 8).ToUpper()).Id | Should -Be $runs[1].Id
        $failed = Get-TestError { Get-S3FeedRun -Id zzzz }
        $failed.FullyQualifiedErrorId | Should -BeLike 'RunNotFound,*'
        $failed.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'has a table that fits 80 columns and a list' {
        $lines = (Get-S3FeedRun | Out-String -Width 80).Trim() -split '\r?\n'
        $lines[0] | Should -Match '^Run +Status +Started, UTC +Rows +Rejects +Time +Feed$'
        $lines[2] | Should -Match "^$($runs[3].Id.ToString().Substring(0, 8)) NothingToDo +\d{4}-\d\d-\d\d \d\d:\d\d +0 +0 +[\d.]+ s orders$"
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $list = Get-S3FeedRun -Id $runs[0].Id | Format-List | Out-String -Width 80
        $list | Should -Match 'Objects +: 1 of 1 loaded, 0 skipped, 0 failed'
        $list | Should -Match 'Rows +: 2 read, 2 loaded, 0 rejected'
        $list | Should -Not -Match 'Error'
    }

    It 'says that a run whose process has ended has failed' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,text`n" + "1,text`n" * 2400000 }
        $child = Start-Process pwsh -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$ModulePath'; Invoke-S3Feed orders"
        try {
            while (-not ($running = Get-S3FeedRun -Status Running) -and -not $child.HasExited) { Start-Sleep -Milliseconds 20 }
            # A pwsh that came as a .NET tool is a launcher, with the shell as its child: the run's own process is the one to kill.
            Stop-Process -Id $running.ProcessId -Force
            $child.WaitForExit()
        }
        finally { $child.Kill($true) }
        $dead = Get-S3FeedRun -Id $running.Id
        $dead.Status | Should -Be Failed
        $dead.ErrorId | Should -Be ProcessEnded
        $dead.Error | Should -Be 'process ended'
    }
}

Describe 'Stop-S3FeedRun' {
    BeforeAll {
        # Slow enough that it would not have ended before it is told to stop.
        $script:slow = @{ 'in/a.csv' = "id,text`n" + "1,some text that takes its time`n" * 2400000 }
    }

    It 'stops a run in another process' {
        $null = New-OrdersStore $slow
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ModulePath'; Invoke-S3Feed orders")
            $begun = $shell.BeginInvoke()
            while (-not ($running = Get-S3FeedRun -Status Running) -and -not $begun.IsCompleted) { Start-Sleep -Milliseconds 20 }
            ($running | Stop-S3FeedRun -PassThru).Id | Should -Be $running.Id
            $run = $shell.EndInvoke($begun)[0]
            $run.Status | Should -Be Canceled
            $shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'RunCanceled,*'
            $shell.Streams.Error[0].CategoryInfo.Category | Should -Be OperationStopped
        }
        finally { $shell.Dispose() }
    }

    It 'warns of a run that has ended, and knows no others' {
        $null = New-OrdersStore
        Invoke-S3Feed orders | Stop-S3FeedRun -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike 'Run * of feed orders has ended already.'
        (Get-TestError { Stop-S3FeedRun ffffffff }).FullyQualifiedErrorId | Should -BeLike 'RunNotFound,*'
    }
}

Describe 'Clear-S3FeedRun' {
    BeforeEach {
        $null = New-OrdersStore -Feeds @{ name = 'orders' }, @{ name = 'people' }
        $script:runs = 'orders', 'people' | Invoke-S3Feed
    }

    It 'forgets runs of all feeds, of some, and of some age' {
        Clear-S3FeedRun -OlderThan 1.00:00:00 -Force -PassThru | Should -Be 0
        Clear-S3FeedRun -OlderThan -1.00:00:00 -Force -PassThru | Should -Be 0 -Because "that is meant as a day ago, and not as tomorrow"
        Clear-S3FeedRun -Before $runs[1].StartedAt.LocalDateTime -Force -PassThru | Should -Be 1
        (Get-S3FeedRun).Id | Should -Be $runs[1].Id
        'people' | Clear-S3FeedRun -Confirm:$false | Should -BeNullOrEmpty
        Get-S3FeedRun | Should -BeNullOrEmpty
        (Get-TestError { Clear-S3FeedRun nobody -Force }).FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
    }

    It 'forgets the runs that it is given, and no other run of their feeds' {
        $again = Invoke-S3Feed orders
        Get-S3FeedRun -Status NothingToDo | Clear-S3FeedRun -Force -PassThru | Should -Be 1
        (Get-S3FeedRun).Id | Should -Be $runs[1].Id, $runs[0].Id
        $runs[0] | Select-Object Id, FeedName | Clear-S3FeedRun -Force -PassThru | Should -Be 1
        (Get-S3FeedRun).Id | Should -Be $runs[1].Id
        $run = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($runs[1]))
        $null = Invoke-S3Feed people
        $run | Clear-S3FeedRun -Force -PassThru | Should -Be 1
        Get-S3FeedRun | Should -HaveCount 1
        (Get-TestError { $again | Clear-S3FeedRun -Force }).FullyQualifiedErrorId | Should -BeLike 'RunNotFound,*'
    }

    It 'forgets runs by their ids' {
        $null = Invoke-S3Feed orders
        Clear-S3FeedRun -Id $runs[0].Id, $runs[1].Id.ToString().Substring(0, 8) -Force -PassThru | Should -Be 1, 1
        Get-S3FeedRun | Should -HaveCount 1
    }

    It 'forgets those of the given runs that are old enough' {
        Get-S3FeedRun | Clear-S3FeedRun -OlderThan 1h -Force -PassThru | Should -Be 0, 0
        Get-S3FeedRun | Clear-S3FeedRun -OlderThan 0s -Force -PassThru | Should -Be 1, 1
    }

    It 'forgets all runs of feeds that are piped' {
        Get-S3Feed people | Clear-S3FeedRun -Force -PassThru | Should -Be 1
        [pscustomobject]@{ FeedName = 'orders' } | Clear-S3FeedRun -Force -PassThru | Should -Be 1
    }

    It 'takes nothing else for a feed' {
        $trigger = Register-S3FeedTrigger orders -Every 1h
        $failed = Get-TestError { Get-S3FeedTrigger | Clear-S3FeedRun -Force }
        $failed.FullyQualifiedErrorId | Should -BeLike 'InputNotARun,*'
        Get-S3FeedRun | Should -HaveCount 2
    }

    It 'takes no number for an age: <_>' -ForEach 30, '30', 1.5 {
        $failed = Get-TestError { Clear-S3FeedRun -OlderThan $_ -Force }
        "$failed" | Should -BeLike "*$_ has no unit. Write $($_)s for seconds, $($_)m for minutes, $($_)h for hours, or $($_)d for days.*"
        Get-S3FeedRun | Should -HaveCount 2
    }

    It 'takes an age as it is typed' {
        # To PowerShell, these are numbers with a suffix.
        Clear-S3FeedRun -OlderThan 30d -Force -PassThru | Should -Be 0
        Clear-S3FeedRun -OlderThan 9000s -Force -PassThru | Should -Be 0
        "$(Get-TestError { Clear-S3FeedRun -OlderThan 30l -Force })" | Should -BeLike '*"30l" is not a duration.*'
        $thirty = 30d
        "$(Get-TestError { Clear-S3FeedRun -OlderThan $thirty -Force })" | Should -BeLike '*30 has no unit.*'
        Get-S3FeedRun | Should -HaveCount 2
    }

    It 'takes an age as it is written: <_>' -ForEach '30d', '12h', '1h30m', '30.00:00:00', ([timespan]::FromDays(30)), '9999d', '10000000d' {
        Clear-S3FeedRun -OlderThan $_ -Force -PassThru | Should -Be 0
    }

    It 'changes nothing with -WhatIf or where nobody can be asked' {
        Clear-S3FeedRun -WhatIf
        Clear-S3FeedRun -Force -WhatIf
        & { $WhatIfPreference = $true; Clear-S3FeedRun -Force }
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; Clear-S3FeedRun" 2>&1 | Out-String
        $said | Should -Match 'NonInteractive'
        Get-S3FeedRun | Should -HaveCount 2
    }

    It 'leaves what was loaded' {
        Clear-S3FeedRun -Force
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
    }
}
