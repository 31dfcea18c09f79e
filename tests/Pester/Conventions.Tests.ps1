BeforeDiscovery {
    . $PSScriptRoot/Setup.ps1
    $commands = @((Get-Module PeakS3Feed).ExportedCmdlets.Values | ForEach-Object { @{ command = $_ } })
    $types = @($commands.command.OutputType.Type | Where-Object Namespace -Like 'PeakS3Feed*' | Sort-Object FullName -Unique | ForEach-Object { @{ type = $_ } })
}
BeforeAll { . $PSScriptRoot/Setup.ps1 }

Describe '<command>' -ForEach $commands {
    It 'says of every parameter what it is for' {
        $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
            $parameter.Attributes.HelpMessage | Where-Object { $_ } | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) is asked for at a prompt"
        }
    }
    It 'takes a store' { $command.Parameters.Keys | Should -Contain StorePath }
    It 'can be asked what it would do, if it changes something' {
        if ($command.Verb -notin 'Get', 'Show', 'Test') { $command.Parameters.Keys | Should -Contain WhatIf }
    }
    It 'has a verb that is approved' { (Get-Verb).Verb | Should -Contain $command.Verb }
}

Describe 'The view of <type>' -ForEach $types {
    It 'is one of ours' { (Get-FormatData -TypeName $type.FullName -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition | Should -Not -BeNullOrEmpty }
}
