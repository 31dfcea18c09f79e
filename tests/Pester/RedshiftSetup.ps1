# What docs/redshift.md takes for granted: buckets with files, the roles that their owner creates from the policies, a schema in the warehouse, and the
# AWS profile warehouse.
. $PSScriptRoot/Setup.ps1
. $PSScriptRoot/Ceph.ps1
. $PSScriptRoot/Redshift.ps1
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "redshift-$([guid]::NewGuid().ToString('N'))")
Set-Location $folder
$env:PEAKS3FEED_HOME = Join-Path $folder store
$env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $PlatformKey, $PlatformSecret
$env:REDSHIFT_PASSWORD = $Redshift.Password
New-RedshiftProfile warehouse
$s3, $api, $port, $ca = $Ceph, $RedshiftApi, [int]$Redshift.Port, $env:PEAKS3FEED_TEST_POSTGRES_CA

$null = New-StagingBucket acme-staging
Invoke-CephRequest PUT acme-shop
Add-CephObject acme-shop incoming/orders/2026-01.csv "Order Id|Customer|Zip|Amount|Placed`n1001|Ann Lee|02134|19.90|2026-01-03`n1002|Bo Diaz|10115|5.00|2026-01-04`n"
Add-CephObject acme-shop incoming/orders/2026-02.csv "Order Id|Customer|Zip|Amount|Placed`n1003|Cy Moe|00501|120.25|2026-02-11`n1002|Bo Diaz|10115|7.50|2026-02-12`n"

$scratch = @{ StorePath = Join-Path $folder scratch }
$from = @{ Region = 'us-east-1'; EndpointUrl = $Ceph; TrustedPrincipal = 'arn:aws:iam:::user/platform' }
$null = New-S3Connection acme acme-shop -RootPath incoming/ @from @scratch
$null = New-S3Connection staging acme-staging @from @scratch
$null = New-S3FeedDestination dwh -Redshift -WorkgroupName analytics -Region us-east-1 -Database dev -StagingConnection staging @scratch
Remove-CephRole acme-shop 2>$null
Remove-CephRole peaks3feed-staging 2>$null
$null = New-CephRole acme-shop (Get-S3FeedPolicy acme @scratch)
$null = New-CephRole peaks3feed-staging (Get-S3FeedPolicy dwh -For Staging @scratch)
$null = New-S3Connection acme acme-shop -RootPath incoming/ @from -RoleArn arn:aws:iam:::role/acme-shop
$null = Invoke-Redshift 'DROP SCHEMA IF EXISTS sales CASCADE'
$null = Invoke-Redshift 'CREATE SCHEMA sales'
