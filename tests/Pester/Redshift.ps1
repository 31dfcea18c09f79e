# The stand-in for Redshift of tests/servers, with a place for staged files on the S3 server. Dot-source it after Setup.ps1 and Ceph.ps1; $Redshift has the
# settings of its database and $RedshiftApi the address of its Data API. Both are $null without it.
$RedshiftApi = $env:PEAKS3FEED_TEST_REDSHIFT_API
$Redshift = $null
if ($env:PEAKS3FEED_TEST_REDSHIFT) {
    $Redshift = [Data.Common.DbConnectionStringBuilder]::new()
    $Redshift.set_ConnectionString($env:PEAKS3FEED_TEST_REDSHIFT)
}

# Runs statements in the warehouse; gives their rows, with | between fields.
function Invoke-Redshift([string] $Sql) {
    $env:PGPASSWORD = $Redshift.Password
    $rows = psql -X -q -A -t -h $Redshift.Host -p $Redshift.Port -U $Redshift.Username -d $Redshift.Database -v ON_ERROR_STOP=1 -c $Sql 2>&1
    if ($LASTEXITCODE) { throw "The warehouse refused ${Sql}: $rows" }
    $rows
}

# The statements that name a schema, in the order in which the stand-in has seen them.
function Get-RedshiftStatement([string] $Schema) {
    Invoke-RestMethod "$RedshiftApi/control/statements" -NoProxy | ForEach-Object { $_ } | Where-Object { $_ -like "*$Schema*" }
}

# An AWS profile with the key that the stand-in knows. The stand-in checks the signature of each call with it. The AWS SDK reads profiles once in a
# process, so tests/run calls this before the first test.
function New-RedshiftProfile([string] $Name) {
    $env:AWS_SHARED_CREDENTIALS_FILE ??= Join-Path ([IO.Path]::GetTempPath()) "peaks3feed-pester-$PID-credentials"
    Set-Content $env:AWS_SHARED_CREDENTIALS_FILE @(
        "[$Name]", 'aws_access_key_id = CUSTOMERACCESSKEY001', 'aws_secret_access_key = customerSecretKey0000000000000000000001', 'region = us-east-1')
}
