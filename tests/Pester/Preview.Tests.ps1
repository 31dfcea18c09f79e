BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    $script:files = @{
        'in/a.csv'      = "Order Id,Price,Day,At,Ok,Text`n1,1.50,2026-01-02,2026-01-02T03:04:05Z,true,x`n2,,2026-01-03,2026-01-03T00:00:00Z,false,`"`"`n3,9.99,2026-01-04,2026-01-04T00:00:00Z,true,z`n"
        'tabs/a.tsv'    = "a`tb`n1`t2`n"
        'pipes/a.csv'   = "x|y`n1|2`n"
        'wide/a.csv'    = ((1..30 | ForEach-Object { "column_$_" }) -join ',') + "`n" + ((1..30 | ForEach-Object { "value $_" }) -join ',') + "`n"
        'lines/a.jsonl' = "{`"n`": 9007199254740993, `"s`": null}`n"
        'other/a.txt'   = 'text'
    }
}

Describe 'Show-S3FeedPreview' {
    BeforeAll { $null = New-OrdersStore $files -Feeds @{ name = 'orders' }, @{ name = 'pipes'; path = 'pipes/'; csv = @{ separator = 'Comma' } } }

    It 'shows typed rows of a feed' {
        $rows = Show-S3FeedPreview orders
        $rows | Should -HaveCount 3
        $rows | Should -BeOfType PeakS3Feed.Cmdlets.Preview.S3FeedPreviewRow
        $rows[0].PSObject.Properties.Name | Should -Be order_id, price, day, at, ok, text
        $rows[0].order_id | Should -BeOfType long
        $rows[0].price | Should -BeOfType decimal
        $rows[0].day | Should -Be ([DateOnly]::new(2026, 1, 2))
        $rows[0].at | Should -Be ([DateTimeOffset]::new(2026, 1, 2, 3, 4, 5, [TimeSpan]::Zero))
        $rows[0].ok | Should -BeTrue
        $rows[0].ok | Should -BeOfType bool
        $rows[1].price | Should -BeNullOrEmpty
        $rows[1].text | Should -BeExactly ''
        (Show-S3FeedPreview orders -First 1).order_id | Should -Be 1
        ($rows | Where-Object price -GT 5).order_id | Should -Be 3
    }

    It 'exports the columns and nothing else' {
        (Show-S3FeedPreview orders -First 1 | ConvertTo-Csv)[0] | Should -Be '"order_id","price","day","at","ok","text"'
        (Show-S3FeedPreview orders -First 1 | ConvertTo-Json | ConvertFrom-Json).PSObject.Properties.Name | Should -Be order_id, price, day, at, ok, text
    }

    It 'has a table of its own for more columns than PowerShell makes one of' {
        $lines = (Show-S3FeedPreview orders | Out-String -Width 120).Trim() -split '\r?\n'
        $lines[0] | Should -Be 's3://acme/in/a.csv'
        $lines | Should -Contain 'order_id price day        at                   ok    text'
        $lines | Should -Contain '       1  1.50 2026-01-02 2026-01-02 03:04:05Z true  x'
        $lines | Should -Contain '       2  NULL 2026-01-03 2026-01-03 00:00:00Z false'
    }

    It 'has a line for each column where they do not fit' {
        $row = Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path wide/
        foreach ($width in 80, 120) {
            $row.GetHeader($width) | Should -Be '(30 columns, one line each)'
            $lines = $row.GetLine($width) -split '\r?\n'
            $lines | Should -HaveCount 31
            $lines[0] | Should -Be '-- row 1 --'
            $lines[30] | Should -Match '^column_30 value 30'
            $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual $width }
        }
        ($row | Out-String -Width 80) -split '\r?\n' | Should -Contain $lines[30]
        $row | Format-List | Out-String -Width 80 | Should -Match 'column_30 +: value 30'
    }

    It 'reads files before there is a feed' {
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path tabs/ -Separator Tab).b | Should -Be 2
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path tabs/ -Separator '\t').b | Should -Be 2
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path pipes/ -Separator Auto).y | Should -Be 2
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path pipes/ -Separator '|' -NoHeader)[0].column_1 | Should -Be x
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path pipes/ -Separator '|' -ColumnName p, q -SkipRows 1).q | Should -Be 2
        (Show-S3FeedPreview -ConnectionName acme -FileType Ndjson -Path lines/).n | Should -Be 9007199254740993
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Include 'pipes/*' -Separator Pipe -NullValue 1).x | Should -BeNullOrEmpty
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Separator Comma -Exclude 'in/*', 'wide/*', 'tabs/*').x_y | Should -Be '1|2'
        (Show-S3FeedPreview -ConnectionName acme -FileType Csv -Path in/ -Key in/a.csv -First 1).order_id | Should -Be 1
    }

    It 'takes the file type from the name of the key' {
        (Show-S3FeedPreview -ConnectionName acme -Key in/a.csv -First 1).order_id | Should -Be 1
        (Show-S3FeedPreview -ConnectionName acme -Key lines/a.jsonl).n | Should -Be 9007199254740993
        { Show-S3FeedPreview -ConnectionName acme -ErrorAction Stop } | Should -Throw 'The command names neither a file type nor a key.' -ErrorId 'FileTypeMissing*'
        { Show-S3FeedPreview -ConnectionName acme -Key in/a.dat -ErrorAction Stop } | Should -Throw 'The name of in/a.dat does not show the file type.*' -ErrorId 'FileTypeMissing*'
    }

    It 'tries another way of reading on a feed, whatever its columns are' {
        $null = Invoke-S3Feed pipes
        (Show-S3FeedPreview pipes).PSObject.Properties.Name | Should -Be x_y
        (Show-S3FeedPreview pipes -Separator Pipe).y | Should -Be 2
        (Get-S3Feed pipes).Separator | Should -Be ','
    }

    It 'takes feeds from the pipeline and goes on after one that fails' {
        ('nix', 'pipes' | Show-S3FeedPreview -ErrorVariable failed -ErrorAction SilentlyContinue) | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        (Get-S3Feed pipes | Show-S3FeedPreview -Separator Pipe).x | Should -Be 1
    }

    It 'says what it read with -Verbose, and warns of rows that could not be loaded' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,n`n1,1`n2,3,4`n" }
        $rows = Show-S3FeedPreview orders -Verbose -WarningVariable warned -WarningAction SilentlyContinue 4>&1
        $rows[0] | Should -BeLike 's3://acme/in/a.csv, 15 B, modified * UTC, separator Comma, 2 columns'
        $rows[1].id | Should -Be 1
        "$warned" | Should -BeLike 's3://acme/in/a.csv, line 3: *'
    }

    It 'fails with an id where <What>' -ForEach @(
        @{ What = 'there is no such folder'; Given = @{ Path = 'nix/' }; Id = 'PathNotFound' }
        @{ What = 'there is no file of that type'; Given = @{ Path = 'other/' }; Id = 'NothingToSample' }
        @{ What = 'there is no such key'; Given = @{ Key = 'in/nix.csv' }; Id = 'ObjectNotFound' }
        @{ What = 'the path does not end in a slash'; Given = @{ Path = 'in' }; Id = 'FeedInvalid' }
        @{ What = 'a quote is two characters'; Given = @{ Quote = "''" }; Id = 'CsvDialectInvalid' }
    ) {
        $null = New-OrdersStore $files
        $failed = Get-TestError { Show-S3FeedPreview -ConnectionName acme -FileType Csv @Given }
        $failed.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failed.TargetObject | Should -Be acme
    }

    It 'counts the columns of a terminal, of which some characters take two' {
        $null = New-OrdersStore @{ 'in/a.csv' = "name,n`n日本語,1`ne$([char]0x301)t,2`n$('語' * 40),3`n" }
        $lines = (Show-S3FeedPreview orders | Out-String -Width 120) -split '\r?\n'
        $lines | Should -Contain "日本語$(' ' * 18) 1"
        $lines | Should -Contain "e$([char]0x301)t$(' ' * 22) 2"
        $lines | Should -Contain "$('語' * 11)…  3"
    }

    It 'fails where the folder may not be read' -Skip:($IsWindows -or (id -u) -eq 0) {
        $made = New-OrdersStore $files
        chmod 000 (Join-Path $made.Bucket in/a.csv)
        (Get-TestError { Show-S3FeedPreview orders }).FullyQualifiedErrorId | Should -BeIn 'ConnectionTestFailed,*', 'ObjectAccessDenied,*'
    }

    It 'has no set for a feed and a connection at once' {
        { Show-S3FeedPreview -Name orders -ConnectionName acme } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}
