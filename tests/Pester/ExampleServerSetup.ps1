# What the examples of docs/en-US that are fenced as console take for granted besides ExampleSetup.ps1: the connection ceph, with a role on
# the S3 server of tests/servers and the access key in $key; the destination warehouse on PostgreSQL; and the destination redshift.
. $PSScriptRoot/ExampleSetup.ps1
. $PSScriptRoot/Ceph.ps1
$key = $Platform
Invoke-CephRequest PUT acme-help
Add-CephObject acme-help exports/2026-01.csv "id`n1`n"
$null = New-S3Connection ceph acme-help -Region us-east-1 -RootPath exports/ -EndpointUrl $Ceph -ForcePathStyle -TrustedPrincipal arn:aws:iam:::user/platform
Remove-CephRole acme-help 2>$null
Set-S3Connection ceph -RoleArn (New-CephRole acme-help (Get-S3FeedPolicy ceph))

$server = [Data.Common.DbConnectionStringBuilder]::new()
$server.set_ConnectionString($env:PEAKS3FEED_TEST_POSTGRES)
$env:DWH_PASSWORD = $server.Password
Set-S3FeedDestination warehouse -HostName $server.Host -Port $server.Port -Database $server.Database -Username $server.Username -SslMode Disable

. $PSScriptRoot/Redshift.ps1
New-RedshiftProfile help
Invoke-CephRequest PUT acme-stage
$null = New-S3Connection stage acme-stage -Region us-east-1 -EndpointUrl $Ceph -ForcePathStyle -ProfileName help
$to = @{ Database = $Redshift.Database; WorkgroupName = 'analytics'; Region = 'us-east-1'; EndpointUrl = $RedshiftApi; ProfileName = 'help' }
$null = New-S3FeedDestination redshift -Redshift @to -StagingConnection stage -IamRole arn:aws:iam::123456789012:role/redshift-copy
