BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1

    # Feeds one, two and three, each with files of its own and a database of its own: the loads of one SQLite file follow each other.
    function New-ThreeFeedStore([hashtable] $Files = @{}, [hashtable] $One = @{}) {
        $names = 'one', 'two', 'three'
        $all = @{}
        foreach ($name in $names) { $all["$name/a.csv"] = "id`n1`n2`n" }
        foreach ($key in $Files.Keys) { $all[$key] = $Files[$key] }
        $made = New-OrdersStore $all @(
            @{ name = 'one'; path = 'one/' } + $One
            @{ name = 'two'; path = 'two/' }
            @{ name = 'three'; path = 'three/' })
        foreach ($name in $names) {
            $null = New-S3FeedDestination "${name}_db" -Sqlite -Path (Join-Path $made.Store "$name.db")
            Set-S3Feed $name -DestinationName "${name}_db" -WarningAction SilentlyContinue
        }
        $made
    }

    # Runs that take much longer than starting all of them, or stopping them.
    function New-Slow([string[]] $Name) {
        $files = @{}
        foreach ($feed in $Name) { $files["$feed/a.csv"] = "id,text`n" + "1,some text that takes its time`n" * 2000000 }
        $files
    }

    function Test-Overlap($Run) {
        $sorted = @($Run | Sort-Object StartedAt)
        for ($i = 1; $i -lt $sorted.Count; $i++) { if ($sorted[$i].StartedAt -lt $sorted[$i - 1].EndedAt) { return $true } }
        $false
    }
}

