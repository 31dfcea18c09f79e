# What helps while a person types: the name that was meant, completions, all problems at once, and what a change would do.
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    function Complete([string] $Line) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText
    }
    # The text after "What if:" of a command in a session of its own, whose host writes it.
    function Get-WhatIf([string] $Command) {
        $module = (Get-Module PeakS3Feed).Path -replace 'psm1$', 'psd1'
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; $Command" | Where-Object { $_ -like 'What if:*' }
    }
}

Describe 'A name that does not exist' {
    BeforeAll {
        $null = New-OrdersStore -Feeds @{ name = 'customer_orders_1' }, @{ name = 'customer_orders_12' }, @{ name = 'returns' }
        $null = Register-S3FeedTrigger returns -Every 1h
        $null = New-S3FeedDestination warehouse -Sqlite -Path (Join-Path $TestDrive w.db)
    }

    It 'asks whether <meant> was meant: <command>' -ForEach @(
        @{ command = 'Get-S3Feed customer_order_12'; meant = 'customer_orders_12' }
        @{ command = 'Invoke-S3Feed customer_ordres_12'; meant = 'customer_orders_12' }
        @{ command = 'Get-S3FeedRun return'; meant = 'returns' }
        @{ command = 'Set-S3Feed retruns -Table x'; meant = 'returns' }
        @{ command = 'Test-S3Connection acmee'; meant = 'acme' }
        @{ command = 'Get-S3FeedDestination warehuose'; meant = 'warehouse' }
        @{ command = 'New-S3Feed x acm -FileType Csv'; meant = 'acme' }
        @{ command = 'Set-S3Feed returns -DestinationName warehous'; meant = 'warehouse' }
        @{ command = 'Get-S3FeedTrigger return_every'; meant = 'returns_every' }
    ) {
        (Get-TestError ([scriptblock]::Create($command))).ErrorDetails.Message | Should -BeLike "*Did you mean $meant`?*"
    }

    It 'does not ask where no name is near' {
        (Get-TestError { Get-S3Feed invoices }).ErrorDetails.Message | Should -Not -BeLike '*Did you mean*'
    }
}

