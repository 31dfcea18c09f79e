namespace PeakS3Feed.Errors;

/// <summary>A command to type next, in both of the tongues a person may be using.</summary>
/// <param name="Cmdlet">The PowerShell command.</param>
/// <param name="Shell">The same with the <c>peaks3feed</c> program, or null where only the module can do it.</param>
public sealed record Remedy(string Cmdlet, string? Shell = null)
{
    /// <summary>Change one setting of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="key">The key in the import document, where it is not the parameter's name in camelCase.</param>
    public static Remedy SetFeed(string feed, string setting, string value, string? key = null)
        => new($"Set-S3Feed -Name {feed} -{setting} {value}", $"peaks3feed set {feed} {key ?? char.ToLowerInvariant(setting[0]) + setting[1..]}={value}");

    /// <summary>Change one setting of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="setting">The cmdlet's parameter; the key in the import document is the same in camelCase.</param>
    /// <param name="value">Its value.</param>
    public static Remedy SetConnection(string connection, string setting, string value)
        => new($"Set-S3Connection -Name {connection} -{setting} {value}", $"peaks3feed set {connection} {char.ToLowerInvariant(setting[0]) + setting[1..]}={value}");

    /// <summary>Show the policies that a connection needs.</summary>
    public static Remedy ShowPolicy(string connection) => new($"Get-S3FeedPolicy -Name {connection}", $"peaks3feed policy {connection}");

    /// <summary>A command of another program, the same everywhere.</summary>
    public static Remedy Same(string command) => new(command, command);

    /// <summary>Look at what the next run would do.</summary>
    public static Remedy Plan(string feed) => new($"Get-S3FeedPlan -Name {feed}", $"peaks3feed run {feed} --plan");

    /// <summary>Run the feed (again).</summary>
    public static Remedy Run(string feed) => new($"Invoke-S3Feed -Name {feed}", $"peaks3feed run {feed}");

    /// <summary>Forget what the feed has loaded.</summary>
    public static Remedy Reset(string feed) => new($"Reset-S3Feed -Name {feed}", $"peaks3feed reset {feed}");

    /// <summary>Look at the runs of a feed and their rejects.</summary>
    public static Remedy Rejects(string feed)
        => new($"Get-S3FeedRun -FeedName {feed} -Last 1 | Get-S3FeedReject", $"peaks3feed runs {feed} --rejects");

    /// <summary>Look at the rejects of one run.</summary>
    public static Remedy RejectsOf(Guid run)
        => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]} | Get-S3FeedReject", $"peaks3feed runs --run {run.ToString("D")[..8]} --rejects");

    /// <summary>Look at one run.</summary>
    public static Remedy ShowRun(Guid run) => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]}", $"peaks3feed runs --run {run.ToString("D")[..8]}");

    /// <summary>Test a connection.</summary>
    public static Remedy TestConnection(string name) => new($"Test-S3Connection -Name {name}", $"peaks3feed test {name}");
}
