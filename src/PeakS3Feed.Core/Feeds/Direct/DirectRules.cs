using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Direct;

/// <summary>
/// Decides whether a warehouse loads the objects of a feed itself. It may do so only where it gives the same rows as this program: the rules leave
/// out everything that this program does with rows.
/// </summary>
/// <param name="feed">The feed, with its columns and, unless it is detected for each file, its separator.</param>
/// <param name="connection">Its connection.</param>
/// <param name="direct">What the destination can do.</param>
internal sealed class DirectRules(S3Feed feed, S3Connection connection, DirectLoading direct)
{
    private readonly CsvOptions _csv = feed.Csv;

    /// <summary>Where the feed's objects are.</summary>
    private DirectPlace Place => new(connection.BucketName, connection.RootPrefix, connection.Region);

    /// <summary>Whether a person has prepared a feed for direct loads: with audit columns, which are the default, no feed is loaded so.</summary>
    public static bool IsPrepared(S3Feed feed) => feed is { FileType: FileType.Csv, AuditColumns: AuditColumns.None, DestinationNames.Count: 1 };

    /// <summary>Returns the path of the feed's objects, and why it is not Direct.</summary>
    public LoadPathChoice Choose() => direct.LoadPath == LoadPath.Staged
        ? new(LoadPath.Staged, [new("the destination says so")])
        : FindReasons().ToArray() is { Length: > 0 } reasons ? new(LoadPath.Staged, reasons) : new(LoadPath.Direct, []);

    /// <summary>The form of the feed's objects with this separator.</summary>
    public DirectForm CreateForm(char separator)
        => new() { Place = Place, Separator = separator, NullValues = _csv.NullValues, EmptyAsNull = _csv.EmptyAsNull };

    private IEnumerable<LoadPathReason> FindReasons()
        => FindSourceReasons().Concat(FindLoadReasons()).Concat(feed.FileType == FileType.Csv ? FindCsvReasons().Concat(FindColumnReasons()) : []);

    private IEnumerable<LoadPathReason> FindSourceReasons()
    {
        if (connection.IsFolder)
            yield return new("the objects are in a folder of this machine");
        else if (direct.RefusePlace(Place) is { } refusal)
            yield return refusal;
        if (connection.RequesterPays)
            yield return new("the requester pays for the objects");
        if (feed.FileType != FileType.Csv)
            yield return new($"the files are {feed.FileType}");
        if (feed.DestinationNames.Count > 1)
            yield return new("the feed has two destinations", "Give each destination a feed of its own");
    }

    private IEnumerable<LoadPathReason> FindLoadReasons()
    {
        if (feed.AuditColumns != AuditColumns.None)
            yield return new("the table has audit columns", "Set AuditColumns to None");
        if (feed.FailedRowThreshold is { Count: > 0 } or { Percent: > 0 })
            yield return new($"the feed allows rejects ({feed.FailedRowThreshold})", "Set FailedRowThreshold to 0");
        if (feed.OnBadFile == BadFileAction.Skip)
            yield return new("the feed skips bad files", "Set OnBadFile to Fail");
        if (feed.LoadType == LoadType.Upsert)
            yield return new("of several rows with one key, an Upsert loads the last one");
        if (feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Replace })
            yield return new("OnChangedObject Replace deletes rows by their object", "Set OnChangedObject to Append, Ignore or Stop");
    }

    private IEnumerable<LoadPathReason> FindCsvReasons()
    {
        if (feed.Encoding != FileEncoding.Utf8)
            yield return new($"the files are {feed.Encoding}");
        if (_csv is { IsSeparatorUnset: false, Separator: not [< '\x7f' and not '\0'] })
            yield return new(_csv.Separator is null ? "the separator is not known yet" : "the separator is not one ASCII character");
        else if (_csv.Separator == "\\")
            yield return new("the separator is a backslash");
        if (OtherSettings().ToArray() is { Length: > 0 } others)
            yield return new($"the feed sets {string.Join(", ", others)}");
        if (_csv.NullValues.Count > direct.MaxNullValues)
            yield return new("the feed has several NULL values", "Name one NullValue");
        foreach (var text in _csv.NullValues)
        {
            if (direct.RefuseNullValue(text) is { } why)
                yield return new($"the warehouse does not take the NULL value \"{text}\": {why}");
        }
    }

    // The warehouse would read other rows or other values.
    private IEnumerable<string> OtherSettings()
    {
        if (!_csv.HasHeader)
            yield return "NoHeader";
        if (_csv.ColumnNames is not null)
            yield return "ColumnName";
        if (_csv.Quote != '"')
            yield return nameof(_csv.Quote);
        if (_csv.Escape is not null and not '"')
            yield return nameof(_csv.Escape);
        if (_csv.LineEnd != CsvLineEndRule.Auto)
            yield return nameof(_csv.LineEnd);
        if (_csv.SkipRows > 0)
            yield return nameof(_csv.SkipRows);
        foreach (var name in CsvOnlySettings.FindFurther(_csv).Where(n => n != nameof(_csv.EmptyAsNull)))
            yield return name;
    }

    private IEnumerable<LoadPathReason> FindColumnReasons()
    {
        if (feed.Schema is not { Columns.Count: > 0 } schema)
        {
            yield return new("the columns are not known yet");
            yield break;
        }
        if (schema.Columns.FirstOrDefault(c => c.Type is not (ColumnType.Text or ColumnType.BigInt)) is { } other)
            yield return new($"column \"{other.Name}\" is {other.TypeName}, and not text or bigint");
        if (!direct.TellsEmptyFromNull && _csv is { EmptyAsNull: false, NullValues.Count: 0 }
            && schema.Columns.FirstOrDefault(c => c.Type == ColumnType.Text) is { } text)
        {
            yield return new(
                $"the warehouse cannot tell NULL from '' in column \"{text.Name}\"",
                "Set EmptyAsNull of the feed, or name with NullValue the text that means NULL in files without empty values");
        }
    }
}
