using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Store.Documents;

/// <summary>A feed as it is written; null stands for the default.</summary>
internal sealed class FeedDocument : Document
{
    public Guid? Id { get; set; }

    public string? Name { get; set; }

    public string? ConnectionName { get; set; }

    public string? Path { get; set; }

    public FileType? FileType { get; set; }

    public CsvDocument? Csv { get; set; }

    public List<string>? DateFormats { get; set; }

    public DateOnly? HistoricalDate { get; set; }

    public List<string>? Include { get; set; }

    public List<string>? Exclude { get; set; }

    public LoadType? LoadType { get; set; }

    public List<string>? PrimaryKey { get; set; }

    public List<string>? DestinationNames { get; set; }

    public string? Table { get; set; }

    public List<ColumnDocument>? Schema { get; set; }

    public SchemaEvolution? SchemaEvolution { get; set; }

    public FailedRowThreshold? FailedRowThreshold { get; set; }

    public BadFileAction? OnBadFile { get; set; }

    public EmptyPathAction? EmptyPath { get; set; }

    public ChangedObjectAction? OnChangedObject { get; set; }

    public bool? AllowEmpty { get; set; }

    public long? CommitEveryBytes { get; set; }

    public int? CommitEveryObjects { get; set; }

    public AuditColumns? AuditColumns { get; set; }

    public bool? AdoptTable { get; set; }

    public string? AssumeLoadedBefore { get; set; }

    public List<string>? Tags { get; set; }

    public bool? Enabled { get; set; }
}
