BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1

    # A run that takes much longer than stopping it may, and the rows it has.
    $script:rows = 3000000
    $script:slow = @{ 'in/a.csv' = "id,text`n" + "1,some text that takes its time`n" * $rows }

    # The processor time of this process, which other programs on the machine do not take away.
    function Get-ProcessorTime { [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime }

    # Waits until a run is under way.
    function Wait-Run($Process) {
        while (-not ($running = Get-S3FeedRun -Status Running)) {
            if ($Process.HasExited -or $Process.IsCompleted) { throw 'No run began.' }
            Start-Sleep -Milliseconds 20
        }
        # Into the loading: so much work is half a second on a fast machine, and more on a slow one.
        $worker = [Diagnostics.Process]::GetProcessById($running.ProcessId)
        $before = $worker.TotalProcessorTime
        while (-not $worker.HasExited -and ($worker.TotalProcessorTime - $before).TotalMilliseconds -lt 500) {
            Start-Sleep -Milliseconds 20
            $worker.Refresh()
        }
        $running
    }
}

Describe 'Stopping Invoke-S3Feed' {
    It 'ends soon on Stop, with nothing loaded and nothing running' {
        $null = New-OrdersStore $slow
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$ModulePath'; Invoke-S3Feed orders")
            $begun = $shell.BeginInvoke()
            $running = Wait-Run $begun
            $before = Get-ProcessorTime
            $shell.Stop()
            $stopping = (Get-ProcessorTime) - $before
            { $shell.EndInvoke($begun) } | Should -Throw
        }
        finally { $shell.Dispose() }
        $run = Get-S3FeedRun -Id $running.Id
        $run.Status | Should -Be Canceled
        $run.RowsLoaded | Should -Be 0
        (Get-S3FeedPlan orders).ObjectsToLoad | Should -Be 1

        # The run that is let go on takes the work that was left to the other one.
        $before = Get-ProcessorTime
        (Invoke-S3Feed orders).RowsLoaded | Should -Be $rows
        $stopping | Should -BeLessThan (((Get-ProcessorTime) - $before) / 2)
    }

    It 'ends soon on Ctrl+C' -Skip:(-not $IsLinux) {
        $null = New-OrdersStore $slow
        # A shell may have started us with the signal ignored, which children inherit.
        $arguments = '--default-signal=INT', 'pwsh', '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$ModulePath'; Invoke-S3Feed orders"
        $start = [Diagnostics.ProcessStartInfo]::new('env', [string[]]$arguments)
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $child = [Diagnostics.Process]::Start($start)
        try {
            $running = Wait-Run $child
            kill -INT $running.ProcessId
            $child.WaitForExit(60000) | Should -BeTrue
        }
        finally { $child.Kill($true) }
        $run = Get-S3FeedRun -Id $running.Id
        $run.Status | Should -Be Canceled
        $run.RowsLoaded | Should -Be 0
    }

    It 'begins nothing after a consumer that has enough' {
        $null = New-OrdersStore -Feeds @{ name = 'one' }, @{ name = 'two' }
        ('one', 'two' | Invoke-S3Feed | Select-Object -First 1).FeedName | Should -Be one
        (Invoke-S3Feed one, two | Select-Object -First 1).FeedName | Should -Be one
        Get-S3FeedRun two* | Should -BeNullOrEmpty
        Get-S3FeedRun -Status Running | Should -BeNullOrEmpty
        (Invoke-S3Feed two).Status | Should -Be Succeeded
    }

    It 'begins nothing after a consumer that throws' {
        $null = New-OrdersStore -Feeds @{ name = 'one' }, @{ name = 'two' }
        { Invoke-S3Feed one, two | ForEach-Object { throw 'enough' } } | Should -Throw enough
        (Get-S3FeedRun).FeedName | Should -Be one
        (Get-S3FeedRun).Status | Should -Be Succeeded
        (Invoke-S3Feed one).Status | Should -Be NothingToDo
    }

    It 'begins nothing after an error where errors stop' {
        $null = New-OrdersStore -Feeds @{ name = 'off'; enabled = $false }, @{ name = 'two' }
        { Invoke-S3Feed off, two -ErrorAction Stop } | Should -Throw -ErrorId 'FeedDisabled,*'
        Get-S3FeedRun | Should -BeNullOrEmpty
    }

    It 'does a run wholly or not at all where a stream fails while it is under way' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n1`n"; 'in/b.csv' = "id`n`"2`n" } @{ name = 'orders'; onBadFile = 'Skip' }
        # The bad file is told as soon as it is met.
        { & { $VerbosePreference = 'Stop'; Invoke-S3Feed orders } } | Should -Throw
        $first = Get-S3FeedRun
        $first.Status | Should -BeIn Canceled, SucceededWithRejects
        $second = Invoke-S3Feed orders -WarningAction SilentlyContinue
        $first.RowsLoaded + $second.RowsLoaded | Should -Be 1
    }
}
