namespace PeakS3Feed.Remedies;

/// <summary>
/// Stores suggested commands as two lists, one for each language, with one command in each line. Both lists have the same number of lines.
/// </summary>
internal static class RemedyLines
{
    /// <summary>Returns the commands for PowerShell; null if there are none.</summary>
    public static string? WriteCmdlets(IReadOnlyList<Remedy> remedies) => Write(remedies, r => r.Cmdlet);

    /// <summary>Returns the commands for a shell, with an empty line where there is none; null if <see cref="WriteCmdlets"/> returns null.</summary>
    public static string? WriteShells(IReadOnlyList<Remedy> remedies) => Write(remedies, r => r.Shell ?? "");

    /// <summary>Reads the two lists.</summary>
    public static IReadOnlyList<Remedy> Read(string? cmdlets, string? shells) => cmdlets is null || shells is null
        ? []
        : [.. cmdlets.Split('\n').Zip(shells.Split('\n'), (cmdlet, shell) => new Remedy(cmdlet, shell.Length == 0 ? null : shell))];

    private static string? Write(IReadOnlyList<Remedy> remedies, Func<Remedy, string> command)
        => remedies.Count == 0 ? null : string.Join('\n', remedies.Select(r => command(r).ReplaceLineEndings(" ")));
}
