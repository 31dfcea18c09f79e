# What the sessions of docs/s3-table.md that are fenced as sh take for granted: a bucket on the S3 server of tests/servers, the keys of its owner, the
# password of PostgreSQL, and the definitions in shop.json. No table of an earlier session is there.
. $PSScriptRoot/Setup.ps1
. $PSScriptRoot/Ceph.ps1
$env:PEAKS3FEED_HOME = Join-Path $PWD store
$program = Join-Path $PSScriptRoot ../../src/PeakS3Feed.Worker/bin/Release/net10.0
$env:PATH = "$program$([IO.Path]::PathSeparator)$env:PATH"
$env:NO_COLOR = '1'
$env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY = 'CUSTOMERACCESSKEY001', 'customerSecretKey0000000000000000000001'
Invoke-CephRequest PUT acme-parcels
Add-CephObject acme-parcels incoming/1.csv "id,country,weight`n1,DE,1.50`n2,FR,0.75`n"
Add-CephObject acme-parcels incoming/2.csv "id,country,weight`n2,FR,0.80`n3,DE,12.00`n"
$server = [Data.Common.DbConnectionStringBuilder]::new()
$server.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
$env:DWH_PASSWORD = $server.Password
Set-Content shop.json @"
{
  "connections": [
    { "name": "lake", "bucketName": "acme-parcels", "region": "us-east-1", "endpointUrl": "$Ceph", "forcePathStyle": true }
  ],
  "destinations": [
    { "kind": "S3External", "name": "tables", "connectionName": "lake", "rootPath": "tables/" },
    {
      "kind": "PostgreSql", "name": "dwh", "host": "$($server.Host)", "port": $($server.Port), "database": "$($server.Database)",
      "username": "$($server.Username)", "password": "env:DWH_PASSWORD", "sslMode": "Disable"
    }
  ],
  "feeds": [
    {
      "id": "0b6d3c1e-7a42-4f0e-9d55-2c8f61f0a3b7", "name": "parcels", "connectionName": "lake", "path": "incoming/",
      "fileType": "Csv", "loadType": "Upsert", "primaryKey": ["id"],
      "destinationNames": ["dwh", "tables"]
    }
  ]
}
"@

# The same feed in another store drops the tables of an earlier session.
$null = Import-S3FeedDefinition shop.json -StorePath (Join-Path $PWD earlier)
Reset-S3Feed parcels -DropTable -Confirm:$false -StorePath (Join-Path $PWD earlier)
