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
