using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The audit columns of a table, lower case; a destination that folds to upper case folds them too.</summary>
public static class AuditColumn
{
    /// <summary>When the row was loaded first.</summary>
    public static readonly FeedColumn CreatedAt = new("peakauditcreatedat", "", ColumnType.TimestampTz);

    /// <summary>The object it came from: <c>s3://bucket/key</c>.</summary>
    public static readonly FeedColumn FileName = new("peakauditfilename", "", ColumnType.Text);

    /// <summary>The run that loaded it.</summary>
    public static readonly FeedColumn RequestId = new("peakauditrequestid", "", ColumnType.Text);

    /// <summary>When the row was loaded last; Upsert only.</summary>
    public static readonly FeedColumn UpdatedAt = new("peakauditupdatedat", "", ColumnType.TimestampTz);

    /// <summary>Those that a load writes, in the table's order.</summary>
    public static IReadOnlyList<FeedColumn> For(LoadSpec spec) => !spec.Audit ? []
        : spec.Mode == LoadMode.Upsert ? [CreatedAt, FileName, RequestId, UpdatedAt] : [CreatedAt, FileName, RequestId];
}
