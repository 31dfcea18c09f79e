BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $root = Join-Path $PSScriptRoot ../..
    $files = Get-ChildItem -Recurse -File $ModulePath | ForEach-Object { [IO.Path]::GetRelativePath($ModulePath, $_.FullName).Replace('\', '/') }
}

Describe 'The manifest' {
    BeforeAll { $manifest = Test-ModuleManifest (Join-Path $ModulePath PeakS3Feed.psd1) -WarningVariable warnings -ErrorVariable errors }

    It 'passes Test-ModuleManifest without a word' {
        $warnings | Should -BeNullOrEmpty
        $errors | Should -BeNullOrEmpty
    }

    It 'has the version of the assemblies' {
        $version = ([xml](Get-Content -Raw (Join-Path $root Directory.Build.props))).SelectSingleNode('//Version').InnerText
        "$($manifest.Version)" | Should -Be $version
        [Reflection.AssemblyName]::GetAssemblyName((Join-Path $ModulePath lib/PeakS3Feed.dll)).Version | Should -Be ([version]"$version.0")
    }

    It 'says what the gallery shows' {
        $manifest.Description, $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
        $manifest.ProjectUri.Scheme, $manifest.LicenseUri.Scheme | Should -Be 'https', 'https'
        $manifest.Tags | Should -Contain PSEdition_Core
        $manifest.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
    }

    It 'names no export by a wildcard' {
        $manifest.ExportedCmdlets.Keys | Should -Not -Match '\*'
        $manifest.ExportedFunctions.Count + $manifest.ExportedAliases.Count | Should -Be 0
    }
}

Describe 'The package' {
    It 'holds SQLite for each platform, and for no other' {
        $files -match '/e_sqlite3|/libe_sqlite3' | Sort-Object | Should -Be @(
            foreach ($platform in 'linux-arm64', 'linux-x64', 'osx-arm64', 'osx-x64', 'win-arm64', 'win-x64') {
                $library = switch -Wildcard ($platform) { win* { 'e_sqlite3.dll' } osx* { 'libe_sqlite3.dylib' } default { 'libe_sqlite3.so' } }
                "lib/runtimes/$platform/native/$library"
            }
        )
    }

    It 'holds the library of Parquet for each platform, and for no other' {
        $files -match '/ParquetSharpNative' | Sort-Object | Should -Be @(
            foreach ($platform in 'linux-arm64', 'linux-x64', 'osx-arm64', 'osx-x64', 'win-arm64', 'win-x64') {
                $ending = switch -Wildcard ($platform) { win* { 'dll' } osx* { 'dylib' } default { 'so' } }
                "lib/runtimes/$platform/native/ParquetSharpNative.$ending"
            }
        )
    }

    It 'holds no part of PowerShell' {
        $files -match 'System\.Management\.Automation|PowerShellStandard' | Should -BeNullOrEmpty
    }

    It 'has the loader alone beside the manifest' {
        $files -match '^[^/]+\.dll$' | Should -HaveCount 1
        $files -match '^[^/]+\.dll$' | Should -Match '^PeakS3Feed\.Loader\.[0-9.]+\.dll$'
        $files -match '^lib/PeakS3Feed\.Loader' | Should -BeNullOrEmpty
    }

    It 'has every file that the manifest names, and the licence' {
        $named = Import-PowerShellDataFile (Join-Path $ModulePath PeakS3Feed.psd1)
        @($named.RootModule) + $named.FormatsToProcess + 'LICENSE' | Where-Object { $_ -notin $files } | Should -BeNullOrEmpty
    }

    It 'names no folder of the machine that built it' {
        foreach ($file in Get-ChildItem -Recurse $ModulePath -Include PeakS3Feed*.dll, PeakS3Feed*.pdb) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName))
            $text.Contains((Resolve-Path $root).Path.TrimEnd('/', '\')) | Should -BeFalse -Because $file.Name
        }
    }
}

