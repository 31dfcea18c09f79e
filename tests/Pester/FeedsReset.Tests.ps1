BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe 'Reset- and Remove-S3Feed' {
    BeforeEach {
        $null = New-TestStore
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'a.csv' = "id,zip`n1,01234`n2,04321`n" })
        $null = New-S3Feed orders acme -FileType Csv
        $null = New-S3Feed kept acme -FileType Csv
    }

    It 'says that it loses data, and asks' {
        foreach ($command in 'Reset-S3Feed', 'Remove-S3Feed') {
            $attribute = (Get-Command $command).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            $attribute.ConfirmImpact | Should -Be High
            $attribute.SupportsShouldProcess | Should -BeTrue
        }
        # Nobody can be asked here, so asking is an error.
        Get-TestError { Reset-S3Feed orders } | Should -Not -BeNullOrEmpty
        Get-TestError { Remove-S3Feed orders -DropTable } | Should -Not -BeNullOrEmpty
        Get-TestError { Remove-S3Feed orders -Confirm } | Should -Not -BeNullOrEmpty
        (Get-S3Feed).Name | Should -Be orders, kept
    }
    It 'does not ask for <how>' -ForEach @(
        @{ how = '-Force'; given = @{ Force = $true } }, @{ how = '-Confirm:$false'; given = @{ Confirm = $false } }
    ) {
        $null = Invoke-S3Feed orders
        Reset-S3Feed orders @given
        Remove-S3Feed orders -DropTable @given
        (Get-S3Feed).Name | Should -Be kept
    }
    It 'asks for a feed alone only where that is wanted' {
        Get-S3Feed orders | Remove-S3Feed
        & { $ConfirmPreference = 'Medium'; Get-TestError { Remove-S3Feed kept } } | Should -Not -BeNullOrEmpty
        & { $ConfirmPreference = 'None'; Reset-S3Feed kept; Remove-S3Feed kept -DropTable }
        Get-S3Feed | Should -BeNullOrEmpty
    }
    It 'loads everything again after a reset, and keeps the table without -DropTable' {
        (Invoke-S3Feed orders).Status | Should -Be Succeeded
        (Invoke-S3Feed orders).Status | Should -Be NothingToDo
        Reset-S3Feed orders -Force
        (Get-TestError { Invoke-S3Feed orders }) | Should -BeLike '*AdoptTable*' -Because 'the rows are still there'
        Reset-S3Feed orders -Force -DropTable
        (Invoke-S3Feed orders).RowsLoaded | Should -Be 2
    }
    It 'keeps the table of a removed feed, unless it is to go' {
        $null = Invoke-S3Feed orders
        # It has loaded, so it asks.
        (Get-TestError { Remove-S3Feed orders }).FullyQualifiedErrorId | Should -BeLike 'ConfirmationNeeded,*'
        Remove-S3Feed orders -Force
        $null = New-S3Feed orders acme -FileType Csv
        Get-TestError { Invoke-S3Feed orders } | Should -BeLike '*AdoptTable*'
        Remove-S3Feed orders -DropTable -Force
        $null = New-S3Feed orders acme -FileType Csv
        (Invoke-S3Feed orders).RowsLoaded | Should -Be 2
    }
    It 'goes on after one that fails' {
        'missing', 'orders' | Remove-S3Feed -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
        (Get-S3Feed).Name | Should -Be kept
    }
}
