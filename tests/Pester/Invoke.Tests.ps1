BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
}

Describe 'Invoke-S3Feed' {
    It 'loads what is new, once, and emits the run' {
        $null = New-OrdersStore
        $run = Invoke-S3Feed orders
        $run | Should -BeOfType PeakS3Feed.Runs.S3FeedRun
        $run.Status | Should -Be Succeeded
        $run.RowsLoaded | Should -Be 2
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
    }

    It 'takes names by value, by property and several at once' {
        $null = New-OrdersStore -Feeds @{ name = 'one' }, @{ name = 'two' }
        ('one', 'two' | Invoke-S3Feed).FeedName | Should -Be one, two
        ([pscustomobject]@{ Name = 'two' } | Invoke-S3Feed).FeedName | Should -Be two
        (Invoke-S3Feed -Name two, one).FeedName | Should -Be two, one
        (Get-S3FeedRun one -Last 1 | Invoke-S3Feed).FeedName | Should -Be one
    }

    It 'goes on with the next feed after one that cannot run' {
        $null = New-OrdersStore -Feeds @{ name = 'off'; enabled = $false }, @{ name = 'on' }
        $runs = 'nix', 'off', 'on' | Invoke-S3Feed -ErrorVariable failed -ErrorAction SilentlyContinue
        $runs.FeedName | Should -Be on
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        $failed[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failed[1].FullyQualifiedErrorId | Should -BeLike 'FeedDisabled,*'
        $failed[1].TargetObject | Should -Be off
        "$($failed[1])" | Should -BeLike '*Invoke-S3Feed -Name off -Force*'
    }

    It 'refuses a -MaxParallelism of <value> with the range that it has' -ForEach @{ value = 0 }, @{ value = -1 }, @{ value = 65 } {
        $null = New-OrdersStore
        { Invoke-S3Feed orders -MaxParallelism $value } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -ExpectedMessage "*'MaxParallelism'*$value *"
        { Invoke-S3Feed orders -MaxParallelism $value } | Should -Throw -ExpectedMessage "*range of $(if ($value -gt 64) { 64 } else { 1 })*"
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'refuses a -MaxParallelism that is not a whole number' {
        $null = New-OrdersStore
        { Invoke-S3Feed orders -MaxParallelism many } |
            Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*' -ExpectedMessage "*'MaxParallelism'*`"many`"*"
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'loads the same with a -MaxParallelism of <value>' -ForEach @{ value = 1 }, @{ value = 64 } {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n1`n"; 'in/b.csv' = "id`n2`n"; 'in/c.csv' = "id`n3`n4`n" }
        $run = Invoke-S3Feed orders -MaxParallelism $value
        $run.Status | Should -Be Succeeded
        $run.ObjectsLoaded | Should -Be 3
        $run.RowsLoaded | Should -Be 4
    }

    It 'runs a disabled feed with -Force' {
        $null = New-OrdersStore -Feeds @{ name = 'off'; enabled = $false }
        (Invoke-S3Feed off -Force).Status | Should -Be Succeeded
    }

    It 'emits a run that failed and then RunFailed with the run as its target' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1`n2,1,1`n" }
        $run = Invoke-S3Feed orders -ErrorVariable failed -ErrorAction SilentlyContinue
        $run.Status | Should -Be Failed
        $run.ErrorId | Should -Be FailedRowThresholdExceeded
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        $failed[0].CategoryInfo.Category | Should -Be InvalidData
        $failed[0].TargetObject.Id | Should -Be $run.Id
        $failed[0].Exception.Id | Should -Be FailedRowThresholdExceeded
        "$($failed[0])" | Should -BeLike 'Run * of feed orders failed.*Next: Get-S3FeedRun -FeedName orders -Last 1 | Get-S3FeedReject*'
    }

    It 'emits the failed run also where errors stop' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1`n2,1,1`n" }
        $runs = [System.Collections.Generic.List[object]]::new()
        { Invoke-S3Feed orders -ErrorAction Stop | ForEach-Object { $runs.Add($_) } } | Should -Throw -ErrorId 'RunFailed,*'
        $runs.Status | Should -Be Failed
    }

    It 'warns of rejects with the command that shows them' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1`n2,1,1`n" } @{ name = 'orders'; failedRowThreshold = '1' }
        $run = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        $run.Status | Should -Be SucceededWithRejects
        "$warned" | Should -BeLike "1 row of feed orders could not be loaded*Get-S3FeedRun -Id $($run.Id.ToString().Substring(0, 8)) | Get-S3FeedReject"
    }

    It 'warns of each file that is left out' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n1`n"; 'in/b.csv' = "id`n`"2`n" } @{ name = 'orders'; onBadFile = 'Skip' }
        $run = Invoke-S3Feed orders -WarningVariable warned -WarningAction SilentlyContinue
        $run.ObjectsFailed | Should -Be 1
        "$warned" | Should -BeLike 's3://acme/in/b.csv was left out: BadFile*'
    }

    It 'prints the plan with -WhatIf and changes nothing' {
        $made = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1.50`n"; 'in/empty.csv' = '' }
        $before = Get-FolderHash $made.Store, $made.Bucket
        $printed = pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; `$x = @(Invoke-S3Feed orders -WhatIf); 'emitted ' + `$x.Count" | Out-String
        $printed | Should -BeLike '*What if: orders: Incremental into "orders"*1 object to load, 16 B*s3://acme/in/a.csv*skipped (Empty 1):*CREATE TABLE "orders"*INSERT INTO "orders"*emitted 0*'
        Get-FolderHash $made.Store, $made.Bucket | Should -Be $before
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'heeds the WhatIf preference, and -WhatIf:$false above it' {
        $null = New-OrdersStore
        & { $WhatIfPreference = $true; Invoke-S3Feed orders } | Should -BeNullOrEmpty
        (& { $WhatIfPreference = $true; Invoke-S3Feed orders -WhatIf:$false }).Status | Should -Be Succeeded
    }

    It 'asks where confirmation is wanted' {
        $null = New-OrdersStore
        # Nobody is there to answer.
        Get-TestError { Invoke-S3Feed orders -Confirm } | Should -Not -BeNullOrEmpty
        Get-S3FeedRun | Should -BeNullOrEmpty
        (Invoke-S3Feed orders -Confirm:$false).Status | Should -Be Succeeded
    }

    It 'has an obstacle of the plan as an error with -WhatIf' {
        $made = New-OrdersStore
        $null = Invoke-S3Feed orders
        Set-Content (Join-Path $made.Bucket in/a.csv) "id,price`n1,1.50`n9,9.99"
        Invoke-S3Feed orders -WhatIf -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ChangedObjectUndecided,*'
    }

    It 'shows progress at most five times a second, and that it is done' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,text`n" + "1,abcdefgh`n" * 2000000 } # long enough on any machine for several updates
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ModulePath'; Invoke-S3Feed orders")
            $run = $shell.Invoke()[0]
            $records = $shell.Streams.Progress | Where-Object Activity -EQ 'Running feed orders'
            $records[-1].RecordType | Should -Be Completed
            $records.ActivityId | Select-Object -Unique | Should -HaveCount 1
            $records.Count | Should -BeLessOrEqual ($run.Duration.TotalSeconds * 5 + 3)
            $records.Count | Should -BeGreaterThan 1
            $records.StatusDescription | Should -Contain 'done'
            $records[-2].StatusDescription | Should -Match 'rows'
        }
        finally { $shell.Dispose() }
    }

    It 'keeps no text of rejects with -RejectText None' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1`nsecret,1,1`n" } @{ name = 'orders'; failedRowThreshold = '1' }
        $reject = Invoke-S3Feed orders -RejectText None -WarningAction SilentlyContinue | Get-S3FeedReject
        $reject.Line | Should -Be 3
        $reject.RawText | Should -BeNullOrEmpty
    }

    It 'finds the store again where one was named' {
        $made = New-OrdersStore
        $null = New-TestStore
        $run = Invoke-S3Feed orders -StorePath $made.Store
        ($run | Get-S3FeedRun).Id | Should -Be $run.Id
    }
}
