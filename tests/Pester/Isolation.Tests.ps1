BeforeDiscovery {
    $noServers = -not ($env:PEAKS3FEED_TEST_S3 -and $env:PEAKS3FEED_TEST_SERVERS -and $env:PEAKS3FEED_TEST_POSTGRES)
}

BeforeAll {
    . $PSScriptRoot/Setup.ps1
    $module = (Resolve-Path $ModulePath).Path

    # What another module may have brought into the session: assemblies with the full names of all that ours come with, and nothing in them.
    $others = New-Item -ItemType Directory (Join-Path $TestDrive others)
    foreach ($file in Get-ChildItem $module/lib -Filter *.dll -Exclude PeakS3Feed*) {
        $name = [Reflection.AssemblyName]::GetAssemblyName($file)
        $builder = [Reflection.Emit.PersistedAssemblyBuilder]::new($name, [object].Assembly)
        $null = $builder.DefineDynamicModule($name.Name)
        $builder.Save((Join-Path $others $file.Name))
    }

    # Runs script in a new process that has them loaded already; gives what it writes, or throws what it throws.
    function Invoke-BesideOthers([scriptblock] $Script, [object[]] $Arguments) {
        $before = {
            $ErrorActionPreference = 'Stop'
            $others, $module, [object[]] $arguments = $args
            foreach ($file in Get-ChildItem $others) { $null = [Reflection.Assembly]::LoadFrom($file) }
            Import-Module $module
        }
        $all = [scriptblock]::Create("$before`n& { $Script } @arguments")
        pwsh -NoProfile -NonInteractive -OutputFormat XML -Command $all -args (@($others.FullName, $module) + $Arguments)
        if ($LASTEXITCODE) { throw "The process ended with $LASTEXITCODE." }
    }
}

