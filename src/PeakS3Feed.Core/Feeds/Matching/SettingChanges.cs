using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Settings that are changed together: of a feed, or of its connection.</summary>
/// <param name="Settings">Parameters and their values.</param>
/// <param name="Connection">The connection that they are of; null for the feed.</param>
internal sealed record SettingChanges(IReadOnlyList<(string Parameter, string Value)> Settings, string? Connection = null)
{
    /// <summary>The parameters as they are typed in PowerShell.</summary>
    public string Parameters => string.Join(' ', Settings.Select(s => $"-{s.Parameter} {CommandText.PowerShell(s.Value)}"));

    /// <summary>One setting of the feed.</summary>
    public static SettingChanges Of(string parameter, string value) => new([(parameter, value)]);

    /// <summary>The command.</summary>
    public Remedy Command(string feed)
    {
        var pairs = Settings.Select(s => CommandText.Shell($"{SettingNames.GetKey(s.Parameter)}={(s.Parameter == "Include" ? CommandText.List([s.Value]) : s.Value)}"));
        return Connection is null
            ? new($"Set-S3Feed -Name {CommandText.PowerShell(feed)} {Parameters}", $"peaks3feed set {CommandText.Shell(feed)} {string.Join(' ', pairs)}")
            : new($"Set-S3Connection -Name {CommandText.PowerShell(Connection)} {Parameters}", $"peaks3feed set {CommandText.Shell(Connection)} {string.Join(' ', pairs)}");
    }
}
