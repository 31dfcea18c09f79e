# Makes module/en-US, what Get-Help shows, from the Markdown in docs/en-US. Both are kept, so that a build needs no PlatyPS.
$source = Join-Path $PSScriptRoot ../docs/en-US
$target = Join-Path $PSScriptRoot ../module/en-US
if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable)) {
    throw 'The help is made with Microsoft.PowerShell.PlatyPS. Next: Install-PSResource Microsoft.PowerShell.PlatyPS'
}
$commands = Get-ChildItem $source -Filter *-*.md
if (-not $commands) { throw "There is no help of a command in $source." }
if (Test-Path $target) { Remove-Item -Recurse $target }
$null = New-Item -ItemType Directory $target
$made = Import-MarkdownCommandHelp $commands.FullName | Export-MamlCommandHelp -OutputFolder $target -Force
Move-Item $made.FullName $target -Force
Get-ChildItem $target -Directory | Remove-Item -Recurse
foreach ($topic in Get-ChildItem $source -Filter about_*.md) {
    Copy-Item $topic.FullName (Join-Path $target "$($topic.BaseName).help.txt")
}
Get-ChildItem $target