Describe 'The package of the gallery' {
    BeforeAll {
        # A home of its own, so that repositories and modules of this machine's user stay as they are.
        $build = Join-Path $TestDrive build
        $null = New-Item -ItemType Directory $build/out, $build/tools, $TestDrive/home
        Copy-Item -Recurse $ModulePath $build/out/PeakS3Feed
        Copy-Item $root/tools/*.ps1 $build/tools
        $made = & $build/tools/Package.ps1
    }

    It 'is named after the version' {
        $made.Name | Should -Be "PeakS3Feed.$((Get-Module PeakS3Feed).Version).nupkg"
    }

    It 'has less than 80 MB' {
        $made.Length | Should -BeLessThan 80e6
    }

    It 'is not made where it would have more' {
        Copy-Item -Recurse $build $TestDrive/large
        $random = [byte[]]::new(80e6)
        [Random]::new(1).NextBytes($random)
        [IO.File]::WriteAllBytes("$TestDrive/large/out/PeakS3Feed/lib/large.bin", $random)
        { & $TestDrive/large/tools/Package.ps1 } | Should -Throw 'The package has * MB; it must have less than 80.'
    }

    It 'tags each cmdlet' {
        $zip = [IO.Compression.ZipFile]::OpenRead($made.FullName)
        try {
            $reader = [IO.StreamReader]::new($zip.GetEntry('PeakS3Feed.nuspec').Open())
            $tags = ([xml]$reader.ReadToEnd()).package.metadata.tags -split ' '
        }
        finally { $zip.Dispose() }
        foreach ($tag in 'PSModule', 'PSEdition_Core', 'PSIncludes_Cmdlet') { $tags | Should -Contain $tag }
        $cmdlets = (Get-Command -Module PeakS3Feed).Name
        foreach ($cmdlet in $cmdlets) { $tags | Should -Contain "PSCmdlet_$cmdlet" }
        ($tags -join ' ').Length | Should -BeLessThan 4000 -Because 'the gallery takes no more'
    }

    It 'is installed by Install-PSResource from a folder, and loads by name' -Skip:$IsWindows {
        $output = env -u PEAKS3FEED_HOME "HOME=$TestDrive/home" "FOLDER=$build/out" pwsh -NoProfile -NonInteractive -Command {
            $ErrorActionPreference = 'Stop'
            Register-PSResourceRepository -Name Folder -Uri $env:FOLDER -Trusted
            Install-PSResource PeakS3Feed -Repository Folder
            (Get-S3FeedStore).Feeds
            (Get-Module PeakS3Feed).ModuleBase
        }
        $output | Should -Be '0', "$TestDrive/home/.local/share/powershell/Modules/PeakS3Feed/$((Get-Module PeakS3Feed).Version)"
    }
}

Describe 'A module for one platform' -Skip:($IsWindows -or -not (Get-Command dotnet -ErrorAction Ignore)) {
    BeforeAll {
        # Another platform than this one.
        $platform, $ending = if ($IsMacOS) { 'linux-arm64', 'so' } else { 'osx-arm64', 'dylib' }
        $folder = "$TestDrive/one/"
        bash $root/tools/build.sh --platform $platform -p:RunAnalyzers=false "-p:ModuleFolder=$folder"
        # Loads the native library of Parquet in a process of its own, as the first file that is written or read does.
        function Test-Parquet([string] $Module) {
            pwsh -NoProfile -NonInteractive -Args "$Module/PeakS3Feed.psd1" -Command {
                Import-Module $args[0]
                $null = (Get-S3FeedStore).Feeds
                $core = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'PeakS3Feed.Core' }
                $isLoaded = { @([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName) -match '^ParquetSharpNative' -ne $null }
                "$([bool](& $isLoaded))"
                try {
                    $null = $core.GetType('PeakS3Feed.Destinations.Parquet.ParquetLibrary').GetMethod('Load', [type[]]@()).Invoke($null, @())
                    "$([bool](& $isLoaded))"
                }
                catch { $_.Exception.InnerException.Id }
            }
        }
    }

    It 'holds the native libraries of that platform only' {
        $native = Get-ChildItem -Recurse -File $folder/lib/runtimes | ForEach-Object { [IO.Path]::GetRelativePath($folder, $_.FullName) }
        $native | Sort-Object | Should -Be "lib/runtimes/$platform/native/libe_sqlite3.$ending", "lib/runtimes/$platform/native/ParquetSharpNative.$ending"
    }

    It 'says where the library of Parquet is missing that it cannot read or write Parquet' {
        Copy-Item -Recurse $ModulePath $TestDrive/without
        Get-ChildItem -Recurse $TestDrive/without -Include ParquetSharpNative.* | Remove-Item
        Test-Parquet $TestDrive/without | Should -Be 'False', 'ParquetNotAvailable'
    }

    It 'loads the library of Parquet when it is needed, not before' {
        Test-Parquet $ModulePath | Should -Be 'False', 'True'
    }

    It 'is refused for a platform that there is not' {
        bash $root/tools/build.sh --platform linux-musl-x64 --no-build "-p:ModuleFolder=$TestDrive/none/" | Out-String |
            Should -Match 'There is no platform linux-musl-x64. The platforms are: win-x64, win-arm64, linux-x64, linux-arm64, osx-x64, osx-arm64.'
        $LASTEXITCODE | Should -Not -Be 0
    }
}

Describe 'The package of the worker' -Skip:($IsWindows -or -not (Get-Command dotnet -ErrorAction Ignore)) {
    BeforeAll {
        # Packed from what is built, as the module under test is.
        $null = dotnet pack (Join-Path $root src/PeakS3Feed.Worker) -c Release --no-build --nologo -v q -o $TestDrive/worker
        $null = env "DOTNET_CLI_HOME=$TestDrive/home" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet tool install peaks3feed --tool-path $TestDrive/tool --source $TestDrive/worker
    }

    It 'is a .NET tool that runs a feed' {
        $null = New-TestStore
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'in/a.csv' = "id`n1`n2`n" })
        $null = New-S3Feed orders acme -FileType Csv
        & "$TestDrive/tool/peaks3feed" run orders | Out-String | Should -Match 'orders +succeeded +1 +2 '
        $LASTEXITCODE | Should -Be 0
        (Get-S3FeedRun orders).RowsLoaded | Should -Be 2
    }
}
