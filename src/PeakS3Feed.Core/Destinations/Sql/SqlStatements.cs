using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>The statements of a load on a SQL database; the plan shows the statements that the load executes.</summary>
internal abstract class SqlStatements(SqlDialect dialect, LoadTarget target, LoadSpec spec)
{
    /// <summary>The temporary table (bucket, object_key) of objects that were loaded before in another version.</summary>
    public abstract string ChangedTable { get; }

    /// <summary>Creates that table, empty.</summary>
    public abstract string CreateChanged { get; }

    /// <summary>Updates the statistics of that table, where the database plans by them; or null.</summary>
    public virtual string? AnalyzeChanged => null;

    /// <summary>Deletes the rows that this feed loaded from earlier versions of changed objects.</summary>
    public string DeleteEarlier => $"{DeleteAll} WHERE {LedgerFiles.LoadedFrom(Dialect, ChangedTable)}";

    /// <summary>Empties the table for a Replace.</summary>
    public string DeleteAll => $"DELETE FROM {Dialect.Table(Target.Table)}";

    protected SqlDialect Dialect { get; } = dialect;

    protected LoadTarget Target { get; } = target;

    protected LoadSpec Spec { get; } = spec;

    /// <summary>Returns all statements in order.</summary>
    /// <param name="fit">The changes that the table needs.</param>
    public IReadOnlyList<string> All(TableFit fit)
    {
        var statements = fit.Changes.SelectMany(c => Dialect.Statements(Target.Table, c)).ToList();
        if (Spec.Mode == LoadMode.Replace)
            statements.Add(DeleteAll);
        if (Spec.DeleteEarlierVersions)
            statements.Add(DeleteEarlier);
        statements.AddRange(Rows());
        return statements;
    }

    /// <summary>Returns the statements that write the rows.</summary>
    protected abstract IEnumerable<string> Rows();

    /// <summary>Returns the columns that are written, audit columns last.</summary>
    protected IEnumerable<FeedColumn> Columns(FeedSchema schema) => schema.Columns.Concat(AuditColumn.For(Spec));
}
