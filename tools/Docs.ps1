# Creates the help of the commands (module/en-US/PeakS3Feed.dll-Help.xml) from their pages in docs/en-US, and returns the file. The pages have the
# form of PlatyPS, whose module is not needed. The about topics are in module/en-US only.
param([string] $Target = (Join-Path $PSScriptRoot ../module/en-US))
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$lines = [Collections.Generic.List[string]]::new()

function Add-Line([int] $Depth, [string[]] $Text) { foreach ($one in $Text) { $lines.Add(' ' * 2 * $Depth + $one) } }
function ConvertTo-Xml([string] $Text) { $Text.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;') }

# Returns the sections of a level below a heading, as title and text, in order. A # in a code fence does not begin a section.
function Get-Section([string] $Text, [int] $Level) {
    $title, $fenced, $body = $null, $false, @()
    foreach ($line in $Text -split "`n") {
        if ($line.StartsWith('```')) { $fenced = -not $fenced }
        if (-not $fenced -and $line -match "^#{$Level} (?!#)(.+)$") {
            if ($title) { [pscustomobject]@{ Title = $title; Text = ($body -join "`n").Trim("`n") } }
            $title, $body = $Matches[1].Trim(), @()
        }
        else { $body += $line }
    }
    if ($title) { [pscustomobject]@{ Title = $title; Text = ($body -join "`n").Trim("`n") } }
}

# Returns a value of a parameter's list of properties: one value, or the items below a name.
function Get-Value([string] $Yaml, [string] $Name) { $Yaml -match "(?m)^ *$Name`: ?(.*)$" ? $Matches[1].Trim() : '' }
function Get-ListValue([string] $Yaml, [string] $Name) {
    if ($Yaml -match "(?m)^$Name`:\n((?:- [^\n]*\n)+)") { $Matches[1].Trim() -split "`n" | ForEach-Object { $_.Substring(2) } }
}

# Returns a page's parameters by name.
function Get-Parameter([string] $Text) {
    $parameters = [ordered]@{}
    foreach ($section in Get-Section $Text 3 | Where-Object { $_.Title.StartsWith('-') }) {
        if ($section.Text -notmatch '(?s)^(.*?)```yaml\n(.*?)```') { throw "$($section.Title) has no list of properties." }
        $description, $yaml = $Matches[1].Trim(), $Matches[2]
        $default = Get-Value $yaml DefaultValue
        if ($default.StartsWith("'")) { $default = $default.Substring(1, $default.Length - 2).Replace("''", "'") }
        $input = @(
            if ($yaml.Contains('ValueFromPipeline: true')) { 'ByValue' }
            if ($yaml.Contains('ValueFromPipelineByPropertyName: true')) { 'ByPropertyName' }
        )
        $parameters[$section.Title.Substring(1)] = [pscustomobject]@{
            Description = $description
            Type        = ConvertTo-Xml (Get-Value $yaml Type)
            Default     = ConvertTo-Xml $default
            Aliases     = (@(Get-ListValue $yaml Aliases) -join ', ')
            Values      = @(Get-ListValue $yaml AcceptedValues)
            Wildcards   = Get-Value $yaml SupportsWildcards
            Position    = Get-Value $yaml Position
            Required    = $yaml.Contains('IsRequired: true') ? 'true' : 'false'
            Input       = $input ? "true ($($input -join ', '))" : 'false'
        }
    }
    $parameters
}

function Add-ValueGroup([int] $Depth, $Parameter) {
    if (-not $Parameter.Values) { return }
    Add-Line $Depth '<command:parameterValueGroup>'
    foreach ($value in $Parameter.Values) {
        Add-Line ($Depth + 1) "<command:parameterValue required=`"false`" variableLength=`"false`">$(ConvertTo-Xml $value)</command:parameterValue>"
    }
    Add-Line $Depth '</command:parameterValueGroup>'
}

function Add-Type([int] $Depth, [string] $Name) { Add-Line $Depth '<dev:type>', "  <maml:name>$Name</maml:name>", '</dev:type>' }

function Add-Description([int] $Depth, [string] $Text) {
    Add-Line $Depth '<maml:description>', "  <maml:para>$(ConvertTo-Xml $Text)</maml:para>", '</maml:description>'
}

# Returns one item of syntax: [[-Name] <type>], [-Name] <type>, [-Name <type>], -Name <type>, [-Name] or -Name.
function Add-Syntax([string] $Command, [string] $Text, $Parameters) {
    Add-Line 3 '<command:syntaxItem>', "  <maml:name>$Command</maml:name>"
    $forms = '\[\[-(?<n>\w+)\] <(?<t>[^>]+)>(?<o>\])(?<p>)|\[-(?<n>\w+)\] <(?<t>[^>]+)>(?<p>)|\[-(?<n>\w+) <(?<t>[^>]+)>(?<o>\])|\[-(?<n>\w+)(?<o>\])|-(?<n>\w+) <(?<t>[^>]+)>|-(?<n>\w+)'
    foreach ($match in [regex]::Matches($Text, $forms)) {
        $name = $match.Groups['n'].Value
        if ($name -eq 'CommonParameters') { continue }
        $parameter = $Parameters[$name]
        if (-not $parameter) { throw "The syntax of $Command names -$name, which it does not describe." }
        $required = $match.Groups['o'].Success ? 'false' : 'true'
        $position = $match.Groups['p'].Success ? $parameter.Position : 'named'
        $aliases = $name -in 'WhatIf', 'Confirm' -or -not $parameter.Aliases ? 'none' : $parameter.Aliases
        Add-Line 4 "<command:parameter required=`"$required`" variableLength=`"false`" globbing=`"false`" pipelineInput=`"false`" position=`"$position`" aliases=`"$aliases`">"
        Add-Line 5 "<maml:name>$name</maml:name>", '<maml:description />'
        Add-ValueGroup 5 $parameter
        if ($match.Groups['t'].Success) {
            Add-Line 5 "<command:parameterValue required=`"true`" variableLength=`"false`">$(ConvertTo-Xml $match.Groups['t'].Value)</command:parameterValue>"
        }
        Add-Type 5 $parameter.Type
        Add-Line 4 '</command:parameter>'
    }
    Add-Line 3 '</command:syntaxItem>'
}

function Add-Parameter([string] $Name, $Parameter) {
    Add-Line 3 "<command:parameter required=`"$($Parameter.Required)`" variableLength=`"false`" globbing=`"$($Parameter.Wildcards)`" pipelineInput=`"$($Parameter.Input)`" position=`"$($Parameter.Position)`" aliases=`"$($Parameter.Aliases ? $Parameter.Aliases : 'none')`">"
    Add-Line 4 "<maml:name>$Name</maml:name>"
    Add-Description 4 $Parameter.Description
    Add-ValueGroup 4 $Parameter
    if ($Parameter.Type -ne 'System.Management.Automation.SwitchParameter') {
        Add-Line 4 "<command:parameterValue required=`"true`" variableLength=`"true`">$($Parameter.Type)</command:parameterValue>"
    }
    Add-Type 4 $Parameter.Type
    if ($Parameter.Default) { Add-Line 4 "<dev:defaultValue>$($Parameter.Default)</dev:defaultValue>" }
    Add-Line 3 '</command:parameter>'
}

# Writes an input or output: a type and its description.
function Add-TypeList([string] $List, [string] $Item, [string] $Text) {
    $types = @(Get-Section $Text 3)
    if ($types.Count -eq 0) { Add-Line 2 "<command:$List />"; return }
    Add-Line 2 "<command:$List>"
    foreach ($type in $types) {
        Add-Line 3 "<command:$Item>"
        Add-Type 4 (ConvertTo-Xml $type.Title)
        Add-Description 4 $type.Text.Trim()
        Add-Line 3 "</command:$Item>"
    }
    Add-Line 2 "</command:$List>"
}

function Add-Command([string] $Text) {
    $sections = @{}
    Get-Section ($Text -split "---`n", 3)[2] 2 | ForEach-Object { $sections[$_.Title] = $_.Text }
    $name = [regex]::Match($Text, '(?m)^# (.+)$').Groups[1].Value
    $verb, $noun = $name -split '-'
    Add-Line 1 '<command:command>', '  <command:details>', "    <command:name>$name</command:name>"
    Add-Description 3 $sections['SYNOPSIS'].Trim()
    Add-Line 3 "<command:verb>$verb</command:verb>", "<command:noun>$noun</command:noun>"
    Add-Line 2 '</command:details>'
    # Not as links: where there are links, Get-Help offers -Online, and the topics are nowhere online.
    $related = [regex]::Matches("$($sections['RELATED LINKS'])", '(?m)^- \[([^\]]+)\]') | ForEach-Object { $_.Groups[1].Value }
    Add-Description 2 (@($sections['DESCRIPTION'].Trim(); if ($related) { "See also: $($related -join ', ')." }) -join "`n`n")
    $parameters = Get-Parameter $sections['PARAMETERS']
    Add-Line 2 '<command:syntax>'
    foreach ($set in Get-Section $sections['SYNTAX'] 3) {
        $syntax = ([regex]::Match($set.Text, '(?s)```\n(.*?)```').Groups[1].Value -replace '\s+', ' ').Trim()
        Add-Syntax $name $syntax.Substring($name.Length) $parameters
    }
    Add-Line 2 '</command:syntax>', '<command:parameters>'
    foreach ($parameter in $parameters.GetEnumerator()) { Add-Parameter $parameter.Key $parameter.Value }
    Add-Line 2 '</command:parameters>'
    Add-TypeList inputTypes inputType "$($sections['INPUTS'])"
    Add-TypeList returnValues returnValue "$($sections['OUTPUTS'])"
    $notes = "$($sections['NOTES'])".Trim()
    Add-Line 2 '<maml:alertSet>', '  <maml:alert>'
    Add-Line 4 ($notes ? "<maml:para>$(ConvertTo-Xml $notes)</maml:para>" : '<maml:para />')
    Add-Line 2 '  </maml:alert>', '</maml:alertSet>', '<command:examples>'
    foreach ($example in Get-Section $sections['EXAMPLES'] 3) {
        # Get-Help shows an introduction and the code in one line, so all text is behind the code.
        if ($example.Text -notmatch '(?s)^(.*?)```\w*\n(.*?)\n```(.*)$') { throw "$name has an example without code: $($example.Title)" }
        $code, $remarks = $Matches[2], "$($Matches[1].Trim())`n`n$($Matches[3].Trim())".Trim()
        if ($remarks.Contains('```')) { throw "$name has an example with two codes: $($example.Title)" }
        Add-Line 3 '<command:example>', "  <maml:title>--------- $(ConvertTo-Xml $example.Title) ---------</maml:title>"
        $lines.Add("        <dev:code>$(ConvertTo-Xml $code)</dev:code>")
        Add-Line 4 '<dev:remarks>', "  <maml:para>$(ConvertTo-Xml $remarks)</maml:para>", '</dev:remarks>'
        Add-Line 3 '</command:example>'
    }
    Add-Line 2 '</command:examples>'
    Add-Line 1 '</command:command>'
}

$pages = Get-ChildItem (Join-Path $PSScriptRoot ../docs/en-US) -Filter *-*.md | Sort-Object Name -Culture ''
if (-not $pages) { throw 'There is no help of a command in docs/en-US.' }
Add-Line 0 '<?xml version="1.0" encoding="utf-8"?>'
Add-Line 0 ('<helpItems xmlns:maml="http://schemas.microsoft.com/maml/2004/10" xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10"' +
    ' xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10" schema="maml" xmlns="http://msh">')
foreach ($page in $pages) { Add-Command (Get-Content -Raw $page).ReplaceLineEndings("`n") }
Add-Line 0 '</helpItems>'
$file = Join-Path (Resolve-Path $Target) PeakS3Feed.dll-Help.xml
[IO.File]::WriteAllText($file, $lines -join "`n", [Text.UTF8Encoding]::new($true))
Get-Item $file
