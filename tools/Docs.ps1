# Makes the help of the commands in module/en-US, what Get-Help shows, from the Markdown in docs/en-US. It is kept, so that a build needs no
# PlatyPS. The about topics stand in module/en-US themselves.
param([string] $Target = (Join-Path $PSScriptRoot ../module/en-US))
$source = Join-Path $PSScriptRoot ../docs/en-US
if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable)) {
    throw 'The help is made with Microsoft.PowerShell.PlatyPS. Next: Install-PSResource Microsoft.PowerShell.PlatyPS'
}
$pages = (Get-ChildItem $source -Filter *-*.md | Sort-Object Name).FullName
if (-not $pages) { throw "There is no help of a command in $source." }
$commands = Import-MarkdownCommandHelp $pages
$made = @($commands | Export-MamlCommandHelp -OutputFolder $Target -Force)[0]
$file = Join-Path $Target $made.Name
$help = [xml]::new()
$help.Load($made.FullName)
Remove-Item -Recurse $made.Directory

# What PlatyPS makes of it is good for web pages. For Get-Help: examples in one piece, without Markdown's fences and the mark that stands for
# an empty line; no addresses of pages beside this one; default values.
$names = [Xml.XmlNamespaceManager]::new($help.NameTable)
$help.DocumentElement.Attributes | Where-Object Prefix -eq xmlns | ForEach-Object { $names.AddNamespace($_.LocalName, $_.Value) }
foreach ($introduction in $help.SelectNodes('//command:example/maml:introduction', $names)) {
    $text = $introduction.SelectNodes('maml:para', $names).InnerText.Replace("`u{80}", '') -join "`n" -replace '(?m)^```\w*\n?'
    $introduction.RemoveAll()
    $introduction.AppendChild($help.CreateElement('maml', 'para', $names.LookupNamespace('maml'))).InnerText = $text.Trim()
}
foreach ($uri in $help.SelectNodes('//maml:navigationLink/maml:uri', $names)) {
    $link = $uri.ParentNode
    if ($link['maml:linkText'].InnerText -eq 'Online Version') { $null = $link.ParentNode.RemoveChild($link) } else { $uri.InnerText = '' }
}
foreach ($command in $commands) {
    foreach ($parameter in $command.Parameters | Where-Object DefaultValue) {
        $path = "//command:command[command:details/command:name='$($command.Title)']/command:parameters/command:parameter[maml:name='$($parameter.Name)']"
        $node = $help.SelectSingleNode($path, $names).AppendChild($help.CreateElement('dev', 'defaultValue', $names.LookupNamespace('dev')))
        $node.InnerText = $parameter.DefaultValue
    }
}
$help.Save($file)
Get-Item $file
