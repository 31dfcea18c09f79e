using PeakS3Feed.Remedies;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Settings of a feed or its connection that change together.</summary>
/// <param name="Settings">The parameters and their values.</param>
/// <param name="Connection">The connection of the settings; null for the feed's.</param>
internal sealed record SettingChanges(IReadOnlyList<(string Parameter, string Value)> Settings, string? Connection = null)
{
    /// <summary>The parameters as text of a PowerShell command.</summary>
    public string Parameters => string.Join(' ', Settings.Select(s => $"-{s.Parameter} {CommandText.PowerShell(s.Value)}"));

    /// <summary>Changes one setting of the feed.</summary>
    public static SettingChanges From(string parameter, string value) => new([(parameter, value)]);

    /// <summary>Returns the command that makes the changes.</summary>
    public Remedy Command(string feed) => Connection is null ? Remedy.SetFeed(feed, Settings) : Remedy.SetConnection(Connection, Settings);
}
