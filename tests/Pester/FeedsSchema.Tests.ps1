BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe 'The schema of a feed' {
    BeforeEach {
        $store = New-TestStore
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'a.csv' = "Id,Zip Code,Amount`n1,501,2.50`n2,502,3.75`n" })
    }

    It 'is found in the files, but for what is given' {
        $feed = New-S3Feed orders acme -FileType Csv -Schema @{ 'Zip Code' = 'text'; amount = 'double' }
        $feed.Schema.Name | Should -Be id, zip_code, amount
        $feed.Schema.Type | Should -Be bigint, text, double
        (Get-S3Feed orders).Schema.Type | Should -Be bigint, text, double
        (Set-S3Feed orders -Schema @{ amount = 'decimal(38,2)' } -PassThru).Schema.Type | Should -Be bigint, text, 'decimal(38,2)'
    }
    It 'is found for a feed that is changed before it first ran' {
        $null = New-S3Feed orders acme -FileType Csv
        (Set-S3Feed orders -Schema @{ zip_code = 'text' } -PassThru).Schema.Type | Should -Be bigint, text, 'decimal(38,2)'
        (Set-S3Feed orders -Schema $null -PassThru).Schema | Should -BeNullOrEmpty
    }
    It 'is taken as columns, with nothing read' {
        $columns = [PeakS3Feed.Schemas.FeedColumn]::new('id', 'Id', 'BigInt', 0, $false), [pscustomobject]@{ Name = 'price'; Field = 'Amount'; Type = 'decimal(38,4)' }
        $null = New-S3Connection far acme-data -EndpointUrl file:///nothing/here
        $feed = New-S3Feed orders far -FileType Csv -Schema $columns
        $feed.Schema.Field | Should -Be Id, Amount
        $feed.Schema.Type | Should -Be bigint, 'decimal(38,4)'
        $feed.Schema.Nullable | Should -Be $false, $true
    }
    It 'is edited and given back' {
        $null = New-S3Feed orders acme -FileType Csv
        $columns = Get-S3FeedSchema orders
        $columns[2].Name = 'price'
        $columns[2].Type = 'text'
        $columns[1].Nullable = $false
        $after = Set-S3Feed orders -Schema $columns -PassThru
        $after.Schema.Name | Should -Be id, zip_code, price
        $after.Schema.Type | Should -Be bigint, bigint, text
        $after.Schema.Nullable | Should -Be $true, $false, $true
        $again = (Set-S3Feed orders -Schema ($columns | Select-Object Name, Field, Type, Nullable) -PassThru).Schema
        $again | ConvertTo-Json | Should -Be ($after.Schema | ConvertTo-Json)
    }
    It 'is refused with what is wrong: <id>' -ForEach @(
        @{ id = 'ColumnUnknown'; schema = @{ missing = 'text' } }, @{ id = 'ColumnTypeUnknown'; schema = @{ id = 'varchar' } }
        @{ id = 'ParameterArgumentTransformationError'; schema = [pscustomobject]@{ Name = 'id'; Type = 'varchar' } }
        @{ id = 'FeedInvalid'; schema = [pscustomobject]@{ Name = 'id'; Type = 'text' }, [pscustomobject]@{ Name = 'ID'; Type = 'text' } }
        @{ id = 'ParameterArgumentTransformationError'; schema = 'id' }
    ) {
        (Get-TestError { New-S3Feed orders acme -FileType Csv -Schema $schema }).FullyQualifiedErrorId | Should -BeLike "$id,*"
        Get-S3Feed | Should -BeNullOrEmpty
    }
    It 'is not looked for with -WhatIf' {
        $hash = Get-FileHash (Join-Path $store definitions.json)
        New-S3Feed orders acme -FileType Csv -Schema @{ zip_code = 'text' } -WhatIf
        (Get-FileHash (Join-Path $store definitions.json)).Hash | Should -Be $hash.Hash
    }
    It 'completes the primary key' {
        $global:columns = [pscustomobject]@{ Name = 'a'; Type = 'date' }, [pscustomobject]@{ Name = 'b c'; Type = 'text' }
        $line = 'New-S3Feed orders acme -FileType Csv -Schema $columns -PrimaryKey '
        try { $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null) } finally { Remove-Variable columns -Scope Global }
        $found.CompletionMatches.CompletionText | Should -Be a, "'b c'"
    }
}
