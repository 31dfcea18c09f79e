namespace PeakS3Feed.Worker.Service;

/// <summary>Creates the commands that set up a Windows service.</summary>
internal static class WindowsCommand
{
    public static string Create(ServiceSetup setup)
    {
        var run = $"{string.Join(' ', setup.Command.Select(c => $"\"{c}\""))} serve --store \"{setup.Store}\"";
        var credential = $"(Get-Credential {PowerShell(setup.User)})";
        return $"""
            # Not tested by us. In PowerShell, as an administrator. The account needs the right to log on as a service, and to write to the store:
            #   {string.Join(", ", setup.Folders)}
            New-Service -Name PeakS3Feed -DisplayName PeakS3Feed -StartupType Automatic -BinaryPathName {PowerShell(run)} -Credential {credential}
            sc.exe failure PeakS3Feed reset= 86400 actions= restart/10000/restart/60000/restart/600000
            Start-Service PeakS3Feed
            """;
    }

    private static string PowerShell(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
