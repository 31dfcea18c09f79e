BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
    . $PSScriptRoot/Ceph.ps1
}

Describe 'The tour' -Skip:(-not ($env:PEAKS3FEED_TEST_S3 -and $env:PEAKS3FEED_TEST_POSTGRES)) {
    It 'goes as docs/tour.md says, on a real S3 server and PostgreSQL' {
        $steps = Invoke-Transcript (Join-Path $PSScriptRoot ../../docs/tour.md) -Setup ([scriptblock]::Create(". $PSScriptRoot/TourSetup.ps1"))
        $steps.Count | Should -BeGreaterThan 20
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
}
