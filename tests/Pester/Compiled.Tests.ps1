BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $root = Join-Path $PSScriptRoot ../..
    $platform = "$($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux')-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()

    # The platform whose machine code an assembly holds, from its headers; 'any' for an assembly that holds none. The machine of compiled code is
    # that of its processor, combined with a number of its system (PEReader and readytorun.h in dotnet/runtime).
    function Get-CodePlatform([string] $Path) {
        $reader = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Path))
        try {
            if ($reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -eq 0) { return 'any' }
            $machine = [int]$reader.PEHeaders.CoffHeader.Machine -band 0xffff
            foreach ($system in @{ win = 0; linux = 0x7b79; osx = 0x4644 }.GetEnumerator()) {
                foreach ($processor in @{ x64 = 0x8664; arm64 = 0xaa64 }.GetEnumerator()) {
                    if (($machine -bxor $system.Value) -eq $processor.Value) { return "$($system.Key)-$($processor.Key)" }
                }
            }
        }
        finally { $reader.Dispose() }
    }

    # Where a new session has the module's assemblies from, after a command that reads the store; relative to the module.
    function Get-LoadedFile([string] $Module) {
        $null = New-TestStore -Made
        pwsh -NoProfile -NonInteractive -Args "$Module/PeakS3Feed.psd1" -Command {
            Import-Module $args[0]
            $null = Get-S3Feed
            [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ PeakS3Feed | ForEach-Object Assemblies | ForEach-Object Location
        } | ForEach-Object { [IO.Path]::GetRelativePath((Resolve-Path $Module).Path, $_).Replace('\', '/') }
    }
}

Describe 'The compiled module' {
    It 'holds code of this platform in each image, and the assemblies themselves hold none' {
        $images = Get-ChildItem $ModulePath/lib/compiled/$platform/*.dll
        $images.Name | Should -Contain PeakS3Feed.Core.dll
        foreach ($image in $images) {
            Get-CodePlatform $image | Should -Be $platform -Because $image.Name
            [Reflection.AssemblyName]::GetAssemblyName($image).FullName |
                Should -Be ([Reflection.AssemblyName]::GetAssemblyName("$ModulePath/lib/$($image.Name)").FullName)
        }
        Get-CodePlatform $ModulePath/lib/PeakS3Feed.Core.dll | Should -Be any
    }

    It 'loads the images of this platform' {
        $loaded = Get-LoadedFile $ModulePath
        $loaded | Should -Contain "lib/compiled/$platform/PeakS3Feed.dll"
        $loaded | Should -Contain "lib/compiled/$platform/PeakS3Feed.Core.dll"
        $loaded | Should -Not -Contain lib/PeakS3Feed.Core.dll
    }

    It 'loads the assemblies themselves where there are only images of other platforms' {
        Copy-Item -Recurse $ModulePath $TestDrive/other
        Rename-Item $TestDrive/other/lib/compiled/$platform some-riscv
        $loaded = Get-LoadedFile $TestDrive/other
        $loaded | Should -Contain lib/PeakS3Feed.Core.dll
        $loaded | Should -Not -Match compiled
    }

    It 'holds images for the platform that it is built for' -Skip:($IsWindows -or -not (Get-Command dotnet -ErrorAction Ignore)) {
        $other = $IsMacOS ? 'linux-arm64' : 'osx-arm64'
        bash $root/tools/build.sh --platform $other -p:RunAnalyzers=false "-p:ModuleFolder=$TestDrive/foreign/"
        $LASTEXITCODE | Should -Be 0
        Get-ChildItem $TestDrive/foreign/lib/compiled | ForEach-Object Name | Should -Be $other
        foreach ($image in Get-ChildItem $TestDrive/foreign/lib/compiled/$other) { Get-CodePlatform $image | Should -Be $other -Because $image.Name }
    }
}

Describe 'The package of the module' -Skip:(-not (Get-Command dotnet -ErrorAction Ignore)) {
    It 'has our own assemblies compiled for the platforms that most people have' {
        $items = dotnet msbuild (Join-Path $root src/PeakS3Feed) -p:ModulePackage=true '-getItem:CompiledPlatform,CompiledAssembly' | ConvertFrom-Json | ForEach-Object Items
        $items.CompiledPlatform.Identity | Should -Be linux-x64, linux-arm64, win-x64, osx-arm64
        $items.CompiledAssembly.Identity | Should -Be PeakS3Feed, PeakS3Feed.Core
    }
}

Describe 'The compiled worker' -Skip:($IsWindows -or -not (Get-Command dotnet -ErrorAction Ignore)) {
    BeforeAll {
        # The programs of a whole run of the tests are compiled as dotnet publish does it.
        $program = "$env:PEAKS3FEED_TEST_PROGRAMS/worker"
        if (-not $env:PEAKS3FEED_TEST_PROGRAMS) {
            $program = Join-Path $TestDrive program
            $null = dotnet publish (Join-Path $root src/PeakS3Feed.Worker) -p:RunAnalyzers=false --disable-build-servers --nologo -v q -o $program
        }
        # Writes the names of the loaded assemblies to the file LOADED when a program ends.
        $hook = Join-Path $TestDrive hook.dll
        Add-Type -OutputAssembly $hook -TypeDefinition @'
using System;
using System.IO;
public static class StartupHook
{
    public static void Initialize() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        File.WriteAllLines(Environment.GetEnvironmentVariable("LOADED"), Array.ConvertAll(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name));
}
'@
    }

    It 'is what the command of the README makes: for this platform, without a runtime' {
        $properties = dotnet msbuild (Join-Path $root src/PeakS3Feed.Worker) -p:_IsPublishing=true '-getProperty:PublishReadyToRun,RuntimeIdentifier,SelfContained' |
            ConvertFrom-Json | ForEach-Object Properties
        $properties.PublishReadyToRun, $properties.RuntimeIdentifier, $properties.SelfContained | Should -Be 'true', $platform, 'false'
    }

    It 'has a package of the tool for each platform that is asked for, and for any other' {
        $properties = dotnet msbuild (Join-Path $root src/PeakS3Feed.Worker) -p:ToolPlatforms=win-x64+any '-getProperty:PublishReadyToRun,ToolPackageRuntimeIdentifiers' |
            ConvertFrom-Json | ForEach-Object Properties
        $properties.PublishReadyToRun, $properties.ToolPackageRuntimeIdentifiers | Should -Be 'true', 'win-x64;any'
    }

    It 'holds code of this platform' {
        foreach ($name in 'peaks3feed', 'PeakS3Feed.Core', 'System.CommandLine', 'Spectre.Console', 'AWSSDK.S3', 'Npgsql', 'Microsoft.Data.Sqlite') {
            Get-CodePlatform $program/$name.dll | Should -Be $platform -Because $name
        }
    }

    It 'loads nothing that a run with nothing to do does not need' {
        $null = New-TestStore
        $null = New-S3Connection acme acme-data -EndpointUrl (New-TestBucket @{ 'in/a.csv' = "id`n1`n2`n" })
        $null = New-S3Feed orders acme -FileType Csv
        $null = & $program/peaks3feed run orders
        $list = Join-Path $TestDrive loaded.txt
        env "DOTNET_STARTUP_HOOKS=$hook" "LOADED=$list" $program/peaks3feed run orders | Out-String | Should -Match 'orders +nothing to do'
        $loaded = Get-Content $list
        $loaded | Should -Contain PeakS3Feed.Core
        $loaded -match '^(AWSSDK|Npgsql|ParquetSharp|Apache\.Arrow|MailKit|MimeKit|BouncyCastle|CsvHelper|Cronos|Microsoft\.AspNetCore|Microsoft\.Extensions\.Hosting|System\.Net\.Http)' |
            Should -BeNullOrEmpty
    }
}
