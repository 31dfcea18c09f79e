namespace PeakS3Feed.Store.Documents;

/// <summary>The kinds of destination, as they are written.</summary>
internal enum DestinationKind
{
    Sqlite,
    PostgreSql,
}
