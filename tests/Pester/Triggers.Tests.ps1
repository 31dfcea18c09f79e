BeforeAll {
    . $PSScriptRoot/Setup.ps1

    # A store with the feeds orders and returns, of a folder with a CSV file for each.
    function New-Acme {
        $script:store = New-TestStore
        $script:bucket = New-TestBucket @{ 'orders/a.csv' = "id,zip`n1,01234`n2,04321`n"; 'returns/a.csv' = "id`n1`n" }
        $null = New-S3Connection acme acme-data -EndpointUrl $bucket
        $null = New-S3Feed orders acme -FileType Csv -Path orders/
        $null = New-S3Feed returns acme -FileType Csv -Path returns/
    }
    function Get-SecretHash { (Get-Content -Raw (Join-Path $store definitions.json) | ConvertFrom-Json).triggers.secretHash | Where-Object { $_ } }
    function Get-StoreHash { (Get-FileHash (Join-Path $store definitions.json)).Hash }
}

Describe 'Register-S3FeedTrigger' {
    BeforeEach { New-Acme }

    It 'answers with a sentence and the next five times' {
        $made = Register-S3FeedTrigger orders -Daily -At 07:00 -TimeZone Europe/Paris
        $made.Name | Should -Be orders_daily
        $made.Description | Should -Be 'Every day at 07:00 (Europe/Paris).'
        $made.NextFireTimes.Count | Should -Be 5
        $made.NextFireTimes | ForEach-Object { $_.TimeOfDay | Should -Be ([timespan]'07:00') }
        $made.NextFireTimes[0] | Should -BeGreaterThan ([DateTimeOffset]::Now)
        $shown = $made | Out-String
        $shown | Should -BeLike '*Every day at 07:00*'
        [regex]::Matches($shown, '\w{3} \d{4}-\d\d-\d\d 07:00:00 \+0\d:00').Count | Should -Be 5
    }
    It 'takes the days <days>' -ForEach @(
        @{ days = 'Mon', 'Tue' }, @{ days = 'monday', 'tuesday' }, @{ days = [DayOfWeek]::Monday, [DayOfWeek]::Tuesday }, @{ days = 'Mo', 'Tu' }
    ) {
        (Register-S3FeedTrigger orders -Weekly -DaysOfWeek $days -At 12:00 -TimeZone UTC).Description | Should -Be 'On Monday and Tuesday at 12:00 (UTC).'
    }
    It 'refuses days that could be two' {
        (Get-TestError { Register-S3FeedTrigger orders -Weekly -DaysOfWeek S -At 12:00 }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
    }
    It 'takes an interval, an expression of Quartz and one of Unix' {
        (Register-S3FeedTrigger orders -Every 00:02:00).Description | Should -Be 'Every 2 minutes.'
        (Register-S3FeedTrigger orders -Cron '0 15 10 ? * MON-FRI' -TimeZone UTC).Description | Should -Be 'On Monday to Friday at 10:15 (UTC).'
        $unix = Register-S3FeedTrigger orders -Cron '30 4 * * 1' -TimeZone UTC
        $unix.Name | Should -Be orders_cron_2
        $unix.Description | Should -BeLike '*Unix cron*0 30 4 ? `* MON'
    }
    It 'takes the interval <Every>' -ForEach @(
        @{ Every = '5m'; Span = '00:05:00' }, @{ Every = '2h'; Span = '02:00:00' }, @{ Every = '90s'; Span = '00:01:30' }, @{ Every = '1h30m'; Span = '01:30:00' }
        @{ Every = '1d'; Span = '1.00:00:00' }, @{ Every = '00:05:00'; Span = '00:05:00' }, @{ Every = [timespan]::FromMinutes(5); Span = '00:05:00' }
    ) {
        $null = Register-S3FeedTrigger orders -Every $Every
        (Get-Content -Raw (Join-Path $store definitions.json) | ConvertFrom-Json).triggers[0].every | Should -Be $Span
    }
    It 'takes no number for an interval: <_>' -ForEach 5, '5', 7.5 {
        $failed = Get-TestError { Register-S3FeedTrigger orders -Every $_ }
        $failed.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        "$failed" | Should -BeLike "*Write $($_)s for seconds, $($_)m for minutes, $($_)h for hours, or $($_)d for days.*"
        Get-S3FeedTrigger | Should -BeNullOrEmpty
    }
    It 'takes the time of day <At>' -ForEach @(
        @{ At = 7; Is = '07:00' }, @{ At = '7'; Is = '07:00' }, @{ At = '07'; Is = '07:00' }, @{ At = 0; Is = '00:00' }, @{ At = 23; Is = '23:00' }, @{ At = '7:30'; Is = '07:30' }
        @{ At = '07:30:15'; Is = '07:30:15' }, @{ At = '7am'; Is = '07:00' }, @{ At = '7 PM'; Is = '19:00' }, @{ At = '7:30pm'; Is = '19:30' }, @{ At = '12am'; Is = '00:00' }
        @{ At = [timespan]'07:30'; Is = '07:30' }, @{ At = [TimeOnly]'07:30'; Is = '07:30' }, @{ At = [datetime]'2026-12-01 07:30'; Is = '07:30' }
    ) {
        (Register-S3FeedTrigger orders -Daily -At $At -TimeZone UTC).Description | Should -Be "Every day at $Is (UTC)."
        $null = Set-S3FeedTrigger orders_daily -At 3
        $null = Set-S3FeedTrigger orders_daily -At $At
        (Get-S3FeedTrigger).Description | Should -Be "Every day at $Is (UTC)."
    }
    It 'explains what is no time of day: <_>' -ForEach 24, '24:00', 730, 7.3, 'noon', '7:60', -1, ([timespan]'1.00:00:00'), ([timespan]'-01:00'), @('7:00', '9:00'), @{ Hour = 7 }, $true {
        $failed = Get-TestError { Register-S3FeedTrigger orders -Daily -At $_ }
        $failed.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        "$failed" | Should -BeLike '*Write a time of day such as 7, 07:30 or 7:30pm*'
    }
    It 'says which time is likely' {
        "$(Get-TestError { Register-S3FeedTrigger orders -Daily -At 730 })" | Should -BeLike '*Did you mean 07:30`?*'
        "$(Get-TestError { Register-S3FeedTrigger orders -Daily -At 24 })" | Should -BeLike '*Midnight is 00:00.*'
    }
    It 'may be called twice' {
        $first = Register-S3FeedTrigger orders -Daily -At 7 -TimeZone UTC
        $again = Register-S3FeedTrigger orders -Daily -At 07:00 -TimeZone UTC -Verbose 4>&1
        "$($again[0])" | Should -Be 'The feed orders already has this trigger: orders_daily. No other trigger was created.'
        $again[1].Name | Should -Be $first.Name
        (Register-S3FeedTrigger orders -Daily -At 7 -TimeZone UTC -Name orders_daily).Name | Should -Be orders_daily
        Get-S3FeedTrigger | Should -HaveCount 1
        $failed = Get-TestError { Register-S3FeedTrigger orders -Daily -At 8 -TimeZone UTC -Name orders_daily }
        $failed.FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        "$failed" | Should -BeLike '*Next: Set-S3FeedTrigger -Name orders_daily -Daily -At 08:00 -TimeZone UTC -Misfire RunOnce*'
        Set-S3FeedTrigger -Name orders_daily -Daily -At 08:00 -TimeZone UTC -Misfire RunOnce
        (Get-S3FeedTrigger).Description | Should -Be 'Every day at 08:00 (UTC).'
    }
    It 'says that a webhook keeps its secret, and that a trigger is disabled' {
        $null = Register-S3FeedTrigger orders -Webhook
        $again = Register-S3FeedTrigger orders -Webhook -WarningVariable warned -WarningAction SilentlyContinue
        $again.Secret | Should -BeNullOrEmpty
        "$warned" | Should -BeLike '*Set-S3FeedTrigger -Name orders_webhook -Regenerate'
        $null = Register-S3FeedTrigger returns -Every 1h
        Disable-S3FeedTrigger returns_every
        $null = Register-S3FeedTrigger returns -Every 1h -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*Enable-S3FeedTrigger -Name returns_every'
        Get-S3FeedTrigger | Should -HaveCount 2
    }
    It 'takes an instant as text, as a date object, and as the next time of day' {
        $at = [DateTimeOffset]::new(2100, 1, 2, 3, 4, 0, [timespan]::FromHours(1))
        (Register-S3FeedTrigger orders -Once -At 2100-01-02T03:04:00+01:00).NextFireTimes | Should -Be $at
        (Register-S3FeedTrigger orders -Once -At $at).NextFireTimes | Should -Be $at
        (Register-S3FeedTrigger orders -Once -At $at.LocalDateTime).NextFireTimes | Should -Be $at
        $next = (Register-S3FeedTrigger orders -Once -At 03:04).NextFireTimes[0]
        $next - [DateTimeOffset]::Now | Should -BeGreaterThan ([timespan]::Zero)
        $next - [DateTimeOffset]::Now | Should -BeLessOrEqual ([timespan]::FromDays(1))
        $next.LocalDateTime.TimeOfDay | Should -Be ([timespan]'03:04')
    }
    It 'refuses <at> as a time' -ForEach @(@{ at = '25:00' }, @{ at = 'noon' }, @{ at = '01/02/2027 07:00' }) {
        $problem = Get-TestError { Register-S3FeedTrigger orders -Daily -At $at }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
        "$problem" | Should -BeLike "*`"$at`"*"
    }
    It 'writes the time zone of this system into the trigger when none is given' {
        $zone = (Register-S3FeedTrigger orders -Daily -At 07:00).TimeZone
        [TimeZoneInfo]::FindSystemTimeZoneById($zone).BaseUtcOffset | Should -Be ([TimeZoneInfo]::Local.BaseUtcOffset)
    }
    It 'refuses <id>: <why>' -ForEach @(
        @{ id = 'CronInvalid'; why = 'the field is named'; like = '*column 6*hours (field 3)*"25"*'; command = { Test-S3FeedTrigger -Cron '0 15 25 * * ?' } }
        @{ id = 'TriggerInvalid'; why = 'an expression in a trigger'; like = '*column 6*hours (field 3)*"25"*'; command = { Register-S3FeedTrigger orders -Cron '0 15 25 * * ?' } }
        @{ id = 'TriggerInvalid'; why = 'no such time zone'; like = '*Europe/Atlantis*'; command = { Register-S3FeedTrigger orders -Daily -At 07:00 -TimeZone Europe/Atlantis } }
        @{ id = 'TriggerInvalid'; why = 'too short an interval'; like = '*10 seconds*'; command = { Register-S3FeedTrigger orders -Every 00:00:05 } }
        @{ id = 'TriggerNeverFires'; why = 'a time that has passed'; like = '*never fire*'; command = { Register-S3FeedTrigger orders -Once -At 2020-01-01T00:00 } }
        @{ id = 'FeedNotFound'; why = 'no such feed'; like = '*nobody*orders, returns*'; command = { Register-S3FeedTrigger nobody -Every 00:02:00 } }
        @{ id = 'TriggerInvalid'; why = 'a secret and no reference'; like = '*reference*'; command = { Register-S3FeedTrigger orders -Webhook -SigningKey hunter2 } }
        @{ id = 'TriggerInvalid'; why = 'a queue for a folder'; like = '*reads a folder*interval*'; command = { Register-S3FeedTrigger orders -Queue https://sqs.eu-west-1.amazonaws.com/1/q } }
        @{ id = 'TriggerInvalid'; why = 'a queue that is not a URL'; like = '*not the URL of a queue*https://sqs.*'; command = { Register-S3FeedTrigger orders -Queue q } }
        @{ id = 'SecretNeedsPowerShell'; why = 'a vault that the worker cannot open'; like = '*env:NAME*'; command = { Register-S3FeedTrigger orders -Webhook -SigningKey vault:a/b } }
    ) {
        $before = Get-StoreHash
        $problem = Get-TestError $command
        $problem.FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$problem" | Should -BeLike $like
        "$problem" | Should -Not -BeLike '*hunter2*'
        Get-StoreHash | Should -Be $before
    }
    It 'warns of a secret that the worker cannot read' {
        $null = New-S3FeedDestination dwh -PostgreSql -HostName localhost -Database x -Password vault:a/b
        Set-S3Feed orders -DestinationName dwh
        $null = Register-S3FeedTrigger orders -Every 00:02:00 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*vault:a/b*Invoke-S3FeedTrigger*env:NAME*'
        (Get-TestError { Register-S3FeedTrigger orders -Webhook }).FullyQualifiedErrorId | Should -BeLike 'SecretNeedsPowerShell,*'
    }
    It 'shows the secret of a webhook once, and keeps a hash of it' {
        $hook = Register-S3FeedTrigger orders -Webhook
        $hook.Secret.Length | Should -Be 43
        $hook.WebhookPath | Should -Match '^/hooks/[-\w]{22}$'
        (Get-S3FeedTrigger orders_webhook).Secret | Should -BeNullOrEmpty
        Get-Content -Raw (Join-Path $store definitions.json) | Should -Not -BeLike "*$($hook.Secret)*"
        $hash = Get-SecretHash
        $other = Set-S3FeedTrigger orders_webhook -Regenerate
        $other.Secret | Should -Not -Be $hook.Secret
        $other.WebhookPath | Should -Be $hook.WebhookPath
        Get-SecretHash | Should -Not -Be $hash
    }
    It 'fires by a queue, which it shows; another schedule removes it' {
        $null = New-S3Connection landing acme-landing -Region eu-west-1
        $null = New-S3Feed landed landing -FileType Csv
        $queue = Register-S3FeedTrigger landed -Queue https://sqs.eu-west-1.amazonaws.com/123456789012/landing
        $queue.Name, $queue.Kind, $queue.Queue | Should -Be landed_queue, Queue, 'https://sqs.eu-west-1.amazonaws.com/123456789012/landing'
        $queue.NextFireTimes | Should -BeNullOrEmpty
        $queue.QueueProblems | Should -BeNullOrEmpty
        $queue.LastMessageAt | Should -BeNullOrEmpty
        (Register-S3FeedTrigger landed -Queue https://sqs.eu-west-1.amazonaws.com/123456789012/landing).Id | Should -Be $queue.Id
        Test-S3FeedTrigger landed_queue -WarningVariable warned | Should -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
        (Set-S3FeedTrigger landed_queue -Queue https://sqs.eu-west-1.amazonaws.com/123456789012/other -PassThru).Description | Should -Be 'When the queue other announces an object.'
        $policy = Get-S3FeedTrigger landed_queue | Get-S3FeedPolicy -For Queue -WarningVariable notes -WarningAction SilentlyContinue
        $policy.TriggerName, $policy.ConnectionName | Should -Be landed_queue, landing
        ($policy.QueuePolicy | ConvertFrom-Json).Statement.Condition.ArnLike.'aws:SourceArn' | Should -Be arn:aws:s3:::acme-landing
        ($policy.BucketNotification | ConvertFrom-Json).QueueConfigurations.QueueArn | Should -Be arn:aws:sqs:eu-west-1:123456789012:other
        $policy | Out-String -Width 200 | Should -Match 'QueuePolicy +: '
        "$notes" | Should -Match 'notification'
        (TabExpansion2 -inputScript 'Get-S3FeedPolicy -For Queue -Name ' -cursorColumn 34).CompletionMatches.CompletionText | Should -Be landed_queue
        Set-S3FeedTrigger landed_queue -Every 1h
        (Get-TestError { Get-S3FeedPolicy landed_queue -For Queue }).FullyQualifiedErrorId | Should -BeLike 'PolicyNotNeeded,*'
        (Get-S3FeedTrigger landed_queue).Queue | Should -BeNullOrEmpty
        (Set-S3FeedTrigger landed_queue -Queue https://sqs.eu-west-1.amazonaws.com/123456789012/other -PassThru).Kind | Should -Be Queue
    }
    It 'gives it a name that no watcher has; a long name of a feed loses its end' {
        $long = 'customer_returns_of_the_whole_year_by_region_2026'
        $null = New-S3Feed $long acme -FileType Csv -Path orders/
        $null = Add-S3FeedWatcher orders -Event RunFailed -Url https://hooks.example.com/x
        $null = Register-S3FeedTrigger orders -Webhook
        $null = Add-S3FeedWatcher orders -Event Rejects -Url https://hooks.example.com/x
        $null = Add-S3FeedWatcher orders -Name returns_webhook -Event RunsLong -LongerThan 1h -Url https://hooks.example.com/x
        (Register-S3FeedTrigger returns -Webhook).Name | Should -Be returns_webhook_2
        (Register-S3FeedTrigger $long -Daily -At 7).Name | Should -Be customer_returns_of_the_whole_year_by_re_daily
        $names = @((Get-S3FeedTrigger).Name) + (Get-S3FeedWatcher).Name
        $names | Should -Contain orders_webhook
        $names | Should -Contain orders_notify
        $names | Should -Contain orders_notify_2
        $names | Sort-Object -Unique | Should -HaveCount $names.Count
    }
    It 'takes feeds from the pipeline, and changes nothing with -WhatIf' {
        $before = Get-StoreHash
        Get-S3Feed | Register-S3FeedTrigger -Every 00:02:00 -WhatIf
        Get-StoreHash | Should -Be $before
        (Get-S3Feed | Register-S3FeedTrigger -Every 00:02:00).Name | Should -Be orders_every, returns_every
        { 'orders', 'returns' | Register-S3FeedTrigger -Daily -At 07:00 -ErrorAction Stop } | Should -Not -Throw
    }
    It 'writes a line for <scheduler> with the store in it' -ForEach @(@{ scheduler = 'Cron' }, @{ scheduler = 'SystemdTimer' }, @{ scheduler = 'TaskScheduler' }) {
        $before = Get-StoreHash
        $text = Register-S3FeedTrigger -AsScript -Scheduler $scheduler
        $text | Should -BeLike "*Invoke-S3FeedTrigger -StorePath *$store*"
        $text | Should -BeLike '*Test-S3FeedTrigger -Preflight*'
        Get-StoreHash | Should -Be $before
    }
    It 'writes a line for cron that does what it says' -Skip:$IsWindows {
        $null = Register-S3FeedTrigger orders -Every 00:00:10
        Start-Sleep -Milliseconds (10100 - [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() % 10000)
        $line = (Register-S3FeedTrigger -AsScript -Scheduler Cron) -split "`n" | Where-Object { $_ -like '`* *' }
        $kept = $env:PEAKS3FEED_HOME
        try {
            $env:PEAKS3FEED_HOME = $null
            # As cron does: the first five fields are its own, and a % that is not escaped ends the command.
            sh -c ($line -replace '^(\S+ ){5}' -replace '\\%', '%') | Should -BeNullOrEmpty
        }
        finally { $env:PEAKS3FEED_HOME = $kept }
        (Get-S3FeedRun orders).Status | Should -Be Succeeded
        (Get-S3FeedTrigger orders_every -History).State | Should -Be Ended
    }
}

Describe 'Get-, Set-, Enable-, Disable- and Unregister-S3FeedTrigger' {
    BeforeEach {
        New-Acme
        $null = Register-S3FeedTrigger orders -Daily -At 07:00 -TimeZone Europe/Paris
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        $null = Register-S3FeedTrigger returns -Daily -At 08:00 -TimeZone Europe/Paris
    }
    It 'finds by name, pattern and feed' {
        (Get-S3FeedTrigger).Name | Should -Be orders_daily, orders_every, returns_daily
        (Get-S3FeedTrigger *_daily).Name | Should -Be orders_daily, returns_daily
        (Get-S3FeedTrigger -FeedName ret*).Name | Should -Be returns_daily
        (Get-TestError { Get-S3FeedTrigger nobody }).FullyQualifiedErrorId | Should -BeLike 'TriggerNotFound,*'
    }
    It 'shows a row that fits into <width> columns' -ForEach @(@{ width = 80 }, @{ width = 120 }) {
        $lines = (Get-S3FeedTrigger | Out-String -Width $width).Trim() -split '\r?\n'
        $lines.Count | Should -Be 5
        $lines[2] | Should -Match '^orders_daily +True +\d{4}-\d\d-\d\d 07:00 \+0[12]:00 +Every day at 07:00'
    }
    It 'changes the schedule as a whole and keeps the zone' {
        $now = Set-S3FeedTrigger orders_daily -Weekly -DaysOfWeek Fri -At 06:30 -PassThru
        $now.Description | Should -Be 'On Friday at 06:30 (Europe/Paris).'
        $now.Id | Should -Be (Get-S3FeedTrigger orders_daily).Id
        (Set-S3FeedTrigger orders_daily -Every 00:10:00 -PassThru).Description | Should -Be 'Every 10 minutes.'
    }
    It 'moves a trigger to another time, day or zone, and leaves the rest' {
        (Set-S3FeedTrigger orders_daily -At 08:15 -PassThru).Description | Should -Be 'Every day at 08:15 (Europe/Paris).'
        (Set-S3FeedTrigger orders_daily -TimeZone UTC -PassThru).Description | Should -Be 'Every day at 08:15 (UTC).'
        $null = Register-S3FeedTrigger orders -Weekly -DaysOfWeek Mon -At 12:00 -TimeZone UTC -Name week
        (Set-S3FeedTrigger week -DaysOfWeek Fri -PassThru).Description | Should -Be 'On Friday at 12:00 (UTC).'
        $null = Register-S3FeedTrigger orders -Every 00:02:00 -Name often
        (Get-TestError { Set-S3FeedTrigger often -At 07:00 }).FullyQualifiedErrorId | Should -BeLike 'TriggerInvalid,*'
    }
    It 'makes a schedule of a webhook, whose secret is worth nothing then' {
        $null = Register-S3FeedTrigger orders -Webhook -Name hook
        (Set-S3FeedTrigger hook -Every 00:02:00 -PassThru).Description | Should -Be 'Every 2 minutes.'
        (Get-S3FeedTrigger hook).WebhookPath | Should -BeNullOrEmpty
        Get-SecretHash | Should -BeNullOrEmpty
    }
    It 'writes nothing that is no change' {
        $before = Get-StoreHash
        Set-S3FeedTrigger orders_daily -Daily -At 07:00
        Enable-S3FeedTrigger orders_daily
        Get-StoreHash | Should -Be $before
    }
    It 'switches off and on' {
        Get-S3FeedTrigger -FeedName orders | Disable-S3FeedTrigger
        (Get-S3FeedTrigger).Enabled | Should -Be $false, $false, $true
        (Get-S3FeedTrigger orders_daily).NextFireTimes | Should -BeNullOrEmpty
        (Enable-S3FeedTrigger orders_daily -PassThru).NextFireTimes.Count | Should -Be 5
    }
    It 'removes, also along with the feed' {
        Unregister-S3FeedTrigger orders_every
        (Get-S3FeedTrigger).Name | Should -Be orders_daily, returns_daily
        Remove-S3Feed orders -Force
        (Get-S3FeedTrigger).Name | Should -Be returns_daily
    }
    It 'follows a feed to its new name' {
        Rename-S3Feed orders sales
        (Get-S3FeedTrigger -FeedName sales).Name | Should -Be orders_daily, orders_every
    }
    It 'goes through an export and an import' {
        $document = Export-S3FeedDefinition orders
        $null = New-TestStore
        $document | Import-S3FeedDefinition | Where-Object Kind -EQ trigger | ForEach-Object Name | Should -Be orders_daily, orders_every
        (Get-S3FeedTrigger orders_daily).Description | Should -Be 'Every day at 07:00 (Europe/Paris).'
        ($document | Import-S3FeedDefinition).Outcome | Sort-Object -Unique | Should -Be Unchanged
    }
    It 'completes names and time zones' {
        $names = (TabExpansion2 'Get-S3FeedTrigger orders_' 24).CompletionMatches.CompletionText
        $names | Should -Be orders_daily, orders_every
        (TabExpansion2 'Register-S3FeedTrigger orders -Daily -At 07:00 -TimeZone Europe/Par' 66).CompletionMatches.CompletionText | Should -Be "'Europe/Paris'"
    }
}

Describe 'Test-S3FeedTrigger' {
    BeforeEach { New-Acme }

    It 'shows the times of a trigger over a change of the clocks' {
        $null = Register-S3FeedTrigger orders -Daily -At 02:30 -TimeZone Europe/Paris
        Test-S3FeedTrigger orders_daily -After 2027-03-27T12:00Z -Count 2 | ForEach-Object { $_.Utc.ToString('s') } | Should -Be 2027-03-28T01:00:00, 2027-03-29T00:30:00
    }
    It 'says so where there is no time to come' {
        Test-S3FeedTrigger -Cron '0 0 12 1 1 ? 2005' -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike 'The expression has no fire time after 20*'
    }
    It 'says with -Preflight what is missing' {
        $null = New-S3FeedDestination dwh -PostgreSql -HostName localhost -Database x -Username u -Password env:PEAKS3FEED_TEST_NOT_SET
        Set-S3Feed orders -DestinationName dwh
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        $checks = Test-S3FeedTrigger -Preflight
        $checks.Step | Should -Be Store, State, Secret
        $checks.Outcome | Should -Be Passed, Passed, Failed
        $checks[2].Name | Should -Be env:PEAKS3FEED_TEST_NOT_SET
        Test-S3FeedTrigger -Preflight -Quiet | Should -BeFalse
        try {
            $env:PEAKS3FEED_TEST_NOT_SET = 'hunter2'
            Test-S3FeedTrigger -Preflight -Quiet | Should -BeTrue
            Test-S3FeedTrigger -Preflight | Out-String | Should -Not -BeLike '*hunter2*'
        }
        finally { $env:PEAKS3FEED_TEST_NOT_SET = $null }
    }
}

Describe 'Invoke-S3FeedTrigger' {
    BeforeEach { New-Acme }

    It 'refuses a -MaxParallelism of <value>' -ForEach @(
        @{ value = 0; id = 'ParameterArgumentValidationError,*' }, @{ value = 65; id = 'ParameterArgumentValidationError,*' }
        @{ value = 'many'; id = 'CannotConvertArgumentNoMessage,*' }
    ) {
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        { Invoke-S3FeedTrigger orders_every -Force -MaxParallelism $value } | Should -Throw -ErrorId $id -ExpectedMessage "*'MaxParallelism'*$value*"
        Get-S3FeedRun | Should -BeNullOrEmpty
    }
    It 'runs what it fires with -MaxParallelism' {
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        $run = Invoke-S3FeedTrigger orders_every -Force -MaxParallelism 1
        $run.FeedName, $run.Status, $run.RowsLoaded | Should -Be orders, Succeeded, 2
    }
    It 'runs what is due, and each fire once' {
        $null = Register-S3FeedTrigger orders -Every 00:00:10
        $null = Register-S3FeedTrigger returns -Daily -At 07:00
        Start-Sleep -Milliseconds (10100 - [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() % 10000)
        $run = Invoke-S3FeedTrigger
        $run | Should -BeOfType ([PeakS3Feed.Runs.S3FeedRun])
        $run.FeedName, $run.Status, $run.RowsLoaded | Should -Be orders, Succeeded, 2
        (Get-S3FeedTrigger orders_every).LastFire.RunId | Should -Be $run.Id
        @(Get-S3FeedTrigger orders_every -History | Where-Object RunId -EQ $run.Id).Count | Should -Be 1
    }
    It 'does nothing with -WhatIf' {
        $null = Register-S3FeedTrigger orders -Every 00:02:00
        Invoke-S3FeedTrigger -Force orders_every -WhatIf
        Get-S3FeedRun | Should -BeNullOrEmpty
    }
    It 'fires a trigger that is disabled with -Force, but no feed that is' {
        $null = Register-S3FeedTrigger orders -Daily -At 07:00 -Disabled
        (Invoke-S3FeedTrigger orders_daily -Force).Status | Should -Be Succeeded
        $null = Disable-S3Feed orders
        (Get-TestError { Invoke-S3FeedTrigger orders_daily -Force }).FullyQualifiedErrorId | Should -BeLike 'FeedDisabled,*'
        (Get-TestError { Invoke-S3FeedTrigger -Force }).FullyQualifiedErrorId | Should -BeLike 'TriggerNameMissing,*'
    }
    It 'fires what is named with -Force, and tells of a run that fails' {
        $null = Register-S3FeedTrigger orders -Daily -At 07:00
        Set-S3Feed orders -Path nowhere/
        Remove-Item -Recurse ([uri]$bucket).LocalPath
        $runs = Invoke-S3FeedTrigger orders_daily -Force -ErrorAction SilentlyContinue -ErrorVariable problems
        $runs.Status | Should -Be Failed
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        (Get-S3FeedTrigger orders_daily -History).State | Should -Be Ended
    }
}
