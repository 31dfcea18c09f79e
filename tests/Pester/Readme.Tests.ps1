BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
}

Describe 'The README' {
    It 'shows what comes out' {
        $root = Join-Path $PSScriptRoot ../..
        Remove-Item /tmp/shop -Recurse -Force -ErrorAction Ignore
        $steps = Invoke-Transcript (Join-Path $root README.md) -Setup ([scriptblock]::Create("Set-Location '$root'; Import-Module '$ModulePath'"))
        $steps.Count | Should -BeGreaterThan 12
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
    AfterAll { Remove-Item /tmp/shop -Recurse -Force -ErrorAction Ignore }
}