Describe 'Invoke-S3Feed -ThrottleLimit' {
    It 'runs feeds at the same time and emits each run when it has ended' {
        $null = New-ThreeFeedStore (New-Slow one)
        $runs = 'one', 'two', 'three' | Invoke-S3Feed -ThrottleLimit 3
        $runs | Should -HaveCount 3
        $runs | Should -BeOfType PeakS3Feed.Runs.S3FeedRun
        $runs[-1].FeedName | Should -Be one
        $runs.Status | Select-Object -Unique | Should -Be Succeeded
        ($runs | Sort-Object FeedName).RowsLoaded | Should -Be 2000000, 2, 2
        Test-Overlap $runs | Should -BeTrue
        (Invoke-S3Feed one, two, three -ThrottleLimit 3).Status | Select-Object -Unique | Should -Be NothingToDo
    }

    It 'runs one after the other in the given order by default' {
        $null = New-ThreeFeedStore
        $runs = Invoke-S3Feed three, one, two
        $runs.FeedName | Should -Be three, one, two
        Test-Overlap $runs | Should -BeFalse
    }

    It 'runs a feed that is named twice twice, and not at the same time' {
        $null = New-ThreeFeedStore
        $runs = 'one', 'ONE', 'two' | Invoke-S3Feed -ThrottleLimit 3
        ($runs | Where-Object FeedName -EQ one).Status | Should -Be Succeeded, NothingToDo
    }

    It 'names the feed in each error, and runs the others' {
        $null = New-ThreeFeedStore @{ 'two/b.csv' = "id`n1,1`n" } @{ enabled = $false }
        $runs = 'nope', 'one', 'two', 'three' | Invoke-S3Feed -ThrottleLimit 4 -ErrorVariable failed -ErrorAction SilentlyContinue
        ($runs | Sort-Object FeedName).FeedName | Should -Be three, two
        ($runs | Where-Object FeedName -EQ three).Status | Should -Be Succeeded
        $failed | Should -HaveCount 3
        $found = $failed | Sort-Object FullyQualifiedErrorId
        $found[0].FullyQualifiedErrorId | Should -BeLike 'FeedDisabled,*'
        $found[0].TargetObject | Should -Be one
        $found[1].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        $found[1].TargetObject | Should -Be nope
        $found[2].FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        $found[2].TargetObject.FeedName | Should -Be two
        "$($found[2])" | Should -BeLike 'Run * of feed two failed.*'
    }

    It 'stops the other runs and awaits them where errors stop' {
        $null = New-ThreeFeedStore ((New-Slow two, three) + @{ 'one/b.csv' = "id`n1,1`n" })
        { Invoke-S3Feed two, three, one -ThrottleLimit 3 -ErrorAction Stop } | Should -Throw -ErrorId 'RunFailed,*'
        Get-S3FeedRun -Status Running | Should -BeNullOrEmpty
        (Get-S3FeedRun two, three).Status | Select-Object -Unique | Should -Be Canceled
        (Get-S3FeedRun two, three).RowsLoaded | Select-Object -Unique | Should -Be 0
        (Invoke-S3Feed two, three -ThrottleLimit 2).RowsLoaded | Should -Be 2000000, 2000000
    }

    It 'begins no run where a name does not exist and errors stop' {
        $null = New-ThreeFeedStore
        { Invoke-S3Feed one, nope, two -ThrottleLimit 2 -ErrorAction Stop } | Should -Throw -ErrorId 'FeedNotFound,*'
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'stops the other runs and awaits them after a consumer that has enough' {
        $null = New-ThreeFeedStore (New-Slow two, three)
        (Invoke-S3Feed one, two, three -ThrottleLimit 3 | Select-Object -First 1).FeedName | Should -Be one
        Get-S3FeedRun -Status Running | Should -BeNullOrEmpty
        (Get-S3FeedRun one).Status | Should -Be Succeeded
        Get-S3FeedRun two, three | ForEach-Object Status | Select-Object -Unique | Should -BeIn Canceled, $null
    }

    It 'stops all runs on Stop' {
        $null = New-ThreeFeedStore (New-Slow one, two, three)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ModulePath'; Invoke-S3Feed one, two, three -ThrottleLimit 3")
            $begun = $shell.BeginInvoke()
            while (@(Get-S3FeedRun -Status Running).Count -lt 3) {
                if ($begun.IsCompleted) { throw 'The runs have ended.' }
                Start-Sleep -Milliseconds 20
            }
            $shell.Stop()
            { $shell.EndInvoke($begun) } | Should -Throw
        }
        finally { $shell.Dispose() }
        (Get-S3FeedRun).Status | Should -Be Canceled, Canceled, Canceled
        (Get-S3FeedRun).RowsLoaded | Should -Be 0, 0, 0
    }

    It 'shows each plan with -WhatIf and changes nothing' {
        $made = New-ThreeFeedStore
        $before = Get-FolderHash $made.Store, $made.Bucket
        $printed = pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; 'one', 'two' | Invoke-S3Feed -ThrottleLimit 2 -WhatIf" | Out-String
        $printed | Should -BeLike '*What if: one: Incremental into "one"*What if: two: Incremental into "two"*'
        Get-FolderHash $made.Store, $made.Bucket | Should -Be $before
    }

    It 'asks about each feed before the first run begins' {
        $null = New-ThreeFeedStore
        $runs = Invoke-S3Feed one, two -ThrottleLimit 2 -Confirm -ErrorVariable failed -ErrorAction SilentlyContinue
        $runs | Should -BeNullOrEmpty
        $failed | Should -HaveCount 2
        $failed.TargetObject | Should -Be one, two
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'shows one progress for all feeds with one for each run below it, and removes them' {
        $null = New-ThreeFeedStore (New-Slow one, two)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ModulePath'; Invoke-S3Feed one, two, three -ThrottleLimit 2")
            $null = $shell.Invoke()
            $records = $shell.Streams.Progress
        }
        finally { $shell.Dispose() }
        $all = @($records | Where-Object Activity -EQ 'Running 3 feeds')
        $all.ActivityId | Select-Object -Unique | Should -HaveCount 1
        $all[-1].RecordType | Should -Be Completed
        $all.StatusDescription -match '^0 of 3 feeds ended, 2 running, .* rows, .*/s' | Should -Not -BeNullOrEmpty
        foreach ($feed in 'one', 'two') {
            $own = @($records | Where-Object Activity -EQ "Running feed $feed")
            $own[-1].RecordType | Should -Be Completed
            $own[0].ParentActivityId | Should -Be $all[0].ActivityId
            $own.StatusDescription -match '^0/1 object, .* \(\d+%\), .* rows' | Should -Not -BeNullOrEmpty
        }
    }

    It 'names the feed of each line with -Verbose, and reports progress' {
        $null = New-ThreeFeedStore
        $lines = Invoke-S3Feed one, two -ThrottleLimit 2 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        foreach ($feed in 'one', 'two') {
            $lines | Should -Contain "${feed}: 0/1 object, 0 B/7 B (0%), 0 rows"
            $lines | Should -Contain "${feed}: Read s3://acme/$feed/a.csv: rows: 2, rejects: 0."
        }
    }

    It 'takes feeds of several stores' {
        $first = New-ThreeFeedStore
        $second = New-ThreeFeedStore
        $null = New-TestStore
        $runs = @(Get-S3Feed one, two -StorePath $first.Store) + @(Get-S3Feed three -StorePath $second.Store) | Invoke-S3Feed -ThrottleLimit 3
        $runs.Status | Should -Be Succeeded, Succeeded, Succeeded
        ($runs | Where-Object FeedName -EQ three | Get-S3FeedRun).Status | Should -Be Succeeded
        (Get-S3FeedRun -StorePath $first.Store).FeedName | Sort-Object | Should -Be one, two
    }

    It 'is refused if it is <value>' -ForEach @{ value = 0 }, @{ value = -1 } {
        $null = New-ThreeFeedStore
        { Invoke-S3Feed one -ThrottleLimit $value } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -ExpectedMessage "*'ThrottleLimit'*$value *"
    }
}

Describe 'Invoke-S3FeedTrigger -ThrottleLimit' {
    It 'runs <limit> feed(s) at a time' -ForEach @{ limit = 1; overlap = $false }, @{ limit = 2; overlap = $true } {
        $null = New-ThreeFeedStore (New-Slow one, two)
        foreach ($feed in 'one', 'two') { $null = Register-S3FeedTrigger $feed -Every 1h }
        $runs = Invoke-S3FeedTrigger one*, two* -Now -ThrottleLimit $limit
        $runs.Status | Should -Be Succeeded, Succeeded
        Test-Overlap $runs | Should -Be $overlap
    }

    It 'reports progress with -Verbose' {
        $null = New-ThreeFeedStore
        $null = Register-S3FeedTrigger one -Name hourly -Every 1h
        $lines = Invoke-S3FeedTrigger hourly -Now -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        $lines | Should -Contain 'one: 0/1 object, 0 B/7 B (0%), 0 rows'
    }
}
