using PeakS3Feed.Formats;

namespace PeakS3Feed.Feeds;

/// <summary>Finds columns that come from a wrong separator: one column whose field is a whole header.</summary>
internal static class MisreadColumns
{
    private static readonly char[] CommonSeparators = [',', ';', '\t', '|'];

    /// <summary>Returns the feed without such columns. With them, it could never read a file with its separator.</summary>
    public static S3Feed Forget(S3Feed feed) => Has(feed) ? feed with { Schema = null } : feed;

    /// <summary>Does the same if an edit changed the separator and kept the columns.</summary>
    public static S3Feed Forget(S3Feed? before, S3Feed feed)
        => before is not null && Equals(before.Schema, feed.Schema) && before.Csv.Separator != feed.Csv.Separator ? Forget(feed) : feed;

    private static bool Has(S3Feed feed)
    {
        if (feed is not { FileType: FileType.Csv, Schema.Columns: [var only] })
            return false;
        return feed.Csv.Separator is { } separator
            ? only.Field.Contains(separator, StringComparison.Ordinal)
            : only.Field.IndexOfAny(CommonSeparators) >= 0;
    }
}
