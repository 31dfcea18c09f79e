# What the tests share; dot-source it in BeforeAll. The module is the packaged one: out/PeakS3Feed, or PEAKS3FEED_MODULE.
$ModulePath = $env:PEAKS3FEED_MODULE ? $env:PEAKS3FEED_MODULE : (Join-Path $PSScriptRoot ../../out/PeakS3Feed)
Import-Module $ModulePath

# A store of the test's own, which all cmdlets use from now on. The folder goes with TestDrive. It is made by the first cmdlet that makes
# a definition; tests that only read ask for it with -Made.
function New-TestStore([switch] $Made) {
    $path = Join-Path $TestDrive "store-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
    if ($Made) { $null = New-Item -ItemType Directory $path }
    $env:PEAKS3FEED_HOME = $path
    $path
}

# A folder that stands in for a bucket, with files given as a table of key and text. Gives its file:// address.
function New-TestBucket([hashtable] $Files) {
    $path = Join-Path $TestDrive "bucket-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
    $null = New-Item -ItemType Directory $path
    foreach ($key in $Files.Keys) {
        $file = Join-Path $path $key
        $null = New-Item -ItemType Directory -Force (Split-Path $file)
        [IO.File]::WriteAllText($file, $Files[$key])
    }
    [uri]::new("file://$path").AbsoluteUri
}

# The ErrorRecord that a command ends in or writes.
function Get-TestError([scriptblock] $Command) {
    $ErrorActionPreference = 'Stop'
    try { $null = & $Command } catch { return $_ }
}
