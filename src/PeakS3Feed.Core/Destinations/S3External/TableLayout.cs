using System.Globalization;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The names of the files of one table, relative to the table's folder. Readers of Delta tables ignore names that begin with an underscore, unless
/// they are partition folders.
/// </summary>
internal static class TableLayout
{
    /// <summary>The folder of a table below the destination's root path.</summary>
    public static string Folder(string table) => table + "/";

    /// <summary>The name of a data file. No two files ever share one.</summary>
    /// <param name="folder">The partition's folder: empty, or ending in a slash.</param>
    /// <param name="stage">The stage that writes it.</param>
    /// <param name="number">Its number in the stage, from 1.</param>
    /// <param name="codec">The codec, as in the names of Spark's files.</param>
    public static string DataFile(string folder, Guid stage, int number, string codec)
        => string.Create(CultureInfo.InvariantCulture, $"{folder}part-{number:D5}-{stage:D}.{codec}.parquet");

    /// <summary>The folder of the ledgers.</summary>
    public const string Ledgers = "_peaks3feed/";

    /// <summary>The folder of a feed's ledger.</summary>
    public static string Ledger(Guid feed) => $"{Ledgers}{feed:D}/";

    /// <summary>Returns the feed of a file of a ledger; null for other files.</summary>
    public static Guid? FindFeedOfFile(string name)
        => name.StartsWith(Ledgers, StringComparison.Ordinal) && Guid.TryParseExact(name[Ledgers.Length..].Split('/')[0], "D", out var feed)
            ? feed : null;

    /// <summary>The ledger object of one load.</summary>
    public static string LedgerEntry(Guid feed, long number) => Ledger(feed) + Number(number) + ".json";

    /// <summary>A file of the ledger that lists objects. No two files ever share a name.</summary>
    public static string LedgerSegment(Guid feed, long number) => $"{Ledger(feed)}{Number(number)}-{Guid.NewGuid():N}.parquet";

    /// <summary>The id under which a feed's loads are numbered in the log.</summary>
    public static string ApplicationId(Guid feed) => ApplicationPrefix + feed.ToString("D");

    /// <summary>Returns the feed of an application id; null for one of another program.</summary>
    public static Guid? FindFeed(string applicationId)
        => applicationId.StartsWith(ApplicationPrefix, StringComparison.Ordinal)
            && Guid.TryParseExact(applicationId.AsSpan(ApplicationPrefix.Length), "D", out var feed)
            ? feed : null;

    /// <summary>Throws if a table's name cannot be the name of a folder that every engine reads.</summary>
    public static void ThrowIfInvalid(LoadTarget target)
    {
        if (S3ExternalRules.CheckTableName(target.Table) is { } hint)
            throw ExternalTableErrors.NameInvalid(target, hint);
    }

    private const string ApplicationPrefix = "peaks3feed-";

    private static string Number(long number) => number.ToString("D20", CultureInfo.InvariantCulture);
}
