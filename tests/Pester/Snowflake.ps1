# The stand-in for Snowflake's SQL API of tests/servers. Dot-source it after Setup.ps1 and Ceph.ps1; $Snowflake is its address, or $null without it.
$Snowflake = $env:PEAKS3FEED_TEST_SNOWFLAKE

# Changes what the account of the stand-in has: logins, schemas, stages, warehouses, roles/NAME.
function Add-Snowflake([string] $What, $Item = @{}) {
    $null = Invoke-RestMethod "$Snowflake/control/$What" -Method Post -NoProxy -ContentType application/json -Body ($Item | ConvertTo-Json)
}
function Remove-SnowflakeSchema([string] $Database, [string] $Schema) {
    $null = Invoke-RestMethod "$Snowflake/control/schemas/$Database/$Schema" -Method Delete -NoProxy
}

# Runs a statement in a schema; gives its rows, with | between fields. NULL is empty.
function Invoke-Snowflake([string] $Database, [string] $Schema, [string] $Sql) {
    Add-Snowflake logins @{ User = 'PESTER'; AccessToken = 'token-of-pester' }
    $headers = @{
        Authorization = 'Bearer token-of-pester'; Accept = 'application/json'; 'X-Snowflake-Authorization-Token-Type' = 'PROGRAMMATIC_ACCESS_TOKEN'
    }
    $answer = Invoke-RestMethod "$Snowflake/api/v2/statements" -Method Post -NoProxy -Headers $headers -ContentType application/json -UserAgent pester/1.0 `
        -Body (@{ statement = $Sql; timeout = 60; database = $Database; schema = $Schema } | ConvertTo-Json) -SkipHttpErrorCheck -StatusCodeVariable status
    if ($status -ne 200) { throw "The stand-in refused ${Sql}: $($answer.message)" }
    foreach ($row in $answer.data) { $row -join '|' }
}

# An RSA key pair for a user of the stand-in; gives the private key in PEM, encrypted if there is a passphrase.
function New-SnowflakeKey([string] $User, [string] $Passphrase) {
    $rsa = [Security.Cryptography.RSA]::Create(2048)
    Add-Snowflake logins @{ User = $User.ToUpperInvariant(); PublicKey = $rsa.ExportSubjectPublicKeyInfoPem() }
    if (-not $Passphrase) { return $rsa.ExportPkcs8PrivateKeyPem() }
    $how = [Security.Cryptography.PbeParameters]::new('Aes256Cbc', 'SHA256', 10000)
    $rsa.ExportEncryptedPkcs8PrivateKeyPem([char[]]$Passphrase, $how)
}
