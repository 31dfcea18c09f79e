using PeakS3Feed.Remedies;

namespace PeakS3Feed.Errors;

/// <summary>
/// A condition that a person wants to know although nothing failed: one sentence, a stable id, and what to do. Warnings never contain secrets. Each
/// room of the core creates its warnings in a factory class named <c>…Warnings</c>.
/// </summary>
/// <param name="Id">The stable id, for example <c>ColumnAdded</c>; see docs/errors.md.</param>
/// <param name="Message">What happened, in one sentence.</param>
public sealed record FeedWarning(string Id, string Message)
{
    /// <summary>
    /// The subject of the warning. Two warnings with the same id and subject are one: their counts are added, and the first one's other properties
    /// stay.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>The position in the source data where it first occurred, or null.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>The number of files, rows or objects that it applies to.</summary>
    public long Count { get; init; } = 1;

    /// <summary>The unit of <see cref="Count"/>, in the singular (<c>file</c>); null where the number has no meaning.</summary>
    public string? Unit { get; init; }

    /// <summary>What to do, in one sentence, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>Suggested commands, the most probable first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];

    /// <summary>Settings of the current feed that change it. <see cref="ForFeed"/> converts them to commands.</summary>
    public IReadOnlyList<FeedSetting> Settings { get; init; } = [];

    /// <summary>The message with its position, and with the count where it is greater than one.</summary>
    public string Text
    {
        get
        {
            var place = Position is { } position && !Message.Contains(position.ObjectUri, StringComparison.Ordinal) ? $"{position}: " : "";
            return Count > 1 && Unit is not null
                ? $"{place}{Message} ({CountText.Format(Count, Unit)} in all)"
                : place + Message;
        }
    }

    /// <summary>Returns the same warning, with its <see cref="Settings"/> as commands for a feed.</summary>
    public FeedWarning ForFeed(string feed) => Settings.Count == 0 ? this : this with
    {
        Remedies = [.. Remedies, .. Settings.Select(s => Remedy.SetFeed(feed, s.Setting, s.Value, s.Key))],
        Settings = [],
    };

    /// <inheritdoc/>
    public override string ToString() => Text;
}
