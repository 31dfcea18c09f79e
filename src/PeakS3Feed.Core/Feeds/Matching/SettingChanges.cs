using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Settings of a feed or its connection that change together.</summary>
/// <param name="Settings">The parameters and their values.</param>
/// <param name="Connection">The connection of the settings; null for the feed's.</param>
internal sealed record SettingChanges(IReadOnlyList<(string Parameter, string Value)> Settings, string? Connection = null)
{
    /// <summary>The parameters as text of a PowerShell command.</summary>
    public string Parameters => string.Join(' ', Settings.Select(s => $"-{s.Parameter} {CommandText.PowerShell(s.Value)}"));

    /// <summary>Changes one setting of the feed.</summary>
    public static SettingChanges Of(string parameter, string value) => new([(parameter, value)]);

    /// <summary>Returns the command.</summary>
    public Remedy Command(string feed)
    {
        var pairs = Settings.Select(s => CommandText.Shell($"{SettingNames.GetKey(s.Parameter)}={(s.Parameter == "Include" ? CommandText.List([s.Value]) : s.Value)}"));
        return Connection is null
            ? new($"Set-S3Feed -Name {CommandText.PowerShell(feed)} {Parameters}", $"peaks3feed set {CommandText.Shell(feed)} {string.Join(' ', pairs)}")
            : new($"Set-S3Connection -Name {CommandText.PowerShell(Connection)} {Parameters}", $"peaks3feed set {CommandText.Shell(Connection)} {string.Join(' ', pairs)}");
    }
}
