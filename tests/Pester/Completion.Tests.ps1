BeforeAll {
    . $PSScriptRoot/Setup.ps1

    # What stands in the place of what is typed, for each completion of a line.
    function Complete([string] $Line) {
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)
        foreach ($match in $found.CompletionMatches) { $match.CompletionText }
    }
    function Get-ToolTip([string] $Line) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.ToolTip
    }
    # The line with its first completion in it.
    function Expand([string] $Line) {
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)
        $Line.Remove($found.ReplacementIndex, $found.ReplacementLength).Insert($found.ReplacementIndex, $found.CompletionMatches[0].CompletionText)
    }
    # A definition as an import has it: columns with spaces and quotes, which no run is needed for.
    function New-Orders([string] $Path) {
        $null = New-S3Connection acme acme-data -Region eu-west-1 -RootPath in/ -StorePath $Path
        $null = New-S3FeedDestination warehouse -PostgreSql -HostName db.example.com -Database dwh -StorePath $Path
        $null = New-S3Feed orders acme -FileType Csv -Tag 'plain', "it's mine", 'a$b', 'two words', '[eu]' -StorePath $Path
        $null = New-S3Feed customers acme -FileType Json -Table cust -StorePath $Path
        $file = Join-Path $Path definitions.json
        $all = Get-Content $file -Raw | ConvertFrom-Json -AsHashtable
        $all.feeds[0].schema = 'id', 'na me', "o'clock" | ForEach-Object { @{ name = $_; field = $_; type = 'text' } }
        $all.feeds[0].schema[0].type = 'bigint'
        ConvertTo-Json $all -Depth 20 | Set-Content $file
    }
}

Describe 'Names' {
    BeforeAll { New-Orders (New-TestStore) }

    It 'complete for <line>' -ForEach @(
        @{ line = 'Get-S3Feed '; to = 'customers', 'orders' }, @{ line = 'Get-S3Feed -Name ORD'; to = 'orders' }
        @{ line = 'Set-S3Feed cust'; to = 'customers' }, @{ line = 'Remove-S3Feed '; to = 'customers', 'orders' }
        @{ line = 'Reset-S3Feed o'; to = 'orders' }, @{ line = 'Rename-S3Feed o'; to = 'orders' }, @{ line = 'Copy-S3Feed o'; to = 'orders' }
        @{ line = 'Enable-S3Feed o'; to = 'orders' }, @{ line = 'Disable-S3Feed customers, o'; to = 'orders' }
        @{ line = 'New-S3Feed x -ConnectionName '; to = 'acme' }, @{ line = 'Get-S3Feed -ConnectionName a'; to = 'acme' }
        @{ line = 'Test-S3Connection '; to = 'acme' }
        @{ line = 'Set-S3Feed orders -DestinationName '; to = 'local', 'warehouse' }, @{ line = 'Test-S3FeedDestination w'; to = 'warehouse' }
        @{ line = 'New-S3Feed x acme -FileType '; to = 'Csv', 'Json', 'Ndjson' }, @{ line = 'Set-S3Feed orders -LoadType U'; to = 'Upsert' }
        @{ line = 'Set-S3Feed orders -Separator '; to = 'Comma', 'Tab', 'Pipe', 'Semicolon', 'Space', 'Auto' }
        @{ line = 'Set-S3Feed orders -Encoding '; to = 'Latin1', 'Utf16', 'Utf8', 'Windows1252' }
        @{ line = 'New-S3Feed x acme -CommentPrefix '; to = "'#'", "'//'", "'--'", "'%'" }
        @{ line = 'Show-S3FeedPreview orders -BooleanValue '; to = "'1/0'", "'Y/N'", "'t/f'", "'yes/no'" }
        @{ line = 'Set-S3Feed orders -DecimalSeparator '; to = "','", "'.'" }
        @{ line = 'Set-S3Feed orders -GroupSeparator '; to = "'.'", "','", "' '", "'`u{A0}'", "'`u{202F}'", "''''", 'None' }
        @{ line = 'Set-S3FeedDestination warehouse -SslMode Verify'; to = 'VerifyCA', 'VerifyFull' }
        @{ line = 'New-S3FeedDestination x -Redshift -SslMode Verify'; to = 'VerifyCA', 'VerifyFull' }
        @{ line = 'New-S3FeedDestination x -Redshift -StagingConnection '; to = 'acme' }
        @{ line = 'Set-S3FeedDestination x -StagingConnection a'; to = 'acme' }
        @{ line = 'New-S3FeedDestination x -Redshift -Region eu-west-1'; to = 'eu-west-1' }
    ) {
        Complete $line | Should -Be $to
    }
    It 'keep the quote that was typed, and take wildcards' {
        Complete "Get-S3Feed 'or" | Should -Be "'orders'"
        Complete 'Get-S3Feed "or' | Should -Be '"orders"'
        Expand "Get-S3Feed 'or" | Should -Be "Get-S3Feed 'orders'"
        Complete 'Get-S3Feed *mers' | Should -Be customers
        Complete 'Get-S3Feed [c' | Should -BeNullOrEmpty
    }
    It 'tell what they name' {
        Get-ToolTip 'Get-S3Feed cust' | Should -Be 'Incremental from acme into cust'
        Get-ToolTip 'Get-S3Connection ' | Should -Be 's3://acme-data/in/'
        Get-ToolTip 'Get-S3FeedDestination w' | Should -Be PostgreSQL
    }
    It 'of regions come with what they are called' {
        Complete 'Set-S3Connection acme -Region eu-west-1' | Should -Be eu-west-1
        Complete 'Set-S3Connection acme -Region eu-' | Should -Contain eu-central-1
        Get-ToolTip 'Set-S3Connection acme -Region eu-west-1' | Should -Match Ireland
    }
}

