using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>A feed. Its settings are properties with the names of the parameters that set them.</summary>
public sealed class S3FeedInfo
{
    internal S3FeedInfo(S3Feed feed)
    {
        Definition = feed;
        Schema = feed.Schema?.Columns.Select(c => S3FeedSchemaColumn.From(c, feed.Name)).ToArray();
    }

    /// <summary>The feed's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The feed's identity, kept through export, import and rename; the ledger is keyed by it.</summary>
    public Guid Id => Definition.Id;

    /// <summary>Whether it is enabled.</summary>
    public bool Enabled => Definition.Enabled;

    /// <summary>The connection.</summary>
    public string ConnectionName => Definition.ConnectionName;

    /// <summary>The folder of the files, ending in a slash; null for the connection's root path.</summary>
    public string? Path => Definition.Path;

    /// <summary>The type of all its files.</summary>
    public FileType FileType => Definition.FileType;

    /// <summary>The encoding of the files.</summary>
    public FileEncoding Encoding => Definition.Encoding;

    /// <summary>The separator, or <c>Auto</c>; null if it follows the extension of each file.</summary>
    public string? Separator => Definition.Csv.IsSeparatorUnset ? null : Definition.Csv.Separator ?? CsvSeparator.Auto;

    /// <summary>The character that encloses fields, or <c>None</c>.</summary>
    public string Quote => Definition.Csv.Quote?.ToString() ?? CsvCharacter.None;

    /// <summary>The character that escapes a quote within a field, or <c>None</c>.</summary>
    public string Escape => Definition.Csv.Escape?.ToString() ?? CsvCharacter.None;

    /// <summary>What ends a row.</summary>
    public CsvLineEndRule LineEnd => Definition.Csv.LineEnd;

    /// <summary>Whether the files have no header row.</summary>
    public bool NoHeader => !Definition.Csv.HasHeader;

    /// <summary>The names of the fields, for files without a header row.</summary>
    public IReadOnlyList<string> ColumnName => Definition.Csv.ColumnNames ?? [];

    /// <summary>The number of lines to skip at the beginning of each file.</summary>
    public int SkipRows => Definition.Csv.SkipRows;

    /// <summary>Unquoted values that mean NULL, in addition to the empty value.</summary>
    public IReadOnlyList<string> NullValue => Definition.Csv.NullValues;

    /// <summary>Whether a quoted empty value is NULL in text columns, too.</summary>
    public bool EmptyAsNull => Definition.Csv.EmptyAsNull;

    /// <summary>The text that begins a comment line; null if there are none.</summary>
    public string? CommentPrefix => Definition.Csv.CommentPrefix;

    /// <summary>Whether white space around unquoted values is removed.</summary>
    public bool TrimValues => Definition.Csv.TrimValues;

    /// <summary>The number of rows to leave out at the end of each file.</summary>
    public int SkipLastRows => Definition.Csv.SkipLastRows;

    /// <summary>Pairs of texts for true and false, in addition to <c>true/false</c>.</summary>
    public IReadOnlyList<string> BooleanValue => Definition.Csv.BooleanValues ?? [];

    /// <summary>What separates the whole part of a number from its fraction.</summary>
    public string DecimalSeparator => Definition.Csv.DecimalSeparator?.ToString() ?? ".";

    /// <summary>What separates groups of digits, or <c>None</c>.</summary>
    public string GroupSeparator => Definition.Csv.GroupSeparator?.ToString() ?? CsvCharacter.None;

    /// <summary>Formats of dates and times in addition to ISO 8601.</summary>
    public IReadOnlyList<string> DateFormat => Definition.DateFormats;

    /// <summary>Objects modified before this day (midnight UTC) are not part of the feed.</summary>
    public DateOnly? HistoricalDate => Definition.HistoricalDate;

    /// <summary>Patterns of the files to read, relative to the path.</summary>
    public IReadOnlyList<string> Include => Definition.Include;

    /// <summary>Patterns of the files to leave out, relative to the path.</summary>
    public IReadOnlyList<string> Exclude => Definition.Exclude;

    /// <summary>How it loads the rows.</summary>
    public LoadType LoadType => Definition.LoadType;

    /// <summary>The columns that identify a row, for Upsert.</summary>
    public IReadOnlyList<string> PrimaryKey => Definition.PrimaryKey;

    /// <summary>The fields that divide a table on S3 into partitions.</summary>
    public IReadOnlyList<string> PartitionBy => Definition.PartitionBy;

    /// <summary>The destinations.</summary>
    public IReadOnlyList<string> DestinationName => Definition.DestinationNames;

    /// <summary>The table that it loads into.</summary>
    public string Table => Definition.TableName;

    /// <summary>The columns; null until they are inferred.</summary>
    public IReadOnlyList<S3FeedSchemaColumn>? Schema { get; }

    /// <summary>What to do with a field that first appears in a later file.</summary>
    public SchemaEvolution SchemaEvolution => Definition.SchemaEvolution;

    /// <summary>How many rows of a commit may be rejected: a count such as <c>25</c>, or a share such as <c>1%</c>.</summary>
    public string FailedRowThreshold => Definition.FailedRowThreshold.ToString();

    /// <summary>What to do with a file that cannot be read.</summary>
    public BadFileAction OnBadFile => Definition.OnBadFile;

    /// <summary>What to do if no object matches and the feed has never loaded one.</summary>
    public EmptyPathAction EmptyPath => Definition.EmptyPath;

    /// <summary>What to do with a loaded object that has changed.</summary>
    public ChangedObjectAction OnChangedObject => Definition.OnChangedObject;

    /// <summary>How a run finds its objects.</summary>
    public ObjectDiscovery Discovery => Definition.Discovery;

    /// <summary>With discovery by events: how often a run lists all objects, at least.</summary>
    public TimeSpan ReconcileEvery => Definition.ReconcileEvery;

    /// <summary>Whether a TruncateInsert may leave the table empty.</summary>
    public bool AllowEmpty => Definition.AllowEmpty;

    /// <summary>Commit after reading this many bytes of objects.</summary>
    public long CommitEveryBytes => Definition.CommitEveryBytes;

    /// <summary>Commit after reading this many objects; 0 for no limit.</summary>
    public int CommitEveryObjects => Definition.CommitEveryObjects;

    /// <summary>Which audit columns the table gets.</summary>
    public AuditColumns AuditColumns => Definition.AuditColumns;

    /// <summary>Whether the feed may load into a table that already has rows.</summary>
    public bool AdoptTable => Definition.AdoptTable;

    /// <summary>For an adopted table: objects last modified before this time count as loaded; null for none.</summary>
    public DateTimeOffset? AssumeLoadedBefore => Definition.AssumeLoadedBefore;

    /// <summary>Labels of the user's choice.</summary>
    public IReadOnlyList<string> Tag => Definition.Tags;

    internal S3Feed Definition { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
