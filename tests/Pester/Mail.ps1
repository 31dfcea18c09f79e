# A mail server of the tests' own, tests/servers/smtp.py, that keeps what it takes as files.
function Test-MailServer { Test-Path /usr/lib/python3/dist-packages/aiosmtpd/smtp.py }

function Start-MailServer([int] $Port = 0) {
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive "mail-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
    $start = [Diagnostics.ProcessStartInfo]::new('/usr/bin/python3', [string[]]((Join-Path $PSScriptRoot ../servers/smtp.py), 'plain', $folder.FullName, $Port))
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $listens = $process.StandardOutput.ReadLine()
    if (-not $listens) { throw "The mail server did not start on port $Port." }
    [pscustomobject]@{ Port = [int]$listens; Folder = $folder.FullName; Process = $process }
}

function Stop-MailServer($Server) {
    $Server.Process.Kill()
    $Server.Process.WaitForExit()
}

# The messages that it has taken, each as one text.
function Get-Mail($Server) { Get-ChildItem $Server.Folder -Filter *.eml | Sort-Object { [int]$_.BaseName } | ForEach-Object { Get-Content -Raw $_ } }