Describe 'Tags and columns' {
    BeforeAll { New-Orders (New-TestStore) }

    It 'are quoted where they must be: <line>' -ForEach @(
        @{ line = 'Get-S3Feed -Tag '; to = "'a`$b'", "'it''s mine'", 'plain', "'two words'", "'[eu]'" }
        @{ line = 'Get-S3Feed -Tag tw'; to = "'two words'" }, @{ line = "Get-S3Feed -Tag 'it''s"; to = "'it''s mine'" }
        @{ line = 'Get-S3Feed -Tag "two '; to = '"two words"' }, @{ line = 'Get-S3Feed -Tag "a'; to = "'a`$b'" }
        @{ line = 'Get-S3Feed -Tag plain, it'; to = "'it''s mine'" }, @{ line = "Set-S3Feed orders -Tag '[e"; to = "'[eu]'" }
        @{ line = 'Set-S3Feed orders -PrimaryKey '; to = 'id', "'na me'", "'o''clock'" }
        @{ line = 'Set-S3Feed orders -PrimaryKey id, n'; to = "'na me'" }, @{ line = 'Set-S3Feed customers -PrimaryKey '; to = @() }
    ) {
        @(Complete $line) | Should -Be $to
    }
    It 'mean what they stand for once they are in the line' -ForEach "it's mine", 'a$b', 'two words', '[eu]' {
        $typed = $_.Substring(0, 2)
        (Invoke-Expression (Expand "Get-S3Feed -Tag '$typed")).Name | Should -Be orders
    }
}

Describe 'Completion' {
    It 'reads the store that the line names, from the current location' {
        $null = New-TestStore
        New-Orders (Join-Path $TestDrive elsewhere)
        Push-Location $TestDrive
        try {
            Complete 'Get-S3Feed -StorePath elsewhere -Name o' | Should -Be orders
            Complete "Get-S3Feed -StorePath '$TestDrive/elsewhere' -Name o" | Should -Be orders
            Complete 'Get-S3Feed -StorePath TestDrive:/elsewhere -Name o' | Should -Be orders
            Complete 'Get-S3Feed -StorePath nowhere:/elsewhere -Name o' | Should -BeNullOrEmpty
        }
        finally { Pop-Location }
    }
    It 'makes no folder' {
        $path = New-TestStore
        Complete 'Get-S3Feed -ConnectionName x' | Should -BeNullOrEmpty
        Complete 'Get-S3FeedDestination l' | Should -Be local
        Test-Path $path | Should -BeFalse
    }
    It 'touches nothing of a store that cannot be read, and writes no error' {
        $path = New-TestStore
        $null = New-Item -ItemType Directory $path
        Set-Content (Join-Path $path definitions.json) '{ broken'
        $Error.Clear()
        Complete 'Get-S3Feed -ConnectionName x' | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
        (Get-ChildItem $path -Force).Name | Should -Be definitions.json
    }
}
