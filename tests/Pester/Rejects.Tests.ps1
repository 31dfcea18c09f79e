BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1.5`n2,x,y`n3,2`n4,`e[2J,`n" } @{ name = 'orders'; failedRowThreshold = '9' }
    $script:run = Invoke-S3Feed orders -WarningAction SilentlyContinue
}

Describe 'Get-S3FeedReject' {
    It 'gets the rows of a run that was piped, flat and complete' {
        $rejects = Get-S3FeedRun -Last 1 | Get-S3FeedReject
        $rejects | Should -HaveCount 2
        $rejects[0] | Should -BeOfType PeakS3Feed.Cmdlets.Runs.S3FeedReject
        $rejects[0].RunId | Should -Be $run.Id
        $rejects[0].FeedName | Should -Be orders
        $rejects[0].Object | Should -Be 's3://acme/in/a.csv'
        $rejects[0].Line | Should -Be 3
        $rejects[0].ByteOffset | Should -Be 15
        $rejects[0].RawText | Should -Be '2,x,y'
    }

    It 'exports' {
        $file = Join-Path $TestDrive rejects.csv
        Get-S3FeedRun -Last 1 | Get-S3FeedReject | Export-Csv $file
        $rows = Import-Csv $file
        $rows.Line | Should -Be 3, 5
        $rows[0].PSObject.Properties.Name | Should -Be RunId, FeedName, Object, Line, ByteOffset, Column, Reason, RawText
    }

    It 'finds by feed, by id and by its beginning' {
        (Get-S3FeedReject orders).Line | Should -Be 3, 5
        (Get-S3FeedReject -RunId $run.Id).Line | Should -Be 3, 5
        (Get-S3FeedReject -RunId $run.Id.ToString().Substring(0, 8)).Line | Should -Be 3, 5
        (Get-TestError { Get-S3FeedReject nobody }).FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        (Get-TestError { Get-S3FeedReject -RunId zz }).FullyQualifiedErrorId | Should -BeLike 'RunNotFound,*'
    }

    It 'has views that no row can write control characters into' {
        $table = Get-S3FeedReject orders | Out-String -Width 80
        $table | Should -Match 'Object: s3://acme/in/a\.csv'
        $table | Should -Match 'Line Column +Reason'
        $list = Get-S3FeedReject orders | Format-List | Out-String -Width 80
        $list | Should -Match ([regex]::Escape('4,\u001b[2J,'))
        $list | Should -Not -Match "`e\[2J"
    }

    It 'says when fewer are kept than there were' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id`n" + ("1,2`n" * 10003) } @{ name = 'orders'; failedRowThreshold = '100%' }
        $null = Invoke-S3Feed orders -WarningAction SilentlyContinue
        (Get-S3FeedReject orders -WarningVariable warned -WarningAction SilentlyContinue).Count | Should -Be 10000
        "$warned" | Should -BeLike 'Run * of feed orders rejected 10,003 rows, of which the first 10,000 are kept.'
    }
}
