namespace PeakS3Feed.Worker.Output;

/// <summary>Arguments as they are typed at a shell's prompt.</summary>
internal static class ShellText
{
    /// <summary>The argument, quoted where it needs to be.</summary>
    public static string Quote(string argument)
        => argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "_-+=:,./\\%@".Contains(c, StringComparison.Ordinal)) ? argument
            : OperatingSystem.IsWindows() ? $"\"{argument}\""
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
