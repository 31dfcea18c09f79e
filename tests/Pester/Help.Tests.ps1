BeforeDiscovery {
    . $PSScriptRoot/Setup.ps1
    $commands = (Get-Module PeakS3Feed).ExportedCmdlets.Keys | Sort-Object | ForEach-Object { @{ Command = $_ } }
    $pages = Get-ChildItem $PSScriptRoot/../../docs/en-US -Filter *-*.md | ForEach-Object { @{ Page = $_.BaseName; File = $_.FullName } }
    $topics = 'PeakS3Feed', 'S3FeedConnections', 'S3FeedSchemas', 'S3FeedStore', 'S3FeedSecurity', 'S3FeedTables', 'S3FeedTriggers', 'S3FeedDestinations', 'S3FeedWatchers' | ForEach-Object { @{ Topic = "about_$_" } }
}
BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Transcript.ps1
    $help = Join-Path $ModulePath en-US
}

Describe 'The help of <Command>' -ForEach $commands {
    BeforeAll {
        $help = Get-Help $Command -Full
        $cmdlet = Get-Command $Command
        $common = [Management.Automation.Cmdlet]::CommonParameters
        $names = $cmdlet.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
    }
    It 'says in a sentence and in full what it does' {
        foreach ($text in $help.Synopsis, ($help.description.Text -join "`n")) {
            $text | Should -Match '\.$'
            $text | Should -Not -Match '\{\{'
            $text | Should -Not -Match "^\s*$Command"
        }
        $help.description.Text -join ' ' | Should -Not -Be $help.Synopsis
    }
    It 'describes every parameter, and no other' {
        $help.parameters.parameter.name | Sort-Object | Should -Be $names
        foreach ($parameter in $help.parameters.parameter) {
            $parameter.description.Text | Should -Match '\.$' -Because "-$($parameter.name) is to be described"
            $parameter.description.Text | Should -Not -Match '\{\{'
        }
    }
    It 'shows the parameter sets that it has' {
        $shown = $help.syntax.syntaxItem | ForEach-Object { @($_.parameter.name | Where-Object { $_ } | Sort-Object) -join ' ' } | Sort-Object
        $has = $cmdlet.ParameterSets | ForEach-Object { @($_.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' } | Sort-Object
        $shown | Should -Be $has
    }
    It 'has two examples or more, with titles' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) {
            $example.title | Should -Match 'Example \d: \w'
            $example.code | Should -Match '\A(#.*\n)*PS> ' -Because 'code is marked as code'
            "$($example.introduction.Text)" | Should -BeNullOrEmpty -Because 'Get-Help would show it in the line of the code'
            $example.remarks.Text -join "`n" | Should -Not -Match '(?m)^PS> |```' -Because 'the rest is text'
        }
    }
    It 'names related topics, and offers none online, because none is' {
        $shown = Get-Help $Command | Out-String -Width 200
        $shown | Should -Match 'See also: \w+'
        $shown | Should -Not -Match '-Online'
    }
}

Describe 'The examples' {
    BeforeAll {
        $setup = [scriptblock]::Create(". '$PSScriptRoot/ExampleSetup.ps1'")
        $steps = Invoke-Transcript (Get-ChildItem $PSScriptRoot/../../docs/en-US -Filter *-*.md).FullName -Setup $setup | Group-Object Page -AsHashTable
    }
    It 'of <Page> give what it shows' -ForEach $pages {
        $steps[$File] | Should -Not -BeNullOrEmpty
        foreach ($step in $steps[$File]) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what line $($step.Line) shows of $($step.Command)"
        }
    }
    It 'that need servers give what is shown' -Skip:(-not ($env:PEAKS3FEED_TEST_S3 -and $env:PEAKS3FEED_TEST_POSTGRES -and $env:PEAKS3FEED_TEST_REDSHIFT)) {
        $setup = [scriptblock]::Create(". '$PSScriptRoot/ExampleServerSetup.ps1'")
        $pages = Get-ChildItem $PSScriptRoot/../../docs/en-US -Filter *-*.md | Select-String -Pattern '^```console$' -List
        $steps = Invoke-Transcript $pages.Path -Setup $setup -Language console
        $steps | Should -Not -BeNullOrEmpty
        foreach ($step in $steps) {
            Get-StableText $step.Actual | Should -Be (Get-StableText $step.Expected) -Because "that is what $($step.Page):$($step.Line) shows of $($step.Command)"
        }
    }
}

Describe 'The help files' {
    It 'have what the Markdown says' {
        $made = & $PSScriptRoot/../../tools/Docs.ps1 -Target (New-Item -ItemType Directory (Join-Path $TestDrive en-US))
        $expected = Get-Content $made
        foreach ($file in (Join-Path $PSScriptRoot ../../module/en-US $made.Name), (Join-Path $help $made.Name)) {
            $different = Compare-Object $expected (Get-Content $file) | Select-Object -First 5 | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
            $different | Should -BeNullOrEmpty -Because "./build.ps1 -Task Docs makes $file from docs/en-US"
            (Get-FileHash $file).Hash | Should -Be (Get-FileHash $made).Hash -Because "./build.ps1 -Task Docs makes $file from docs/en-US"
        }
    }
    It 'have <Topic>, at most 80 columns wide' -ForEach $topics {
        (Get-Help $Topic) -split '\r?\n' | Select-Object -First 2 | Should -Be 'TOPIC', "    $Topic"
        Get-Content (Join-Path $help "$Topic.help.txt") | Where-Object Length -gt 80 | Should -BeNullOrEmpty
    }
    It 'name no command that there is not, in <Topic>' -ForEach $topics {
        $text = Get-Content -Raw (Join-Path $help "$Topic.help.txt")
        $commands = (Import-PowerShellDataFile (Join-Path $ModulePath PeakS3Feed.psd1)).CmdletsToExport
        [regex]::Matches($text, '\b[A-Z][a-z]+-S3\w+').Value | Where-Object { $_ -notin $commands } | Should -BeNullOrEmpty
    }
}
