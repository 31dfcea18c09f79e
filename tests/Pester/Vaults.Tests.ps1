BeforeAll {
    . $PSScriptRoot/Setup.ps1
    # A vault of the test's own, under the module name that all vaults are asked through.
    $modules = Join-Path $TestDrive modules
    $module = New-Item -ItemType Directory (Join-Path $modules Microsoft.PowerShell.SecretManagement)
    Set-Content (Join-Path $module Microsoft.PowerShell.SecretManagement.psm1) @'
function Get-Secret([string] $Vault, [string] $Name, [switch] $AsPlainText) {
    if ($Vault -eq 'Locked') { throw 'The vault is locked.' }
    if ("$Vault/$Name" -eq 'Team/warehouse password') { 'peaks3feed-test' }
}
'@
    $before = $env:PSModulePath
    $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $before
    if ($env:PEAKS3FEED_TEST_POSTGRES) {
        $server = [Data.Common.DbConnectionStringBuilder]::new()
        $server.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
        $settings = @{ HostName = $server['Host']; Port = $server['Port']; Database = $server['Database']; Username = $server['Username']; SslMode = 'Disable' }
    }
}
AfterAll {
    $env:PSModulePath = $before
    Remove-Module Microsoft.PowerShell.SecretManagement -ErrorAction Ignore
}

Describe 'A password in a vault' -Skip:(-not $env:PEAKS3FEED_TEST_POSTGRES) {
    BeforeEach { $null = New-TestStore }

    It 'is found' {
        $null = New-S3FeedDestination warehouse -PostgreSql @settings -Password 'vault:Team/warehouse password'
        Test-S3FeedDestination warehouse -Quiet | Should -BeTrue
    }
    It 'that is not there is an error of that destination' {
        $null = New-S3FeedDestination warehouse -PostgreSql @settings -Password vault:Team/other
        $problem = Get-TestError { Test-S3FeedDestination warehouse }
        $problem.FullyQualifiedErrorId | Should -BeLike 'SecretNotFound,*'
        "$problem" | Should -BeLike '*vault Team has no other*'
    }
    It 'of a vault that cannot be opened is an error that says why, and the next destination has its turn' {
        $null = New-S3FeedDestination locked -PostgreSql @settings -Password vault:Locked/password
        $null = New-S3FeedDestination warehouse -PostgreSql @settings -Password 'vault:Team/warehouse password'
        $tested = 'locked', 'warehouse' | Test-S3FeedDestination -Quiet -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[-1].FullyQualifiedErrorId | Should -BeLike 'SecretUnreadable,*'
        "$($problems[-1])" | Should -BeLike '*The vault is locked.*'
        $tested | Should -Be $true
    }
}
