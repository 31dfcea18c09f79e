using PeakS3Feed.Formats;

namespace PeakS3Feed.Feeds;

/// <summary>Columns that another separator than the feed's gave: one column whose field is a whole header.</summary>
internal static class MisreadColumns
{
    private static readonly char[] Usual = [',', ';', '\t', '|'];

    /// <summary>The feed without its columns where they are such; they would keep it from ever reading a file with its separator.</summary>
    public static S3Feed Forget(S3Feed feed) => Has(feed) ? feed with { Schema = null } : feed;

    /// <summary>The same, where the edit changed the separator and left the columns.</summary>
    public static S3Feed Forget(S3Feed? before, S3Feed feed)
        => before is not null && Equals(before.Schema, feed.Schema) && before.Csv.Separator != feed.Csv.Separator ? Forget(feed) : feed;

    private static bool Has(S3Feed feed)
    {
        if (feed is not { FileType: FileType.Csv, Schema.Columns: [var only] })
            return false;
        return feed.Csv.Separator is { } separator ? only.Field.Contains(separator, StringComparison.Ordinal) : only.Field.IndexOfAny(Usual) >= 0;
    }
}
