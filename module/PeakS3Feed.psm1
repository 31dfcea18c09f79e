# Our assemblies live in a load context of their own, so that those of other modules in the session and ours never meet.
# Not by Join-Path, which would have a module of PowerShell's loaded first.
$loader = [System.IO.Path]::Combine($PSScriptRoot, 'PeakS3Feed.Loader.dll')
if (-not [System.IO.File]::Exists($loader)) {
    $root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
    $build = [System.IO.Path]::Combine($root, 'build.ps1')
    if ([System.IO.File]::Exists($build)) {
        $built = [System.IO.Path]::Combine($root, 'out', 'PeakS3Feed')
        throw "This is the source of PeakS3Feed. Build the module and import what was built: " +
        "& '$($build.Replace("'", "''"))'; Import-Module '$($built.Replace("'", "''"))'"
    }
}
if (-not ('PeakS3Feed.Loader.ModuleLoadContext' -as [type])) { $null = [System.Reflection.Assembly]::LoadFrom($loader) }
$loaded = [PeakS3Feed.Loader.ModuleLoadContext].Assembly.Location
if ($loaded -ne $loader) {
    throw "Another copy of PeakS3Feed is loaded in this session, from $(Split-Path $loaded). Start a new session to use the one in $PSScriptRoot."
}
# The core's types by name, for users, -is and Mock.
Import-Module -Assembly ([PeakS3Feed.Loader.ModuleLoadContext]::LoadModuleAssembly('PeakS3Feed.Core'))
$cmdlets = [PeakS3Feed.Loader.ModuleLoadContext]::LoadModuleAssembly('PeakS3Feed')
# A second import of an assembly exports nothing by itself (PowerShell#20710): importing what it gave back does.
Import-Module -Assembly $cmdlets -PassThru | Import-Module
