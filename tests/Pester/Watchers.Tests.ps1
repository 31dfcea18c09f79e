BeforeDiscovery {
    . $PSScriptRoot/Mail.ps1
    $script:noMail = -not (Test-MailServer)
}
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Mail.ps1

    # A store with the feeds orders and returns; one row of returns cannot be loaded.
    function New-Acme {
        $script:store = New-TestStore
        $script:bucket = New-TestBucket @{ 'orders/a.csv' = "id,zip`n1,01234`n2,04321`n"; 'returns/a.ndjson' = "{`"id`":1}`n{`"id`":`"two`"}`n" }
        $null = New-S3Connection acme acme-data -EndpointUrl $bucket
        $null = New-S3Feed orders acme -FileType Csv -Path orders/
        $null = New-S3Feed returns acme -FileType Ndjson -Path returns/ -FailedRowThreshold 1 -Schema @{ id = 'bigint' }
    }
    function Get-StoreHash { (Get-FileHash (Join-Path $store definitions.json)).Hash }
    $script:byMail = @{ To = 'ops@example.com'; From = 'feeds@example.com'; SmtpHost = 'localhost' }
}

Describe 'Add-S3FeedWatcher' {
    BeforeEach { New-Acme }

    It 'makes one that sends emails, named after its feed' {
        $made = Add-S3FeedWatcher orders -Event RunFailed, Rejects @byMail -Username feeds -Password env:MAIL_PASSWORD
        $made.Name | Should -Be orders_email
        $made.Event | Should -Be RunFailed, Rejects
        $made.Security | Should -Be StartTls
        (Add-S3FeedWatcher orders -Event RunFailed @byMail).Name | Should -Be orders_email_2
        ($made | Out-String) | Should -BeLike '*orders_email*orders*True*RunFailed, Rejects*ops@example.com*'
    }
    It 'makes one that calls a URL, whose path is not shown' {
        $made = Add-S3FeedWatcher -FeedName * -Name chat -Event RunFailed -Url https://hooks.example.com/services/hunter2 -SigningKey env:KEY
        $made.FeedName | Should -Be '*'
        $made | Out-String | Should -BeLike '*chat*hooks.example.com*'
        $made | Out-String | Should -Not -BeLike '*hunter2*'
    }
    It 'takes a limit, and a time on some days' {
        $made = Add-S3FeedWatcher orders -Event RunsLong, NothingArrived -LongerThan 00:30:00 -ArrivesBy 07:00 -ArrivesOn Mon, Tue -TimeZone Europe/Paris -Url https://hooks.example.com/x
        $made.LongerThan | Should -Be ([timespan]'00:30:00')
        $made.ArrivesBy | Should -Be ([timeonly]'07:00')
        $made.ArrivesOn | Should -Be Monday, Tuesday
        $made.TimeZone | Should -Be Europe/Paris
        (Add-S3FeedWatcher orders -Event NothingArrived -ArrivesBy 07:00 -Url https://hooks.example.com/x).TimeZone | Should -Not -BeNullOrEmpty
    }
    It 'may be called twice' {
        $first = Add-S3FeedWatcher orders -Event RunsLong, NothingArrived -LongerThan 30m -ArrivesBy 7 @byMail
        $again = Add-S3FeedWatcher orders -Event RunsLong, NothingArrived -LongerThan 00:30:00 -ArrivesBy 7am @byMail
        $again.Id | Should -Be $first.Id
        $first.LongerThan | Should -Be ([timespan]'00:30:00')
        Get-S3FeedWatcher | Should -HaveCount 1
        $failed = Get-TestError { Add-S3FeedWatcher orders -Name $first.Name -Event RunFailed @byMail }
        $failed.FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        "$failed" | Should -BeLike "*Next: Remove-S3FeedWatcher -Name $($first.Name)*"
    }
    It 'takes no number for a duration, and explains a time of day' {
        "$(Get-TestError { Add-S3FeedWatcher orders -Event RunsLong -LongerThan 30 @byMail })" | Should -BeLike '*30 has no unit. Write 30s*'
        "$(Get-TestError { Add-S3FeedWatcher orders -Event RunsLong -LongerThan '30' @byMail })" | Should -BeLike '*30 has no unit. Write 30s*'
        "$(Get-TestError { Add-S3FeedWatcher orders -Event NothingArrived -ArrivesBy noon @byMail })" | Should -BeLike '*Write a time of day*'
    }
    It 'takes feeds from the pipeline, and changes nothing with -WhatIf' {
        $before = Get-StoreHash
        Get-S3Feed | Add-S3FeedWatcher -Event RunFailed @byMail -WhatIf
        Get-StoreHash | Should -Be $before
        (Get-S3Feed | Add-S3FeedWatcher -Event RunFailed @byMail).Name | Should -Be orders_email, returns_email
    }
    It 'refuses <why>' -ForEach @(
        @{ why = 'a limit that is missing'; id = 'WatcherInvalid'; like = '*RunsLong*LongerThan*'; given = @{ Event = 'RunsLong'; Url = 'https://hooks.example.com/x' } }
        @{ why = 'a time that is missing'; id = 'WatcherInvalid'; like = '*NothingArrived*ArrivesBy*'; given = @{ Event = 'NothingArrived'; Url = 'https://hooks.example.com/x' } }
        @{ why = 'a URL in the clear'; id = 'WatcherInvalid'; like = '*https://*'; given = @{ Event = 'RunFailed'; Url = 'http://hooks.example.com/hunter2' } }
        @{ why = 'a password itself'; id = 'WatcherInvalid'; like = '*reference*'; given = @{ Event = 'RunFailed'; To = 'a@example.com'; From = 'b@example.com'; SmtpHost = 'mail'; Username = 'u'; Password = 'hunter2' } }
        @{ why = 'no address'; id = 'WatcherInvalid'; like = '*"somebody"*'; given = @{ Event = 'RunFailed'; To = 'somebody'; From = 'b@example.com'; SmtpHost = 'mail' } }
        @{ why = 'no event'; id = 'ParameterArgumentTransformationError'; like = '*Event*'; given = @{ Event = 'RunDoubtful'; Url = 'https://hooks.example.com/x' }; binding = $true }
        @{ why = 'no feed'; id = 'FeedNotFound'; like = '*nobody*orders, returns*'; given = @{ FeedName = 'nobody'; Event = 'RunFailed'; Url = 'https://hooks.example.com/x' } }
    ) {
        $before = Get-StoreHash
        if (-not $given.FeedName) { $given.FeedName = 'orders' }
        $problem = Get-TestError { Add-S3FeedWatcher @given }
        if ($binding) { $problem.FullyQualifiedErrorId | Should -BeLike '*,PeakS3Feed.Cmdlets.Watchers.AddS3FeedWatcherCommand' } else { $problem.FullyQualifiedErrorId | Should -BeLike "$id,*" }
        "$problem" | Should -BeLike $like
        "$problem" | Should -Not -BeLike '*hunter2*'
        Get-StoreHash | Should -Be $before
    }
    It 'warns of a secret that the worker cannot read' {
        $null = Add-S3FeedWatcher orders -Event RunFailed @byMail -Username feeds -Password vault:a/b -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*vault:a/b*env:NAME*'
        (Add-S3FeedWatcher orders -Event RunFailed -Url env:CHAT_URL | Out-String) | Should -BeLike '*env:CHAT_URL*'
    }
}

Describe 'Get-S3FeedWatcher and Remove-S3FeedWatcher' {
    BeforeEach {
        New-Acme
        $null = Add-S3FeedWatcher orders -Event RunFailed @byMail
        $null = Add-S3FeedWatcher returns -Event RunFailed @byMail
        $null = Add-S3FeedWatcher * -Name everything -Event RunFailed @byMail
    }

    It 'finds by name, pattern and feed' {
        (Get-S3FeedWatcher).Name | Should -Be orders_email, returns_email, everything
        (Get-S3FeedWatcher *_email).Name | Should -Be orders_email, returns_email
        (Get-S3FeedWatcher -FeedName orders).Name | Should -Be orders_email
        (Get-TestError { Get-S3FeedWatcher nobody }).FullyQualifiedErrorId | Should -BeLike 'WatcherNotFound,*'
        Get-S3FeedWatcher nobody* | Should -BeNullOrEmpty
    }
    It 'removes those that come through the pipeline, and none with -WhatIf' {
        Get-S3FeedWatcher | Remove-S3FeedWatcher -WhatIf
        (Get-S3FeedWatcher).Count | Should -Be 3
        Get-S3FeedWatcher *_email | Remove-S3FeedWatcher
        (Get-S3FeedWatcher).Name | Should -Be everything
        (Get-TestError { Remove-S3FeedWatcher orders_email }).FullyQualifiedErrorId | Should -BeLike 'WatcherNotFound,*'
    }
    It 'loses the watchers of a feed with the feed' {
        Remove-S3Feed orders -Confirm:$false
        (Get-S3FeedWatcher).Name | Should -Be returns_email, everything
    }
    It 'completes names of watchers and feeds' {
        (TabExpansion2 'Test-S3FeedWatcher ' 19).CompletionMatches.CompletionText | Should -Be everything, orders_email, returns_email
        (TabExpansion2 'Get-S3FeedWatcher o' 19).CompletionMatches.CompletionText | Should -Be orders_email
        (TabExpansion2 'Add-S3FeedWatcher r' 19).CompletionMatches.CompletionText | Should -Be returns
    }
    It 'says that a message was not taken, and why' {
        $null = Add-S3FeedWatcher orders -Name nowhere -Event RunFailed -Url https://localhost:1/hunter2
        $check = Test-S3FeedWatcher nowhere
        $check.Outcome | Should -Be Failed
        $check.Message | Should -BeLike 'localhost did not accept the message: *'
        $check | Out-String | Should -Not -BeLike '*hunter2*'
        Test-S3FeedWatcher nowhere -Quiet | Should -BeExactly $false
    }
}

Describe 'Messages of watchers' -Skip:$noMail {
    BeforeAll { $script:mail = Start-MailServer }
    AfterAll { Stop-MailServer $mail }
    BeforeEach {
        New-Acme
        Remove-Item (Join-Path $mail.Folder *)
        $null = Add-S3FeedWatcher * -Name ops -Event Rejects, RunSucceeded @byMail -SmtpPort $mail.Port -Security None
    }

    It 'sends a test, and says that it was taken' {
        $check = Test-S3FeedWatcher ops
        $check.Outcome | Should -Be Passed
        $check.Message | Should -BeLike '*ops@example.com*'
        Get-S3FeedWatcher | Test-S3FeedWatcher -Quiet | Should -BeExactly $true
        (Get-Mail $mail).Count | Should -Be 2
        (Get-Mail $mail)[0] | Should -BeLike '*Subject: This is a test*'
        Get-S3FeedWatcher -History | Should -BeNullOrEmpty
    }
    It 'tells of a run at the prompt, with the first rejects and the command to look further' {
        $run = Invoke-S3Feed returns -WarningAction Ignore
        $text = Get-Mail $mail
        $text | Should -BeLike '*Subject: Feed returns could not load 1 row.*'
        $text | Should -BeLike '*s3://acme-data/returns/a.ndjson, line 2, id: *'
        $text | Should -BeLike "*Get-S3FeedRun -Id $("$($run.Id)".Substring(0, 8)) -StorePath * | Get-S3FeedReject*"
        $told = Get-S3FeedWatcher ops -History
        $told.State | Should -Be Delivered
        $told.RunId | Should -Be $run.Id
        $told | Out-String | Should -BeLike '*ops*Delivered*Feed returns*'
    }
    It 'tells of a run that a trigger made' {
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        $null = Invoke-S3FeedTrigger orders_every -Force
        Get-Mail $mail | Should -BeLike '*Subject: Feed orders succeeded: 2 rows of 1 object loaded.*'
    }
    It 'fails no run when nobody takes them, and says so' {
        $null = Add-S3FeedWatcher orders -Name nowhere -Event RunSucceeded -Url https://localhost:1/x
        $run = Invoke-S3Feed orders -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop
        $run.Status | Should -Be Succeeded
        "$warnings" | Should -BeLike '*Watcher nowhere could not send a message: localhost did not accept the message*'
        (Get-S3FeedWatcher nowhere -History).State | Should -Be Waiting
        (Get-S3FeedWatcher ops -History).State | Should -Be Delivered
    }
}

Describe 'Set-, Enable- and Disable-S3FeedWatcher' {
    BeforeAll {
        $null = New-TestStore
        $null = New-S3Connection acme acme-data -Region eu-west-1
        $null = New-S3Feed orders acme -FileType Csv
        $null = Add-S3FeedWatcher orders -Name chat -Event RunFailed -Url https://hooks.example.com/a -SigningKey env:KEY
        $null = Add-S3FeedWatcher orders -Name mail -Event RunFailed -To a@example.com -From b@example.com -SmtpHost mail.example.com
    }

    It 'changes the given settings, and keeps the others' {
        $before = Get-S3FeedWatcher chat
        $after = Set-S3FeedWatcher chat -Event Rejects, RunsLong -LongerThan 30m -PassThru
        $after.Event | Should -Be Rejects, RunsLong
        $after.LongerThan | Should -Be ([TimeSpan]'00:30:00')
        $after.Id, $after.Url, $after.SigningKey, $after.FeedName | Should -Be $before.Id, $before.Url, $before.SigningKey, $before.FeedName
        (Set-S3FeedWatcher chat -SigningKey '' -Event RunFailed -LongerThan $null -PassThru).SigningKey | Should -BeNullOrEmpty
        (Get-S3FeedWatcher chat).LongerThan | Should -BeNullOrEmpty
        $mail = Set-S3FeedWatcher mail -To c@example.com, d@example.com -Security Tls -SmtpPort 465 -Event RunFailed, NothingArrived -ArrivesBy 07:00 -ArrivesOn Weekdays -PassThru
        $mail.To | Should -Be c@example.com, d@example.com
        $mail.ArrivesOn | Should -HaveCount 5
        $mail.TimeZone | Should -Not -BeNullOrEmpty
        $mail = Set-S3FeedWatcher mail -Event RunFailed -ArrivesBy $null -PassThru
        $mail.ArrivesBy | Should -BeNullOrEmpty
        $mail.TimeZone | Should -BeNullOrEmpty
    }

    It 'refuses what the rules refuse, and settings of the other kind, and changes nothing then' {
        $hash = (Get-FileHash (Join-Path $env:PEAKS3FEED_HOME definitions.json)).Hash
        (Get-TestError { Set-S3FeedWatcher chat -Event RunsLong }).FullyQualifiedErrorId | Should -BeLike 'WatcherInvalid,*'
        (Get-TestError { Set-S3FeedWatcher chat -To a@example.com }).FullyQualifiedErrorId | Should -BeLike 'WatcherInvalid,*'
        (Get-TestError { Set-S3FeedWatcher mail -Url https://example.com }).FullyQualifiedErrorId | Should -BeLike 'WatcherInvalid,*'
        (Get-TestError { Set-S3FeedWatcher mail -Password hunter2 }).ErrorDetails.Message | Should -Not -BeLike '*hunter2*'
        (Get-TestError { Set-S3FeedWatcher chats -Event Rejects }).ErrorDetails.Message | Should -BeLike '*Did you mean chat`?*'
        Set-S3FeedWatcher chat -Event Rejects -WhatIf
        (Get-FileHash (Join-Path $env:PEAKS3FEED_HOME definitions.json)).Hash | Should -Be $hash
    }

    It 'disables and enables' {
        Get-S3FeedWatcher -FeedName orders | Disable-S3FeedWatcher
        (Get-S3FeedWatcher).Enabled | Should -Be $false, $false
        (Enable-S3FeedWatcher chat -PassThru).Enabled | Should -BeTrue
        (Get-S3FeedWatcher mail).Enabled | Should -BeFalse
        Disable-S3FeedWatcher chat -WhatIf
        (Get-S3FeedWatcher chat).Enabled | Should -BeTrue
        Disable-S3FeedWatcher chat -PassThru | Should -Not -BeNullOrEmpty
    }
}
