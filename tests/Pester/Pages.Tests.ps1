# Pages of docs that show sessions and need no servers but that for mail: they go as they are shown.
BeforeDiscovery {
    . $PSScriptRoot/Mail.ps1
    $pages = @{ Name = 's3-table' }, @{ Name = 'spreadsheets' }, @{ Name = 'triggers' }, @{ Name = 'watchers'; SmtpPort = 2525 } | Where-Object { -not $_.SmtpPort -or (Test-MailServer) }
}
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
    . $PSScriptRoot/Mail.ps1
}

Describe 'docs/<Name>.md' -ForEach $pages {
    BeforeAll { if ($SmtpPort) { $script:mail = Start-MailServer $SmtpPort } }
    AfterAll { if ($SmtpPort) { Stop-MailServer $mail } }

    It 'shows what comes out' {
        $steps = Invoke-Transcript (Join-Path $PSScriptRoot ../../docs "$Name.md") -Setup ([scriptblock]::Create(". '$PSScriptRoot/ExampleSetup.ps1'"))
        $steps.Count | Should -BeGreaterThan 5
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
