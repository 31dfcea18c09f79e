BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
    $script:files = @{ 'in/a.csv' = "Order Id,Price,Code`n1,1.50,007`n2,2.25,008`n" }
}

Describe 'Get-S3FeedSchema' {
    BeforeEach { $null = New-OrdersStore $files }

    It 'infers the columns of a feed that has none yet, and says from what' {
        $said = Get-S3FeedSchema orders -Verbose 4>&1
        $said[0] | Should -Be 'Inferred from 2 rows of s3://acme/in/a.csv, chosen among all matching objects.'
        $columns = $said | Select-Object -Skip 1
        $columns | Should -BeOfType PeakS3Feed.Cmdlets.Output.S3FeedSchemaColumn
        $columns.Name | Should -Be order_id, price, code
        $columns.Type | Should -Be bigint, 'decimal(38,2)', text
        $columns.Field | Should -Be 'Order Id', Price, Code
        $columns.FeedName | Should -Be orders, orders, orders
        $columns | Out-String -Width 80 | Should -Match '(?m)^order_id +bigint +True +Order Id\r?$'
        (Get-S3Feed orders).Schema | Should -BeNullOrEmpty
    }

    It 'gets the columns that a feed has, and infers anew with -Infer' {
        $null = Set-S3Feed orders -Schema (Get-S3FeedSchema orders | Select-Object -First 2)
        (Get-S3FeedSchema orders).Name | Should -Be order_id, price
        (Get-S3FeedSchema orders -Infer).Name | Should -Be order_id, price, code
        (Get-S3FeedSchema orders -SampleAll).Name | Should -Be order_id, price, code
    }

    It 'reads files before there is a feed' {
        $columns = Get-S3FeedSchema -ConnectionName acme -FileType Csv -Path in/
        $columns.Name | Should -Be order_id, price, code
        $columns[0].FeedName | Should -BeNullOrEmpty
        (Get-S3FeedSchema -ConnectionName acme -FileType Csv -Path in/ -NoHeader).Name | Should -Be column_1, column_2, column_3
        (Get-TestError { Get-S3FeedSchema -ConnectionName acme -FileType Csv -Path nix/ }).FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
    }

    It 'takes feeds from the pipeline' {
        (Get-S3Feed orders | Get-S3FeedSchema).Count | Should -Be 3
        ('nix', 'orders' | Get-S3FeedSchema -ErrorAction SilentlyContinue).Count | Should -Be 3
    }

    It 'gives columns that refuse a type that there is not' {
        $column = (Get-S3FeedSchema orders)[0]
        { $column.Type = 'number' } | Should -Throw '*number*'
        $column.Type = 'DECIMAL( 38 , 4 )'
        $column.Type | Should -Be 'decimal(38,4)'
    }
}

Describe 'Schemas that are given back' {
    BeforeEach { $null = New-OrdersStore $files }

    It 'renames and retypes columns' {
        $columns = Get-S3FeedSchema orders
        $columns[0].Name = 'id'
        $columns[1].Type = 'text'
        Set-S3Feed orders -Schema $columns
        $schema = (Get-S3Feed orders).Schema
        $schema[0].Name | Should -Be id
        $schema[0].Field | Should -Be 'Order Id'
        $schema[1].Type | Should -Be text
        (Invoke-S3Feed orders).RowsLoaded | Should -Be 2
    }

    It 'takes columns that went through <What>' -ForEach @(
        @{ What = 'JSON'; Through = { $args | ConvertTo-Json | ConvertFrom-Json } }
        @{ What = 'CSV'; Through = { $args | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ What = 'Select-Object'; Through = { $args | Select-Object Name, Type, Field, Nullable } }
        @{ What = 'tables'; Through = { $args | ForEach-Object { @{ name = $_.Name; type = $_.Type; field = $_.Field; nullable = $_.Nullable } } } }
    ) {
        $columns = Get-S3FeedSchema orders
        $columns[2].Nullable = $false
        Set-S3Feed orders -Schema (& $Through @columns)
        $schema = (Get-S3Feed orders).Schema
        $schema.Field | Should -Be 'Order Id', Price, Code
        $schema.Type | Should -Be bigint, 'decimal(38,2)', text
        $schema.Nullable | Should -Be $true, $true, $false
    }

    It 'takes a table of types' {
        Set-S3Feed orders -Schema (Get-S3FeedSchema orders)
        Set-S3Feed orders -Schema @{ price = 'text'; 'Order Id' = 'decimal(38,0)' }
        (Get-S3Feed orders).Schema.Type | Should -Be 'decimal(38,0)', text, text
        (Get-TestError { Set-S3Feed orders -Schema @{ nix = 'text' } }).FullyQualifiedErrorId | Should -BeLike 'ColumnUnknown,*'
        (Get-TestError { Set-S3Feed orders -Schema @{ price = 'nix' } }).FullyQualifiedErrorId | Should -BeLike 'ColumnTypeUnknown,*'
    }

    It 'refuses what is no column' {
        (Get-TestError { Set-S3Feed orders -Schema @([pscustomobject]@{ Type = 'text' }) }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
    }
}
