using System.Globalization;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The properties of a table that are honoured here, besides those of <see cref="DeltaFeatures"/>.</summary>
internal static class DeltaProperties
{
    private const int DefaultCheckpointInterval = 10;
    private static readonly TimeSpan DefaultLogRetention = TimeSpan.FromDays(30);
    private static readonly TimeSpan DefaultFileRetention = TimeSpan.FromDays(7);

    /// <summary>After how many commits a checkpoint is due; at least 1.</summary>
    public static int GetCheckpointInterval(DeltaMetadata metadata)
        => int.TryParse(Find(metadata, "delta.checkpointInterval"), NumberStyles.None, CultureInfo.InvariantCulture, out var commits) && commits > 0
            ? commits : DefaultCheckpointInterval;

    /// <summary>How long entries of the log are kept; null for ever: if the clean-up is off, or the property is no plain interval.</summary>
    public static TimeSpan? GetLogRetention(DeltaMetadata metadata)
        => string.Equals(Find(metadata, "delta.enableExpiredLogCleanup"), "false", StringComparison.OrdinalIgnoreCase)
            ? null : GetInterval(metadata, "delta.logRetentionDuration", DefaultLogRetention);

    /// <summary>How long removed files are kept; null for ever: if the property is no plain interval.</summary>
    public static TimeSpan? GetFileRetention(DeltaMetadata metadata)
        => GetInterval(metadata, "delta.deletedFileRetentionDuration", DefaultFileRetention);

    /// <summary>How long removed files are kept at least, whatever the property says: readers and loads may still need them. Null for ever.</summary>
    public static TimeSpan? GetVacuumAge(DeltaMetadata metadata)
        => GetFileRetention(metadata) is { } retention ? (retention > DefaultFileRetention ? retention : DefaultFileRetention) : null;

    /// <summary>Parses an interval as Spark writes it: <c>interval 1 week</c>, <c>36 hours 30 minutes</c>. Null for any other text.</summary>
    public static TimeSpan? ParseInterval(string text)
    {
        var words = text.ToLowerInvariant().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).AsSpan();
        if (words is ["interval", ..])
            words = words[1..];
        if (words.Length == 0 || words.Length % 2 != 0)
            return null;
        var total = TimeSpan.Zero;
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || GetUnit(words[i + 1]) is not { } unit
                || number > TimeSpan.FromDays(36500) / unit)
                return null;
            total += number * unit;
        }
        return total;
    }

    private static TimeSpan? GetInterval(DeltaMetadata metadata, string property, TimeSpan otherwise)
        => Find(metadata, property) is { } text ? ParseInterval(text) : otherwise;

    private static TimeSpan? GetUnit(string word) => word.TrimEnd('s') switch
    {
        "week" => TimeSpan.FromDays(7),
        "day" => TimeSpan.FromDays(1),
        "hour" => TimeSpan.FromHours(1),
        "minute" => TimeSpan.FromMinutes(1),
        "second" => TimeSpan.FromSeconds(1),
        "millisecond" => TimeSpan.FromMilliseconds(1),
        _ => null,
    };

    private static string? Find(DeltaMetadata metadata, string property) => metadata.Configuration.GetValueOrDefault(property);
}
