# What the examples of docs/en-US take for granted, in the folder where they run: a store; the connections acme, for which a folder stands
# in, and lake, which is on S3; the feeds orders and returns, each of which has run once; and a file of orders that came since.
. $PSScriptRoot/Setup.ps1
$env:PEAKS3FEED_HOME = Join-Path $PWD store
$env:AWS_EC2_METADATA_DISABLED = 'true'

function Add-Example([string] $Key, [datetime] $Modified, [string[]] $Line) {
    $file = Join-Path $PWD bucket $Key
    $null = New-Item -ItemType Directory -Force (Split-Path $file)
    [IO.File]::WriteAllText($file, ($Line -join "`n") + "`n")
    [IO.File]::SetLastWriteTimeUtc($file, $Modified)
}
Add-Example incoming/orders/2026-01.csv 2026-02-01T02:00 'Order Id,Customer,Zip,Amount,Placed', '1001,Ann Lee,02134,19.90,2026-01-03', '1002,Bo Diaz,10115,5.00,2026-01-04'
Add-Example incoming/orders/2026-02.csv 2026-03-01T02:00 'Order Id,Customer,Zip,Amount,Placed', '1003,Cy Moe,00501,120.25,2026-02-11', '1002,Bo Diaz,10115,7.50,2026-02-12'
Add-Example incoming/returns/a.ndjson 2026-03-02T02:00 '{"id":1,"quantity":2}'
Add-Example incoming/returns/b.ndjson 2026-03-03T02:00 '{"id":2,"quantity":1}', '{"id":3,"quantity":"two"}'

$null = New-Item -ItemType Directory $env:PEAKS3FEED_HOME
Set-Content (Join-Path $env:PEAKS3FEED_HOME definitions.json) @"
{
  "formatVersion": "1.2",
  "connections": [
    { "name": "acme", "bucketName": "acme-data", "rootPath": "incoming/", "endpointUrl": "$([uri]::new("file://$PWD/bucket"))" },
    {
      "name": "lake", "bucketName": "acme-lake", "rootPath": "exports/", "region": "eu-west-1",
      "externalId": "acme-7f3a91", "trustedPrincipal": "arn:aws:iam::111122223333:user/platform"
    }
  ],
  "destinations": [
    { "kind": "PostgreSql", "name": "warehouse", "host": "db.example.org", "database": "dwh", "username": "loader", "password": "env:DWH_PASSWORD" }
  ],
  "feeds": [
    {
      "name": "orders", "connectionName": "acme", "path": "incoming/orders/", "fileType": "Csv", "loadType": "Upsert", "primaryKey": ["order_id"], "tags": ["sales"],
      "id": "6fa58aa0-e348-41e0-aed3-c58edfebad13"
    },
    {
      "name": "returns", "connectionName": "acme", "path": "incoming/returns/", "fileType": "Ndjson", "failedRowThreshold": "1",
      "id": "b3f1c4de-9a07-4c52-8f2e-d1f0a5b7c663", "schema": [{ "name": "id", "type": "bigint" }, { "name": "quantity", "type": "bigint" }]
    }
  ]
}
"@
$null = Invoke-S3Feed orders, returns -WarningAction Ignore
Add-Example incoming/orders/2026-03.csv 2026-04-01T02:00 'Order Id,Customer,Zip,Amount,Placed', '1004,Di Ek,60601,8.75,2026-03-20'