Describe 'The module' {
    It 'leaves nothing but the loader in the default load context, after S3 and databases were used' {
        $null = New-TestStore
        $bucket = New-TestBucket @{ 'in/a.csv' = "id,name`n1,Ann`n" }
        $output = pwsh -NoProfile -NonInteractive -OutputFormat XML -Command {
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            $module, $bucket = $args
            Import-Module $module
            $null = New-S3Connection shop shop -EndpointUrl $bucket
            $null = New-S3Feed orders shop -Path in/ -FileType Csv
            (Invoke-S3Feed orders).RowsLoaded

            # Nobody listens there: what matters is that the SDK and the driver have been asked.
            $null = New-S3Connection nobody nobody -EndpointUrl http://127.0.0.1:9 -Region us-east-1 -Anonymous
            Test-S3Connection nobody -Quiet -ErrorAction Ignore
            $null = New-S3FeedDestination nobody -PostgreSql -HostName 127.0.0.1 -Port 9 -Database nobody -Username nobody -SslMode Disable
            Test-S3FeedDestination nobody -Quiet -ErrorAction Ignore

            $ours = Get-ChildItem -Recurse $module -Filter *.dll | ForEach-Object BaseName
            $in = { $_.Assemblies | ForEach-Object { $_.GetName().Name } | Where-Object { $_ -in $ours } }
            [Runtime.Loader.AssemblyLoadContext]::Default | ForEach-Object $in | Join-String -Separator ' '
            [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ PeakS3Feed | ForEach-Object $in
        } -args $module, $bucket
        $output[0..3] | Should -Be 1, $false, $false, "PeakS3Feed.Loader.$((Get-Module PeakS3Feed).Version)"
        $output[4..99] | Should -Contain AWSSDK.S3
        $output[4..99] | Should -Contain Npgsql
        $output[4..99] | Should -Contain Microsoft.Data.Sqlite
    }

    It 'loads a folder into SQLite in a session that has other assemblies of the same names' {
        $null = New-TestStore
        $bucket = New-TestBucket @{ 'in/a.csv' = "id,name`n1,Ann`n2,Bo`n" }
        Invoke-BesideOthers {
            $null = New-S3Connection shop shop -EndpointUrl $args[0]
            $null = New-S3Feed orders shop -Path in/ -FileType Csv
            (Invoke-S3Feed orders).RowsLoaded
        } $bucket | Should -Be 2
    }
}

Describe 'A session that has another AWSSDK and Npgsql' -Skip:$noServers {
    BeforeAll {
        . $PSScriptRoot/Ceph.ps1
        $null = New-TestStore
        $bucket = New-CephBucket
        Add-CephObject $bucket in/a.csv "id,name`n1,Ann`n2,Bo`n"
        $null = New-S3Connection isolation $bucket -Region us-east-1 -RootPath in/ -EndpointUrl $Ceph -TrustedPrincipal arn:aws:iam:::user/platform
        $role = "isolation-$([guid]::NewGuid().ToString('N'))"
        $arn = New-CephRole $role (Get-S3FeedPolicy isolation)

        $profiles = Join-Path $TestDrive config
        Set-Content $profiles @"
[default]
role_arn = $arn
source_profile = platform
[profile platform]
aws_access_key_id = $PlatformKey
aws_secret_access_key = $PlatformSecret
[profile ingest]
role_arn = $arn
source_profile = platform
"@
        $server = [Data.Common.DbConnectionStringBuilder]@{ ConnectionString = $env:PEAKS3FEED_TEST_POSTGRES }
    }

    AfterAll { Remove-CephRole $role }

    BeforeEach {
        $kept = @{}
        foreach ($name in 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE') {
            $kept[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $null)
        }
        $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path $TestDrive none
    }

    AfterEach { foreach ($name in $kept.Keys) { [Environment]::SetEnvironmentVariable($name, $kept[$name]) } }

    It 'assumes a role <From>' -ForEach @(
        @{ From = 'of the connection'; Variables = @{ AWS_ACCESS_KEY_ID = 'key'; AWS_SECRET_ACCESS_KEY = 'secret' }; Settings = { @{ RoleArn = $arn } } }
        @{ From = 'of a profile'; Variables = @{ AWS_CONFIG_FILE = 'profiles' }; Settings = { @{ ProfileName = 'ingest' } } }
        @{ From = 'of the profile that AWS_PROFILE names'; Variables = @{ AWS_CONFIG_FILE = 'profiles'; AWS_PROFILE = 'ingest' }; Settings = { @{} } }
        @{ From = 'of the default profile'; Variables = @{ AWS_CONFIG_FILE = 'profiles' }; Settings = { @{} } }
    ) {
        $values = @{ key = $PlatformKey; secret = $PlatformSecret; profiles = $profiles; ingest = 'ingest' }
        foreach ($name in $Variables.Keys) { [Environment]::SetEnvironmentVariable($name, $values[$Variables[$name]]) }
        $null = New-TestStore
        Invoke-BesideOthers {
            $bucket, $endpoint, $settings = $args
            $null = New-S3Connection isolation $bucket -Region us-east-1 -RootPath in/ -EndpointUrl $endpoint @settings
            Test-S3Connection isolation -Quiet
            $null = New-S3Feed orders isolation -FileType Csv
            (Invoke-S3Feed orders).RowsLoaded
        } $bucket, $Ceph, (& $Settings) | Should -Be $true, 2
    }

    It 'loads into PostgreSQL' {
        $env:ISOLATION_PASSWORD = $server.Password
        $null = New-TestStore
        Invoke-BesideOthers {
            $bucket, $where = $args
            $null = New-S3FeedDestination dwh -PostgreSql @where -Password env:ISOLATION_PASSWORD -SslMode Disable
            Test-S3FeedDestination dwh -Quiet
            $null = New-S3Connection shop shop -EndpointUrl $bucket
            $table = "isolation_$([guid]::NewGuid().ToString('N'))"
            $null = New-S3Feed orders shop -Path in/ -FileType Csv -DestinationName dwh -Table $table
            (Invoke-S3Feed orders).RowsLoaded
            Reset-S3Feed orders -DropTable -Force
        } (New-TestBucket @{ 'in/a.csv' = "id,name`n1,Ann`n2,Bo`n" }), @{
            HostName = $server.Host; Port = [int]$server.Port; Database = $server.Database; Username = $server.Username
        } | Should -Be $true, 2
        $env:ISOLATION_PASSWORD = $null
    }
}
