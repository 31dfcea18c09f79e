BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $null = New-TestStore -Made
}

Describe 'Importing the module' {
    It 'exports every cmdlet of the manifest and no other' {
        $expected = (Import-PowerShellDataFile (Join-Path $ModulePath PeakS3Feed.psd1)).CmdletsToExport | Sort-Object
        (Get-Command -Module PeakS3Feed).Name | Sort-Object | Should -Be $expected
    }

    It 'works <Name>' -ForEach @(
        @{ Name = 'twice'; Import = { Import-Module $args[0]; Import-Module $args[0] } }
        @{ Name = 'with -Force'; Import = { Import-Module $args[0]; Import-Module $args[0] -Force } }
        @{ Name = 'after Remove-Module'; Import = { Import-Module $args[0]; Remove-Module PeakS3Feed; Import-Module $args[0] } }
        @{ Name = 'by a path with dots'; Import = { Import-Module (Join-Path $args[0] ../PeakS3Feed/PeakS3Feed.psd1) } }
        @{ Name = 'from a drive'; Import = { $null = New-PSDrive Modules FileSystem (Split-Path $args[0]); Import-Module Modules:/PeakS3Feed } }
        @{ Name = 'by name, when a cmdlet is used'; Import = { $env:PSModulePath = (Split-Path $args[0]) + [IO.Path]::PathSeparator + $env:PSModulePath } }
        @{ Name = 'by #requires'; Import = {
                $env:PSModulePath = (Split-Path $args[0]) + [IO.Path]::PathSeparator + $env:PSModulePath
                . ([scriptblock]::Create("#requires -Modules PeakS3Feed`n"))
            }
        }
        @{ Name = 'in a module that requires it'; Import = {
                $env:PSModulePath = (Split-Path $args[0]) + [IO.Path]::PathSeparator + $env:PSModulePath
                $manifest = Join-Path ([IO.Path]::GetTempPath()) "Needs$PID.psd1"
                New-ModuleManifest $manifest -RequiredModules PeakS3Feed
                Import-Module $manifest
                Remove-Item $manifest
            }
        }
    ) {
        $use = "& { $Import } @args`n(Get-S3FeedStore).Feeds.GetType().Name`n[PeakS3Feed.Feeds.S3Feed].Name"
        pwsh -NoProfile -NonInteractive -Command ([scriptblock]::Create($use)) -args (Resolve-Path $ModulePath).Path | Should -Be 'Int32', 'S3Feed'
    }

    It 'names the commands that build it, where it is imported from its source' {
        $root = (Resolve-Path $PSScriptRoot/../..).Path
        $answer = pwsh -NoProfile -NonInteractive -Command {
            try { Import-Module (Join-Path $args[0] PeakS3Feed.psd1) } catch { $_.Exception.Message }
        } -args $root
        $answer | Should -Be ("This is the source of PeakS3Feed. Build the module and import what was built: " +
            "& '$root/build.ps1'; Import-Module '$root/out/PeakS3Feed'").Replace('/', [IO.Path]::DirectorySeparatorChar)
    }

    It 'works with a prefix' {
        pwsh -NoProfile -NonInteractive -Command { Import-Module $args[0] -Prefix Peak; (Get-PeakS3FeedStore).Feeds.GetType().Name } -args (Resolve-Path $ModulePath).Path |
            Should -Be Int32
    }

    It 'works when parallel runspaces import it first' {
        pwsh -NoProfile -NonInteractive -Command {
            $module = $args[0]
            1..8 | ForEach-Object -Parallel { Import-Module $using:module; (Get-S3FeedStore).Feeds.GetType().Name } -ThrottleLimit 4
        } -args (Resolve-Path $ModulePath).Path | Should -Be (@('Int32') * 8)
    }

    It 'works in <Name>' -ForEach @(
        @{ Name = 'a job'; Start = { Start-Job $args[0] -ArgumentList $args[1] } }
        @{ Name = 'a thread job, a second runspace of the session'; Start = { Start-ThreadJob $args[0] -ArgumentList $args[1] } }
    ) {
        $job = & $Start { Import-Module $args[0]; (Get-S3FeedStore).Feeds.GetType().Name } (Resolve-Path $ModulePath).Path
        Receive-Job $job -Wait -AutoRemoveJob | Should -Be Int32
    }

    It 'shares its types among the runspaces of a process' {
        $module = (Resolve-Path $ModulePath).Path
        $there = Start-ThreadJob { Import-Module $using:module; [PeakS3Feed.Feeds.S3Feed] } | Receive-Job -Wait -AutoRemoveJob
        [object]::ReferenceEquals($there, [PeakS3Feed.Feeds.S3Feed]) | Should -BeTrue
    }

    It 'writes nothing to any stream' {
        pwsh -NoProfile -NonInteractive -Command { Import-Module $args[0] *>&1 } -args (Resolve-Path $ModulePath).Path | Should -BeNullOrEmpty
    }

    It 'loads no SDK and no driver before one is needed' {
        pwsh -NoProfile -NonInteractive -Command {
            Import-Module $args[0]
            [Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object Assemblies | ForEach-Object { $_.GetName().Name } |
                Where-Object { $_ -match '^(AWSSDK|Npgsql|Microsoft\.Data\.Sqlite|SQLitePCLRaw)' }
        } -args (Resolve-Path $ModulePath).Path | Should -BeNullOrEmpty
    }

    It 'refuses another copy in one session, and says which one is there' {
        $copy = Join-Path $TestDrive PeakS3Feed
        Copy-Item -Recurse $ModulePath $copy
        $failure = Get-TestError { Import-Module $copy }
        $failure | Should -BeLike "Another copy of PeakS3Feed is loaded in this session, from $((Resolve-Path $ModulePath).Path). Start a new session*"
        Get-Command Get-S3FeedStore | ForEach-Object Version | Should -Be (Get-Module PeakS3Feed).Version
    }

    It 'refuses another build in one session, and says so as clearly' {
        # A copy whose loader is that of another version.
        $other = Join-Path $TestDrive other/PeakS3Feed
        $null = New-Item -ItemType Directory (Split-Path $other)
        Copy-Item -Recurse $ModulePath $other
        Remove-Item $other/PeakS3Feed.Loader.*
        $project = Join-Path $PSScriptRoot ../../src/PeakS3Feed.Loader
        dotnet build $project -c Release -v quiet --no-restore -p:Version=9.9.9 "-p:IntermediateOutputPath=$TestDrive/obj/" -o $other |
            Out-String | Should -BeLike '*0 Error(s)*'
        $manifest = Join-Path $other PeakS3Feed.psd1
        (Get-Content -Raw $manifest) -replace '(?<=PeakS3Feed\.Loader\.)[0-9.]+(?=\.dll)', '9.9.9' | Set-Content $manifest
        $output = pwsh -NoProfile -NonInteractive -Command {
            Import-Module $args[1]
            try { Import-Module $args[0] } catch { "$_" }
            # The one that was there is not affected.
            Import-Module $args[1] -Force
            (Get-Module PeakS3Feed).ModuleBase
            (Get-S3FeedStore).Feeds.GetType().Name
        } -args (Resolve-Path $ModulePath).Path, $other
        $output | Should -Be "Another copy of PeakS3Feed is loaded in this session, from $other. Start a new session to use the one in $((Resolve-Path $ModulePath).Path).",
            $other, 'Int32'
    }
}
