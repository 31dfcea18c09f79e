# What docs/snowflake.md takes for granted: buckets with files, the roles that their owner creates from the policies, what the set-up creates in the
# account of the stand-in, and the user's key.
. $PSScriptRoot/Setup.ps1
. $PSScriptRoot/Ceph.ps1
. $PSScriptRoot/Snowflake.ps1
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "snowflake-$([guid]::NewGuid().ToString('N'))")
Set-Location $folder
$env:PEAKS3FEED_HOME = Join-Path $folder store
$env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $PlatformKey, $PlatformSecret
$env:SNOWFLAKE_KEY = New-SnowflakeKey loader
$s3, $api = $Ceph, $Snowflake

$null = New-StagingBucket acme-staging
Invoke-CephRequest PUT acme-shop
Add-CephObject acme-shop incoming/orders/2026-01.csv "Order Id|Customer|Zip|Amount|Placed`n1001|Ann Lee|02134|19.90|2026-01-03`n1002|Bo Diaz|10115|5.00|2026-01-04`n"
Add-CephObject acme-shop incoming/orders/2026-02.csv "Order Id|Customer|Zip|Amount|Placed`n1003|Cy Moe|00501|120.25|2026-02-11`n1002|Bo Diaz|10115|7.50|2026-02-12`n"

$scratch = @{ StorePath = Join-Path $folder scratch }
$from = @{ Region = 'us-east-1'; EndpointUrl = $Ceph; TrustedPrincipal = 'arn:aws:iam:::user/platform' }
$null = New-S3Connection acme acme-shop -RootPath incoming/ @from @scratch
$null = New-S3Connection staging acme-staging @from @scratch
$null = New-S3FeedDestination dwh -Snowflake -Account peaks3feed-test -Username loader -PrivateKey env:SNOWFLAKE_KEY -Database sales -StagingConnection staging @scratch
Remove-CephRole acme-shop 2>$null
Remove-CephRole peaks3feed-staging 2>$null
$null = New-CephRole acme-shop (Get-S3FeedPolicy acme @scratch)
$null = New-CephRole peaks3feed-staging (Get-S3FeedPolicy dwh -For Staging @scratch)
$null = New-S3Connection acme acme-shop -RootPath incoming/ @from -RoleArn arn:aws:iam:::role/acme-shop

Remove-SnowflakeSchema SALES RAW
Add-Snowflake schemas @{ Database = 'SALES'; Schema = 'RAW' }
Add-Snowflake stages @{ Name = 'SALES.RAW.PEAKS3FEED_STAGE'; Url = 's3://acme-staging/peaks3feed-staging/'; Integration = 'PEAKS3FEED_DWH' }
Add-Snowflake warehouses @{ Name = 'LOAD_WH'; State = 'SUSPENDED'; Size = 'X-Small'; AutoSuspend = 60; AutoResume = $true }
Add-Snowflake roles/LOADER
