# Types the commands that come on standard input, one JSON object a line, and answers what a person would see, one JSON object a line.
param([string] $Module)
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
Import-Module $Module -ErrorAction Stop
[Console]::Out.WriteLine('ready')

# A run that failed has the id RunFailed, and the run itself says why.
function Get-Id($record) {
    $id = ($record.FullyQualifiedErrorId -split ',')[0]
    $id -eq 'RunFailed' ? $record.TargetObject.ErrorId : $id
}

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $asked = ConvertFrom-Json $line
    $asked.Variables.PSObject.Properties | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Name, $_.Value) }
    $ConfirmPreference = $asked.Confirms ? 'None' : 'High'
    $errors, $warnings, $output = @(), @(), @()
    try {
        foreach ($one in & ([scriptblock]::Create($asked.Command)) 2>&1 3>&1) { # Invoke-Expression does not redirect errors
            if ($one -is [System.Management.Automation.ErrorRecord]) { $errors += @{ Id = "$(Get-Id $one)"; Message = "$one" } }
            elseif ($one -is [System.Management.Automation.WarningRecord]) { $warnings += "$one" }
            else { $output += $one }
        }
    }
    catch { $errors += @{ Id = "$(Get-Id $_)"; Message = "$_" } }
    $text = "$($output | Out-String -Width 500)"
    [Console]::Out.WriteLine((ConvertTo-Json @{ Errors = @($errors); Warnings = @($warnings); Output = $text } -Compress))
    $asked.Variables.PSObject.Properties | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Name, $null) }
}
