# The customer's side of the S3 server of tests/servers. Dot-source it after Setup.ps1; $Ceph is its address, or $null without one.
$Ceph = $env:PEAKS3FEED_TEST_S3
$PlatformKey = 'PLATFORMACCESSKEY001'
$PlatformSecret = 'platformSecretKey0000000000000000000001'
$Platform = [pscredential]::new($PlatformKey, (ConvertTo-SecureString $PlatformSecret -AsPlainText -Force))

# One request as the customer, who owns the buckets; signed by S3's signature version 2, which this server still takes.
function Invoke-CephRequest([string] $Method, [string] $Path, [string] $Body, [string] $Query) {
    $path = '/' + (($Path -split '/' | ForEach-Object { [uri]::EscapeDataString($_) }) -join '/') + ($Query ? "?$Query" : '')
    $date = [datetime]::UtcNow.ToString('r')
    $hmac = [Security.Cryptography.HMACSHA1]::new([Text.Encoding]::UTF8.GetBytes('customerSecretKey0000000000000000000001'))
    $signature = [Convert]::ToBase64String($hmac.ComputeHash([Text.Encoding]::UTF8.GetBytes("$Method`n`ntext/plain`n$date`n$path")))
    $headers = @{ Date = $date; Authorization = "AWS CUSTOMERACCESSKEY001:$signature" }
    $null = Invoke-WebRequest -Uri "$Ceph$path" -Method $Method -Headers $headers -ContentType 'text/plain' -SkipHeaderValidation `
        -Body ([Text.Encoding]::UTF8.GetBytes($Body))
}

# A bucket of the test's own; gives its name.
function New-CephBucket {
    $bucket = "pester-$([guid]::NewGuid().ToString('N').Substring(0, 12))"
    Invoke-CephRequest PUT $bucket
    $bucket
}

function Add-CephObject([string] $Bucket, [string] $Key, [string] $Text) { Invoke-CephRequest PUT "$Bucket/$Key" $Text }

# Makes the role that a policy of the module speaks of; gives its ARN. This server knows no external ids, so the condition on it is left out.
function New-CephRole([string] $Name, $Policy) {
    $trust = $Policy.TrustPolicy | ConvertFrom-Json -AsHashtable
    $trust.Statement | ForEach-Object { $_.Remove('Condition') }
    $answer = bash "$env:PEAKS3FEED_TEST_SERVERS/ceph.sh" make-role $Name ($trust | ConvertTo-Json -Depth 9 -Compress) $Policy.PermissionPolicy 2>&1
    if ($LASTEXITCODE) { throw "The role was not made: $answer" }
    "arn:aws:iam:::role/$Name"
}
function Remove-CephRole([string] $Name) { bash "$env:PEAKS3FEED_TEST_SERVERS/ceph.sh" delete-role $Name | Out-Null }

# A bucket for staged files; gives its name. On AWS the objects that a role writes belong to the owner of the bucket, and the deletion of several objects is
# checked for each object. This server lets only the role read them, and checks the deletion for the bucket as well; so the bucket has a policy for both.
function New-StagingBucket([string] $Name = "pester-stage-$([guid]::NewGuid().ToString('N').Substring(0, 12))") {
    Invoke-CephRequest PUT $Name
    $policy = @{
        Version = '2012-10-17'
        Statement = @(
            @{ Effect = 'Allow'; Principal = @{ AWS = 'arn:aws:iam:::user/customer' }; Action = 's3:GetObject'; Resource = "arn:aws:s3:::$Name/*" }
            @{ Effect = 'Allow'; Principal = '*'; Action = 's3:DeleteObject'; Resource = "arn:aws:s3:::$Name" })
    } | ConvertTo-Json -Depth 9 -Compress
    Invoke-CephRequest PUT $Name $policy -Query policy
    $Name
}
