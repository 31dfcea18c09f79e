BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe 'Get-S3FeedStore' {
    It 'shows where an empty store is, and makes nothing' {
        $path = New-TestStore
        $store = Get-S3FeedStore
        $store.ConfigDirectory | Should -Be $path
        $store.Feeds | Should -Be 0
        Test-Path $path | Should -BeFalse
    }
}
