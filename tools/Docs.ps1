# Makes the help of the commands in module/en-US, what Get-Help shows, from the Markdown in docs/en-US. It is kept, so that a build needs no
# PlatyPS. The about topics stand in module/en-US themselves.
param([string] $Target = (Join-Path $PSScriptRoot ../module/en-US))
$source = Join-Path $PSScriptRoot ../docs/en-US
if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable)) {
    throw 'The help is made with Microsoft.PowerShell.PlatyPS. Next: Install-PSResource Microsoft.PowerShell.PlatyPS'
}
$pages = (Get-ChildItem $source -Filter *-*.md | Sort-Object Name).FullName
if (-not $pages) { throw "There is no help of a command in $source." }
$made = @(Import-MarkdownCommandHelp $pages | Export-MamlCommandHelp -OutputFolder $Target -Force)[0]
$file = Join-Path $Target $made.Name
$help = [xml]::new()
$help.PreserveWhitespace = $true
$help.Load($made.FullName)
Remove-Item -Recurse $made.Directory

# Markdown's fences, and the mark that stands for an empty line, mean nothing to Get-Help; nor do the addresses of pages beside this one.
foreach ($text in $help.SelectNodes('//*[local-name()="example"]//text()')) {
    $text.Value = $text.Value -replace '(?m)^```.*\n?' -replace "`u{80}"
}
foreach ($uri in $help.SelectNodes('//*[local-name()="uri"]')) {
    $link = $uri.ParentNode
    if ($link.InnerText.Trim() -eq 'Online Version') { $null = $link.ParentNode.RemoveChild($link) }
    else { $uri.InnerText = '' }
}
$help.Save($file)
Get-Item $file
