# Creates out/PeakS3Feed.<version>.nupkg, which Install-PSResource installs from a folder and Publish-PSResource -NupkgPath publishes.
$out = Join-Path $PSScriptRoot ../out
$module = Join-Path $out PeakS3Feed
$manifest = Test-ModuleManifest (Join-Path $module PeakS3Feed.psd1)
$package = Join-Path $out "PeakS3Feed.$($manifest.Version).nupkg"
Remove-Item $package -ErrorAction Ignore
Compress-PSResource -Path $module -DestinationPath $out

# Find-PSResource -CommandName uses tags, which Compress-PSResource does not write.
$cmdlets = $manifest.ExportedCmdlets.Keys | Sort-Object
$tags = @('PSIncludes_Cmdlet') + $cmdlets.ForEach{ "PSCmdlet_$_"; "PSCommand_$_" }
$zip = [IO.Compression.ZipFile]::Open($package, 'Update')
try {
    $stream = $zip.GetEntry('PeakS3Feed.nuspec').Open()
    $nuspec = [xml]::new()
    $nuspec.Load($stream)
    $nuspec.package.metadata.tags += " $tags"
    $stream.SetLength(0)
    $nuspec.Save($stream)
    $stream.Dispose()
}
finally { $zip.Dispose() }
$size = (Get-Item $package).Length / 1e6
if ($size -ge 80) { throw "The package has $($size.ToString('F0')) MB; it must have less than 80." }
Get-Item $package
