@{
    RootModule           = 'tools/Source.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '2c9bfa4c-6a0c-4d6c-9a57-2cf1d6c57f0e'
    Author               = 'The PeakS3Feed authors'
    CompanyName          = 'PeakS3Feed'
    Copyright            = 'Copyright (c) 2026 The PeakS3Feed authors'
    Description          = 'Moves files from Amazon S3 into warehouses, exactly once: CSV, JSON and NDJSON, plain or gzip, into SQLite, PostgreSQL, Amazon Redshift, Snowflake and tables on S3. Inferred schemas, append, upsert by key or replacement, plans, rejects with file, line and column, triggers (schedules and webhooks), watchers (email and requests), IAM policies.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @(
        'New-S3Connection', 'Get-S3Connection', 'Set-S3Connection', 'Remove-S3Connection', 'Test-S3Connection', 'Get-S3FeedPolicy',
        'New-S3FeedDestination', 'Get-S3FeedDestination', 'Set-S3FeedDestination', 'Remove-S3FeedDestination', 'Test-S3FeedDestination',
        'Get-S3FeedSetup', 'Get-S3FeedTableDefinition', 'Optimize-S3FeedTable', 'Clear-S3FeedTable',
        'Show-S3FeedPreview', 'Get-S3FeedSchema',
        'New-S3Feed', 'Get-S3Feed', 'Set-S3Feed', 'Remove-S3Feed', 'Copy-S3Feed', 'Rename-S3Feed', 'Enable-S3Feed', 'Disable-S3Feed', 'Reset-S3Feed',
        'Get-S3FeedPlan', 'Invoke-S3Feed', 'Get-S3FeedRun', 'Stop-S3FeedRun', 'Clear-S3FeedRun', 'Get-S3FeedReject', 'Get-S3FeedRow',
        'Register-S3FeedTrigger', 'Get-S3FeedTrigger', 'Set-S3FeedTrigger', 'Enable-S3FeedTrigger', 'Disable-S3FeedTrigger', 'Unregister-S3FeedTrigger',
        'Test-S3FeedTrigger', 'Invoke-S3FeedTrigger',
        'Add-S3FeedWatcher', 'Get-S3FeedWatcher', 'Set-S3FeedWatcher', 'Enable-S3FeedWatcher', 'Disable-S3FeedWatcher', 'Remove-S3FeedWatcher',
        'Test-S3FeedWatcher',
        'Export-S3FeedDefinition', 'Import-S3FeedDefinition', 'Get-S3FeedStore'
    )
    FormatsToProcess     = @(
        'module/Formats/Connections.Format.ps1xml', 'module/Formats/Destinations.Format.ps1xml', 'module/Formats/Feeds.Format.ps1xml',
        'module/Formats/Runs.Format.ps1xml', 'module/Formats/Triggers.Format.ps1xml', 'module/Formats/Watchers.Format.ps1xml', 'module/Formats/Checks.Format.ps1xml',
        'module/Formats/Store.Format.ps1xml'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'S3', 'AWS', 'ETL', 'Ingestion', 'Warehouse', 'PostgreSQL', 'Redshift', 'Snowflake', 'Delta', 'Parquet', 'Athena', 'SQLite', 'CSV', 'JSON', 'NDJSON', 'IAM',
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            ProjectUri   = 'https://www.powershellgallery.com/packages/PeakS3Feed'
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ReleaseNotes = 'The first version: connections, policies, previews, schemas, feeds, plans, runs and rejects; from S3 or a folder into SQLite, PostgreSQL, Amazon Redshift, Snowflake and tables on S3.'
        }
    }
}
