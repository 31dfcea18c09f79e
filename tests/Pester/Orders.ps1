# A store with a bucket and feeds to run; dot-source it in BeforeAll, after Setup.ps1.

# A store whose connection acme is a folder with these files, and feeds on it that are given as tables of the import document's members.
# Gives the folders: Store, Bucket.
function New-OrdersStore([hashtable] $Files = @{ "in/a.csv" = "id,price`n1,1.50`n2,2.25`n" }, [hashtable[]] $Feeds = @(@{ name = "orders" })) {
    $store = New-TestStore
    $address = New-TestBucket $Files
    $document = @{
        connections = @(@{ name = 'acme'; bucketName = 'acme'; endpointUrl = $address })
        feeds       = @(foreach ($feed in $Feeds) {
                $members = @{ connectionName = 'acme'; path = 'in/'; fileType = 'Csv' }
                foreach ($member in $feed.Keys) { $members[$member] = $feed[$member] }
                $members
            })
    }
    $null = $document | ConvertTo-Json -Depth 9 | Import-S3FeedDefinition
    [pscustomobject]@{ Store = $store; Bucket = ([uri]$address).LocalPath }
}

# The hash of every file under some folders, to see whether anything was changed.
function Get-FolderHash([string[]] $Path) {
    Get-ChildItem -Recurse -File -Force $Path | Sort-Object FullName | ForEach-Object { "$($_.FullName) $((Get-FileHash $_).Hash)" }
}
