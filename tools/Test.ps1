# Runs all tests except the fuzz tests. bash tests/run also starts the servers.
dotnet test (Join-Path $PSScriptRoot ../PeakS3Feed.sln) -c Release --nologo
Import-Module Pester -MinimumVersion 5.5 -MaximumVersion 5.99
Invoke-Pester -Configuration @{ Run = @{ Path = Join-Path $PSScriptRoot ../tests/Pester; Throw = $true } }