Describe 'Problems' {
    BeforeAll { $null = New-OrdersStore }

    It 'are all listed' {
        $message = (Get-TestError { Set-S3Feed orders -LoadType Upsert -Path out -Separator xyz }).ErrorDetails.Message
        $message | Should -Match 'It has \d problems\. \(1\) .*\(2\) .*\(3\) '
        $message | Should -Not -Match 'more problem'
    }

    It 'warns of a region that the SDK does not know, and takes it' {
        $made = New-S3Connection far far-data -Region eu-west-11 -WarningVariable warnings -WarningAction SilentlyContinue
        $made.Region | Should -Be eu-west-11
        "$warnings" | Should -BeLike '*does not know the region eu-west-11. Did you mean eu-west-1?*'
        $null = Set-S3Connection far -Region eu-west-3 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Not -BeLike '*region*'
        $null = New-S3Connection own own-data -Region my-region -EndpointUrl https://s3.example.com -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }
}

Describe 'Completion' {
    BeforeAll {
        $store = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1.50`n"; 'in/b c.csv' = "id,price`n2,2.50`n" }
        $run = Invoke-S3Feed orders
        Add-Content (Join-Path $store ../data.txt) '' -ErrorAction Ignore
    }

    It 'offers the ids of runs' {
        $id = "$($run.Id)".Substring(0, 8)
        foreach ($line in 'Get-S3FeedRun -Id ', 'Get-S3FeedReject -RunId ', 'Stop-S3FeedRun ', 'Clear-S3FeedRun -Id ') { (Complete $line).Trim("'") | Should -Be $id }
        Complete 'Get-S3FeedRun -Id zz' | Should -BeNullOrEmpty
    }

    It 'offers the keys of the last plan' {
        $null = New-S3Feed again acme -Path in/ -FileType Csv
        Complete 'Show-S3FeedPreview again -Key ' | Should -Not -Contain "'in/a.csv'"
        $null = Get-S3FeedPlan again
        Complete 'Show-S3FeedPreview again -Key ' | Should -Be "'in/a.csv'", "'in/b c.csv'"
        Show-S3FeedPreview again -Key 'in/b c.csv' | ForEach-Object id | Should -Be 2
    }

    It 'offers references to secrets, and never a value' {
        $env:PEAKS3FEED_TYPED_SECRET = 'hunter2'
        try {
            Complete 'New-S3FeedDestination x -Password ' | Should -Be "'env:'", "'file:'", "'vault:'"
            Complete 'New-S3FeedDestination x -Password env:PEAKS3FEED_TYPED' | Should -Be "'env:PEAKS3FEED_TYPED_SECRET'"
            $null = New-Item (Join-Path $TestDrive 'key file.txt')
            Complete "New-S3FeedDestination x -PrivateKey 'file:$TestDrive/key" | Should -Be "'file:$(Join-Path $TestDrive 'key file.txt')'"
            (Complete 'Add-S3FeedWatcher x -SigningKey env:PEAKS3FEED_TYPED') -join '' | Should -Not -Match hunter2
        }
        finally { Remove-Item env:PEAKS3FEED_TYPED_SECRET }
    }

    It 'offers types for a column' {
        Complete 'Set-S3Feed orders -Schema ' | Should -Contain "@{ 'price' = 'double' }"
        Complete 'Set-S3Feed orders -Schema ' | Should -Not -Contain "@{ 'price' = 'decimal(38,2)' }" # which it has
        $null = Set-S3Feed orders -Schema @{ 'price' = 'double' } -WhatIf
    }

    It 'offers profiles' {
        $before = $env:AWS_SHARED_CREDENTIALS_FILE, $env:AWS_CONFIG_FILE
        Complete 'New-S3Connection x -ProfileName no_such_profile' | Should -BeNullOrEmpty
        if (Test-Path ~/.aws/config, ~/.aws/credentials | Where-Object { $_ }) { Complete 'New-S3Connection x -ProfileName ' | Should -Not -BeNullOrEmpty }
    }
}

Describe 'A preview' {
    BeforeAll {
        $null = New-OrdersStore @{
            'in/a.csv' = "id,price`n1,1.50`n"; 'in/semi.csv' = "id;na,me`n1;a,b`n2;c,d`n"; 'in/bad.csv' = "`"id`"x,b`n1,2`n"; 'in/none.csv' = "`n`n"; 'in/x.psv' = "a|b`n|2`n"
        } -Feeds @{ name = 'orders'; include = @('a.csv') }
    }

    It 'takes the URI that it prints' {
        Show-S3FeedPreview orders -Key s3://acme/in/a.csv | ForEach-Object id | Should -Be 1
        $failed = Get-TestError { Show-S3FeedPreview orders -Key s3://other/in/a.csv }
        $failed.FullyQualifiedErrorId | Should -BeLike 'KeyInOtherBucket,*'
        $failed.ErrorDetails.Message | Should -BeLike '*is in the bucket other, but the connection reads the bucket acme.*'
    }

    It 'of a connection reads the named file alone, and speaks of no feed' {
        Show-S3FeedPreview -ConnectionName acme -FileType Csv -Separator ';' -Key in/semi.csv -WarningAction SilentlyContinue | Should -HaveCount 2
        foreach ($key in 'in/bad.csv', 'in/none.csv', 'in/x.csv') {
            $text = Show-S3FeedPreview -ConnectionName acme -FileType Csv -Key $key -ErrorVariable failed -ErrorAction SilentlyContinue 3>&1
            "$text $($failed.ErrorDetails.Message)" | Should -Not -Match '\bpreview\b|feed preview'
        }
        $invalid = Get-TestError { Show-S3FeedPreview -ConnectionName acme -FileType Json -Separator ';' }
        $invalid.ErrorDetails.Message | Should -Not -Match 'preview'
    }

    It 'takes no rows for comments, where the separator of the extension is the prefix' {
        $failed = Get-TestError { Show-S3FeedPreview -ConnectionName acme -FileType Csv -CommentPrefix '|' -Key in/x.psv }
        $failed.FullyQualifiedErrorId | Should -BeLike 'CsvDialectInvalid,*'
        $failed.ErrorDetails.Message | Should -BeLike 'The comment prefix begins with the separator*The separator of s3://acme/in/x.psv is Pipe.*'
        Show-S3FeedPreview -ConnectionName acme -FileType Csv -Key in/x.psv | ForEach-Object b | Should -Be 2
    }

    It 'warns where a column holds a separator in its name and in each row' {
        $null = Show-S3FeedPreview -ConnectionName acme -FileType Csv -Separator ';' -Key in/semi.csv -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*The column na_me of s3://acme/in/semi.csv holds the separator Comma in its name and in each row*-Separator Comma*'
        $null = Show-S3FeedPreview orders -Key in/a.csv -WarningVariable warnings
        "$warnings" | Should -Not -BeLike '*holds the separator*'
    }
}

Describe 'A trigger that is named' {
    BeforeAll {
        $null = New-OrdersStore
        $null = Register-S3FeedTrigger orders -Name daily -Daily -At 03:00 -TimeZone UTC
    }

    It 'says when it is due, and how to fire it now' {
        Invoke-S3FeedTrigger daily -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" -match '^Trigger daily is not due\. It fires next on \d{4}-\d\d-\d\d at 03:00:00 \+00:00\. Next: (?<next>Invoke-S3FeedTrigger .*)$' |
            Should -BeTrue
        (Invoke-Expression $Matches.next).Status | Should -Be Succeeded
        Disable-S3FeedTrigger daily
        $null = Invoke-S3FeedTrigger daily -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike 'Trigger daily is disabled, so it did not fire.*'
        Enable-S3FeedTrigger daily
        $null = Invoke-S3FeedTrigger -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'says that a feed is disabled or a trigger broken, and the others fire' {
        $null = Register-S3FeedTrigger orders -Name soon -Every 1h
        $file = Join-Path $env:PEAKS3FEED_HOME definitions.json
        $text = Get-Content $file -Raw
        $all = $text | ConvertFrom-Json -AsHashtable
        ($all.triggers | Where-Object name -EQ daily).timeZone = 'No/Where'
        ConvertTo-Json $all -Depth 20 | Set-Content $file
        $null = Invoke-S3FeedTrigger * -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        "$warnings" | Should -Match 'soon is not due'
        Set-Content $file $text -NoNewline
        $null = Disable-S3Feed orders
        $null = Invoke-S3FeedTrigger daily -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be 'Feed orders is disabled, so its trigger daily did not fire.'
        $null = Enable-S3Feed orders
    }

    It 'takes Weekdays and Weekend' {
        (Register-S3FeedTrigger orders -Name week -Weekly -At 07:00 -DaysOfWeek Weekdays).DaysOfWeek |
            Should -Be Monday, Tuesday, Wednesday, Thursday, Friday
        (Set-S3FeedTrigger week -DaysOfWeek weekend, Monday -PassThru).DaysOfWeek | Should -Be Saturday, Sunday, Monday
    }
}

Describe '-WhatIf' {
    BeforeAll {
        $null = New-OrdersStore
        $null = Register-S3FeedTrigger orders -Name daily -Daily -At 03:00 -TimeZone UTC
    }

    It 'lists what a Set would change' {
        Get-WhatIf "Set-S3Feed orders -Table other -CommitEveryObjects 7 -WhatIf" |
            Should -Be 'What if: Performing the operation "Change the feed (table: (default) -> "other", commitEveryObjects: (default) -> 7)" on target "orders".'
        Get-WhatIf "Set-S3Feed orders -Path in/ -WhatIf" | Should -BeLike '*(nothing changes)*'
        Get-WhatIf "Set-S3Connection acme -Region eu-west-3 -WhatIf" | Should -BeLike '*region: * -> "eu-west-3"*'
        Get-WhatIf "Set-S3FeedTrigger daily -At 04:00 -WhatIf" | Should -BeLike '*(at: "03:00" -> "04:00")*'
    }

    It 'shows no hash of a secret and no path of a URL' {
        $null = Register-S3FeedTrigger orders -Name hook -Webhook
        Get-WhatIf 'Set-S3FeedTrigger hook -Regenerate -WhatIf' | Should -Be 'What if: Performing the operation "Create a new secret for the trigger" on target "hook".'
        $null = Add-S3FeedWatcher orders -Name chat -Event RunFailed -Url https://hooks.example.com/services/T0/secret
        $line = Get-WhatIf 'Set-S3FeedWatcher chat -Url env:CHAT_URL -WhatIf'
        $line | Should -BeLike '*url: "https://hooks.example.com/*" -> "env:CHAT_URL"*'
        $line | Should -Not -BeLike '*T0*'
        (Set-S3FeedWatcher chat -ArrivesOn $null -PassThru).ArrivesOn | Should -BeNullOrEmpty
    }

    It 'lists what would fire' {
        Get-WhatIf 'Invoke-S3FeedTrigger -WhatIf' | Should -BeLike '*on target "no trigger, because none is due".'
        Get-WhatIf 'Invoke-S3FeedTrigger daily -Now -WhatIf' | Should -BeLike '*"Fire" on target "daily (feed orders)".'
    }
}

Describe '-Verbose' {
    It 'reports objects, commits and sessions' {
        $null = New-OrdersStore
        $lines = Invoke-S3Feed orders -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        $lines | Should -Contain 'Read s3://acme/in/a.csv: rows: 2, rejects: 0.'
        $lines | Should -Contain 'Committed load 1 into orders: rows: 2, objects: 1.'
        $lines | Should -Contain 'Opened a session with the destination of table orders.'
    }
}
