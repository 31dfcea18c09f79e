using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The errors of tables on S3, besides those of their log.</summary>
internal static class ExternalTableErrors
{
    private const string RestoreOrReset = "Nothing was changed. Restore the file, for example from an earlier version of it in the bucket; or reset "
        + "the feed, drop the table, and load everything again.";

    public static FeedException NameInvalid(LoadTarget target, string hint)
        => new("TableNameInvalid", FeedErrorCategory.InvalidArgument,
            $"\"{target.Table}\" cannot be the name of a table on S3: the table is a folder of that name.")
        {
            Target = target.FeedName,
            Hint = hint,
        };

    /// <summary>The id of the error for a ledger that is missing.</summary>
    public const string LedgerMissingId = "LedgerMissing";

    /// <summary>The id of the error for a ledger that is broken.</summary>
    public const string LedgerUnreadableId = "LedgerUnreadable";

    public static FeedException LedgerMissing(LoadTarget target, string uri)
        => new("LedgerMissing", FeedErrorCategory.ObjectNotFound,
            $"The table's log counts a load of feed {target.FeedName}, but its ledger file {uri} is missing. Without it nobody knows which objects "
            + "are loaded.")
        {
            Target = target.FeedName,
            Hint = RestoreOrReset,
            Remedies = [Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException LedgerUnreadable(LoadTarget target, string uri, string why, Exception? inner = null)
        => new("LedgerUnreadable", FeedErrorCategory.InvalidData,
            $"The ledger file {uri} of feed {target.FeedName} cannot be read: {why}", inner)
        {
            Target = target.FeedName,
            Hint = RestoreOrReset,
            Remedies = [Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException LedgerTooNew(LoadTarget target, string uri, int format)
        => new("LedgerTooNew", FeedErrorCategory.InvalidOperation,
            $"The ledger file {uri} of feed {target.FeedName} has format {format}; this version reads up to {LedgerHeader.CurrentFormat}.")
        {
            Target = target.FeedName,
            Hint = "Update PeakS3Feed on this machine.",
        };

    public static FeedException ConditionIgnored(string name, string location)
        => new("ConditionalWriteIgnored", FeedErrorCategory.InvalidOperation,
            $"The server of {location} ignores If-None-Match: it replaced a file that a request asked to create only if it did not exist. Two runs "
            + "could overwrite each other's commits there.")
        {
            Target = name,
            Hint = "Nothing was loaded. Use Amazon S3, or a server that supports conditional writes, such as a current version of MinIO or Ceph.",
        };

    public static FeedException PartitionsDiffer(LoadTarget target, IReadOnlyList<string> there, IReadOnlyList<string> wanted)
        => new("PartitionsDiffer", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" is {Describe(there)}, but feed {target.FeedName} would write it {Describe(wanted)}. "
            + "The partition columns of a table cannot change.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Set the feed's PartitionBy to the table's, give the feed another table, or reset the feed, drop the table, "
                + "and load everything again.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table), Remedy.ResetTable(target.FeedName)],
        };

    public static FeedException ColumnNameInvalid(LoadTarget target, string column)
        => new("ColumnNameInvalid", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" cannot have a column \"{column}\": a Delta table's names have no space, comma, semicolon, equals sign, "
            + "bracket, tab or line break.")
        {
            Target = target.FeedName,
            Hint = "Give the column another name in the feed's schema.",
        };

    public static FeedException TooManyPartitions(LoadTarget target, IReadOnlyList<string> fields, int max)
        => new("TooManyPartitions", FeedErrorCategory.InvalidOperation,
            $"The rows of feed {target.FeedName} fall into more than {max:N0} partitions by {string.Join(", ", fields)}. Each would be a file of its "
            + "own.")
        {
            Target = target.FeedName,
            Hint = "Nothing was committed. Choose fields with fewer values, such as the year or the date of a time, and reset the feed if it has "
                + "loaded rows.",
            Remedies = [Remedy.SetFeed(target.FeedName, "PartitionBy", "<COLUMN>")],
        };

    public static FeedException PartitionValueUnreadable(string file, string column, string type, string value)
        => new("PartitionValueUnreadable", FeedErrorCategory.InvalidData,
            $"The log gives the file {file} the value \"{value}\" of the partition column \"{column}\", which is no {type}.")
        {
            Target = file,
            Hint = "Nothing was changed. Remove the file from the table with the program that wrote it, or write it again.",
        };

    public static FeedException CannotCompact(LoadTarget target)
        => new("TableAppendOnly", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" may only grow: its property delta.appendOnly is true. A compaction would remove files from it.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Set delta.appendOnly to false in the engine that has set it.",
        };

    public static FeedException AppendOnly(LoadTarget target)
        => new("TableAppendOnly", FeedErrorCategory.InvalidOperation,
            $"Table \"{target.Table}\" may only grow: its property delta.appendOnly is true. The load of feed {target.FeedName} would remove rows.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Set delta.appendOnly to false in the engine that has set it, or let the feed append rows.",
            Remedies = [Remedy.Append(target.FeedName)],
        };

    public static FeedException ColumnUnreadable(LoadTarget target, string column, string type)
        => new("ColumnUnreadable", FeedErrorCategory.InvalidOperation,
            $"Column \"{column}\" of table \"{target.Table}\" has the type {type}, which this program cannot copy. The load would have to rewrite "
            + "files that have this column.")
        {
            Target = target.FeedName,
            Hint = "Nothing was changed. Drop the column in the engine that added it, or give the feed another table.",
            Remedies = [Remedy.OtherTable(target.FeedName, target.Table)],
        };

    private static string Describe(IReadOnlyList<string> columns)
        => columns.Count == 0 ? "not partitioned" : $"partitioned by {string.Join(", ", columns)}";
}
