# What docs/tour.md takes for granted: a bucket with files, the role that its owner makes of the policy, a schema on PostgreSQL.
. $PSScriptRoot/Setup.ps1
. $PSScriptRoot/Ceph.ps1
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "tour-$([guid]::NewGuid().ToString('N'))")
Set-Location $folder
$env:PEAKS3FEED_HOME = Join-Path $folder store
$env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = $PlatformKey, $PlatformSecret
$env:WAREHOUSE_PASSWORD = 'peaks3feed-test'
$s3 = $Ceph

Invoke-CephRequest PUT acme-tour
Add-CephObject acme-tour incoming/orders/2026-01.csv "Order Id|Customer|Zip|Amount|Placed`n1001|Ann Lee|02134|19.90|2026-01-03`n1002|Bo Diaz|10115|5.00|2026-01-04`n"
Add-CephObject acme-tour incoming/orders/2026-02.csv "Order Id|Customer|Zip|Amount|Placed`n1003|Cy Moe|00501|120.25|2026-02-11`n1002|Bo Diaz|10115|7.50|2026-02-12`n"
Add-CephObject acme-tour incoming/orders/readme.txt "not a file of the feed`n"
Add-CephObject acme-tour incoming/returns/a.ndjson "{`"id`":1,`"quantity`":2}`n"
Add-CephObject acme-tour incoming/returns/b.ndjson "{`"id`":2,`"quantity`":1}`n{`"id`":3,`"quantity`":`"two`"}`n"

$scratch = @{ StorePath = Join-Path $folder scratch }
$null = New-S3Connection acme acme-tour -Region us-east-1 -RootPath incoming/ -EndpointUrl $Ceph -TrustedPrincipal arn:aws:iam:::user/platform @scratch
Remove-CephRole acme-tour 2>$null
$null = New-CephRole acme-tour (Get-S3FeedPolicy acme @scratch)

$server = [Data.Common.DbConnectionStringBuilder]::new()
$server.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
$port = [int]$server.Port
$env:PGPASSWORD = $server.Password
$null = psql -X -q -h $server.Host -p $server.Port -U $server.Username -d $server.Database -c 'DROP SCHEMA IF EXISTS tour CASCADE; CREATE SCHEMA tour' 2>&1
if ($LASTEXITCODE) { throw 'The schema of the tour was not made.' }
