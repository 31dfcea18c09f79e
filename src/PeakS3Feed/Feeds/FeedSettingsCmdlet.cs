using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>The settings of a feed, for the cmdlets that create and change one.</summary>
public abstract class FeedSettingsCmdlet : FileFormatCmdlet
{
    [Parameter(HelpMessage = "Leave out objects that were last modified before this day (yyyy-MM-dd, midnight UTC).")]
    [DayTransformation]
    [AllowNull]
    public DateOnly? HistoricalDate { get; set; }

    [Parameter(
        HelpMessage = "Incremental appends the rows of new objects, Upsert updates or inserts rows by primary key, TruncateInsert replaces all "
            + "rows of the table.")]
    public LoadType LoadType { get; set; }

    [Parameter(HelpMessage = "The columns that identify a row, for Upsert.")]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? PrimaryKey { get; set; }

    [Parameter(
        HelpMessage = "For a table on S3, the fields that divide it into partitions: columns, or parts of dates such as 'year(ordered_at)'.")]
    [ArgumentCompleter(typeof(PartitionCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? PartitionBy { get; set; }

    [Parameter(HelpMessage = "The destination; by default local, a SQLite file.")]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? DestinationName { get; set; }

    [Parameter(HelpMessage = "The table, without its schema; by default the feed's name.")]
    [AllowNull]
    public string? Table { get; set; }

    [Parameter(
        HelpMessage = "The columns, as Get-S3FeedSchema returns them; or types of some columns, such as @{ zip = 'text' }: the others are inferred "
            + "from files.")]
    [SchemaTransformation]
    [AllowNull]
    [ArgumentCompleter(typeof(ColumnTypeCompleter))]
    public SchemaInput? Schema { get; set; }

    [Parameter(HelpMessage = "What to do with a field that first appears in a later file.")]
    public SchemaEvolution SchemaEvolution { get; set; }

    [Parameter(HelpMessage = "How many rows of a commit may be rejected: a count such as 25, or a share such as 1%.")]
    [AllowNull]
    public string? FailedRowThreshold { get; set; }

    [Parameter(HelpMessage = "What to do with a file that cannot be read.")]
    public BadFileAction OnBadFile { get; set; }

    [Parameter(HelpMessage = "What to do when no object matches, while the feed has never loaded one.")]
    public EmptyPathAction EmptyPath { get; set; }

    [Parameter(HelpMessage = "What to do when a loaded object has changed.")]
    public ChangedObjectAction OnChangedObject { get; set; }

    [Parameter(HelpMessage = "How a run finds its objects: List, or Events for those alone that the queue of a trigger has announced.")]
    public ObjectDiscovery Discovery { get; set; }

    [Parameter(HelpMessage = "With discovery by events: how often a run lists all objects, at least, for example 12h; by default 1d.")]
    [DurationTransformation]
    public TimeSpan ReconcileEvery { get; set; }

    [Parameter(HelpMessage = "Allow a TruncateInsert to leave the table empty.")]
    public SwitchParameter AllowEmpty { get; set; }

    [Parameter(HelpMessage = "Commit after reading this many bytes of objects, for example 10GB.")]
    [ValidateRange(1, long.MaxValue)]
    public long CommitEveryBytes { get; set; }

    [Parameter(HelpMessage = "Commit after reading this many objects; 0 for no limit.")]
    [ValidateRange(0, int.MaxValue)]
    public int CommitEveryObjects { get; set; }

    [Parameter(HelpMessage = "Whether the table gets columns that name the time, file and run of each row's load.")]
    public AuditColumns AuditColumns { get; set; }

    [Parameter(HelpMessage = "Allow the feed to load into a table that already has rows.")]
    public SwitchParameter AdoptTable { get; set; }

    [Parameter(HelpMessage = "With -AdoptTable: treat objects last modified before this time (UTC) as loaded.")]
    [InstantTransformation]
    [AllowNull]
    public DateTimeOffset? AssumeLoadedBefore { get; set; }

    [Parameter(HelpMessage = "Labels of your choice.")]
    [ArgumentCompleter(typeof(TagCompleter))]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? Tag { get; set; }

    /// <summary>Returns the feed with the given settings, except the schema. Null and empty settings return to the default.</summary>
    /// <exception cref="Errors.FeedException"><c>CsvDialectInvalid</c>, <c>FailedRowThresholdInvalid</c>.</exception>
    private protected S3Feed Apply(S3Feed feed)
    {
        feed = ApplyFormat(feed);
        if (Given(nameof(HistoricalDate))) feed = feed with { HistoricalDate = HistoricalDate };
        if (Given(nameof(LoadType))) feed = feed with { LoadType = LoadType };
        if (Given(nameof(PrimaryKey))) feed = feed with { PrimaryKey = PrimaryKey ?? [] };
        if (Given(nameof(PartitionBy))) feed = feed with { PartitionBy = PartitionBy ?? [] };
        if (Given(nameof(DestinationName)))
            feed = feed with { DestinationNames = DestinationName is { Length: > 0 } names ? names : S3Feed.DefaultDestinations };
        if (Given(nameof(Table))) feed = feed with { Table = string.IsNullOrEmpty(Table) ? null : Table };
        if (Given(nameof(SchemaEvolution))) feed = feed with { SchemaEvolution = SchemaEvolution };
        if (Given(nameof(FailedRowThreshold))) feed = feed with { FailedRowThreshold = Threshold };
        if (Given(nameof(OnBadFile))) feed = feed with { OnBadFile = OnBadFile };
        if (Given(nameof(EmptyPath))) feed = feed with { EmptyPath = EmptyPath };
        if (Given(nameof(OnChangedObject))) feed = feed with { OnChangedObject = OnChangedObject };
        if (Given(nameof(Discovery))) feed = feed with { Discovery = Discovery };
        if (Given(nameof(ReconcileEvery))) feed = feed with { ReconcileEvery = ReconcileEvery };
        if (Given(nameof(AllowEmpty))) feed = feed with { AllowEmpty = AllowEmpty };
        if (Given(nameof(CommitEveryBytes))) feed = feed with { CommitEveryBytes = CommitEveryBytes };
        if (Given(nameof(CommitEveryObjects))) feed = feed with { CommitEveryObjects = CommitEveryObjects };
        if (Given(nameof(AuditColumns))) feed = feed with { AuditColumns = AuditColumns };
        if (Given(nameof(AdoptTable))) feed = feed with { AdoptTable = AdoptTable };
        if (Given(nameof(AssumeLoadedBefore))) feed = feed with { AssumeLoadedBefore = AssumeLoadedBefore };
        if (Given(nameof(Tag))) feed = feed with { Tags = Tag ?? [] };
        return feed;
    }

    /// <summary>
    /// Returns the columns of the feed's files if the command gives types of some and the feed has no columns yet; otherwise the feed's own columns.
    /// </summary>
    private protected async Task<FeedSchema?> FindColumnsAsync(FeedEngine engine, S3Feed feed, CancellationToken cancellationToken)
        => Schema is { IsOverrides: true } && feed.Schema is null
            ? await engine.FindColumnsAsync(feed, Schema.Columns, cancellationToken)
            : feed.Schema;

    /// <summary>Returns the feed with the given schema. Null removes the columns, so that the next run infers them.</summary>
    /// <exception cref="Errors.FeedException"><c>ColumnUnknown</c>, <c>ColumnTypeUnknown</c>.</exception>
    private protected S3Feed ApplySchema(S3Feed feed, FeedSchema? columns)
        => Given(nameof(Schema)) ? feed with { Schema = Schema?.Apply(columns) } : feed;

    /// <summary>Returns the same, as far as possible without reading the feed's files.</summary>
    private protected S3Feed ApplyKnownSchema(S3Feed feed)
        => Schema is { IsOverrides: true } && feed.Schema is null ? feed : ApplySchema(feed, feed.Schema);

    private FailedRowThreshold Threshold
        => string.IsNullOrEmpty(FailedRowThreshold) ? default : PeakS3Feed.Feeds.FailedRowThreshold.Parse(FailedRowThreshold);
}
