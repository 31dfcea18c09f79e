BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $runbook = Join-Path $PSScriptRoot ../../docs/runbook.ps1

    # Runs a script as cron and services do: no profile, no HOME, hardly a variable. Gives exit code, output and errors.
    function Invoke-Unattended([string] $Path, [hashtable] $Parameters = @{}) {
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Command pwsh -CommandType Application)[0].Source)
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $arguments = @('-NoProfile', '-NonInteractive', '-File', $Path) + $Parameters.Keys.ForEach{ "-$_"; $Parameters[$_] }
        foreach ($argument in $arguments) { $start.ArgumentList.Add($argument) }
        $kept = @{}
        foreach ($name in 'PATH', 'DOTNET_ROOT', 'SystemRoot', 'TEMP') { $kept[$name] = [Environment]::GetEnvironmentVariable($name) }
        $start.Environment.Clear()
        foreach ($name in $kept.Keys.Where{ $kept[$_] }) { $start.Environment[$name] = $kept[$name] }
        $start.Environment['PSModulePath'] = Split-Path (Resolve-Path $ModulePath)
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output; Errors = $errors.Result }
    }

    # The definitions of a store whose feed good has a file, and bad has none.
    function Add-TestFeed([string] $Store, [string] $Bucket) {
        $null = New-S3Connection shop shop -EndpointUrl $Bucket -StorePath $Store
        $null = New-S3Feed good shop -Path good/ -FileType Csv -StorePath $Store
        $null = New-S3Feed bad shop -Path bad/ -FileType Csv -StorePath $Store
    }
}

Describe 'The runbook of docs/runbooks.md' {
    BeforeEach {
        $store = Join-Path $TestDrive "runbook-$([guid]::NewGuid().ToString('N'))"
        Add-TestFeed $store (New-TestBucket @{ 'good/a.csv' = "id,name`n1,Ann`n2,Bo`n"; 'bad/a.csv' = "id,name`n`"1,Ann`n" })
    }

    It 'loads, and ends with 0' {
        $ended = Invoke-Unattended $runbook @{ StorePath = $store; Name = 'good' }
        $ended.Errors | Should -BeNullOrEmpty
        $ended.Output | Should -Match '(?m)^\w+ +Succeeded .* 2 +0 +\S+ s good\s*$'
        $ended.Output | Should -Not -Match "`e" -Because 'it goes to a log'
        $ended.ExitCode | Should -Be 0
        (Invoke-Unattended $runbook @{ StorePath = $store; Name = 'good' }).Output | Should -Match '(?m)^\w+ +NothingToDo .* good\s*$'
    }

    It 'ends with 1 when a feed fails, says which and why, and runs the others' {
        $ended = Invoke-Unattended $runbook @{ StorePath = $store }
        $ended.ExitCode | Should -Be 1
        $ended.Output | Should -Match '(?m)^\w+ +Succeeded .* good\s*$'
        $ended.Output | Should -Match '(?m)^\w+ +Failed .* bad\s*$'
        $ended.Errors -replace '\s+\|?\s*', ' ' | Should -Match 'of feed bad failed\. The quote that opens on line 2 of s3://shop/bad/a\.csv is never closed'
        $ended.Errors | Should -Not -Match "`e"
    }

    It 'passes over a feed that is disabled' {
        Disable-S3Feed bad -StorePath $store
        $ended = Invoke-Unattended $runbook @{ StorePath = $store }
        $ended.Errors | Should -BeNullOrEmpty
        $ended.ExitCode | Should -Be 0
    }

    It 'ends with 1 when there is no such feed' {
        $ended = Invoke-Unattended $runbook @{ StorePath = $store; Name = 'missing' }
        $ended.ExitCode | Should -Be 1
        $ended.Errors | Should -Match missing
    }
}

Describe 'A runbook that makes all it needs' {
    BeforeAll {
        $script = Join-Path $TestDrive everything.ps1
        Set-Content $script {
            param([string] $StorePath, [string] $Bucket)
            $ErrorActionPreference = 'Stop'
            $PSDefaultParameterValues = @{ '*-S3*:StorePath' = $StorePath }
            $null = New-S3Connection shop shop -EndpointUrl $Bucket
            $null = New-S3Feed orders shop -Path in/ -FileType Csv
            (Invoke-S3Feed orders).RowsLoaded
            'the end'
        }
    }

    It 'loads a folder into SQLite' {
        $ended = Invoke-Unattended $script @{
            StorePath = Join-Path $TestDrive whole; Bucket = New-TestBucket @{ 'in/a.csv' = "id,name`n1,Ann`n" }
        }
        $ended.Errors | Should -BeNullOrEmpty
        -split $ended.Output | Should -Be '1', 'the', 'end'
        $ended.ExitCode | Should -Be 0
    }

    It 'ends at the first error, with 1' {
        $ended = Invoke-Unattended $script @{
            StorePath = Join-Path $TestDrive broken; Bucket = New-TestBucket @{ 'in/a.csv' = "id`n`"1`n" }
        }
        $ended.ExitCode | Should -Be 1
        $ended.Errors | Should -Match 'is never closed'
        $ended.Output | Should -Not -Match 'the end'
    }

    It 'is told to name a store where there is no home' -Skip:$IsWindows {
        $homeless = Join-Path $TestDrive homeless.ps1
        Set-Content $homeless { $ErrorActionPreference = 'Stop'; Get-S3FeedStore }
        $ended = Invoke-Unattended $homeless
        $ended.ExitCode | Should -Be 1
        $ended.Errors | Should -Match '-StorePath'
    }
}
