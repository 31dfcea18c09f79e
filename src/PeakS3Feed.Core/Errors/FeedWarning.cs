namespace PeakS3Feed.Errors;

/// <summary>
/// Something that a person wants to know although nothing failed: one sentence, with a stable id, and what to do about it.
/// Never contains secrets. Rooms of the core make theirs in a factory class named <c>…Warnings</c>.
/// </summary>
/// <param name="Id">Stable id, for example <c>ColumnAdded</c>; documented in docs/errors.md.</param>
/// <param name="Message">What happened, in one sentence.</param>
public sealed record FeedWarning(string Id, string Message)
{
    /// <summary>What the warning is about. Two warnings of one id and subject are one: counts are added, all else is the first one's.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Where in the source data it was seen first, or null.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>How many files, rows or objects it stands for.</summary>
    public long Count { get; init; } = 1;

    /// <summary>What <see cref="Count"/> counts, in the singular (<c>file</c>); null where a number says nothing.</summary>
    public string? Unit { get; init; }

    /// <summary>One sentence on what to do, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>Commands to type next, the likeliest first.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init => field = value.ToArray(); } = [];

    /// <summary>Settings of the feed at hand that change it; <see cref="ForFeed"/> makes commands of them.</summary>
    public IReadOnlyList<FeedSetting> Settings { get; init; } = [];

    /// <summary>The message with its place, and with the count where it is over one.</summary>
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

    /// <summary>The same warning with the commands that change its <see cref="Settings"/>.</summary>
    public FeedWarning ForFeed(string feed) => Settings.Count == 0 ? this : this with
    {
        Remedies = [.. Remedies, .. Settings.Select(s => Remedy.SetFeed(feed, s.Setting, s.Value, s.Key))],
        Settings = [],
    };

    /// <inheritdoc/>
    public override string ToString() => Text;
}
