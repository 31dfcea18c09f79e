# Our assemblies live in a load context of their own, so that those of other modules in the session and ours never meet. The manifest of the built
# module has the loader loaded. Each call of a method and each kind of expression here would have PowerShell compile code, so there are few.
if (-not ('PeakS3Feed.Loader.ModuleLoadContext' -as [type])) {
    $root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
    $build = [System.IO.Path]::Combine($root, 'build.ps1')
    $built = [System.IO.Path]::Combine($root, 'out', 'PeakS3Feed')
    throw "This is the source of PeakS3Feed. Build the module and import what was built: " +
    "& '$($build.Replace("'", "''"))'; Import-Module '$($built.Replace("'", "''"))'"
}
if ([PeakS3Feed.Loader.ModuleLoadContext]::ModuleFolder -ne $PSScriptRoot) {
    throw "Another copy of PeakS3Feed is loaded in this session, from $(Split-Path ([PeakS3Feed.Loader.ModuleLoadContext].Assembly.Location)). Start a new session to use the one in $PSScriptRoot."
}
# A second import of an assembly exports nothing by itself (PowerShell#20710): importing what it gave back does.
Import-Module -Assembly ([PeakS3Feed.Loader.ModuleLoadContext]::ModuleAssemblies) -PassThru | Import-Module
