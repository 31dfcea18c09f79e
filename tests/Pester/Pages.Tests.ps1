# Pages of docs that show sessions and need no servers: they go as they are shown.
BeforeDiscovery { $pages = 'triggers' | ForEach-Object { @{ Name = $_ } } }
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
}

Describe 'docs/<Name>.md' -ForEach $pages {
    It 'shows what comes out' {
        $steps = Invoke-Transcript (Join-Path $PSScriptRoot ../../docs "$Name.md") -Setup ([scriptblock]::Create(". '$PSScriptRoot/ExampleSetup.ps1'"))
        $steps.Count | Should -BeGreaterThan 5
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
