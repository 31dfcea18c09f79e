# What the manifest imports while the module is not built. The build has it import PeakS3Feed.psm1.
$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
$build = [System.IO.Path]::Combine($root, 'build.ps1')
$built = [System.IO.Path]::Combine($root, 'out', 'PeakS3Feed')
throw "This is the source of PeakS3Feed. Build the module and import what was built: " +
"& '$($build.Replace("'", "''"))'; Import-Module '$($built.Replace("'", "''"))'"
