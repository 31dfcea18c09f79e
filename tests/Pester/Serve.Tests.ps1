BeforeDiscovery {
    . $PSScriptRoot/Mail.ps1
    $script:worker = Join-Path $PSScriptRoot ../../src/PeakS3Feed.Worker/bin/Release/net10.0/peaks3feed.dll
    $script:cannot = -not ((Test-Path $worker) -and (Test-MailServer))
}

# What the module writes into a store, a worker that serves it takes without a restart.
Describe 'A store that is edited while peaks3feed serves it' -Skip:$cannot {
    BeforeAll {
        . $PSScriptRoot/Setup.ps1
        . $PSScriptRoot/Mail.ps1

        # What a block gives, as soon as it gives something.
        function Wait-For([scriptblock] $Block) {
            for ($tries = 0; $tries -lt 600; $tries++) {
                if ($found = & $Block) { return $found }
                Start-Sleep -Milliseconds 100
            }
            throw "It does not come: $Block"
        }
        function Send-Hook($Trigger, [string] $Secret) {
            Invoke-WebRequest "$address$($Trigger.WebhookPath)" -Method Post -Headers @{ 'X-PeakS3Feed-Secret' = $Secret } -SkipHttpErrorCheck
        }
        function Get-Page { (Invoke-WebRequest $address).Content }

        $script:mail = Start-MailServer
        $script:store = New-TestStore
        $script:bucket = New-TestBucket @{ 'orders/a.csv' = "id`n1`n2`n"; 'returns/a.csv' = "id`n1`n" }
        $null = New-S3Connection acme acme-data -EndpointUrl $bucket
        $program = Join-Path $PSScriptRoot ../../src/PeakS3Feed.Worker/bin/Release/net10.0/peaks3feed.dll
        $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]]($program, 'serve', '--store', $store, '--urls', 'http://127.0.0.1:0'))
        $start.RedirectStandardError = $true
        $script:process = [Diagnostics.Process]::Start($start)
        do { $line = $process.StandardError.ReadLine() } until ($null -eq $line -or $line -match ' at http://')
        $script:address = $line -replace '^.* at '
        $script:rest = $process.StandardError.ReadToEndAsync() # what nobody reads would stop it when the pipe is full
    }
    AfterAll {
        $process.Kill()
        $process.WaitForExit()
        Stop-MailServer $mail
    }

    It 'shows a feed that is made, and runs it by a schedule that is registered' {
        Get-Page | Should -BeLike '*The store has no feed yet.*'
        $null = New-S3Feed orders acme -FileType Csv -Path orders/
        $null = Register-S3FeedTrigger orders -Every 00:00:10 -Name often
        $run = Wait-For { Get-S3FeedRun orders -Status Succeeded }
        $run.RowsLoaded | Should -Be 2
        $run.ProcessId | Should -Be $process.Id
        Get-Page | Should -BeLike '*<h2>orders*often*Every 10 seconds.*'
    }
    It 'fires at other times when a trigger is moved, and no more when it is disabled' {
        Set-S3FeedTrigger often -Daily -At 07:00 -TimeZone UTC
        Get-Page | Should -BeLike '*Every day at 07:00 (UTC).*'
        Disable-S3FeedTrigger often
        Get-Page | Should -BeLike '*often*disabled*'
    }
    It 'answers a webhook that is registered, by its newest secret alone' {
        $script:hook = Register-S3FeedTrigger orders -Webhook -Name hook
        (Send-Hook $hook $hook.Secret).StatusCode | Should -Be 202
        $script:secret = (Set-S3FeedTrigger hook -Regenerate).Secret
        (Send-Hook $hook $hook.Secret).StatusCode | Should -Be 401
        $answer = Send-Hook $hook $secret
        $answer.StatusCode | Should -Be 202
        $id = ($answer.Content | ConvertFrom-Json).runId
        Wait-For { Get-S3FeedRun orders | Where-Object { $_.Id -eq $id -and $_.EndedAt } } | Should -Not -BeNullOrEmpty
    }
    It 'tells a watcher that is added' {
        $null = Add-S3FeedWatcher * -Name ops -Event RunFailed -To ops@example.com -From feeds@example.com -SmtpHost localhost -SmtpPort $mail.Port -Security None
        [IO.File]::WriteAllText((Join-Path ([uri]$bucket).LocalPath orders/b.csv), "id`n`"3`n")
        $null = Send-Hook $hook $secret
        Wait-For { Get-Mail $mail } | Should -BeLike '*Subject: Feed orders failed: *'
    }
    It 'follows a feed to another name, and knows one no more that is removed' {
        Rename-S3Feed orders sales
        Get-Page | Should -BeLike '*<h2>sales*hook*'
        (Send-Hook $hook $secret).StatusCode | Should -Be 202
        $null = Disable-S3Feed sales
        (Send-Hook $hook $secret).StatusCode | Should -Be 409
        Remove-S3Feed sales -Confirm:$false
        Get-Page | Should -Not -BeLike '*sales*'
        (Send-Hook $hook $secret).StatusCode | Should -Be 401
    }
}
