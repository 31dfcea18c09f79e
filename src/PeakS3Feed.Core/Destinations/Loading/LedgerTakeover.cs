using System.Globalization;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Loads whose rows stand in a feed's table and that the feed takes over when it adopts it, so that nothing is loaded twice.</summary>
/// <param name="Units">The loads, in the order in which they count.</param>
/// <param name="Schema">The columns that the last of them has recorded, or null.</param>
public sealed record LedgerTakeover(IReadOnlyList<LedgerUnit> Units, FeedSchema? Schema)
{
    /// <summary>How many objects they brought.</summary>
    public long Objects => Units.Sum(u => u.Objects);

    /// <summary>The number of the last load, once they are taken over.</summary>
    public long Sequence => Units.Max(u => u.Offset + u.LastSequence);

    /// <summary>What they are, for people.</summary>
    /// <param name="feed">The feed that takes them over.</param>
    public string Describe(Guid feed)
    {
        var last = Units.Max(u => u.LastCommit).ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var others = Units.Where(u => u.FeedId != feed).Select(u => u.FeedId.ToString("D")).Distinct(StringComparer.Ordinal).ToList();
        var who = others.Count == 0 ? "this feed, before it was reset"
            : $"{(others.Count == Units.Count ? "" : "this feed, before it was reset, and ")}a feed that this store does not have (id {string.Join(", ", others)})";
        return string.Create(CultureInfo.InvariantCulture, $"{Objects:N0} {(Objects == 1 ? "object" : "objects")} loaded by {who}, the last of them at {last}");
    }
}
